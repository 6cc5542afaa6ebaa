//! What has happened: who changed what, when and why, and what it was before.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};

use crate::{
    Actor, Booking, BookingId, BookingParts, BookingStatus, CallerId, Closure, Doctor, DoctorId, EntryId, Hold,
    LeadTime, OfferedTypes, Overrides, PatientId, Reason, RuleName, SetAside, TimeOff, WaitFor, Waiting, WaitingParts,
    WaitingStatus, Window, Zone,
};

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// A caller.
    Caller(CallerId),
    /// The service by itself.
    Service,
}

impl From<&Actor> for Who {
    fn from(actor: &Actor) -> Self {
        Self::Caller(actor.caller)
    }
}

macro_rules! what {
    ($($name:ident $text:literal $doc:literal)+) => {
        /// What has happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum What {
            $(#[doc = $doc] $name,)+
        }

        impl What {
            /// Everything that can happen.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its name, as stores and front ends write it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// What has this name.
            #[must_use]
            pub fn find(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|what| what.as_str() == name)
            }
        }
    };
}

what! {
    BookingCreated "booking.created" "A slot was booked."
    BookingMoved "booking.moved" "A booking was moved to another slot."
    BookingCancelled "booking.cancelled" "A booking was cancelled."
    BookingReinstated "booking.reinstated" "A cancelled booking will take place after all."
    BookingArrived "booking.arrived" "The patient of a booking is there."
    BookingFulfilled "booking.fulfilled" "The visit has taken place."
    BookingNoShow "booking.no-show" "The patient of a booking did not come."
    BookingMarked "booking.marked" "A change of rules left a booking outside working hours, or inside again."
    BookingReminder "booking.reminder" "A visit begins soon: the patient should be reminded."
    WaitlistJoined "waitlist.joined" "A patient waits for a slot."
    WaitlistOffered "waitlist.offered" "A slot is held for a patient who waits."
    WaitlistLeft "waitlist.left" "A patient waits no longer, without having booked."
    HoldCreated "hold.created" "A slot is held for somebody."
    HoldReleased "hold.released" "A slot is no longer held."
    DoctorCreated "doctor.created" "A doctor was registered."
    DoctorChanged "doctor.changed" "Something about a doctor, or about when the doctor can be booked, has changed."
    HoursChanged "hours.changed" "A doctor's working hours have changed."
    OverrideSet "override.set" "A date of a doctor's has hours of its own."
    OverrideRemoved "override.removed" "A date of a doctor's has the week's hours again."
    TimeOffAdded "time-off.added" "A doctor will be away."
    TimeOffRemoved "time-off.removed" "A doctor will not be away after all."
    ClosureAdded "closure.added" "The whole hospital will be closed on a date."
    ClosureRemoved "closure.removed" "The hospital will be open on a date after all."
}

/// What is known about something, by the names that front ends use: never empty texts, never names of patients.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Facts(BTreeMap<String, String>);

impl Facts {
    /// Every fact with its name, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, fact)| (name.as_str(), fact.as_str()))
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn put(&mut self, name: impl Into<String>, fact: impl Into<String>) {
        let fact = fact.into();
        if !fact.is_empty() {
            self.0.insert(name.into(), fact);
        }
    }

    /// Before and after, of something that is gone, or has come.
    fn of_what(self, is_gone: bool) -> (Self, Self) {
        if is_gone { (self, Self::default()) } else { (Self::default(), self) }
    }

    /// What of it is not the same in the other.
    fn beside(&self, other: &Self) -> Self {
        let differs = |(name, fact): &(&String, &String)| other.0.get(*name) != Some(*fact);
        Self(self.0.iter().filter(differs).map(|(name, fact)| (name.clone(), fact.clone())).collect())
    }
}

impl<N: Into<String>, F: Into<String>> FromIterator<(N, F)> for Facts {
    fn from_iter<I: IntoIterator<Item = (N, F)>>(facts: I) -> Self {
        let mut all = Self::default();
        for (name, fact) in facts {
            all.put(name, fact);
        }
        all
    }
}

/// One thing that has happened. It is written together with what it tells of, and never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which entry. Ids sort by time.
    pub id: EntryId,
    /// What has happened.
    pub what: What,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub who: Who,
    /// Why, in a person's words.
    pub why: Option<Reason>,
    /// The doctor whom it concerns; `None`: all.
    pub doctor: Option<DoctorId>,
    /// The patient whom it concerns.
    pub patient: Option<PatientId>,
    /// The booking that it tells of.
    pub booking: Option<BookingId>,
    /// What was before, of what has changed; empty where something new was made.
    pub before: Facts,
    /// What is now, of what has changed; empty where something was taken away.
    pub after: Facts,
}

/// Who did something, when, and why: what all entries about one change have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// Who.
    pub who: Who,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub why: Option<Reason>,
}

impl Entry {
    /// That a booking was made, or has changed.
    #[must_use]
    pub fn booking(id: EntryId, what: What, before: Option<&Booking>, after: &Booking, by: &Author) -> Self {
        let now = booking_facts(after);
        let then = before.map(booking_facts).unwrap_or_default();
        let BookingParts { id: booking, doctor, patient, .. } = *after.parts();
        let entry = Self::new(id, what, then.beside(&now), now.beside(&then), by);
        Self { doctor: Some(doctor), patient: Some(patient), booking: Some(booking), ..entry }
    }

    /// The entry as a doctor may know it: when and where a visit was with somebody else is not among it.
    #[must_use]
    pub fn as_told_to(mut self, doctor: DoctorId) -> Self {
        let is_with_other = |facts: &Facts| {
            let mut with = facts.iter().filter(|(name, _)| *name == "doctorId");
            with.any(|(_, id)| id.parse() != Ok(doctor))
        };
        let is_others = self.doctor.is_some_and(|of| of != doctor);
        if is_others || is_with_other(&self.before) {
            self.before = Facts::default();
        }
        if is_others || is_with_other(&self.after) {
            self.after = Facts::default();
        }
        self
    }

    /// Whether something may be free since, or no longer, that was not before.
    #[must_use]
    pub fn changes_what_is_free(&self) -> bool {
        // Who leaves the line leaves something free only where it was held.
        let frees = self.what != What::WaitlistLeft || self.before.iter().any(|(name, _)| name == "holdId");
        frees && self.what.changes_what_is_free()
    }

    /// The doctor with whom a booking was before it was moved to the one whom the entry concerns.
    #[must_use]
    pub fn moved_from(&self) -> Option<DoctorId> {
        let (_, id) = self.before.iter().find(|(name, _)| self.what == What::BookingMoved && *name == "doctorId")?;
        id.parse().ok()
    }

    /// The entry of what could only be done since rules were set aside: which, and why. Where there was another reason to
    /// do it at all, it becomes a fact.
    #[must_use]
    pub fn setting_aside(mut self, set_aside: &SetAside) -> Self {
        let rules: Vec<_> = set_aside.rules().map(RuleName::as_str).collect();
        self.after.put("rulesSetAside", rules.join(" "));
        if let Some(why) = self.why.replace(set_aside.reason().clone()) {
            self.after.put("changeReason", why.as_str());
        }
        self
    }

    /// That it is time to remind of a booking.
    #[must_use]
    pub fn reminder(id: EntryId, booking: &Booking, lead: LeadTime, by: &Author) -> Self {
        let entry = Self::booking(id, What::BookingReminder, None, booking, by);
        let mut after = entry.after;
        after.put("leadMinutes", lead.minutes().to_string());
        Self { after, ..entry }
    }

    /// That a slot is held, or no longer is.
    #[must_use]
    pub fn hold(id: EntryId, what: What, hold: &Hold, by: &Author) -> Self {
        let mut facts = hold_facts(hold);
        facts.put("visitType", hold.visit_type.map(|id| id.to_string()).unwrap_or_default());
        let (before, after) = facts.of_what(what != What::HoldCreated);
        Self { doctor: Some(hold.doctor), ..Self::new(id, what, before, after, by) }
    }

    /// That a patient is put in line, is offered a slot, or leaves.
    #[must_use]
    pub fn waiting(id: EntryId, what: What, waiting: &Waiting, offer: Option<&Hold>, by: &Author) -> Self {
        let WaitingParts { id: waiting_id, patient, wanted, visit_type, dates, .. } = waiting.parts();
        let mut facts: Facts = [
            ("waitingId", waiting_id.to_string()),
            ("patientId", patient.to_string()),
            ("from", dates.from().to_string()),
            ("to", dates.to().to_string()),
        ]
        .into_iter()
        .collect();
        facts.put("visitType", visit_type.map(|id| id.to_string()).unwrap_or_default());
        if let (What::WaitlistLeft, WaitingStatus::Offered { hold, .. }) = (what, waiting.parts().status) {
            facts.put("holdId", hold.to_string());
        }
        let doctor = match wanted {
            WaitFor::Doctor(doctor) => Some(*doctor),
            WaitFor::Specialty(specialty) => {
                facts.put("specialty", specialty.as_str());
                None
            }
        };
        if let Some(hold) = offer {
            facts.0.extend(hold_facts(hold).0);
        }
        let doctor = offer.map(|hold| hold.doctor).or(doctor);
        facts.put("doctorId", doctor.map(|id| id.to_string()).unwrap_or_default());
        let (before, after) = facts.of_what(what == What::WaitlistLeft);
        Self { doctor, patient: Some(*patient), ..Self::new(id, what, before, after, by) }
    }

    /// That a doctor was registered, or has changed: hours, or anything else.
    #[must_use]
    pub fn doctor(id: EntryId, before: Option<&Doctor>, after: &Doctor, by: &Author) -> Self {
        let now = doctor_facts(after);
        let then = before.map(doctor_facts).unwrap_or_default();
        let what = match before {
            None => What::DoctorCreated,
            Some(before) if before.rules().hours != after.rules().hours => What::HoursChanged,
            Some(_) => What::DoctorChanged,
        };
        let entry = Self::new(id, what, then.beside(&now), now.beside(&then), by);
        Self { doctor: Some(after.id()), ..entry }
    }

    /// That a date has windows of its own, or others, or none of its own any more.
    #[must_use]
    pub fn overrides(
        id: EntryId,
        doctor: DoctorId,
        date: chrono::NaiveDate,
        before: &Overrides,
        after: &Overrides,
        by: &Author,
    ) -> Self {
        let facts = |overrides: &Overrides| -> Facts {
            let windows = overrides.on(date);
            let windows = windows.map(|windows| if windows.is_empty() { "closed".to_owned() } else { texts(windows) });
            windows.map(|windows| [("date", date.to_string()), ("windows", windows)]).into_iter().flatten().collect()
        };
        let what = if after.on(date).is_some() { What::OverrideSet } else { What::OverrideRemoved };
        Self { doctor: Some(doctor), ..Self::new(id, what, facts(before), facts(after), by) }
    }

    /// That a doctor will be away, or will not.
    #[must_use]
    pub fn time_off(id: EntryId, what: What, away: &TimeOff, zone: &Zone, by: &Author) -> Self {
        let mut facts: Facts = [
            ("timeOffId", away.id.to_string()),
            ("start", local(away.span.start(), zone)),
            ("end", local(away.span.end(), zone)),
        ]
        .into_iter()
        .collect();
        facts.put("reason", away.reason.as_ref().map(Reason::as_str).unwrap_or_default());
        let (before, after) = facts.of_what(what != What::TimeOffAdded);
        Self { doctor: Some(away.doctor), ..Self::new(id, what, before, after, by) }
    }

    /// That the hospital will be closed, or will not.
    #[must_use]
    pub fn closure(id: EntryId, what: What, closure: &Closure, by: &Author) -> Self {
        let facts: Facts = [
            ("closureId", closure.id.to_string()),
            ("date", closure.date.to_string()),
            ("name", closure.name.as_str().to_owned()),
        ]
        .into_iter()
        .collect();
        let (before, after) = facts.of_what(what != What::ClosureAdded);
        Self::new(id, what, before, after, by)
    }

    fn new(id: EntryId, what: What, before: Facts, after: Facts, by: &Author) -> Self {
        let Author { who, at, why } = by.clone();
        Self { id, what, at, who, why, doctor: None, patient: None, booking: None, before, after }
    }
}

fn hold_facts(hold: &Hold) -> Facts {
    [
        ("holdId", hold.id.to_string()),
        ("start", local(hold.span.start(), &hold.zone)),
        ("end", local(hold.span.end(), &hold.zone)),
        ("expiresAt", local(hold.expires_at, &hold.zone)),
    ]
    .into_iter()
    .collect()
}

fn booking_facts(booking: &Booking) -> Facts {
    let BookingParts { doctor, span, visit_type, series, zone, status, reason, cancel_reason, outside_hours, .. } =
        booking.parts();
    let text = |reason: &Option<Reason>| reason.as_ref().map(|reason| reason.as_str().to_owned()).unwrap_or_default();
    let status: BookingStatus = *status;
    [
        ("doctorId", doctor.to_string()),
        ("patientId", booking.parts().patient.to_string()),
        ("start", local(span.start(), zone)),
        ("end", local(span.end(), zone)),
        ("timeZone", zone.name().to_owned()),
        ("visitType", visit_type.map(|id| id.to_string()).unwrap_or_default()),
        ("seriesId", series.map(|id| id.to_string()).unwrap_or_default()),
        ("status", status.as_str().to_owned()),
        ("reason", text(reason)),
        ("cancelReason", text(cancel_reason)),
        ("outsideHours", outside_hours.to_string()),
    ]
    .into_iter()
    .collect()
}

fn doctor_facts(doctor: &Doctor) -> Facts {
    let rules = doctor.rules();
    let visit_types = match &rules.visit_types {
        OfferedTypes::All => "all".to_owned(),
        OfferedTypes::Only(these) if these.is_empty() => "none".to_owned(),
        OfferedTypes::Only(these) => these.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
    };
    let mut facts: Facts = [
        ("firstName", doctor.name().first.as_str().to_owned()),
        ("lastName", doctor.name().last.as_str().to_owned()),
        ("specialty", doctor.specialty().as_str().to_owned()),
        ("timeZone", rules.zone.name().to_owned()),
        ("slotMinutes", rules.slot.minutes().to_string()),
        ("visitTypes", visit_types),
        ("active", rules.active.to_string()),
    ]
    .into_iter()
    .collect();
    for version in rules.hours.versions() {
        let from = version.effective_from().map_or_else(|| "since ever".to_owned(), |date| format!("from {date}"));
        let days = version.weekly().days().filter(|(_, windows)| !windows.is_empty());
        let days: Vec<_> = days.map(|(day, windows)| format!("{day} {}", texts(windows))).collect();
        facts.put(
            format!("workingHours {from}"),
            if days.is_empty() { "not worked".to_owned() } else { days.join(", ") },
        );
    }
    facts
}

fn texts(windows: &[Window]) -> String {
    let text = |window: &Window| format!("{}–{}", window.start(), window.end());
    windows.iter().map(text).collect::<Vec<_>>().join(" ")
}

/// An instant with the offset that the zone has then.
fn local(instant: DateTime<Utc>, zone: &Zone) -> String {
    zone.local(instant).to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, TimeDelta, TimeZone, Weekday};

    use super::*;
    use crate::{
        Calendar, ClosureId, ClosureName, DoctorAmendment, HoldId, Name, PersonName, Revision, Rules, Span, Specialty,
        TimeOffId, VisitTypeId, Weekly, WorkingHours,
    };

    fn now() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2029, 12, 1, 0, 0, 0).unwrap()
    }

    fn id() -> EntryId {
        EntryId::from_u128(7)
    }

    fn by(why: Option<&str>) -> Author {
        let who = Who::from(&Actor::administrator(CallerId::from_u128(3)));
        Author { who, at: now(), why: why.map(reason) }
    }

    fn reason(text: &str) -> Reason {
        Reason::parse(text).expect("valid")
    }

    fn facts(of: &[(&str, &str)]) -> Facts {
        of.iter().copied().collect()
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn window(start: &str, end: &str) -> Window {
        Window::parse(start, end).expect("valid")
    }

    fn week(windows: &[(Weekday, &str, &str)]) -> Weekly {
        Weekly::new(windows.iter().map(|&(day, start, end)| (day, window(start, end)))).expect("nothing overlaps")
    }

    fn new_york() -> Zone {
        "America/New_York".parse().expect("known")
    }

    fn doctor() -> Doctor {
        let name = PersonName { first: Name::parse("Jon").expect("valid"), last: Name::parse("Snow").expect("valid") };
        let hours =
            [(Weekday::Mon, "08:00", "11:00"), (Weekday::Mon, "13:00", "16:00"), (Weekday::Fri, "22:00", "06:00")];
        let rules = Rules::new(new_york()).with_weekly(week(&hours));
        Doctor::register(DoctorId::from_u128(1), name, Specialty::parse("cardiology").expect("valid"), rules, now())
    }

    /// A time of Monday, 7 January 2030, in New York.
    fn monday(hour: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2030, 1, 7, hour + 5, 0, 0).unwrap()
    }

    fn calendar() -> Calendar {
        Calendar::new(doctor().id(), doctor().rules().clone(), vec![])
    }

    fn booking() -> Booking {
        let offer = calendar().offer(monday(9), now()).expect("it is free");
        offer.for_patient(BookingId::from_u128(2), PatientId::from_u128(4), Some(reason("headaches")), now())
    }

    #[test]
    fn which_rules_were_set_aside_and_why_is_told_beside_another_reason() {
        let rules = [RuleName::PatientBusy, RuleName::OffGrid];
        let set_aside = SetAside::new(rules, reason("an emergency")).expect("two rules");
        let told = |why| Entry::booking(id(), What::BookingMoved, Some(&booking()), &booking(), &by(why));
        let entry = told(None).setting_aside(&set_aside);
        assert_eq!(
            (entry.why, entry.after),
            (Some(reason("an emergency")), facts(&[("rulesSetAside", "off-grid patient-busy")]))
        );
        let entry = told(Some("a mistake")).setting_aside(&set_aside);
        let after = [("changeReason", "a mistake"), ("rulesSetAside", "off-grid patient-busy")];
        assert_eq!((entry.why, entry.after), (Some(reason("an emergency")), facts(&after)));
    }

    #[test]
    fn what_has_happened_is_found_by_its_name_which_nothing_else_has() {
        for &what in What::ALL {
            assert_eq!(What::find(what.as_str()), Some(what));
            let fits = |c: char| c.is_ascii_lowercase() || matches!(c, '.' | '-');
            assert!(what.as_str().chars().all(fits), "{}", what.as_str());
        }
        assert_eq!((What::find("booking.created"), What::find("Booking.Created")), (Some(What::BookingCreated), None));
        assert_eq!((What::find(""), What::find("booking")), (None, None));
        assert_eq!(What::BookingNoShow.as_str(), "booking.no-show");
    }

    #[test]
    fn facts_never_hold_an_empty_text() {
        let some = facts(&[("reason", ""), ("status", "booked")]);
        assert_eq!(some.iter().collect::<Vec<_>>(), [("status", "booked")]);
        assert!(facts(&[("reason", "")]).is_empty() && !some.is_empty());
        let entry = Entry::booking(id(), What::BookingCreated, None, &booking(), &by(None));
        assert!(entry.after.iter().all(|(name, fact)| !name.is_empty() && !fact.is_empty()));
        let missing = ["visitType", "cancelReason"];
        assert!(entry.after.iter().all(|(name, _)| !missing.contains(&name)), "{entry:?}");
    }

    #[test]
    fn facts_are_in_the_order_of_their_names_and_the_last_of_a_name_counts() {
        let some = facts(&[("b", "1"), ("a", "2"), ("b", "3")]);
        assert_eq!(some.iter().collect::<Vec<_>>(), [("a", "2"), ("b", "3")]);
    }

    #[test]
    fn a_booking_that_was_made_is_told_on_the_clock_on_which_it_was_agreed() {
        let entry = Entry::booking(id(), What::BookingCreated, None, &booking(), &by(Some("by phone")));
        let expected = Entry {
            id: id(),
            what: What::BookingCreated,
            at: now(),
            who: Who::Caller(CallerId::from_u128(3)),
            why: Some(reason("by phone")),
            doctor: Some(doctor().id()),
            patient: Some(PatientId::from_u128(4)),
            booking: Some(BookingId::from_u128(2)),
            before: Facts::default(),
            after: facts(&[
                ("doctorId", &doctor().id().to_string()),
                ("patientId", &PatientId::from_u128(4).to_string()),
                ("start", "2030-01-07T09:00:00-05:00"),
                ("end", "2030-01-07T10:00:00-05:00"),
                ("timeZone", "America/New_York"),
                ("status", "booked"),
                ("reason", "headaches"),
                ("outsideHours", "false"),
            ]),
        };
        assert_eq!(entry, expected);
    }

    #[test]
    fn of_a_booking_that_moved_only_what_changed_is_told_before_and_after() {
        let later = calendar().offer(monday(13), now()).expect("it is free");
        let moved = booking().moved(&later, now()).expect("it is booked");
        let entry = Entry::booking(id(), What::BookingMoved, Some(&booking()), &moved, &by(None));
        assert_eq!(
            entry.before,
            facts(&[("start", "2030-01-07T09:00:00-05:00"), ("end", "2030-01-07T10:00:00-05:00")])
        );
        assert_eq!(entry.after, facts(&[("start", "2030-01-07T13:00:00-05:00"), ("end", "2030-01-07T14:00:00-05:00")]));
        assert_eq!(entry.moved_from(), None);
    }

    #[test]
    fn a_booking_that_moved_to_another_doctor_concerns_the_one_whom_it_is_with_now() {
        let rules = Rules { zone: "Europe/Berlin".parse().expect("known"), ..doctor().rules().clone() };
        let other = Calendar::new(DoctorId::from_u128(9), rules, vec![]);
        let eight = other.offer(Utc.with_ymd_and_hms(2030, 1, 7, 7, 0, 0).unwrap(), now()).expect("it is free");
        let moved = booking().moved(&eight, now()).expect("it is booked");
        let entry = Entry::booking(id(), What::BookingMoved, Some(&booking()), &moved, &by(None));
        assert_eq!((entry.doctor, entry.booking), (Some(DoctorId::from_u128(9)), Some(booking().id())));
        assert_eq!(entry.moved_from(), Some(doctor().id()));
        let before = [
            ("doctorId", &*doctor().id().to_string()),
            ("start", "2030-01-07T09:00:00-05:00"),
            ("end", "2030-01-07T10:00:00-05:00"),
            ("timeZone", "America/New_York"),
        ];
        let after = [
            ("doctorId", &*DoctorId::from_u128(9).to_string()),
            ("start", "2030-01-07T08:00:00+01:00"),
            ("end", "2030-01-07T09:00:00+01:00"),
            ("timeZone", "Europe/Berlin"),
        ];
        assert_eq!((entry.before, entry.after), (facts(&before), facts(&after)));
    }

    #[test]
    fn a_cancelled_booking_is_told_with_why_and_loses_that_when_it_is_reinstated() {
        let why = "feels better";
        let cancelled = booking().cancelled(reason(why), now()).expect("possible").expect("it was booked");
        let entry = Entry::booking(id(), What::BookingCancelled, Some(&booking()), &cancelled, &by(Some(why)));
        let (booked, gone) = (facts(&[("status", "booked")]), facts(&[("status", "cancelled"), ("cancelReason", why)]));
        assert_eq!((entry.before, entry.after, entry.why), (booked.clone(), gone.clone(), Some(reason(why))));
        let back = cancelled.reinstated(now()).expect("it was cancelled");
        let entry = Entry::booking(id(), What::BookingReinstated, Some(&cancelled), &back, &by(None));
        assert_eq!((entry.before, entry.after), (gone, booked));
    }

    #[test]
    fn of_what_has_not_changed_nothing_is_told() {
        let entry = Entry::booking(id(), What::BookingMarked, Some(&booking()), &booking(), &by(None));
        assert!(entry.before.is_empty() && entry.after.is_empty());
        let revised = doctor().revised(now() + TimeDelta::days(1));
        let entry = Entry::doctor(id(), Some(&doctor()), &revised, &by(None));
        assert!(entry.before.is_empty() && entry.after.is_empty());
        assert_eq!(revised.revision(), Revision::FIRST.next());
    }

    #[test]
    fn a_doctor_is_told_with_every_version_of_the_hours_as_text() {
        let hours = doctor().rules().hours.with_version(Some(date("2030-02-01")), Weekly::default()).expect("apart");
        let later = week(&[(Weekday::Tue, "09:00", "12:00")]);
        let hours = hours.with_version(Some(date("2030-03-01")), later).expect("apart");
        let entry = Entry::doctor(id(), None, &doctor().with_hours(hours, now()), &by(None));
        assert_eq!(
            (entry.what, entry.doctor, &entry.before),
            (What::DoctorCreated, Some(doctor().id()), &Facts::default())
        );
        assert_eq!((entry.patient, entry.booking), (None, None));
        let expected = facts(&[
            ("firstName", "Jon"),
            ("lastName", "Snow"),
            ("specialty", "cardiology"),
            ("timeZone", "America/New_York"),
            ("slotMinutes", "60"),
            ("visitTypes", "all"),
            ("active", "true"),
            ("workingHours since ever", "Mon 08:00–11:00 13:00–16:00, Fri 22:00–06:00"),
            ("workingHours from 2030-02-01", "not worked"),
            ("workingHours from 2030-03-01", "Tue 09:00–12:00"),
        ]);
        assert_eq!(entry.after, expected);
    }

    #[test]
    fn of_changed_hours_only_the_versions_that_changed_are_told() {
        let version = |hours: &[(Weekday, &str, &str)], from| {
            let before = doctor();
            before.with_hours(before.rules().hours.with_version(from, week(hours)).expect("apart"), now())
        };
        let added = version(&[(Weekday::Tue, "09:00", "12:00")], Some(date("2030-02-01")));
        let entry = Entry::doctor(id(), Some(&doctor()), &added, &by(None));
        let from_february = facts(&[("workingHours from 2030-02-01", "Tue 09:00–12:00")]);
        assert_eq!((entry.what, entry.before, &entry.after), (What::HoursChanged, Facts::default(), &from_february));
        let removed = Entry::doctor(id(), Some(&added), &doctor(), &by(None));
        assert_eq!(
            (removed.what, removed.before, removed.after),
            (What::HoursChanged, from_february, Facts::default())
        );
        let replaced = Entry::doctor(id(), Some(&doctor()), &version(&[], None), &by(None));
        let since_ever = |hours| facts(&[("workingHours since ever", hours)]);
        assert_eq!(replaced.before, since_ever("Mon 08:00–11:00 13:00–16:00, Fri 22:00–06:00"));
        assert_eq!(replaced.after, since_ever("not worked"));
        let none = Entry::doctor(id(), Some(&doctor()), &doctor().with_hours(WorkingHours::none(), now()), &by(None));
        assert_eq!((none.what, none.after), (What::HoursChanged, Facts::default()));
    }

    #[test]
    fn another_name_zone_or_offer_is_told_as_a_doctor_who_changed() {
        let one = VisitTypeId::from_u128(5);
        let two = VisitTypeId::from_u128(6);
        let amendment = DoctorAmendment {
            last_name: Name::parse("Targaryen").ok(),
            visit_types: Some(OfferedTypes::Only([two, one].into())),
            active: Some(false),
            ..DoctorAmendment::default()
        };
        let amended = doctor().amended(amendment, now());
        let entry = Entry::doctor(id(), Some(&doctor()), &amended, &by(None));
        assert_eq!(entry.what, What::DoctorChanged);
        assert_eq!(entry.before, facts(&[("lastName", "Snow"), ("visitTypes", "all"), ("active", "true")]));
        let types = format!("{one} {two}");
        assert_eq!(entry.after, facts(&[("lastName", "Targaryen"), ("visitTypes", &types), ("active", "false")]));
        let none = DoctorAmendment { visit_types: Some(OfferedTypes::Only([].into())), ..DoctorAmendment::default() };
        let entry = Entry::doctor(id(), Some(&amended), &amended.amended(none, now()), &by(None));
        assert_eq!((entry.before, entry.after), (facts(&[("visitTypes", &types)]), facts(&[("visitTypes", "none")])));
    }

    #[test]
    fn an_override_is_told_with_its_date_also_where_it_closes_it() {
        let day = date("2030-01-07");
        let none = Overrides::default().with(date("2030-01-08"), vec![window("06:00", "07:00")]);
        let evening = none.clone().with(day, vec![window("18:00", "20:00"), window("08:00", "09:00")]);
        let closed = none.clone().with(day, vec![]);
        let told = |before, after| Entry::overrides(id(), doctor().id(), day, before, after, &by(None));
        let windows = |text| facts(&[("date", "2030-01-07"), ("windows", text)]);
        let set = told(&none, &evening);
        assert_eq!((set.what, set.doctor), (What::OverrideSet, Some(doctor().id())));
        assert_eq!((set.before, set.after), (Facts::default(), windows("08:00–09:00 18:00–20:00")));
        let shut = told(&evening, &closed);
        assert_eq!((shut.what, shut.before), (What::OverrideSet, windows("08:00–09:00 18:00–20:00")));
        assert_eq!(shut.after, windows("closed"));
        let removed = told(&closed, &none);
        assert_eq!(
            (removed.what, removed.before, removed.after),
            (What::OverrideRemoved, windows("closed"), Facts::default())
        );
    }

    #[test]
    fn what_comes_is_told_after_and_what_goes_before() {
        let span = Span::new(monday(9), monday(10)).expect("forwards");
        let away =
            TimeOff { id: TimeOffId::from_u128(5), doctor: doctor().id(), span, reason: None, created_at: now() };
        let known = facts(&[
            ("timeOffId", &away.id.to_string()),
            ("start", "2030-01-07T09:00:00-05:00"),
            ("end", "2030-01-07T10:00:00-05:00"),
        ]);
        let told = |what| Entry::time_off(id(), what, &away, &new_york(), &by(None));
        let (comes, goes) = (told(What::TimeOffAdded), told(What::TimeOffRemoved));
        assert_eq!((comes.before, &comes.after, comes.doctor), (Facts::default(), &known, Some(doctor().id())));
        assert_eq!((&goes.before, goes.after), (&known, Facts::default()));

        let name = ClosureName::parse("Epiphany").expect("valid");
        let closure = Closure { id: ClosureId::from_u128(6), date: date("2030-01-07"), name, created_at: now() };
        let told = |what| Entry::closure(id(), what, &closure, &by(None));
        let (comes, goes) = (told(What::ClosureAdded), told(What::ClosureRemoved));
        let known = facts(&[("closureId", &closure.id.to_string()), ("date", "2030-01-07"), ("name", "Epiphany")]);
        assert_eq!((comes.before, &comes.after, comes.doctor), (Facts::default(), &known, None));
        assert_eq!((&goes.before, goes.after, goes.doctor), (&known, Facts::default(), None));

        let offer = calendar().offer(monday(9), now()).expect("it is free");
        let hold = offer.held(HoldId::from_u128(8), CallerId::from_u128(3), now() + TimeDelta::seconds(30), now());
        let told = |what| Entry::hold(id(), what, &hold, &by(None));
        let (comes, goes) = (told(What::HoldCreated), told(What::HoldReleased));
        let known = facts(&[
            ("holdId", &hold.id.to_string()),
            ("start", "2030-01-07T09:00:00-05:00"),
            ("end", "2030-01-07T10:00:00-05:00"),
            ("expiresAt", "2029-11-30T19:00:30-05:00"),
        ]);
        assert_eq!((comes.before, &comes.after), (Facts::default(), &known));
        assert_eq!((&goes.before, goes.after), (&known, Facts::default()));
        assert_eq!((goes.doctor, goes.patient, goes.booking), (Some(doctor().id()), None, None));
    }
}
