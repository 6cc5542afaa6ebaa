//! The clients of the morning, as many as one process can have: each looks at what is free, tries a slot, tries an
//! alternative if somebody was faster, and goes on until it has one or none is left.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, Write as _};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::client::{write_get, write_post};
use crate::generator::{Answer, Generator, Load, Next, Pace, Plan, Times};
use crate::histogram::Latencies;
use crate::slots::{Chance, patient_id};

/// How long a client waits for an answer before it asks again.
const PATIENCE: Duration = Duration::from_mins(1);

/// What a process is told: who its clients are, and what they want.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Told {
    pub(crate) servers: Vec<SocketAddr>,
    /// The number of the first client, and how many there are.
    pub(crate) first: u64,
    pub(crate) count: usize,
    pub(crate) doctors: Vec<String>,
    pub(crate) date: String,
    pub(crate) at_most: Duration,
    pub(crate) first_source: u8,
}

/// What it tells in the end.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Tells {
    /// How long answers took in microseconds, and how often, by what was asked and answered.
    pub(crate) answers: BTreeMap<String, Vec<(u64, u64)>>,
    /// How long it took until a client had a slot, or knew that there is none.
    pub(crate) outcomes: Vec<(u64, u64)>,
    /// Who got what, and after how many milliseconds.
    pub(crate) sold: Vec<(String, u64)>,
    /// How many learned that none is left.
    pub(crate) without: u64,
    /// How many did not learn what becomes of them.
    pub(crate) unfinished: u64,
    pub(crate) broken: u64,
    pub(crate) overdue: u64,
    pub(crate) reopened: u64,
    /// Answers that there should not be.
    pub(crate) odd: BTreeMap<String, u64>,
}

/// The secret of the token that a client brings.
pub(crate) fn secret(number: u64) -> String {
    let digest = Sha256::digest(format!("client {number}"));
    digest.iter().fold("dbk_".to_owned(), |mut text, byte| {
        // To a text, which takes anything.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The process: is told on stdin, says `ready`, waits for a line, and tells on stdout.
///
/// # Errors
///
/// When it is not told, or cannot ask.
pub(crate) fn run() -> Result<()> {
    let mut lines = std::io::stdin().lock().lines();
    let told = lines.next().context("nothing is told")??;
    let told: Told = serde_json::from_str(&told)?;
    let plan = Plan {
        servers: told.servers.clone(),
        connections: told.count,
        pace: Pace::Closed,
        lasts: None,
        patience: PATIENCE,
        at_most: told.at_most,
        first_source: Some(told.first_source),
    };
    let mut crowd = Crowd::new(told);
    let generator = Generator::open(&plan, &mut crowd)?;
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "ready")?;
    stdout.flush()?;
    lines.next().context("it does not begin")??;
    let outcome = generator.run()?;
    let mut tells = crowd.tells();
    (tells.broken, tells.overdue, tells.reopened) = (outcome.broken, outcome.overdue, outcome.reopened);
    writeln!(stdout, "{}", serde_json::to_string(&tells)?)?;
    Ok(())
}

/// What a client does next.
#[derive(Clone, Debug)]
enum Step {
    /// Looks at this doctor's day.
    Look(usize),
    /// Looks whether any doctor has anything.
    Search,
    /// Tries this slot of a doctor's.
    Try(usize, String),
    Done,
}

struct Person {
    token: String,
    patient: String,
    step: Step,
    /// How often it has tried.
    tries: u32,
    /// Whether its last try is still undecided, so that it is the same one when it comes again.
    is_again: bool,
    not_before: Option<Instant>,
}

struct Crowd {
    told: Told,
    people: Vec<Person>,
    chance: Chance,
    begin: Option<Instant>,
    answers: BTreeMap<&'static str, Latencies>,
    outcomes: Latencies,
    tells: Tells,
    text: String,
}

#[derive(Deserialize)]
struct Day<'a> {
    #[serde(borrow)]
    slots: Vec<Free<'a>>,
}

#[derive(Deserialize)]
struct Days<'a> {
    #[serde(borrow)]
    days: Vec<Day<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Free<'a> {
    #[serde(borrow)]
    start: Cow<'a, str>,
    #[serde(borrow, default)]
    doctor_id: Cow<'a, str>,
    #[serde(borrow, default)]
    status: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Found<'a> {
    #[serde(borrow)]
    items: Vec<Free<'a>>,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    code: String,
    #[serde(default)]
    alternatives: Vec<String>,
}

impl Crowd {
    fn new(told: Told) -> Self {
        let mut chance = Chance::new(told.first + 1);
        let person = |number: usize| {
            let number = told.first + number as u64;
            Person {
                token: secret(number),
                patient: patient_id(number),
                step: Step::Look(chance.below(told.doctors.len() as u64) as usize),
                tries: 0,
                is_again: false,
                not_before: None,
            }
        };
        let people = (0..told.count).map(person).collect();
        Self {
            told,
            people,
            chance,
            begin: None,
            answers: BTreeMap::new(),
            outcomes: Latencies::default(),
            tells: Tells::default(),
            text: String::new(),
        }
    }

    fn tells(self) -> Tells {
        let answers = self.answers.iter().map(|(what, latencies)| ((*what).to_owned(), latencies.pairs()));
        let unfinished = self.people.iter().filter(|person| !matches!(person.step, Step::Done)).count() as u64;
        Tells { answers: answers.collect(), outcomes: self.outcomes.pairs(), unfinished, ..self.tells }
    }

    fn finish(&mut self, who: usize, now: Instant) {
        self.people[who].step = Step::Done;
        if let Some(begin) = self.begin {
            self.outcomes.record(now.saturating_duration_since(begin));
        }
    }

    /// One of what is free, if anything is.
    fn choose(&mut self, free: &[Free<'_>]) -> Option<usize> {
        (!free.is_empty()).then(|| self.chance.below(free.len() as u64) as usize)
    }

    fn looked(&mut self, who: usize, doctor: usize, body: &[u8]) -> Option<()> {
        let mut days: Days<'_> = serde_json::from_slice(body).ok()?;
        let mut free = days.days.pop()?.slots;
        free.retain(|slot| slot.status == "free");
        self.people[who].step = match self.choose(&free) {
            Some(one) => Step::Try(doctor, free[one].start.to_string()),
            None => Step::Search,
        };
        Some(())
    }

    fn searched(&mut self, who: usize, body: &[u8], now: Instant) -> Option<()> {
        let found: Found<'_> = serde_json::from_slice(body).ok()?;
        if let Some(one) = self.choose(&found.items) {
            let slot = &found.items[one];
            let doctor = self.told.doctors.iter().position(|doctor| *doctor == slot.doctor_id)?;
            self.people[who].step = Step::Try(doctor, slot.start.to_string());
        } else {
            self.tells.without += 1;
            self.finish(who, now);
        }
        Some(())
    }

    fn refused(&mut self, who: usize, doctor: usize, body: &[u8]) -> Option<()> {
        let refusal: Refusal = serde_json::from_slice(body).ok()?;
        if refusal.code != "slot-taken" && refusal.code != "slot-held" {
            return None;
        }
        let count = refusal.alternatives.len() as u64;
        self.people[who].step = match count {
            0 => Step::Search,
            _ => Step::Try(doctor, refusal.alternatives[self.chance.below(count) as usize].clone()),
        };
        Some(())
    }

    fn is_odd(&mut self, who: usize, what: &str, status: u16, body: &[u8], now: Instant) {
        let code = serde_json::from_slice::<Refusal>(body).map(|refusal| refusal.code).unwrap_or_default();
        *self.tells.odd.entry(format!("{what}: {status} {code}")).or_default() += 1;
        // It comes again, but not at once.
        self.people[who].not_before = Some(now + Duration::from_secs(1));
    }
}

impl Load for Crowd {
    fn next(&mut self, who: usize, now: Instant, request: &mut Vec<u8>) -> Next {
        self.begin.get_or_insert(now);
        let person = &mut self.people[who];
        if let Some(at) = person.not_before.take_if(|at| *at > now) {
            return Next::After(at);
        }
        self.text.clear();
        let Told { doctors, date, .. } = &self.told;
        // To a text, which takes anything.
        match &person.step {
            Step::Done => return Next::Done,
            Step::Look(doctor) => {
                let doctor = &doctors[*doctor];
                let _ = write!(self.text, "/api/v1/doctors/{doctor}/availability?date={date}&status=free");
                write_get(request, &self.text, &person.token);
            }
            Step::Search => {
                let _ = write!(self.text, "/api/v1/availability?from={date}&to={date}&limit=50");
                for doctor in doctors {
                    let _ = write!(self.text, "&doctorId={doctor}");
                }
                write_get(request, &self.text, &person.token);
            }
            Step::Try(doctor, start) => {
                let (doctor, patient) = (&doctors[*doctor], &person.patient);
                let _ = write!(self.text, r#"{{"doctorId":"{doctor}","patientId":"{patient}","start":"{start}"}}"#);
                if !person.is_again {
                    person.tries += 1;
                }
                person.is_again = true;
                let key = format!("try-{}", person.tries);
                write_post(request, "/api/v1/bookings", &person.token, Some(&key), &self.text);
            }
        }
        Next::Send
    }

    fn lost(&mut self, _: usize) {
        self.answers.entry("no answer in time").or_default().record(PATIENCE);
    }

    fn answered(&mut self, who: usize, answer: &Answer<'_>, times: Times) {
        let now = times.received;
        let step = self.people[who].step.clone();
        let what = match (&step, answer.status) {
            (_, 503) => "turned away (503)",
            (Step::Look(_), _) => "look",
            (Step::Search, _) => "search over all doctors",
            (Step::Try(..), 201) => "book: 201",
            (Step::Try(..), 409) => "book: 409",
            (Step::Try(..) | Step::Done, _) => "book: other",
        };
        let latency = now.saturating_duration_since(times.intended);
        self.answers.entry(what).or_default().record(latency);
        // 409 with it: the same request is still being worked on, which was given up waiting for.
        if let (409 | 503, Some(seconds)) = (answer.status, answer.retry_after) {
            // As long as it was told, and up to a second more: so that not all come again at once.
            let millis = seconds * 1000 + self.chance.below(1000);
            self.people[who].not_before = Some(now + Duration::from_millis(millis));
            return;
        }
        let fine = match (step, answer.status) {
            (Step::Look(doctor), 200) => self.looked(who, doctor, &answer.body),
            (Step::Search, 200) => self.searched(who, &answer.body, now),
            (Step::Try(doctor, start), 201) => {
                let after = self.begin.map_or(Duration::ZERO, |begin| now.saturating_duration_since(begin));
                self.tells.sold.push((format!("{doctor} {start}"), after.as_millis() as u64));
                self.finish(who, now);
                Some(())
            }
            (Step::Try(doctor, _), 409) => self.refused(who, doctor, &answer.body),
            _ => None,
        };
        match fine {
            Some(()) => self.people[who].is_again = false,
            None => self.is_odd(who, what, answer.status, &answer.body, now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_goes_on_until_it_has_a_slot_or_none_is_left() {
        let servers = vec![SocketAddr::from(([127, 0, 0, 1], 1))];
        let told = Told {
            servers,
            first: 0,
            count: 1,
            doctors: vec!["d".to_owned()],
            date: "2030-01-07".to_owned(),
            at_most: Duration::ZERO,
            first_source: 2,
        };
        let mut crowd = Crowd::new(told);
        let now = Instant::now();
        let times = Times { intended: now, sent: now, received: now };
        let mut tell = |status: u16, retry_after: Option<u64>, body: &'static str| {
            let mut request = Vec::new();
            let next = crowd.next(0, now, &mut request);
            if next == Next::Send {
                let body = Cow::Borrowed(body.as_bytes());
                crowd.answered(0, &Answer { status, retry_after, body, is_last: false }, times);
            }
            (next, String::from_utf8(request).expect("text").lines().next().unwrap_or_default().to_owned())
        };
        let look = "GET /api/v1/doctors/d/availability?date=2030-01-07&status=free HTTP/1.1";
        let book = "POST /api/v1/bookings HTTP/1.1";
        let free = r#"{"x":1,"days":[{"slots":[{"start":"A","end":"B","status":"free"}]}]}"#;
        assert_eq!(tell(200, None, free), (Next::Send, look.to_owned()));
        let taken = r#"{"code":"slot-taken","alternatives":["C"]}"#;
        assert_eq!(tell(409, None, taken), (Next::Send, book.to_owned()));
        assert_eq!(tell(409, None, r#"{"code":"slot-taken"}"#).1, book);
        let search = "GET /api/v1/availability?from=2030-01-07&to=2030-01-07&limit=50&doctorId=d HTTP/1.1";
        let found = r#"{"items":[{"doctorId":"d","start":"E","end":"F"}]}"#;
        assert_eq!(tell(200, None, found).1, search);
        assert_eq!(tell(201, None, "{}").1, book);
        assert_eq!(tell(200, None, "").0, Next::Done);
        let tells = crowd.tells();
        assert_eq!((tells.sold.len(), tells.without, tells.unfinished, tells.odd.len()), (1, 0, 0, 0));
    }
}
