//! A small clinic that is good to look at.

mod clinic;

use std::fmt;
use std::sync::Arc;

use anyhow::{Context, bail};
use chrono::{DateTime, Days, NaiveDate, Utc};
use doctor_booking_application::{
    Advance, BookSlotError, BookingFilter, Cancellation, ChangeOptions, DoctorFilter, IfAffected, Limit, NewClosure,
    NewDoctor, NewTimeOff, NewVisitType, PageRequest, PatientFilter, UseCases, VisitTypeFilter, Wanted,
};
use doctor_booking_domain::{
    Actor, BookingStatus, Buffer, CallerId, Capacity, ClosureName, DateRange, Day, Doctor, Email, Footprint, Horizon,
    Name, Notice, Patient, PatientDetails, PersonName, Phone, Reason, Refusal, Rules, SlotLength, Span, Specialty,
    Terms, VisitType, VisitTypeId, VisitTypeName, Weekly, Window,
};
use doctor_booking_ports::{Clock, Ids, Stores};

use self::clinic::{
    AWAY, CANCELLATIONS, CLOSED, DOCTORS, DemoAway, DemoDoctor, DemoVisitType, EXTRA, FIRST_NAMES, LAST_NAMES,
    PATIENTS, REASONS, VISIT_TYPES,
};

/// How many days before today the clinic has opened, and how far ahead it is booked.
const PAST_DAYS: u64 = 7;
const DAYS_AHEAD: u64 = 21;

/// Who fills it.
const DEMO: Actor = Actor::administrator(CallerId::from_u128(0x8000_8000_0000_0000_DE00));

/// What [`fill`] has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filled {
    /// There was something in the database: it was left as it is.
    NotEmpty,
    /// So much was put in.
    With { doctors: usize, patients: usize, visit_types: usize, bookings: usize, cancelled: usize },
}

impl fmt::Display for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotEmpty => f.write_str("the database is not empty: it was left as it is"),
            Self::With { doctors, patients, visit_types, bookings, cancelled } => write!(
                f,
                "a demo clinic of {doctors} doctors, {patients} patients and {visit_types} visit types, \
                 with {bookings} bookings, {cancelled} of them cancelled"
            ),
        }
    }
}

/// A clock that stands some days in the past: what is past today was booked when it was yet to come.
struct LastWeek(Arc<dyn Clock>);

impl Clock for LastWeek {
    fn now(&self) -> DateTime<Utc> {
        self.0.now() - Days::new(PAST_DAYS)
    }
}

/// Fills an empty store through the use cases, by the rules that hold for everybody.
pub(crate) fn fill(stores: &Stores, clock: Arc<dyn Clock>, ids: &Arc<dyn Ids>) -> anyhow::Result<Filled> {
    let now = clock.now();
    let today_at_the_clinic = UseCases::new(stores, &clock, ids);
    let opening = LastWeek(clock);
    let today = opening.now().date_naive();
    let clinic = UseCases::new(stores, &(Arc::new(opening) as _), ids);
    if !is_empty(&clinic)? {
        return Ok(Filled::NotEmpty);
    }
    let visit_types = VISIT_TYPES.iter().map(|demo| enter(&clinic, demo)).collect::<anyhow::Result<Vec<_>>>()?;
    let doctors =
        DOCTORS.iter().map(|demo| register(&clinic, demo, &visit_types)).collect::<anyhow::Result<Vec<_>>>()?;
    let patients = (0..PATIENTS).map(|index| admit(&clinic, index)).collect::<anyhow::Result<Vec<_>>>()?;
    let last = today.checked_add_days(Days::new(PAST_DAYS + DAYS_AHEAD)).context("the calendar ends too soon")?;
    let range = DateRange::new(today, last)?;
    let mut rush = Rush { clinic: &clinic, patients: &patients, dice: Dice(0x5EED), bookings: 0, cancelled: 0 };
    for (doctor, demo) in doctors.iter().zip(DOCTORS) {
        for (visit_type, kind) in visit_types.iter().zip(VISIT_TYPES) {
            if doctor.rules().visit_types.includes(visit_type.id()) {
                rush.book(doctor, range, Some(visit_type), kind.reasons, kind.booked_percent)?;
            }
        }
        rush.book(doctor, range, None, &REASONS, demo.booked_percent)?;
    }
    let Rush { bookings, cancelled, .. } = rush;
    tell_what_became_of(&today_at_the_clinic, now)?;
    go_away(&today_at_the_clinic, &doctors, now)?;
    let (doctors, patients, visit_types) = (doctors.len(), patients.len(), visit_types.len());
    Ok(Filled::With { doctors, patients, visit_types, bookings, cancelled })
}

/// Patients who came last week, or did not; and some who are there now.
fn tell_what_became_of(clinic: &UseCases, now: DateTime<Utc>) -> anyhow::Result<()> {
    let begun = BookingFilter { to: Some(now), status: Some(BookingStatus::Booked), ..BookingFilter::default() };
    let mut dice = Dice(0xCA11);
    // Whoever has come is no longer among those who are found: there is only ever a first page.
    loop {
        let page = clinic.list_bookings.execute(&DEMO, &begun, &PageRequest::first(Limit::new(200)?))?;
        for booking in &page.items {
            let advance = |advance| clinic.advance_booking.execute(&DEMO, booking.id(), advance, None);
            if dice.says_yes(4) {
                advance(Advance::NoShow)?;
                continue;
            }
            advance(Advance::Arrive)?;
            if booking.span().end() <= now {
                advance(Advance::Fulfil)?;
            }
        }
        if page.next.is_none() {
            return Ok(());
        }
    }
}

/// Doctors who are away, or come on another day, and a day on which nobody is there.
fn go_away(clinic: &UseCases, doctors: &[Doctor], now: DateTime<Utc>) -> anyhow::Result<()> {
    let keep = ChangeOptions { if_affected: IfAffected::Keep, ..ChangeOptions::default() };
    let named = |last: &str| {
        let found = doctors.iter().find(|doctor| doctor.name().last.as_str() == last);
        found.with_context(|| format!("no doctor {last}"))
    };
    for DemoAway { doctor, days: (after, more), times: (from, to), reason } in AWAY {
        let doctor = named(doctor)?;
        let zone = &doctor.rules().zone;
        let first = zone.date(now) + Days::new(*after);
        let at = |date: NaiveDate, time: &str| anyhow::Ok(zone.instant(date.and_time(time.parse()?)));
        let span = Span::new(at(first, from)?, at(first + Days::new(*more), to)?)?;
        let reason = Some(Reason::parse(reason)?);
        clinic.add_time_off.execute(&DEMO, &NewTimeOff { doctor: doctor.id(), span, reason }, keep, None)?;
    }
    let (after, name) = CLOSED;
    let date = now.date_naive() + Days::new(after);
    clinic.add_closure.execute(&DEMO, NewClosure { date, name: ClosureName::parse(name)? }, keep, None)?;
    let (doctor, after, (start, end)) = EXTRA;
    let doctor = named(doctor)?;
    let date = doctor.rules().zone.date(now) + Days::new(after);
    clinic.set_override.execute(&DEMO, doctor.id(), date, &[Window::parse(start, end)?], keep)?;
    Ok(())
}

/// Patients who book, and some who think better of it.
struct Rush<'a> {
    clinic: &'a UseCases,
    patients: &'a [Patient],
    dice: Dice,
    bookings: usize,
    cancelled: usize,
}

impl Rush<'_> {
    /// Books some of the doctor's free time for visits of a type, or of no particular one.
    fn book(
        &mut self,
        doctor: &Doctor,
        range: DateRange,
        visit_type: Option<&VisitType>,
        reasons: &[&str],
        percent: u64,
    ) -> anyhow::Result<()> {
        let find = &self.clinic.find_availability;
        let seats = visit_type.map_or(1, |visit_type| visit_type.terms().footprint.capacity.get());
        let visit_type = visit_type.map(VisitType::id);
        let found = find.execute(&DEMO, doctor.id(), range, visit_type)?;
        for slot in found.days.iter().flat_map(Day::free) {
            for _ in 0..seats {
                if self.dice.says_yes(percent) {
                    let start = slot.span.start();
                    let reason = Some(Reason::parse(self.dice.pick::<&str>(reasons))?);
                    let patient = self.dice.pick(self.patients).id();
                    self.attempt(&Wanted {
                        doctor: doctor.id(),
                        patient,
                        start,
                        visit_type,
                        hold: None,
                        reason,
                        set_aside: None,
                    })?;
                }
            }
        }
        Ok(())
    }

    fn attempt(&mut self, wanted: &Wanted) -> anyhow::Result<()> {
        let booking = match self.clinic.book_slot.execute(&DEMO, wanted, None) {
            Ok(booking) => booking,
            Err(BookSlotError::PatientBusy) => return Ok(()),
            // Slots of one type may overlap: when one of them is booked, so may be the next.
            Err(BookSlotError::Refused(refused)) if refused.refusals.all() == [Refusal::SlotTaken] => return Ok(()),
            Err(error) => bail!(error),
        };
        self.bookings += 1;
        if self.dice.says_yes(6) {
            let reason = Reason::parse(self.dice.pick::<&str>(&CANCELLATIONS))?;
            let cancel = Cancellation { booking: booking.id(), reason, expected: None };
            self.clinic.cancel_booking.execute(&DEMO, &cancel)?;
            self.cancelled += 1;
        }
        Ok(())
    }
}

fn is_empty(clinic: &UseCases) -> anyhow::Result<bool> {
    let one = Limit::new(1)?;
    let doctors = clinic.list_doctors.execute(&DEMO, &DoctorFilter::default(), &PageRequest::first(one))?;
    let patients = clinic.list_patients.execute(&DEMO, &PatientFilter::default(), &PageRequest::first(one))?;
    let visit_types = clinic.list_visit_types.execute(&DEMO, &VisitTypeFilter::default(), &PageRequest::first(one))?;
    Ok(doctors.items.is_empty() && patients.items.is_empty() && visit_types.items.is_empty())
}

fn enter(clinic: &UseCases, demo: &DemoVisitType) -> anyhow::Result<VisitType> {
    let footprint = Footprint {
        before: Buffer::new(demo.buffer_before)?,
        after: Buffer::new(demo.buffer_after)?,
        capacity: Capacity::new(demo.capacity)?,
    };
    let terms = Terms {
        length: SlotLength::from_minutes(demo.minutes)?,
        step: demo.step_minutes.map(SlotLength::from_minutes).transpose()?,
        footprint,
        notice: Notice::new(demo.min_notice_minutes)?,
        horizon: demo.max_days_ahead.map(Horizon::new).transpose()?,
    };
    let new = NewVisitType { name: VisitTypeName::parse(demo.name)?, terms };
    Ok(clinic.add_visit_type.execute(&DEMO, new, None)?)
}

fn register(clinic: &UseCases, demo: &DemoDoctor, visit_types: &[VisitType]) -> anyhow::Result<Doctor> {
    let windows = demo
        .hours
        .iter()
        .flat_map(|(days, windows)| days.iter().flat_map(move |day| windows.iter().map(move |window| (*day, *window))))
        .map(|(day, (start, end))| Ok((day, Window::parse(start, end)?)))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let rules = Rules::new(demo.zone.parse()?)
        .with_weekly(Weekly::new(windows)?)
        .with_slot(SlotLength::from_minutes(demo.slot_minutes)?);
    let rules = match demo.offers {
        Some(names) => rules.with_visit_types(offered(names, visit_types)?),
        None => rules,
    };
    let new = NewDoctor {
        name: PersonName { first: Name::parse(demo.first)?, last: Name::parse(demo.last)? },
        specialty: Specialty::parse(demo.specialty)?,
        rules,
    };
    Ok(clinic.register_doctor.execute(&DEMO, new, None)?)
}

/// The ids of the visit types of these names.
fn offered(names: &[&str], visit_types: &[VisitType]) -> anyhow::Result<Vec<VisitTypeId>> {
    let find = |name: &str| visit_types.iter().find(|visit_type| visit_type.parts().name.as_str() == name);
    names.iter().map(|name| Ok(find(name).with_context(|| format!("no visit type {name}"))?.id())).collect()
}

fn admit(clinic: &UseCases, index: usize) -> anyhow::Result<Patient> {
    let first = FIRST_NAMES[index % FIRST_NAMES.len()];
    let last = LAST_NAMES[(index * 7 + index / FIRST_NAMES.len()) % LAST_NAMES.len()];
    let born =
        chrono::NaiveDate::from_yo_opt(1938 + i32::try_from(index * 13 % 80)?, 1 + u32::try_from(index * 37 % 365)?);
    let details = PatientDetails {
        name: PersonName { first: Name::parse(first)?, last: Name::parse(last)? },
        birth_date: born,
        email: Some(Email::parse(&format!("patient{index}@example.org"))?),
        phone: (!index.is_multiple_of(3)).then(|| Phone::parse(&format!("+49 30 5550 {index:03}"))).transpose()?,
        external_id: None,
    };
    Ok(clinic.register_patient.execute(&DEMO, details, None)?)
}

/// Numbers that look random and are the same every time (splitmix64), so that every demo looks alike.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn says_yes(&mut self, percent: u64) -> bool {
        self.roll() % 100 < percent
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[usize::try_from(self.roll() % from.len() as u64).unwrap_or(0)]
    }
}

#[cfg(test)]
mod tests {
    use doctor_booking_adapters_memory::MemoryStore;
    use doctor_booking_adapters_system::{SystemClock, UuidIds};
    use doctor_booking_domain::Booking;

    use super::*;

    #[test]
    fn an_empty_store_becomes_a_clinic_and_a_second_time_stays_as_it_is() {
        let stores = MemoryStore::new().stores();
        let fill = || fill(&stores, Arc::new(SystemClock), &(Arc::new(UuidIds) as _)).expect("it fills");
        let Filled::With { doctors, patients, visit_types, bookings, cancelled } = fill() else { panic!("was empty") };
        assert!(doctors >= 10 && patients >= 40 && bookings >= 300 && cancelled >= 5, "{bookings} bookings");
        assert!(visit_types >= 4, "{visit_types} visit types");
        assert_eq!(fill(), Filled::NotEmpty);
    }

    #[test]
    fn somebody_is_away_today_and_one_day_nobody_is_there() {
        let stores = MemoryStore::new().stores();
        fill(&stores, Arc::new(SystemClock), &(Arc::new(UuidIds) as _)).expect("it fills");
        let clinic = UseCases::new(&stores, &(Arc::new(SystemClock) as _), &(Arc::new(UuidIds) as _));
        let first = PageRequest::first(Limit::new(200).expect("a limit"));
        assert_eq!(
            clinic.list_closures.execute(&DEMO, &PageRequest::first(first.limit)).expect("listed").items.len(),
            1
        );
        let doctors = clinic.list_doctors.execute(&DEMO, &DoctorFilter::default(), &first).expect("listed").items;
        let is_away = |doctor: &&Doctor| {
            let found = clinic.list_time_off.execute(&DEMO, doctor.id(), &PageRequest::first(first.limit));
            let (zone, away) = found.expect("listed").expect("a doctor");
            away.items.iter().any(|away| zone.date(away.span.start()) == zone.date(SystemClock.now()))
        };
        assert_eq!(doctors.iter().filter(is_away).count(), 1);
    }

    #[test]
    fn every_type_is_offered_by_some_and_booked_and_somewhere_several_share_a_doctor() {
        let stores = MemoryStore::new().stores();
        fill(&stores, Arc::new(SystemClock), &(Arc::new(UuidIds) as _)).expect("it fills");
        let clinic = UseCases::new(&stores, &(Arc::new(SystemClock) as _), &(Arc::new(UuidIds) as _));
        let limit = Limit::new(200).expect("a limit");
        let all = VisitTypeFilter::default();
        let types = clinic.list_visit_types.execute(&DEMO, &all, &PageRequest::first(limit));
        let types = types.expect("listed").items;
        let mut bookings = vec![];
        let mut page = Some(PageRequest::first(limit));
        while let Some(wanted) = page {
            let found = clinic.list_bookings.execute(&DEMO, &BookingFilter::default(), &wanted);
            let found = found.expect("listed");
            page = found.next.map(|after| PageRequest { after: Some(after), limit });
            bookings.extend(found.items);
        }
        for status in [BookingStatus::Booked, BookingStatus::Fulfilled, BookingStatus::NoShow, BookingStatus::Cancelled]
        {
            assert!(bookings.iter().any(|booking| booking.status() == status), "nothing is {status:?}");
        }
        let ended = |booking: &&Booking| booking.span().end() <= SystemClock.now();
        assert!(bookings.iter().filter(ended).all(|booking| booking.status() != BookingStatus::Booked));
        for visit_type in types.iter().map(|visit_type| Some(visit_type.id())).chain([None]) {
            assert!(bookings.iter().filter(|booking| booking.parts().visit_type == visit_type).count() >= 10);
        }
        let live: Vec<_> = bookings.iter().filter(|booking| booking.status().is_live()).collect();
        let meets = |one: &Booking, other: &Booking| {
            let with_the_same = one.parts().doctor == other.parts().doctor && one.id() != other.id();
            with_the_same && one.span().overlaps(&other.span())
        };
        assert!(live.iter().any(|one| live.iter().any(|other| meets(one, other))), "nobody meets anybody");
    }
}
