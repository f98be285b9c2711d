//! The codes of errors on the stream and in error responses.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// Why something went wrong, for programs. A code this version does not know is kept as text.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[$doc])* $name,)*
            /// Another code.
            Other(String),
        }

        impl ErrorCode {
            /// Its text on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$name => $text,)*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for ErrorCode {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$name,)*
                    other => Self::Other(other.to_owned()),
                }
            }
        }
    };
}

codes! {
    /// The connection broke; raised by the SDK.
    ConnectionLost = "CONNECTION_LOST",
    /// The stream broke; raised by the SDK.
    StreamError = "STREAM_ERROR",
    /// The subscription does not exist, or no more.
    SubscriptionNotFound = "SUBSCRIPTION_NOT_FOUND",
    /// Every node of the chain is shut off.
    CircuitBreakerOpen = "CIRCUIT_BREAKER_OPEN",
    /// Too many requests.
    RateLimited = "RATE_LIMITED",
    /// The subscription was stopped.
    ProcessingStopped = "PROCESSING_STOPPED",
    /// The resume token is broken, forged or another subscription's.
    InvalidResumeToken = "INVALID_RESUME_TOKEN",
    /// Blocks left the chain (X).
    ReorgDetected = "REORG_DETECTED",
    /// Blocks left the chain that had been final (X).
    ReorgTooDeep = "REORG_TOO_DEEP",
    /// The chain was taken out of service (X).
    ChainDeactivated = "CHAIN_DEACTIVATED",
    /// The service is going down (X).
    ServerShutdown = "SERVER_SHUTDOWN",
    /// The nodes' answers contradict each other and the position may not move (X).
    UpstreamIncomplete = "UPSTREAM_INCOMPLETE",
    /// The client reads too slowly (X).
    SlowConsumer = "SLOW_CONSUMER",
    /// A fault of the service (X).
    Internal = "INTERNAL",
    /// No such batch (X).
    BatchNotFound = "BATCH_NOT_FOUND",
    /// No such connection (X).
    ConnectionNotFound = "CONNECTION_NOT_FOUND",
    /// A position behind the acknowledged one (X).
    PositionBehind = "POSITION_BEHIND",
}

impl From<String> for ErrorCode {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ErrorCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_code_is_kept() {
        let code: ErrorCode = serde_json::from_str("\"NEW_IN_2030\"").unwrap();
        assert_eq!(code, ErrorCode::Other("NEW_IN_2030".to_owned()));
        assert_eq!(serde_json::to_string(&code).unwrap(), "\"NEW_IN_2030\"");
        assert_eq!(ErrorCode::from("RATE_LIMITED"), ErrorCode::RateLimited);
    }
}
