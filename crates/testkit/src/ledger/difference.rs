//! What differs, in words.

use std::fmt;

use super::record::{Place, Record};

/// So many of each kind are shown.
const SHOWN: usize = 10;

/// All that differs between what a consumer saw and what it should have seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Expected, and not there.
    pub missing: Vec<Record>,
    /// There, and not expected.
    pub unexpected: Vec<Record>,
    /// Handed over again.
    pub duplicated: Vec<Record>,
    /// Handed over after a place that they do not come after.
    pub disordered: Vec<(Place, Record)>,
    /// How many were expected.
    pub expected: usize,
    /// How many stand.
    pub live: usize,
}

impl Difference {
    /// Whether there is no difference at all.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.missing.is_empty()
            && self.unexpected.is_empty()
            && self.duplicated.is_empty()
            && self.disordered.is_empty()
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_none() {
            return write!(
                f,
                "all {} expected events, each once and in order",
                self.expected
            );
        }
        write!(
            f,
            "{} events were expected, {} stand:",
            self.expected, self.live
        )?;
        list(f, "missing", &self.missing)?;
        list(f, "not expected", &self.unexpected)?;
        list(f, "handed over again", &self.duplicated)?;
        let disordered: Vec<String> = self
            .disordered
            .iter()
            .map(|(last, record)| format!("{record} after {last}"))
            .collect();
        list(f, "out of order", &disordered)
    }
}

fn list(f: &mut fmt::Formatter<'_>, title: &str, items: &[impl fmt::Display]) -> fmt::Result {
    if items.is_empty() {
        return Ok(());
    }
    write!(f, "\n  {} {title}:", items.len())?;
    for item in items.iter().take(SHOWN) {
        write!(f, "\n    {item}")?;
    }
    if items.len() > SHOWN {
        write!(f, "\n    .. and {} more", items.len() - SHOWN)?;
    }
    Ok(())
}
