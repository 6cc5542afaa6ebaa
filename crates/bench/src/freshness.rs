//! How old answers are: writers book and cancel, and look at once; others look at the same days all the time, also
//! through other servers.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::client::{write_get, write_post};
use crate::generator::{Answer, Load, Next, Times};
use crate::server::TOKEN;
use crate::slots::{Clinic, OF_A_DAY, Slot, doctor_id, patient_id};

/// How many look at what one writes.
const READERS: usize = 3;
/// How old an answer may be.
pub(crate) const BOUND: Duration = Duration::from_secs(1);

/// What was seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// How many changes were made.
    pub(crate) changes: u64,
    /// How often a writer has looked after a change of its own, and how often it was not shown.
    pub(crate) own: u64,
    pub(crate) own_missed: u64,
    /// How often others have looked, and how often something was not shown that had been acknowledged before they asked.
    pub(crate) others: u64,
    pub(crate) others_behind: u64,
    /// How long before the question the oldest such change had been acknowledged.
    pub(crate) oldest: Duration,
    /// How many answers were none that there should be.
    pub(crate) odd: u64,
}

/// What is known of a slot: when changes of it were acknowledged, and when the second was asked for.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    booked: Option<Instant>,
    cancelling: Option<Instant>,
    cancelled: Option<Instant>,
}

impl Known {
    /// Whether an answer has to show that it is free, and since when; `None` where it may show either.
    fn expected(&self, sent: Instant, received: Instant) -> Option<(bool, Instant)> {
        match *self {
            Self { cancelled: Some(at), .. } if at < sent => Some((true, at)),
            Self { cancelling: Some(at), .. } if at < received => None,
            Self { booked: Some(at), .. } if at < sent => Some((false, at)),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Book,
    Look,
    Cancel(String),
    LookAgain,
}

/// One who writes, with those who look.
#[derive(Clone, Debug)]
struct Group {
    doctor: u64,
    /// The how-many-th slot of the doctor's is booked next, or is being looked at.
    at: u64,
    step: Step,
    id: String,
    /// What is known of the slots of the day.
    known: Vec<Known>,
    day: u64,
}

/// The load. Connections take turns in groups: a writer, then its readers.
#[derive(Debug)]
pub(crate) struct Freshness<'a> {
    clinic: &'a Clinic,
    groups: Vec<Group>,
    /// Which day was asked for, by connection.
    asked: Vec<u64>,
    pub(crate) seen: Seen,
    text: String,
}

#[derive(Deserialize)]
struct Days<'a> {
    #[serde(borrow)]
    days: Vec<Day<'a>>,
}

#[derive(Deserialize)]
struct Day<'a> {
    #[serde(borrow)]
    slots: Vec<Shown<'a>>,
}

#[derive(Deserialize)]
struct Shown<'a> {
    #[serde(borrow)]
    status: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Made {
    id: String,
}

impl<'a> Freshness<'a> {
    /// Of so many writers, each with a doctor of its own, whose days are empty.
    pub(crate) fn new(clinic: &'a Clinic, writers: usize) -> Self {
        let group = |doctor: usize| Group {
            doctor: doctor as u64,
            at: 0,
            step: Step::Book,
            id: String::new(),
            known: vec![Known::default(); OF_A_DAY as usize],
            day: 0,
        };
        let writers = writers.clamp(1, clinic.doctors as usize);
        let asked = vec![0; writers * (1 + READERS)];
        Self { clinic, groups: (0..writers).map(group).collect(), asked, seen: Seen::default(), text: String::new() }
    }

    /// How many connections it takes.
    pub(crate) fn connections(&self) -> usize {
        self.asked.len()
    }

    fn looked(&mut self, who: usize, body: &[u8], times: Times, is_own: bool) -> Option<()> {
        let mut days: Days<'_> = serde_json::from_slice(body).ok()?;
        let shown = days.days.pop()?.slots;
        let group = &self.groups[who / (1 + READERS)];
        if self.asked[who] != group.day {
            return Some(());
        }
        let behind = group.known.iter().zip(&shown).filter_map(|(known, shown)| {
            let (is_free, since) = known.expected(times.sent, times.received)?;
            ((shown.status == "free") != is_free).then(|| times.sent - since)
        });
        let oldest = behind.max();
        let seen = &mut self.seen;
        *if is_own { &mut seen.own } else { &mut seen.others } += 1;
        if let Some(age) = oldest {
            *if is_own { &mut seen.own_missed } else { &mut seen.others_behind } += 1;
            seen.oldest = seen.oldest.max(age);
        }
        Some(())
    }

    /// What a writer does after an answer.
    fn wrote(&mut self, who: usize, answer: &Answer<'_>, times: Times) -> Option<()> {
        let number = who / (1 + READERS);
        let group = &mut self.groups[number];
        let of_day = (group.at % OF_A_DAY) as usize;
        match (group.step.clone(), answer.status) {
            (Step::Book, 201) => {
                self.seen.changes += 1;
                group.id = serde_json::from_slice::<Made>(&answer.body).ok()?.id;
                group.known[of_day].booked = Some(times.received);
                group.step = Step::Look;
            }
            (Step::Cancel(_), 200) => {
                self.seen.changes += 1;
                group.known[of_day].cancelled = Some(times.received);
                group.step = Step::LookAgain;
            }
            (Step::Look, 200) => {
                self.looked(who, &answer.body, times, true)?;
                let group = &mut self.groups[number];
                // Every third is cancelled again.
                group.step = if group.at % 3 == 2 { Step::Cancel(group.id.clone()) } else { Step::Book };
                if group.step == Step::Book {
                    group.go_on();
                }
            }
            (Step::LookAgain, 200) => {
                self.looked(who, &answer.body, times, true)?;
                let group = &mut self.groups[number];
                group.step = Step::Book;
                group.go_on();
            }
            _ => return None,
        }
        Some(())
    }
}

impl Group {
    fn go_on(&mut self) {
        self.at += 1;
        if self.at / OF_A_DAY != self.day {
            self.day = self.at / OF_A_DAY;
            self.known.fill(Known::default());
        }
    }
}

impl Load for Freshness<'_> {
    fn next(&mut self, who: usize, now: Instant, request: &mut Vec<u8>) -> Next {
        let is_writer = who.is_multiple_of(1 + READERS);
        let Self { clinic, groups, text, asked, .. } = self;
        let group = &mut groups[who / (1 + READERS)];
        if group.day >= clinic.days() {
            return Next::Done;
        }
        text.clear();
        let doctor = doctor_id(group.doctor);
        // To a text, which takes anything.
        match &group.step {
            Step::Book if is_writer => {
                let slot = Slot { doctor: group.doctor, day: group.day, of_day: group.at % OF_A_DAY };
                let (start, patient) = (clinic.start(slot), patient_id(clinic.patient(slot)));
                let _ = write!(text, r#"{{"doctorId":"{doctor}","patientId":"{patient}","start":"{start}"}}"#);
                let key = format!("fresh-{doctor}-{}", group.at);
                write_post(request, "/api/v1/bookings", TOKEN, Some(&key), text);
            }
            Step::Cancel(id) if is_writer => {
                let path = format!("/api/v1/bookings/{id}/cancel");
                group.known[(group.at % OF_A_DAY) as usize].cancelling = Some(now);
                write_post(request, &path, TOKEN, None, r#"{"reason":"to see"}"#);
            }
            _ => {
                asked[who] = group.day;
                let date = clinic.date(group.day);
                let _ = write!(text, "/api/v1/doctors/{doctor}/availability?date={date}");
                write_get(request, text, TOKEN);
            }
        }
        Next::Send
    }

    fn answered(&mut self, who: usize, answer: &Answer<'_>, times: Times) {
        let fine = if who.is_multiple_of(1 + READERS) {
            self.wrote(who, answer, times)
        } else if answer.status == 200 {
            self.looked(who, &answer.body, times, false)
        } else {
            None
        };
        if fine.is_none() {
            self.seen.odd += 1;
        }
    }
}

/// Many who try the same slots at the same time, one after the other.
#[derive(Debug)]
pub(crate) struct Race<'a> {
    clinic: &'a Clinic,
    slots: u64,
    /// How many slots each connection has tried.
    tried: Vec<u64>,
    /// How often each slot was had.
    pub(crate) had: Vec<u64>,
    /// Answers that say neither yes nor no.
    pub(crate) odd: u64,
}

impl<'a> Race<'a> {
    pub(crate) fn new(clinic: &'a Clinic, connections: usize, slots: u64) -> Self {
        Self { clinic, slots, tried: vec![0; connections], had: vec![0; slots as usize], odd: 0 }
    }
}

impl Load for Race<'_> {
    fn next(&mut self, who: usize, _: Instant, request: &mut Vec<u8>) -> Next {
        let number = self.tried[who];
        if number >= self.slots {
            return Next::Done;
        }
        // On the last days, which nobody else uses.
        let day = self.clinic.days() - 1 - number / OF_A_DAY;
        let slot = Slot { doctor: self.clinic.doctors - 1, day, of_day: number % OF_A_DAY };
        let (doctor, start) = (doctor_id(slot.doctor), self.clinic.start(slot));
        let patient = patient_id((who as u64 * 7 + number) % self.clinic.patients);
        let body = format!(r#"{{"doctorId":"{doctor}","patientId":"{patient}","start":"{start}"}}"#);
        write_post(request, "/api/v1/bookings", TOKEN, Some(&format!("race-{who}-{number}")), &body);
        Next::Send
    }

    fn answered(&mut self, who: usize, answer: &Answer<'_>, _: Times) {
        match answer.status {
            201 => self.had[self.tried[who] as usize] += 1,
            409 => {}
            // It comes again.
            503 => return,
            _ => self.odd += 1,
        }
        self.tried[who] += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_acknowledged_before_the_question_has_to_be_shown() {
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let mut known = Known { booked: Some(at(10)), ..Known::default() };
        assert_eq!(known.expected(at(5), at(20)), None, "asked before it was acknowledged");
        assert_eq!(known.expected(at(15), at(20)), Some((false, at(10))));
        known.cancelling = Some(at(30));
        assert_eq!(known.expected(at(15), at(20)), Some((false, at(10))));
        assert_eq!(known.expected(at(25), at(35)), None, "it is being cancelled");
        known.cancelled = Some(at(40));
        assert_eq!(known.expected(at(45), at(50)), Some((true, at(40))));
        assert_eq!(known.expected(at(35), at(50)), None);
    }

    #[test]
    fn an_answer_that_is_behind_is_seen() {
        let clinic = Clinic::new(2, 10, 2).expect("a clinic");
        let mut load = Freshness::new(&clinic, 1);
        let day = |first: &str| {
            let rest = r#",{"status":"free"}"#.repeat(31);
            format!(r#"{{"days":[{{"slots":[{{"status":"{first}"}}{rest}]}}]}}"#)
        };
        let start = Instant::now();
        let mut ask = |who: usize, millis: u64, status: u16, body: &str| {
            let at = start + Duration::from_millis(millis);
            assert_eq!(load.next(who, at, &mut Vec::new()), Next::Send);
            let times = Times { intended: at, sent: at, received: at + Duration::from_millis(1) };
            let answer = Answer { status, retry_after: None, body: Cow::Borrowed(body.as_bytes()), is_last: false };
            load.answered(who, &answer, times);
        };
        ask(1, 0, 200, &day("free"));
        ask(0, 10, 201, r#"{"id":"x"}"#);
        ask(0, 20, 200, &day("booked"));
        ask(1, 30, 200, &day("booked"));
        ask(2, 511, 200, &day("free"));
        let expected = Seen {
            changes: 1,
            own: 1,
            own_missed: 0,
            others: 3,
            others_behind: 1,
            oldest: Duration::from_millis(500),
            odd: 0,
        };
        assert_eq!(load.seen, expected);
    }
}
