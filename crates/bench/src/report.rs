//! What is told: tables, ratios and pictures, as they come and as a document.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result};

use crate::plot::Plot;

/// A line of a table.
#[derive(Clone, Debug)]
pub(crate) struct Line(pub(crate) Vec<String>);

/// A table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    pub(crate) head: Vec<String>,
    pub(crate) lines: Vec<Line>,
}

impl Table {
    pub(crate) fn new(head: &[&str]) -> Self {
        Self { head: head.iter().map(|&name| name.to_owned()).collect(), lines: vec![] }
    }

    /// As Markdown, with columns that stand below each other.
    pub(crate) fn markdown(&self) -> String {
        let width = |column: usize| {
            let cells = self.lines.iter().filter_map(|line| line.0.get(column));
            cells.chain(self.head.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(3).max(3)
        };
        let widths: Vec<_> = (0..self.head.len()).map(width).collect();
        let row = |cells: &[String]| {
            let cells = cells.iter().zip(&widths).enumerate().map(|(column, (cell, width))| match column {
                0 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            });
            format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
        };
        let rule = widths.iter().enumerate().map(|(column, width)| match column {
            0 => "-".repeat(*width),
            _ => format!("{}:", "-".repeat(width - 1)),
        });
        let rule = row(&rule.collect::<Vec<_>>());
        row(&self.head) + &rule + &self.lines.iter().map(|line| row(&line.0)).collect::<String>()
    }
}

/// How what was measured compares with its limit.
#[derive(Clone, Debug)]
pub(crate) struct Ratio {
    /// By what it is recorded.
    pub(crate) key: &'static str,
    /// Of what to what.
    pub(crate) what: String,
    pub(crate) value: f64,
    /// What it should be.
    pub(crate) goal: Goal,
}

/// What a ratio should be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

impl Ratio {
    fn line(&self) -> Line {
        let (goal, is_met) = match self.goal {
            Goal::AtLeast(goal) => (format!("≥ {goal}"), self.value >= goal),
            Goal::AtMost(goal) => (format!("≤ {goal}"), self.value <= goal),
        };
        let met = if is_met { "yes" } else { "no" };
        Line(vec![self.what.clone(), format!("{:.2}", self.value), goal, met.to_owned()])
    }
}

/// A part of what is told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Part {
    pub(crate) title: String,
    /// What was done, with which options.
    pub(crate) text: Vec<String>,
    pub(crate) tables: Vec<Table>,
    pub(crate) ratios: Vec<Ratio>,
    /// Pictures, with the names of their files.
    pub(crate) plots: Vec<(String, Plot)>,
    /// What should not have happened.
    pub(crate) faults: Vec<String>,
}

impl Part {
    pub(crate) fn new(title: &str) -> Self {
        say(&format!("\n== {title}"));
        Self { title: title.to_owned(), ..Self::default() }
    }

    pub(crate) fn tell(&mut self, text: impl Into<String>) {
        let text = text.into();
        say(&text);
        self.text.push(text);
    }

    pub(crate) fn show(&mut self, table: Table) {
        say(&table.markdown());
        self.tables.push(table);
    }

    pub(crate) fn compare(&mut self, key: &'static str, what: &str, value: f64, goal: Goal) {
        let ratio = Ratio { key, what: what.to_owned(), value, goal };
        say(&format!("ratio: {}", ratio.line().0.join("; ")));
        self.ratios.push(ratio);
    }

    pub(crate) fn draw(&mut self, file: &str, plot: Plot) {
        self.plots.push((file.to_owned(), plot));
    }

    /// Notes what should not have happened.
    pub(crate) fn fault(&mut self, fault: impl Into<String>) {
        let fault = fault.into();
        say(&format!("FAULT: {fault}"));
        self.faults.push(fault);
    }

    fn markdown(&self) -> String {
        let mut text = format!("## {}\n\n", self.title);
        for fault in &self.faults {
            let _ = writeln!(text, "**Fault:** {fault}.\n");
        }
        for paragraph in &self.text {
            let _ = writeln!(text, "{paragraph}\n");
        }
        for table in &self.tables {
            let _ = writeln!(text, "{}", table.markdown());
        }
        for (file, plot) in &self.plots {
            let _ = writeln!(text, "![{}](benchmarks/{file})\n", plot.title);
        }
        text
    }
}

/// Tells it on stdout, at once.
pub(crate) fn say(text: &str) {
    let mut stdout = std::io::stdout().lock();
    // Who does not listen any more need not be told.
    let _ = writeln!(stdout, "{text}").and_then(|()| stdout.flush());
}

/// All ratios, as a table.
pub(crate) fn ratios(parts: &[Part]) -> Table {
    let mut table = Table::new(&["ratio", "measured", "goal", "met"]);
    table.lines = parts.iter().flat_map(|part| &part.ratios).map(Ratio::line).collect();
    table
}

/// Writes the document and its pictures into a folder.
///
/// # Errors
///
/// When they cannot be written.
pub(crate) fn write(folder: &Path, machine: &[String], parts: &[Part]) -> Result<()> {
    let mut text = String::from(
        "# Benchmarks\n\nWhat the service does when everyone comes at once, beside what the machine can do at all: \
         written by `make bench`. The load, the database and the service share the machine. A latency counts from when \
         a request was to be sent. Times on processors are per success. Rates are those of the round in the middle; \
         ratios are those in the middle of all rounds, each within one round.\n\n",
    );
    for line in machine {
        let _ = writeln!(text, "- {line}");
    }
    let _ = writeln!(text, "\n{}", ratios(parts).markdown());
    for part in parts {
        text += &part.markdown();
    }
    let pictures = folder.join("benchmarks");
    std::fs::create_dir_all(&pictures)?;
    let document = text.trim_end().to_owned() + "\n";
    std::fs::write(folder.join("benchmarks.md"), document).context("the document cannot be written")?;
    for (file, plot) in parts.iter().flat_map(|part| &part.plots) {
        std::fs::write(pictures.join(file), plot.svg())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_stands_below_its_head() {
        let mut table = Table::new(&["what", "per second"]);
        table.lines.push(Line(vec!["day look-ups".to_owned(), "10600".to_owned()]));
        let expected = "| what         | per second |\n| ------------ | ---------: |\n| day look-ups |      10600 |\n";
        assert_eq!(table.markdown(), expected);
    }

    #[test]
    fn a_ratio_says_whether_it_is_met() {
        let ratio = |goal| Ratio { key: "x", what: "x".to_owned(), value: 0.7, goal }.line().0.join(" ");
        assert_eq!(ratio(Goal::AtLeast(0.7)), "x 0.70 ≥ 0.7 yes");
        assert_eq!(ratio(Goal::AtMost(0.5)), "x 0.70 ≤ 0.5 no");
    }
}
