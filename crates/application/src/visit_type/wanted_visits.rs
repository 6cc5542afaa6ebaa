//! A calendar for the visits that are wanted.

use doctor_booking_domain::{Calendar, VisitTypeId};
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
