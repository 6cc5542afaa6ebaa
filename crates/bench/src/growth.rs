//! How much slower it is beside many old bookings than beside few.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::bookings::Bookings;
use crate::client::write_get;
use crate::fill::{EVENTS, Filled};
use crate::generator::{Load, Next, Plan};
use crate::histogram::told;
use crate::look_ups::{Effort, LookUps};
use crate::measure::{measure, middle};
use crate::plot::{Data, Plot};
use crate::postgres::Postgres;
use crate::report::{Goal, Line, Part, Table};
use crate::server::{Program, TOKEN};
use crate::slots::{Chance, Clinic, doctor_id};

/// Over how many doctors and days a search goes.
const DOCTORS: u64 = 50;
const DAYS: u64 = 31;

/// Searches for the earliest free slots.
#[derive(Debug)]
pub(crate) struct Searches<'a> {
    clinic: &'a Clinic,
    chance: Chance,
    path: String,
}

impl<'a> Searches<'a> {
    pub(crate) fn new(clinic: &'a Clinic, seed: u64) -> Self {
        Self { clinic, chance: Chance::new(seed), path: String::new() }
    }
}

impl Load for Searches<'_> {
    fn next(&mut self, _: usize, _: Instant, request: &mut Vec<u8>) -> Next {
        let clinic = self.clinic;
        let from = self.chance.below(clinic.days().saturating_sub(DAYS) + 1);
        let to = (from + DAYS - 1).min(clinic.days() - 1);
        let (from, to) = (clinic.date(from), clinic.date(to));
        self.path.clear();
        // To a text, which takes anything.
        let _ = write!(self.path, "/api/v1/availability?from={from}&to={to}&limit=50");
        let first = self.chance.below(clinic.doctors);
        for number in 0..DOCTORS.min(clinic.doctors) {
            let _ = write!(self.path, "&doctorId={}", doctor_id((first + number) % clinic.doctors));
        }
        write_get(request, &self.path, TOKEN);
        Next::Send
    }
}

/// A database, how many old bookings are in it, and how many new ones were made.
pub(crate) struct Grown {
    pub(crate) filled: Filled,
    pub(crate) old: u64,
    pub(crate) made: u64,
}

/// Measures the same in all databases, one after the other, several times.
///
/// # Errors
///
/// When it cannot be measured.
pub(crate) fn compare(
    part: &mut Part,
    program: &Program,
    postgres: &Postgres,
    grown: &mut [Grown],
    effort: Effort,
) -> Result<()> {
    let what = ["look-ups", "bookings", "searches over 50 doctors × 31 days"];
    // By database, then by what, one of each round.
    let mut p50s = vec![[vec![], vec![], vec![]]; grown.len()];
    for round in 0..effort.rounds {
        for (grown, p50s) in grown.iter_mut().zip(&mut p50s) {
            let server = program.serve(&grown.filled.url)?;
            postgres.wait_for_events(&grown.filled.database, EVENTS)?;
            let (database, clinic) = (Some(postgres), &grown.filled.clinic);
            let plan = Plan::closed(server.address(), effort.connections, effort.lasts);
            let warm_up = Plan::closed(server.address(), effort.connections, Duration::from_secs(1));
            measure(&[&server], database, &warm_up, &mut LookUps::new(clinic, 7), 200)?;
            let (look_ups, _) = measure(&[&server], database, &plan, &mut LookUps::new(clinic, 8 + round), 200)?;
            let mut bookings = Bookings::new(clinic, grown.made);
            let (booked, _) = measure(&[&server], database, &plan, &mut bookings, 201)?;
            grown.made = bookings.next;
            let plan = Plan { connections: effort.connections.min(4), ..plan };
            let (found, _) = measure(&[&server], database, &plan, &mut Searches::new(clinic, 9 + round), 200)?;
            for (measured, p50s) in [look_ups, booked, found].into_iter().zip(p50s) {
                if measured.failed > 0 {
                    part.fault(format!("{} were not answered as they should be", measured.failed));
                }
                p50s.push(measured.p50.as_secs_f64());
            }
        }
    }
    let mut table = Table::new(&["old bookings", "look-ups p50", "bookings p50", "searches p50 (4 connections)"]);
    let middles: Vec<[f64; 3]> = p50s.iter().map(|p50s| p50s.clone().map(middle)).collect();
    for (grown, middles) in grown.iter().zip(&middles) {
        let told = middles.map(|seconds| told(Duration::from_secs_f64(seconds)));
        table.lines.push(Line([grown.old.to_string()].into_iter().chain(told).collect()));
    }
    part.show(table);
    let (Some(first), Some(last)) = (middles.first(), middles.last()) else { return Ok(()) };
    for (index, key) in [(0, "growth-look-ups"), (1, "growth-bookings"), (2, "growth-searches")] {
        let ratio = last[index] / first[index].max(f64::MIN_POSITIVE);
        let what = format!("{}: p50 of {} beside the most to beside the fewest", part.title, what[index]);
        part.compare(key, &what, ratio, Goal::AtMost(1.2));
    }
    let lines = what.iter().enumerate().map(|(index, name)| {
        let points =
            grown.iter().zip(&middles).map(|(grown, middles)| ((grown.old as f64).log10(), middles[index] * 1e3));
        ((*name).split(" over").next().unwrap_or(name).to_owned(), points.collect())
    });
    let data = Data::Lines("old bookings, power of ten".to_owned(), lines.collect());
    part.draw("growth.svg", Plot { title: "Growth: p50".to_owned(), unit: "ms".to_owned(), data });
    Ok(())
}
