//! The call whose answers are large.

use event_streamer_models::Log;
use serde_json::json;

use super::super::client::RpcClient;
use super::super::error::RpcError;
use super::super::filter::LogFilter;
use super::super::query::{LogBlocks, LogQuery, log_params};
use super::super::wire::Call;

impl RpcClient {
    /// `eth_getLogs`. The logs are as the node gave them: neither their order nor their
    /// completeness is checked here.
    ///
    /// # Errors
    ///
    /// If the node gives no such answer. `null` is not taken for "no logs".
    pub async fn logs(&self, query: &LogQuery) -> Result<Vec<Log>, RpcError> {
        self.logs_of(query.blocks, &query.filter).await
    }

    pub(crate) async fn logs_of(
        &self,
        blocks: LogBlocks,
        filter: &LogFilter,
    ) -> Result<Vec<Log>, RpcError> {
        let call = Call::new("eth_getLogs", json!([log_params(blocks, filter)]));
        let logs = self.logs_by(&call).await;
        self.count(&call, logs.is_ok());
        logs
    }

    async fn logs_by(&self, call: &Call) -> Result<Vec<Log>, RpcError> {
        let (id, response) = self.ask(call).await?;
        match super::read(id, response.body()).await {
            Some(logs) => Ok(logs),
            None => self.present(call, self.result(id, call, &response)?),
        }
    }
}
