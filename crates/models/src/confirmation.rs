//! Confirmations: how clients acknowledge that know no batch ids.

use serde::{Deserialize, Serialize};

use crate::{Extra, ResponseId, SubscriptionId, optional};

/// Acknowledges the batch with a response id (reference model `ConfirmationRequest`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConfirmationRequest {
    /// Whose events they were.
    pub subscription_id: SubscriptionId,
    /// The delivery.
    pub response_id: ResponseId,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ConfirmationRequest {
    /// For this delivery.
    #[must_use]
    pub fn new(subscription_id: SubscriptionId, response_id: ResponseId) -> Self {
        Self {
            subscription_id,
            response_id,
            extra: Extra::new(),
        }
    }
}

/// The answer to a confirmation (reference model `ConfirmationResponse`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConfirmationResponse {
    /// Whether the delivery is confirmed.
    pub success: bool,
    /// The same for a person.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub message: String,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ConfirmationResponse {
    /// With this message.
    #[must_use]
    pub fn new(success: bool, message: impl Into<String>) -> Self {
        Self {
            success,
            message: message.into(),
            extra: Extra::new(),
        }
    }
}
