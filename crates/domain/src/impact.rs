//! Whom a change of a doctor's rules would leave standing before a closed door.

use chrono::{DateTime, Utc};

use crate::{Booking, BookingId, Doctor, Exceptions, Hold, HoldId, Revision, Schedule, Span};

/// A doctor's live bookings that have not ended yet, and live holds, as they were seen together with the doctor's rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upcoming {
    /// Bookings that end, and holds that expire, after this instant are in it.
    pub as_of: DateTime<Utc>,
    /// All of them, in any order.
    pub bookings: Vec<Booking>,
    /// All of them, in any order.
    pub holds: Vec<Hold>,
}

/// Which bookings and holds a decision has looked at. A store compares them with what is there when the change is stored:
/// where anything differs, the decision has to be made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Bookings that end, and holds that expire, after this instant were looked at.
    pub as_of: DateTime<Utc>,
    /// All of them as they were then, by id.
    pub bookings: Vec<(BookingId, Revision)>,
    /// All of them, by id.
    pub holds: Vec<HoldId>,
}

/// What a change of a doctor's rules does to the bookings there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impact {
    /// Open bookings to come that were inside working hours and would not be any more, by start.
    pub stranded: Vec<Booking>,
    /// Live holds that would be outside working hours, by start. They are not marked: they end soon by themselves, and cannot become
    /// bookings.
    pub stranded_holds: Vec<Hold>,
    /// Every booking whose mark `outside_hours` changes, as it is with the other mark.
    pub marked: Vec<Booking>,
    /// What was looked at.
    pub judged: Judged,
}

impl Impact {
    /// What it does to the `upcoming` bookings that the doctor and the exceptions from now on become as given.
    ///
    /// A booking is inside when the doctor is active and all of it lies in working time, without time
    /// off and closures: its length was agreed when
    /// it was made, so it need not be on the grid of today's slots.
    #[must_use]
    pub fn of(doctor: &Doctor, exceptions: &Exceptions, upcoming: &Upcoming, now: DateTime<Utc>) -> Self {
        let rules = doctor.rules();
        let schedule = Schedule::new(&rules.zone, &rules.hours, &exceptions.overrides);
        let blocked = exceptions.blocked(&exceptions.closed(&rules.zone));
        let is_outside = |visit: Span| !(rules.active && schedule.covers(visit)) || blocked.overlaps(visit);
        let mut stranded = Vec::new();
        let mut marked = Vec::new();
        for booking in upcoming.bookings.iter().filter(|booking| booking.status().is_open()) {
            let outside = is_outside(booking.span());
            if outside != booking.parts().outside_hours {
                marked.push(booking.marked(outside, now));
                if outside {
                    stranded.push(booking.clone());
                }
            }
        }
        stranded.sort_by_key(|booking| (booking.span(), booking.id()));
        let mut stranded_holds: Vec<_> = upcoming.holds.iter().filter(|hold| is_outside(hold.span)).cloned().collect();
        stranded_holds.sort_by_key(|hold| (hold.span, hold.id));
        let mut holds: Vec<_> = upcoming.holds.iter().map(|hold| hold.id).collect();
        holds.sort_unstable();
        let mut judged: Vec<_> = upcoming.bookings.iter().map(|booking| (booking.id(), booking.revision())).collect();
        judged.sort_unstable();
        let judged = Judged { as_of: upcoming.as_of, bookings: judged, holds };
        Self { stranded, stranded_holds, marked, judged }
    }

    /// As [`of`](Self::of), where doctor and exceptions were as `before` and become as `after`: holds have no mark, so
    /// that the rules there were tell which of them were outside already and are not stranded again.
    #[must_use]
    pub fn of_change(
        before: (&Doctor, &Exceptions),
        after: (&Doctor, &Exceptions),
        upcoming: &Upcoming,
        now: DateTime<Utc>,
    ) -> Self {
        let mut impact = Self::of(after.0, after.1, upcoming, now);
        if !impact.stranded_holds.is_empty() {
            let were_outside = Self::of(before.0, before.1, upcoming, now).stranded_holds;
            impact.stranded_holds.retain(|hold| !were_outside.contains(hold));
        }
        impact
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Weekday};

    use super::*;
    use crate::{
        BookingParts, Calendar, CallerId, DoctorAmendment, DoctorId, Name, PatientId, PersonName, Rules, SlotLength,
        Specialty, Weekly, Window, WorkingHours,
    };

    fn now() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2029, 12, 1, 0, 0, 0).unwrap()
    }

    fn monday(start: &str, end: &str) -> WorkingHours {
        let window = Window::parse(start, end).expect("valid");
        WorkingHours::always(Weekly::new([(Weekday::Mon, window)]).expect("one window"))
    }

    fn doctor() -> Doctor {
        let name = PersonName { first: Name::parse("Jon").expect("valid"), last: Name::parse("Snow").expect("valid") };
        let rules = Rules::new("UTC".parse().expect("known")).with_hours(monday("08:00", "12:00"));
        Doctor::register(DoctorId::from_u128(1), name, Specialty::parse("cardiology").expect("valid"), rules, now())
    }

    /// A booking on Monday, 7 January 2030.
    fn booking_at(hour: u32) -> Booking {
        let start = Utc.with_ymd_and_hms(2030, 1, 7, hour, 0, 0).unwrap();
        let calendar = Calendar::new(doctor().id(), doctor().rules().clone(), vec![]);
        let offer = calendar.offer(start, now()).expect("it is free");
        offer.for_patient(BookingId::from_u128(u128::from(hour)), PatientId::from_u128(1), None, now())
    }

    fn impact(changed: &Doctor, bookings: Vec<Booking>) -> Impact {
        Impact::of(changed, &Exceptions::default(), &Upcoming { as_of: now(), bookings, holds: vec![] }, now())
    }

    #[test]
    fn shorter_hours_strand_what_they_no_longer_cover() {
        let shorter = doctor().with_hours(monday("08:00", "11:00"), now());
        let impact = impact(&shorter, vec![booking_at(11), booking_at(10)]);
        assert_eq!(impact.stranded, [booking_at(11)]);
        assert_eq!(impact.marked.len(), 1);
        assert!(impact.marked[0].parts().outside_hours);
        assert_eq!(impact.marked[0].revision(), Revision::FIRST.next());
        assert_eq!(impact.judged.bookings.len(), 2);
    }

    #[test]
    fn a_booking_known_to_be_outside_is_not_stranded_again_and_may_come_back_inside() {
        let outside = Booking::from_parts(BookingParts { outside_hours: true, ..booking_at(11).parts().clone() });
        let shorter = doctor().with_hours(monday("08:00", "11:00"), now());
        assert_eq!(impact(&shorter, vec![outside.clone()]).marked, []);
        let same = doctor().with_hours(monday("08:00", "12:00"), now());
        let back = impact(&same, vec![outside]);
        assert_eq!(back.stranded, []);
        assert!(!back.marked[0].parts().outside_hours);
    }

    #[test]
    fn a_hold_that_was_outside_already_is_not_stranded_again() {
        let calendar = Calendar::new(doctor().id(), doctor().rules().clone(), vec![]);
        let hold_at = |hour: u32| {
            let start = Utc.with_ymd_and_hms(2030, 1, 7, hour, 0, 0).unwrap();
            let offer = calendar.offer(start, now()).expect("it is free");
            offer.held(HoldId::from_u128(u128::from(hour)), CallerId::from_u128(1), start, now())
        };
        let upcoming = Upcoming { as_of: now(), bookings: vec![], holds: vec![hold_at(11), hold_at(10), hold_at(8)] };
        let (was, had) = (doctor().with_hours(monday("08:00", "11:00"), now()), Exceptions::default());
        let shorter = doctor().with_hours(monday("08:00", "10:00"), now());
        let impact = Impact::of_change((&was, &had), (&shorter, &had), &upcoming, now());
        assert_eq!(impact.stranded_holds, [hold_at(10)]);
        assert_eq!(impact.judged.holds, [hold_at(8).id, hold_at(10).id, hold_at(11).id], "all were looked at");
        let longer = Impact::of_change((&shorter, &had), (&doctor(), &had), &upcoming, now());
        assert_eq!(longer.stranded_holds, []);
    }

    #[test]
    fn an_inactive_doctor_strands_everybody() {
        let gone = doctor().amended(DoctorAmendment { active: Some(false), ..Default::default() }, now());
        assert_eq!(impact(&gone, vec![booking_at(8), booking_at(9)]).stranded.len(), 2);
    }

    #[test]
    fn another_zone_strands_what_its_clocks_no_longer_cover() {
        let moved = DoctorAmendment { zone: Some("America/New_York".parse().expect("known")), ..Default::default() };
        // 8:00–12:00 there is 13:00–17:00 UTC.
        assert_eq!(impact(&doctor().amended(moved, now()), vec![booking_at(8)]).stranded.len(), 1);
    }

    #[test]
    fn another_slot_length_strands_nobody_since_lengths_were_agreed() {
        let slot = SlotLength::from_minutes(25).ok();
        let shorter = doctor().amended(DoctorAmendment { slot, ..Default::default() }, now());
        assert_eq!(impact(&shorter, vec![booking_at(9)]).marked, []);
    }
}
