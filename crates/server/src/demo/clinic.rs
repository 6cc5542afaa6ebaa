//! Who works in the demo clinic, and who comes. All names are made up.

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
    /// How much of the time is booked.
    pub(super) booked_percent: u64,
}

const WEEKDAYS: &[Weekday] = &[Mon, Tue, Wed, Thu, Fri];

pub(super) const DOCTORS: &[DemoDoctor] = &[
    DemoDoctor {
        first: "Amelie",
        last: "Brandt",
        specialty: "cardiology",
        zone: "Europe/Berlin",
        slot_minutes: 30,
        hours: &[(&[Mon, Tue, Thu], &[("08:00", "12:00"), ("13:00", "16:30")]), (&[Wed, Fri], &[("08:00", "12:30")])],
        booked_percent: 70,
    },
    DemoDoctor {
        first: "Jonas",
        last: "Keller",
        specialty: "cardiology",
        zone: "Europe/Berlin",
        slot_minutes: 45,
        hours: &[(WEEKDAYS, &[("09:00", "12:00"), ("14:00", "17:00")])],
        booked_percent: 45,
    },
    DemoDoctor {
        first: "Mehmet",
        last: "Aydin",
        specialty: "dermatology",
        zone: "Europe/Berlin",
        slot_minutes: 20,
        hours: &[(&[Mon, Wed], &[("10:00", "13:00")]), (&[Thu], &[("14:00", "19:00")])],
        booked_percent: 85,
    },
    DemoDoctor {
        first: "Sofia",
        last: "Lindqvist",
        specialty: "paediatrics",
        zone: "Europe/Berlin",
        slot_minutes: 30,
        hours: &[(WEEKDAYS, &[("08:30", "12:30")]), (&[Sat], &[("09:00", "12:00")])],
        booked_percent: 60,
    },
    DemoDoctor {
        first: "Claire",
        last: "Moreau",
        specialty: "general practice",
        zone: "Europe/Berlin",
        slot_minutes: 15,
        hours: &[(&[Mon, Tue, Thu, Fri], &[("08:00", "11:00")]), (&[Tue], &[("15:00", "18:00")])],
        booked_percent: 55,
    },
    DemoDoctor {
        first: "Tomasz",
        last: "Nowak",
        specialty: "orthopaedics",
        zone: "Europe/Berlin",
        slot_minutes: 60,
        hours: &[(&[Tue, Wed, Thu], &[("09:00", "13:00"), ("14:00", "18:00")])],
        booked_percent: 50,
    },
    DemoDoctor {
        first: "Ines",
        last: "Carvalho",
        specialty: "emergency medicine",
        zone: "Europe/Berlin",
        slot_minutes: 60,
        hours: &[(&[Fri, Sat], &[("22:00", "06:00")]), (&[Sun], &[("20:00", "24:00")])],
        booked_percent: 25,
    },
    DemoDoctor {
        first: "Oliver",
        last: "Whitcombe",
        specialty: "neurology",
        zone: "Europe/London",
        slot_minutes: 40,
        hours: &[(&[Mon, Wed, Fri], &[("09:00", "13:00")]), (&[Wed], &[("14:00", "17:20")])],
        booked_percent: 65,
    },
    DemoDoctor {
        first: "Jon",
        last: "Snow",
        specialty: "cardiology",
        zone: "America/New_York",
        slot_minutes: 60,
        hours: &[(&[Mon], &[("08:00", "11:00"), ("13:00", "16:00")]), (&[Wed, Fri], &[("08:00", "12:00")])],
        booked_percent: 40,
    },
    DemoDoctor {
        first: "Grace",
        last: "Okafor",
        specialty: "psychiatry",
        zone: "America/New_York",
        slot_minutes: 50,
        hours: &[(&[Tue, Thu], &[("10:00", "18:20")])],
        booked_percent: 75,
    },
    DemoDoctor {
        first: "Harriet",
        last: "McKenzie",
        specialty: "dermatology",
        zone: "Australia/Lord_Howe",
        slot_minutes: 30,
        hours: &[(&[Mon, Tue, Thu], &[("09:00", "12:00")])],
        booked_percent: 30,
    },
    DemoDoctor {
        first: "Anjali",
        last: "Shrestha",
        specialty: "general practice",
        zone: "Asia/Kathmandu",
        slot_minutes: 20,
        hours: &[(&[Sun, Mon, Wed], &[("07:00", "10:00")])],
        booked_percent: 35,
    },
];

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
    "check-up",
    "follow-up",
    "first visit",
    "test results",
    "second opinion",
    "renewal of a prescription",
    "pain",
    "vaccination",
];

pub(super) const CANCELLATIONS: [&str; 3] = ["feels better", "found another date", "is travelling"];
