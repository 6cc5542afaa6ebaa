//! All use cases over one store.

use std::sync::Arc;

use doctor_booking_ports::{Clock, Ids, Stores};

use crate::{
    AddClosure, AddTimeOff, AddVisitType, AddWebhook, AdvanceBooking, AmendDoctor, AmendPatient, AmendVisitType,
    AmendWebhook, BookSeries, BookSlot, CancelBooking, CheckHealth, CreateToken, EndSession, ExplainStart,
    FindAvailability, FindBooking, FindBookingHistory, FindClosure, FindDoctor, FindDoctorHistory, FindHold,
    FindNextSlot, FindPatient, FindTimeOff, FindToken, FindVisitType, FindWaiting, FindWebhook, FindWorkingHours,
    FollowEvents, Gate, HoldSlot, JoinWaitlist, KeepAnswers, LeaveWaitlist, ListAudit, ListBookings, ListClosures,
    ListDoctors, ListOverrides, ListPatients, ListSetAside, ListTimeOff, ListTokens, ListVisitTypes, ListWaitlist,
    ListWebhooks, MakeFirstToken, OfferFreedSlots, Recognise, RegisterDoctor, RegisterPatient, ReinstateBooking,
    ReleaseHold, Remind, RemoveClosure, RemoveOverride, RemoveTimeOff, RemoveWebhook, RemoveWorkingHours,
    RescheduleBooking, RetireVisitType, RevokeToken, SearchAvailability, SetOverride, ShowBoard, StartSession, Sweep,
    UpdateWorkingHours, VerifyStore,
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
    pub show_board: ShowBoard,
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
    pub create_token: CreateToken,
    pub find_token: FindToken,
    pub list_tokens: ListTokens,
    pub revoke_token: RevokeToken,
    pub make_first_token: MakeFirstToken,
    pub recognise: Recognise,
    pub start_session: StartSession,
    pub end_session: EndSession,
    pub list_audit: ListAudit,
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
        let tokens = || Arc::clone(&stores.tokens);
        let idempotency = || Arc::clone(&stores.idempotency);
        let clock = || Arc::clone(clock);
        let ids = || Arc::clone(ids);
        let audit = Arc::clone(&stores.audit);
        let gate = Gate::new(audit, clock(), ids());
        let recognise = Recognise::new(gate.clone(), tokens(), clock());
        let gate = || gate.clone();
        Self {
            register_doctor: RegisterDoctor::new(gate(), doctors(), clock(), ids()),
            find_doctor: FindDoctor::new(gate(), doctors()),
            list_doctors: ListDoctors::new(gate(), doctors()),
            amend_doctor: AmendDoctor::new(gate(), doctors(), visit_types(), clock(), ids()),
            find_working_hours: FindWorkingHours::new(gate(), doctors(), clock()),
            update_working_hours: UpdateWorkingHours::new(gate(), doctors(), clock(), ids()),
            remove_working_hours: RemoveWorkingHours::new(gate(), doctors(), clock(), ids()),
            set_override: SetOverride::new(gate(), doctors(), calendars(), clock(), ids()),
            remove_override: RemoveOverride::new(gate(), doctors(), calendars(), clock(), ids()),
            list_overrides: ListOverrides::new(gate(), doctors(), calendars()),
            add_time_off: AddTimeOff::new(gate(), doctors(), clock(), ids()),
            find_time_off: FindTimeOff::new(gate(), calendars()),
            list_time_off: ListTimeOff::new(gate(), doctors(), calendars()),
            remove_time_off: RemoveTimeOff::new(gate(), doctors(), calendars(), clock(), ids()),
            add_visit_type: AddVisitType::new(gate(), visit_types(), clock(), ids()),
            find_visit_type: FindVisitType::new(gate(), visit_types()),
            list_visit_types: ListVisitTypes::new(gate(), visit_types()),
            amend_visit_type: AmendVisitType::new(gate(), visit_types(), clock()),
            retire_visit_type: RetireVisitType::new(gate(), visit_types(), clock()),
            add_closure: AddClosure::new(gate(), closures(), clock(), ids()),
            find_closure: FindClosure::new(gate(), closures()),
            list_closures: ListClosures::new(gate(), closures()),
            remove_closure: RemoveClosure::new(gate(), closures(), clock(), ids()),
            find_availability: FindAvailability::new(gate(), calendars(), visit_types(), clock()),
            search_availability: SearchAvailability::new(gate(), calendars(), visit_types(), clock()),
            show_board: ShowBoard::new(gate(), doctors(), calendars(), visit_types(), clock()),
            find_next_slot: FindNextSlot::new(gate(), calendars(), visit_types(), clock()),
            explain_start: ExplainStart::new(gate(), calendars(), visit_types(), clock()),
            register_patient: RegisterPatient::new(gate(), patients(), clock(), ids()),
            find_patient: FindPatient::new(gate(), patients()),
            list_patients: ListPatients::new(gate(), patients()),
            amend_patient: AmendPatient::new(gate(), patients(), clock()),
            book_slot: BookSlot::new(gate(), calendars(), visit_types(), holds(), bookings(), clock(), ids()),
            find_booking: FindBooking::new(gate(), bookings()),
            list_bookings: ListBookings::new(gate(), bookings()),
            cancel_booking: CancelBooking::new(gate(), bookings(), clock(), ids()),
            book_series: BookSeries::new(gate(), calendars(), visit_types(), bookings(), clock(), ids()),
            advance_booking: AdvanceBooking::new(gate(), bookings(), clock(), ids()),
            reschedule_booking: RescheduleBooking::new(gate(), calendars(), visit_types(), bookings(), clock(), ids()),
            reinstate_booking: ReinstateBooking::new(gate(), calendars(), visit_types(), bookings(), clock(), ids()),
            find_booking_history: FindBookingHistory::new(gate(), bookings(), history()),
            find_doctor_history: FindDoctorHistory::new(gate(), doctors(), history()),
            hold_slot: HoldSlot::new(gate(), calendars(), visit_types(), holds(), clock(), ids()),
            find_hold: FindHold::new(gate(), holds(), clock()),
            release_hold: ReleaseHold::new(gate(), holds(), clock(), ids()),
            join_waitlist: JoinWaitlist::new(gate(), waitlist(), doctors(), patients(), visit_types(), clock(), ids()),
            find_waiting: FindWaiting::new(gate(), waitlist()),
            list_waitlist: ListWaitlist::new(gate(), waitlist()),
            leave_waitlist: LeaveWaitlist::new(gate(), waitlist(), clock(), ids()),
            offer_freed_slots: OfferFreedSlots::new(waitlist(), calendars(), visit_types(), clock(), ids()),
            add_webhook: AddWebhook::new(gate(), webhooks(), clock(), ids()),
            find_webhook: FindWebhook::new(gate(), webhooks()),
            list_webhooks: ListWebhooks::new(gate(), webhooks()),
            amend_webhook: AmendWebhook::new(gate(), webhooks(), clock()),
            remove_webhook: RemoveWebhook::new(gate(), webhooks()),
            list_set_aside: ListSetAside::new(gate(), webhooks(), Arc::clone(&stores.deliveries)),
            follow_events: FollowEvents::new(gate(), Arc::clone(&stores.events)),
            remind: Remind::new(Arc::clone(&stores.reminders), clock(), ids()),
            create_token: CreateToken::new(gate(), tokens(), doctors(), patients(), clock(), ids()),
            find_token: FindToken::new(gate(), tokens()),
            list_tokens: ListTokens::new(gate(), tokens()),
            revoke_token: RevokeToken::new(gate(), tokens(), clock()),
            make_first_token: MakeFirstToken::new(tokens(), clock(), ids()),
            start_session: StartSession::new(recognise.clone(), tokens(), clock(), ids()),
            recognise,
            end_session: EndSession::new(tokens(), clock()),
            list_audit: ListAudit::new(gate(), Arc::clone(&stores.audit)),
            keep_answers: KeepAnswers::new(idempotency(), clock()),
            sweep: Sweep::new(holds(), idempotency(), tokens(), clock()),
            verify_store: VerifyStore::new(Arc::clone(&stores.verification), clock()),
            check_health: CheckHealth::new(Arc::clone(&stores.health)),
        }
    }
}

impl UseCases {
    /// The same, recognising callers in other ways as well.
    #[must_use]
    pub fn recognising(self, more: impl FnOnce(Recognise) -> Recognise) -> Self {
        let recognise = more(self.recognise);
        Self { start_session: self.start_session.with(recognise.clone()), recognise, ..self }
    }
}
