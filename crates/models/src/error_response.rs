//! The body of an answer that is not 2xx.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::{ErrorCode, Extra, Timestamp, optional};

/// Why a request failed (reference model `ErrorResponse`, and a code for programs).
///
/// Reads what other services send too: `error` may be missing, and a `detail` that is not a text,
/// such as a list of faults, is kept as its JSON text.
///
/// ```
/// use event_streamer_models::ErrorResponse;
///
/// let error: ErrorResponse = serde_json::from_str(r#"{"detail": [{"loc": ["topic0"]}]}"#)?;
/// assert_eq!(error.detail.as_deref(), Some(r#"[{"loc":["topic0"]}]"#));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErrorResponse {
    /// What happened, to what, what to do.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub error: String,
    /// More of it; of an invalid body all its faults.
    #[serde(default, deserialize_with = "text_of_anything")]
    pub detail: Option<String>,
    /// When it happened.
    #[serde(default, deserialize_with = "optional::readable")]
    pub timestamp: Option<Timestamp>,
    /// The fault in one word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<ErrorCode>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ErrorResponse {
    /// An error with its code and time.
    #[must_use]
    pub fn new(code: ErrorCode, error: impl Into<String>, timestamp: Timestamp) -> Self {
        Self {
            error: error.into(),
            detail: None,
            timestamp: Some(timestamp),
            code: Some(code),
            extra: Extra::new(),
        }
    }

    /// Says more.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

fn text_of_anything<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    Ok(
        Option::<Value>::deserialize(deserializer)?.map(|detail| match detail {
            Value::String(text) => text,
            other => other.to_string(),
        }),
    )
}
