//! Where in a value something is wrong: `orders[3].salt`.

use std::fmt;

use crate::error::excerpt;

/// The way from a list of parameters to a value; a fault collects its steps on its way out, so the
/// innermost comes first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ValuePath(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Parameter(String),
    Field(String),
    Item(usize),
}

impl ValuePath {
    pub(crate) fn push_parameter(&mut self, key: &str) {
        self.0.push(Step::Parameter(excerpt(key)));
    }

    /// A component of a tuple; by its number if it has no name.
    pub(crate) fn push_field(&mut self, nth: usize, name: Option<&str>) {
        let step = name.map_or(Step::Item(nth), |name| Step::Field(excerpt(name)));
        self.0.push(step);
    }

    pub(crate) fn push_item(&mut self, nth: usize) {
        self.0.push(Step::Item(nth));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for ValuePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().rev().try_for_each(|step| match step {
            Step::Parameter(key) => write!(f, "{key}"),
            Step::Field(name) => write!(f, ".{name}"),
            Step::Item(nth) => write!(f, "[{nth}]"),
        })
    }
}
