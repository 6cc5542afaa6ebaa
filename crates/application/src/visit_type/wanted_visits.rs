//! A calendar for the visits that are wanted.

use doctor_booking_domain::{Booking, Calendar, VisitTypeId};
use doctor_booking_ports::{Unavailable, VisitTypes};

/// The calendar for visits of the wanted type, or of no particular one; `None` when there is no such type.
///
/// The type is asked for after the calendar was loaded: one that changes in between raises the revision of every doctor,
/// so that what is decided on the older calendar and the newer type is found stale.
pub(crate) fn for_wanted(
    calendar: Calendar,
    wanted: Option<VisitTypeId>,
    visit_types: &dyn VisitTypes,
) -> Result<Option<Calendar>, Unavailable> {
    let Some(wanted) = wanted else { return Ok(Some(calendar)) };
    Ok(visit_types.find(wanted)?.map(|visit_type| calendar.for_visits(&visit_type)))
}

/// The calendar for visits like a booking that moves, without what the booking itself occupies.
pub(crate) fn for_moving(
    calendar: Calendar,
    booking: &Booking,
    visit_types: &dyn VisitTypes,
) -> Result<Calendar, Unavailable> {
    let calendar = match booking.parts().visit_type {
        // Types are never removed.
        Some(id) => match visit_types.find(id)? {
            Some(visit_type) => calendar.for_visits_that_move(&visit_type),
            None => calendar,
        },
        None => calendar,
    };
    let is_own = booking.doctor() == calendar.doctor() && booking.status().is_live();
    Ok(if is_own { calendar.without(booking.busy()) } else { calendar })
}
