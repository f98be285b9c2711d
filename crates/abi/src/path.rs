//! Where in an ABI something is, kept on the stack and only written down for an error.

use std::fmt;

use crate::error::excerpt;

/// A place in an ABI; each step knows the one above it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    /// An element of the ABI array of which no more is known; its index says all.
    Element(usize),
    /// `events[3] "Swap"`: the n-th item of its group, found at `element`.
    Item {
        group: &'static str,
        nth: usize,
        element: usize,
        name: Option<&'a str>,
    },
    /// `constructor`: the only item of its kind, and where it was found.
    Only {
        what: &'static str,
        element: Option<usize>,
    },
    /// `event "Swap"`: an item that came by itself.
    Single { what: &'static str, name: &'a str },
    /// ` inputs[2]`, ` outputs[0]`
    Parameter { list: &'static str, nth: usize },
    /// `.components[0]`
    Component(usize),
}

impl<'a> Path<'a> {
    pub(crate) fn of_element(element: usize) -> Self {
        Self {
            parent: None,
            step: Step::Element(element),
        }
    }

    pub(crate) fn of_item(
        group: &'static str,
        nth: usize,
        element: usize,
        name: Option<&'a str>,
    ) -> Self {
        Self {
            parent: None,
            step: Step::Item {
                group,
                nth,
                element,
                name,
            },
        }
    }

    pub(crate) fn of_only(what: &'static str, element: Option<usize>) -> Self {
        Self {
            parent: None,
            step: Step::Only { what, element },
        }
    }

    pub(crate) fn of_single(what: &'static str, name: &'a str) -> Self {
        Self {
            parent: None,
            step: Step::Single { what, name },
        }
    }

    pub(crate) fn parameter(&'a self, list: &'static str, nth: usize) -> Self {
        Self {
            parent: Some(self),
            step: Step::Parameter { list, nth },
        }
    }

    pub(crate) fn component(&'a self, nth: usize) -> Self {
        Self {
            parent: Some(self),
            step: Step::Component(nth),
        }
    }

    /// Index in the ABI array.
    pub(crate) fn element(&self) -> Option<usize> {
        match (self.parent, self.step) {
            (Some(parent), _) => parent.element(),
            (None, Step::Element(element) | Step::Item { element, .. }) => Some(element),
            (None, Step::Only { element, .. }) => element,
            (None, _) => None,
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.step {
            Step::Element(_) => Ok(()),
            Step::Item {
                group,
                nth,
                name: None,
                ..
            } => write!(f, "{group}[{nth}]"),
            Step::Item {
                group,
                nth,
                name: Some(name),
                ..
            } => write!(f, "{group}[{nth}] \"{}\"", excerpt(name)),
            Step::Only { what, .. } => f.write_str(what),
            Step::Single { what, name } => write!(f, "{what} \"{}\"", excerpt(name)),
            Step::Parameter { list, nth } => write!(f, " {list}[{nth}]"),
            Step::Component(nth) => write!(f, ".components[{nth}]"),
        }
    }
}
