//! Everyone comes at once: far more clients than slots.

use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use jiff::Span;
use jiff::tz::TimeZone;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::crowd::{self, Tells, secret};
use crate::fill::{Filled, kind, sql_id};
use crate::generator::{Generator, Plan};
use crate::histogram::{Latencies, told};
use crate::look_ups::Same;
use crate::measure::Cpu;
use crate::plot::{Data, Plot};
use crate::postgres::Postgres;
use crate::report::{Line, Part, Table, say};
use crate::server::{Program, Server, text};
use crate::slots::today;
use crate::sqlite::Sqlite;
use crate::template::Template;

/// With how many doctors.
const DOCTORS: u32 = 20;
/// How long a slot is, in minutes.
const MINUTES: u32 = 5;
/// How many processes make the load, if all clients fit into them.
const PROCESSES: usize = 2;
/// How many files a process needs beside its connections.
const OTHER_FILES: u64 = 400;
/// How much memory the server may have.
const MOST_MEMORY: u64 = 1 << 30;

/// Where bookings are kept.
pub(crate) enum Store<'a> {
    Postgres(&'a Postgres, &'a Filled),
    Sqlite(&'a Sqlite),
}

/// How many come, and for what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rush {
    pub(crate) clients: u32,
    pub(crate) slots: u32,
    pub(crate) at_most: Duration,
    /// How many files a process may open.
    pub(crate) files: u64,
    /// What its picture is called.
    pub(crate) name: &'static str,
}

impl Store<'_> {
    fn url(&self) -> &str {
        match self {
            Self::Postgres(_, filled) => &filled.url,
            Self::Sqlite(sqlite) => &sqlite.url,
        }
    }

    fn postgres(&self) -> Option<&Postgres> {
        match self {
            Self::Postgres(postgres, _) => Some(postgres),
            Self::Sqlite(_) => None,
        }
    }

    fn number(&self, sql: &str) -> Result<u64> {
        match self {
            Self::Postgres(postgres, filled) => postgres.number(&filled.database, sql),
            Self::Sqlite(sqlite) => sqlite.number(sql),
        }
    }

    /// Gives each client a token, like the one that a patient has been given.
    fn add_tokens(&self, count: u64) -> Result<()> {
        match self {
            Self::Postgres(postgres, filled) => {
                let row = Template::read(postgres, &filled.database, "tokens", "role = 'patient'")?;
                let secret = "'dbk_' || encode(sha256(('client ' || n)::bytea), 'hex')";
                let different = [
                    ("id", sql_id(kind::TOKEN, "n")),
                    ("patient_id", sql_id(kind::PATIENT, "n")),
                    ("digest", format!("sha256(({secret})::bytea)")),
                ];
                let sql = row.insert(&different, &format!("FROM generate_series(0, {}) AS n", count - 1))?;
                postgres.ask(&filled.database, &sql)?;
                crate::fill::analyze(postgres, &filled.database)
            }
            Self::Sqlite(sqlite) => sqlite.add_tokens((0..count).map(|number| Sha256::digest(secret(number)).into())),
        }
    }
}

/// A process of the crowd.
struct Process {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Process {
    fn start(told: &crowd::Told) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("crowd")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("a part of the crowd does not start")?;
        let mut stdin = child.stdin.take().context("it is piped")?;
        let stdout = BufReader::new(child.stdout.take().context("it is piped")?);
        writeln!(stdin, "{}", serde_json::to_string(told)?)?;
        Ok(Self { child, stdin, stdout })
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        ensure!(self.stdout.read_line(&mut line)? > 0, "a part of the crowd has ended");
        Ok(line)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Lets everyone come, and looks what has become of them.
///
/// # Errors
///
/// When they cannot come.
pub(crate) fn rush(part: &mut Part, program: &Program, store: &Store<'_>, rush: Rush) -> Result<()> {
    let first = program.serve(store.url())?;
    let (doctors, date) = open_a_day(&first, rush.slots / DOCTORS)?;
    let slots = (rush.slots / DOCTORS * DOCTORS) as usize;
    store.add_tokens(rush.clients.into())?;
    let servers = enough_servers(part, program, store, rush, first)?;
    let addresses: Vec<_> = servers.iter().map(Server::address).collect();
    let servers: Vec<_> = servers.iter().collect();

    let mut processes = begin(rush, &addresses, &doctors, &date)?;
    for process in &mut processes {
        ensure!(process.line()?.trim() == "ready", "a part of the crowd is not ready");
    }
    say(&format!("{} clients are connected", rush.clients));
    let idle = servers.iter().map(|server| server.memory().0).max().unwrap_or_default();
    let before = Cpu::now(&servers, store.postgres())?;
    let crowd_before = crate::process::cpu_of_ended_children();
    for process in &mut processes {
        writeln!(process.stdin, "go")?;
    }
    let mut tells = Vec::new();
    for process in &mut processes {
        tells.push(serde_json::from_str::<Tells>(&process.line()?)?);
    }
    let cpu = Cpu::now(&servers, store.postgres())?.since(before);
    let afterwards = afterwards(&servers, &doctors, &date)?;
    for process in &mut processes {
        let _ = process.child.wait();
    }
    let crowd_cpu = crate::process::cpu_of_ended_children().saturating_sub(crowd_before);
    let memory: Vec<_> = servers.iter().map(|server| server.memory().1).collect();

    let sold = tell(part, &tells, slots, rush);
    let listed: Vec<_> = doctors.iter().map(|id| store_id(store, id)).collect();
    let there = store.number(&format!("SELECT count(*) FROM bookings WHERE doctor_id IN ({})", listed.join(", ")))?;
    if there != sold as u64 {
        part.fault(format!("{sold} slots were sold, but {there} bookings are there"));
    }
    let answers: u64 = tells.iter().flat_map(|tells| tells.answers.values().flatten()).map(|pair| pair.1).sum();
    let each = |spent: Duration| spent.as_secs_f64() / answers.max(1) as f64 * 1e6;
    part.tell(format!(
        "Time on processors per answer: server {:.0} µs, database {:.0} µs, clients {:.0} µs. Memory of the server: \
         {} MiB when all were connected, {} MiB at most. Afterwards the constant answer took {}, a look-up {}.",
        each(cpu.server),
        each(cpu.database),
        each(crowd_cpu),
        idle >> 20,
        memory.iter().map(|bytes| (bytes >> 20).to_string()).collect::<Vec<_>>().join(" + "),
        told(afterwards.0),
        told(afterwards.1),
    ));
    if memory.iter().any(|bytes| *bytes > MOST_MEMORY) {
        part.fault("the server had more than 1 GiB of memory");
    }
    if afterwards.1 > Duration::from_millis(500) {
        part.fault("the server did not answer at once afterwards");
    }
    Ok(())
}

/// An id as SQL of the store writes it.
fn store_id(store: &Store<'_>, id: &str) -> String {
    match store {
        Store::Postgres(..) => format!("'{id}'"),
        Store::Sqlite(_) => format!("x'{}'", id.replace('-', "")),
    }
}

/// Doctors who have so many slots each on one day, and the day. A patient gets a token, as the one that others are like.
fn open_a_day(server: &Server, of_each: u32) -> Result<(Vec<String>, String)> {
    let client = server.client();
    let date = today(&TimeZone::UTC).checked_add(Span::new().days(7))?;
    let minutes = of_each * MINUTES;
    let day = json!({"windows": [{"start": "00:00", "end": format!("{:02}:{:02}", minutes / 60, minutes % 60)}]});
    let doctor = |number: u32| {
        let doctor = json!({"firstName": "Edward", "lastName": format!("Jenner {number}"), "specialty": "vaccination",
            "timeZone": "UTC", "slotMinutes": MINUTES});
        let doctor = text(&client.post("/api/v1/doctors", &doctor, None)?, "id")?;
        client.put(&format!("/api/v1/doctors/{doctor}/overrides/{date}"), &day)?;
        Ok(doctor)
    };
    let doctors = (0..DOCTORS).map(doctor).collect::<Result<_>>()?;
    let patient = client.post("/api/v1/patients", &json!({"firstName": "Zero", "lastName": "Zero"}), None)?;
    let token = json!({"name": "a client", "role": "patient", "patientId": text(&patient, "id")?});
    client.post("/api/v1/tokens", &token, None)?;
    Ok((doctors, date.to_string()))
}

/// As many servers as it takes until each can have its connections open: one, where it may open enough files.
fn enough_servers(
    part: &mut Part,
    program: &Program,
    store: &Store<'_>,
    rush: Rush,
    first: Server,
) -> Result<Vec<Server>> {
    let tried = 100;
    let plan = Plan::closed(first.address(), tried, Duration::ZERO);
    let before = first.open_files();
    let mut nothing = Same(vec![]);
    let open = Generator::open(&plan, &mut nothing)?;
    // The server may not have taken all of them yet.
    std::thread::sleep(Duration::from_millis(300));
    let each = (first.open_files().saturating_sub(before) as u64).div_ceil(tried as u64).max(1);
    drop(open);
    let fit = rush.files.saturating_sub(OTHER_FILES) / each;
    let count = u64::from(rush.clients).div_ceil(fit.max(1));
    if count > 1 {
        ensure!(store.postgres().is_some(), "a process may open {} files only, too few for all clients", rush.files);
        part.tell(format!(
            "**Not as meant: {count} servers instead of one.** A process may open {} files here (`ulimit -Hn`), and a \
             connection takes {each} of the server's.",
            rush.files
        ));
    }
    let mut servers = vec![first];
    for _ in 1..count {
        servers.push(program.serve(store.url())?);
    }
    Ok(servers)
}

/// Starts the processes of the crowd, which open their connections.
fn begin(rush: Rush, servers: &[SocketAddr], doctors: &[String], date: &str) -> Result<Vec<Process>> {
    let fit = rush.files.saturating_sub(OTHER_FILES).max(1) as usize;
    let clients = rush.clients as usize;
    let processes = PROCESSES.max(clients.div_ceil(fit)).min(clients);
    let mut first = 0;
    let start = |number: usize| {
        let count = clients / processes + usize::from(number < clients % processes);
        let told = crowd::Told {
            servers: servers.to_vec(),
            first: first as u64,
            count,
            doctors: doctors.to_vec(),
            date: date.to_owned(),
            at_most: rush.at_most,
            first_source: 2 + (number * 8).min(240) as u8,
        };
        first += count;
        Process::start(&told)
    };
    (0..processes).map(start).collect()
}

/// How long answers take once it is over.
fn afterwards(servers: &[&Server], doctors: &[String], date: &str) -> Result<(Duration, Duration)> {
    let (mut constant, mut look_up) = (Duration::ZERO, Duration::ZERO);
    for server in servers {
        let client = server.client();
        constant = constant.max(client.get("/healthz")?.1);
        let path = format!("/api/v1/doctors/{}/availability?date={date}", doctors[0]);
        look_up = look_up.max(client.get(&path)?.1);
    }
    Ok((constant, look_up))
}

/// Tells what has become of everyone; how many slots were sold.
fn tell(part: &mut Part, tells: &[Tells], slots: usize, rush: Rush) -> usize {
    let mut answers: BTreeMap<&str, Latencies> = BTreeMap::new();
    let (mut all, mut outcomes) = (Latencies::default(), Latencies::default());
    for tells in tells {
        outcomes.add(&Latencies::from_pairs(&tells.outcomes));
        for (what, pairs) in &tells.answers {
            let some = Latencies::from_pairs(pairs);
            all.add(&some);
            answers.entry(what).or_default().add(&some);
        }
    }
    let mut table = Table::new(&["answer", "how many", "p50", "p99", "max"]);
    let line = |what: &str, of: &Latencies| {
        let [p50, p99, max] = [of.quantile(0.5), of.quantile(0.99), of.max()].map(told);
        Line(vec![what.to_owned(), of.count().to_string(), p50, p99, max])
    };
    table.lines.extend(answers.iter().map(|(what, latencies)| line(what, latencies)));
    table.lines.push(line("every answer", &all));
    table.lines.push(line("until a client knew what becomes of it", &outcomes));
    part.show(table);

    let mut sold: Vec<_> = tells.iter().flat_map(|tells| &tells.sold).collect();
    sold.sort_by_key(|sold| sold.1);
    let different: HashSet<_> = sold.iter().map(|sold| &sold.0).collect();
    let sum = |number: fn(&Tells) -> u64| tells.iter().map(number).sum::<u64>();
    let (without, unfinished) = (sum(|tells| tells.without), sum(|tells| tells.unfinished));
    part.tell(format!(
        "{} of {slots} slots were sold to {} clients; {without} learned that none is left; {unfinished} had learned \
         nothing after {} s. The last slot was sold after {:.2} s. {} connections were opened anew.",
        sold.len(),
        rush.clients,
        rush.at_most.as_secs(),
        sold.last().map_or(0.0, |sold| sold.1 as f64 / 1000.0),
        sum(|tells| tells.reopened),
    ));
    if different.len() != sold.len() {
        part.fault(format!("{} slots were sold twice", sold.len() - different.len()));
    }
    if sold.len() != slots.min(rush.clients as usize) {
        part.fault(format!("{} slots were sold of {slots}", sold.len()));
    }
    if unfinished > 0 {
        part.fault(format!("{unfinished} clients never learned what becomes of them"));
    }
    let (broken, overdue) = (sum(|tells| tells.broken), sum(|tells| tells.overdue));
    if broken + overdue > 0 {
        part.fault(format!("{broken} requests were broken off, and {overdue} not answered in time"));
    }
    for (what, count) in tells.iter().flat_map(|tells| &tells.odd).take(10) {
        part.fault(format!("{count} times: {what}"));
    }
    let points: Vec<_> = std::iter::once((0.0, 0.0))
        .chain(sold.iter().enumerate().map(|(index, sold)| (sold.1 as f64 / 1000.0, (index + 1) as f64)))
        .collect();
    // A point for each tenth of a percent is more than can be seen.
    let step = (points.len() / 500).max(1);
    let seen = points.iter().enumerate().filter(|(index, _)| index % step == 0 || *index + 1 == points.len());
    let seen = seen.map(|(_, point)| *point).collect();
    let data = Data::Lines("seconds".to_owned(), vec![("sold".to_owned(), seen)]);
    let title = format!("The morning: {} clients", rush.clients);
    part.draw(&format!("{}.svg", rush.name), Plot { title, unit: "slots sold".to_owned(), data });
    sold.len()
}
