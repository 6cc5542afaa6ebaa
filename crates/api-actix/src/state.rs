//! What every handler is given.

use std::sync::Arc;

use doctor_booking_application::UseCases;
use doctor_booking_domain::Zone;

use crate::guard::{Guard, GuardSettings};
use crate::once::InFlight;
use crate::{Feed, Metrics};

/// What every handler is given. Clones are cheap and share everything.
#[derive(Clone)]
pub struct ApiState(Arc<Parts>);

struct Parts {
    use_cases: UseCases,
    settings: Settings,
    metrics: Metrics,
    feed: Feed,
    in_flight: InFlight,
    guard: Guard,
}

/// What whoever runs the service decides.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The zone of doctors who are registered without one.
    pub default_zone: Zone,
    /// Whether anybody may see doctors and what is free, without being known.
    pub public_availability: bool,
    /// How much is allowed to whom.
    pub guard: GuardSettings,
}

impl Settings {
    /// What is right for most, with this zone for doctors who are registered without one.
    #[must_use]
    pub fn new(default_zone: Zone) -> Self {
        Self { default_zone, public_availability: false, guard: GuardSettings::default() }
    }
}

impl ApiState {
    /// The state over these use cases.
    #[must_use]
    pub fn new(use_cases: UseCases, settings: Settings, metrics: Metrics) -> Self {
        let feed = Feed::new(use_cases.follow_events.clone());
        let guard = Guard::new(settings.guard.clone());
        Self(Arc::new(Parts { use_cases, settings, metrics, feed, in_flight: InFlight::default(), guard }))
    }

    /// What happens, as it happens: it has to be [turned](Feed::turn).
    #[must_use]
    pub fn feed(&self) -> &Feed {
        &self.0.feed
    }

    pub(crate) fn use_cases(&self) -> &UseCases {
        &self.0.use_cases
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn in_flight(&self) -> &InFlight {
        &self.0.in_flight
    }

    pub(crate) fn guard(&self) -> &Guard {
        &self.0.guard
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }
}
