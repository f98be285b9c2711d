//! Identifiers: one type each, so that none is taken for another.

use std::{fmt, num::NonZeroU64, str::FromStr, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{B256, ParseError, ParseErrorKind};

/// The number of a chain (EIP-155): 1 is Ethereum, 137 Polygon.
///
/// Zero is no chain; the service's answer to a refresh of all chains carries it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChainId(pub u64);

impl ChainId {
    /// The chain with this number.
    #[must_use]
    pub const fn new(id: u64) -> Self {
        Self(id)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl From<u64> for ChainId {
    fn from(id: u64) -> Self {
        Self(id)
    }
}

impl From<ChainId> for u64 {
    fn from(id: ChainId) -> Self {
        id.0
    }
}

impl fmt::Display for ChainId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ChainId {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        parse_integer(text, "a chain id (an integer)").map(Self)
    }
}

/// The number of a subscription, given by the service: a positive integer.
///
/// ```
/// use event_streamer_models::SubscriptionId;
///
/// let id = SubscriptionId::new(7)?;
/// assert_eq!(serde_json::to_string(&id).unwrap(), "7");
/// for refused in ["0", "-1", "1.0", "\"7\"", "null"] {
///     assert!(serde_json::from_str::<SubscriptionId>(refused).is_err(), "{refused}");
/// }
/// # Ok::<(), event_streamer_models::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct SubscriptionId(NonZeroU64);

impl SubscriptionId {
    const EXPECTED: &str = "a subscription id (a positive integer)";

    /// The subscription with this number.
    ///
    /// # Errors
    ///
    /// [`ParseError`] for zero.
    pub fn new(id: u64) -> Result<Self, ParseError> {
        NonZeroU64::new(id)
            .map(Self)
            .ok_or_else(|| ParseError::new(ParseErrorKind::OutOfRange, Self::EXPECTED, "0"))
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0.get()
    }
}

impl From<NonZeroU64> for SubscriptionId {
    fn from(id: NonZeroU64) -> Self {
        Self(id)
    }
}

impl From<SubscriptionId> for u64 {
    fn from(id: SubscriptionId) -> Self {
        id.get()
    }
}

impl TryFrom<u64> for SubscriptionId {
    type Error = ParseError;

    fn try_from(id: u64) -> Result<Self, ParseError> {
        Self::new(id)
    }
}

impl fmt::Display for SubscriptionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// As it stands in a path: ASCII digits without a sign or leading zeros, so that a subscription
/// has one path only.
impl FromStr for SubscriptionId {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        parse_integer(text, Self::EXPECTED).and_then(Self::new)
    }
}

/// Strict decimal: no sign, no leading zeros, ASCII digits only.
fn parse_integer(text: &str, expected: &'static str) -> Result<u64, ParseError> {
    let error = |kind| ParseError::new(kind, expected, text);
    if text.is_empty() {
        return Err(error(ParseErrorKind::Empty));
    }
    let stranger = text
        .chars()
        .enumerate()
        .find(|(_, character)| !character.is_ascii_digit());
    if let Some((index, character)) = stranger {
        return Err(error(ParseErrorKind::Digit {
            character,
            position: index + 1,
        }));
    }
    if text.len() > 1 && text.starts_with('0') {
        return Err(error(ParseErrorKind::Malformed));
    }
    text.parse().map_err(|_| error(ParseErrorKind::OutOfRange))
}

/// An identifier that is opaque text to whoever receives it.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// Cheap to clone: clones share the text.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The identifier with this text.
            #[must_use]
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into().into())
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text, on its own.
            #[must_use]
            pub fn into_string(self) -> String {
                String::from(&*self.0)
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.into_string()
            }
        }

        impl From<$name> for Arc<str> {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self::from)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

text_id! {
    /// One connection to a stream: `conn_` and a UUID, in our service.
    ConnectionId
}

text_id! {
    /// One batch of events, to be acknowledged: `batch_` and a UUID, in our service.
    BatchId
}

text_id! {
    /// One delivery; older clients confirm by it. A UUID, in our service.
    ResponseId
}

text_id! {
    /// A position in the stream of one subscription. Opaque: send it back as it came.
    ///
    /// In a URL every byte that is not unreserved is percent-encoded (docs/protocol.md, section 4).
    ResumeToken
}

text_id! {
    /// The name of one event, the same in every delivery: the key to drop duplicates by.
    ///
    /// `{chain_id}-{block_hash}-{log_index}` in our service. The hash makes the same log on two
    /// branches of a reorg two events, as it must be.
    EventId
}

impl EventId {
    /// The id of the event at a place on a chain.
    ///
    /// ```
    /// use event_streamer_models::{B256, ChainId, EventId};
    ///
    /// let id = EventId::at(ChainId::new(1), &B256::ZERO, 7);
    /// assert_eq!(id.as_str(), format!("1-0x{}-7", "00".repeat(32)));
    /// assert_eq!(id.place(), Some((ChainId::new(1), B256::ZERO, 7)));
    /// ```
    #[must_use]
    pub fn at(chain_id: ChainId, block_hash: &B256, log_index: u32) -> Self {
        Self::from(format!("{chain_id}-{block_hash}-{log_index}"))
    }

    /// Chain, block and log index, if the id has our form; other services may name events
    /// otherwise.
    #[must_use]
    pub fn place(&self) -> Option<(ChainId, B256, u32)> {
        let mut parts = self.0.splitn(3, '-');
        let chain_id = parts.next()?.parse().ok()?;
        let block_hash = parts.next()?.parse().ok()?;
        let log_index = parse_integer(parts.next()?, "a log index").ok()?;
        Some((chain_id, block_hash, u32::try_from(log_index).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscription_id_is_a_positive_integer() {
        let read = |json: &str| serde_json::from_str::<SubscriptionId>(json);
        for good in [1, 2_147_483_648, 9_007_199_254_740_993, 1 << 63, u64::MAX] {
            assert_eq!(read(&good.to_string()).unwrap().get(), good);
            assert_eq!(
                good.to_string().parse::<SubscriptionId>().unwrap().get(),
                good
            );
        }
        let refused = [
            "0",
            "-1",
            "-0",
            "1.0",
            "1e3",
            "18446744073709551616",
            "\"1\"",
            "null",
            "true",
        ];
        for json in refused {
            assert!(read(json).is_err(), "{json}");
        }
        assert!(
            read("0")
                .unwrap_err()
                .to_string()
                .contains("a positive integer")
        );
    }

    #[test]
    fn a_path_holds_plain_digits() {
        let kind = |text: &str| text.parse::<SubscriptionId>().unwrap_err().kind();
        assert_eq!(kind(""), ParseErrorKind::Empty);
        assert_eq!(kind("0"), ParseErrorKind::OutOfRange);
        assert_eq!(kind("007"), ParseErrorKind::Malformed);
        assert_eq!(
            kind("+1"),
            ParseErrorKind::Digit {
                character: '+',
                position: 1
            }
        );
        assert_eq!(
            kind("1e3"),
            ParseErrorKind::Digit {
                character: 'e',
                position: 2
            }
        );
        assert_eq!(
            kind("١"),
            ParseErrorKind::Digit {
                character: '١',
                position: 1
            }
        );
        assert_eq!(kind("18446744073709551616"), ParseErrorKind::OutOfRange);
        assert_eq!("0".parse(), Ok(ChainId::new(0)));
    }

    #[test]
    fn text_ids_are_bare_strings_in_json() {
        let id: ConnectionId = serde_json::from_str("\"conn_1\"").unwrap();
        assert_eq!(id, ConnectionId::from("conn_1"));
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"conn_1\"");
        assert_eq!((id.as_str(), id.to_string().as_str()), ("conn_1", "conn_1"));
        assert!(serde_json::from_str::<BatchId>("7").is_err());
    }

    #[test]
    fn an_event_id_of_another_form_has_no_place() {
        let hash = "5a".repeat(32);
        assert_eq!(
            EventId::new(format!("137-0x{hash}-4294967266")).place(),
            Some((ChainId::new(137), B256([0x5a; 32]), 0xffff_ffe2))
        );
        let others = [
            String::new(),
            "evt_1".to_owned(),
            format!("1-0x{hash}"),
            format!("1-0x{hash}-4294967296"),
            format!("1-0x{hash}-1-2"),
            format!("-1-0x{hash}-1"),
            format!("01-0x{hash}-1"),
        ];
        for other in others {
            assert_eq!(EventId::from(other.as_str()).place(), None, "{other}");
        }
    }
}
