//! What is kept, and the lock around it.

use std::collections::btree_map::Entry as Place;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use doctor_booking_domain::{
    AuditEntry, Booking, BookingId, CallerId, Closure, ClosureId, DeliveryId, Doctor, DoctorId, Entry, EntryId, Hold,
    HoldId, LeadTime, Overrides, Patient, PatientId, TimeOff, TimeOffId, Token, TokenDigest, TokenId, VisitType,
    VisitTypeId, Waiting, WaitingId, Webhook, WebhookId,
};
use doctor_booking_ports::{IdempotencyKey, KeptAnswer, Stores, Unavailable};

use crate::occupancy::Occupancy;
use crate::webhook::Underway;
use crate::{
    MemoryAuditLog, MemoryBookings, MemoryCalendars, MemoryClosures, MemoryDeliveries, MemoryDoctors, MemoryEvents,
    MemoryHealth, MemoryHistory, MemoryHolds, MemoryIdempotency, MemoryPatients, MemoryReminders, MemoryTokens,
    MemoryVerification, MemoryVisitTypes, MemoryWaitlist, MemoryWebhooks,
};

/// A store in memory, empty at first. Clones share what is in it; it is gone with the last of them.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore(Arc<Mutex<State>>);

/// Everything that is kept.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) doctors: BTreeMap<DoctorId, Doctor>,
    pub(crate) overrides: BTreeMap<DoctorId, Overrides>,
    pub(crate) time_off: BTreeMap<TimeOffId, TimeOff>,
    pub(crate) closures: BTreeMap<ClosureId, Closure>,
    pub(crate) visit_types: BTreeMap<VisitTypeId, VisitType>,
    pub(crate) holds: BTreeMap<HoldId, Hold>,
    pub(crate) waitlist: BTreeMap<WaitingId, Waiting>,
    pub(crate) history: Vec<Entry>,
    /// Which bookings, at which start, were reminded of how long before.
    pub(crate) reminded: BTreeSet<(BookingId, DateTime<Utc>, LeadTime)>,
    pub(crate) webhooks: BTreeMap<WebhookId, Webhook>,
    /// Up to which event there are deliveries to each webhook.
    pub(crate) told: BTreeMap<WebhookId, i64>,
    pub(crate) deliveries: BTreeMap<DeliveryId, Underway>,
    /// How many deliveries there have been.
    pub(crate) enqueued: u128,
    pub(crate) tokens: BTreeMap<TokenId, (Token, TokenDigest)>,
    pub(crate) audit: BTreeMap<EntryId, AuditEntry>,
    pub(crate) answers: BTreeMap<(CallerId, IdempotencyKey), KeptAnswer>,
    pub(crate) patients: BTreeMap<PatientId, Patient>,
    pub(crate) bookings: BTreeMap<BookingId, Booking>,
    /// What live bookings and holds occupy.
    pub(crate) occupancy: Occupancy,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// All ports of this store.
    #[must_use]
    pub fn stores(&self) -> Stores {
        Stores {
            doctors: Arc::new(MemoryDoctors::new(self)),
            patients: Arc::new(MemoryPatients::new(self)),
            calendars: Arc::new(MemoryCalendars::new(self)),
            visit_types: Arc::new(MemoryVisitTypes::new(self)),
            closures: Arc::new(MemoryClosures::new(self)),
            bookings: Arc::new(MemoryBookings::new(self)),
            holds: Arc::new(MemoryHolds::new(self)),
            waitlist: Arc::new(MemoryWaitlist::new(self)),
            history: Arc::new(MemoryHistory::new(self)),
            idempotency: Arc::new(MemoryIdempotency::new(self)),
            events: Arc::new(MemoryEvents::new(self)),
            reminders: Arc::new(MemoryReminders::new(self)),
            webhooks: Arc::new(MemoryWebhooks::new(self)),
            deliveries: Arc::new(MemoryDeliveries::new(self)),
            tokens: Arc::new(MemoryTokens::new(self)),
            audit: Arc::new(MemoryAuditLog::new(self)),
            verification: Arc::new(MemoryVerification::new(self)),
            health: Arc::new(MemoryHealth::new(self)),
        }
    }

    /// What is kept, for one call. Nothing between the first and the last write of a call can panic, so what a
    /// panicking thread leaves is whole.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts something new into a table, as a primary key would: never in the place of something else.
pub(crate) fn insert<K: Ord + ToString, V>(
    table: &mut BTreeMap<K, V>,
    name: &'static str,
    key: K,
    value: V,
) -> Result<(), Unavailable> {
    match table.entry(key) {
        Place::Vacant(place) => {
            place.insert(value);
            Ok(())
        }
        Place::Occupied(taken) => Err(Unavailable::inconsistent(name, taken.key(), "it is there already")),
    }
}
