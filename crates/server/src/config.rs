//! What the command line and the environment say.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::builder::{BoolishValueParser, RangedU64ValueParser};
use clap::{ArgAction, Parser, Subcommand, ValueEnum};
use doctor_booking_adapters_jwt::Options;
use doctor_booking_adapters_webhook::Reach;
use doctor_booking_api_actix::{GuardSettings, Network, Origin};
use doctor_booking_domain::{LeadTime, LeadTimeOutOfRange, Tzdb, Zone};
use thiserror::Error;

/// Doctors, their working hours, their free time, and bookings that cannot collide.
#[derive(Clone, Debug, Parser)]
#[command(name = "doctor-booking", version, about)]
pub(crate) struct Config {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// Where everything is kept: `sqlite://PATH` (created when absent), `sqlite::memory:`, or `postgres://…`.
    #[arg(
        long,
        env = "DATABASE_URL",
        default_value = "sqlite://doctor-booking.db",
        global = true,
        hide_env_values = true
    )]
    pub(crate) database_url: Hidden,

    /// Where to listen, `HOST:PORT`; port 0 picks a free one.
    #[arg(long, env = "LISTEN", default_value = "127.0.0.1:8080", global = true)]
    pub(crate) listen: String,

    /// A token of an administrator's, for as long as the service is started with it: for automation. Without it, the first
    /// start on an empty database makes one and prints a link to sign in.
    #[arg(long, env = "ADMIN_TOKEN", global = true, hide_env_values = true)]
    pub(crate) admin_token: Option<Hidden>,

    /// The keys of an identity provider whose JWTs are accepted: a file or URL of a JWK set. Needs `--issuer`.
    #[arg(long, env = "JWKS", global = true)]
    pub(crate) jwks: Option<String>,

    /// Who has to have issued a JWT (`iss`).
    #[arg(long, env = "ISSUER", global = true)]
    pub(crate) issuer: Option<String>,

    /// For whom a JWT has to be (`aud`). Without it, JWTs of the issuer that are for others are accepted, too.
    #[arg(long, env = "AUDIENCE", global = true)]
    pub(crate) audience: Option<String>,

    /// Which claim of a JWT says what its bearer is: `administrator`, `front-desk`, `doctor` or `patient`. One that begins
    /// with `/` is a JSON pointer.
    #[arg(long, env = "ROLE_CLAIM", default_value = Options::ROLE_CLAIM, global = true)]
    pub(crate) role_claim: String,

    /// Which claim of a JWT says who its bearer is: for doctors and patients their id here.
    #[arg(long, env = "SUBJECT_CLAIM", default_value = Options::SUBJECT_CLAIM, global = true)]
    pub(crate) subject_claim: String,

    /// Whether anybody may see doctors and what is free, without being known.
    #[arg(
        long,
        env = "PUBLIC_AVAILABILITY",
        default_value_t = false,
        default_missing_value = "true",
        num_args = 0..=1,
        require_equals = true,
        action = ArgAction::Set,
        value_parser = BoolishValueParser::new(),
        global = true
    )]
    pub(crate) public_availability: bool,

    /// The zone of doctors who are registered without one, by its IANA name.
    #[arg(long, env = "TIME_ZONE", default_value = "UTC", global = true)]
    pub(crate) time_zone: String,

    /// Which tz database to use: the one built in, or the operating system's.
    #[arg(long, env = "TZDB", default_value = "bundled", global = true)]
    pub(crate) tzdb: TzdbChoice,

    /// How many connections to the database are open at most, and how many requests work at once.
    #[arg(long, env = "POOL_SIZE", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=1000), global = true)]
    pub(crate) pool_size: u32,

    /// How many minutes before a visit an event reminds of it: one or more, by commas or by repeating; 0 or nothing: never.
    #[arg(long, env = "REMINDER_MINUTES", default_value = "1440", value_delimiter = ',', global = true)]
    pub(crate) reminder_minutes: Vec<ReminderMinutes>,

    /// Whether webhooks may be at addresses that are not public: in this machine, or in a private network.
    #[arg(
        long,
        env = "ALLOW_PRIVATE_WEBHOOKS",
        default_value_t = false,
        default_missing_value = "true",
        num_args = 0..=1,
        require_equals = true,
        action = ArgAction::Set,
        value_parser = BoolishValueParser::new(),
        global = true
    )]
    pub(crate) allow_private_webhooks: bool,

    /// How many requests a second one address may send in the long run (at once, twice as many); 0: any number. An IPv6
    /// address counts by its first 64 bits. What comes from this machine itself is not limited, unless its address is
    /// among the trusted proxies.
    #[arg(long, env = "RATE_LIMIT_ADDRESS", default_value_t = 200, value_parser = up_to_a_million(), global = true)]
    pub(crate) rate_limit_address: u32,

    /// How many requests a second one caller of the staff may send in the long run (at once, twice as many); 0: any
    /// number.
    #[arg(long, env = "RATE_LIMIT_STAFF", default_value_t = 1000, value_parser = up_to_a_million(), global = true)]
    pub(crate) rate_limit_staff: u32,

    /// How many requests a second one patient, or whoever is not signed in, may send in the long run (at once, ten times
    /// as many); 0: any number.
    #[arg(long, env = "RATE_LIMIT_PATIENTS", default_value_t = 20, value_parser = up_to_a_million(), global = true)]
    pub(crate) rate_limit_patients: u32,

    /// How many requests are worked on at once; those on top are refused (503), and so are those of an
    /// address that has a quarter of them; 0: any number.
    #[arg(long, env = "MAX_REQUESTS", default_value_t = 1024, value_parser = up_to_a_million(), global = true)]
    pub(crate) max_requests: u32,

    /// How many streams of events are open at once; those on top are refused (503); 0: any number.
    #[arg(long, env = "MAX_STREAMS", default_value_t = 1024, value_parser = up_to_a_million(), global = true)]
    pub(crate) max_streams: u32,

    /// Where proxies are whose `X-Forwarded-For` is believed, as addresses or ranges (`127.0.0.1,10.0.0.0/8`), by commas
    /// or by repeating. Only proxies that add to that header, or write it anew, may be among them.
    #[arg(long, env = "TRUSTED_PROXIES", value_delimiter = ',', global = true)]
    pub(crate) trusted_proxies: Vec<Perhaps<Network>>,

    /// Pages of which origins may use the API from a browser, such as `https://clinic.example`, by commas or by
    /// repeating; without it, none but its own.
    #[arg(long, env = "CORS_ORIGIN", value_delimiter = ',', global = true)]
    pub(crate) cors_origin: Vec<Perhaps<Origin>>,

    /// How many seconds a client may take to send a request's head, and then its body.
    #[arg(long, env = "CLIENT_TIMEOUT_SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=3600), global = true)]
    pub(crate) client_timeout_seconds: u16,
}

/// 0 up to a million, for what could be without a limit as well.
fn up_to_a_million() -> RangedU64ValueParser<u32> {
    RangedU64ValueParser::new().range(0..=1_000_000)
}

#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub(crate) enum Command {
    /// Runs pending migrations, then serves the HTTP API (what is done when no command is given).
    Serve,
    /// Runs pending migrations, and ends.
    Migrate,
    /// Fills an empty database with a small clinic: doctors, patients, a few weeks of bookings.
    Demo,
    /// Looks whether what is stored fits together, prints what does not, and fails if there is any.
    Verify,
    /// Prints the OpenAPI document of the HTTP API.
    Openapi,
    /// Makes, lists and revokes tokens: by what callers are known.
    Token {
        #[command(subcommand)]
        command: TokenCommand,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub(crate) enum TokenCommand {
    /// Makes a token, and prints it and a link to sign in with it, this once.
    Create {
        /// What whoever has it is.
        #[arg(long)]
        role: RoleName,
        /// What it is called: whose it is, or what for.
        #[arg(long)]
        name: Option<String>,
        /// Which doctor, for that role.
        #[arg(long)]
        doctor_id: Option<String>,
        /// Which patient, for that role.
        #[arg(long)]
        patient_id: Option<String>,
        /// After how many days it is worth nothing; never when left out.
        #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
        expires_in_days: Option<u16>,
    },
    /// Lists all tokens, without their secrets: id, state, role, name.
    List,
    /// Revokes a token: it is worth nothing from the next request on.
    Revoke {
        /// Which: its id.
        id: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RoleName {
    Administrator,
    FrontDesk,
    Doctor,
    Patient,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TzdbChoice {
    Bundled,
    System,
}

impl From<TzdbChoice> for Tzdb {
    fn from(choice: TzdbChoice) -> Self {
        match choice {
            TzdbChoice::Bundled => Self::Bundled,
            TzdbChoice::System => Self::System,
        }
    }
}

/// How long before a visit to remind of it, or never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReminderMinutes(Option<LeadTime>);

impl FromStr for ReminderMinutes {
    type Err = LeadTimeOutOfRange;

    fn from_str(text: &str) -> Result<Self, LeadTimeOutOfRange> {
        match text.trim() {
            "" | "0" => Ok(Self(None)),
            minutes => {
                let minutes = minutes.parse().map_err(|_| LeadTimeOutOfRange)?;
                LeadTime::from_minutes(minutes).map(Some).map(Self)
            }
        }
    }
}

/// One of a list; nothing between commas, or in an environment variable that is empty, is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Perhaps<T>(Option<T>);

impl<T: FromStr> FromStr for Perhaps<T> {
    type Err = T::Err;

    fn from_str(text: &str) -> Result<Self, T::Err> {
        match text.trim() {
            "" => Ok(Self(None)),
            text => text.parse().map(Some).map(Self),
        }
    }
}

impl<T: Clone> Perhaps<T> {
    fn all(list: &[Self]) -> Vec<T> {
        list.iter().filter_map(|one| one.0.clone()).collect()
    }
}

/// Text that may hold a password. Taken as it comes, since a command line that is refused is shown again.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Hidden(String);

impl From<String> for Hidden {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl Config {
    /// The store that the database URL names.
    pub(crate) fn database(&self) -> Result<DatabaseUrl, InvalidDatabaseUrl> {
        self.database_url.0.parse()
    }

    /// The administrator's token, if there is one.
    pub(crate) fn admin_token(&self) -> Option<&str> {
        self.admin_token.as_ref().map(|Hidden(text)| text.as_str()).filter(|text| !text.is_empty())
    }

    /// How long before a visit its patient is reminded, each once, the longest first.
    pub(crate) fn reminders(&self) -> Vec<LeadTime> {
        let mut leads: Vec<_> = self.reminder_minutes.iter().filter_map(|minutes| minutes.0).collect();
        leads.sort_unstable_by(|a, b| b.cmp(a));
        leads.dedup();
        leads
    }

    /// Where webhooks may be.
    pub(crate) fn reach(&self) -> Reach {
        if self.allow_private_webhooks { Reach::Anywhere } else { Reach::Public }
    }

    /// How much is allowed to whom.
    pub(crate) fn guard(&self) -> GuardSettings {
        GuardSettings {
            address_rate: self.rate_limit_address,
            staff_rate: self.rate_limit_staff,
            patients_rate: self.rate_limit_patients,
            most_requests: self.max_requests,
            most_streams: self.max_streams,
            trusted_proxies: Perhaps::all(&self.trusted_proxies),
            cors_origins: Perhaps::all(&self.cors_origin),
            body_timeout: self.client_timeout(),
        }
    }

    /// How long a client may take to send a request's head, and then its body.
    pub(crate) fn client_timeout(&self) -> Duration {
        Duration::from_secs(self.client_timeout_seconds.into())
    }

    /// Chooses the tz database, and looks up the zone of doctors who are registered without one.
    pub(crate) fn default_zone(&self) -> anyhow::Result<Zone> {
        Tzdb::choose(self.tzdb.into())?;
        self.time_zone.parse().map_err(|error| anyhow::anyhow!("--time-zone {}: {error}", self.time_zone))
    }
}

/// Which store, and where it is.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum DatabaseUrl {
    SqliteFile(PathBuf),
    SqliteMemory,
    Postgres(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a database URL is sqlite://PATH, sqlite::memory: or postgres://…")]
pub(crate) struct InvalidDatabaseUrl;

impl FromStr for DatabaseUrl {
    type Err = InvalidDatabaseUrl;

    fn from_str(url: &str) -> Result<Self, InvalidDatabaseUrl> {
        if url == "sqlite::memory:" {
            return Ok(Self::SqliteMemory);
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        match url.strip_prefix("sqlite://") {
            Some(path) if !path.is_empty() => Ok(Self::SqliteFile(path.into())),
            _ => Err(InvalidDatabaseUrl),
        }
    }
}

/// Without what a PostgreSQL URL tells: it may hold a password.
impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SqliteFile(path) => write!(f, "sqlite://{}", path.display()),
            Self::SqliteMemory => f.write_str("sqlite::memory:"),
            Self::Postgres(_) => f.write_str("postgres://…"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Config, clap::Error> {
        Config::try_parse_from([&["doctor-booking"], arguments].concat())
    }

    #[test]
    fn the_command_line_is_consistent() {
        <Config as clap::CommandFactory>::command().debug_assert();
    }

    #[test]
    fn options_may_stand_before_and_after_the_command() {
        for arguments in [&["--listen", "127.0.0.1:0", "migrate"][..], &["migrate", "--listen", "127.0.0.1:0"]] {
            let config = parsed(arguments).expect("valid");
            assert_eq!((config.command, config.listen.as_str()), (Some(Command::Migrate), "127.0.0.1:0"));
        }
    }

    #[test]
    fn reminders_come_a_day_before_unless_said_otherwise() {
        let minutes = |arguments: &[&str]| {
            let leads = parsed(arguments).expect("valid").reminders();
            leads.into_iter().map(LeadTime::minutes).collect::<Vec<_>>()
        };
        assert_eq!(minutes(&[]), [1440]);
        assert_eq!(minutes(&["--reminder-minutes", "60,1440, 30"]), [1440, 60, 30]);
        assert_eq!(
            minutes(&["--reminder-minutes", "60", "--reminder-minutes", "120", "--reminder-minutes", "60"]),
            [120, 60]
        );
        for none in ["0", "", "0,", ","] {
            assert_eq!(minutes(&["--reminder-minutes", none]), Vec::<u16>::new(), "{none:?}");
        }
        for wrong in ["-1", "a day", "43201", "1.5", "99999999999"] {
            assert!(parsed(&["--reminder-minutes", wrong]).is_err(), "{wrong}");
        }
    }

    #[test]
    fn limits_are_the_usual_ones_unless_said_otherwise() {
        let guard = |arguments: &[&str]| parsed(arguments).map(|config| config.guard());
        let usual = guard(&[]).expect("valid");
        assert_eq!(format!("{usual:?}"), format!("{:?}", GuardSettings::default()));
        let all = [
            ["--rate-limit-address", "1"],
            ["--rate-limit-staff", "2"],
            ["--rate-limit-patients", "0"],
            ["--max-requests", "4"],
            ["--max-streams", "5"],
            ["--client-timeout-seconds", "6"],
        ];
        let said = guard(all.as_flattened()).expect("valid");
        assert_eq!((said.address_rate, said.staff_rate, said.patients_rate), (1, 2, 0));
        assert_eq!((said.most_requests, said.most_streams, said.body_timeout), (4, 5, Duration::from_secs(6)));
        for [option, _] in all {
            for wrong in ["-1", "many", "", "1000001"] {
                assert!(guard(&[option, wrong]).is_err(), "{option} {wrong}");
            }
        }
        assert!(guard(&["--client-timeout-seconds", "0"]).is_err());
    }

    #[test]
    fn proxies_and_origins_are_lists() {
        let guard = |arguments: &[&str]| parsed(arguments).map(|config| config.guard());
        let said = guard(&["--trusted-proxies", "127.0.0.1, 10.0.0.0/8", "--trusted-proxies", "fd00::/8"]);
        let expected = ["127.0.0.1", "10.0.0.0/8", "fd00::/8"].map(|text| text.parse().expect("a network"));
        assert_eq!(said.expect("valid").trusted_proxies, expected);
        let said = guard(&["--cors-origin", "https://a.example,http://b.example:8080"]).expect("valid");
        let expected = ["https://a.example", "http://b.example:8080"].map(|text| text.parse().expect("an origin"));
        assert_eq!(said.cors_origins, expected);
        for option in ["--trusted-proxies", "--cors-origin"] {
            let none = guard(&[option, ""]).expect("valid");
            assert!(none.trusted_proxies.is_empty() && none.cors_origins.is_empty());
        }
        for wrong in [["--trusted-proxies", "proxy.example"], ["--trusted-proxies", "10.0.0.0/40"]] {
            let told = guard(&wrong).expect_err("it is none").to_string();
            assert!(told.contains("such as 10.0.0.0/8"), "{told}");
        }
        for wrong in [["--cors-origin", "*"], ["--cors-origin", "https://a.example/"]] {
            let told = guard(&wrong).expect_err("it is none").to_string();
            assert!(told.contains("* is none"), "{told}");
        }
    }

    #[test]
    fn webhooks_are_public_unless_said_otherwise() {
        let reach = |arguments: &[&str]| parsed(arguments).map(|config| config.reach());
        assert_eq!(reach(&[]).expect("valid"), Reach::Public);
        for yes in ["--allow-private-webhooks", "--allow-private-webhooks=true", "--allow-private-webhooks=1"] {
            assert_eq!(reach(&[yes, "serve"]).expect("valid"), Reach::Anywhere, "{yes}");
        }
        assert_eq!(reach(&["--allow-private-webhooks=false"]).expect("valid"), Reach::Public);
        assert!(reach(&["--allow-private-webhooks=perhaps"]).is_err());
    }

    #[test]
    fn a_database_url_names_its_kind() {
        assert_eq!("sqlite://a/b.db".parse(), Ok(DatabaseUrl::SqliteFile("a/b.db".into())));
        assert_eq!("sqlite:///a/b.db".parse(), Ok(DatabaseUrl::SqliteFile("/a/b.db".into())));
        assert_eq!("sqlite::memory:".parse(), Ok(DatabaseUrl::SqliteMemory));
        assert!("postgresql://host/db".parse::<DatabaseUrl>().is_ok());
        for wrong in ["", "sqlite://", "mysql://host", "doctor-booking.db"] {
            assert_eq!(wrong.parse::<DatabaseUrl>(), Err(InvalidDatabaseUrl), "{wrong}");
        }
    }

    #[test]
    fn a_password_in_the_database_url_is_not_shown() {
        for url in ["postgres://me:secret@host/db", "postgress://me:secret@host/db"] {
            let config = parsed(&["--database-url", url]).expect("it is parsed later");
            assert!(!format!("{config:?} {:?}", config.database()).contains("secret"));
        }
    }
}
