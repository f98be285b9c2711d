//! Batches that are refused by hand, and the dead letters that the service makes of them.

use event_streamer_models::{
    BatchRefusalRequest, BatchRefusalResponse, ConnectionId, DeadLetterListResponse,
    DeadLetterResponse, SubscriptionId,
};
use event_streamer_transport::RetryMode;
use http::Method;

use super::calls::Call;
use crate::error::Error;
use crate::event_streamer::EventStreamer;
use crate::url::encode;

impl EventStreamer {
    /// Refuses a batch of a connection: it comes again on its stream, and the acknowledged position
    /// does not pass it. Refused as often as the service allows, it becomes a dead letter.
    ///
    /// Sent once: a repeat might count twice.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let id = event_streamer_models::SubscriptionId::new(7).expect("not zero");
    /// # let answer = r#"{"batch_id": "batch_1", "refusals": 1, "max_refusals": 5, "outcome": "redelivery", "delay_seconds": 60, "timestamp": "2024-05-23T10:30:00.000Z"}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("POST /subscriptions/7/stream/conn_1/nack/batch", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// use event_streamer_models::{BatchRefusalRequest, RefusalOutcome};
    ///
    /// let mut refusal = BatchRefusalRequest::new("batch_1".into());
    /// refusal.delay_seconds = Some(60);
    /// refusal.reason = Some("the ledger is closed".to_owned());
    /// let answer = client.refuse_batch(id, &"conn_1".into(), &refusal).await?;
    /// assert_eq!(answer.outcome, RefusalOutcome::Redelivery);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the service does not know the batch or the
    /// connection, or it is not open; [`Conflict`](crate::ErrorKind::Conflict) if the batch was
    /// acknowledged; otherwise as for [any call](Self#errors-of-a-call).
    pub async fn refuse_batch(
        &self,
        id: SubscriptionId,
        connection: &ConnectionId,
        refusal: &BatchRefusalRequest,
    ) -> Result<BatchRefusalResponse, Error> {
        let connection = encode(connection.as_str());
        let path = format!("/subscriptions/{id}/stream/{connection}/nack/batch");
        let call = Call::new(Method::POST, path, "refuse a batch").json(refusal)?;
        self.api.call(call.retry(RetryMode::Never)).await
    }

    /// Up to `limit` (1 to 1,000) dead letters of a subscription behind the one numbered `after`,
    /// without their events.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let id = event_streamer_models::SubscriptionId::new(7).expect("not zero");
    /// # let answer = r#"{"dead_letters": []}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("GET /subscriptions/7/dead-letters", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// for letter in client.list_dead_letters(id, 0, 100).await?.dead_letters {
    ///     println!("{}: {} events, {:?}", letter.id, letter.batch_size, letter.reason);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [any call](Self#errors-of-a-call).
    pub async fn list_dead_letters(
        &self,
        id: SubscriptionId,
        after: u64,
        limit: u32,
    ) -> Result<DeadLetterListResponse, Error> {
        let call = Call::get(letters(id), "list dead letters");
        let call = call.query("after", &after).query("limit", &limit);
        self.api.call(call).await
    }

    /// One dead letter, with its events.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if there is none; otherwise as for
    /// [any call](Self#errors-of-a-call).
    pub async fn get_dead_letter(
        &self,
        id: SubscriptionId,
        letter: u64,
    ) -> Result<DeadLetterResponse, Error> {
        let path = format!("{}/{letter}", letters(id));
        self.api.call(Call::get(path, "get a dead letter")).await
    }

    /// Sends a dead letter on the subscription's newest open stream. It is gone when the batch it
    /// comes as is acknowledged. Asked for again before it was sent, it comes once.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if there is none,
    /// [`Conflict`](crate::ErrorKind::Conflict) with the code `NO_STREAM` if no stream is open at
    /// the instance that answers; otherwise as for [any call](Self#errors-of-a-call).
    pub async fn replay_dead_letter(
        &self,
        id: SubscriptionId,
        letter: u64,
    ) -> Result<DeadLetterResponse, Error> {
        let path = format!("{}/{letter}/replay", letters(id));
        let call = Call::new(Method::POST, path, "replay a dead letter");
        self.api.call(call.retry(RetryMode::Never)).await
    }

    /// Deletes a dead letter: nobody gets its events any more.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if there is none, also when the answer to a first
    /// attempt was lost; otherwise as for [any call](Self#errors-of-a-call).
    pub async fn delete_dead_letter(&self, id: SubscriptionId, letter: u64) -> Result<(), Error> {
        let path = format!("{}/{letter}", letters(id));
        let call = Call::new(Method::DELETE, path, "delete a dead letter");
        self.api.call_for_nothing(call).await
    }
}

fn letters(id: SubscriptionId) -> String {
    format!("/subscriptions/{id}/dead-letters")
}
