//! Which parts there are, and in which order they are measured.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::fill::{self, EVENTS, Filled};
use crate::growth::{self, Grown};
use crate::look_ups::{self, Effort, Measuring};
use crate::morning::{self, Rush, Store};
use crate::options::{Command, Options, Size};
use crate::postgres::Postgres;
use crate::record::Recorded;
use crate::report::{self, Part, say};
use crate::server::{self, Program};
use crate::slots::Clinic;
use crate::sqlite::Sqlite;
use crate::supervised::Supervised;
use crate::{bookings, check, crowd, machine, process, several_servers};

/// How many days ahead are booked.
const DAYS: u64 = 90;
/// How many old bookings there are where it has to be quick.
const QUICK_BOOKINGS: u64 = 10_000;
/// What the server is told beside where its database is: one caller asks as much as all.
const UNLIMITED: [&str; 6] = ["--rate-limit-address", "0", "--rate-limit-staff", "0", "--rate-limit-patients", "0"];

/// What all parts need. Its folder is gone with it.
pub(crate) struct Bench<'a> {
    pub(crate) size: &'a Size,
    pub(crate) program: Program,
    pub(crate) folder: PathBuf,
    /// How many files a process may open.
    pub(crate) files: u64,
    postgres: Option<Postgres>,
    /// How many seconds each booking took to fill in, of many.
    each_took: Option<f64>,
    _janitor: Supervised,
}

/// Does what the command line says; whether all was as it should be.
///
/// # Errors
///
/// When it cannot be measured.
pub(crate) fn run(options: &Options) -> Result<bool> {
    let files = process::open_as_many_files_as_allowed()?;
    if matches!(options.command, Command::Crowd) {
        return crowd::run().map(|()| true);
    }
    let size = &options.size;
    if matches!(options.command, Command::Rows) {
        let binary = size.server.clone().map_or_else(server::beside_this, Ok)?;
        return check::rows_are_those_of_the_service(&std::path::absolute(binary)?).map(|()| true);
    }
    let mut bench = Bench::prepare(size, files)?;
    let since = Instant::now();
    let mut parts = Vec::new();
    match &options.command {
        Command::All => bench.all(&mut parts)?,
        Command::Quick { .. } => bench.quick(&mut parts)?,
        Command::LookUps => bench.with_bookings(size.bookings, &mut parts, |bench, filled, parts| {
            parts.push(bench.look_ups(filled, "look-ups-postgres")?);
            Ok(())
        })?,
        Command::Bookings => bench.with_bookings(size.bookings, &mut parts, |bench, filled, parts| {
            parts.push(bench.bookings(filled, "bookings-postgres")?);
            Ok(())
        })?,
        Command::Morning => parts.push(bench.morning()?),
        Command::Growth => parts.push(bench.growth(None)?),
        Command::SeveralServers => parts.push(bench.several_servers()?),
        Command::Crowd | Command::Rows => {}
        Command::Sqlite => bench.sqlite(&mut parts)?,
    }
    say(&format!("\n{}", report::ratios(&parts).markdown()));
    let mut all_is_well = parts.iter().all(|part| part.faults.is_empty());
    let mut recorded = Recorded::read(&size.recorded)?;
    match options.command {
        Command::All => {
            let machine = bench.described()?;
            report::write(&size.docs, &machine, &parts)?;
            recorded.take(&parts);
            recorded.write(&size.recorded)?;
        }
        Command::Quick { record: true } => {
            recorded.take(&parts);
            recorded.write(&size.recorded)?;
        }
        Command::Quick { record: false } => {
            for missed in recorded.missed(&parts) {
                say(&format!("below 0.8 of what is recorded: {missed}"));
                all_is_well = false;
            }
        }
        _ => {}
    }
    say(&format!("It took {:.0} s.", since.elapsed().as_secs_f64()));
    Ok(all_is_well)
}

impl<'a> Bench<'a> {
    fn prepare(size: &'a Size, files: u64) -> Result<Self> {
        let parent = size.folder.clone().unwrap_or_else(std::env::temp_dir);
        let folder = tempfile::Builder::new().prefix("doctor-booking-bench-").tempdir_in(parent)?.keep();
        // It goes when we go, however that is.
        let sleep = ["infinity".to_owned()];
        let janitor = Supervised::start(Path::new("sleep"), &sleep, &[], Path::new("/dev/null"), Some(&folder))?;
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755))?;
        let binary = size.server.clone().map_or_else(server::beside_this, Ok)?;
        let mut options: Vec<_> = UNLIMITED.map(str::to_owned).to_vec();
        options.extend(size.server_options.iter().filter(|option| !option.is_empty()).cloned());
        let program = Program { binary: std::path::absolute(binary)?, options, logs: folder.clone() };
        if machine::file_system(&folder) == "tmpfs" {
            say("The folder is in memory: nothing is durable there. Name another by --folder.");
        }
        Ok(Self { size, program, folder, files, postgres: None, each_took: None, _janitor: janitor })
    }

    fn effort(&self) -> Effort {
        let Size { connections, rounds, .. } = *self.size;
        Effort { connections: connections.into(), lasts: self.size.lasts(), rounds }
    }

    pub(crate) fn clinic(&self) -> Result<Clinic> {
        Clinic::new(self.size.doctors, self.size.patients, DAYS)
    }

    /// The cluster, started when it is first needed.
    pub(crate) fn postgres(&mut self) -> Result<&Postgres> {
        if self.postgres.is_none() {
            self.postgres = Some(Postgres::start(&self.folder)?);
        }
        Ok(self.postgres.as_ref().unwrap_or_else(|| unreachable!("it is started")))
    }

    fn described(&mut self) -> Result<Vec<String>> {
        let version = self.postgres()?.version()?;
        let mut described = machine::described(&self.folder, &version, self.files);
        let arguments: Vec<_> = std::env::args().skip(1).collect();
        described.push(format!("command: `make bench`, that is `doctor-booking-bench {}`", arguments.join(" ")));
        described.push(format!("the server: `doctor-booking serve {}`", self.program.options.join(" ")));
        Ok(described)
    }

    /// Makes a database with so many old bookings for parts that need one.
    fn with_bookings(
        &mut self,
        bookings: u64,
        parts: &mut Vec<Part>,
        work: impl FnOnce(&mut Self, &Filled, &mut Vec<Part>) -> Result<()>,
    ) -> Result<()> {
        let filled = self.fill("with_bookings", bookings)?;
        work(self, &filled, parts)
    }

    pub(crate) fn fill(&mut self, database: &str, bookings: u64) -> Result<Filled> {
        let (clinic, program, since) = (self.clinic()?, self.program.clone(), Instant::now());
        let postgres = self.postgres()?;
        let filled = fill::with_doctors(&program, postgres, database, &clinic)?;
        let there = filled.add_old_bookings(postgres, bookings)?;
        // From few bookings one cannot tell how long many take.
        if there >= 50_000 {
            self.each_took = Some(since.elapsed().as_secs_f64() / there as f64);
        }
        say(&format!("{there} old bookings were filled in in {:.0} s", since.elapsed().as_secs_f64()));
        Ok(filled)
    }

    fn all(&mut self, parts: &mut Vec<Part>) -> Result<()> {
        let filled = self.fill("with_bookings", self.size.bookings)?;
        // Growth begins from where these have not booked yet.
        let untouched = if self.size.growth.contains(&self.size.bookings) {
            Some(filled.copy(self.postgres()?, "untouched")?)
        } else {
            None
        };
        parts.push(self.look_ups(&filled, "look-ups-postgres")?);
        parts.push(self.bookings(&filled, "bookings-postgres")?);
        self.postgres()?.drop(&filled.database)?;
        parts.push(self.several_servers()?);
        parts.push(self.morning()?);
        self.sqlite(parts)?;
        parts.push(self.growth(untouched.as_ref())?);
        self.quick(parts)
    }

    fn several_servers(&mut self) -> Result<Part> {
        let (effort, program) = (self.effort(), self.program.clone());
        let mut part = Part::new("How old answers are");
        part.tell(format!(
            "One of four connections books, cancels every third booking, and looks at once; the others look at the same \
             days all the time. An answer is behind by how long before the question a change was acknowledged that it does \
             not show: at most {} s is allowed, and nothing at all of one's own. With three servers writers and readers \
             are spread over all of them.",
            crate::freshness::BOUND.as_secs()
        ));
        let clinic = self.clinic()?;
        let postgres = self.postgres()?;
        for servers in [1, 3] {
            let filled = fill::with_doctors(&program, postgres, &format!("fresh_{servers}"), &clinic)?;
            several_servers::freshness(&mut part, &program, postgres, &filled, effort, servers)?;
            if let Err(error) = program.verify(&filled.url) {
                part.fault(format!("{error:#}"));
            }
            postgres.drop(&filled.database)?;
        }
        Ok(part)
    }

    fn growth(&mut self, untouched: Option<&Filled>) -> Result<Part> {
        let (mut effort, program, size) = (self.effort(), self.program.clone(), self.size);
        effort.lasts = effort.lasts.div_f64(2.0).max(Duration::from_secs(1));
        let mut part = Part::new("Growth on PostgreSQL");
        part.tell(format!(
            "Databases with ever more bookings that are over, each measured in turn by {} connections, {} rounds of {} s.",
            effort.connections,
            effort.rounds,
            effort.lasts.as_secs()
        ));
        let at_most = 60.0 * size.growth_minutes as f64;
        let mut grown = Vec::new();
        for (number, &wanted) in size.growth.iter().enumerate() {
            if let (Some(filled), true) = (untouched, wanted == size.bookings) {
                grown.push(Grown { filled: filled.clone(), old: wanted, made: 0 });
                continue;
            }
            let fits = self.each_took.map_or(wanted, |each| ((at_most / each) as u64).min(wanted));
            if fits < wanted {
                part.tell(format!(
                    "**Not as meant: {fits} old bookings instead of {wanted}**, which would have taken more than {} \
                     minutes to fill in.",
                    size.growth_minutes
                ));
            }
            let filled = self.fill(&format!("grown_{number}"), fits)?;
            grown.push(Grown { filled, old: fits, made: 0 });
        }
        let postgres = self.postgres()?;
        growth::compare(&mut part, &program, postgres, &mut grown, effort)?;
        grown.iter().try_for_each(|grown| postgres.drop(&grown.filled.database))?;
        Ok(part)
    }

    fn look_ups(&mut self, filled: &Filled, key: &'static str) -> Result<Part> {
        let (effort, program) = (self.effort(), self.program.clone());
        let mut part = Part::new("Look-ups on PostgreSQL");
        part.tell(format!(
            "What is free with one doctor on one day, random over {} doctors × {} days, by {} connections, beside \
             `/healthz`: the same server's answer that never changes, through the same middleware but for the look at \
             the token and at how much is asked. {} rounds of {} s each.",
            filled.clinic.doctors,
            filled.clinic.days().min(look_ups::DAYS),
            effort.connections,
            effort.rounds,
            effort.lasts.as_secs(),
        ));
        let postgres = self.postgres()?;
        let server = program.serve(&filled.url)?;
        postgres.wait_for_events(&filled.database, EVENTS)?;
        let measuring = Measuring { server: &server, postgres: Some(postgres), clinic: &filled.clinic, key, goal: 0.5 };
        look_ups::compare(&mut part, &measuring, effort)?;
        Ok(part)
    }

    fn bookings(&mut self, filled: &Filled, key: &'static str) -> Result<Part> {
        let (effort, program) = (self.effort(), self.program.clone());
        let mut part = Part::new("Bookings on PostgreSQL");
        part.tell(format!(
            "Different slots, random over {} doctors × {} days, by {} connections, each with an `Idempotency-Key`, beside \
             pgbench (32 clients, prepared) writing the same rows, one transaction each, its statements in one \
             pipeline, while no server runs. {} rounds of {} s each.",
            filled.clinic.doctors,
            filled.clinic.days(),
            effort.connections,
            effort.rounds,
            effort.lasts.as_secs(),
        ));
        bookings::compare(&mut part, &program, self.postgres()?, filled, effort, key)?;
        Ok(part)
    }

    fn rush(&self, clients: u32, name: &'static str) -> Rush {
        let Size { slots, morning_minutes, .. } = *self.size;
        Rush { clients, slots, at_most: Duration::from_secs(60 * morning_minutes), files: self.files, name }
    }

    fn about_the_morning(&self, part: &mut Part, rush: Rush) {
        part.tell(format!(
            "{} clients, each a patient with a connection and a token of its own, all at once: each looks at the day of one of 20 doctors, tries one of the {} slots, on 409 an alternative, on 503 again when it is told to, and searches over all doctors when there is none, until it has a slot or none is left. The server has its default limits (`serve {}`).",
            rush.clients,
            rush.slots,
            self.program_with_limits().options.join(" "),
        ));
    }

    /// The server as it is by default.
    fn program_with_limits(&self) -> Program {
        let options = self.size.server_options.iter().filter(|option| !option.is_empty()).cloned();
        Program { options: options.collect(), ..self.program.clone() }
    }

    fn morning(&mut self) -> Result<Part> {
        let (rush, program) = (self.rush(self.size.clients, "morning-postgres"), self.program_with_limits());
        let mut part = Part::new("The morning on PostgreSQL");
        self.about_the_morning(&mut part, rush);
        let clinic = Clinic::new(2, rush.clients.into(), 1)?;
        let postgres = self.postgres()?;
        let filled = fill::with_doctors(&program, postgres, "morning", &clinic)?;
        morning::rush(&mut part, &program, &Store::Postgres(postgres, &filled), rush)?;
        if let Err(error) = program.verify(&filled.url) {
            part.fault(format!("{error:#}"));
        }
        Ok(part)
    }

    fn sqlite(&mut self, parts: &mut Vec<Part>) -> Result<()> {
        let (effort, program) = (self.effort(), self.program.clone());
        let clinic = self.clinic()?;
        let since = Instant::now();
        let sqlite = Sqlite::fill(&program, &self.folder.join("clinic.db"), &clinic, self.size.bookings)?;
        say(&format!("SQLite was filled in {:.0} s", since.elapsed().as_secs_f64()));
        let mut part = Part::new("Look-ups on SQLite");
        part.tell(format!("As on PostgreSQL, beside {} old bookings.", self.size.bookings));
        let server = program.serve(&sqlite.url)?;
        let (key, goal) = ("look-ups-sqlite", 0.5);
        let measuring = Measuring { server: &server, postgres: None, clinic: &clinic, key, goal };
        look_ups::compare(&mut part, &measuring, effort)?;
        drop(server);
        parts.push(part);
        let mut part = Part::new("Bookings on SQLite");
        part.tell(format!(
            "As on PostgreSQL, beside one process that writes the same rows, one transaction each, with `synchronous=FULL`, while no server runs. {} rounds of {} s each.",
            effort.rounds,
            effort.lasts.as_secs(),
        ));
        let fdatasyncs = self.postgres()?;
        bookings::compare_on_sqlite(&mut part, &program, &sqlite, effort, || fdatasyncs.fdatasyncs())?;
        if let Err(error) = program.verify(&sqlite.url) {
            part.fault(format!("{error:#}"));
        }
        parts.push(part);
        let (rush, program) = (self.rush(self.size.sqlite_clients, "morning-sqlite"), self.program_with_limits());
        let mut part = Part::new("The morning on SQLite");
        self.about_the_morning(&mut part, rush);
        let clinic = Clinic::new(2, rush.clients.into(), 1)?;
        let sqlite = Sqlite::fill(&program, &self.folder.join("morning.db"), &clinic, 0)?;
        morning::rush(&mut part, &program, &Store::Sqlite(&sqlite), rush)?;
        if let Err(error) = program.verify(&sqlite.url) {
            part.fault(format!("{error:#}"));
        }
        parts.push(part);
        Ok(())
    }

    fn quick(&mut self, parts: &mut Vec<Part>) -> Result<()> {
        let filled = self.fill("quick", QUICK_BOOKINGS.min(self.size.bookings))?;
        parts.push(self.look_ups(&filled, "quick-look-ups")?);
        parts.push(self.bookings(&filled, "quick-bookings")?);
        Ok(())
    }
}
