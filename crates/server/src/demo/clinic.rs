//! Who works in the demo clinic, who comes, and for what. All names are made up.

use chrono::Weekday::{self, Fri, Mon, Sat, Sun, Thu, Tue, Wed};

/// A window, as it is written.
type FromTo = (&'static str, &'static str);

/// A doctor of the demo clinic.
pub(super) struct DemoDoctor {
    pub(super) first: &'static str,
    pub(super) last: &'static str,
    pub(super) specialty: &'static str,
    pub(super) zone: &'static str,
    pub(super) slot_minutes: u16,
    /// Days, and the windows on each of them.
    pub(super) hours: &'static [(&'static [Weekday], &'static [FromTo])],
    /// The names of the visit types that the doctor offers; `None`: every one.
    pub(super) offers: Option<&'static [&'static str]>,
    /// How much of the time is booked.
    pub(super) booked_percent: u64,
}

/// A kind of visit in the demo clinic.
pub(super) struct DemoVisitType {
    pub(super) name: &'static str,
    pub(super) minutes: u16,
    pub(super) step_minutes: Option<u16>,
    pub(super) buffer_before: u16,
    pub(super) buffer_after: u16,
    pub(super) min_notice_minutes: u32,
    pub(super) max_days_ahead: Option<u16>,
    pub(super) capacity: u8,
    /// What people come for.
    pub(super) reasons: &'static [&'static str],
    /// How many of the slots, and of the seats in them, are booked.
    pub(super) booked_percent: u64,
}

pub(super) const VISIT_TYPES: &[DemoVisitType] = &[
    DemoVisitType {
        name: "Check-up",
        minutes: 30,
        step_minutes: Some(15),
        buffer_before: 0,
        buffer_after: 0,
        min_notice_minutes: 0,
        max_days_ahead: None,
        capacity: 1,
        reasons: &["yearly check-up", "blood pressure", "test results"],
        booked_percent: 4,
    },
    DemoVisitType {
        name: "First visit",
        minutes: 60,
        step_minutes: Some(30),
        buffer_before: 0,
        buffer_after: 10,
        min_notice_minutes: 24 * 60,
        max_days_ahead: Some(180),
        capacity: 1,
        reasons: &["referral", "second opinion", "has moved here"],
        booked_percent: 5,
    },
    DemoVisitType {
        name: "Vaccination",
        minutes: 10,
        step_minutes: None,
        buffer_before: 0,
        buffer_after: 0,
        min_notice_minutes: 2 * 60,
        max_days_ahead: Some(60),
        capacity: 3,
        reasons: &["influenza", "tetanus", "measles", "travel"],
        booked_percent: 4,
    },
    DemoVisitType {
        name: "Video call",
        minutes: 15,
        step_minutes: None,
        buffer_before: 5,
        buffer_after: 0,
        min_notice_minutes: 60,
        max_days_ahead: Some(30),
        capacity: 1,
        reasons: &["follow-up", "test results", "renewal of a prescription"],
        booked_percent: 4,
    },
    DemoVisitType {
        name: "Minor procedure",
        minutes: 45,
        step_minutes: Some(15),
        buffer_before: 15,
        buffer_after: 15,
        min_notice_minutes: 2 * 24 * 60,
        max_days_ahead: Some(90),
        capacity: 1,
        reasons: &["removal of a mole", "injection into a joint", "removal of stitches"],
        booked_percent: 5,
    },
];

const WEEKDAYS: &[Weekday] = &[Mon, Tue, Wed, Thu, Fri];

pub(super) const DOCTORS: &[DemoDoctor] = &[
    DemoDoctor {
        first: "Amelie",
        last: "Brandt",
        specialty: "cardiology",
        zone: "Europe/Berlin",
        slot_minutes: 30,
        hours: &[(&[Mon, Tue, Thu], &[("08:00", "12:00"), ("13:00", "16:30")]), (&[Wed, Fri], &[("08:00", "12:30")])],
        offers: Some(&["Check-up", "First visit", "Video call"]),
        booked_percent: 70,
    },
    DemoDoctor {
        first: "Jonas",
        last: "Keller",
        specialty: "cardiology",
        zone: "Europe/Berlin",
        slot_minutes: 45,
        hours: &[(WEEKDAYS, &[("09:00", "12:00"), ("14:00", "17:00")])],
        offers: Some(&["Check-up", "First visit", "Video call"]),
        booked_percent: 45,
    },
    DemoDoctor {
        first: "Mehmet",
        last: "Aydin",
        specialty: "dermatology",
        zone: "Europe/Berlin",
        slot_minutes: 20,
        hours: &[(&[Mon, Wed], &[("10:00", "13:00")]), (&[Thu], &[("14:00", "19:00")])],
        offers: Some(&["Check-up", "First visit", "Minor procedure"]),
        booked_percent: 85,
    },
    DemoDoctor {
        first: "Sofia",
        last: "Lindqvist",
        specialty: "paediatrics",
        zone: "Europe/Berlin",
        slot_minutes: 30,
        hours: &[(WEEKDAYS, &[("08:30", "12:30")]), (&[Sat], &[("09:00", "12:00")])],
        offers: Some(&["Check-up", "First visit", "Vaccination"]),
        booked_percent: 60,
    },
    DemoDoctor {
        first: "Claire",
        last: "Moreau",
        specialty: "general practice",
        zone: "Europe/Berlin",
        slot_minutes: 15,
        hours: &[(&[Mon, Tue, Thu, Fri], &[("08:00", "11:00")]), (&[Tue], &[("15:00", "18:00")])],
        offers: None,
        booked_percent: 55,
    },
    DemoDoctor {
        first: "Tomasz",
        last: "Nowak",
        specialty: "orthopaedics",
        zone: "Europe/Berlin",
        slot_minutes: 60,
        hours: &[(&[Tue, Wed, Thu], &[("09:00", "13:00"), ("14:00", "18:00")])],
        offers: Some(&["First visit", "Minor procedure"]),
        booked_percent: 50,
    },
    DemoDoctor {
        first: "Ines",
        last: "Carvalho",
        specialty: "emergency medicine",
        zone: "Europe/Berlin",
        slot_minutes: 60,
        hours: &[(&[Fri, Sat], &[("22:00", "06:00")]), (&[Sun], &[("20:00", "24:00")])],
        offers: Some(&[]),
        booked_percent: 25,
    },
    DemoDoctor {
        first: "Oliver",
        last: "Whitcombe",
        specialty: "neurology",
        zone: "Europe/London",
        slot_minutes: 40,
        hours: &[(&[Mon, Wed, Fri], &[("09:00", "13:00")]), (&[Wed], &[("14:00", "17:20")])],
        offers: Some(&["First visit", "Video call"]),
        booked_percent: 65,
    },
    DemoDoctor {
        first: "Jon",
        last: "Snow",
        specialty: "cardiology",
        zone: "America/New_York",
        slot_minutes: 60,
        hours: &[(&[Mon], &[("08:00", "11:00"), ("13:00", "16:00")]), (&[Wed, Fri], &[("08:00", "12:00")])],
        offers: None,
        booked_percent: 40,
    },
    DemoDoctor {
        first: "Grace",
        last: "Okafor",
        specialty: "psychiatry",
        zone: "America/New_York",
        slot_minutes: 50,
        hours: &[(&[Tue, Thu], &[("10:00", "18:20")])],
        offers: Some(&["First visit", "Video call"]),
        booked_percent: 75,
    },
    DemoDoctor {
        first: "Harriet",
        last: "McKenzie",
        specialty: "dermatology",
        zone: "Australia/Lord_Howe",
        slot_minutes: 30,
        hours: &[(&[Mon, Tue, Thu], &[("09:00", "12:00")])],
        offers: Some(&["Check-up", "Minor procedure"]),
        booked_percent: 30,
    },
    DemoDoctor {
        first: "Anjali",
        last: "Shrestha",
        specialty: "general practice",
        zone: "Asia/Kathmandu",
        slot_minutes: 20,
        hours: &[(&[Sun, Mon, Wed], &[("07:00", "10:00")])],
        offers: None,
        booked_percent: 35,
    },
];

/// When a doctor of the demo clinic is away.
pub(super) struct DemoAway {
    /// Whose last name.
    pub(super) doctor: &'static str,
    /// From how many days after today, and for how many days more; on the doctor's clock.
    pub(super) days: (u64, u64),
    /// From when on the first day until when on the last.
    pub(super) times: FromTo,
    pub(super) reason: &'static str,
}

/// Who is away today had to go at short notice: some visits wait to be moved. What is later lies where nobody is booked yet.
pub(super) const AWAY: &[DemoAway] = &[
    DemoAway { doctor: "Keller", days: (0, 0), times: ("15:30", "17:00"), reason: "called to the intensive care unit" },
    DemoAway { doctor: "Lindqvist", days: (22, 9), times: ("00:00", "23:00"), reason: "holiday" },
    DemoAway { doctor: "Okafor", days: (23, 3), times: ("08:00", "20:00"), reason: "congress" },
];

/// On which day, counted from today, the whole clinic is closed, and for what.
pub(super) const CLOSED: (u64, &str) = (28, "Fire drill and staff training");

/// Who sees patients on a date besides, counted from today, and when.
pub(super) const EXTRA: (&str, u64, FromTo) = ("Moreau", 26, ("09:00", "12:00"));

/// How many patients the clinic has.
pub(super) const PATIENTS: usize = 72;

pub(super) const FIRST_NAMES: [&str; 24] = [
    "Anna", "Ben", "Carla", "David", "Elif", "Felix", "Greta", "Hassan", "Ida", "Jakob", "Katya", "Liam", "Mia",
    "Noah", "Olga", "Paul", "Quentin", "Rosa", "Samir", "Tara", "Umut", "Vera", "Willem", "Yara",
];

pub(super) const LAST_NAMES: [&str; 29] = [
    "Abbott",
    "Becker",
    "Costa",
    "Dietrich",
    "Eriksen",
    "Fischer",
    "Gupta",
    "Hoffmann",
    "Ivanov",
    "Jansen",
    "Kaya",
    "Larsen",
    "Martin",
    "Novak",
    "Olsen",
    "Petrov",
    "Quist",
    "Rossi",
    "Schulz",
    "Tanaka",
    "Ulrich",
    "Vogel",
    "Weber",
    "Xu",
    "Yilmaz",
    "Zimmermann",
    "O'Brien",
    "Müller",
    "Núñez",
];

pub(super) const REASONS: [&str; 8] = [
    "blood pressure",
    "follow-up",
    "an allergy",
    "test results",
    "second opinion",
    "renewal of a prescription",
    "pain",
    "sleeping badly",
];

pub(super) const CANCELLATIONS: [&str; 3] = ["feels better", "found another date", "is travelling"];
