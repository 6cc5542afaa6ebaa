//! PostgreSQL's programs: where they are, as whom and how they are run.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail, ensure};

const HOW_TO_INSTALL: &str = "install PostgreSQL 15 or newer (Debian, Ubuntu: `apt-get install postgresql`; macOS: \
    `brew install postgresql`) or name a server in TEST_DATABASE_URL, such as postgres://user:password@localhost/postgres";

/// The folder that has all of `programs`: the one `pg_config` tells, else one on the `PATH`, else the newest that
/// Debian's packages have.
pub(crate) fn folder_with(programs: &[&str]) -> Result<PathBuf> {
    let told = Command::new("pg_config").arg("--bindir").output().ok().filter(|output| output.status.success());
    let told = told.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let has_all = |folder: &PathBuf| programs.iter().all(|program| folder.join(program).is_file());
    told.into_iter()
        .chain(std::env::split_paths(&path))
        .chain(versioned())
        .find(has_all)
        .ok_or_else(|| anyhow!("PostgreSQL's {} not found: {HOW_TO_INSTALL}", programs.join(", ")))
}

/// The folders of Debian's packages, the newest version first.
fn versioned() -> impl Iterator<Item = PathBuf> {
    let folders = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<u32> = folders.filter_map(|folder| folder.file_name().to_str()?.parse().ok()).collect();
    versions.sort_unstable_by(|a, b| b.cmp(a));
    versions.into_iter().map(|version| PathBuf::from(format!("/usr/lib/postgresql/{version}/bin")))
}

/// Someone the server can run as.
#[derive(Clone, Copy, Debug)]
pub(crate) struct User {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

impl User {
    /// A user who is not root, for PostgreSQL refuses to run as root.
    pub(crate) fn unprivileged() -> Result<Self> {
        let known = |name| Some(Self { uid: number(name, "-u")?, gid: number(name, "-g")? });
        known("postgres")
            .or_else(|| known("nobody"))
            .context("PostgreSQL does not run as root, and there is neither a user `postgres` nor a user `nobody`")
    }
}

fn number(user: &str, which: &str) -> Option<u32> {
    let output = Command::new("id").args([which, user]).output().ok().filter(|output| output.status.success())?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

/// `program`, to be run as `user`, if that is someone else than we are.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>, user: Option<User>) -> Command {
    let mut command = Command::new(program);
    // Whoever runs the tests may stand in a folder that the user must not enter.
    command.current_dir("/");
    if let Some(User { uid, gid }) = user {
        // Root's other groups are dropped with its uid: std does that by itself.
        command.uid(uid).gid(gid);
    }
    command
}

/// Runs one statement with `psql` from this folder, and gives what it answers.
///
/// # Errors
///
/// What `psql` says.
pub fn psql(folder: &Path, url: &str, statement: &str) -> Result<String> {
    let mut psql = command(folder.join("psql"), None);
    psql.args(["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--no-password"]);
    psql.args(["--set=ON_ERROR_STOP=1", "--dbname", url, "--command", statement]);
    let output = psql.output().context("cannot run psql")?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "psql says to `{statement}`: {}", complaint.trim());
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The URL of another database on the server of `url`.
///
/// # Errors
///
/// When it is no URL of PostgreSQL's.
pub fn with_database(url: &str, database: &str) -> Result<String> {
    let Some((scheme, rest)) = url.split_once("://").filter(|(scheme, _)| scheme.starts_with("postgres")) else {
        bail!("TEST_DATABASE_URL must be of the form postgres://user:password@host/database");
    };
    let (rest, parameters) = rest.split_once('?').map_or((rest, None), |(rest, parameters)| (rest, Some(parameters)));
    let server = rest.split_once('/').map_or(rest, |(server, _)| server);
    let parameters = parameters.map(|parameters| format!("?{parameters}")).unwrap_or_default();
    Ok(format!("{scheme}://{server}/{database}{parameters}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_database_of_a_url_is_replaced() {
        for (url, other) in [
            ("postgres://localhost", "postgres://localhost/x"),
            ("postgres://u:p@localhost:5433/postgres", "postgres://u:p@localhost:5433/x"),
            ("postgresql://u@h/d?sslmode=require", "postgresql://u@h/x?sslmode=require"),
            ("postgres://h?sslmode=require", "postgres://h/x?sslmode=require"),
        ] {
            assert_eq!(with_database(url, "x").expect("a URL"), other);
        }
        assert!(with_database("host=localhost dbname=d", "x").is_err());
    }

    #[test]
    fn whoever_has_no_postgresql_is_told_how_to_get_it() {
        let error = folder_with(&["no-such-program"]).expect_err("there is none");
        assert!(error.to_string().contains("apt-get install postgresql"), "{error}");
    }
}
