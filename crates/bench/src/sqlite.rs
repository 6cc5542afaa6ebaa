//! SQLite: a file with a clinic in it, and what one process can write into it by itself.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::fill::{self, Made, kind};
use crate::histogram::Latencies;
use crate::measure::{Cpu, Measured};
use crate::process;
use crate::server::Program;
use crate::slots::{Clinic, MINUTES, OF_A_DAY, ZONE, doctor_id, patient_id};

/// A row of a table, to be written again with other values in some columns.
#[derive(Clone, Debug)]
struct Template {
    table: &'static str,
    columns: Vec<(String, Value)>,
}

impl Template {
    fn read(connection: &Connection, table: &'static str, condition: &str) -> Result<Self> {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table} WHERE {condition}"))?;
        let names: Vec<_> = statement.column_names().iter().map(|&name| name.to_owned()).collect();
        let mut rows = statement.query([])?;
        let row = rows.next()?.with_context(|| format!("{table} has no row where {condition}"))?;
        let columns = names.into_iter().enumerate().map(|(index, name)| Ok((name, row.get(index)?)));
        Ok(Self { table, columns: columns.collect::<Result<_>>()? })
    }

    /// Writes such a row, in which these columns are different.
    fn insert(&self, connection: &Connection, different: &[(&str, Value)]) -> Result<()> {
        let values = self
            .columns
            .iter()
            .map(|(name, value)| different.iter().find(|(known, _)| known == name).map_or(value, |(_, other)| other));
        let known = |name: &str| self.columns.iter().any(|(column, _)| column == name);
        debug_assert!(different.iter().all(|(name, _)| known(name)), "{} {different:?}", self.table);
        let names: Vec<_> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
        let marks = vec!["?"; names.len()].join(", ");
        let sql = format!("INSERT INTO {} ({}) VALUES ({marks})", self.table, names.join(", "));
        connection.prepare_cached(&sql)?.execute(params_from_iter(values))?;
        Ok(())
    }
}

/// A file with a clinic in it.
#[derive(Debug)]
pub(crate) struct Sqlite {
    path: PathBuf,
    pub(crate) url: String,
    pub(crate) clinic: Clinic,
    booking: Template,
    doctor_busy: Template,
    patient_busy: Template,
    entry: Template,
    answer: Template,
    zone: TimeZone,
    /// What the history tells of a booking that is made.
    after: serde_json::Map<String, serde_json::Value>,
}

/// The 16 bytes of an id that is made from a number.
fn id(kind: u16, number: u64) -> Value {
    let mut bytes = [0; 16];
    bytes[4..6].copy_from_slice(&kind.to_be_bytes());
    bytes[6] = 0x70;
    bytes[8] = 0x80;
    bytes[10..].copy_from_slice(&number.to_be_bytes()[2..]);
    Value::Blob(bytes.to_vec())
}

fn open(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(30))?;
    connection.set_prepared_statement_cache_capacity(64);
    // As the service has it: what is committed is on the disk.
    connection.execute_batch("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL")?;
    Ok(connection)
}

impl Sqlite {
    /// A file with doctors, patients, and at least so many bookings that are over.
    ///
    /// # Errors
    ///
    /// When the service or the database does not go along.
    pub(crate) fn fill(program: &Program, path: &Path, clinic: &Clinic, bookings: u64) -> Result<Self> {
        let url = format!("sqlite://{}", path.display());
        let server = program.serve(&url)?;
        let Made { doctor, patient, booking } = fill::make_one_of_each(&server.client(), clinic)?;
        drop(server);
        let connection = open(path)?;
        let read = |table, condition: &str| Template::read(&connection, table, condition);
        let blob = |id: &str| format!("x'{}'", id.replace('-', ""));
        let (doctor, patient, booking) = (blob(&doctor), blob(&patient), blob(&booking));
        let after: String =
            connection
                .query_row(&format!("SELECT after FROM history WHERE booking_id = {booking}"), [], |row| row.get(0))?;
        let filled = Self {
            path: path.to_owned(),
            url,
            clinic: clinic.clone(),
            booking: read("bookings", &format!("id = {booking}"))?,
            doctor_busy: read("occupancy", &format!("booking = {booking} AND kind = 1"))?,
            patient_busy: read("occupancy", &format!("booking = {booking} AND kind = 2"))?,
            entry: read("history", &format!("booking_id = {booking}"))?,
            answer: read("idempotency", "key = 'the-template'")?,
            zone: TimeZone::get(ZONE).context("the zone is not known")?,
            after: serde_json::from_str(&after)?,
        };
        connection.execute_batch("BEGIN IMMEDIATE")?;
        let row = read("doctors", &format!("id = {doctor}"))?;
        let hours = read("working_hours_versions", &format!("doctor_id = {doctor}"))?;
        let windows = (1..=7).map(|day| read("working_windows", &format!("doctor_id = {doctor} AND weekday = {day}")));
        let windows = windows.collect::<Result<Vec<_>>>()?;
        let entry = read("history", &format!("doctor_id = {doctor} AND patient_id IS NULL"))?;
        let last = last_position(&connection)?;
        for number in 0..clinic.doctors {
            let id_of_doctor = id(kind::DOCTOR, number);
            row.insert(&connection, &[("id", id_of_doctor.clone())])?;
            for theirs in std::iter::once(&hours).chain(&windows) {
                theirs.insert(&connection, &[("doctor_id", id_of_doctor.clone())])?;
            }
            let position = Value::Integer(last + 1 + number as i64);
            let id = id(kind::DOCTORS_ENTRY, number);
            entry.insert(&connection, &[("position", position), ("id", id), ("doctor_id", id_of_doctor)])?;
        }
        let row = read("patients", &format!("id = {patient}"))?;
        for number in 0..clinic.patients {
            row.insert(&connection, &[("id", id(kind::PATIENT, number))])?;
        }
        filled.add_old_bookings(&connection, bookings)?;
        connection.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE); ANALYZE")?;
        Ok(filled)
    }

    fn add_old_bookings(&self, connection: &Connection, at_least: u64) -> Result<()> {
        let of_each = at_least.div_ceil(self.clinic.doctors);
        let days = of_each.div_ceil(OF_A_DAY) as i64;
        let days: Vec<_> = (0..days).map(|day| self.clinic.before(days + 4 - day)).collect::<Result<_>>()?;
        let mut position = last_position(connection)?;
        for doctor in 0..self.clinic.doctors {
            for t in 0..of_each {
                position += 1;
                let opens = days[(t / OF_A_DAY) as usize];
                let starts = opens + SignedDuration::from_mins((t % OF_A_DAY) as i64 * MINUTES);
                let made = starts - SignedDuration::from_hours(7 * 24);
                let patient = (t * self.clinic.doctors + doctor) % self.clinic.patients;
                let number = doctor * of_each + t;
                let ids = (id(kind::OLD_BOOKING, number), id(kind::OLD_ENTRY, number));
                self.write(connection, ids, (doctor, patient), starts, Some(made), position)?;
            }
        }
        Ok(())
    }

    /// Writes the rows of a booking, but for its answer; when it was made, if that is not now.
    fn write(
        &self,
        connection: &Connection,
        (booking, entry): (Value, Value),
        (doctor, patient): (u64, u64),
        starts: Timestamp,
        made: Option<Timestamp>,
        position: i64,
    ) -> Result<()> {
        let local = starts.to_zoned(self.zone.clone());
        let shown = |at: &Zoned| serde_json::Value::from(at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string());
        let mut after = self.after.clone();
        for (name, value) in [
            ("doctorId", doctor_id(doctor).into()),
            ("patientId", patient_id(patient).into()),
            ("start", shown(&local)),
            ("end", shown(&(&local + SignedDuration::from_mins(MINUTES)))),
        ] {
            after.insert(name.to_owned(), value);
        }
        let after = serde_json::to_string(&after)?;
        let (doctor, patient) = (id(kind::DOCTOR, doctor), id(kind::PATIENT, patient));
        let micros = |at: Timestamp| Value::Integer(at.as_microsecond());
        let (begins, ends) = (micros(starts), micros(starts + SignedDuration::from_mins(MINUTES)));
        let busy = |who: &Value| {
            [
                ("subject", who.clone()),
                ("starts_at", begins.clone()),
                ("ends_at", ends.clone()),
                ("booking", booking.clone()),
            ]
        };
        let mut row = vec![
            ("doctor_id", doctor.clone()),
            ("id", booking.clone()),
            ("patient_id", patient.clone()),
            ("starts_at", begins.clone()),
            ("ends_at", ends.clone()),
            ("local_start", Value::Text(local.strftime("%Y-%m-%dT%H:%M:%S").to_string())),
        ];
        let mut told = vec![
            ("position", Value::Integer(position)),
            ("id", entry),
            ("doctor_id", doctor.clone()),
            ("patient_id", patient.clone()),
            ("booking_id", booking.clone()),
            ("after", Value::Text(after)),
        ];
        if let Some(made) = made {
            row.extend([("created_at", micros(made)), ("updated_at", micros(made))]);
            told.push(("at", micros(made)));
        }
        self.booking.insert(connection, &row)?;
        self.doctor_busy.insert(connection, &busy(&doctor))?;
        self.patient_busy.insert(connection, &busy(&patient))?;
        self.entry.insert(connection, &told)
    }

    /// Books slots of the second part, from `first` on, one transaction each, for so long; and where to go on.
    ///
    /// # Errors
    ///
    /// When the database does not go along.
    pub(crate) fn book_raw(&self, first: u64, lasts: Duration) -> Result<(Measured, u64)> {
        let connection = open(&self.path)?;
        let mut position = last_position(&connection)?;
        let mut latencies = Latencies::default();
        let (spent, since) = (process::own_cpu(), Instant::now());
        let mut next = first;
        while since.elapsed() < lasts && next < self.clinic.of_a_part() {
            let began = Instant::now();
            let slot = self.clinic.slot(1, next);
            position += 1;
            connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
            let key = Value::Text(format!("raw-{next}"));
            self.answer.insert(&connection, &[("key", key)])?;
            let ids = (id(0x100, next), id(0x101, next));
            let starts = self.clinic.start(slot);
            self.write(&connection, ids, (slot.doctor, self.clinic.patient(slot)), starts, None, position)?;
            connection.prepare_cached("COMMIT")?.execute([])?;
            latencies.record(began.elapsed());
            next += 1;
        }
        let count = next - first;
        ensure!(count > 0, "nothing was written");
        let generator = process::own_cpu().saturating_sub(spent);
        let measured = Measured {
            per_second: count as f64 / since.elapsed().as_secs_f64(),
            count,
            failed: 0,
            p50: latencies.quantile(0.5),
            p99: latencies.quantile(0.99),
            max: latencies.max(),
            cpu: Cpu { generator, ..Cpu::default() },
        };
        Ok((measured, next))
    }

    /// A number that it answers.
    ///
    /// # Errors
    ///
    /// When it answers none.
    pub(crate) fn number(&self, sql: &str) -> Result<u64> {
        Ok(open(&self.path)?.query_row(sql, [], |row| row.get::<_, i64>(0))? as u64)
    }

    /// Gives each of so many patients a token, like the one that a patient has: secrets and their digests.
    ///
    /// # Errors
    ///
    /// When nobody has one.
    pub(crate) fn add_tokens(&self, digests: impl Iterator<Item = [u8; 32]>) -> Result<()> {
        let connection = open(&self.path)?;
        let token = Template::read(&connection, "tokens", "role = 'patient'")?;
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for (number, digest) in digests.enumerate() {
            let number = number as u64;
            token.insert(
                &connection,
                &[
                    ("id", id(kind::TOKEN, number)),
                    ("patient_id", id(kind::PATIENT, number)),
                    ("digest", Value::Blob(digest.to_vec())),
                ],
            )?;
        }
        connection.execute_batch("COMMIT")?;
        Ok(())
    }
}

fn last_position(connection: &Connection) -> Result<i64> {
    Ok(connection.query_row("SELECT coalesce(max(position), 0) FROM history", [], |row| row.get(0))?)
}
