//! Chains: which the service knows, and how it reaches them.

use event_streamer_models::{
    ChainConfigRequest, ChainConfigResponse, ChainEntry, ChainId, ChainListResponse,
    ChainStatsResponse, Extra, GapDetectionResponse,
};
use event_streamer_transport::RetryMode;
use http::Method;

use super::calls::{Call, read};
use crate::error::Error;
use crate::event_streamer::EventStreamer;

impl EventStreamer {
    /// All chains of the service. Their endpoints are shown without what may be a key.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let answer = r#"{"chains": {"1": {"name": "Ethereum", "status": "active"}}, "total_chains": 1}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("GET /api/chains", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// let list = client.get_all_chains().await?;
    /// for chain in &list.chains {
    ///     println!("{} {:?} {:?}", chain.chain_id, chain.name, chain.status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [any call](Self#errors-of-a-call).
    pub async fn get_all_chains(&self) -> Result<ChainListResponse, Error> {
        let operation = "get all chains";
        let response = self.api.send(Call::get("/api/chains", operation)).await?;
        if !response.body().trim_ascii_start().starts_with(b"[") {
            return read(operation, &response);
        }
        // Some services send the list alone.
        let chains: Vec<ChainEntry> = read(operation, &response)?;
        Ok(ChainListResponse {
            total_chains: chains.len() as u64,
            chains,
            timestamp: None,
            extra: Extra::new(),
        })
    }

    /// Numbers over the chains of the service.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let answer = r#"{"loaded": true, "total_chains": 7}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("GET /api/chains/stats", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// let stats = client.get_chain_stats().await?;
    /// assert_eq!(stats.total_chains, 7);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [any call](Self#errors-of-a-call).
    pub async fn get_chain_stats(&self) -> Result<ChainStatsResponse, Error> {
        let call = Call::get("/api/chains/stats", "get chain stats");
        self.api.call(call).await
    }

    /// The configuration of a chain. Its endpoints are shown without what may be a key.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # use event_streamer_models::ChainId;
    /// # let answer = r#"{"chain_id": 1, "message": "done", "timestamp": "2024-05-23T10:30:00.000Z", "name": "Ethereum"}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("GET /api/chains/1", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// let chain = client.get_chain(ChainId::new(1)).await?;
    /// println!("{:?}: {:?} s a block", chain.name, chain.settings.average_block_time);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if there is no such chain; otherwise as for
    /// [any call](Self#errors-of-a-call).
    pub async fn get_chain(&self, chain_id: ChainId) -> Result<ChainConfigResponse, Error> {
        let call = Call::get(path(chain_id, ""), format!("get chain {chain_id}"));
        self.api.call(call).await
    }

    /// Adds a chain. Name and block time of well-known ones are
    /// [presets](event_streamer_models::ChainPreset).
    ///
    /// A repeat after a lost answer is a [`Conflict`](crate::ErrorKind::Conflict): the chain is there.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let answer = r#"{"chain_id": 8453, "message": "done", "timestamp": "2024-05-23T10:30:00.000Z", "name": "Ethereum"}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("POST /api/chains", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// use event_streamer_models::ChainPreset;
    ///
    /// let base = ChainPreset::of(8453).expect("it is a preset");
    /// client.create_chain(&base.with_endpoints(["https://node.example/key"])).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Conflict`](crate::ErrorKind::Conflict) if the service has the chain already,
    /// [`Validation`](crate::ErrorKind::Validation) with all the faults of the configuration; otherwise as for
    /// [any call](Self#errors-of-a-call).
    pub async fn create_chain(
        &self,
        config: &ChainConfigRequest,
    ) -> Result<ChainConfigResponse, Error> {
        let operation = format!("create chain {}", config.chain_id);
        let call = Call::new(Method::POST, "/api/chains", operation);
        self.api.call(call.json(config)?).await
    }

    /// Replaces the configuration of a chain.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let answer = r#"{"chain_id": 1, "message": "done", "timestamp": "2024-05-23T10:30:00.000Z", "name": "Ethereum"}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("PUT /api/chains/1", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// use event_streamer_models::{ChainConfigRequest, ChainId, ChainSettings};
    ///
    /// let settings = ChainSettings {
    ///     rpc_urls: vec!["https://node.example/key".into()],
    ///     max_blocks_per_request: Some(2_000),
    ///     ..ChainSettings::default()
    /// };
    /// let config = ChainConfigRequest::new(ChainId::new(1), "Ethereum", settings);
    /// client.update_chain(ChainId::new(1), &config).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound), [`Validation`](crate::ErrorKind::Validation); otherwise as for
    /// [any call](Self#errors-of-a-call).
    pub async fn update_chain(
        &self,
        chain_id: ChainId,
        config: &ChainConfigRequest,
    ) -> Result<ChainConfigResponse, Error> {
        let operation = format!("update chain {chain_id}");
        let call = Call::new(Method::PUT, path(chain_id, ""), operation);
        self.api.call(call.json(config)?).await
    }

    /// Deactivates a chain; the streams of its subscriptions end with an error.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # use event_streamer_models::ChainId;
    /// # let answer = r#"{"chain_id": 1, "message": "done", "timestamp": "2024-05-23T10:30:00.000Z", "name": "Ethereum"}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("DELETE /api/chains/1", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// client.delete_chain(ChainId::new(1)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if there is no such chain; otherwise as for
    /// [any call](Self#errors-of-a-call).
    pub async fn delete_chain(&self, chain_id: ChainId) -> Result<ChainConfigResponse, Error> {
        let operation = format!("delete chain {chain_id}");
        let call = Call::new(Method::DELETE, path(chain_id, ""), operation);
        self.api.call(call).await
    }

    /// Has the service read the configuration of its chains again. The answer has chain id 0: all.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let answer = r#"{"chain_id": 0, "message": "done", "timestamp": "2024-05-23T10:30:00.000Z", "name": "Ethereum"}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("POST /api/chains/refresh", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// client.refresh_chains().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [any call](Self#errors-of-a-call).
    pub async fn refresh_chains(&self) -> Result<ChainConfigResponse, Error> {
        let call = Call::new(Method::POST, "/api/chains/refresh", "refresh chains");
        self.api.call(call.retry(RetryMode::Idempotent)).await
    }

    /// Blocks of a chain that were not read, if there are any.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # use event_streamer_models::ChainId;
    /// # let answer = event_streamer_testkit::answers::GAPS;
    /// # let server = event_streamer_testkit::WireServer::answering("GET /api/chains/1/gaps", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// let gaps = client.get_chain_gaps(ChainId::new(1)).await?;
    /// assert_eq!(gaps.gaps_found, 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if there is no such chain; otherwise as for
    /// [any call](Self#errors-of-a-call).
    pub async fn get_chain_gaps(&self, chain_id: ChainId) -> Result<GapDetectionResponse, Error> {
        let operation = format!("get the gaps of chain {chain_id}");
        self.api
            .call(Call::get(path(chain_id, "/gaps"), operation))
            .await
    }
}

fn path(chain_id: ChainId, rest: &str) -> String {
    format!("/api/chains/{chain_id}{rest}")
}
