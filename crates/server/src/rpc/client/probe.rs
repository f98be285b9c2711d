//! Calls that find out about a node, not about its chain.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use event_streamer_models::BlockHeader;
use serde_json::json;

use super::{RpcClient, header_call};
use crate::rpc::error::{RpcError, excerpt};
use crate::rpc::query::BlockTag;
use crate::rpc::wire::{self, Call};

/// More say no more.
const MAX_RATE_LIMIT_HEADERS: usize = 16;

impl RpcClient {
    /// The headers of some blocks in a single request, however many the node took before.
    pub(crate) async fn headers_in_one_batch(
        &self,
        tags: &[BlockTag],
    ) -> Result<Vec<Result<Option<BlockHeader>, RpcError>>, RpcError> {
        let calls: Vec<Call> = tags.iter().map(|tag| header_call(*tag)).collect();
        self.batch(&calls).await
    }

    /// What the node's answers say of its rate limit: their headers that are named so.
    pub(crate) async fn rate_limit_headers(&self) -> Result<BTreeMap<String, String>, RpcError> {
        let call = Call::new("eth_blockNumber", json!([]));
        let id = self.inner.next_id.fetch_add(1, Ordering::Relaxed);
        let body = wire::encode(id, &call);
        let response = self.exchange(std::slice::from_ref(&call), body).await?;
        let announced = response.headers().iter().filter_map(|(name, value)| {
            let name = name.as_str();
            let about = name.contains("ratelimit") || name.contains("rate-limit");
            let value = excerpt(&self.inner.url.redact(value.to_str().ok()?));
            about.then(|| (name.to_owned(), value))
        });
        Ok(announced.take(MAX_RATE_LIMIT_HEADERS).collect())
    }
}
