//! Who may do what: every operation of the document, by every role, on what is the own, on what is somebody else's, and on
//! what is not there, is answered as `docs/access.md` says.

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use doctor_booking_api_actix::openapi_json;
use serde_json::{Value, json};

use crate::support::{Answer, Api, NOBODY, NOW, jon};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/access.md");
const ROLES: [&str; 6] = ["administrator", "front desk", "doctor", "patient", "nobody", "nobody, publicly"];
/// The time that is free at both doctors'.
const FREE: &str = "2030-01-07T10:00:00-05:00";

/// Whose the thing is on which something is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Own,
    Others,
    Absent,
}

const WHOSE: [Whose; 3] = [Whose::Own, Whose::Others, Whose::Absent];

/// A hospital in which Arya is Jon's patient, and Sansa Sam's: what is the doctor Jon's or the patient Arya's is the own.
struct Hospital {
    api: Api,
    /// By the name of a path's parameter: the own, and somebody else's.
    things: BTreeMap<&'static str, [String; 2]>,
}

impl Hospital {
    /// Boxed: what fills a hospital is a long future, and each test holds one.
    async fn new() -> Self {
        Box::pin(Self::filled()).await
    }

    async fn filled() -> Self {
        let api = Api::new();
        let doctors = [api.jon().await, api.jon().await];
        let patients = [api.arya().await, api.arya().await];
        let of_both = |name, of: [String; 2]| (name, of);
        let [mut bookings, mut holds, mut waiting, mut time_off] = [vec![], vec![], vec![], vec![]];
        for (doctor, patient) in doctors.iter().zip(&patients) {
            bookings.push(api.book(doctor, patient, "2030-01-07T08:00:00-05:00").await.created());
            let hold = json!({"doctorId": doctor, "start": "2030-01-07T09:00:00-05:00", "ttlSeconds": 900});
            holds.push(api.asked_by_patient(patient).post("/api/v1/holds", &hold).await.created());
            let wish = json!({"patientId": patient, "doctorId": doctor, "from": "2030-01-14", "to": "2030-01-14"});
            waiting.push(api.post("/api/v1/waitlist", &wish).await.created());
            let path = format!("/api/v1/doctors/{doctor}");
            let away = json!({"start": "2030-02-04T08:00:00-05:00", "end": "2030-02-04T09:00:00-05:00"});
            time_off.push(api.post(&format!("{path}/time-off"), &away).await.created());
            api.put(&format!("{path}/overrides/2030-03-04"), &json!({"windows": []})).await.ok();
            let hours = json!({"effectiveFrom": "2031-01-01", "weekly": {}});
            api.put(&format!("{path}/working-hours"), &hours).await.ok();
        }
        let closure = api.post("/api/v1/closures", &json!({"date": "2030-12-25", "name": "Christmas"})).await.created();
        let visit_type = api.visit_type(&json!({"name": "Check-up", "minutes": 60})).await;
        let webhook = api.post("/api/v1/webhooks", &json!({"url": "https://example.org/hook"})).await.created();
        let token = api.post("/api/v1/tokens", &json!({"name": "window 2", "role": "front-desk"})).await.created();
        let two = |of: Vec<String>| <[String; 2]>::try_from(of).expect("two");
        let things = [
            of_both("doctorId", doctors),
            of_both("patientId", patients),
            of_both("bookingId", two(bookings)),
            of_both("holdId", two(holds)),
            of_both("waitingId", two(waiting)),
            of_both("timeOffId", two(time_off)),
            of_both("closureId", [closure.clone(), closure]),
            of_both("visitTypeId", [visit_type.clone(), visit_type]),
            of_both("webhookId", [webhook.clone(), webhook]),
            of_both("tokenId", [token.clone(), token]),
            of_both("date", ["2030-03-04".to_owned(), "2030-03-04".to_owned()]),
            of_both("effectiveFrom", ["2031-01-01".to_owned(), "2031-01-01".to_owned()]),
        ];
        Self { api, things: things.into() }
    }

    fn thing(&self, name: &str, whose: Whose) -> String {
        let [own, others] = self.things.get(name).unwrap_or_else(|| panic!("{name} is not known here"));
        match whose {
            Whose::Own => own.clone(),
            Whose::Others => others.clone(),
            // A date stays one: it is the doctor who is not there.
            Whose::Absent if name == "date" || name == "effectiveFrom" => own.clone(),
            Whose::Absent => NOBODY.to_owned(),
        }
    }

    /// The service as asked by a role.
    fn asked_by(&self, role: &str) -> Api {
        match role {
            "administrator" => self.api.clone(),
            "front desk" => self.api.asked_as("desk", doctor_booking_domain::Role::FrontDesk),
            "doctor" => self.api.asked_by_doctor(&self.thing("doctorId", Whose::Own)),
            "patient" => self.api.asked_by_patient(&self.thing("patientId", Whose::Own)),
            "nobody" => self.api.bringing(""),
            "nobody, publicly" => self.api.open_to_the_public().bringing(""),
            _ => panic!("there is no role {role}"),
        }
    }

    /// What has to be so before an operation can be carried out at all.
    async fn prepare(&self, operation: &str) {
        let bookings = [Whose::Own, Whose::Others].map(|whose| self.thing("bookingId", whose));
        for booking in bookings {
            let path = format!("/api/v1/bookings/{booking}");
            match operation {
                "fulfilBooking" => drop(self.api.post(&format!("{path}/arrive"), &json!({})).await.ok()),
                "reinstateBooking" => {
                    drop(self.api.post(&format!("{path}/cancel"), &json!({"reason": "ill"})).await.ok());
                }
                _ => {}
            }
        }
        if operation == "missBooking" {
            self.api.set_clock("2030-01-07T13:05:00Z");
        }
    }

    fn request(&self, operation: &Operation, whose: Whose) -> TestRequest {
        let mut path = operation.path.clone();
        for name in self.things.keys() {
            let segment = format!("{{{name}}}");
            if path.contains(&segment) {
                path = path.replace(&segment, &self.thing(name, whose));
            }
        }
        path.push_str(operation.query());
        let request = TestRequest::default().method(operation.method.clone()).uri(&path);
        match operation.body(self, whose) {
            Some(body) => request.set_json(body),
            None => request,
        }
    }
}

/// An operation of the document.
struct Operation {
    id: String,
    method: Method,
    path: String,
}

impl Operation {
    fn all() -> Vec<Self> {
        let document: Value = serde_json::from_str(&openapi_json()).expect("JSON");
        let mut all = Vec::new();
        for (path, item) in document["paths"].as_object().expect("paths") {
            for (method, operation) in item.as_object().expect("operations") {
                let id = operation["operationId"].as_str().expect("an id").to_owned();
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
                all.push(Self { id, method, path: path.clone() });
            }
        }
        all
    }

    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether it is done on something of which there are an own, another's and none.
    fn has_object(&self) -> bool {
        self.path.contains('{') || matches!(&*self.id, "createBooking" | "createBookingSeries" | "joinWaitlist")
    }

    fn query(&self) -> &'static str {
        match &*self.id {
            "getAvailability" | "showBoard" => "?date=2030-01-07",
            "getAvailabilitySummary" | "listOverrides" | "searchAvailability" => "?from=2030-01-07&to=2030-01-08",
            "explainStart" => "?start=2030-01-07T10:00:00-05:00",
            _ => "",
        }
    }

    fn body(&self, hospital: &Hospital, whose: Whose) -> Option<Value> {
        let doctor = hospital.thing("doctorId", Whose::Own);
        let patient = hospital.thing("patientId", whose);
        Some(match &*self.id {
            "createDoctor" => jon(),
            "amendDoctor" => json!({"lastName": "Targaryen", "slotMinutes": 30}),
            "replaceWorkingHours" | "amendWorkingHours" => {
                json!({"effectiveFrom": "2032-01-01", "weekly": {"monday": [{"start": "08:00", "end": "16:00"}]}})
            }
            "setOverride" => json!({"windows": [{"start": "08:00", "end": "09:00"}]}),
            "addTimeOff" => json!({"start": "2030-05-06T08:00:00-04:00", "end": "2030-05-06T09:00:00-04:00"}),
            "addClosure" => json!({"date": "2030-12-26", "name": "Boxing Day"}),
            "addVisitType" => json!({"name": "Long", "minutes": 120}),
            "amendVisitType" => json!({"name": "Longer"}),
            "createPatient" => json!({"firstName": "Bran", "lastName": "Stark"}),
            "amendPatient" => json!({"phone": "+1 212 555 0100"}),
            "createBooking" => json!({"doctorId": doctor, "patientId": patient, "start": FREE}),
            "createBookingSeries" => json!({
                "doctorId": doctor, "patientId": patient, "start": FREE, "every": "week", "count": 2,
                "onConflict": "refuse"
            }),
            "holdSlot" => json!({"doctorId": doctor, "start": FREE}),
            "joinWaitlist" => {
                json!({"patientId": patient, "doctorId": doctor, "from": "2030-01-14", "to": "2030-01-14"})
            }
            "rescheduleBooking" => json!({"start": FREE}),
            "cancelBooking" => json!({"reason": "ill"}),
            "addWebhook" => json!({"url": "https://example.org/other"}),
            "amendWebhook" => json!({"active": false}),
            "createToken" => json!({"name": "window 3", "role": "front-desk"}),
            "startSession" => json!({"token": "administrator"}),
            _ => return None,
        })
    }
}

/// What is answered, as the table tells it: one status where whose it is makes no difference.
fn cell(statuses: [u16; 3]) -> String {
    let [own, others, absent] = statuses;
    if own == others && others == absent { own.to_string() } else { format!("{own} {others} {absent}") }
}

/// What of an answer may not depend on whether somebody else's thing is there or is not.
fn shape(answer: &Answer, ids: &[String]) -> (u16, Vec<String>, String) {
    let mut names: Vec<_> = answer.headers.iter().map(|(name, _)| name.to_string()).collect();
    names.sort();
    let mut text = answer.text();
    let request = answer.header("X-Request-Id").unwrap_or_default().to_owned();
    for id in ids.iter().map(String::as_str).chain([&*request]) {
        text = text.replace(id, "…");
    }
    (answer.status.as_u16(), names, text)
}

#[actix_web::test]
async fn every_operation_is_answered_to_every_role_as_the_table_says() {
    let mut rows = BTreeMap::new();
    let mut hospital = Hospital::new().await;
    for operation in Operation::all() {
        let mut cells = Vec::new();
        for role in ROLES {
            let mut statuses = [0; 3];
            let mut shapes = Vec::new();
            for (status, whose) in statuses.iter_mut().zip(WHOSE) {
                hospital.prepare(&operation.id).await;
                let request = hospital.request(&operation, whose);
                let answer = hospital.asked_by(role).send(request).await;
                *status = answer.status.as_u16();
                let others = ["doctorId", "patientId", "bookingId", "holdId", "waitingId", "timeOffId"];
                let mut ids = others.map(|name| hospital.thing(name, whose)).to_vec();
                ids.push(NOBODY.to_owned());
                shapes.push(shape(&answer, &ids));
                // What was changed, or has to be another time, is built anew.
                let is_prepared = matches!(&*operation.id, "fulfilBooking" | "reinstateBooking" | "missBooking");
                if operation.method != Method::GET && answer.status.is_success() || is_prepared {
                    hospital = Hospital::new().await;
                }
                assert!(!answer.status.is_server_error(), "{} {role} {whose:?}: {}", operation.name(), answer.text());
                let is_refused = matches!(answer.status.as_u16(), 401 | 403 | 404);
                assert!(
                    answer.status.is_success() || is_refused,
                    "{} {role} {whose:?}: {}",
                    operation.name(),
                    answer.text()
                );
            }
            if !operation.has_object() {
                assert_eq!(statuses, [statuses[0]; 3], "{}", operation.name());
            }
            if statuses[1] == statuses[2] && statuses[1] >= 400 {
                assert_eq!(shapes[1], shapes[2], "{} {role}: it tells whether it is there", operation.name());
            }
            cells.push(cell(statuses));
        }
        rows.insert((operation.path.clone(), operation.method.to_string()), cells);
    }
    let head = format!("| operation | {} |\n|---|{}\n", ROLES.join(" | "), "---|".repeat(ROLES.len()));
    let row = |((path, method), cells): ((String, String), Vec<String>)| {
        format!("| `{method} {path}` | {} |\n", cells.join(" | "))
    };
    let table = rows.into_iter().map(row).fold(head, |table, row| table + &row);
    let committed = std::fs::read_to_string(TABLE).expect("docs/access.md can be read");
    let (before, _) = committed.split_once("| operation |").expect("docs/access.md has the table");
    let now = format!("{before}{table}");
    if std::env::var_os("UPDATE_ACCESS").is_some() {
        std::fs::write(TABLE, &now).expect("docs/access.md can be written");
    }
    let committed = std::fs::read_to_string(TABLE).expect("docs/access.md can be read");
    let differ: Vec<_> = now.lines().zip(committed.lines()).filter(|(now, then)| now != then).collect();
    assert!(now == committed, "it is answered otherwise than docs/access.md says: {differ:#?}");
}

/// The ids of a list.
async fn listed(api: &Api, path: &str) -> Vec<String> {
    let list = api.get(path).await.ok();
    let items = list["items"].as_array().expect("items").iter();
    items.map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
}

#[actix_web::test]
async fn lists_and_their_cursors_know_only_what_is_ones_own() {
    let hospital = Hospital::new().await;
    let [own, others] = hospital.things["bookingId"].clone();
    let [arya, sansa] = hospital.things["patientId"].clone();
    let [jon, sam] = hospital.things["doctorId"].clone();
    let (doctor, patient) = (hospital.asked_by("doctor"), hospital.asked_by("patient"));
    for api in [&doctor, &patient] {
        for query in ["", &format!("?doctorId={jon}"), &format!("?patientId={arya}"), "?limit=1"] {
            let list = api.get(&format!("/api/v1/bookings{query}")).await.ok();
            assert_eq!(
                (list["items"].as_array().map(Vec::len), list["items"][0]["id"].as_str()),
                (Some(1), Some(&*own))
            );
            assert_eq!(list.get("nextCursor"), None, "nothing comes after it: {list}");
        }
        for query in [format!("?doctorId={sam}"), format!("?patientId={sansa}"), format!("?doctorId={NOBODY}")] {
            assert_eq!(listed(api, &format!("/api/v1/bookings{query}")).await, Vec::<String>::new(), "{query}");
        }
        assert_eq!(listed(api, "/api/v1/patients").await, [&*arya]);
        assert_eq!(listed(api, "/api/v1/patients?q=stark&limit=1").await, [&*arya]);
    }
    assert_eq!(listed(&patient, "/api/v1/waitlist").await, [&*hospital.thing("waitingId", Whose::Own)]);
    assert_eq!(listed(&patient, &format!("/api/v1/waitlist?patientId={sansa}")).await, Vec::<String>::new());
    assert_eq!(listed(&hospital.asked_by("front desk"), "/api/v1/bookings").await.len(), 2);

    // A booking that moves away is not in the calendar any more; and the patient is not the doctor's any more.
    let path = format!("/api/v1/bookings/{own}");
    hospital.api.post(&format!("{path}/reschedule"), &json!({"start": FREE, "doctorId": sam})).await.ok();
    assert_eq!(listed(&doctor, "/api/v1/bookings").await, Vec::<String>::new());
    assert_eq!(listed(&doctor, "/api/v1/patients").await, Vec::<String>::new());
    doctor.get(&path).await.problem(404, "not-found");
    doctor.get(&format!("/api/v1/patients/{arya}")).await.problem(404, "not-found");
    patient.get(&path).await.ok();
    assert!(others != own);
}

#[actix_web::test]
async fn a_patient_sees_what_is_free_and_never_why_other_times_are_not() {
    let hospital = Hospital::new().await;
    let jon = hospital.thing("doctorId", Whose::Own);
    let (api, patient) = (&hospital.api, hospital.asked_by("patient"));
    let path = format!("/api/v1/doctors/{jon}/availability");
    // Eight is booked, nine is held; ten, and one to three, are free.
    let all = api.get(&format!("{path}?date=2030-01-07")).await.ok()["days"][0].clone();
    assert_eq!((all["slots"].as_array().map(Vec::len), &all["freeCount"]), (Some(6), &json!(4)));
    let day = patient.get(&format!("{path}?date=2030-01-07")).await.ok()["days"][0].clone();
    let slots = day["slots"].as_array().expect("slots");
    assert_eq!((slots.len(), &day["freeCount"], &day["openings"]), (4, &json!(4), &json!([])));
    assert!(slots.iter().all(|slot| slot["status"] == "free"), "{day}");
    let summary = patient.get(&format!("{path}/summary?from=2030-01-07&to=2030-01-08")).await.ok();
    let expected = json!([
        {"date": "2030-01-07", "free": 4, "booked": null, "reason": null},
        {"date": "2030-01-08", "free": 0, "booked": null, "reason": null}
    ]);
    assert_eq!(summary["days"], expected, "on Tuesdays nobody works, which is not theirs to know");
    let closed = patient.get(&format!("{path}?date=2030-12-25")).await.ok()["days"][0]["reason"].clone();
    assert_eq!(closed, json!(null), "a Wednesday");
    patient.get(&format!("{path}/explain?start=2030-01-07T08:00:00-05:00")).await.problem(403, "forbidden");

    // Booked and held are told alike, by the same words.
    let arya = hospital.thing("patientId", Whose::Own);
    let refused = |answer: Answer| {
        let problem = answer.problem(409, "slot-taken");
        (problem["detail"].clone(), problem["errors"].clone())
    };
    let eight = patient.book(&jon, &arya, "2030-01-07T08:00:00-05:00").await;
    let nine = patient.book(&jon, &arya, "2030-01-07T09:00:00-05:00").await;
    assert_eq!(refused(eight), refused(nine));
    api.book(&jon, &arya, "2030-01-07T09:00:00-05:00").await.problem(409, "slot-held");
    let hold = json!({"doctorId": jon, "start": "2030-01-07T09:00:00-05:00"});
    patient.post("/api/v1/holds", &hold).await.problem(409, "slot-taken");
    let series = json!({
        "doctorId": jon, "patientId": arya, "start": "2030-01-07T09:00:00-05:00", "every": "week", "count": 2,
        "onConflict": "refuse"
    });
    let series = patient.post("/api/v1/booking-series", &series).await;
    assert!(!series.text().contains("held"), "{}", series.text());
}

#[actix_web::test]
async fn whoever_may_not_do_something_is_told_so_before_anything_is_looked_at() {
    let hospital = Hospital::new().await;
    let doctor = hospital.asked_by("doctor");
    for whose in WHOSE {
        let path = format!("/api/v1/bookings/{}", hospital.thing("bookingId", whose));
        doctor.post(&format!("{path}/cancel"), &json!({"reason": "ill"})).await.problem(403, "forbidden");
        let stale = TestRequest::post().uri(&format!("{path}/cancel")).insert_header(("If-Match", "\"99\""));
        doctor.send(stale.set_json(json!({"reason": "ill"}))).await.problem(403, "forbidden");
    }
    // What somebody else's thing has for an entity tag is nobody's business either.
    for whose in [Whose::Others, Whose::Absent] {
        let path = format!("/api/v1/patients/{}", hospital.thing("patientId", whose));
        for tag in ["\"1\"", "\"99\"", "*"] {
            let amend =
                TestRequest::patch().uri(&path).insert_header(("If-Match", tag)).set_json(json!({"phone": null}));
            hospital.asked_by("patient").send(amend).await.problem(404, "not-found");
        }
    }
}

#[actix_web::test]
async fn when_a_doctor_works_is_shown_to_that_doctor_and_the_desk_only() {
    let hospital = Hospital::new().await;
    let [jon, sam] = hospital.things["doctorId"].clone();
    let shows = async |role: &str, doctor: &str| {
        let api = hospital.asked_by(role);
        let one = api.get(&format!("/api/v1/doctors/{doctor}")).await.ok();
        let list = api.get("/api/v1/doctors").await.ok();
        let listed = list["items"].as_array().expect("items").iter().find(|it| it["id"] == doctor).cloned();
        assert_eq!(listed.expect("the doctor is listed"), one, "{role}");
        one["workingHours"].is_object()
    };
    for (role, of_jon, of_sam) in [
        ("administrator", true, true),
        ("front desk", true, true),
        ("doctor", true, false),
        ("patient", false, false),
        ("nobody, publicly", false, false),
    ] {
        assert_eq!((shows(role, &jon).await, shows(role, &sam).await), (of_jon, of_sam), "{role}");
    }
}

#[actix_web::test]
async fn a_doctor_changes_the_own_hours_and_nobody_elses() {
    let hospital = Hospital::new().await;
    let doctor = hospital.asked_by("doctor");
    let path = |whose| format!("/api/v1/doctors/{}", hospital.thing("doctorId", whose));
    doctor.patch(&path(Whose::Own), &json!({"slotMinutes": 30, "lastName": "Targaryen"})).await.ok();
    for rule in
        [json!({"slotMinutes": 30}), json!({"timeZone": "UTC"}), json!({"active": false}), json!({"visitTypes": []})]
    {
        doctor.patch(&path(Whose::Others), &rule).await.problem(403, "forbidden");
    }
    // What a colleague is called is no secret between them.
    doctor.patch(&path(Whose::Others), &json!({"lastName": "Tarly"})).await.ok();
}

#[actix_web::test]
async fn everybody_is_told_of_what_is_theirs_as_it_happens_and_of_what_is_free() {
    let hospital = Hospital::new().await;
    hospital.api.turn();
    let [jon, sam] = hospital.things["doctorId"].clone();
    let [arya, sansa] = hospital.things["patientId"].clone();
    let listen = |role| {
        let api = hospital.asked_by(role);
        async move { api.listen(TestRequest::get().uri("/api/v1/events")).await }
    };
    let (mut desk, mut doctor, mut patient) =
        (listen("front desk").await, listen("doctor").await, listen("patient").await);
    hospital.api.book(&jon, &sansa, FREE).await.created();
    hospital.api.book(&sam, &arya, "2030-01-07T13:00:00-05:00").await.created();
    hospital.api.turn();
    let mut told = Vec::new();
    for listener in [&mut desk, &mut doctor, &mut patient] {
        let mut blocks = Vec::new();
        while blocks.len() < 2 {
            let block = listener.block().await.expect("more");
            blocks.extend(block.contains("event: ").then_some(block));
        }
        told.push(blocks);
    }
    let kinds = |blocks: &[String]| {
        let kind = |block: &String| block.lines().find_map(|line| line.strip_prefix("event: ")).map(str::to_owned);
        blocks.iter().filter_map(kind).collect::<Vec<_>>()
    };
    // Of what is others' it is told last, each doctor once.
    assert_eq!(kinds(&told[0]), ["booking.created", "booking.created"]);
    assert_eq!(kinds(&told[1]), ["booking.created", "availability.changed"]);
    assert_eq!(kinds(&told[2]), ["booking.created", "availability.changed"]);
    assert!(told[1][0].contains(&sansa) && !told[1][1].contains(&arya), "{told:?}");
    assert!(!told[2].concat().contains(&sansa), "{told:?}");
    for blocks in &told[1..] {
        assert!(
            blocks.iter().all(|block| !block.contains("\"position\":1")),
            "how many there are is not theirs: {blocks:?}"
        );
    }
    // Who comes back with the last id goes on where he or she was; with one of which he or she was not told, not at all.
    let id = |block: &String| block.lines().find_map(|line| line.strip_prefix("id: ")).map(str::to_owned);
    let (own, strangers) = (id(&told[2][0]).expect("an id"), id(&told[1][0]).expect("an id"));
    let resume = |id: &str| TestRequest::get().uri("/api/v1/events").insert_header(("Last-Event-ID", id.to_owned()));
    let api = hospital.asked_by("patient");
    assert_eq!(api.send(resume(&own)).await.status, 200);
    for wrong in [&*strangers, NOBODY, "1"] {
        api.send(resume(wrong)).await.problem(422, "invalid-cursor");
    }
}

#[actix_web::test]
async fn whoever_listens_is_told_nothing_of_what_others_did_before() {
    let hospital = Hospital::new().await;
    hospital.api.turn();
    let patient = hospital.asked_by("patient");
    let mut listener = patient.listen(TestRequest::get().uri("/api/v1/events?after=0")).await;
    listener.block().await.expect("a beginning");
    // The own booking, the own place in line, and the closure.
    for kind in ["booking.created", "waitlist.joined", "closure.added"] {
        let block = listener.block().await.expect("more");
        assert!(block.contains(&format!("event: {kind}\n")), "{block}");
    }
    assert!(listener.is_silent().await);
    // Who leaves the line without having been offered anything frees nothing.
    let [jon, _] = hospital.things["doctorId"].clone();
    let others = hospital.thing("waitingId", Whose::Others);
    assert_eq!(hospital.api.delete(&format!("/api/v1/waitlist/{others}")).await.status, 204);
    let sansa = hospital.thing("patientId", Whose::Others);
    hospital.api.book(&jon, &sansa, FREE).await.created();
    hospital.api.book(&jon, &sansa, "2030-01-07T13:00:00-05:00").await.created();
    hospital.api.turn();
    let block = listener.block().await.expect("a hint");
    assert!(block.contains("availability.changed") && block.contains(&jon), "{block}");
    assert!(listener.is_silent().await, "however much has happened");
}

#[actix_web::test]
async fn a_doctor_learns_of_a_visit_nothing_of_when_it_was_with_others() {
    let hospital = Hospital::new().await;
    let [jon, _] = hospital.things["doctorId"].clone();
    let others = format!("/api/v1/bookings/{}", hospital.thing("bookingId", Whose::Others));
    let moved = json!({"start": FREE, "doctorId": jon});
    hospital.api.post(&format!("{others}/reschedule"), &moved).await.ok();
    let history = hospital.asked_by("doctor").get(&format!("{others}/history")).await.ok();
    let told: Vec<_> =
        history["items"].as_array().expect("items").iter().map(|it| (&it["what"], &it["before"])).collect();
    assert_eq!(told, [(&json!("booking.created"), &json!({})), (&json!("booking.moved"), &json!({}))]);
    assert_eq!((&history["items"][0]["after"], &history["items"][1]["after"]["start"]), (&json!({}), &json!(FREE)));
    let whole = hospital.api.get(&format!("{others}/history")).await.ok();
    assert_eq!(whole["items"][1]["before"]["start"], "2030-01-07T08:00:00-05:00");
}

#[actix_web::test]
async fn a_doctor_sees_that_a_change_meets_what_is_held_but_not_which_hold() {
    let hospital = Hospital::new().await;
    let jon = hospital.thing("doctorId", Whose::Own);
    let path = format!("/api/v1/doctors/{jon}/overrides/2030-01-07?dryRun=true");
    let close = json!({"windows": []});
    let hold = async |role: &str| hospital.asked_by(role).put(&path, &close).await.ok()["affectedHolds"][0].clone();
    let (desk, doctor) = (hold("front desk").await, hold("doctor").await);
    assert_eq!(desk["id"], hospital.thing("holdId", Whose::Own));
    assert_eq!((&doctor["start"], &doctor["id"], &doctor["expiresAt"]), (&desk["start"], &Value::Null, &Value::Null));
}

#[actix_web::test]
async fn what_is_shown_by_a_change_that_changes_nothing_is_in_the_audit_log_too() {
    let hospital = Hospital::new().await;
    let desk = hospital.asked_by("front desk");
    let [arya, _] = hospital.things["patientId"].clone();
    let own = format!("/api/v1/bookings/{}", hospital.thing("bookingId", Whose::Own));
    desk.post(&format!("{own}/cancel"), &json!({"reason": "ill"})).await.ok();
    let seen = async || {
        let list = hospital.api.get(&format!("/api/v1/audit?patientId={arya}&outcome=seen&limit=200")).await.ok();
        list["items"].as_array().expect("items").len()
    };
    let mut before = seen().await;
    let patient = format!("/api/v1/patients/{arya}");
    for (path, body, status) in [
        (format!("{own}/cancel"), json!({"reason": "again"}), 200),
        (format!("{own}/arrive"), json!({}), 409),
        (format!("{own}/reschedule"), json!({"start": FREE}), 409),
    ] {
        assert_eq!(desk.post(&path, &body).await.status.as_u16(), status, "{path}");
        assert_eq!(seen().await, before + 1, "{path}");
        before += 1;
    }
    desk.patch(&patient, &json!({})).await.ok();
    assert_eq!(seen().await, before + 1, "who changes a record sees it");
}

#[actix_web::test]
async fn a_patient_waits_for_twenty_things_at_most() {
    let hospital = Hospital::new().await;
    let wish = json!({
        "patientId": hospital.thing("patientId", Whose::Own), "doctorId": hospital.thing("doctorId", Whose::Own),
        "from": "2030-01-14", "to": "2030-01-14"
    });
    let patient = hospital.asked_by("patient");
    for _ in 1..20 {
        patient.post("/api/v1/waitlist", &wish).await.created();
    }
    let refused = patient.post("/api/v1/waitlist", &wish).await;
    refused.problem(429, "too-many-places");
    assert_eq!(refused.header("Retry-After"), Some("30"));
    let own = hospital.thing("waitingId", Whose::Own);
    assert_eq!(patient.delete(&format!("/api/v1/waitlist/{own}")).await.status, 204);
    patient.post("/api/v1/waitlist", &wish).await.created();
}

#[actix_web::test]
async fn one_caller_leaves_streams_to_others() {
    let hospital = Hospital::new().await;
    let (patient, desk) = (hospital.asked_by("patient"), hospital.asked_by("front desk"));
    let mut open = Vec::new();
    for _ in 0..32 {
        open.push(patient.listen(TestRequest::get().uri("/api/v1/events")).await);
    }
    patient.get("/api/v1/events").await.problem(503, "unavailable");
    desk.listen(TestRequest::get().uri("/api/v1/events")).await;
    open.pop();
    patient.listen(TestRequest::get().uri("/api/v1/events")).await;
}

#[actix_web::test]
async fn what_is_seen_of_patients_and_what_is_refused_is_in_the_audit_log() {
    let hospital = Hospital::new().await;
    let (api, doctor, patient) = (&hospital.api, hospital.asked_by("doctor"), hospital.asked_by("patient"));
    let [arya, sansa] = hospital.things["patientId"].clone();
    let [own, others] = hospital.things["bookingId"].clone();
    let asked = |api: &Api, path: String, id: &'static str| {
        let (api, request) = (api.clone(), TestRequest::get().uri(&path).insert_header(("X-Request-Id", id)));
        async move { api.send(request).await }
    };
    asked(&doctor, format!("/api/v1/patients/{arya}"), "seen").await.ok();
    asked(&doctor, format!("/api/v1/patients/{sansa}"), "hidden").await.problem(404, "not-found");
    asked(&doctor, format!("/api/v1/patients/{NOBODY}"), "absent").await.problem(404, "not-found");
    asked(&patient, format!("/api/v1/bookings/{others}"), "booking").await.problem(404, "not-found");
    asked(&patient, "/api/v1/webhooks".to_owned(), "forbidden").await.problem(403, "forbidden");
    asked(&api.bringing("Bearer nonsense"), "/api/v1/doctors".to_owned(), "unknown")
        .await
        .problem(401, "unauthenticated");
    asked(api, "/api/v1/bookings".to_owned(), "listed").await.ok();
    asked(api, format!("/api/v1/bookings/{own}/history"), "history").await.ok();

    let lines = async |query: &str| {
        let list = api.get(&format!("/api/v1/audit?limit=200{query}")).await.ok();
        list["items"].as_array().expect("items").clone()
    };
    let all = lines("").await;
    let of = |request: &str| {
        let found = all.iter().filter(|line| line["requestId"] == request);
        found
            .map(|line| (line["action"].as_str(), line["outcome"].as_str(), line["patientId"].clone()))
            .collect::<Vec<_>>()
    };
    let line = |action, outcome, patient: Value| (Some(action), Some(outcome), patient);
    assert_eq!(of("seen"), [line("read-patients", "seen", json!(arya))]);
    assert_eq!(of("hidden"), [line("read-patients", "refused", json!(sansa))]);
    assert_eq!(of("absent"), [line("read-patients", "refused", json!(null))]);
    assert_eq!(of("booking"), [line("read-bookings", "refused", json!(sansa))]);
    assert_eq!(of("forbidden"), [line("manage-webhooks", "refused", json!(null))]);
    assert_eq!(of("unknown"), [line("sign-in", "refused", json!(null))]);
    assert_eq!(of("history"), [line("read-booking-history", "seen", json!(arya))]);
    let mut listed = of("listed");
    listed.sort_by_key(|(_, _, patient)| patient.to_string());
    let mut both = [json!(arya), json!(sansa)].map(|patient| line("read-bookings", "seen", patient));
    both.sort_by_key(|(_, _, patient)| patient.to_string());
    assert_eq!(listed, both);
    let unknown = all.iter().find(|line| line["requestId"] == "unknown").expect("a line");
    assert_eq!((&unknown["callerId"], &unknown["role"], &unknown["at"]), (&json!(null), &json!("nobody"), &json!(NOW)));

    let doctor_id = hospital.thing("doctorId", Whose::Own);
    assert_eq!(lines(&format!("&callerId={doctor_id}&outcome=refused")).await.len(), 2);
    assert!(lines(&format!("&patientId={sansa}")).await.iter().all(|line| line["patientId"] == json!(sansa)));
    assert_eq!(lines("&action=sign-in").await.len(), 1);
    assert_eq!(lines("&to=2029-12-01T09:30:00Z").await.len(), 0);
    api.get("/api/v1/audit?action=sing-in").await.violates(400, "malformed-request", &[("/action", "unknown-value")]);
}
