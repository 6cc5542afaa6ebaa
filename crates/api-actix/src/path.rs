//! What stands in a path.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use chrono::NaiveDate;
use doctor_booking_domain::{BookingId, DoctorId, PatientId};

use crate::code::Code;
use crate::problem::Problem;
use crate::values::FromText;

/// A thing that a path names.
pub(crate) trait InPath: FromText {
    /// The segment's name in the route.
    const SEGMENT: &'static str;
}

impl InPath for DoctorId {
    const SEGMENT: &'static str = "doctorId";
}

impl InPath for PatientId {
    const SEGMENT: &'static str = "patientId";
}

impl InPath for BookingId {
    const SEGMENT: &'static str = "bookingId";
}

impl InPath for NaiveDate {
    const SEGMENT: &'static str = "effectiveFrom";
}

/// What the path names. A path that cannot name anything leads nowhere: that is 404, not a lesson in spelling.
pub(crate) struct Named<T>(pub(crate) T);

impl<T: InPath> FromRequest for Named<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let named = request.match_info().get(T::SEGMENT).and_then(|segment| T::from_text(segment).ok());
        ready(named.map(Self).ok_or_else(|| Problem::general(Code::NotFound)))
    }
}
