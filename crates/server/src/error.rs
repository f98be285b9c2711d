//! Why a service could not start.

use std::error::Error as StdError;
use std::fmt;
use std::net::SocketAddr;

use crate::store::{StoreError, StoreErrorKind};

/// A service that could not start.
///
/// `Display` says what happened and what to do about it; [`source`](StdError::source) has the
/// cause underneath, where there is one.
#[derive(Debug)]
pub struct ServiceError {
    kind: ServiceErrorKind,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What kind of failure a [`ServiceError`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServiceErrorKind {
    /// A setting is wrong.
    Config,
    /// The address cannot be listened on.
    Listen,
    /// The certificate of the API or its key cannot be used.
    Tls,
    /// The address can be reached from other machines, and there are no API keys.
    Unprotected,
    /// The database is in use by another process.
    DatabaseLocked,
    /// The database was written by a newer version of the service.
    DatabaseNewer,
    /// The database is damaged, or the file is something else.
    DatabaseDamaged,
    /// The database cannot be opened, or does not answer.
    Database,
}

impl ServiceError {
    pub(crate) fn config(fault: String) -> Self {
        Self {
            kind: ServiceErrorKind::Config,
            message: fault,
            source: None,
        }
    }

    pub(crate) fn listen(address: SocketAddr, error: std::io::Error) -> Self {
        Self {
            kind: ServiceErrorKind::Listen,
            message: format!("cannot listen on {address}; is something else listening there?"),
            source: Some(error.into()),
        }
    }

    pub(crate) fn tls(fault: &str) -> Self {
        Self {
            kind: ServiceErrorKind::Tls,
            message: format!("the TLS certificate cannot be used: {fault}"),
            source: None,
        }
    }

    pub(crate) fn unprotected(address: SocketAddr) -> Self {
        Self {
            kind: ServiceErrorKind::Unprotected,
            message: format!(
                "{address} can be reached from other machines, and anybody could do anything \
                 there: make an API key first, or listen on a loopback address"
            ),
            source: None,
        }
    }

    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> ServiceErrorKind {
        self.kind
    }
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        let kind = match error.kind() {
            StoreErrorKind::Locked { .. } => ServiceErrorKind::DatabaseLocked,
            StoreErrorKind::NewerSchema { .. } => ServiceErrorKind::DatabaseNewer,
            StoreErrorKind::Damaged { .. } | StoreErrorKind::Foreign { .. } => {
                ServiceErrorKind::DatabaseDamaged
            }
            _ => ServiceErrorKind::Database,
        };
        Self {
            kind,
            message: error.to_string(),
            source: error.into_source(),
        }
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for ServiceError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
