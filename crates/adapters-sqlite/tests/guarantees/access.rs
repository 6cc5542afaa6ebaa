//! By what callers are known, who has seen what, and who is told of what: what the database itself refuses, what it says
//! of rows that somebody has spoilt, how many statements a call takes, and that none goes through a whole table.

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_domain::{Action, Audience, AuditEntry, Entry, Outcome, Patient, Role, Token};
use doctor_booking_ports::{Along, AuditFilter, AuditPosition, Page, PageRequest, PatientFilter};
use doctor_booking_ports_contract::{Fixture, given};

use crate::database::{Database, blob};
use crate::notes::{assert_goes_by_an_index, database, plan, statements_of};
use crate::rows::inconsistent;

fn lines(store: &Fixture) -> Vec<AuditEntry> {
    store.audit.list(&AuditFilter::default(), &given::whole()).expect("the store answers").items
}

/// A line for each way in which something can end.
fn recorded(store: &Fixture) -> [AuditEntry; 2] {
    let refused = AuditEntry { outcome: Outcome::Refused, at: given::now() - TimeDelta::minutes(1), ..given::line() };
    let lines = [given::line(), refused];
    store.audit.record(&lines).expect("the lines are written");
    lines
}

/// A token of a doctor's, and a session of it.
fn signed_in(store: &Fixture) -> (Token, Token) {
    let token = Token { role: Role::Doctor(store.doctor().id()), ..given::token() };
    store.token_of(&token);
    let session = given::session(&token);
    assert!(store.tokens.add_session(&session, &given::digest()).expect("the store answers"));
    (token, session)
}

#[test]
fn who_has_seen_what_can_neither_be_changed_nor_taken_away_nor_replaced() {
    let mut database = Database::new();
    let store = database.fixture();
    let before = recorded(&store);
    let id = blob(before[0].id.uuid().as_u128());
    let columns = "at, caller, role, action, outcome, doctor_id, patient_id, booking_id, request";
    let insert = |or: &str, id: &str| format!("INSERT {or} INTO audit SELECT {id}, {columns} FROM audit LIMIT 1");
    for statement in [
        "UPDATE audit SET outcome = 'seen'".to_owned(),
        "UPDATE audit SET caller = NULL WHERE outcome = 'refused'".to_owned(),
        "UPDATE OR REPLACE audit SET id = zeroblob(16)".to_owned(),
        "UPDATE OR IGNORE audit SET at = at".to_owned(),
        "DELETE FROM audit".to_owned(),
        "DELETE FROM audit WHERE outcome = 'refused'".to_owned(),
        // OR REPLACE asks no trigger about what it deletes.
        insert("OR REPLACE", &id),
        insert("OR IGNORE", &id),
        insert("", &id) + " ON CONFLICT DO UPDATE SET request = 'x'",
    ] {
        let refused = database.execute(&statement).expect_err(&statement).to_string();
        assert_eq!(refused, "audit_append_only", "{statement}");
        assert_eq!(lines(&store), before, "{statement}");
    }
    database.execute(&insert("OR REPLACE", &blob(1))).expect("it is another");
    assert_eq!(lines(&store).len(), 3);
}

#[test]
fn tokens_and_lines_that_make_no_sense_are_refused() {
    let mut database = Database::new();
    let store = database.fixture();
    let (token, session) = signed_in(&store);
    store.patient();
    recorded(&store);
    let [token, session] = [token, session].map(|token| blob(token.id.uuid().as_u128()));
    let line = |columns: &str| format!("INSERT INTO audit SELECT randomblob(16), {columns} FROM audit LIMIT 1");
    for (statement, why) in [
        ("UPDATE tokens SET id = zeroblob(15) WHERE session_of IS NOT NULL".to_owned(), "length(id)"),
        ("UPDATE tokens SET role = 'chief'".to_owned(), "role IN"),
        ("UPDATE tokens SET role = 'nobody'".to_owned(), "role IN"),
        ("UPDATE tokens SET role = 'front-desk'".to_owned(), "(role = 'doctor') = (doctor_id IS NOT NULL)"),
        ("UPDATE tokens SET role = 'patient'".to_owned(), "(role = 'doctor')"),
        ("UPDATE tokens SET doctor_id = NULL".to_owned(), "(role = 'doctor')"),
        ("UPDATE tokens SET patient_id = (SELECT id FROM patients)".to_owned(), "(role = 'patient')"),
        ("UPDATE tokens SET doctor_id = randomblob(16)".to_owned(), "FOREIGN KEY"),
        (
            "UPDATE tokens SET role = 'patient', doctor_id = NULL, patient_id = randomblob(16)".to_owned(),
            "FOREIGN KEY",
        ),
        ("UPDATE tokens SET digest = zeroblob(31)".to_owned(), "length(digest)"),
        ("UPDATE tokens SET digest = zeroblob(32)".to_owned(), "tokens_by_locator"),
        // Only the second half is another.
        ("UPDATE tokens SET digest = unhex(hex(zeroblob(24)) || hex(randomblob(8)))".to_owned(), "tokens_by_locator"),
        (format!("UPDATE tokens SET session_of = id WHERE id = {token}"), "session_of <> id"),
        (format!("UPDATE tokens SET session_of = randomblob(16) WHERE id = {session}"), "FOREIGN KEY"),
        (format!("DELETE FROM tokens WHERE id = {token}"), "FOREIGN KEY"),
        ("UPDATE tokens SET created_by = zeroblob(15)".to_owned(), "length(created_by)"),
        ("UPDATE tokens SET created_at = NULL".to_owned(), "NOT NULL"),
        ("INSERT INTO tokens SELECT * FROM tokens".to_owned(), "UNIQUE"),
        (
            "INSERT INTO audit SELECT zeroblob(15), at, caller, role, action, outcome, NULL, NULL, NULL, NULL FROM audit"
                .to_owned(),
            "length(id)",
        ),
        (line("at, x'01', role, action, outcome, NULL, NULL, NULL, NULL"), "length(caller)"),
        (line("at, caller, 'chief', action, outcome, NULL, NULL, NULL, NULL"), "role IN"),
        (line("at, caller, role, NULL, outcome, NULL, NULL, NULL, NULL"), "NOT NULL"),
        (line("at, caller, role, action, 'lost', NULL, NULL, NULL, NULL"), "outcome IN"),
        (line("at, caller, role, action, outcome, x'01', NULL, NULL, NULL"), "length(doctor_id)"),
        (line("at, caller, role, action, outcome, NULL, x'01', NULL, NULL"), "length(patient_id)"),
        (line("at, caller, role, action, outcome, NULL, NULL, x'01', NULL"), "length(booking_id)"),
    ] {
        let refused = database.execute(&statement).expect_err(&statement).to_string();
        assert!(refused.contains(why), "{statement}: {refused}");
    }
    store.assert_consistent();
}

#[test]
fn a_token_or_a_line_that_makes_no_sense_is_named_by_table_and_key() {
    let mut database = Database::new();
    let store = database.fixture();
    let token = given::token();
    let digest = store.token_of(&token);
    let line = given::line();
    store.audit.record(std::slice::from_ref(&line)).expect("the line is written");
    database
        .execute("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; DROP TRIGGER audit_update")
        .expect("neither constraints nor triggers");
    for (table, column, nonsense) in [
        ("tokens", "name", "'Bryce' || char(7)"),
        ("tokens", "role", "'nobody'"),
        ("tokens", "role", "'doctor'"),
        ("tokens", "patient_id", "zeroblob(16)"),
        ("tokens", "digest", "substr(digest, 1, 31)"),
        ("tokens", "expires_at", "9223372036854775807"),
        ("tokens", "created_at", "9223372036854775807"),
        ("audit", "at", "9223372036854775807"),
        ("audit", "role", "'Bryce'"),
        ("audit", "action", "'Bryce'"),
        ("audit", "outcome", "'Bryce'"),
        ("audit", "request", "'Katie Bryce'"),
    ] {
        let keep = format!("CREATE TEMP TABLE kept AS SELECT {column} FROM {table}");
        database.execute(&keep).expect("a copy");
        database.execute(&format!("UPDATE {table} SET {column} = {nonsense}")).expect("nothing forbids it");
        if table == "tokens" {
            let expected = (table, token.id.to_string());
            assert_eq!(inconsistent(store.tokens.find(token.id)), expected, "{column}");
            assert_eq!(inconsistent(store.tokens.locate(digest.locator())), expected, "{column}");
            assert_eq!(inconsistent(store.tokens.list(&given::whole())), expected, "{column}");
        } else {
            let listed = store.audit.list(&AuditFilter::default(), &given::whole());
            assert_eq!(inconsistent(listed), (table, line.id.to_string()), "{column}");
        }
        let undo = format!("UPDATE {table} SET {column} = (SELECT {column} FROM kept); DROP TABLE kept");
        database.execute(&undo).expect("as before");
    }
    assert_eq!((store.tokens.find(token.id).expect("as before"), lines(&store)), (Some(token), vec![line]));
}

/// The next page of a list of which the first has one item.
fn second<P>(first: Page<impl Sized, P>) -> PageRequest<P> {
    PageRequest { after: first.next, limit: given::limit(1) }
}

/// One of each thing that one can ask or tell, with its name and the number of its statements.
fn access(store: &Fixture) -> Vec<(&'static str, usize, Vec<String>)> {
    let (token, session) = signed_in(store);
    let (another, digest) = (given::session(&token), given::digest());
    let (patient, doctor) = (store.patient(), store.doctor());
    store.booked(&doctor, &patient, given::monday(9, 0));
    let (added, first) = (given::token(), given::token());
    let of_line = given::line();
    let one = given::limit(1);
    let filters = [
        AuditFilter::default(),
        AuditFilter { patient: of_line.concerned.patient, ..AuditFilter::default() },
        AuditFilter { caller: of_line.caller, ..AuditFilter::default() },
        AuditFilter { outcome: Some(Outcome::Refused), ..AuditFilter::default() },
        AuditFilter { patient: of_line.concerned.patient, action: Some(Action::Book), ..AuditFilter::default() },
        AuditFilter { from: Some(given::now()), to: Some(given::later()), ..AuditFilter::default() },
    ];
    let entry = store.events.after(0, Audience::Everybody, one).expect("the store answers").remove(0).entry;
    let now = given::now();
    let calls: [(&'static str, &dyn Fn()); 14] = [
        ("add", &|| store.tokens.add(&added, &digest, &Along::default()).expect("it is added")),
        ("add the first", &|| assert!(!store.tokens.add_first(&first, &given::digest()).expect("an answer"))),
        ("sign in", &|| assert!(store.tokens.add_session(&another, &given::digest()).expect("the store answers"))),
        ("locate", &|| assert!(store.tokens.locate(digest.locator()).expect("the store answers").is_some())),
        ("find", &|| assert!(store.tokens.find(session.id).expect("the store answers").is_some())),
        ("list", &|| {
            let first = store.tokens.list(&PageRequest::first(one)).expect("the store answers");
            store.tokens.list(&second(first)).expect("the store answers");
        }),
        ("use", &|| store.tokens.used(token.id, now).expect("the store answers")),
        ("revoke", &|| assert!(store.tokens.revoke(token.id, now).expect("the store answers"))),
        ("sweep", &|| assert!(store.tokens.sweep(given::later()).expect("the store answers") > 0)),
        ("record", &|| {
            let lines: Vec<_> = (0..200).map(|_| given::line()).collect();
            store.audit.record(&lines).expect("the lines are written");
        }),
        ("audit", &|| {
            let after = Some(AuditPosition { at: given::later(), id: given::entry_id() });
            for filter in &filters {
                store.audit.list(filter, &PageRequest { after, limit: one }).expect("the store answers");
            }
        }),
        ("follow", &|| {
            for audience in [Audience::Doctor(doctor.id()), Audience::Patient(patient.id())] {
                assert_eq!(store.events.after(0, audience, one).expect("the store answers").len(), 1);
            }
        }),
        ("position", &|| assert!(store.events.position_of(entry.id).expect("the store answers").is_some())),
        ("own patients", &|| {
            assert!(store.patients.is_seen_by(patient.id(), doctor.id()).expect("the store answers"));
            let seen_by = PatientFilter { seen_by: Some(doctor.id()), ..PatientFilter::default() };
            let only = PatientFilter { only: Some(patient.id()), ..PatientFilter::default() };
            for filter in [seen_by, only] {
                let page = PageRequest { after: None, limit: one };
                assert_eq!(store.patients.list(&filter, &page).expect("the store answers").items.len(), 1);
            }
        }),
    ];
    let noted = |(name, call): (&'static str, &dyn Fn())| {
        let statements = statements_of(call);
        (name, statements.len(), statements)
    };
    calls.into_iter().map(noted).collect()
}

#[test]
fn a_call_takes_as_many_statements_however_much_there_is() {
    let little = database();
    let counts = |store: &Fixture| access(store).into_iter().map(|(name, count, _)| (name, count)).collect::<Vec<_>>();
    let few = counts(&little.fixture());
    let expected = [
        ("add", 1),
        ("add the first", 1),
        ("sign in", 2),
        ("locate", 1),
        ("find", 1),
        ("list", 2),
        ("use", 1),
        ("revoke", 2),
        ("sweep", 1),
        ("record", 1),
        ("audit", 6),
        ("follow", 2),
        ("position", 1),
        ("own patients", 3),
    ];
    assert_eq!(few, expected);

    let much = database();
    let store = much.fixture();
    for _ in 0..50 {
        signed_in(&store);
        recorded(&store);
        store.booked(&store.doctor(), &store.patient(), given::monday(9, 0));
    }
    assert_eq!(counts(&store), few);
}

#[test]
fn nothing_about_access_goes_through_a_whole_table_or_sorts() {
    let mut database = database();
    let store = database.fixture();
    for (name, _, statements) in access(&store) {
        // Whether there is any token, the first that is there says.
        for statement in statements.iter().filter(|_| name != "add the first") {
            assert_goes_by_an_index(&mut database, statement);
            // A list of all walks along an index; what is one's own is looked up.
            let steps = plan(&mut database, statement);
            let brought = ["CONSTANT ROW", "VALUES CLAUSE"];
            let walks = |step: &String| step.starts_with("SCAN") && !brought.iter().any(|end| step.ends_with(end));
            assert!(name == "list" || !steps.iter().any(walks), "{name}: {steps:?}");
        }
    }
}

#[test]
fn what_is_for_one_audience_is_merged_from_two_indexes_in_their_order() {
    let mut database = database();
    let store = database.fixture();
    let (doctor, patient) = (given::doctor_id(), given::patient_id());
    for (audience, index) in
        [(Audience::Doctor(doctor), "history_to_doctor"), (Audience::Patient(patient), "history_to_patient")]
    {
        let statements = statements_of(|| drop(store.events.after(7, audience, given::limit(1)).expect("an answer")));
        let steps = plan(&mut database, &statements.concat());
        let goes_by = |index: &str, bounds: &str| {
            steps.iter().any(|step| step.contains(&format!("INDEX {index} ")) && step.ends_with(bounds))
        };
        assert!(steps.iter().any(|step| step == "MERGE (UNION ALL)"), "{steps:?}");
        assert!(goes_by(index, "_id=? AND position>?)") && goes_by("history_to_all", "(position>?)"), "{steps:?}");
    }
}

#[test]
fn a_page_is_as_long_as_it_can_be_however_much_of_others_lies_between() {
    let database = Database::new();
    let store = database.fixture();
    let doctor = store.doctor();
    let template = Entry::doctor(given::entry_id(), None, &doctor, &given::author());
    let entries = (0..5_000).map(|number| {
        let of = if number % 1_000 == 999 { doctor.id() } else { given::doctor_id() };
        Entry { id: given::entry_id(), doctor: Some(of), ..template.clone() }
    });
    let along = Along { history: entries.collect(), answer: None };
    store.patients.add(&Patient::from_parts(given::patient()), &along).expect("the patient is added");
    let own = store.events.after(0, Audience::Doctor(doctor.id()), given::limit(4)).expect("the store answers");
    assert_eq!(own.iter().map(|event| event.position).collect::<Vec<_>>(), [1_000, 2_000, 3_000, 4_000]);
}

#[test]
fn what_no_row_can_be_like_is_no_reason_to_fail() {
    let database = Database::new();
    let store = database.fixture();
    let (token, session) = signed_in(&store);
    let line = given::line();
    store.audit.record(std::slice::from_ref(&line)).expect("the line is written");
    let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    let nanosecond = TimeDelta::nanoseconds(1);
    let is_listed = |from, to| {
        let filter = AuditFilter { from: Some(from), to: Some(to), ..AuditFilter::default() };
        !store.audit.list(&filter, &given::whole()).expect("the store answers").items.is_empty()
    };
    let bounds = [(first, last), (line.at, line.at + nanosecond), (line.at + nanosecond, last), (first, line.at)];
    assert_eq!(bounds.map(|(from, to)| is_listed(from, to)), [true, true, false, false]);
    assert_eq!(store.tokens.sweep(first).expect("the store answers"), 0);
    for at in [first, given::now() + nanosecond] {
        store.tokens.used(token.id, at).expect("the store answers");
    }
    let used = store.tokens.find(token.id).expect("the store answers").and_then(|token| token.last_used_at);
    assert_eq!(used, Some(given::now()));
    let expires = session.expires_at.expect("it expires");
    let swept = [expires, expires + nanosecond].map(|before| store.tokens.sweep(before).expect("the store answers"));
    assert_eq!(swept, [0, 1]);
}
