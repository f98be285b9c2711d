//! Why a log is not what its event says.

use std::fmt;

use event_streamer_models::{B256, hex};

use crate::value_path::ValuePath;

/// A log, a call, an answer or revert data that does not decode: which parameter, what was found
/// and what was expected.
///
/// Of the content it carries one word at most. Its text is what an `$undecoded` event gives
/// as `reason`.
///
/// ```
/// use event_streamer_abi::{DecodeErrorKind, EventDecoder, parse_event_signature};
///
/// let decoder = EventDecoder::new(&parse_event_signature("Paid(address to, uint256 amount)")?)?;
/// let topics = [decoder.topic0().unwrap()];
/// let error = decoder.decode_json(&topics, &[0; 40]).unwrap_err();
/// assert_eq!(error.path(), "amount");
/// assert_eq!(*error.kind(), DecodeErrorKind::DataTooShort { at: 32, needed: 32, found: 8 });
/// assert_eq!(
///     error.to_string(),
///     "parameter `amount`: the data ends too early: 32 bytes expected at byte 32, 8 found",
/// );
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError(Box<Fault>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Fault {
    kind: DecodeErrorKind,
    path: ValuePath,
}

/// The kinds of [`DecodeError`]. Positions count bytes of the data from 0, a selector not counted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The log belongs to another event.
    OtherEvent {
        /// The first topic of the log.
        found: B256,
        /// That of the event.
        expected: B256,
    },
    /// A [`Registry`](crate::Registry) has no event with this topic0 and so many topics.
    UnknownEvent {
        /// The first topic of the log.
        topic0: Option<B256>,
        /// How many topics it has in all.
        topics: usize,
    },
    /// A [`Registry`](crate::Registry) has several events that the log can be one of.
    AmbiguousEvent {
        /// Up to eight of them as one would write them in Solidity.
        candidates: Vec<String>,
        /// How many more there are.
        more: usize,
    },
    /// The data begins with another selector: it is of another function or error.
    Selector {
        /// The first four bytes; `None` if there are not so many.
        found: Option<[u8; 4]>,
        /// The selector.
        expected: [u8; 4],
    },
    /// No function is known with this selector.
    UnknownSelector {
        /// The first four bytes; `None` if there are not so many.
        found: Option<[u8; 4]>,
    },
    /// Several functions, or errors, are known with this selector.
    AmbiguousSelector {
        /// Up to eight of their signatures.
        candidates: Vec<String>,
        /// How many more there are.
        more: usize,
    },
    /// A log that came as text is not hex.
    Hex {
        /// Which text: `topics[1]` or `data`.
        place: String,
        /// What was expected and what was found.
        fault: String,
    },
    /// More topics than any log has.
    TooManyTopics {
        /// How many.
        found: usize,
    },
    /// The value is fine and the type it is decoded into does not take it.
    Target {
        /// What the type has to say.
        message: String,
    },
    /// The JSON of a decoded event is not that of the event it is read as.
    Json {
        /// What is wrong with it.
        fault: String,
    },
    /// Another number of topics than the event has, counting topic0.
    TopicCount {
        /// Topics of the log.
        found: usize,
        /// Topics of the event.
        expected: usize,
    },
    /// The data ends inside a value.
    DataTooShort {
        /// Where the value begins.
        at: usize,
        /// Bytes it needs.
        needed: usize,
        /// Bytes there are from there on.
        found: usize,
    },
    /// An offset points behind the data.
    Offset {
        /// Where the offset stands.
        at: usize,
        /// The offset, counted from the beginning of what encloses it.
        found: B256,
        /// Length of the data.
        end: usize,
    },
    /// A string, bytes or array claims to be longer than what is left of the data.
    Length {
        /// Where the length stands.
        at: usize,
        /// The length: bytes, or elements of an array.
        found: B256,
        /// How many could follow.
        most: usize,
    },
    /// Offsets make the decoder visit the same words again and again; see
    /// [`MAX_VISITS_PER_WORD`](crate::limits::MAX_VISITS_PER_WORD).
    TooMuchWork {
        /// Words that were visited before giving up.
        visited: usize,
    },
    /// Only with [`Strictness::Strict`](crate::Strictness): a word that is no value of its type.
    Value {
        /// The word.
        found: B256,
        /// The type.
        expected: String,
    },
    /// Only with [`Strictness::Strict`](crate::Strictness): the padding after bytes or a string is
    /// cut off or not zero.
    Padding {
        /// Where the padding begins.
        at: usize,
    },
    /// Only with [`Strictness::Strict`](crate::Strictness): data that belongs to no parameter.
    TrailingData {
        /// Where the last value ends.
        at: usize,
        /// Length of the data.
        end: usize,
    },
}

impl DecodeError {
    pub(crate) fn new(kind: DecodeErrorKind) -> Self {
        Self(Box::new(Fault {
            kind,
            path: ValuePath::default(),
        }))
    }

    #[cold]
    pub(crate) fn in_parameter(mut self, key: &str) -> Self {
        self.0.path.push_parameter(key);
        self
    }

    #[cold]
    pub(crate) fn in_field(mut self, nth: usize, name: Option<&str>) -> Self {
        self.0.path.push_field(nth, name);
        self
    }

    #[cold]
    pub(crate) fn in_item(mut self, nth: usize) -> Self {
        self.0.path.push_item(nth);
        self
    }

    /// What kind of fault this is.
    #[must_use]
    pub fn kind(&self) -> &DecodeErrorKind {
        &self.0.kind
    }

    /// The value that does not decode, by the keys of the JSON: `orders[3].salt`. Empty if the
    /// fault is the log's as a whole.
    #[must_use]
    pub fn path(&self) -> String {
        self.0.path.to_string()
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.path.is_empty() {
            write!(f, "parameter `{}`: ", self.0.path)?;
        }
        self.0.kind.fmt(f)
    }
}

impl std::error::Error for DecodeError {}

impl fmt::Display for DecodeErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherEvent { found, expected } => {
                write!(
                    f,
                    "the log is of another event: topic0 {expected} expected, {found} found"
                )
            }
            Self::UnknownEvent { topic0, topics } => match topic0 {
                Some(topic0) => write!(
                    f,
                    "no event is known with topic0 {topic0} and {topics} topics in all"
                ),
                None => f.write_str("no event is known that has no topics at all"),
            },
            Self::AmbiguousEvent { candidates, more } => {
                write_candidates(f, "the log can be of several events", candidates, *more)
            }
            Self::AmbiguousSelector { candidates, more } => {
                write_candidates(f, "the selector has several meanings", candidates, *more)
            }
            Self::Selector { found, expected } => write!(
                f,
                "the data begins with another selector: {} expected, {} found",
                hex::encode(expected),
                Selector(*found)
            ),
            Self::UnknownSelector { found } => match found {
                Some(found) => {
                    write!(f, "no function has the selector {}", hex::encode(found))
                }
                None => f.write_str("the data has no selector: it has less than four bytes"),
            },
            Self::Hex { place, fault } => write!(f, "`{place}` is not hex: {fault}"),
            Self::TooManyTopics { found } => {
                write!(f, "a log has at most 4 topics, {found} found")
            }
            Self::Target { message } => write!(
                f,
                "the value does not go into the type it is decoded into: {message}"
            ),
            Self::Json { fault } => write!(f, "the json is not that of the event: {fault}"),
            Self::TopicCount { found, expected } => {
                write!(
                    f,
                    "the log has another number of topics: {expected} expected, {found} found"
                )
            }
            Self::DataTooShort { at, needed, found } => write!(
                f,
                "the data ends too early: {needed} bytes expected at byte {at}, {found} found"
            ),
            Self::Offset { at, found, end } => write!(
                f,
                "the offset at byte {at} points behind the data: {found} found, the data has {end} bytes"
            ),
            Self::Length { at, found, most } => write!(
                f,
                "the length at byte {at} is more than the data holds: {found} found, at most {most} expected"
            ),
            Self::TooMuchWork { visited } => write!(
                f,
                "the offsets lead to the same words again and again: given up after {visited} words"
            ),
            Self::Value { found, expected } => {
                write!(
                    f,
                    "the word is no value of its type: {expected} expected, {found} found"
                )
            }
            Self::Padding { at } => {
                write!(f, "the padding at byte {at} is cut off or not zero")
            }
            Self::TrailingData { at, end } => {
                write!(f, "the values end at byte {at}, the data at byte {end}")
            }
        }
    }
}

fn write_candidates(
    f: &mut fmt::Formatter<'_>,
    what: &str,
    candidates: &[String],
    more: usize,
) -> fmt::Result {
    write!(f, "{what}: `{}`", candidates.join("`, `"))?;
    match more {
        0 => Ok(()),
        more => write!(f, " and {more} more"),
    }
}

/// The first four bytes of data that may have fewer.
struct Selector(Option<[u8; 4]>);

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(selector) => f.write_str(&hex::encode(selector)),
            None => f.write_str("less than four bytes"),
        }
    }
}
