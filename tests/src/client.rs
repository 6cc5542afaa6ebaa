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
    /// What it brings in `Authorization`.
    credential: Option<String>,
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
        Self { agent: config.build().into(), url: url.to_owned(), credential: None }
    }

    /// Another caller of the same server, who brings this in `Authorization`.
    #[must_use]
    pub fn as_caller(&self, credential: &str) -> Self {
        Self { credential: Some(credential.to_owned()), ..Self::new(&self.url) }
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

    fn with_credential<B>(&self, request: RequestBuilder<B>) -> RequestBuilder<B> {
        match &self.credential {
            Some(credential) => request.header("Authorization", credential),
            None => request,
        }
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
        Answer::read(request.send(body).expect("an answer")).expect("an answer")
    }

    /// Puts JSON to a path.
    pub fn put(&self, path: &str, body: &Value) -> Answer {
        Answer::read(self.agent.put(format!("{}{path}", self.url)).send_json(body).expect("an answer")).expect("read")
    }

    /// Patches a path with JSON.
    pub fn patch(&self, path: &str, body: &Value) -> Answer {
        Answer::read(self.agent.patch(format!("{}{path}", self.url)).send_json(body).expect("an answer")).expect("read")
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
