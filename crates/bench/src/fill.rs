//! A clinic with as many old bookings as wanted, straight into PostgreSQL, in rows as the service writes them.
//!
//! The service makes a doctor, a patient and a booking; SQL copies their rows. What keeps bookings from overlapping is on
//! all the while; other indexes and foreign keys are taken away and made again, so that they hold.

use std::time::Duration;

use anyhow::{Context, Result};
use jiff::Span;
use serde_json::{Value, json};

use crate::client::Client;
use crate::postgres::Postgres;
use crate::server::{Program, text};
use crate::slots::{self, Clinic, MINUTES, OF_A_DAY, ZONE};
use crate::template::Template;

/// How long all events may take to be told.
pub(crate) const EVENTS: Duration = Duration::from_mins(3);

/// Ids made from numbers, as SQL writes them: what kind they are of stands in the second group.
pub(crate) fn sql_id(kind: u16, number: &str) -> String {
    format!("('00000000-{kind:04x}-7000-8000-' || lpad(to_hex(({number})::bigint), 12, '0'))::uuid")
}

/// The kinds of ids that are made from numbers.
pub(crate) mod kind {
    pub(crate) const DOCTOR: u16 = 0;
    pub(crate) const PATIENT: u16 = 1;
    pub(crate) const OLD_BOOKING: u16 = 2;
    pub(crate) const OLD_ENTRY: u16 = 3;
    pub(crate) const DOCTORS_ENTRY: u16 = 4;
    pub(crate) const TOKEN: u16 = 5;
}

/// Rows of one booking, as the service has written them.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    pub(crate) booking: Template,
    pub(crate) doctor_busy: Template,
    pub(crate) patient_busy: Template,
    pub(crate) entry: Template,
    pub(crate) answer: Template,
}

/// A database with a clinic in it.
#[derive(Clone, Debug)]
pub(crate) struct Filled {
    /// Its name.
    pub(crate) database: String,
    /// Its URL.
    pub(crate) url: String,
    /// What is in it.
    pub(crate) clinic: Clinic,
    /// The rows that a booking consists of.
    pub(crate) rows: Rows,
}

/// The rows that a doctor and a patient are made of, by the service, over HTTP; and a booking.
pub(crate) struct Made {
    pub(crate) doctor: String,
    pub(crate) patient: String,
    pub(crate) booking: String,
}

/// Has the service make one of each: the doctor works every day, like all others will.
///
/// # Errors
///
/// When it does not.
pub(crate) fn make_one_of_each(client: &Client, clinic: &Clinic) -> Result<Made> {
    let day = json!([{"start": "08:00", "end": "16:00"}]);
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let week: serde_json::Map<String, Value> = days.iter().map(|name| ((*name).to_owned(), day.clone())).collect();
    let doctor = client.post(
        "/api/v1/doctors",
        &json!({"firstName": "Ada", "lastName": "Lovelace", "specialty": "general", "timeZone": ZONE,
            "slotMinutes": MINUTES, "workingHours": week}),
        None,
    )?;
    let patient = client.post("/api/v1/patients", &json!({"firstName": "Arya", "lastName": "Stark"}), None)?;
    let (doctor, patient) = (text(&doctor, "id")?, text(&patient, "id")?);
    let start = clinic.start(slots::Slot { doctor: 0, day: 0, of_day: 0 }).to_string();
    let booking = json!({"doctorId": doctor, "patientId": patient, "start": start});
    let booking = client.post("/api/v1/bookings", &booking, Some("the-template"))?;
    Ok(Made { doctor, patient, booking: text(&booking, "id")? })
}

/// Fills an empty database with doctors and patients.
///
/// # Errors
///
/// When the service or the database does not go along.
pub(crate) fn with_doctors(program: &Program, postgres: &Postgres, database: &str, clinic: &Clinic) -> Result<Filled> {
    postgres.create(database, None)?;
    let url = postgres.url(database)?;
    let server = program.serve(&url)?;
    let made = make_one_of_each(&server.client(), clinic)?;
    postgres.wait_for_events(database, EVENTS)?;
    drop(server);
    let read = |table: &str, condition: &str| Template::read(postgres, database, table, condition);
    let Made { doctor, patient, booking } = &made;
    let rows = Rows {
        booking: read("bookings", &format!("id = '{booking}'"))?,
        doctor_busy: read("occupancy", &format!("booking = '{booking}' AND kind = 1"))?,
        patient_busy: read("occupancy", &format!("booking = '{booking}' AND kind = 2"))?,
        entry: read("history", &format!("booking_id = '{booking}'"))?,
        answer: read("idempotency", "key = 'the-template'")?,
    };
    let (d, p) = (sql_id(kind::DOCTOR, "n"), sql_id(kind::PATIENT, "n"));
    let doctors = format!("FROM generate_series(0, {}) AS n", clinic.doctors - 1);
    let patients = format!("FROM generate_series(0, {}) AS n", clinic.patients - 1);
    let mut sql = vec![
        read("doctors", &format!("id = '{doctor}'"))?.insert(&[("id", d.clone())], &doctors)?,
        read("working_hours_versions", &format!("doctor_id = '{doctor}'"))?
            .insert(&[("doctor_id", d.clone())], &doctors)?,
    ];
    for weekday in 1..=7 {
        let window = read("working_windows", &format!("doctor_id = '{doctor}' AND weekday = {weekday}"))?;
        sql.push(window.insert(&[("doctor_id", d.clone())], &doctors)?);
    }
    let entry = read("history", &format!("doctor_id = '{doctor}' AND patient_id IS NULL"))?;
    let id = sql_id(kind::DOCTORS_ENTRY, "n");
    sql.push(entry.insert(&[("id", id.clone()), ("doctor_id", d.clone())], &doctors)?);
    sql.push(events(postgres, database, &[("entry_id", id), ("doctor_id", d)], &doctors)?);
    sql.push(read("patients", &format!("id = '{patient}'"))?.insert(&[("id", p)], &patients)?);
    postgres.ask(database, &sql.join("; "))?;
    analyze(postgres, database)?;
    Ok(Filled { database: database.to_owned(), url, clinic: clinic.clone(), rows })
}

/// The statement that gives entries of the history their positions: the n-th row of `from`, from 0, the n-th.
fn events(postgres: &Postgres, database: &str, different: &[(&str, String)], from: &str) -> Result<String> {
    let last = postgres.number(database, "SELECT coalesce(max(position), 0) FROM events")?;
    let first = Template::read(postgres, database, "events", "position = 1")?;
    let mut all = vec![("position", format!("{} + n", last + 1))];
    all.extend_from_slice(different);
    first.insert(&all, from)
}

impl Filled {
    /// A copy of it under another name. Nobody may be connected to it.
    ///
    /// # Errors
    ///
    /// When the database does not go along.
    pub(crate) fn copy(&self, postgres: &Postgres, database: &str) -> Result<Self> {
        postgres.create(database, Some(&self.database))?;
        Ok(Self { database: database.to_owned(), url: postgres.url(database)?, ..self.clone() })
    }

    /// Adds at least so many bookings that are over, up to two days ago; how many there are.
    ///
    /// # Errors
    ///
    /// When the database does not go along.
    pub(crate) fn add_old_bookings(&self, postgres: &Postgres, at_least: u64) -> Result<u64> {
        let database = self.database.as_str();
        let Clinic { doctors, patients, .. } = self.clinic;
        let of_each = at_least.div_ceil(doctors);
        let all = of_each * doctors;
        if all == 0 {
            return Ok(0);
        }
        let days = of_each.div_ceil(OF_A_DAY);
        let first = self.clinic.date(0).checked_sub(Span::new().days(5 + days as i64))?;
        // A booking is the t-th of the d-th doctor, and the n-th of all. In the order of doctors and then of time, and
        // in that of patients: so that rows which are close in an index come close to each other.
        let described = |numbers: &str| {
            format!(
                "FROM (SELECT n, d, (t * {doctors} + d) % {patients} AS p, local_start, \
                     local_start AT TIME ZONE '{ZONE}' AS starts FROM (SELECT n, d, t, date '{first}' \
                     + (t / {OF_A_DAY})::integer + time '08:00' \
                     + (t % {OF_A_DAY})::integer * interval '{MINUTES} minutes' AS local_start \
                     FROM ({numbers}) AS numbered) AS placed) AS old"
            )
        };
        let by_doctor = described(&format!(
            "SELECT n, n / {of_each} AS d, n % {of_each} AS t FROM generate_series(0::bigint, {}) AS n",
            all - 1
        ));
        let of_a_patient = all.div_ceil(patients);
        let by_patient = described(&format!(
            "SELECT m % {doctors} * {of_each} + m / {doctors} AS n, m % {doctors} AS d, m / {doctors} AS t \
             FROM (SELECT j / {of_a_patient} + j % {of_a_patient} * {patients} AS m \
             FROM generate_series(0::bigint, {}) AS j) AS visits WHERE m < {all}",
            of_a_patient * patients - 1
        ));
        let (doctor, patient) = (sql_id(kind::DOCTOR, "d"), sql_id(kind::PATIENT, "p"));
        let (booking, entry) = (sql_id(kind::OLD_BOOKING, "n"), sql_id(kind::OLD_ENTRY, "n"));
        let ends = format!("starts + interval '{MINUTES} minutes'");
        let during = format!("tstzrange(starts, {ends})");
        let made = || "starts - interval '7 days'".to_owned();
        let busy = |who: &str| [("subject", who.to_owned()), ("during", during.clone()), ("booking", booking.clone())];
        let shown = |when: &str| format!("to_char({when}, 'YYYY-MM-DD\"T\"HH24:MI:SSTZH:TZM')");
        let after = format!(
            "jsonb_build_object('start', {}, 'end', {}, 'doctorId', {doctor}, 'patientId', {patient})",
            shown("starts"),
            shown(&format!("({ends})"))
        );
        let known = postgres.ask(database, "SELECT after FROM history WHERE booking_id IS NOT NULL LIMIT 1")?;
        let bookings = [
            ("doctor_id", doctor.clone()),
            ("id", booking.clone()),
            ("patient_id", patient.clone()),
            ("starts_at", "starts".to_owned()),
            ("ends_at", ends.clone()),
            ("local_start", "local_start".to_owned()),
            ("created_at", made()),
            ("updated_at", made()),
        ];
        let entries = [
            ("id", entry.clone()),
            ("at", made()),
            ("doctor_id", doctor.clone()),
            ("patient_id", patient.clone()),
            ("booking_id", booking.clone()),
            ("after", format!("'{}'::jsonb || {after}", known.replace('\'', "''"))),
        ];
        let told = [("entry_id", entry), ("doctor_id", doctor.clone()), ("patient_id", patient.clone())];
        // What psql says of times has the offset of this zone.
        let session = format!("SET TIME ZONE '{ZONE}'; ");
        let told_about = session.clone()
            + &[
                self.rows.booking.insert(&bookings, &by_doctor)?,
                self.rows.entry.insert(&entries, &by_doctor)?,
                events(postgres, database, &told, &by_doctor)?,
            ]
            .join("; ");
        // What takes longest is the index that keeps bookings from overlapping.
        let doctors_are_busy = session.clone() + &self.rows.doctor_busy.insert(&busy(&doctor), &by_doctor)?;
        let patients_are_busy = session + &self.rows.patient_busy.insert(&busy(&patient), &by_patient)?;
        let rebuilt = take_away(postgres, database)?;
        at_once(postgres, database, &[told_about, doctors_are_busy, patients_are_busy])?;
        let (some, others) = rebuilt.split_at(rebuilt.len() / 2);
        at_once(postgres, database, &[some.join("; "), others.join("; ")])?;
        analyze(postgres, database)?;
        Ok(all)
    }
}

/// Takes away the indexes and foreign keys of what is filled that are made faster afterwards; how they are made.
fn take_away(postgres: &Postgres, database: &str) -> Result<Vec<String>> {
    let indexes = postgres.ask(
        database,
        "SELECT indexname || ' ' || indexdef FROM pg_indexes WHERE tablename IN ('bookings', 'history', 'events') \
         AND indexname NOT IN (SELECT conname FROM pg_constraint) ORDER BY tablename, indexname",
    )?;
    let keys = postgres.ask(
        database,
        "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint \
         WHERE contype = 'f' AND conrelid IN ('bookings'::regclass, 'events'::regclass)",
    )?;
    let (mut away, mut again) = (Vec::new(), Vec::new());
    for line in keys.lines() {
        let mut words = line.splitn(3, ' ');
        let (table, name) = (words.next().context("a table")?, words.next().context("a name")?);
        let made = words.next().context("a definition")?;
        away.push(format!("ALTER TABLE {table} DROP CONSTRAINT {name}"));
        again.push(format!("ALTER TABLE {table} ADD CONSTRAINT {name} {made}"));
    }
    for line in indexes.lines() {
        let (name, made) = line.split_once(' ').context("a definition")?;
        away.push(format!("DROP INDEX {name}"));
        again.push(made.to_owned());
    }
    postgres.ask(database, &away.join("; "))?;
    Ok(again)
}

/// Says all of this at once.
fn at_once(postgres: &Postgres, database: &str, statements: &[String]) -> Result<()> {
    std::thread::scope(|scope| {
        let say = |sql: &'_ String| {
            let sql = sql.clone();
            scope.spawn(move || postgres.ask(database, &sql))
        };
        let threads: Vec<_> = statements.iter().map(say).collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)).map(|_| ()))
    })
}

/// Leaves the database as it would be after some quiet time.
pub(crate) fn analyze(postgres: &Postgres, database: &str) -> Result<()> {
    postgres.ask(database, "VACUUM (ANALYZE)")?;
    postgres.ask(database, "CHECKPOINT").map(|_| ())
}
