//! The first line of a recording.

use event_streamer_models::Extra;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::{RecordingError, RecordingErrorKind, excerpt, json_fault};

/// The version of the format that this crate reads and writes.
const VERSION: u64 = 1;

/// What the first line of a recording says about the rest.
///
/// ```
/// use event_streamer_replay::RecordingInfo;
///
/// let info = RecordingInfo::new(1)
///     .with_source("an archive node")
///     .with_license("CC0-1.0")
///     .with_blocks(18_426_253, 18_426_303);
/// assert_eq!(info.chain_id, 1);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordingInfo {
    /// The EIP-155 chain id, not 0.
    pub chain_id: u64,
    /// Where the blocks come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Under which licence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// Whether every log of every block is there; `None` if the recording does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complete_blocks: Option<bool>,
    /// How many logs follow. Checked if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logs: Option<u64>,
    /// The first block covered. Without it the recording begins at its first header or log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_block: Option<u64>,
    /// The last block covered. Without it the recording ends at its last header or log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_block: Option<u64>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl RecordingInfo {
    /// A recording of this chain; everything else is not stated.
    #[must_use]
    pub fn new(chain_id: u64) -> Self {
        Self {
            chain_id,
            source: None,
            license: None,
            complete_blocks: None,
            logs: None,
            first_block: None,
            last_block: None,
            extra: Extra::new(),
        }
    }

    /// Says where the blocks come from.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Says under which licence the recording may be passed on.
    #[must_use]
    pub fn with_license(mut self, license: impl Into<String>) -> Self {
        self.license = Some(license.into());
        self
    }

    /// Says whether every log of every block is there.
    #[must_use]
    pub fn with_complete_blocks(mut self, complete: bool) -> Self {
        self.complete_blocks = Some(complete);
        self
    }

    /// Sets the blocks covered, both included: those at the ends may be empty.
    #[must_use]
    pub fn with_blocks(mut self, first: u64, last: u64) -> Self {
        self.first_block = Some(first);
        self.last_block = Some(last);
        self
    }

    /// Reads the first line.
    pub(super) fn parse(line: &[u8]) -> Result<Self, RecordingError> {
        let mut fields: Map<String, Value> = serde_json::from_slice(line).map_err(|error| {
            syntax(
                "the first line is not the JSON object that a recording begins with: \
                 is this file a recording?",
            )
            .with_source(error)
        })?;
        match fields.remove("recording") {
            Some(Value::Number(version)) if version.as_u64() == Some(VERSION) => {}
            Some(version) => {
                return Err(RecordingError::new(
                    RecordingErrorKind::Version,
                    format!(
                        "the recording has version {}, this program reads version {VERSION}",
                        excerpt(&version.to_string())
                    ),
                ));
            }
            None => {
                return Err(syntax(
                    "the first line has no `recording` field: is this file a recording?",
                ));
            }
        }
        let info: Self = serde_json::from_value(Value::Object(fields)).map_err(|error| {
            syntax(format!(
                "the first line is not as the format has it: {}",
                json_fault(&error)
            ))
        })?;
        info.check()?;
        Ok(info)
    }

    /// The line without its end.
    pub(super) fn to_line(&self) -> Result<Vec<u8>, RecordingError> {
        #[derive(Serialize)]
        struct FirstLine<'a> {
            recording: u64,
            #[serde(flatten)]
            info: &'a RecordingInfo,
        }
        serde_json::to_vec(&FirstLine {
            recording: VERSION,
            info: self,
        })
        .map_err(|error| syntax("the first line cannot be written").with_source(error))
    }

    pub(super) fn check(&self) -> Result<(), RecordingError> {
        if self.chain_id == 0 {
            return Err(syntax(
                "`chain_id` is 0, which is no chain: give the EIP-155 id",
            ));
        }
        if let (Some(first), Some(last)) = (self.first_block, self.last_block)
            && first > last
        {
            return Err(RecordingError::new(
                RecordingErrorKind::Conflict,
                format!("`first_block` {first} is above `last_block` {last}"),
            ));
        }
        Ok(())
    }

    /// Whether a block lies within the blocks covered, as far as they are given.
    pub(super) fn covers(&self, number: u64) -> bool {
        self.first_block.is_none_or(|first| first <= number)
            && self.last_block.is_none_or(|last| number <= last)
    }
}

fn syntax(message: impl Into<String>) -> RecordingError {
    RecordingError::new(RecordingErrorKind::Syntax, message)
}
