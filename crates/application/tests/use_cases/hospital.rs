//! A hospital in memory, with a clock that stands where a test puts it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use chrono::{DateTime, NaiveDate, Utc, Weekday};
use doctor_booking_adapters_memory::MemoryStore;
use doctor_booking_application::{
    BookSlotError, Cancellation, ChangeOptions, Gate, IfAffected, Limit, NewDoctor, NewHours, NewVisitType,
    PageRequest, UseCases, Wanted, WantedHold, Week,
};
use doctor_booking_domain::{
    Actor, Booking, BookingId, CallerId, ClosureId, DateRange, Doctor, DoctorId, Entry, EntryId, Hold, HoldId,
    HoldTime, Name, Patient, PatientDetails, PatientId, PersonName, Reason, Role, Rules, SeriesId, SlotStatus,
    Specialty, Terms, TimeOffId, TokenId, VisitType, VisitTypeId, VisitTypeName, WaitingId, WebhookId, Weekly, Window,
};
use doctor_booking_ports::{Clock, Ids, Stores};

pub(crate) const ADMIN: Actor = Actor::administrator(CallerId::from_u128(1));
/// Somebody else, who may do as much.
pub(crate) const OTHER: Actor = Actor::administrator(CallerId::from_u128(2));

pub(crate) const REFUSE: ChangeOptions =
    ChangeOptions { expected: None, if_affected: IfAffected::Refuse, dry_run: false };
pub(crate) const KEEP: ChangeOptions = ChangeOptions { expected: None, if_affected: IfAffected::Keep, dry_run: false };
pub(crate) const DRY: ChangeOptions = ChangeOptions { expected: None, if_affected: IfAffected::Refuse, dry_run: true };

pub(crate) const MONDAY: &str = "2030-01-07";
/// When every test begins.
pub(crate) const NOW: &str = "2029-12-01T00:00:00Z";

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).expect("an instant").to_utc()
}

pub(crate) fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Monday, 7 January 2030, at the doctor's in New York.
pub(crate) fn monday(time: &str) -> DateTime<Utc> {
    at(&format!("2030-01-07T{time}:00-05:00"))
}

pub(crate) fn day(text: &str) -> DateRange {
    DateRange::day(date(text))
}

pub(crate) fn reason(text: &str) -> Reason {
    Reason::parse(text).expect("valid")
}

pub(crate) fn weekly(windows: &[(Weekday, &str, &str)]) -> Weekly {
    Weekly::new(windows.iter().map(|&(day, start, end)| (day, Window::parse(start, end).expect("valid"))))
        .expect("nothing overlaps")
}

/// Mondays from 8 to 11 and from 13 to 16, in New York.
pub(crate) fn founding_rules() -> Rules {
    let zone = "America/New_York".parse().expect("known");
    Rules::new(zone).with_weekly(weekly(&[(Weekday::Mon, "08:00", "11:00"), (Weekday::Mon, "13:00", "16:00")]))
}

fn name(first: &str, last: &str) -> PersonName {
    PersonName { first: Name::parse(first).expect("valid"), last: Name::parse(last).expect("valid") }
}

pub(crate) fn jon_snow() -> NewDoctor {
    let specialty = Specialty::parse("cardiology").expect("valid");
    NewDoctor { name: name("Jon", "Snow"), specialty, rules: founding_rules() }
}

pub(crate) fn arya() -> PatientDetails {
    PatientDetails { name: name("Arya", "Stark"), birth_date: None, email: None, phone: None, external_id: None }
}

/// Stands where it is put; at first on 1 December 2029.
pub(crate) struct Standing(AtomicI64);

impl Standing {
    fn put(&self, now: DateTime<Utc>) {
        self.0.store(now.timestamp_micros(), Ordering::Relaxed);
    }
}

impl Default for Standing {
    fn default() -> Self {
        Self(AtomicI64::new(at(NOW).timestamp_micros()))
    }
}

impl Clock for Standing {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::Relaxed)).expect("in range")
    }
}

/// 1, 2, 3, …
#[derive(Default)]
pub(crate) struct Counting(AtomicU64);

impl Counting {
    fn next(&self) -> u128 {
        u128::from(self.0.fetch_add(1, Ordering::Relaxed)) + 1
    }
}

impl Ids for Counting {
    fn doctor(&self) -> DoctorId {
        DoctorId::from_u128(self.next())
    }

    fn patient(&self) -> PatientId {
        PatientId::from_u128(self.next())
    }

    fn booking(&self) -> BookingId {
        BookingId::from_u128(self.next())
    }

    fn time_off(&self) -> TimeOffId {
        TimeOffId::from_u128(self.next())
    }

    fn closure(&self) -> ClosureId {
        ClosureId::from_u128(self.next())
    }

    fn visit_type(&self) -> VisitTypeId {
        VisitTypeId::from_u128(self.next())
    }

    fn hold(&self) -> HoldId {
        HoldId::from_u128(self.next())
    }

    fn series(&self) -> SeriesId {
        SeriesId::from_u128(self.next())
    }

    fn waiting(&self) -> WaitingId {
        WaitingId::from_u128(self.next())
    }

    fn webhook(&self) -> WebhookId {
        WebhookId::from_u128(self.next())
    }

    fn token(&self) -> TokenId {
        TokenId::from_u128(self.next())
    }

    fn secret(&self) -> [u8; 32] {
        let mut secret = [7; 32];
        secret[..16].copy_from_slice(&self.next().to_be_bytes());
        secret
    }

    fn entry(&self) -> EntryId {
        EntryId::from_u128(self.next())
    }
}

pub(crate) struct Hospital {
    pub(crate) stores: Stores,
    pub(crate) does: UseCases,
    clock: Arc<Standing>,
}

impl Hospital {
    pub(crate) fn new() -> Self {
        let (stores, clock) = (MemoryStore::new().stores(), Arc::new(Standing::default()));
        let does = UseCases::new(&stores, &(Arc::clone(&clock) as _), &(Arc::new(Counting::default()) as _));
        Self { stores, does, clock }
    }

    /// Moves the clock.
    pub(crate) fn it_is(&self, now: DateTime<Utc>) {
        self.clock.put(now);
    }

    pub(crate) fn doctor(&self) -> Doctor {
        self.does.register_doctor.execute(&ADMIN, jon_snow(), None).expect("registered")
    }

    pub(crate) fn patient(&self) -> Patient {
        self.does.register_patient.execute(&ADMIN, arya(), None).expect("registered")
    }

    pub(crate) fn visit_type(&self, terms: Terms) -> VisitType {
        let new = NewVisitType { name: VisitTypeName::parse("Check-up").expect("a name"), terms };
        self.does.add_visit_type.execute(&ADMIN, new, None).expect("added")
    }

    pub(crate) fn book(&self, doctor: &Doctor, patient: &Patient, start: DateTime<Utc>) -> Booking {
        self.does.book_slot.execute(&ADMIN, &wanted(doctor, patient, start), None).expect("booked")
    }

    pub(crate) fn cancel(&self, booking: &Booking) -> Booking {
        let cancel = Cancellation { booking: booking.id(), reason: reason("feels better"), expected: None };
        self.does.cancel_booking.execute(&ADMIN, &cancel).expect("cancelled")
    }

    /// The booking as it is now.
    pub(crate) fn find(&self, booking: &Booking) -> Booking {
        self.does.find_booking.execute(&ADMIN, booking.id()).expect("found").expect("there")
    }

    /// Holds a slot for five minutes.
    pub(crate) fn hold(&self, who: &Actor, doctor: &Doctor, start: DateTime<Utc>) -> Hold {
        self.does.hold_slot.execute(who, wanted_hold(doctor, start), None).expect("held")
    }

    /// Books what is held.
    pub(crate) fn confirm(&self, who: &Actor, hold: &Hold, patient: &Patient) -> Result<Booking, BookSlotError> {
        self.does.book_slot.execute(who, &wanted_of(hold, patient), None)
    }

    /// From now on, for all dates: Mondays from 8 to 11.
    pub(crate) fn mornings_only(&self, doctor: &Doctor, options: ChangeOptions) {
        self.does.update_working_hours.execute(&ADMIN, doctor.id(), &mornings_only(), options).expect("changed");
    }

    pub(crate) fn statuses_on(&self, doctor: &Doctor, text: &str) -> Vec<SlotStatus> {
        let found = self.does.find_availability.execute(&ADMIN, doctor.id(), day(text), None).expect("found");
        found.days[0].slots.iter().map(|slot| slot.status).collect()
    }

    pub(crate) fn free_on(&self, doctor: &Doctor, text: &str) -> usize {
        let found = self.does.find_availability.execute(&ADMIN, doctor.id(), day(text), None).expect("found");
        found.days[0].free_count()
    }

    /// What the history tells of a booking.
    pub(crate) fn told_of(&self, booking: &Booking) -> Vec<Entry> {
        let told = self.does.find_booking_history.execute(&ADMIN, booking.id(), &first_page());
        told.expect("found").expect("there").items
    }

    /// What the history tells of a doctor's rules.
    pub(crate) fn told_of_rules(&self, doctor: &Doctor) -> Vec<Entry> {
        let told = self.does.find_doctor_history.execute(&ADMIN, doctor.id(), &first_page());
        told.expect("found").expect("there").items
    }
}

pub(crate) fn first_page<P>() -> PageRequest<P> {
    PageRequest::first(Limit::default())
}

pub(crate) fn mornings_only() -> NewHours {
    NewHours { effective_from: None, week: Week::Whole(weekly(&[(Weekday::Mon, "08:00", "11:00")])) }
}

pub(crate) fn wanted(doctor: &Doctor, patient: &Patient, start: DateTime<Utc>) -> Wanted {
    Wanted {
        doctor: doctor.id(),
        patient: patient.id(),
        start,
        visit_type: None,
        hold: None,
        reason: None,
        set_aside: None,
    }
}

pub(crate) fn wanted_hold(doctor: &Doctor, start: DateTime<Utc>) -> WantedHold {
    WantedHold { doctor: doctor.id(), start, visit_type: None, time: HoldTime::default() }
}

/// The booking of what is held, without saying of what type.
pub(crate) fn wanted_of(hold: &Hold, patient: &Patient) -> Wanted {
    let Hold { id, doctor, span, .. } = *hold;
    Wanted {
        doctor,
        patient: patient.id(),
        start: span.start(),
        visit_type: None,
        hold: Some(id),
        reason: None,
        set_aside: None,
    }
}

/// A gate that writes into a log which nobody reads.
pub(crate) fn gate() -> Gate {
    let audit = MemoryStore::new().stores().audit;
    Gate::new(audit, Arc::new(Standing::default()), Arc::new(Counting::default()))
}

/// The patient, asking for himself or herself.
pub(crate) fn patient_of(patient: &Patient) -> Actor {
    let role = Role::Patient(patient.id());
    Actor::new(CallerId::of(role).expect("a patient is a caller"), role)
}
