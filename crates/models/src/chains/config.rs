//! The configuration of a chain.

use serde::{Deserialize, Serialize};

use super::ChainStatus;
use crate::{ChainId, EndpointUrl, Extra, Timestamp, optional};

/// Everything about a chain that can be set, under the names of both older protocols.
///
/// `None` is not said; the defaults are the associated constants. `max_blocks_per_request` and
/// `historical_max_chunk_size` are two names of one setting, and so are `rpc_urls` and the two
/// single URLs: the union counts. Two different values of one setting are an error, which the
/// service finds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChainSettings {
    /// The endpoints; those with `ws://` or `wss://` announce blocks, the others give data.
    #[serde(
        deserialize_with = "optional::null_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub rpc_urls: Vec<EndpointUrl>,
    /// An endpoint that gives data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub historical_rpc_url: Option<EndpointUrl>,
    /// An endpoint that announces blocks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live_websocket_url: Option<EndpointUrl>,
    /// Seconds between blocks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average_block_time: Option<f64>,
    /// Blocks that one request may ask for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_blocks_per_request: Option<u64>,
    /// Blocks on top of one before its events are delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmation_blocks: Option<u64>,
    /// Blocks that one request may ask for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub historical_max_chunk_size: Option<u64>,
    /// How often a request for the past is repeated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub historical_max_retries: Option<u64>,
    /// How many readers of the past there may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub historical_max_concurrent: Option<u64>,
    /// Requests between two reports of progress.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub historical_progress_interval: Option<u64>,
    /// How often a request at the head is repeated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live_max_retries: Option<u64>,
    /// Seconds before a request at the head is repeated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live_retry_delay: Option<u64>,
    /// Seconds before a broken WebSocket is opened again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live_reconnect_delay: Option<u64>,
    /// Whether gaps at the head are looked for. Ours never has any; taken for older clients.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live_enable_gap_detection: Option<bool>,
    /// The longest gap that is filled, in blocks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live_max_gap_size: Option<u64>,
    /// Seconds between two looks at the head.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live_block_check_interval: Option<u64>,
    /// Blocks that one request may ask for when a gap is filled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live_gap_fill_chunk_size: Option<u64>,
}

impl ChainSettings {
    /// Blocks that one request may ask for.
    pub const DEFAULT_HISTORICAL_MAX_CHUNK_SIZE: u64 = 10_000;
    /// How often a request for the past is repeated.
    pub const DEFAULT_HISTORICAL_MAX_RETRIES: u64 = 3;
    /// How many readers of the past there may be.
    pub const DEFAULT_HISTORICAL_MAX_CONCURRENT: u64 = 5;
    /// Requests between two reports of progress.
    pub const DEFAULT_HISTORICAL_PROGRESS_INTERVAL: u64 = 100;
    /// How often a request at the head is repeated.
    pub const DEFAULT_LIVE_MAX_RETRIES: u64 = 5;
    /// Seconds before a request at the head is repeated.
    pub const DEFAULT_LIVE_RETRY_DELAY: u64 = 5;
    /// Seconds before a broken WebSocket is opened again.
    pub const DEFAULT_LIVE_RECONNECT_DELAY: u64 = 30;
    /// Whether gaps at the head are looked for.
    pub const DEFAULT_LIVE_ENABLE_GAP_DETECTION: bool = true;
    /// The longest gap that is filled, in blocks.
    pub const DEFAULT_LIVE_MAX_GAP_SIZE: u64 = 1_000;
    /// Seconds between two looks at the head.
    pub const DEFAULT_LIVE_BLOCK_CHECK_INTERVAL: u64 = 10;
    /// Blocks that one request may ask for when a gap is filled.
    pub const DEFAULT_LIVE_GAP_FILL_CHUNK_SIZE: u64 = 100;

    /// Every endpoint once, under whichever name it was given, in that order.
    pub fn endpoints(&self) -> impl Iterator<Item = &EndpointUrl> {
        let named = self
            .historical_rpc_url
            .iter()
            .chain(&self.live_websocket_url);
        let others = named.filter(|url| !self.rpc_urls.contains(url));
        self.rpc_urls.iter().chain(others)
    }

    /// The same with every URL redacted, for an answer.
    ///
    /// ```
    /// use event_streamer_models::ChainSettings;
    ///
    /// let settings = ChainSettings {
    ///     rpc_urls: vec!["https://node.example/v2/key".into()],
    ///     ..ChainSettings::default()
    /// };
    /// assert_eq!(settings.redacted().rpc_urls[0].expose(), "https://node.example/…");
    /// ```
    #[must_use]
    pub fn redacted(&self) -> Self {
        Self {
            rpc_urls: self.rpc_urls.iter().map(EndpointUrl::redacted).collect(),
            historical_rpc_url: self.historical_rpc_url.as_ref().map(EndpointUrl::redacted),
            live_websocket_url: self.live_websocket_url.as_ref().map(EndpointUrl::redacted),
            ..self.clone()
        }
    }
}

/// Asks to add or change a chain (reference model `ChainConfigRequest`).
///
/// ```
/// use event_streamer_models::{ChainConfigRequest, ChainId, ChainSettings};
///
/// let polygon = ChainConfigRequest::new(
///     ChainId::new(137),
///     "Polygon",
///     ChainSettings {
///         rpc_urls: vec!["https://node.example/polygon".into()],
///         average_block_time: Some(2.0),
///         ..ChainSettings::default()
///     },
/// );
/// assert_eq!(
///     serde_json::to_string(&polygon)?,
///     r#"{"chain_id":137,"name":"Polygon","rpc_urls":["https://node.example/polygon"],"average_block_time":2.0}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChainConfigRequest {
    /// Its number.
    pub chain_id: ChainId,
    /// Its name, by which breakers and metrics call it.
    pub name: String,
    /// Everything else.
    #[serde(flatten)]
    pub settings: ChainSettings,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ChainConfigRequest {
    /// For this chain.
    #[must_use]
    pub fn new(chain_id: ChainId, name: impl Into<String>, settings: ChainSettings) -> Self {
        Self {
            chain_id,
            name: name.into(),
            settings,
            extra: Extra::new(),
        }
    }
}

/// A chain, or what was done to it (reference model `ChainConfigResponse`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChainConfigResponse {
    /// Its number; 0 if all chains are meant.
    pub chain_id: ChainId,
    /// What was done, for a person.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub message: String,
    /// When.
    #[serde(
        default,
        deserialize_with = "optional::readable",
        skip_serializing_if = "Option::is_none"
    )]
    pub timestamp: Option<Timestamp>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ChainStatus>,
    /// Its configuration, with URLs redacted.
    #[serde(flatten)]
    pub settings: ChainSettings,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ChainConfigResponse {
    /// With everything that the reference client requires.
    #[must_use]
    pub fn new(chain_id: ChainId, message: impl Into<String>, timestamp: Timestamp) -> Self {
        Self {
            chain_id,
            message: message.into(),
            timestamp: Some(timestamp),
            ..Self::default()
        }
    }

    /// Adds the configuration, with its URLs redacted.
    #[must_use]
    pub fn with_settings(mut self, name: impl Into<String>, settings: &ChainSettings) -> Self {
        self.name = Some(name.into());
        self.settings = settings.redacted();
        self
    }
}
