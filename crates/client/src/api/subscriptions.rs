//! Subscriptions: made, read, listed, changed, deleted.

use event_streamer_models::{
    SubscriptionCreate, SubscriptionId, SubscriptionListResponse, SubscriptionResponse,
    SubscriptionUpdate,
};
use event_streamer_transport::RetryMode;
use http::{HeaderName, Method, StatusCode};

use super::calls::{Call, read, refusal};
use super::pages::SubscriptionPages;
use crate::error::Error;
use crate::event_streamer::EventStreamer;
use crate::idempotency::IdempotencyKey;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

impl EventStreamer {
    /// Creates a subscription of this subscriber, whatever the request says whose it is.
    ///
    /// Never twice without being told: the request carries a random `Idempotency-Key`. Where it may
    /// have been carried out though its answer was lost, it is repeated only if the service has shown
    /// that it knows the header, by echoing one before. Otherwise the error comes at once; then look
    /// with [`list_subscriptions`](Self::list_subscriptions), or create with a
    /// [key of your own](Self::create_subscription_with_key) from the start.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use event_streamer_models::{AbiEvent, AbiInput, ChainId, SubscriptionCreate};
    /// # use event_streamer_client::EventStreamer;
    /// # let answer = event_streamer_testkit::answers::SUBSCRIPTION;
    /// # let server = event_streamer_testkit::WireServer::answering("POST /subscriptions", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    ///
    /// let paused = AbiEvent::new("Paused", vec![AbiInput::new("account", "address")]);
    /// let wanted = SubscriptionCreate::new(paused, ChainId::new(1), 19_000_000);
    /// let subscription = client.create_subscription(wanted).await?;
    /// assert_eq!(subscription.id.get(), 7);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Validation`](crate::ErrorKind::Validation) with all the faults of the request; otherwise as
    /// for [any call](Self#errors-of-a-call).
    pub async fn create_subscription(
        &self,
        subscription: SubscriptionCreate,
    ) -> Result<SubscriptionResponse, Error> {
        self.create_subscription_with_key(subscription, &IdempotencyKey::random())
            .await
    }

    /// Creates a subscription under a key: asked for again with the same key, by whom and whenever,
    /// a service that knows `Idempotency-Key` answers with the same subscription. Services that do
    /// not know it create another one.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let answer = event_streamer_testkit::answers::SUBSCRIPTION;
    /// # let server = event_streamer_testkit::WireServer::answering("POST /subscriptions", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// # use event_streamer_models::{AbiEvent, AbiInput, ChainId, SubscriptionCreate};
    /// # let paused = AbiEvent::new("Paused", vec![AbiInput::new("account", "address")]);
    /// # let wanted = SubscriptionCreate::new(paused, ChainId::new(1), 19_000_000);
    /// use event_streamer_client::IdempotencyKey;
    ///
    /// let key = IdempotencyKey::new("pauses-of-vault-12")?;
    /// let subscription = client.create_subscription_with_key(wanted, &key).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`create_subscription`](Self::create_subscription);
    /// [`Conflict`](crate::ErrorKind::Conflict) if the key was used for another request.
    pub async fn create_subscription_with_key(
        &self,
        mut subscription: SubscriptionCreate,
        key: &IdempotencyKey,
    ) -> Result<SubscriptionResponse, Error> {
        subscription.subscriber_id = Some(self.subscriber_id().to_owned());
        let operation = "create a subscription";
        let retry = match self.api.knows_idempotency() {
            true => RetryMode::Idempotent,
            false => RetryMode::Safe,
        };
        let call = Call::new(Method::POST, "/subscriptions", operation)
            .json(&subscription)?
            .header(IDEMPOTENCY_KEY, key.as_str())
            .retry(retry);
        let response = self.api.exchange(call).await.map_err(|error| {
            // It may be there: the answer is what was lost.
            let unclear = error.may_have_been_sent();
            unclear_creation(error, unclear)
        })?;
        if response
            .headers()
            .get(IDEMPOTENCY_KEY)
            .is_some_and(|echo| echo == key.as_str())
        {
            self.api.learn_idempotency();
        }
        if response.status().is_success() {
            return read(operation, &response).map_err(|error| unclear_creation(error, true));
        }
        let unclear = is_unclear(response.status());
        Err(unclear_creation(refusal(operation, &response), unclear))
    }

    /// Reads a subscription.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # use event_streamer_models::SubscriptionId;
    /// # let answer = event_streamer_testkit::answers::SUBSCRIPTION;
    /// # let server = event_streamer_testkit::WireServer::answering("GET /subscriptions/7", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// # let id = SubscriptionId::new(7).expect("not zero");
    /// let subscription = client.get_subscription(id).await?;
    /// println!("{} since block {}", subscription.streaming_status, subscription.start_block);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if there is none; otherwise as for
    /// [any call](Self#errors-of-a-call).
    pub async fn get_subscription(
        &self,
        id: SubscriptionId,
    ) -> Result<SubscriptionResponse, Error> {
        let call = Call::get(path(id), format!("get subscription {id}"));
        let subscriber_id = &self.subscriber_id();
        self.api
            .call(call.query("subscriber_id", subscriber_id))
            .await
    }

    /// Reads a page of this subscriber's subscriptions: `page` from 1, `page_size` from 1 to 100.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let answer = r#"{"subscriptions": [], "total": 0, "page": 1, "page_size": 20}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("GET /subscriptions", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// let page = client.list_subscriptions(1, 20).await?;
    /// println!("{} of {}", page.subscriptions.len(), page.total);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [any call](Self#errors-of-a-call).
    pub async fn list_subscriptions(
        &self,
        page: u64,
        page_size: u64,
    ) -> Result<SubscriptionListResponse, Error> {
        let call = Call::get("/subscriptions", format!("list subscriptions, page {page}"))
            .query("page", &page)
            .query("page_size", &page_size)
            .query("subscriber_id", &self.subscriber_id());
        self.api.call(call).await
    }

    /// All of this subscriber's subscriptions, page by page as they are asked for.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let one = event_streamer_testkit::answers::SUBSCRIPTION;
    /// # let answer = format!(r#"{{"subscriptions": [{one}], "total": 1, "page": 1, "page_size": 100}}"#);
    /// # let server = event_streamer_testkit::WireServer::answering("GET /subscriptions", &answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// let mut all = client.list_all_subscriptions();
    /// while let Some(subscription) = all.next().await? {
    ///     println!("{}", subscription.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn list_all_subscriptions(&self) -> SubscriptionPages {
        SubscriptionPages::new(self.clone())
    }

    /// Changes the fields of a subscription that are set.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use event_streamer_models::SubscriptionUpdate;
    /// # use event_streamer_client::EventStreamer;
    /// # let answer = event_streamer_testkit::answers::SUBSCRIPTION;
    /// # let server = event_streamer_testkit::WireServer::answering("PUT /subscriptions/7", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// # let id = event_streamer_models::SubscriptionId::new(7).expect("not zero");
    ///
    /// // From now on it follows the head: null, where a missing field would change nothing.
    /// let update = SubscriptionUpdate { end_block: Some(None), ..SubscriptionUpdate::default() };
    /// client.update_subscription(id, &update).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound), [`Validation`](crate::ErrorKind::Validation);
    /// otherwise as for [any call](Self#errors-of-a-call).
    pub async fn update_subscription(
        &self,
        id: SubscriptionId,
        update: &SubscriptionUpdate,
    ) -> Result<SubscriptionResponse, Error> {
        let call = Call::new(Method::PUT, path(id), format!("update subscription {id}"));
        self.api.call(call.json(update)?).await
    }

    /// Deletes a subscription; its open streams end with an error.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let server = event_streamer_testkit::WireServer::answering("DELETE /subscriptions/7", "").await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// # let id = event_streamer_models::SubscriptionId::new(7).expect("not zero");
    /// match client.delete_subscription(id).await {
    ///     Err(error) if error.is_not_found() => println!("it was gone already"),
    ///     other => other?,
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if there is none, also when the answer to a first
    /// attempt was lost; otherwise as for [any call](Self#errors-of-a-call).
    pub async fn delete_subscription(&self, id: SubscriptionId) -> Result<(), Error> {
        let call = Call::new(
            Method::DELETE,
            path(id),
            format!("delete subscription {id}"),
        );
        self.api.call_for_nothing(call).await
    }
}

fn path(id: SubscriptionId) -> String {
    format!("/subscriptions/{id}")
}

/// Whether a request may have been carried out though it was answered with this.
fn is_unclear(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 500 | 502 | 504)
}

fn unclear_creation(error: Error, unclear: bool) -> Error {
    if unclear {
        error.with_words("; it may have been created: list the subscriptions before trying again")
    } else {
        error
    }
}
