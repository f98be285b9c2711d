//! What is asked of the node, and what it may answer instead of the truth.

use event_streamer_models::{B256, quantity};
use serde_json::Value;

/// One call of a JSON-RPC request.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Its method.
    pub method: String,
    /// Its parameters.
    pub params: Value,
}

impl Asked {
    /// First and last block of an `eth_getLogs` by range.
    #[must_use]
    pub fn range(&self) -> Option<(u64, u64)> {
        let number = |key: &str| quantity::parse(self.params[0][key].as_str()?).ok();
        (self.method == "eth_getLogs").then_some((number("fromBlock")?, number("toBlock")?))
    }

    /// The block of an `eth_getLogs` by hash.
    #[must_use]
    pub fn pinned(&self) -> Option<B256> {
        let hash = self.params[0]["blockHash"].as_str()?;
        (self.method == "eth_getLogs").then(|| hash.parse().unwrap())
    }

    /// Whether the head is asked for.
    #[must_use]
    pub fn is_head(&self) -> bool {
        self.method == "eth_getBlockByNumber" && self.params[0] == "latest"
    }
}

/// What becomes of a call instead of the truth.
#[derive(Clone, Debug)]
pub enum Lie {
    /// This result.
    Result(Value),
    /// A JSON-RPC error with code and text.
    Error(i64, String),
    /// The same, with the error's `data`.
    ErrorWith(i64, String, Value),
    /// An HTTP answer that is no JSON-RPC.
    Status(u16, &'static str),
    /// Status 429 with a `Retry-After` in seconds.
    Busy(u32),
    /// No answer at all.
    Silence,
    /// The item is missing from its batch.
    Omit,
    /// The true body breaks off in the middle, and the connection with it.
    Cut,
    /// The connection is reset instead of an answer.
    Reset,
}
