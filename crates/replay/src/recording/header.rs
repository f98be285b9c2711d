//! A block's header as a recording has it: complete, in part, or by its number alone.

use event_streamer_models::{B256, BlockHeader, Extra, LogsBloom, quantity};
use serde::{Deserialize, Serialize};

/// A header in the shape of the JSON-RPC, of which only the number must be known.
///
/// What is missing is derived, see the [crate documentation](crate#what-is-derived).
///
/// ```
/// use event_streamer_replay::RecordedHeader;
///
/// let header: RecordedHeader = serde_json::from_str(
///     r#"{"number":"0x10","hash":null,"timestamp":"0x5f5e1000","gasUsed":"0x5208"}"#,
/// )?;
/// assert_eq!(header.number, 16);
/// assert_eq!(header.timestamp, Some(1_600_000_000));
/// assert_eq!(header.hash, None);
/// assert_eq!(header.extra["gasUsed"], "0x5208");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordedHeader {
    /// The block's number.
    #[serde(with = "quantity")]
    pub number: u64,
    /// The block's hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<B256>,
    /// The hash of the block below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_hash: Option<B256>,
    /// Unix seconds.
    #[serde(
        default,
        with = "quantity::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub timestamp: Option<u64>,
    /// The bloom of the block's logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logs_bloom: Option<LogsBloom>,
    /// The root of the block's receipts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipts_root: Option<B256>,
    /// Every other field, served as it is.
    #[serde(flatten)]
    pub extra: Extra,
}

impl RecordedHeader {
    /// A header of which nothing but the number is known.
    #[must_use]
    pub fn new(number: u64) -> Self {
        Self {
            number,
            hash: None,
            parent_hash: None,
            timestamp: None,
            logs_bloom: None,
            receipts_root: None,
            extra: Extra::new(),
        }
    }

    /// Sets the block's hash.
    #[must_use]
    pub fn with_hash(mut self, hash: B256) -> Self {
        self.hash = Some(hash);
        self
    }

    /// Sets the hash of the block below.
    #[must_use]
    pub fn with_parent_hash(mut self, hash: B256) -> Self {
        self.parent_hash = Some(hash);
        self
    }

    /// Sets the time in Unix seconds.
    #[must_use]
    pub fn with_timestamp(mut self, seconds: u64) -> Self {
        self.timestamp = Some(seconds);
        self
    }
}

impl From<BlockHeader> for RecordedHeader {
    fn from(header: BlockHeader) -> Self {
        Self {
            number: header.number,
            hash: Some(header.hash),
            parent_hash: Some(header.parent_hash),
            timestamp: Some(header.timestamp),
            logs_bloom: header.logs_bloom,
            receipts_root: header.receipts_root,
            extra: header.extra,
        }
    }
}
