//! What can be wrong with an ABI.

use std::fmt;

use crate::path::Path;

/// A fault of an ABI: which element, where in it, what was found and what was expected.
///
/// ```
/// use event_streamer_abi::{AbiErrorKind, extract_abi_events};
///
/// let abi = r#"[{"type":"event","name":"Swap","inputs":[{"name":"a","type":"uint257"}]}]"#;
/// let error = extract_abi_events(abi).unwrap_err();
/// assert_eq!(error.kind(), AbiErrorKind::Type);
/// assert_eq!(error.element(), Some(0));
/// assert_eq!(error.path(), r#"events[0] "Swap" inputs[0]"#);
/// assert_eq!(
///     error.to_string(),
///     "abi element 0, events[0] \"Swap\" inputs[0]: type `uint257` is not a Solidity type: \
///      the width of an integer is a multiple of 8 from 8 to 256",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbiError {
    kind: AbiErrorKind,
    element: Option<usize>,
    path: String,
    message: String,
}

/// The kinds of [`AbiError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AbiErrorKind {
    /// The text is not JSON, or an object in it has a key twice. Of an ABI that is itself a string
    /// inside JSON, line and column count inside that string.
    Json {
        /// Line of the fault, from 1.
        line: usize,
        /// Column of the fault, in bytes from 1; 0 is the beginning of the line.
        column: usize,
    },
    /// JSON, but neither an array of ABI elements nor an object that holds one.
    Document,
    /// The ABI array has no element.
    Empty,
    /// An element of the ABI array is not an object, has no `type`, or a field of it is unusable.
    Element,
    /// A name is missing, too long, or not an identifier.
    Name,
    /// `inputs`, `outputs` or `components`, or a parameter in them, are not what they should be.
    Inputs,
    /// Not a Solidity type, or one without any value.
    Type,
    /// More indexed parameters than a log has topics.
    Indexed,
    /// Larger, longer or deeper than the bounds in [`limits`](crate::limits).
    Limit,
    /// The ABI has no such event.
    NotFound,
    /// The name stands for several events of the ABI.
    Ambiguous,
    /// A human-readable signature that cannot be read. Offsets count bytes from 0.
    Signature {
        /// Where in the text.
        offset: usize,
    },
    /// Legal, but there is nothing like it in the vocabulary it is converted to.
    Unsupported,
}

impl AbiError {
    pub(crate) fn new(kind: AbiErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            element: None,
            path: String::new(),
            message: message.into(),
        }
    }

    pub(crate) fn at(kind: AbiErrorKind, path: &Path<'_>, message: impl Into<String>) -> Self {
        Self {
            kind,
            element: path.element(),
            path: path.to_string(),
            message: message.into(),
        }
    }

    /// The same fault, in a line of a text that has more than one.
    pub(crate) fn in_line(mut self, line: usize) -> Self {
        let separator = if self.path.is_empty() { "" } else { ", " };
        self.path.insert_str(0, &format!("line {line}{separator}"));
        self
    }

    /// The same fault, in an element of the ABI array.
    pub(crate) fn in_element(mut self, element: usize) -> Self {
        self.element = Some(element);
        self
    }

    /// What kind of fault this is.
    #[must_use]
    pub fn kind(&self) -> AbiErrorKind {
        self.kind
    }

    /// Index of the faulty element in the ABI array, if the fault lies in one.
    #[must_use]
    pub fn element(&self) -> Option<usize> {
        self.element
    }

    /// Where in the ABI: `events[3] "Swap" inputs[2].components[0]`. Empty if the fault is the
    /// document's own.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether the ABI is fine and merely lacks the event that was asked for.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.kind == AbiErrorKind::NotFound
    }
}

impl fmt::Display for AbiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(element) = self.element {
            let separator = if self.path.is_empty() { ": " } else { ", " };
            write!(f, "abi element {element}{separator}")?;
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for AbiError {}

/// The beginning of `text`, control characters escaped: at most 64 characters, fit for a message.
pub(crate) fn excerpt(text: &str) -> String {
    excerpt_of(text, 64)
}

/// The beginning of `text`, control characters escaped.
pub(crate) fn excerpt_of(text: &str, longest: usize) -> String {
    let mut excerpt: String = text
        .chars()
        .take(longest)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(longest).is_some() {
        excerpt.push('…');
    }
    excerpt
}

/// [`excerpt`] in backticks.
pub(crate) fn quoted(text: &str) -> String {
    format!("`{}`", excerpt(text))
}
