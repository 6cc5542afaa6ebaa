//! What is free with one doctor on one day, beside an answer that never changes.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::client::{get, write_get};
use crate::generator::{Load, Next, Pace, Plan};
use crate::measure::{Measured, measure, median, middle};
use crate::plot::{Data, Plot};
use crate::postgres::Postgres;
use crate::report::{Goal, Part, Table};
use crate::server::{Server, TOKEN};
use crate::slots::{Chance, Clinic, doctor_id};

/// How many days ahead is looked.
pub(crate) const DAYS: u64 = 30;

/// Asks for the same all the time.
#[derive(Debug)]
pub(crate) struct Same(pub(crate) Vec<u8>);

impl Load for Same {
    fn next(&mut self, _: usize, _: Instant, request: &mut Vec<u8>) -> Next {
        request.extend_from_slice(&self.0);
        Next::Send
    }
}

/// Asks for one of all days of one of all doctors.
#[derive(Debug)]
pub(crate) struct LookUps<'a> {
    clinic: &'a Clinic,
    chance: Chance,
    path: String,
}

impl<'a> LookUps<'a> {
    pub(crate) fn new(clinic: &'a Clinic, seed: u64) -> Self {
        Self { clinic, chance: Chance::new(seed), path: String::new() }
    }
}

impl Load for LookUps<'_> {
    fn next(&mut self, _: usize, _: Instant, request: &mut Vec<u8>) -> Next {
        let doctor = doctor_id(self.chance.below(self.clinic.doctors));
        let date = self.clinic.date(self.chance.below(self.clinic.days().min(DAYS)));
        self.path.clear();
        // To a text, which takes anything.
        let _ = write!(self.path, "/api/v1/doctors/{doctor}/availability?date={date}");
        write_get(request, &self.path, TOKEN);
        Next::Send
    }
}

/// How long and how often is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    pub(crate) connections: usize,
    pub(crate) lasts: Duration,
    pub(crate) rounds: u64,
}

/// What the server that is measured is called, what is in it, and where it keeps it.
pub(crate) struct Measuring<'a> {
    pub(crate) server: &'a Server,
    /// Where there is one.
    pub(crate) postgres: Option<&'a Postgres>,
    pub(crate) clinic: &'a Clinic,
    /// By what the ratio is recorded, and what it should be at least.
    pub(crate) key: &'static str,
    pub(crate) goal: f64,
}

/// Measures look-ups beside the constant answer, one after the other, several times; then at half of what is possible.
///
/// # Errors
///
/// When it cannot be measured.
pub(crate) fn compare(part: &mut Part, of: &Measuring<'_>, effort: Effort) -> Result<()> {
    let Measuring { server, postgres, clinic, key, goal } = *of;
    let plan = Plan::closed(server.address(), effort.connections, effort.lasts);
    let warm_up = Plan::closed(server.address(), effort.connections, effort.lasts.div_f64(4.0));
    measure(&[server], postgres, &warm_up, &mut LookUps::new(clinic, 1), 200)?;
    let (mut constant, mut look_ups) = (Vec::new(), Vec::new());
    for round in 0..effort.rounds {
        let constant_json = &mut Same(get("/healthz", TOKEN));
        constant.push(measure(&[server], postgres, &plan, constant_json, 200)?.0);
        look_ups.push(measure(&[server], postgres, &plan, &mut LookUps::new(clinic, 2 + round), 200)?.0);
    }
    let ratio = constant.iter().zip(&look_ups).map(|(constant, look_ups)| look_ups.per_second / constant.per_second);
    let ratio = middle(ratio.collect());
    let failed: u64 = look_ups.iter().map(|round| round.failed).sum();
    let mut table = Table::new(&Measured::HEAD);
    let (Some(constant), Some(look_up)) = (median(constant), median(look_ups)) else { return Ok(()) };
    table.lines.push(constant.line("constant JSON (/healthz)"));
    table.lines.push(look_up.line("one doctor, one day"));
    let half = look_up.per_second / 2.0;
    if half >= 1.0 {
        let open = Plan { pace: Pace::Open { per_second: half }, ..plan };
        let (open, _) = measure(&[server], postgres, &open, &mut LookUps::new(clinic, 99), 200)?;
        table.lines.push(open.line(&format!("the same, open loop at {half:.0}/s")));
    }
    part.show(table);
    if failed > 0 {
        part.fault(format!("{failed} look-ups were not answered by 200"));
    }
    part.compare(key, &format!("{}: look-ups to constant JSON", part.title.clone()), ratio, Goal::AtLeast(goal));
    let bars = [("constant JSON", constant.per_second), ("one doctor, one day", look_up.per_second)];
    let bars = bars.map(|(name, rate)| (name.to_owned(), rate)).to_vec();
    let plot = Plot { title: "Look-ups".to_owned(), unit: "per second".to_owned(), data: Data::Bars(bars) };
    part.draw(&format!("{key}.svg"), plot);
    Ok(())
}
