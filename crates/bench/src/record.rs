//! The ratios that were measured before, by which one sees that something has become slower.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::report::{Goal, Part};

/// Of what was recorded, this much has to be reached.
const PART: f64 = 0.8;

/// Ratios, by their keys.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Recorded(BTreeMap<String, f64>);

impl Recorded {
    /// What the file has; nothing if there is none.
    ///
    /// # Errors
    ///
    /// When it has something else.
    pub(crate) fn read(file: &Path) -> Result<Self> {
        match std::fs::read_to_string(file) {
            Ok(text) => serde_json::from_str(&text).with_context(|| format!("{} has no ratios", file.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("{} cannot be read", file.display())),
        }
    }

    /// Writes it.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub(crate) fn write(&self, file: &Path) -> Result<()> {
        std::fs::write(file, serde_json::to_string_pretty(self)? + "\n")
            .with_context(|| format!("{} cannot be written", file.display()))
    }

    /// Takes in what was measured, to two digits.
    pub(crate) fn take(&mut self, parts: &[Part]) {
        for ratio in parts.iter().flat_map(|part| &part.ratios) {
            self.0.insert(ratio.key.to_owned(), (ratio.value * 100.0).round() / 100.0);
        }
    }

    /// What is worse than it may be.
    pub(crate) fn missed(&self, parts: &[Part]) -> Vec<String> {
        let ratios = parts.iter().flat_map(|part| &part.ratios);
        let missed = ratios.filter_map(|ratio| {
            let recorded = *self.0.get(ratio.key)?;
            let is_worse = match ratio.goal {
                Goal::AtLeast(_) => ratio.value < recorded * PART,
                Goal::AtMost(_) => ratio.value > recorded / PART,
            };
            is_worse.then(|| format!("{}: {:.2}, where {recorded:.2} is recorded", ratio.what, ratio.value))
        });
        missed.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Ratio;

    fn measured(key: &'static str, value: f64, goal: Goal) -> Part {
        Part { ratios: vec![Ratio { key, what: key.to_owned(), value, goal }], ..Part::default() }
    }

    #[test]
    fn what_is_much_worse_than_recorded_is_missed() {
        let (least, most) = (Goal::AtLeast(0.5), Goal::AtMost(1.2));
        let mut recorded = Recorded::default();
        recorded.take(&[measured("a", 0.501, least), measured("b", 1.0, most)]);
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("recorded.json");
        assert_eq!(Recorded::read(&file).expect("there is none"), Recorded::default());
        recorded.write(&file).expect("it is written");
        let recorded = Recorded::read(&file).expect("it is read");
        let missed = |key, value, goal| recorded.missed(&[measured(key, value, goal)]).len();
        assert_eq!([missed("a", 0.41, least), missed("a", 0.39, least)], [0, 1]);
        assert_eq!([missed("b", 1.2, most), missed("b", 1.3, most), missed("new", 0.0, least)], [0, 1, 0]);
    }
}
