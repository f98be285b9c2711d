//! How far a subscription is.

use event_streamer_models::{
    ChainId, LastProcessedBlockResponse, PositionResponse, ProcessingStatusResponse, ResumeToken,
    SubscriptionId,
};
use event_streamer_transport::RetryMode;

use super::calls::Call;
use crate::error::Error;
use crate::event_streamer::EventStreamer;

impl EventStreamer {
    /// Acknowledges everything of a subscription up to a token, on no connection in particular.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let id = event_streamer_models::SubscriptionId::new(7).expect("not zero");
    /// # let answer = r#"{"acknowledged": true, "resume_token": "rt_9", "last_processed_block": 9, "timestamp": "2024-05-23T10:30:00.000Z"}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("POST /subscriptions/7/position", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// let position = client.set_position(id, "rt_9").await?;
    /// println!("processed up to block {:?}", position.last_processed_block);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Conflict`](crate::ErrorKind::Conflict) with the code `POSITION_BEHIND` if the position is further
    /// already: it never moves back. Otherwise as for [any call](Self#errors-of-a-call).
    pub async fn set_position(
        &self,
        id: SubscriptionId,
        resume_token: impl Into<ResumeToken>,
    ) -> Result<PositionResponse, Error> {
        self.api
            .set_position(id, resume_token.into(), RetryMode::Idempotent)
            .await
    }

    /// The last block up to which everything is acknowledged; `None` before the first.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let id = event_streamer_models::SubscriptionId::new(7).expect("not zero");
    /// # let answer = r#"{"last_processed_block": 19000012}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("GET /subscriptions/7/last-processed-block", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// use event_streamer_models::ChainId;
    ///
    /// let block = client.get_subscription_last_processed_block(id, ChainId::new(1)).await?;
    /// assert_eq!(block, Some(19_000_012));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if there is no such subscription; otherwise as for
    /// [any call](Self#errors-of-a-call).
    pub async fn get_subscription_last_processed_block(
        &self,
        id: SubscriptionId,
        chain_id: impl Into<Option<ChainId>>,
    ) -> Result<Option<u64>, Error> {
        let operation = format!("get the last processed block of subscription {id}");
        let path = format!("/subscriptions/{id}/last-processed-block");
        let mut call = Call::get(path, operation);
        if let Some(chain_id) = chain_id.into() {
            call = call.query("chain_id", &chain_id);
        }
        let answer: LastProcessedBlockResponse = self.api.call(call).await?;
        Ok(answer.last_processed_block)
    }

    /// Whether a subscription is being processed, and for how many connections.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let id = event_streamer_models::SubscriptionId::new(7).expect("not zero");
    /// # let answer = r#"{"subscription_id": 7, "is_processing": true, "connection_count": 1, "timestamp": "2024-05-23T10:30:00.000Z"}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("GET /subscriptions/7/processing-status", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// let status = client.get_processing_status(id).await?;
    /// println!("{} connections", status.connection_count);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if there is no such subscription; otherwise as for
    /// [any call](Self#errors-of-a-call).
    pub async fn get_processing_status(
        &self,
        id: SubscriptionId,
    ) -> Result<ProcessingStatusResponse, Error> {
        self.api.processing_status(id).await
    }
}
