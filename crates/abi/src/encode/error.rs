//! Why values cannot be encoded.

use std::fmt;

use crate::value_path::ValuePath;

/// Values that are not those of the parameters: which one, what was found and what was expected.
///
/// ```
/// use event_streamer_abi::{AbiValue, EncodeErrorKind, EventDecoder, parse_event_signature};
///
/// let decoder = EventDecoder::new(&parse_event_signature("Paid(address to, uint8[] amounts)")?)?;
/// let amounts = AbiValue::Array(vec![7_u64.into(), 256_u64.into()]);
/// let error = decoder.encode_log(&[AbiValue::Address([7; 20].into()), amounts]).unwrap_err();
/// assert_eq!(error.path(), "amounts[1]");
/// assert_eq!(
///     error.to_string(),
///     "parameter `amounts[1]`: 256 is out of the range of uint8",
/// );
/// # Ok::<_, event_streamer_abi::AbiError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodeError(Box<Fault>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Fault {
    kind: EncodeErrorKind,
    path: ValuePath,
}

/// The kinds of [`EncodeError`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeErrorKind {
    /// More or fewer values than there are parameters, components or elements of a fixed array.
    Count {
        /// How many values there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// A value of another type.
    Type {
        /// What the value is: `a string`.
        found: &'static str,
        /// The type.
        expected: String,
    },
    /// A number that its type does not have.
    Range {
        /// The number in decimal.
        found: String,
        /// The type.
        expected: String,
    },
    /// Fixed bytes of another length.
    Length {
        /// How many bytes there are.
        found: usize,
        /// The type.
        expected: String,
    },
    /// The event has no indexed parameter of that name.
    NotIndexed,
}

impl EncodeError {
    pub(crate) fn new(kind: EncodeErrorKind) -> Self {
        let path = ValuePath::default();
        Self(Box::new(Fault { kind, path }))
    }

    #[cold]
    pub(crate) fn in_parameter(mut self, key: &str) -> Self {
        self.0.path.push_parameter(key);
        self
    }

    #[cold]
    pub(super) fn in_field(mut self, nth: usize, name: Option<&str>) -> Self {
        self.0.path.push_field(nth, name);
        self
    }

    #[cold]
    pub(super) fn in_item(mut self, nth: usize) -> Self {
        self.0.path.push_item(nth);
        self
    }

    /// What kind of fault this is.
    #[must_use]
    pub fn kind(&self) -> &EncodeErrorKind {
        &self.0.kind
    }

    /// The value that is wrong: `orders[3].salt`. Empty if it is the list of values as a whole.
    #[must_use]
    pub fn path(&self) -> String {
        self.0.path.to_string()
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.path.is_empty() {
            write!(f, "parameter `{}`: ", self.0.path)?;
        }
        match &self.0.kind {
            EncodeErrorKind::Count { found, expected } => {
                write!(f, "{expected} values expected, {found} found")
            }
            EncodeErrorKind::Type { found, expected } => {
                write!(f, "{expected} expected, {found} found")
            }
            EncodeErrorKind::Range { found, expected } => {
                write!(f, "{found} is out of the range of {expected}")
            }
            EncodeErrorKind::Length { found, expected } => {
                write!(f, "{expected} expected, {found} bytes found")
            }
            EncodeErrorKind::NotIndexed => f.write_str("the event has no such indexed parameter"),
        }
    }
}

impl std::error::Error for EncodeError {}
