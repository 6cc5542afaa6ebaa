//! All use cases over one store.

use std::sync::Arc;

use doctor_booking_ports::{Clock, Ids, Stores};

use crate::{
    AddClosure, AddTimeOff, AddVisitType, AddWebhook, AdvanceBooking, AmendDoctor, AmendPatient, AmendVisitType,
    AmendWebhook, BookSeries, BookSlot, CancelBooking, CheckHealth, ExplainStart, FindAvailability, FindBooking,
    FindBookingHistory, FindClosure, FindDoctor, FindDoctorHistory, FindHold, FindNextSlot, FindPatient, FindTimeOff,
    FindVisitType, FindWaiting, FindWebhook, FindWorkingHours, FollowEvents, HoldSlot, JoinWaitlist, KeepAnswers,
    LeaveWaitlist, ListBookings, ListClosures, ListDoctors, ListOverrides, ListPatients, ListSetAside, ListTimeOff,
    ListVisitTypes, ListWaitlist, ListWebhooks, OfferFreedSlots, RegisterDoctor, RegisterPatient, ReinstateBooking,
    ReleaseHold, Remind, RemoveClosure, RemoveOverride, RemoveTimeOff, RemoveWebhook, RemoveWorkingHours,
    RescheduleBooking, RetireVisitType, SearchAvailability, SetOverride, Sweep, UpdateWorkingHours, VerifyStore,
};

/// All use cases over one store: what a front end is given.
#[derive(Clone)]
#[expect(missing_docs, reason = "each is named after what it is, and documented there")]
pub struct UseCases {
    pub register_doctor: RegisterDoctor,
    pub find_doctor: FindDoctor,
    pub list_doctors: ListDoctors,
    pub amend_doctor: AmendDoctor,
    pub find_working_hours: FindWorkingHours,
    pub update_working_hours: UpdateWorkingHours,
    pub remove_working_hours: RemoveWorkingHours,
    pub set_override: SetOverride,
    pub remove_override: RemoveOverride,
    pub list_overrides: ListOverrides,
    pub add_time_off: AddTimeOff,
    pub find_time_off: FindTimeOff,
    pub list_time_off: ListTimeOff,
    pub remove_time_off: RemoveTimeOff,
    pub add_visit_type: AddVisitType,
    pub find_visit_type: FindVisitType,
    pub list_visit_types: ListVisitTypes,
    pub amend_visit_type: AmendVisitType,
    pub retire_visit_type: RetireVisitType,
    pub add_closure: AddClosure,
    pub find_closure: FindClosure,
    pub list_closures: ListClosures,
    pub remove_closure: RemoveClosure,
    pub find_availability: FindAvailability,
    pub search_availability: SearchAvailability,
    pub find_next_slot: FindNextSlot,
    pub explain_start: ExplainStart,
    pub register_patient: RegisterPatient,
    pub find_patient: FindPatient,
    pub list_patients: ListPatients,
    pub amend_patient: AmendPatient,
    pub book_slot: BookSlot,
    pub find_booking: FindBooking,
    pub list_bookings: ListBookings,
    pub cancel_booking: CancelBooking,
    pub book_series: BookSeries,
    pub advance_booking: AdvanceBooking,
    pub reschedule_booking: RescheduleBooking,
    pub reinstate_booking: ReinstateBooking,
    pub find_booking_history: FindBookingHistory,
    pub find_doctor_history: FindDoctorHistory,
    pub hold_slot: HoldSlot,
    pub find_hold: FindHold,
    pub release_hold: ReleaseHold,
    pub join_waitlist: JoinWaitlist,
    pub find_waiting: FindWaiting,
    pub list_waitlist: ListWaitlist,
    pub leave_waitlist: LeaveWaitlist,
    pub offer_freed_slots: OfferFreedSlots,
    pub add_webhook: AddWebhook,
    pub find_webhook: FindWebhook,
    pub list_webhooks: ListWebhooks,
    pub amend_webhook: AmendWebhook,
    pub remove_webhook: RemoveWebhook,
    pub list_set_aside: ListSetAside,
    pub follow_events: FollowEvents,
    pub remind: Remind,
    pub keep_answers: KeepAnswers,
    pub sweep: Sweep,
    pub verify_store: VerifyStore,
    pub check_health: CheckHealth,
}

impl UseCases {
    /// The use cases over these ports.
    #[must_use]
    pub fn new(stores: &Stores, clock: &Arc<dyn Clock>, ids: &Arc<dyn Ids>) -> Self {
        let doctors = || Arc::clone(&stores.doctors);
        let patients = || Arc::clone(&stores.patients);
        let calendars = || Arc::clone(&stores.calendars);
        let visit_types = || Arc::clone(&stores.visit_types);
        let closures = || Arc::clone(&stores.closures);
        let bookings = || Arc::clone(&stores.bookings);
        let waitlist = || Arc::clone(&stores.waitlist);
        let webhooks = || Arc::clone(&stores.webhooks);
        let holds = || Arc::clone(&stores.holds);
        let history = || Arc::clone(&stores.history);
        let idempotency = || Arc::clone(&stores.idempotency);
        let clock = || Arc::clone(clock);
        let ids = || Arc::clone(ids);
        Self {
            register_doctor: RegisterDoctor::new(doctors(), clock(), ids()),
            find_doctor: FindDoctor::new(doctors()),
            list_doctors: ListDoctors::new(doctors()),
            amend_doctor: AmendDoctor::new(doctors(), visit_types(), clock(), ids()),
            find_working_hours: FindWorkingHours::new(doctors(), clock()),
            update_working_hours: UpdateWorkingHours::new(doctors(), clock(), ids()),
            remove_working_hours: RemoveWorkingHours::new(doctors(), clock(), ids()),
            set_override: SetOverride::new(doctors(), calendars(), clock(), ids()),
            remove_override: RemoveOverride::new(doctors(), calendars(), clock(), ids()),
            list_overrides: ListOverrides::new(doctors(), calendars()),
            add_time_off: AddTimeOff::new(doctors(), clock(), ids()),
            find_time_off: FindTimeOff::new(calendars()),
            list_time_off: ListTimeOff::new(doctors(), calendars()),
            remove_time_off: RemoveTimeOff::new(doctors(), calendars(), clock(), ids()),
            add_visit_type: AddVisitType::new(visit_types(), clock(), ids()),
            find_visit_type: FindVisitType::new(visit_types()),
            list_visit_types: ListVisitTypes::new(visit_types()),
            amend_visit_type: AmendVisitType::new(visit_types(), clock()),
            retire_visit_type: RetireVisitType::new(visit_types(), clock()),
            add_closure: AddClosure::new(closures(), clock(), ids()),
            find_closure: FindClosure::new(closures()),
            list_closures: ListClosures::new(closures()),
            remove_closure: RemoveClosure::new(closures(), clock(), ids()),
            find_availability: FindAvailability::new(calendars(), visit_types(), clock()),
            search_availability: SearchAvailability::new(calendars(), visit_types(), clock()),
            find_next_slot: FindNextSlot::new(calendars(), visit_types(), clock()),
            explain_start: ExplainStart::new(calendars(), visit_types(), clock()),
            register_patient: RegisterPatient::new(patients(), clock(), ids()),
            find_patient: FindPatient::new(patients()),
            list_patients: ListPatients::new(patients()),
            amend_patient: AmendPatient::new(patients(), clock()),
            book_slot: BookSlot::new(calendars(), visit_types(), holds(), bookings(), clock(), ids()),
            find_booking: FindBooking::new(bookings()),
            list_bookings: ListBookings::new(bookings()),
            cancel_booking: CancelBooking::new(bookings(), clock(), ids()),
            book_series: BookSeries::new(calendars(), visit_types(), bookings(), clock(), ids()),
            advance_booking: AdvanceBooking::new(bookings(), clock(), ids()),
            reschedule_booking: RescheduleBooking::new(calendars(), visit_types(), bookings(), clock(), ids()),
            reinstate_booking: ReinstateBooking::new(calendars(), visit_types(), bookings(), clock(), ids()),
            find_booking_history: FindBookingHistory::new(bookings(), history()),
            find_doctor_history: FindDoctorHistory::new(doctors(), history()),
            hold_slot: HoldSlot::new(calendars(), visit_types(), holds(), clock(), ids()),
            find_hold: FindHold::new(holds(), clock()),
            release_hold: ReleaseHold::new(holds(), clock(), ids()),
            join_waitlist: JoinWaitlist::new(waitlist(), doctors(), patients(), visit_types(), clock(), ids()),
            find_waiting: FindWaiting::new(waitlist()),
            list_waitlist: ListWaitlist::new(waitlist()),
            leave_waitlist: LeaveWaitlist::new(waitlist(), clock(), ids()),
            offer_freed_slots: OfferFreedSlots::new(waitlist(), calendars(), visit_types(), clock(), ids()),
            add_webhook: AddWebhook::new(webhooks(), clock(), ids()),
            find_webhook: FindWebhook::new(webhooks()),
            list_webhooks: ListWebhooks::new(webhooks()),
            amend_webhook: AmendWebhook::new(webhooks(), clock()),
            remove_webhook: RemoveWebhook::new(webhooks()),
            list_set_aside: ListSetAside::new(webhooks(), Arc::clone(&stores.deliveries)),
            follow_events: FollowEvents::new(Arc::clone(&stores.events)),
            remind: Remind::new(Arc::clone(&stores.reminders), clock(), ids()),
            keep_answers: KeepAnswers::new(idempotency(), clock()),
            sweep: Sweep::new(holds(), idempotency(), clock()),
            verify_store: VerifyStore::new(Arc::clone(&stores.verification), clock()),
            check_health: CheckHealth::new(Arc::clone(&stores.health)),
        }
    }
}
