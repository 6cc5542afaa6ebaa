//! A client that speaks JSON.

use std::time::Duration;

use serde_json::{Value, json};
use ureq::http::Response;
use ureq::{Agent, RequestBuilder};

/// A client that speaks JSON. Clones share connections.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    url: String,
    /// The headers by which it is known.
    known_by: Vec<(&'static str, String)>,
}

/// What a server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, by name in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as it came.
    pub text: String,
}

impl Answer {
    fn read(mut response: Response<ureq::Body>) -> Result<Self, ureq::Error> {
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        Ok(Self {
            status: response.status().as_u16(),
            headers: headers.collect(),
            text: response.body_mut().read_to_string()?,
        })
    }

    /// The body as JSON; null when it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// A header, if it came.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The problem's code, if it is one.
    #[must_use]
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Status and problem code at once, as in `(409, "slot-taken")`.
    #[must_use]
    pub fn refusal(&self) -> (u16, String) {
        (self.status, self.code())
    }

    /// The body of an answer that must have this status.
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.json()
    }
}

impl Client {
    /// A client of the server at `url`.
    #[must_use]
    pub fn new(url: &str) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_mins(1)));
        Self { agent: config.build().into(), url: url.to_owned(), known_by: vec![] }
    }

    /// The token of the administrator as whom the stories are told.
    pub const ADMINISTRATOR: &str = "administrator-of-the-stories-0001";

    /// The same, bringing this token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        self.with_headers(&[("Authorization", &format!("Bearer {token}"))])
    }

    /// The same server, asked with these headers and nothing else.
    #[must_use]
    pub fn with_headers(&self, headers: &[(&'static str, &str)]) -> Self {
        let known_by = headers.iter().map(|&(name, value)| (name, value.to_owned())).collect();
        Self { known_by, ..Self::new(&self.url) }
    }

    /// A browser that is signed in with this token: it has a cookie, and tells from which page it asks.
    #[must_use]
    pub fn signed_in(&self, token: &str) -> Self {
        self.with_headers(&[("Cookie", &self.session(token)), ("Origin", &self.url)])
    }

    /// Signs in with this token; the cookie, as it is sent back.
    #[must_use]
    pub fn session(&self, token: &str) -> String {
        let answer = self.with_headers(&[("Origin", &self.url)]).post("/api/v1/session", &json!({"token": token}));
        answer.expect(200);
        let cookie = answer.header("set-cookie").expect("a cookie");
        cookie.split(';').next().unwrap_or_default().to_owned()
    }

    /// The same caller, over connections of his or her own.
    #[must_use]
    pub fn again(&self) -> Self {
        Self { known_by: self.known_by.clone(), ..Self::new(&self.url) }
    }

    /// Another administrator of the same server.
    #[must_use]
    pub fn as_caller(&self, name: &str) -> Self {
        self.with_new_token(&json!({"name": name, "role": "administrator"}))
    }

    /// Somebody of the same server's, with a token made for this.
    #[must_use]
    pub fn with_new_token(&self, token: &Value) -> Self {
        self.with_token(&self.new_token(token).1)
    }

    /// Makes a token: its id and its secret.
    #[must_use]
    pub fn new_token(&self, token: &Value) -> (String, String) {
        let made = self.post("/api/v1/tokens", token).expect(201);
        (id(&made), made["token"].as_str().expect("a secret").to_owned())
    }

    /// Revokes a token.
    pub fn revoke(&self, token: &str) {
        self.delete(&format!("/api/v1/tokens/{token}")).expect(204);
    }

    /// Who it is, if that is known: `administrator`, `front-desk`, …
    #[must_use]
    pub fn role(&self) -> Option<String> {
        let me = self.get("/api/v1/me");
        match me.status {
            401 => None,
            _ => Some(me.expect(200)["role"].as_str().expect("a role").to_owned()),
        }
    }

    /// Where the server is: `http://HOST:PORT`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Gets a path, such as `/api/v1/doctors`.
    ///
    /// # Errors
    ///
    /// When no answer came.
    pub fn try_get(&self, path: &str) -> Result<Answer, ureq::Error> {
        Answer::read(self.with_credential(self.agent.get(format!("{}{path}", self.url))).call()?)
    }

    pub(crate) fn with_credential<B>(&self, request: RequestBuilder<B>) -> RequestBuilder<B> {
        self.known_by.iter().fold(request, |request, (name, value)| request.header(*name, value))
    }

    /// Gets a path.
    #[must_use]
    pub fn get(&self, path: &str) -> Answer {
        self.try_get(path).expect("an answer")
    }

    /// Posts JSON to a path.
    ///
    /// # Errors
    ///
    /// When no answer came.
    pub fn try_post(&self, path: &str, body: &Value) -> Result<Answer, ureq::Error> {
        Answer::read(self.with_credential(self.agent.post(format!("{}{path}", self.url))).send_json(body)?)
    }

    /// Posts JSON to a path under a key.
    ///
    /// # Errors
    ///
    /// When no answer came.
    pub fn try_post_keyed(&self, key: &str, path: &str, body: &Value) -> Result<Answer, ureq::Error> {
        let request = self.with_credential(self.agent.post(format!("{}{path}", self.url)));
        Answer::read(request.header("Idempotency-Key", format!("\"{key}\"")).send_json(body)?)
    }

    /// Posts JSON to a path under a key.
    pub fn post_keyed(&self, key: &str, path: &str, body: &Value) -> Answer {
        self.try_post_keyed(key, path, body).expect("an answer")
    }

    /// Posts JSON to a path.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.try_post(path, body).expect("an answer")
    }

    /// Posts text as JSON to a path, right or wrong.
    pub fn post_text(&self, path: &str, body: &str) -> Answer {
        let request = self.agent.post(format!("{}{path}", self.url)).content_type("application/json");
        let request = self.with_credential(request);
        Answer::read(request.send(body).expect("an answer")).expect("an answer")
    }

    /// Puts JSON to a path.
    pub fn put(&self, path: &str, body: &Value) -> Answer {
        let request = self.with_credential(self.agent.put(format!("{}{path}", self.url)));
        Answer::read(request.send_json(body).expect("an answer")).expect("read")
    }

    /// Patches a path with JSON.
    pub fn patch(&self, path: &str, body: &Value) -> Answer {
        let request = self.with_credential(self.agent.patch(format!("{}{path}", self.url)));
        Answer::read(request.send_json(body).expect("an answer")).expect("read")
    }

    /// Deletes what is at a path.
    pub fn delete(&self, path: &str) -> Answer {
        let request = self.with_credential(self.agent.delete(format!("{}{path}", self.url)));
        Answer::read(request.call().expect("an answer")).expect("read")
    }

    /// The doctor of the founding example: Mondays from 8 to 11 and from 13 to 16, in New York. Answers the id.
    #[must_use]
    pub fn founding_doctor(&self) -> String {
        let monday = json!([{"start": "08:00", "end": "11:00"}, {"start": "13:00", "end": "16:00"}]);
        self.doctor(&json!({"monday": monday}))
    }

    /// A doctor in New York with these hours. Answers the id.
    #[must_use]
    pub fn doctor(&self, hours: &Value) -> String {
        let doctor = json!({
            "firstName": "Jon", "lastName": "Snow", "specialty": "cardiology", "timeZone": "America/New_York",
            "slotMinutes": 60, "workingHours": hours,
        });
        id(&self.post("/api/v1/doctors", &doctor).expect(201))
    }

    /// A patient. Answers the id.
    #[must_use]
    pub fn patient(&self, first: &str, last: &str) -> String {
        id(&self.post("/api/v1/patients", &json!({"firstName": first, "lastName": last})).expect(201))
    }

    /// A visit type. Answers the id.
    #[must_use]
    pub fn visit_type(&self, visit_type: &Value) -> String {
        id(&self.post("/api/v1/visit-types", visit_type).expect(201))
    }

    /// Books a visit of a type, or tries to.
    pub fn book_as(&self, visit_type: &str, doctor: &str, patient: &str, start: &str) -> Answer {
        let body = json!({"doctorId": doctor, "patientId": patient, "start": start, "visitType": visit_type});
        self.post("/api/v1/bookings", &body)
    }

    /// Books a slot, or tries to.
    pub fn book(&self, doctor: &str, patient: &str, start: &str) -> Answer {
        self.post("/api/v1/bookings", &json!({"doctorId": doctor, "patientId": patient, "start": start}))
    }

    /// Holds a slot, or tries to.
    pub fn hold(&self, doctor: &str, start: &str) -> Answer {
        self.post("/api/v1/holds", &json!({"doctorId": doctor, "start": start}))
    }

    /// A doctor's availability on a date.
    #[must_use]
    pub fn day(&self, doctor: &str, date: &str) -> Value {
        self.get(&format!("/api/v1/doctors/{doctor}/availability?date={date}")).expect(200)["days"][0].clone()
    }
}

fn id(object: &Value) -> String {
    object["id"].as_str().expect("an id").to_owned()
}
