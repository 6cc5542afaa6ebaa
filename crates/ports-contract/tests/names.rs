//! A test that `contract!` does not name would never run.

const NAMED: &str = include_str!("../src/contract.rs");

const SUBJECTS: [(&str, &str); 12] = [
    ("doctor", include_str!("../src/doctor.rs")),
    ("exceptions", include_str!("../src/exceptions.rs")),
    ("patient", include_str!("../src/patient.rs")),
    ("calendar", include_str!("../src/calendar.rs")),
    ("closure", include_str!("../src/closure.rs")),
    ("booking", include_str!("../src/booking.rs")),
    ("event", include_str!("../src/event.rs")),
    ("token", include_str!("../src/token.rs")),
    ("audit", include_str!("../src/audit.rs")),
    ("races", include_str!("../src/races.rs")),
    ("crowd", include_str!("../src/crowd.rs")),
    ("health", include_str!("../src/health.rs")),
];

/// The names under `subject:` in the macro's list.
fn named(subject: &str) -> Vec<&'static str> {
    let heading = format!("{subject}:");
    let lines = NAMED.lines().map(str::trim).skip_while(|line| *line != heading).skip(1);
    lines.take_while(|line| *line != ";").map(|line| line.trim_end_matches(',')).collect()
}

#[test]
fn the_macro_names_every_test() {
    for (subject, source) in SUBJECTS {
        let functions = source.lines().filter_map(|line| line.strip_prefix("pub fn ")?.split('(').next());
        assert_eq!(named(subject), functions.collect::<Vec<_>>(), "{subject}.rs, in its order");
    }
}
