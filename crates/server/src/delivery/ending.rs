//! Why a stream ends, and what its client is told.

use event_streamer_models::ErrorCode;

use crate::ingest::{IngestError, IngestErrorKind};

/// Why a stream ended.
#[derive(Clone, Debug)]
pub(crate) enum Ending {
    /// The client went away. Nobody is left to be told.
    Gone,
    /// The end block was passed, and the client was told with `complete`.
    Complete,
    /// The subscription was deleted.
    Deleted,
    /// The subscription was paused or reset; the text says which.
    Stopped(String),
    /// The chain was deactivated. Nothing is wrong with the subscription: it goes on when the chain
    /// does.
    Deactivated,
    /// The API key that it was opened with was taken back, or has expired.
    KeyEnded,
    /// The service shuts down.
    Shutdown,
    /// No heartbeat, no acknowledgement and no successful write within the connection time-out.
    Silent,
    /// The chain cannot be followed any further.
    Failed {
        code: ErrorCode,
        message: String,
        recoverable: bool,
    },
}

impl Ending {
    /// Code, text and whether trying again helps; `None` if there is nobody to tell.
    pub(crate) fn error(&self) -> Option<(ErrorCode, String, bool)> {
        let (code, message, recoverable) = match self {
            Self::Gone | Self::Complete => return None,
            Self::Deleted => (
                ErrorCode::SubscriptionNotFound,
                "the subscription was deleted".to_owned(),
                false,
            ),
            Self::Stopped(why) => (ErrorCode::ProcessingStopped, why.clone(), false),
            Self::Deactivated => (
                ErrorCode::ChainDeactivated,
                "the chain was deactivated; stream again when it is active".to_owned(),
                false,
            ),
            Self::KeyEnded => (
                ErrorCode::from("UNAUTHORIZED"),
                "the API key of the stream is not good any more; stream again with another one"
                    .to_owned(),
                false,
            ),
            Self::Shutdown => (
                ErrorCode::ServerShutdown,
                "the service is shutting down; connect again with the last resume token".to_owned(),
                true,
            ),
            Self::Silent => (
                ErrorCode::SlowConsumer,
                "nothing was read, acknowledged or heard for the whole connection time-out; \
                 connect again with the last resume token"
                    .to_owned(),
                true,
            ),
            Self::Failed {
                code,
                message,
                recoverable,
            } => (code.clone(), message.clone(), *recoverable),
        };
        Some((code, message, recoverable))
    }

    /// A failure of ours: the details are in the log, by connection.
    pub(crate) fn internal() -> Self {
        Self::Failed {
            code: ErrorCode::Internal,
            message: "the service failed to encode a message; its log has the details".to_owned(),
            recoverable: true,
        }
    }

    /// The text to keep with the subscription if no stream of it can ever go on as it is.
    pub(crate) fn lasting_failure(&self) -> Option<&str> {
        match self {
            Self::Failed {
                message,
                recoverable: false,
                ..
            } => Some(message),
            _ => None,
        }
    }
}

impl From<IngestError> for Ending {
    fn from(error: IngestError) -> Self {
        let (code, recoverable) = match error.kind() {
            IngestErrorKind::Closed => return Self::Shutdown,
            IngestErrorKind::ReorgTooDeep { .. } => (ErrorCode::ReorgTooDeep, false),
            // The operator corrects the configuration, and the position stands meanwhile.
            IngestErrorKind::WrongChain { .. } | IngestErrorKind::WrongGenesis { .. } => {
                (ErrorCode::UpstreamIncomplete, true)
            }
            _ => (ErrorCode::Internal, true),
        };
        Self::Failed {
            code,
            message: error.to_string(),
            recoverable,
        }
    }
}

#[cfg(test)]
mod tests {
    use event_streamer_models::B256;

    use super::*;

    #[test]
    fn nodes_of_another_chain_are_the_operators_to_correct() {
        let actual = B256([1; 32]);
        for kind in [
            IngestErrorKind::WrongGenesis { actual },
            IngestErrorKind::WrongChain {
                expected: 1,
                actual: 2,
            },
        ] {
            let ending = Ending::from(IngestError::new(kind));
            let (code, _, recoverable) = ending.error().unwrap();
            assert_eq!((code, recoverable), (ErrorCode::UpstreamIncomplete, true));
            assert_eq!(ending.lasting_failure(), None);
        }
    }
}
