//! An id type per subject, so that one cannot be passed for another.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::Role;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The id with these 128 bits. New ids are UUIDv7 (RFC 9562), so that they sort by creation.
            #[must_use]
            pub const fn from_u128(bits: u128) -> Self {
                Self(Uuid::from_u128(bits))
            }

            /// The UUID itself.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

id!(
    /// A doctor.
    DoctorId
);
id!(
    /// A patient.
    PatientId
);
id!(
    /// A booking.
    BookingId
);
id!(
    /// A stretch of time off.
    TimeOffId
);
id!(
    /// A closure.
    ClosureId
);
id!(
    /// A kind of visit.
    VisitTypeId
);
id!(
    /// A slot that is held for somebody.
    HoldId
);
id!(
    /// A series of bookings.
    SeriesId
);
id!(
    /// A place in the line of those who wait for a slot.
    WaitingId
);
id!(
    /// Somebody who wants to be told of events.
    WebhookId
);
id!(
    /// The delivery of an event to a webhook.
    DeliveryId
);
id!(
    /// An entry in the history.
    EntryId
);
id!(
    /// By what a caller is known.
    TokenId
);
id!(
    /// Whoever calls: one person, or one program.
    CallerId
);

impl CallerId {
    /// The caller that a doctor, or a patient, is, by whatever credential; `None`: the role tells nobody apart.
    #[must_use]
    pub fn of(role: Role) -> Option<Self> {
        match role {
            Role::Doctor(id) => Some(id.uuid().into()),
            Role::Patient(id) => Some(id.uuid().into()),
            Role::Administrator | Role::FrontDesk | Role::Nobody => None,
        }
    }
}
