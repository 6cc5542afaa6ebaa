//! All that is wrong with a request, not only the first of it.

use chrono::NaiveDate;
use doctor_booking_domain::DateRange;

use crate::code::Code;
use crate::problem::{Problem, Violation};
use crate::values::{Fault, FromText, FromWhole, Whole};

/// What was read; `None` where it was no use, and a violation says why.
pub(crate) type Read<T> = Option<T>;

/// Collects what is wrong with a request while it is read.
#[derive(Default)]
pub(crate) struct Violations(Vec<(Code, Violation)>);

impl Violations {
    pub(crate) fn add(&mut self, pointer: impl Into<String>, code: Code, detail: impl Into<String>) {
        self.0.push((code, Violation::new(pointer, code, detail)));
    }

    /// The value, or nothing, and then it is known why.
    pub(crate) fn check<T>(&mut self, pointer: impl Into<String>, value: Result<T, Fault>) -> Read<T> {
        value.map_err(|Fault { code, detail }| self.add(pointer, code, detail)).ok()
    }

    /// The value that a text stands for.
    pub(crate) fn text<T: FromText>(&mut self, pointer: impl Into<String>, text: &str) -> Read<T> {
        self.check(pointer, T::from_text(text))
    }

    /// The value that a text stands for, where there is a text.
    pub(crate) fn optional<T: FromText>(&mut self, pointer: &str, text: Option<&str>) -> Read<Option<T>> {
        text.map_or(Some(None), |text| self.text(pointer, text).map(Some))
    }

    /// The value that a number stands for.
    pub(crate) fn number<T: FromWhole>(&mut self, pointer: impl Into<String>, number: Whole) -> Read<T> {
        self.check(pointer, T::from_whole(number))
    }

    /// The value that a number stands for, where there is a number.
    pub(crate) fn optional_number<T: FromWhole>(&mut self, pointer: &str, number: Option<Whole>) -> Read<Option<T>> {
        number.map_or(Some(None), |number| self.number(pointer, number).map(Some))
    }

    /// The dates from one to another, both inclusive, and at most so many.
    pub(crate) fn range(&mut self, from: NaiveDate, to: NaiveDate, most: u64) -> Read<DateRange> {
        let Ok(range) = DateRange::new(from, to) else {
            self.add("/to", Code::InvalidRange, "must not be before from");
            return None;
        };
        if range.count() > most {
            self.add("/to", Code::RangeTooLong, format!("a range of dates has at most {most} days"));
            return None;
        }
        Some(range)
    }

    /// What was read, if nothing is wrong with it.
    ///
    /// What is malformed comes before what is merely impossible, and decides the status.
    pub(crate) fn finish<T>(self, value: impl FnOnce() -> Read<T>) -> Result<T, Problem> {
        let Some(&(first, _)) = self.0.first() else {
            return value().ok_or_else(|| Problem::internal("a value is missing, and no violation says why"));
        };
        let malformed = |code: &Code| code.status() == Code::MalformedRequest.status();
        let code = if self.0.iter().any(|(code, _)| malformed(code)) { Code::MalformedRequest } else { first };
        let (mut errors, impossible): (Vec<_>, Vec<_>) = self.0.into_iter().partition(|(code, _)| malformed(code));
        errors.extend(impossible);
        Err(Problem::of_violations(code, errors.into_iter().map(|(_, violation)| violation).collect()))
    }
}
