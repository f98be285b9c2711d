//! Acknowledgements and heartbeats by hand, for those who read streams by themselves.
//! [`StreamingClient`](crate::StreamingClient) does all of it.

use event_streamer_models::{
    BatchAcknowledgmentResponse, BatchId, BulkBatchAcknowledgmentResponse, ClientHeartbeatResponse,
    ConfirmationResponse, ConnectionId, ResponseId, SubscriptionId,
};
use event_streamer_transport::RetryMode;

use crate::error::Error;
use crate::event_streamer::EventStreamer;

/// The most batch ids of a request.
const MAX_IDS: usize = 1_000;

impl EventStreamer {
    /// Acknowledges a batch of a connection. Returns when the service has it durably.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let id = event_streamer_models::SubscriptionId::new(7).expect("not zero");
    /// # let answer = r#"{"acknowledged": true, "batch_id": "batch_1"}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("POST /subscriptions/7/stream/conn_1/ack/batch", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// client.acknowledge_batch(id, &"conn_1".into(), "batch_1").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the service does not know the batch or the connection;
    /// otherwise as for [any call](Self#errors-of-a-call).
    pub async fn acknowledge_batch(
        &self,
        id: SubscriptionId,
        connection: &ConnectionId,
        batch_id: impl Into<BatchId>,
    ) -> Result<BatchAcknowledgmentResponse, Error> {
        self.api.acknowledge(id, connection, batch_id.into()).await
    }

    /// Acknowledges 1 to 1,000 batches of a connection. What the service did not take is in
    /// `failed_batch_ids`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let id = event_streamer_models::SubscriptionId::new(7).expect("not zero");
    /// # let answer = r#"{"acknowledged_batches": 2, "total_events_acknowledged": 9, "failed_batch_ids": []}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("POST /subscriptions/7/stream/conn_1/ack/batch/bulk", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// let answer = client
    ///     .acknowledge_batch_bulk(id, &"conn_1".into(), ["batch_1", "batch_2"])
    ///     .await?;
    /// assert_eq!(answer.acknowledged_batches, 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Validation`](crate::ErrorKind::Validation) for no ids or more than 1,000; otherwise as
    /// [`acknowledge_batch`](Self::acknowledge_batch).
    pub async fn acknowledge_batch_bulk(
        &self,
        id: SubscriptionId,
        connection: &ConnectionId,
        batch_ids: impl IntoIterator<Item = impl Into<BatchId>>,
    ) -> Result<BulkBatchAcknowledgmentResponse, Error> {
        let ids: Vec<BatchId> = batch_ids
            .into_iter()
            .map(Into::into)
            .take(MAX_IDS + 1)
            .collect();
        if ids.is_empty() || ids.len() > MAX_IDS {
            return Err(Error::validation(format!(
                "acknowledge batches: a request names 1 to {MAX_IDS} batches"
            )));
        }
        self.api
            .acknowledge_bulk(id, connection, ids, RetryMode::Idempotent)
            .await
    }

    /// Acknowledges a batch by its `response_id`, for services without batch ids. Sent once: whether a
    /// repeat does no harm is not said.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let id = event_streamer_models::SubscriptionId::new(7).expect("not zero");
    /// # let answer = r#"{"success": true, "message": "confirmed"}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("POST /confirmations", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// let answer = client.confirm(id, "0f8fad5b-d9cb-469f-a165-70867728950e").await?;
    /// assert!(answer.success);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the service does not know the delivery; otherwise as for
    /// [any call](Self#errors-of-a-call).
    pub async fn confirm(
        &self,
        id: SubscriptionId,
        response_id: impl Into<ResponseId>,
    ) -> Result<ConfirmationResponse, Error> {
        self.api.confirm(id, response_id.into()).await
    }

    /// Tells the service that the client of a connection lives. Sent once.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let answer = r#"{"acknowledged": true}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("POST /stream/conn_1/heartbeat", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// use std::time::Duration;
    ///
    /// let limit = Duration::from_secs(5);
    /// client.send_heartbeat(&"conn_1".into(), 1, limit).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the service does not know the connection; otherwise as for
    /// [any call](Self#errors-of-a-call).
    pub async fn send_heartbeat(
        &self,
        connection: &ConnectionId,
        sequence: u64,
        limit: std::time::Duration,
    ) -> Result<ClientHeartbeatResponse, Error> {
        self.api.heartbeat(connection, sequence, limit).await
    }
}
