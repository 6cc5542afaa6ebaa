//! All paths, and what stands around them.

use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, ServiceConfig};

use crate::authenticate::authenticate;
use crate::code::Code;
use crate::endpoint::Endpoint;
use crate::problem::Problem;
use crate::{
    ApiState, audit, availability, board, body, booking, booking_change, closure, docs, doctor, event, explain, guard,
    health, history, hold, metrics, overrides, patient, problem_page, search, series, session, telemetry, time_off,
    token, visit_type, waitlist, web_page, webhook, working_hours,
};

/// Everything that the service offers over HTTP: paths, limits and middleware. For [`App::configure`].
///
/// [`App::configure`]: actix_web::App::configure
pub fn configure(state: ApiState) -> impl FnOnce(&mut ServiceConfig) + Clone {
    let state = web::Data::new(state);
    move |config| {
        // One scope around all of it, since only a scope can bring its middleware along; the last one is the outermost.
        let everything =
            endpoints().into_iter().fold(web::scope(""), |scope, endpoint| scope.service(endpoint.finish()));
        config.app_data(state).app_data(body::limits()).default_service(web::to(telemetry::outside)).service(
            everything
                .default_service(web::to(|| async { Err::<&str, _>(Problem::general(Code::NotFound)) }))
                .wrap(from_fn(authenticate))
                .wrap(Compress::default())
                .wrap(from_fn(guard::admit))
                .wrap(from_fn(telemetry::edge)),
        );
    }
}

fn endpoints() -> Vec<Endpoint> {
    let api = |path: &str| Endpoint::at(&format!("/api/v1{path}"));
    vec![
        Endpoint::at("/").get(web_page::start),
        Endpoint::at("/page/{edition}/{file:.*}").get(web_page::file),
        Endpoint::at("/docs").get(docs::to_browser),
        Endpoint::at("/docs/{file:.*}").get(docs::browser),
        Endpoint::at("/openapi.json").get(docs::document),
        Endpoint::at("/problems").get(problem_page::all),
        Endpoint::at("/problems/style.css").get(problem_page::style),
        Endpoint::at("/problems/{code}").get(problem_page::one),
        Endpoint::at("/healthz").get(health::alive),
        Endpoint::at("/readyz").get(health::ready),
        Endpoint::at("/metrics").get(metrics::show),
        api("/doctors").get(doctor::list).post(doctor::create),
        api("/doctors/{doctorId}").get(doctor::find).patch(doctor::amend),
        api("/doctors/{doctorId}/working-hours")
            .get(working_hours::find)
            .put(working_hours::replace)
            .patch(working_hours::amend),
        api("/doctors/{doctorId}/working-hours/versions").get(working_hours::versions),
        api("/doctors/{doctorId}/working-hours/versions/{effectiveFrom}").delete(working_hours::remove),
        api("/doctors/{doctorId}/overrides").get(overrides::list),
        api("/doctors/{doctorId}/overrides/{date}").put(overrides::set).delete(overrides::remove),
        api("/doctors/{doctorId}/time-off").get(time_off::list).post(time_off::create),
        api("/doctors/{doctorId}/time-off/{timeOffId}").get(time_off::find).delete(time_off::remove),
        api("/closures").get(closure::list).post(closure::create),
        api("/closures/{closureId}").get(closure::find).delete(closure::remove),
        api("/visit-types").get(visit_type::list).post(visit_type::create),
        api("/visit-types/{visitTypeId}").get(visit_type::find).patch(visit_type::amend).delete(visit_type::retire),
        api("/doctors/{doctorId}/history").get(history::of_doctor),
        api("/doctors/{doctorId}/availability").get(availability::find),
        api("/doctors/{doctorId}/availability/summary").get(availability::summary),
        api("/doctors/{doctorId}/availability/next").get(search::next),
        api("/doctors/{doctorId}/availability/explain").get(explain::explain),
        api("/availability").get(search::search),
        api("/board").get(board::show),
        api("/patients").get(patient::list).post(patient::create),
        api("/patients/{patientId}").get(patient::find).patch(patient::amend),
        api("/bookings").get(booking::list).post(booking::create),
        api("/bookings/{bookingId}").get(booking::find),
        api("/bookings/{bookingId}/history").get(history::of_booking),
        api("/bookings/{bookingId}/reschedule").post(booking_change::reschedule),
        api("/bookings/{bookingId}/cancel").post(booking_change::cancel),
        api("/bookings/{bookingId}/reinstate").post(booking_change::reinstate),
        api("/bookings/{bookingId}/arrive").post(booking_change::arrive),
        api("/bookings/{bookingId}/fulfil").post(booking_change::fulfil),
        api("/bookings/{bookingId}/no-show").post(booking_change::no_show),
        api("/booking-series").post(series::create),
        api("/holds").post(hold::create),
        api("/holds/{holdId}").get(hold::find).delete(hold::release),
        api("/waitlist").get(waitlist::list).post(waitlist::create),
        api("/waitlist/{waitingId}").get(waitlist::find).delete(waitlist::leave),
        api("/events").get(event::follow),
        api("/webhooks").get(webhook::list).post(webhook::create),
        api("/webhooks/{webhookId}").get(webhook::find).patch(webhook::amend).delete(webhook::remove),
        api("/webhooks/{webhookId}/failures").get(webhook::failures),
        api("/me").get(session::me),
        api("/session").post(session::start).delete(session::end),
        api("/tokens").get(token::list).post(token::create),
        api("/tokens/{tokenId}").get(token::find).delete(token::revoke),
        api("/audit").get(audit::list),
    ]
}
