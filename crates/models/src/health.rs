//! Whether the service is well.

use serde::{Deserialize, Serialize};

use crate::{Extra, Timestamp, optional, text_enum::text_enum};

text_enum! {
    /// How the service is.
    ServiceStatus {
        /// Well.
        Healthy = "healthy",
        /// It runs, but a chain or the store fails.
        Degraded = "degraded",
    }
}

/// Whether the service lives (reference model `HealthResponse`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HealthResponse {
    /// How it is.
    pub status: ServiceStatus,
    /// When that was so.
    #[serde(
        default,
        deserialize_with = "optional::readable",
        skip_serializing_if = "Option::is_none"
    )]
    pub timestamp: Option<Timestamp>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl HealthResponse {
    /// With everything that the reference client requires.
    #[must_use]
    pub fn new(status: ServiceStatus, timestamp: Timestamp) -> Self {
        Self {
            status,
            timestamp: Some(timestamp),
            extra: Extra::new(),
        }
    }
}

/// Whether the service can do its work.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReadyResponse {
    /// Whether every check passed.
    pub ready: bool,
    /// The checks: the store, and each chain.
    pub checks: Vec<ReadyCheck>,
    /// When that was so.
    #[serde(
        default,
        deserialize_with = "optional::readable",
        skip_serializing_if = "Option::is_none"
    )]
    pub timestamp: Option<Timestamp>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ReadyResponse {
    /// Ready if every check passed.
    #[must_use]
    pub fn new(checks: Vec<ReadyCheck>, timestamp: Timestamp) -> Self {
        Self {
            ready: checks.iter().all(|check| check.passed),
            checks,
            timestamp: Some(timestamp),
            extra: Extra::new(),
        }
    }
}

/// One thing that the service needs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReadyCheck {
    /// What was checked: `store`, or a chain's name.
    pub name: String,
    /// Whether it is there.
    pub passed: bool,
    /// What was found, for a person: the age of the head, or the fault.
    #[serde(default)]
    pub detail: Option<String>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ReadyCheck {
    /// What was checked and whether it passed.
    #[must_use]
    pub fn new(name: impl Into<String>, passed: bool) -> Self {
        Self {
            name: name.into(),
            passed,
            ..Self::default()
        }
    }

    /// Says what was found.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

/// The schemas of the service's database (reference model `SchemasResponse`); our service has no
/// endpoint for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SchemasResponse {
    /// Their names.
    pub schemas: Vec<String>,
    /// When that was so.
    pub timestamp: Timestamp,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}
