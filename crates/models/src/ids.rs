//! Names of things, each with a type of its own so that they are not taken for one another.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

/// A chain's id (EIP-155), e.g. 1 for Ethereum.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct ChainId(u64);

impl ChainId {
    /// From its number.
    pub const fn new(id: u64) -> Self {
        Self(id)
    }

    /// The number.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl From<u64> for ChainId {
    fn from(id: u64) -> Self {
        Self(id)
    }
}

impl fmt::Display for ChainId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A subscription's id: a positive integer, at most 2^63 - 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct SubscriptionId(u64);

impl SubscriptionId {
    /// From its number; `None` if that is 0 or above 2^63 - 1.
    pub const fn new(id: u64) -> Option<Self> {
        if id == 0 || id > i64::MAX as u64 {
            None
        } else {
            Some(Self(id))
        }
    }

    /// The number.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for SubscriptionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<'de> Deserialize<'de> for SubscriptionId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = u64::deserialize(deserializer)?;
        Self::new(id).ok_or_else(|| {
            de::Error::invalid_value(
                de::Unexpected::Unsigned(id),
                &"a subscription id between 1 and 2^63 - 1",
            )
        })
    }
}

macro_rules! text_ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// From its text.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text, taken out.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }
    )*};
}

text_ids! {
    /// A stream's connection: `conn_` and a UUID.
    ConnectionId;
    /// A batch: `batch_` and a UUID.
    BatchId;
    /// A message of the stream: a UUID.
    ResponseId;
    /// A position in a stream, opaque to clients (protocol, section 4).
    ResumeToken;
    /// One event for ever: `{chain_id}-{block_hash}-{log_index}`. Drop duplicates by it.
    EventId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscription_id_is_a_positive_integer() {
        assert_eq!(
            serde_json::from_str::<SubscriptionId>("7").unwrap().get(),
            7
        );
        assert_eq!(
            serde_json::from_str::<SubscriptionId>("9223372036854775807")
                .unwrap()
                .get(),
            i64::MAX as u64
        );
        for bad in [
            "0",
            "-1",
            "1.0",
            "1e3",
            "\"7\"",
            "null",
            "9223372036854775808",
            "18446744073709551616",
        ] {
            assert!(
                serde_json::from_str::<SubscriptionId>(bad).is_err(),
                "{bad}"
            );
        }
    }

    #[test]
    fn text_ids_are_their_text() {
        let token = ResumeToken::from("rt_abc");
        assert_eq!(serde_json::to_string(&token).unwrap(), "\"rt_abc\"");
        assert_eq!(token.to_string(), "rt_abc");
    }
}
