//! What a test starts from, so that it shows only what matters to it.
//!
//! The parts are plain values with something unremarkable in every place: change what matters with
//! `DoctorParts { specialty, ..given::doctor() }` and put the result into the store with the methods of [`Fixture`].

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Utc, Weekday};
use doctor_booking_domain::{
    Action, Actor, AuditEntry, Author, Booking, BookingId, BookingParts, BookingStatus, Buffer, Busy, Calendar,
    CallerId, Capacity, Closure, ClosureId, ClosureName, Concerned, DateRange, Doctor, DoctorId, DoctorParts, Entry,
    EntryId, Exceptions, Footprint, Hold, HoldId, Impact, Name, Outcome, Patient, PatientDetails, PatientId,
    PatientParts, PersonName, Reason, Revision, Role, Rules, SeriesId, SlotLength, Span, Specialty, Terms, TimeOff,
    TimeOffId, Token, TokenDigest, TokenId, TokenName, VisitType, VisitTypeId, VisitTypeName, VisitTypeParts, WaitFor,
    WaitingId, WaitingParts, WaitingStatus, WebhookId, WebhookParts, WebhookSecret, WebhookUrl, Weekly, What, Who,
    Window, WorkingHours, Zone,
};
use doctor_booking_ports::{
    Along, BookingChange, Claim, ClosureChange, ClosureStep, ExceptionChange, IdempotencyKey, KeptAnswer, Limit,
    NewBooking, NewHold, Outlook, Page, PageRequest, RulesChange, SaveError, Snapshot, StoreBookingError,
    StoreHoldError, Unavailable,
};

use crate::Fixture;

/// Different every time, and spread over all bytes, so that no order by only some of them looks right.
fn bits() -> u128 {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let count = u128::from(COUNT.fetch_add(1, Ordering::Relaxed));
    // Odd, so the product runs through every 128-bit number before one comes again.
    count.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835)
}

/// An id no other doctor has.
#[must_use]
pub fn doctor_id() -> DoctorId {
    DoctorId::from_u128(bits())
}

/// An id no other patient has.
#[must_use]
pub fn patient_id() -> PatientId {
    PatientId::from_u128(bits())
}

/// An id no other booking has.
#[must_use]
pub fn booking_id() -> BookingId {
    BookingId::from_u128(bits())
}

/// An id no other time off has.
#[must_use]
pub fn time_off_id() -> TimeOffId {
    TimeOffId::from_u128(bits())
}

/// An id no other closure has.
#[must_use]
pub fn closure_id() -> ClosureId {
    ClosureId::from_u128(bits())
}

/// An id no other visit type has.
#[must_use]
pub fn visit_type_id() -> VisitTypeId {
    VisitTypeId::from_u128(bits())
}

/// An id no other hold has.
#[must_use]
pub fn hold_id() -> HoldId {
    HoldId::from_u128(bits())
}

/// An id no other series has.
#[must_use]
pub fn series_id() -> SeriesId {
    SeriesId::from_u128(bits())
}

/// A webhook that is not in the store yet, and wants to be told of everything.
#[must_use]
pub fn webhook() -> WebhookParts {
    WebhookParts {
        id: WebhookId::from_u128(bits()),
        url: WebhookUrl::parse("https://example.org/hook").expect("a URL"),
        events: None,
        secret: WebhookSecret::from_bytes([7; 32]),
        active: true,
        revision: Revision::FIRST,
        created_at: now(),
        updated_at: now(),
    }
}

/// A patient in line for the doctor, in January, who is not in the store yet.
#[must_use]
pub fn waiting(doctor: &Doctor, patient: &Patient) -> WaitingParts {
    WaitingParts {
        id: WaitingId::from_u128(bits()),
        patient: patient.id(),
        wanted: WaitFor::Doctor(doctor.id()),
        visit_type: None,
        dates: DateRange::new(january(1), january(31)).expect("forwards"),
        owner: caller_id(),
        since: now(),
        status: WaitingStatus::Waiting,
        revision: Revision::FIRST,
        created_at: now(),
        updated_at: now(),
    }
}

/// A token of the front desk that is not in the store yet, and never expires.
#[must_use]
pub fn token() -> Token {
    Token {
        id: token_id(),
        name: TokenName::parse("Front desk").expect("a name"),
        role: Role::FrontDesk,
        session_of: None,
        expires_at: None,
        revoked_at: None,
        last_used_at: None,
        created_by: None,
        created_at: now(),
    }
}

/// A session of the token that is not in the store yet, and lasts until ten hours after [`now`].
#[must_use]
pub fn session(of: &Token) -> Token {
    Token {
        id: token_id(),
        session_of: Some(of.id),
        expires_at: Some(now() + TimeDelta::hours(10)),
        created_by: Some(of.caller()),
        ..of.clone()
    }
}

/// An id no other token has.
#[must_use]
pub fn token_id() -> TokenId {
    TokenId::from_u128(bits())
}

/// A digest no other token has, of which no half says what the other is.
#[must_use]
pub fn digest() -> TokenDigest {
    let mut digest = [0; 32];
    digest[..16].copy_from_slice(&bits().to_be_bytes());
    digest[16..].copy_from_slice(&bits().to_be_bytes());
    TokenDigest::new(digest)
}

/// That somebody has seen the record of a patient, [`now`].
#[must_use]
pub fn line() -> AuditEntry {
    let seen = Concerned { patient: Some(patient_id()), ..Concerned::default() };
    let desk = Actor::new(caller_id(), Role::FrontDesk);
    AuditEntry::of(&desk, entry_id(), now(), (Action::ReadPatients, Outcome::Seen), seen)
}

/// An id no other entry has.
#[must_use]
pub fn entry_id() -> EntryId {
    EntryId::from_u128(bits())
}

/// A caller nobody else is.
#[must_use]
pub fn caller_id() -> CallerId {
    CallerId::from_u128(bits())
}

/// When everything is decided: weeks before [`monday`], at a moment with microseconds.
#[must_use]
pub fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2029, 12, 3, 9, 0, 0).single().expect("a moment") + TimeDelta::microseconds(123_456)
}

/// A moment after [`now`], when something is changed.
#[must_use]
pub fn later() -> DateTime<Utc> {
    now() + TimeDelta::minutes(5) + TimeDelta::microseconds(1)
}

/// A date in January 2030, whose 7th is a Monday.
#[must_use]
pub fn january(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2030, 1, day).expect("a date")
}

/// A time of Monday, 7 January 2030, in UTC.
#[must_use]
pub fn monday(hour: u32, minute: u32) -> DateTime<Utc> {
    january(7).and_hms_opt(hour, minute, 0).expect("a time").and_utc()
}

/// So many minutes from `start` on.
#[must_use]
pub fn stretch(start: DateTime<Utc>, minutes: i64) -> Span {
    Span::new(start, start + TimeDelta::minutes(minutes)).expect("forwards")
}

/// A person's name.
#[must_use]
pub fn name(first: &str, last: &str) -> PersonName {
    PersonName { first: Name::parse(first).expect("a name"), last: Name::parse(last).expect("a name") }
}

/// What a doctor does.
#[must_use]
pub fn specialty(text: &str) -> Specialty {
    Specialty::parse(text).expect("a specialty")
}

/// A reason.
#[must_use]
pub fn reason(text: &str) -> Reason {
    Reason::parse(text).expect("a reason")
}

/// A zone by its name.
#[must_use]
pub fn zone(name: &str) -> Zone {
    name.parse().expect("a known zone")
}

/// A page of at most so many items.
#[must_use]
pub fn limit(most: u16) -> Limit {
    Limit::new(most).expect("a limit")
}

/// The first page, as long as a page can be.
#[must_use]
pub fn whole<P>() -> PageRequest<P> {
    PageRequest::first(limit(Limit::MOST))
}

/// Every item of a list, read in pages of at most so many.
pub fn read_by<T, P: Ord>(most: u16, list: impl Fn(&PageRequest<P>) -> Result<Page<T, P>, Unavailable>) -> Vec<T> {
    let mut request = PageRequest::first(limit(most));
    let mut all = Vec::new();
    loop {
        let Page { items, next } = list(&request).expect("the store answers");
        assert!(items.len() <= usize::from(most), "a page is longer than was asked for");
        assert!(next.is_none() || items.len() == usize::from(most), "more follows a page that is not full");
        assert!(next.is_none() || next > request.after, "the next page would not begin any later");
        all.extend(items);
        if next.is_none() {
            return all;
        }
        request.after = next;
    }
}

/// A window between two times.
#[must_use]
pub fn window(start: &str, end: &str) -> Window {
    Window::parse(start, end).expect("a window")
}

/// A week with these windows.
#[must_use]
pub fn weekly(windows: &[(Weekday, &str, &str)]) -> Weekly {
    let windows = windows.iter().map(|&(day, start, end)| (day, window(start, end)));
    Weekly::new(windows).expect("no window overlaps another")
}

/// The same window from Monday to Friday.
#[must_use]
pub fn workdays(start: &str, end: &str) -> WorkingHours {
    let days = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
    WorkingHours::always(weekly(&days.map(|day| (day, start, end))))
}

/// The same window on every day.
#[must_use]
pub fn every_day(start: &str, end: &str) -> WorkingHours {
    let days = (0..7).map(|day| Weekday::try_from(day).expect("a day"));
    WorkingHours::always(weekly(&days.map(|day| (day, start, end)).collect::<Vec<_>>()))
}

/// Slots of an hour, from Monday to Friday between 8 and 18 o'clock UTC.
#[must_use]
pub fn rules() -> Rules {
    Rules::new(Zone::utc()).with_hours(workdays("08:00", "18:00"))
}

/// Slots of so many minutes.
#[must_use]
pub fn slot(minutes: u16) -> SlotLength {
    SlotLength::from_minutes(minutes).expect("a slot length")
}

/// A doctor who is not in the store yet, by [`rules`].
#[must_use]
pub fn doctor() -> DoctorParts {
    DoctorParts {
        id: doctor_id(),
        name: name("Miranda", "Bailey"),
        specialty: specialty("General surgery"),
        rules: rules(),
        revision: Revision::FIRST,
        created_at: now(),
        updated_at: now(),
    }
}

/// A doctor of this name who is not in the store yet.
#[must_use]
pub fn doctor_named(first: &str, last: &str) -> DoctorParts {
    DoctorParts { name: name(first, last), ..doctor() }
}

/// A patient who is not in the store yet.
#[must_use]
pub fn patient() -> PatientParts {
    patient_named("Katie", "Bryce")
}

/// A patient of this name who is not in the store yet, and of whom nothing else is known.
#[must_use]
pub fn patient_named(first: &str, last: &str) -> PatientParts {
    let name = name(first, last);
    PatientParts {
        id: patient_id(),
        details: PatientDetails { name, birth_date: None, email: None, phone: None, external_id: None },
        revision: Revision::FIRST,
        created_at: now(),
        updated_at: now(),
    }
}

/// A booking that is not in the store yet, at any time, whether the doctor offers it or not.
#[must_use]
pub fn booking(doctor: &Doctor, patient: &Patient, span: Span) -> BookingParts {
    BookingParts {
        id: booking_id(),
        doctor: doctor.id(),
        patient: patient.id(),
        span,
        visit_type: None,
        series: None,
        footprint: Footprint::default(),
        zone: doctor.rules().zone.clone(),
        status: BookingStatus::Booked,
        reason: None,
        cancel_reason: None,
        outside_hours: false,
        beside_others: false,
        revision: Revision::FIRST,
        created_at: now(),
        updated_at: now(),
    }
}

/// The booking as it is once cancelled.
#[must_use]
pub fn cancelled(booking: &Booking) -> Booking {
    booking.cancelled(reason("feels better"), later()).expect("it was booked").expect("it was not cancelled")
}

/// What a visit takes of a doctor who is shared by so many.
#[must_use]
pub fn shared_by(capacity: u8) -> Footprint {
    Footprint { capacity: Capacity::new(capacity).expect("a capacity"), ..Footprint::default() }
}

/// A buffer of so many minutes.
#[must_use]
pub fn buffer(minutes: u16) -> Buffer {
    Buffer::new(minutes).expect("a buffer")
}

/// Visits of this kind, which are not in the store yet: of half an hour, and nothing else is said about them.
#[must_use]
pub fn visit_type(name: &str) -> VisitTypeParts {
    VisitTypeParts {
        id: visit_type_id(),
        name: VisitTypeName::parse(name).expect("a name"),
        terms: Terms::plain(slot(30)),
        retired: false,
        revision: Revision::FIRST,
        created_at: now(),
        updated_at: now(),
    }
}

/// Visits of half an hour that take this of a doctor.
#[must_use]
pub fn of_footprint(footprint: Footprint) -> VisitType {
    let terms = Terms { footprint, ..Terms::plain(slot(30)) };
    VisitType::from_parts(VisitTypeParts { terms, ..visit_type("Group") }).expect("it can be booked")
}

/// The calendar of a doctor, by the doctor's rules, who is busy so.
#[must_use]
pub fn shared_calendar(doctor: &Doctor, busy: &[Busy]) -> Calendar {
    Calendar::new(doctor.id(), doctor.rules().clone(), busy.to_vec())
}

/// The week of [`monday`].
#[must_use]
pub fn january_week() -> DateRange {
    DateRange::new(january(6), january(12)).expect("forwards")
}

/// Who does everything, at [`now`].
#[must_use]
pub fn author() -> Author {
    Author { who: Who::Service, at: now(), why: None }
}

/// What the history tells of a booking.
#[must_use]
pub fn told(what: What, before: Option<&Booking>, after: &Booking) -> Entry {
    Entry::booking(entry_id(), what, before, after, &author())
}

/// A hold that is not in the store yet, of a caller of its own, from [`now`] on for five minutes.
#[must_use]
pub fn hold(doctor: &Doctor, span: Span) -> Hold {
    Hold {
        id: hold_id(),
        doctor: doctor.id(),
        span,
        visit_type: None,
        footprint: Footprint::default(),
        zone: doctor.rules().zone.clone(),
        owner: caller_id(),
        waiting: None,
        expires_at: now() + TimeDelta::minutes(5),
        created_at: now(),
    }
}

/// The answer of a request that may come again.
#[must_use]
pub fn answer(key: &str) -> KeptAnswer {
    let claim =
        Claim { caller: CallerId::from_u128(7), key: IdempotencyKey::parse(key).expect("a key"), fingerprint: [7; 32] };
    KeptAnswer { claim, status: 201, headers: vec![], body: b"{}".to_vec(), at: now() }
}

/// Time off that is not in the store yet.
#[must_use]
pub fn time_off(doctor: &Doctor, span: Span) -> TimeOff {
    TimeOff { id: time_off_id(), doctor: doctor.id(), span, reason: None, created_at: now() }
}

/// A date that has these windows of its own.
#[must_use]
pub fn override_of(date: NaiveDate, windows: &[(&str, &str)]) -> ExceptionChange {
    ExceptionChange::Override { date, windows: windows.iter().map(|&(start, end)| window(start, end)).collect() }
}

/// A closure that is not in the store yet.
#[must_use]
pub fn closure(date: NaiveDate) -> Closure {
    let name = ClosureName::parse("Staff outing").expect("a name");
    Closure { id: closure_id(), date, name, created_at: now() }
}

/// The change that makes the doctor what `becomes` says, decided on everything as it was `seen`.
#[must_use]
pub fn change(becomes: Doctor, seen: &Outlook) -> RulesChange {
    let Impact { marked, judged, .. } = Impact::of(&becomes, &seen.exceptions, &seen.upcoming, later());
    let along = Along::default();
    RulesChange { doctor: becomes, seen: seen.doctor.revision(), judged, marked, exception: None, along }
}

/// The change of something on single dates, decided on everything as it was `seen`; of time off that it takes away,
/// when that was.
#[must_use]
pub fn exception(what: ExceptionChange, taken_away: Option<Span>, seen: &Outlook) -> RulesChange {
    let mut exceptions = seen.exceptions.clone();
    match &what {
        ExceptionChange::Override { date, windows } => {
            exceptions.overrides = exceptions.overrides.with(*date, windows.clone());
        }
        ExceptionChange::NoOverride(date) => exceptions.overrides = exceptions.overrides.without(*date),
        ExceptionChange::TimeOff(away) => exceptions.time_off.push(away.span),
        ExceptionChange::NoTimeOff(_) => {
            exceptions = taken_away.into_iter().fold(exceptions, Exceptions::without_time_off);
        }
    }
    let doctor = seen.doctor.revised(later());
    let Impact { marked, judged, .. } = Impact::of(&doctor, &exceptions, &seen.upcoming, later());
    let along = Along::default();
    RulesChange { doctor, seen: seen.doctor.revision(), judged, marked, exception: Some(what), along }
}

/// The change by which a closure comes or goes, decided on everything as it was `seen`.
#[must_use]
pub fn closure_change(step: ClosureStep, seen: &[Outlook]) -> ClosureChange {
    let date = step.closure().date;
    let (mut doctors, mut bookings, mut holds, mut marked) = (vec![], vec![], vec![], vec![]);
    for outlook in seen {
        let mut exceptions = outlook.exceptions.clone();
        match step {
            ClosureStep::Add(_) => exceptions.closures.push(date),
            ClosureStep::Remove(_) => exceptions = exceptions.without_closure(date),
        }
        let impact = Impact::of(&outlook.doctor, &exceptions, &outlook.upcoming, later());
        doctors.push((outlook.doctor.id(), outlook.doctor.revision()));
        bookings.extend(impact.judged.bookings);
        holds.extend(impact.judged.holds);
        marked.extend(impact.marked);
    }
    ClosureChange { step, as_of: now(), doctors, bookings, holds, marked, along: Along::default() }
}

impl Fixture {
    /// A doctor in the store, by [`rules`].
    pub fn doctor(&self) -> Doctor {
        self.doctor_of(doctor())
    }

    /// A doctor made of these parts, in the store.
    pub fn doctor_of(&self, parts: DoctorParts) -> Doctor {
        let doctor = Doctor::from_parts(parts);
        self.doctors.add(&doctor, &Along::default()).expect("the doctor is added");
        doctor
    }

    /// A visit type made of these parts, in the store.
    pub fn visit_type_of(&self, parts: VisitTypeParts) -> VisitType {
        let visit_type = VisitType::from_parts(parts).expect("it can be booked");
        self.visit_types.add(&visit_type, &Along::default()).expect("the visit type is added");
        visit_type
    }

    /// This token, or session, in the store; its digest.
    pub fn token_of(&self, token: &Token) -> TokenDigest {
        let digest = digest();
        self.tokens.add(token, &digest, &Along::default()).expect("the token is added");
        digest
    }

    /// A patient in the store.
    pub fn patient(&self) -> Patient {
        self.patient_of(patient())
    }

    /// A patient made of these parts, in the store.
    pub fn patient_of(&self, parts: PatientParts) -> Patient {
        let patient = Patient::from_parts(parts);
        self.patients.add(&patient, &Along::default()).expect("the patient is added");
        patient
    }

    /// The doctor's calendar with everything around [`monday`].
    #[must_use]
    pub fn calendar(&self, doctor: &Doctor) -> Snapshot {
        self.calendar_around(doctor, january(7))
    }

    /// The doctor's calendar with everything around a date.
    #[must_use]
    pub fn calendar_around(&self, doctor: &Doctor, date: NaiveDate) -> Snapshot {
        let during = DateRange::day(date).reach();
        self.calendars.load(doctor.id(), during).expect("the store answers").expect("the doctor is there")
    }

    /// Whether the store's calendar offers a slot of the doctor at `start`.
    #[must_use]
    pub fn is_free(&self, doctor: &Doctor, start: DateTime<Utc>) -> bool {
        self.calendar_around(doctor, start.date_naive()).calendar.offer(start, now()).is_ok()
    }

    /// A booking that the doctor's calendar offers, with the rules it was decided on; it is not in the store yet.
    #[must_use]
    pub fn offered(&self, doctor: &Doctor, patient: &Patient, start: DateTime<Utc>) -> (Booking, Revision) {
        let Snapshot { calendar, rules } = self.calendar_around(doctor, start.date_naive());
        let offer = calendar.offer(start, now()).expect("a slot starts then, and is free");
        (offer.for_patient(booking_id(), patient.id(), None, now()), rules)
    }

    /// Stores a booking decided on these rules, with the entry that tells of it.
    ///
    /// # Errors
    ///
    /// As [`Bookings::store`](doctor_booking_ports::Bookings::store).
    pub fn put(&self, booking: &Booking, decided_on: Revision) -> Result<(), StoreBookingError> {
        let along = Along::entry(told(What::BookingCreated, None, booking));
        self.bookings.store(&NewBooking { booking: booking.clone(), decided_on, hold: None, along })
    }

    /// Stores where a booking stands, decided at its revision `seen`.
    ///
    /// # Errors
    ///
    /// As [`Bookings::save`](doctor_booking_ports::Bookings::save).
    pub fn save(&self, booking: &Booking, seen: Revision) -> Result<(), SaveError> {
        let along = Along::entry(told(What::BookingCancelled, None, booking));
        self.bookings.save(&BookingChange { booking: booking.clone(), seen, along })
    }

    /// Puts a booking into its place, decided at its revision `seen` and on the rules of the doctor.
    ///
    /// # Errors
    ///
    /// As [`Bookings::place`](doctor_booking_ports::Bookings::place).
    pub fn place(&self, booking: &Booking, seen: Revision, decided_on: Revision) -> Result<(), StoreBookingError> {
        let along = Along::entry(told(What::BookingMoved, None, booking));
        self.bookings.place(&BookingChange { booking: booking.clone(), seen, along }, decided_on)
    }

    /// Tries to hold a stretch for a caller, with whom nobody else has to do, until `expires_at`.
    ///
    /// # Errors
    ///
    /// As [`Holds::store`](doctor_booking_ports::Holds::store).
    pub fn try_hold(&self, hold: &Hold, decided_on: Revision) -> Result<(), StoreHoldError> {
        let along = Along::entry(Entry::hold(entry_id(), What::HoldCreated, hold, &author()));
        self.holds.store(&NewHold { hold: hold.clone(), decided_on, most: 3, along })
    }

    /// A hold in the store.
    pub fn held(&self, doctor: &Doctor, span: Span) -> Hold {
        let hold = hold(doctor, span);
        self.try_hold(&hold, doctor.revision()).expect("the hold is stored");
        hold
    }

    /// Makes a booking of a hold, at `now`.
    ///
    /// # Errors
    ///
    /// As [`Bookings::store`](doctor_booking_ports::Bookings::store).
    pub fn confirm(
        &self,
        hold: &Hold,
        patient: &Patient,
        decided_on: Revision,
        now: DateTime<Utc>,
    ) -> Result<Booking, StoreBookingError> {
        let booking = hold.for_patient(booking_id(), patient.id(), None, now);
        let along = Along::entry(told(What::BookingCreated, None, &booking));
        let new = NewBooking { booking, decided_on, hold: Some(hold.id), along };
        self.bookings.store(&new).map(|()| new.booking)
    }

    /// Everything in the store fits together.
    pub fn assert_consistent(&self) {
        assert_eq!(self.verification.verify(later()).expect("the store answers"), []);
    }

    /// A booking as a patient makes it: offered by the doctor's calendar, and in the store.
    pub fn booked(&self, doctor: &Doctor, patient: &Patient, start: DateTime<Utc>) -> Booking {
        let (booking, rules) = self.offered(doctor, patient, start);
        self.put(&booking, rules).expect("the booking is stored");
        booking
    }

    /// Tries to store a booking at any time, decided on the doctor's rules as given.
    ///
    /// # Errors
    ///
    /// As [`Bookings::store`](doctor_booking_ports::Bookings::store).
    pub fn try_book(&self, doctor: &Doctor, patient: &Patient, span: Span) -> Result<Booking, StoreBookingError> {
        let booking = Booking::from_parts(booking(doctor, patient, span));
        self.put(&booking, doctor.revision()).map(|()| booking)
    }

    /// Cancels the booking in the store.
    pub fn cancel(&self, booking: &Booking) {
        self.save(&cancelled(booking), booking.revision()).expect("the cancelled booking is saved");
    }

    /// Makes the doctor in the store what `becomes` says, decided on all bookings there are.
    pub fn change(&self, becomes: &Doctor) {
        let change = change(becomes.clone(), &self.seen(becomes));
        self.doctors.save(&change).expect("the change is saved");
    }

    /// The change of something on single dates of the doctor, decided on everything there is.
    #[must_use]
    pub fn exception(&self, doctor: &Doctor, what: ExceptionChange) -> RulesChange {
        let away = match what {
            ExceptionChange::NoTimeOff(id) => self.calendars.find_time_off(id).expect("the store answers"),
            _ => None,
        };
        exception(what, away.map(|away| away.span), &self.seen(doctor))
    }

    /// Changes something on single dates of the doctor in the store, decided on everything there is.
    pub fn except(&self, doctor: &Doctor, what: ExceptionChange) {
        self.doctors.save(&self.exception(doctor, what)).expect("the change is saved");
    }

    /// Time off in the store.
    pub fn away(&self, doctor: &Doctor, span: Span) -> TimeOff {
        let away = time_off(doctor, span);
        self.except(doctor, ExceptionChange::TimeOff(away.clone()));
        away
    }

    /// The change by which a closure comes or goes, decided on everything there is.
    #[must_use]
    pub fn closing(&self, step: ClosureStep) -> ClosureChange {
        let seen = self.closures.outlooks(step.closure().date, now()).expect("the store answers");
        closure_change(step, &seen)
    }

    /// A closure of a date in the store.
    pub fn closed(&self, date: NaiveDate) -> Closure {
        let closure = closure(date);
        self.closures.save(&self.closing(ClosureStep::Add(closure.clone()))).expect("the closure is saved");
        closure
    }

    /// Takes the closure out of the store.
    pub fn reopened(&self, closure: &Closure) {
        let change = self.closing(ClosureStep::Remove(closure.clone()));
        self.closures.save(&change).expect("the closure is removed");
    }

    /// The doctor with everything that is still to come after [`now`], as the store has it.
    #[must_use]
    pub fn seen(&self, doctor: &Doctor) -> Outlook {
        let found = self.doctors.outlook(doctor.id(), now()).expect("the store answers");
        found.expect("the doctor is there")
    }

    /// The booking as the store has it.
    #[must_use]
    pub fn found(&self, booking: &Booking) -> Option<Booking> {
        self.bookings.find(booking.id()).expect("the store answers")
    }
}
