//! All use cases over one store.

use std::sync::Arc;

use doctor_booking_ports::{Clock, Ids, Stores};

use crate::{
    AmendDoctor, AmendPatient, BookSlot, CancelBooking, CheckHealth, FindAvailability, FindBooking, FindDoctor,
    FindPatient, FindWorkingHours, ListBookings, ListDoctors, ListPatients, RegisterDoctor, RegisterPatient,
    RemoveWorkingHours, UpdateWorkingHours,
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
    pub find_availability: FindAvailability,
    pub register_patient: RegisterPatient,
    pub find_patient: FindPatient,
    pub list_patients: ListPatients,
    pub amend_patient: AmendPatient,
    pub book_slot: BookSlot,
    pub find_booking: FindBooking,
    pub list_bookings: ListBookings,
    pub cancel_booking: CancelBooking,
    pub check_health: CheckHealth,
}

impl UseCases {
    /// The use cases over these ports.
    #[must_use]
    pub fn new(stores: &Stores, clock: &Arc<dyn Clock>, ids: &Arc<dyn Ids>) -> Self {
        let doctors = || Arc::clone(&stores.doctors);
        let patients = || Arc::clone(&stores.patients);
        let calendars = || Arc::clone(&stores.calendars);
        let bookings = || Arc::clone(&stores.bookings);
        let clock = || Arc::clone(clock);
        let ids = || Arc::clone(ids);
        Self {
            register_doctor: RegisterDoctor::new(doctors(), clock(), ids()),
            find_doctor: FindDoctor::new(doctors()),
            list_doctors: ListDoctors::new(doctors()),
            amend_doctor: AmendDoctor::new(doctors(), clock()),
            find_working_hours: FindWorkingHours::new(doctors(), clock()),
            update_working_hours: UpdateWorkingHours::new(doctors(), clock()),
            remove_working_hours: RemoveWorkingHours::new(doctors(), clock()),
            find_availability: FindAvailability::new(calendars(), clock()),
            register_patient: RegisterPatient::new(patients(), clock(), ids()),
            find_patient: FindPatient::new(patients()),
            list_patients: ListPatients::new(patients()),
            amend_patient: AmendPatient::new(patients(), clock()),
            book_slot: BookSlot::new(calendars(), bookings(), clock(), ids()),
            find_booking: FindBooking::new(bookings()),
            list_bookings: ListBookings::new(bookings()),
            cancel_booking: CancelBooking::new(bookings(), clock()),
            check_health: CheckHealth::new(Arc::clone(&stores.health)),
        }
    }
}
