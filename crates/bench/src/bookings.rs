//! Bookings over HTTP, all of different slots, beside the same rows written by pgbench.

use std::fmt::Write as _;
use std::time::Instant;

use anyhow::Result;

use crate::client::write_post;
use crate::fill::{EVENTS, Filled, kind, sql_id};
use crate::generator::{Load, Next, Plan};
use crate::look_ups::Effort;
use crate::measure::{Measured, measure, median, middle};
use crate::plot::{Data, Plot};
use crate::postgres::Postgres;
use crate::report::{Goal, Part, Table, say};
use crate::server::{Program, TOKEN};
use crate::slots::{Clinic, MINUTES, OF_A_DAY, ZONE, doctor_id, patient_id};
use crate::sqlite::Sqlite;

/// Books one slot after the other.
#[derive(Debug)]
pub(crate) struct Bookings<'a> {
    clinic: &'a Clinic,
    /// Which slot is next, of the first part.
    pub(crate) next: u64,
    body: String,
}

impl<'a> Bookings<'a> {
    pub(crate) fn new(clinic: &'a Clinic, next: u64) -> Self {
        Self { clinic, next, body: String::new() }
    }
}

impl Load for Bookings<'_> {
    fn next(&mut self, _: usize, _: Instant, request: &mut Vec<u8>) -> Next {
        if self.next >= self.clinic.of_a_part() {
            return Next::Done;
        }
        let slot = self.clinic.slot(0, self.next);
        let (doctor, patient) = (doctor_id(slot.doctor), patient_id(self.clinic.patient(slot)));
        self.body.clear();
        // To a text, which takes anything.
        let _ = write!(
            self.body,
            r#"{{"doctorId":"{doctor}","patientId":"{patient}","start":"{}"}}"#,
            self.clinic.start(slot)
        );
        write_post(request, "/api/v1/bookings", TOKEN, Some(&format!("booking-{}", self.next)), &self.body);
        self.next += 1;
        Next::Send
    }
}

/// The transaction that writes the rows of one booking, as pgbench has it: the same statements as the service's, sent at
/// once, of slots of the second part. Its variables are `n` and `first`.
///
/// # Errors
///
/// When the rows are other ones than are known here.
pub(crate) fn script(filled: &Filled) -> Result<String> {
    let Clinic { doctors, patients, .. } = filled.clinic;
    let size = filled.clinic.of_a_part();
    let half = OF_A_DAY / 2;
    let first = filled.clinic.date(0);
    let (doctor, patient) = (sql_id(kind::DOCTOR, ":d"), sql_id(kind::PATIENT, ":p"));
    // In order of time, as the service makes them; each client has numbers of its own.
    let numbered = |kind: &str| {
        format!(
            "('7f000000-{kind}-7000-8000-' || lpad(to_hex((:first + :n * 32 + :client_id)::bigint), 12, '0'))::uuid"
        )
    };
    let (booking, entry) = (numbered("0001"), numbered("0002"));
    let local =
        format!("(date '{first}' + (:day)::integer + time '08:00' + (:i)::integer * interval '{MINUTES} minutes')");
    let starts = format!("({local} AT TIME ZONE '{ZONE}')");
    let ends = format!("({starts} + interval '{MINUTES} minutes')");
    let now = || "now()".to_owned();
    let busy = |who: &str| {
        let during = format!("tstzrange({starts}, {ends})");
        [("subject", who.to_owned()), ("during", during), ("booking", booking.clone())]
    };
    let rows = &filled.rows;
    let answer = [("key", "'pgbench-' || (:first + :n * 32 + :client_id)::bigint".to_owned()), ("at", now())];
    let bookings = [
        ("doctor_id", doctor.clone()),
        ("id", booking.clone()),
        ("patient_id", patient.clone()),
        ("starts_at", starts.clone()),
        ("ends_at", ends.clone()),
        ("local_start", local.clone()),
        ("created_at", now()),
        ("updated_at", now()),
    ];
    let entries = [
        ("id", entry.clone()),
        ("at", now()),
        ("doctor_id", doctor.clone()),
        ("patient_id", patient.clone()),
        ("booking_id", booking.clone()),
    ];
    let statements = [
        rows.answer.insert(&answer, "ON CONFLICT DO NOTHING")?,
        rows.doctor_busy.insert(&busy(&doctor), "ON CONFLICT DO NOTHING")?,
        rows.patient_busy.insert(&busy(&patient), "ON CONFLICT DO NOTHING")?,
        rows.booking.insert(&bookings, "")?,
        rows.entry.insert(&entries, "")?,
        format!("INSERT INTO outbox (entry_id) SELECT {entry}"),
    ];
    Ok(format!(
        "\\set n :n + 1\n\\set k permute(:first + :n * 32 + :client_id, {size}, 7)\n\\set d :k % {doctors}\n\
         \\set t :k / {doctors}\n\\set day :t / {half}\n\\set i (:t % {half}) * 2 + 1\n\
         \\set p ((:day * {OF_A_DAY} + :i) * {doctors} + :d) % {patients}\n\\startpipeline\nBEGIN;\n{};\nEND;\n\
         \\endpipeline\n",
        statements.join(";\n")
    ))
}

/// Measures bookings beside pgbench, one after the other, several times; the ratio is recorded by `key`.
///
/// # Errors
///
/// When it cannot be measured.
pub(crate) fn compare(
    part: &mut Part,
    program: &Program,
    postgres: &Postgres,
    filled: &Filled,
    effort: Effort,
    key: &'static str,
) -> Result<()> {
    let clinic = &filled.clinic;
    let script = script(filled)?;
    let (mut over_http, mut by_pgbench, mut fsyncs, mut waits) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut next, mut next_of_pgbench) = (0, 0);
    let count = "SELECT count(*) FROM bookings";
    for round in 0..effort.rounds {
        fsyncs.push(postgres.fdatasyncs()?);
        let server = program.serve(&filled.url)?;
        postgres.wait_for_events(&filled.database, EVENTS)?;
        let mut load = Bookings::new(clinic, next);
        let warm_up = Plan::closed(server.address(), effort.connections, effort.lasts.div_f64(8.0));
        measure(&[&server], Some(postgres), &warm_up, &mut load, 201)?;
        let before = postgres.number(&filled.database, count)?;
        let plan = Plan::closed(server.address(), effort.connections, effort.lasts);
        let (measured, _) = measure(&[&server], Some(postgres), &plan, &mut load, 201)?;
        let made = postgres.number(&filled.database, count)? - before;
        next = load.next;
        if measured.failed > 0 {
            part.fault(format!("{} bookings were not answered by 201", measured.failed));
        }
        if made != measured.count {
            part.fault(format!("{} bookings were acknowledged, but {made} are there", measured.count));
        }
        over_http.push(measured);
        waits.push(postgres.wait_for_events(&filled.database, EVENTS)?.as_secs_f64());
        // What it does in the background would be in pgbench's way.
        drop(server);
        let before = postgres.number(&filled.database, count)?;
        let spent = postgres.cpu()?;
        let variables = [("n", 0), ("first", next_of_pgbench)];
        let told = postgres.pgbench(&filled.database, &script, &variables, effort.lasts)?;
        let spent = postgres.cpu()?.saturating_sub(spent);
        let made = postgres.number(&filled.database, count)? - before;
        if made != told.transactions {
            part.fault(format!("pgbench made {} transactions, but {made} bookings are there", told.transactions));
        }
        // Some clients are faster than others: each has its own numbers, so that the fastest says where to go on.
        next_of_pgbench += told.transactions * 2 + 64;
        by_pgbench.push(Measured::by_pgbench(told, spent));
        let [http, pgbench] = [&over_http, &by_pgbench].map(|rounds| rounds.last().map_or(0.0, |last| last.per_second));
        say(&format!("round {}: {http:.0}/s over HTTP, {pgbench:.0}/s by pgbench", round + 1));
        if next.max(next_of_pgbench) >= clinic.of_a_part() {
            part.tell("There were no more slots for another round.");
            break;
        }
    }
    let ratio = over_http.iter().zip(&by_pgbench).map(|(http, pgbench)| http.per_second / pgbench.per_second);
    let ratio = middle(ratio.collect());
    let mut table = Table::new(&Measured::HEAD);
    let (Some(http), Some(pgbench)) = (median(over_http), median(by_pgbench)) else { return Ok(()) };
    table.lines.push(pgbench.line("pgbench, the same rows (p50: the mean)"));
    table.lines.push(http.line("bookings over HTTP"));
    part.show(table);
    part.tell(format!(
        "fdatasync of 8 kB by `pg_test_fsync`: {:.0} a second, before each round: {}. Until all bookings of a round were \
         told as events it took {:.1} s after it.",
        middle(fsyncs.clone()),
        fsyncs.iter().map(|rate| format!("{rate:.0}")).collect::<Vec<_>>().join(", "),
        middle(waits),
    ));
    let what = format!("{}: bookings to pgbench", part.title.clone());
    part.compare(key, &what, ratio, Goal::AtLeast(0.7));
    let bars = [("pgbench, same rows", pgbench.per_second), ("bookings over HTTP", http.per_second)];
    let bars = bars.map(|(name, rate)| (name.to_owned(), rate)).to_vec();
    let plot = Plot { title: "Bookings".to_owned(), unit: "per second".to_owned(), data: Data::Bars(bars) };
    part.draw(&format!("{key}.svg"), plot);
    Ok(())
}

/// The same on SQLite, beside one process that writes the same rows by itself.
///
/// # Errors
///
/// When it cannot be measured.
pub(crate) fn compare_on_sqlite(
    part: &mut Part,
    program: &Program,
    sqlite: &Sqlite,
    effort: Effort,
    fdatasyncs: impl Fn() -> Result<f64>,
) -> Result<()> {
    let (mut over_http, mut raw, mut fsyncs) = (Vec::new(), Vec::new(), Vec::new());
    let (mut next, mut next_raw) = (0, 0);
    let count = "SELECT count(*) FROM bookings";
    for round in 0..effort.rounds {
        fsyncs.push(fdatasyncs()?);
        let server = program.serve(&sqlite.url)?;
        let mut load = Bookings::new(&sqlite.clinic, next);
        let warm_up = Plan::closed(server.address(), effort.connections, effort.lasts.div_f64(8.0));
        measure(&[&server], None, &warm_up, &mut load, 201)?;
        let before = sqlite.number(count)?;
        let plan = Plan::closed(server.address(), effort.connections, effort.lasts);
        let (measured, _) = measure(&[&server], None, &plan, &mut load, 201)?;
        let made = sqlite.number(count)? - before;
        next = load.next;
        drop(server);
        if measured.failed > 0 {
            part.fault(format!("{} bookings were not answered by 201", measured.failed));
        }
        if made != measured.count {
            part.fault(format!("{} bookings were acknowledged, but {made} are there", measured.count));
        }
        over_http.push(measured);
        let (measured, after) = sqlite.book_raw(next_raw, effort.lasts)?;
        next_raw = after;
        raw.push(measured);
        let [http, raw] = [&over_http, &raw].map(|rounds| rounds.last().map_or(0.0, |last| last.per_second));
        say(&format!("round {}: {http:.0}/s over HTTP, {raw:.0}/s by one process", round + 1));
    }
    let ratio = over_http.iter().zip(&raw).map(|(http, raw)| http.per_second / raw.per_second);
    let ratio = middle(ratio.collect());
    let mut table = Table::new(&Measured::HEAD);
    let (Some(http), Some(raw)) = (median(over_http), median(raw)) else { return Ok(()) };
    table.lines.push(raw.line("one process, the same rows"));
    table.lines.push(http.line("bookings over HTTP"));
    part.show(table);
    let fsyncs: Vec<_> = fsyncs.iter().map(|rate| format!("{rate:.0}")).collect();
    part.tell(format!("fdatasync of 8 kB by `pg_test_fsync`, before each round: {} a second.", fsyncs.join(", ")));
    let what = format!("{}: bookings to raw SQLite", part.title.clone());
    part.compare("bookings-sqlite", &what, ratio, Goal::AtLeast(0.7));
    let bars = [("raw SQLite, same rows", raw.per_second), ("bookings over HTTP", http.per_second)];
    let bars = bars.map(|(name, rate)| (name.to_owned(), rate)).to_vec();
    let plot = Plot { title: "Bookings on SQLite".to_owned(), unit: "per second".to_owned(), data: Data::Bars(bars) };
    part.draw("bookings-sqlite.svg", plot);
    Ok(())
}
