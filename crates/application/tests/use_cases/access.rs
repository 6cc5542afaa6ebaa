//! Who may do what, by what callers are known, and what is written down of it.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_adapters_memory::MemoryStore;
use doctor_booking_application::{
    AccessError, AuditFilter, Credential, FindPatient, Gate, Limit, ListPatients, MOST_REFUSALS_A_MINUTE, NewToken,
    PageRequest, PatientFilter, Recognise, RecogniseError, Recognised, StartSessionError, UseCases, digest,
};
use doctor_booking_domain::{
    Action, Actor, AuditEntry, CallerId, DoctorId, Outcome, PatientId, RequestId, Role, TokenDigest, TokenName,
};
use doctor_booking_ports::{
    Identity, Ids, MockAuditLog, MockIdentities, MockPatients, MockTokens, NotIdentified, Stores, Unavailable,
};

use crate::hospital::{ADMIN, Counting, Hospital, NOW, Standing, at, first_page, gate};

fn request() -> RequestId {
    RequestId::parse("request-1").expect("an id")
}

fn named(name: &str) -> TokenName {
    TokenName::parse(name).expect("a name")
}

/// What the audit log has, the latest first.
fn log(stores: &Stores) -> Vec<AuditEntry> {
    let whole = PageRequest::first(Limit::new(Limit::MOST).expect("a limit"));
    stores.audit.list(&AuditFilter::default(), &whole).expect("the store answers").items
}

fn use_cases(stores: &Stores) -> UseCases {
    with_ids(stores, &(Arc::new(Counting::default()) as _))
}

fn with_ids(stores: &Stores, ids: &Arc<dyn Ids>) -> UseCases {
    UseCases::new(stores, &(Arc::new(Standing::default()) as _), ids)
}

/// A gate whose audit log cannot be written.
fn shut() -> Gate {
    let mut audit = MockAuditLog::new();
    audit.expect_record().returning(|_| Err(Unavailable::unreachable("the disk is full")));
    Gate::new(Arc::new(audit), Arc::new(Standing::default()), Arc::new(Counting::default()))
}

#[test]
fn what_cannot_be_written_down_is_not_shown() {
    let hospital = Hospital::new();
    let patient = hospital.patient();
    let find = FindPatient::new(shut(), Arc::clone(&hospital.stores.patients));
    assert!(matches!(find.execute(&ADMIN, patient.id()), Err(AccessError::Unavailable(_))));
    assert!(find.execute(&ADMIN, PatientId::from_u128(404)).expect("nothing is shown").is_none());
    let list = ListPatients::new(shut(), Arc::clone(&hospital.stores.patients));
    assert!(matches!(list.execute(&ADMIN, &PatientFilter::default(), &first_page()), Err(AccessError::Unavailable(_))));
    // Nor is it told that something may not be seen, where that cannot be written down.
    let nobody = Actor::nobody();
    assert!(matches!(find.execute(&nobody, patient.id()), Err(AccessError::Unavailable(_))));
}

#[test]
fn who_may_not_is_refused_without_a_question_to_the_store() {
    // Nothing is expected of it: a question would fail the test.
    let list = ListPatients::new(gate(), Arc::new(MockPatients::new()));
    let refused = list.execute(&Actor::nobody(), &PatientFilter::default(), &first_page());
    assert!(matches!(refused, Err(AccessError::Forbidden)));
}

#[test]
fn a_doctors_list_of_patients_is_narrowed_before_it_is_asked_for() {
    let doctor = DoctorId::from_u128(7);
    let mut patients = MockPatients::new();
    let narrowed = move |filter: &PatientFilter| filter.seen_by == Some(doctor) && filter.only.is_none();
    patients
        .expect_list()
        .times(1)
        .withf(move |filter, _| narrowed(filter))
        .returning(|_, _| Ok(doctor_booking_ports::Page { items: vec![], next: None }));
    let role = Role::Doctor(doctor);
    let actor = Actor::new(CallerId::of(role).expect("a caller"), role);
    ListPatients::new(gate(), Arc::new(patients))
        .execute(&actor, &PatientFilter::default(), &first_page())
        .expect("an empty list");
}

#[test]
fn the_first_token_is_made_once_and_makes_an_administrator() {
    let stores = MemoryStore::new().stores();
    let does = use_cases(&stores);
    let first = does.make_first_token.execute(named("first")).expect("the store answers").expect("it is the first");
    assert!(does.make_first_token.execute(named("second")).expect("the store answers").is_none());
    let secret = first.secret.expect("a secret");
    let known = does.recognise.execute(Credential::Bearer(secret.as_str()), &request()).expect("recognised");
    assert_eq!((known.actor.role, known.actor.request), (Role::Administrator, Some(request())));
    assert_eq!(log(&stores), []);
}

fn trusting(answer: Result<Identity, NotIdentified>) -> (Stores, Recognise) {
    let stores = MemoryStore::new().stores();
    let mut identities = MockIdentities::new();
    identities.expect_identify().withf(|_, now| *now == at(NOW)).returning(move |_, _| answer.clone());
    let recognise = use_cases(&stores).recognise.trusting(Arc::new(identities));
    (stores, recognise)
}

const STATEMENT: &str = "eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl";

fn ask(recognise: &Recognise, secret: &str) -> Result<Recognised, RecogniseError> {
    recognise.execute(Credential::Bearer(secret), &request())
}

#[test]
fn whom_an_identity_provider_names_is_one_caller_per_subject_and_a_patient_is_the_person() {
    let identity = |subject: &str, role| Identity { issuer: "https://id".into(), subject: subject.into(), role };
    let caller = |subject, role| {
        let (_, recognise) = trusting(Ok(identity(subject, role)));
        ask(&recognise, STATEMENT).expect("recognised").actor.caller
    };
    let desk = caller("desk-1", Role::FrontDesk);
    assert_eq!(desk, caller("desk-1", Role::Administrator), "the same person in another role");
    assert_ne!(desk, caller("desk-2", Role::FrontDesk));
    assert_eq!(desk.uuid().get_version_num(), 8);
    let patient = PatientId::from_u128(5);
    assert_eq!(caller("5", Role::Patient(patient)).uuid(), patient.uuid());
}

#[test]
fn a_statement_that_proves_nothing_is_written_down_and_keys_that_cannot_be_had_are_not_its_fault() {
    let (stores, recognise) = trusting(Err(NotIdentified::Refused("it is signed by somebody else")));
    assert!(matches!(ask(&recognise, STATEMENT), Err(RecogniseError::NotValid("it is signed by somebody else"))));
    let lines = log(&stores);
    assert_eq!((lines[0].action, lines[0].outcome, lines[0].caller), (Action::SignIn, Outcome::Refused, None));
    assert_eq!((lines.len(), lines[0].request.clone(), lines[0].role), (1, Some(request()), "nobody"));

    let (stores, recognise) = trusting(Err(NotIdentified::Unavailable("it is down".into())));
    assert!(matches!(ask(&recognise, STATEMENT), Err(RecogniseError::NoKeys(why)) if why == "it is down"));
    assert_eq!(log(&stores), []);
}

#[test]
fn only_what_looks_like_a_statement_is_shown_to_the_identity_provider_and_never_a_cookie() {
    let stores = MemoryStore::new().stores();
    // Nothing is expected of it: a question would fail the test.
    let recognise = use_cases(&stores).recognise.trusting(Arc::new(MockIdentities::new()));
    for secret in ["", "dbk_00", "eyJ", "eyJ.eyJ", "a.b.c", "eyJ.a.b.c"] {
        assert!(matches!(ask(&recognise, secret), Err(RecogniseError::NotValid(_))), "{secret}");
    }
    let cookie = recognise.execute(Credential::Session(STATEMENT), &request());
    assert!(matches!(cookie, Err(RecogniseError::NotValid(_))));
}

#[test]
fn whom_an_identity_provider_names_can_have_no_session_here() {
    let identity = Identity { issuer: "https://id".into(), subject: "x".into(), role: Role::FrontDesk };
    let mut identities = MockIdentities::new();
    identities.expect_identify().returning(move |_, _| Ok(identity.clone()));
    let does = use_cases(&MemoryStore::new().stores());
    let does = does.recognising(|recognise| recognise.trusting(Arc::new(identities)));
    let refused = does.start_session.execute(STATEMENT, &request());
    assert!(matches!(refused, Err(StartSessionError::NotStored)));
}

#[test]
fn who_is_let_in_is_not_shut_out_because_that_could_not_be_noted() {
    let stores = MemoryStore::new().stores();
    let new = NewToken { name: named("desk"), role: Role::FrontDesk, expires_at: None };
    let made = use_cases(&stores).create_token.execute(&ADMIN, new, None).expect("made");
    let secret = made.secret.expect("a secret");
    let (found, known): (_, TokenDigest) = (made.token, secret.digest());
    let mut tokens = MockTokens::new();
    tokens.expect_locate().returning(move |_| Ok(Some((found.clone(), known))));
    tokens.expect_used().times(1).returning(|_, _| Err(Unavailable::unreachable("read only")));
    let recognise = Recognise::new(gate(), Arc::new(tokens), Arc::new(Standing::default()));
    ask(&recognise, secret.as_str()).expect("recognised");
}

#[test]
fn a_digest_that_only_begins_alike_is_not_the_same() {
    let stores = MemoryStore::new().stores();
    let new = NewToken { name: named("desk"), role: Role::FrontDesk, expires_at: None };
    let made = use_cases(&stores).create_token.execute(&ADMIN, new, None).expect("made");
    let (found, secret) = (made.token, made.secret.expect("a secret"));
    let mut other = *secret.digest().bytes();
    other[31] ^= 1;
    let mut tokens = MockTokens::new();
    tokens.expect_locate().returning(move |_| Ok(Some((found.clone(), TokenDigest::new(other)))));
    let recognise = Recognise::new(gate(), Arc::new(tokens), Arc::new(Standing::default()));
    assert!(matches!(ask(&recognise, secret.as_str()), Err(RecogniseError::NotValid("it is not known"))));
}

#[test]
fn a_session_lasts_for_half_a_day_and_ends_with_its_token() {
    let stores = MemoryStore::new().stores();
    let does = use_cases(&stores);
    let until = |hours| -> DateTime<Utc> { at(NOW) + TimeDelta::hours(hours) };
    let session = |expires_at| {
        let new = NewToken { name: named("desk"), role: Role::FrontDesk, expires_at };
        let made = does.create_token.execute(&ADMIN, new, None).expect("made");
        let secret = made.secret.expect("a secret");
        let session = does.start_session.execute(secret.as_str(), &request()).expect("signed in");
        (made.token, session)
    };
    assert_eq!(session(None).1.token.expires_at, Some(until(12)));
    assert_eq!(session(Some(until(11))).1.token.expires_at, Some(until(11)));
    assert_eq!(session(Some(until(13))).1.token.expires_at, Some(until(12)));
    let (token, session) = session(None);
    let secret = session.secret.expect("a secret");
    let known = does.recognise.execute(Credential::Session(secret.as_str()), &request()).expect("recognised");
    assert_eq!(known.actor.caller, token.caller(), "the same caller as by the token");
    assert!(does.revoke_token.execute(&ADMIN, token.id).expect("revoked"));
    let gone = does.recognise.execute(Credential::Session(secret.as_str()), &request());
    assert!(matches!(gone, Err(RecogniseError::NotValid("it was revoked"))));
    assert!(!does.revoke_token.execute(&ADMIN, session.token.id).expect("a session is no token"));
}

#[test]
fn a_token_of_the_configuration_and_its_sessions_are_worth_as_much_as_the_configuration_says() {
    let (stores, ids) = (MemoryStore::new().stores(), Arc::new(Counting::default()) as Arc<dyn Ids>);
    let configured = |secret: &str| {
        let secret = digest(secret);
        with_ids(&stores, &ids).recognising(|recognise| recognise.with_administrator(secret))
    };
    let does = configured("first");
    let session = does.start_session.execute("first", &request()).expect("signed in").secret.expect("a secret");
    let by_session = |does: &UseCases| does.recognise.execute(Credential::Session(session.as_str()), &request());
    assert_eq!(by_session(&does).expect("recognised").actor.role, Role::Administrator);
    by_session(&configured("first")).expect("another server with the same");
    for other in [configured("second"), with_ids(&stores, &ids)] {
        assert!(matches!(ask(&other.recognise, "first"), Err(RecogniseError::NotValid(_))));
        assert!(matches!(by_session(&other), Err(RecogniseError::NotValid(_))));
    }
    by_session(&does).expect("it still holds where it is configured");
}

#[test]
fn nobody_in_particular_fills_the_log() {
    let stores = MemoryStore::new().stores();
    let does = use_cases(&stores);
    for _ in 0..MOST_REFUSALS_A_MINUTE + 100 {
        assert!(matches!(ask(&does.recognise, "nonsense"), Err(RecogniseError::NotValid(_))));
    }
    let (mut count, mut page) = (0, PageRequest::first(Limit::new(Limit::MOST).expect("a limit")));
    loop {
        let found = stores.audit.list(&AuditFilter::default(), &page).expect("the store answers");
        count += found.items.len();
        match found.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    assert_eq!(count, usize::try_from(MOST_REFUSALS_A_MINUTE).expect("few"));
}

#[test]
fn what_stands_for_the_token_of_the_configuration_tells_nothing_of_it() {
    // Two hospitals with the same secret and other chances: whoever sees the id cannot try secrets on it.
    let id = |skip: u32| {
        let ids: Arc<dyn Ids> = Arc::new(Counting::default());
        for _ in 0..skip {
            let _ = ids.secret();
        }
        let does = with_ids(&MemoryStore::new().stores(), &ids);
        let does = does.recognising(|recognise| recognise.with_administrator(digest("secret")));
        ask(&does.recognise, "secret").expect("recognised").actor.caller
    };
    assert_ne!(id(0), id(1));
    assert_eq!(id(0).uuid().get_version_num(), 8);
}
