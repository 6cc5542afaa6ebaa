//! How old answers are, with one server and with three that share a database; and whether these sell nothing twice.

use std::time::Duration;

use anyhow::Result;

use crate::fill::Filled;
use crate::freshness::{BOUND, Freshness, Race};
use crate::generator::{Pace, Plan};
use crate::histogram::told;
use crate::look_ups::Effort;
use crate::measure::{Measured, measure};
use crate::postgres::Postgres;
use crate::report::{Part, Table};
use crate::server::{Program, Server};

/// How many slots everybody wants.
const WANTED: u64 = 200;

/// Measures how old answers are, through so many servers.
///
/// # Errors
///
/// When it cannot be measured.
pub(crate) fn freshness(
    part: &mut Part,
    program: &Program,
    postgres: &Postgres,
    filled: &Filled,
    effort: Effort,
    count: usize,
) -> Result<()> {
    let servers = (0..count).map(|_| program.serve(&filled.url)).collect::<Result<Vec<Server>>>()?;
    let addresses: Vec<_> = servers.iter().map(Server::address).collect();
    let servers: Vec<_> = servers.iter().collect();
    let mut load = Freshness::new(&filled.clinic, effort.connections / 4);
    let plan = Plan { servers: addresses.clone(), ..Plan::closed(addresses[0], load.connections(), effort.lasts) };
    let (measured, outcome) = measure(&servers, Some(postgres), &plan, &mut load, 200)?;
    let seen = load.seen;
    let name = if count == 1 { "one server".to_owned() } else { format!("{count} servers") };
    let mut table = Table::new(&Measured::HEAD);
    table.lines.push(measured.line(&format!("{name}: look-ups while others write")));
    part.show(table);
    part.tell(format!(
        "With {name}: {} changes; {} looks at one's own, of which {} did not show it; {} looks of others, of which {} did \
         not show what had been acknowledged before, at most {} before.",
        seen.changes,
        seen.own,
        seen.own_missed,
        seen.others,
        seen.others_behind,
        told(seen.oldest),
    ));
    if seen.own_missed > 0 {
        part.fault(format!("with {name}, {} own writes were not seen at once", seen.own_missed));
    }
    if seen.oldest > BOUND {
        part.fault(format!("with {name}, an answer was {} old", told(seen.oldest)));
    }
    let odd = seen.odd + outcome.broken + outcome.overdue;
    if odd > 0 {
        part.fault(format!("with {name}, {odd} answers were none that there should be: {:?}", outcome.statuses));
    }
    if count > 1 {
        let connections = effort.connections;
        let mut race = Race::new(&filled.clinic, connections, WANTED);
        let plan =
            Plan { servers: addresses, pace: Pace::Closed, lasts: None, at_most: Duration::from_mins(1), ..plan };
        let plan = Plan { connections, ..plan };
        measure(&servers, Some(postgres), &plan, &mut race, 201)?;
        let not_once = race.had.iter().filter(|had| **had != 1).count();
        part.tell(format!(
            "{WANTED} slots, each wanted by {connections} connections at the same time through {name}: {} were had once.",
            race.had.len() - not_once
        ));
        if not_once > 0 || race.odd > 0 {
            part.fault(format!("{not_once} slots were not had exactly once, and {} answers were odd", race.odd));
        }
    }
    Ok(())
}
