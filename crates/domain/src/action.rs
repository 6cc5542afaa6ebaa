//! What somebody may want to do.

macro_rules! actions {
    ($($name:ident $text:literal $doc:literal)+) => {
        /// What somebody may want to do: what the rights of roles are about, and what the audit log names.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $(#[doc = $doc] $name,)+
        }

        impl Action {
            /// Everything there is to do.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its name, as stores and front ends write it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// What has this name.
            #[must_use]
            pub fn find(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|action| action.as_str() == name)
            }
        }
    };
}

actions! {
    SignIn "sign-in" "Be recognised by a credential."
    ReadDoctors "read-doctors" "See doctors."
    RegisterDoctors "register-doctors" "Register doctors."
    AmendDoctors "amend-doctors" "Change what is known about a doctor, but not when he or she can be booked."
    ReadHours "read-hours" "See a doctor's working hours, overrides and time off, and what has happened to them."
    ChangeHours "change-hours" "Change when a doctor can be booked."
    FindFreeSlots "find-free-slots" "See what is free."
    SeeWhyNotFree "see-why-not-free" "See what is not free, and why."
    ReadPatients "read-patients" "See a patient's record."
    RegisterPatients "register-patients" "Register patients."
    AmendPatients "amend-patients" "Change a patient's record."
    ReadBookings "read-bookings" "See bookings."
    ReadBookingHistory "read-booking-history" "See what has happened to a booking."
    Book "book" "Book."
    Reschedule "reschedule" "Move a booking."
    Cancel "cancel" "Cancel a booking."
    AdvanceBookings "advance-bookings" "Tell what has become of a visit: arrived, fulfilled, no-show."
    Reinstate "reinstate" "Reinstate a cancelled booking."
    SetRulesAside "set-rules-aside" "Book against a rule, by name and with a reason."
    Hold "hold" "Hold slots, see what is held, give it back."
    Wait "wait" "Put patients in line, see who is, take them out."
    ReadClosures "read-closures" "See closures."
    ChangeClosures "change-closures" "Enter and remove closures."
    ReadVisitTypes "read-visit-types" "See kinds of visits."
    ChangeVisitTypes "change-visit-types" "Change kinds of visits."
    FollowEvents "follow-events" "Follow what happens."
    ManageTokens "manage-tokens" "Make, see and revoke tokens."
    ManageWebhooks "manage-webhooks" "Make, see, change and remove webhooks."
    ReadAudit "read-audit" "See who has seen what."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_found_by_its_name() {
        for action in Action::ALL {
            assert_eq!(Action::find(action.as_str()), Some(*action));
        }
        assert_eq!((Action::find(""), Action::find("books")), (None, None));
    }
}
