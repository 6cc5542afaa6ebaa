//! What stands in a path.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use chrono::NaiveDate;
use doctor_booking_domain::{
    BookingId, ClosureId, DoctorId, HoldId, PatientId, TimeOffId, TokenId, VisitTypeId, WaitingId, WebhookId,
};

use crate::code::Code;
use crate::problem::Problem;
use crate::values::FromText;

/// A thing that a path names.
pub(crate) trait InPath: FromText {
    /// What the segment is called in the routes that have it.
    const SEGMENTS: &'static [&'static str];
}

impl InPath for DoctorId {
    const SEGMENTS: &'static [&'static str] = &["doctorId"];
}

impl InPath for PatientId {
    const SEGMENTS: &'static [&'static str] = &["patientId"];
}

impl InPath for BookingId {
    const SEGMENTS: &'static [&'static str] = &["bookingId"];
}

impl InPath for TimeOffId {
    const SEGMENTS: &'static [&'static str] = &["timeOffId"];
}

impl InPath for ClosureId {
    const SEGMENTS: &'static [&'static str] = &["closureId"];
}

impl InPath for VisitTypeId {
    const SEGMENTS: &'static [&'static str] = &["visitTypeId"];
}

impl InPath for HoldId {
    const SEGMENTS: &'static [&'static str] = &["holdId"];
}

impl InPath for WaitingId {
    const SEGMENTS: &'static [&'static str] = &["waitingId"];
}

impl InPath for WebhookId {
    const SEGMENTS: &'static [&'static str] = &["webhookId"];
}

impl InPath for TokenId {
    const SEGMENTS: &'static [&'static str] = &["tokenId"];
}

impl InPath for NaiveDate {
    const SEGMENTS: &'static [&'static str] = &["effectiveFrom", "date"];
}

/// What the path names. A path that cannot name anything leads nowhere: that is 404, not a lesson in spelling.
pub(crate) struct Named<T>(pub(crate) T);

impl<T: InPath> FromRequest for Named<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let segment = T::SEGMENTS.iter().find_map(|segment| request.match_info().get(segment));
        let named = segment.and_then(|segment| T::from_text(segment).ok());
        ready(named.map(Self).ok_or_else(|| Problem::general(Code::NotFound)))
    }
}
