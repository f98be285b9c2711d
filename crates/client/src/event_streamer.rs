//! The client of a service.

use event_streamer_abi::ContractAbi;
use event_streamer_models::{
    AbiEvent, ChainId, HealthResponse, PositionResponse, ProcessingStatusResponse, ResumeToken,
    ServiceStatus, SubscriptionCreate, SubscriptionId, SubscriptionListResponse,
    SubscriptionResponse, SubscriptionUpdate,
};
use event_streamer_transport::RetryMode;
use std::sync::Arc;

use crate::api::Api;
use crate::builder::EventStreamerBuilder;
use crate::error::Error;
use crate::streaming::{StreamingClient, StreamingOptions};

/// A client of an Event Streamer service: subscriptions, and streams of their events.
///
/// Cheap to clone; clones share connections and settings. Dropping the last one, and the streams made
/// with it, leaves no task behind.
///
/// ```no_run
/// use event_streamer_client::{EventStreamer, StreamingOptions};
/// use event_streamer_models::{AbiEvent, AbiInput, ChainId, SubscriptionCreate};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let client = EventStreamer::new("http://localhost:8000", "my-app")?;
/// let transfer = AbiEvent::new(
///     "Transfer",
///     vec![
///         AbiInput::indexed("from", "address"),
///         AbiInput::indexed("to", "address"),
///         AbiInput::new("value", "uint256"),
///     ],
/// );
/// let wanted = SubscriptionCreate::new(transfer, ChainId::new(1), 19_000_000);
/// let subscription = client.create_subscription(wanted).await?;
///
/// let mut stream = client.create_streaming_client(subscription.id, StreamingOptions::default());
/// stream.on_event("Transfer", async |events, _context| {
///     for event in &events {
///         println!("{}", event.raw());
///     }
/// });
/// stream.start_streaming().await?;
/// stream.finished().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct EventStreamer {
    api: Api,
    subscriber_id: Arc<str>,
}

impl EventStreamer {
    pub(crate) fn from_parts(api: Api, subscriber_id: &str) -> Self {
        Self {
            api,
            subscriber_id: Arc::from(subscriber_id),
        }
    }

    /// A client with the default settings.
    ///
    /// # Errors
    ///
    /// As [`EventStreamerBuilder::build`].
    pub fn new(
        service_url: impl Into<String>,
        subscriber_id: impl Into<String>,
    ) -> Result<Self, Error> {
        Self::builder(service_url, subscriber_id).build()
    }

    /// Begins a client with settings of its own.
    pub fn builder(
        service_url: impl Into<String>,
        subscriber_id: impl Into<String>,
    ) -> EventStreamerBuilder {
        EventStreamerBuilder::new(service_url.into(), subscriber_id.into())
    }

    /// The address of the service.
    #[must_use]
    pub fn service_url(&self) -> &str {
        self.api.url()
    }

    /// Whose subscriptions these are.
    #[must_use]
    pub fn subscriber_id(&self) -> &str {
        &self.subscriber_id
    }

    /// Creates a subscription of this subscriber, whatever the request says whose it is.
    ///
    /// Not repeated where the service may have created it already: if the answer was lost, look with
    /// [`list_subscriptions`](Self::list_subscriptions).
    ///
    /// # Errors
    ///
    /// [`Validation`](crate::ErrorKind::Validation) with all the faults of the request; otherwise as
    /// for any call.
    pub async fn create_subscription(
        &self,
        mut subscription: SubscriptionCreate,
    ) -> Result<SubscriptionResponse, Error> {
        subscription.subscriber_id = Some(self.subscriber_id.to_string());
        self.api.create_subscription(&subscription).await
    }

    /// Reads a subscription.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if there is none; otherwise as for any call.
    pub async fn get_subscription(
        &self,
        id: SubscriptionId,
    ) -> Result<SubscriptionResponse, Error> {
        self.api.get_subscription(id, &self.subscriber_id).await
    }

    /// Reads a page of this subscriber's subscriptions: `page` from 1, `page_size` from 1 to 100.
    ///
    /// # Errors
    ///
    /// As for any call.
    pub async fn list_subscriptions(
        &self,
        page: u64,
        page_size: u64,
    ) -> Result<SubscriptionListResponse, Error> {
        self.api
            .list_subscriptions(page, page_size, &self.subscriber_id)
            .await
    }

    /// Changes the fields of a subscription that are set.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound), [`Validation`](crate::ErrorKind::Validation);
    /// otherwise as for any call.
    pub async fn update_subscription(
        &self,
        id: SubscriptionId,
        update: &SubscriptionUpdate,
    ) -> Result<SubscriptionResponse, Error> {
        self.api.update_subscription(id, update).await
    }

    /// Deletes a subscription; its open streams end with an error.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if there is none, also when the answer to a first
    /// attempt was lost; otherwise as for any call.
    pub async fn delete_subscription(&self, id: SubscriptionId) -> Result<(), Error> {
        self.api.delete_subscription(id).await
    }

    /// Whether the service answers and says that it is healthy.
    pub async fn health_check(&self) -> bool {
        self.get_health()
            .await
            .is_ok_and(|health| health.status == ServiceStatus::Healthy)
    }

    /// What the service says of its health.
    ///
    /// # Errors
    ///
    /// As for any call.
    pub async fn get_health(&self) -> Result<HealthResponse, Error> {
        self.api.health().await
    }

    /// Acknowledges everything of a subscription up to a token, on no connection in particular.
    ///
    /// # Errors
    ///
    /// [`Conflict`](crate::ErrorKind::Conflict) with the code `POSITION_BEHIND` if the position is
    /// further already: it never moves back. Otherwise as for any call.
    pub async fn set_position(
        &self,
        id: SubscriptionId,
        resume_token: ResumeToken,
    ) -> Result<PositionResponse, Error> {
        self.api
            .set_position(id, resume_token, RetryMode::Idempotent)
            .await
    }

    /// The last block up to which everything is acknowledged; `None` before the first.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if there is no such subscription; otherwise as for any
    /// call.
    pub async fn last_processed_block(
        &self,
        id: SubscriptionId,
        chain_id: Option<ChainId>,
    ) -> Result<Option<u64>, Error> {
        let answer = self.api.last_processed_block(id, chain_id).await?;
        Ok(answer.last_processed_block)
    }

    /// Whether a subscription is being processed, and for how many connections.
    ///
    /// # Errors
    ///
    /// As for any call.
    pub async fn processing_status(
        &self,
        id: SubscriptionId,
    ) -> Result<ProcessingStatusResponse, Error> {
        self.api.processing_status(id).await
    }

    /// Finds an event in the ABI of a contract: by its name, or by its signature where several share
    /// the name. Offline; the same as [`event_streamer_abi::extract_abi_event`].
    ///
    /// # Errors
    ///
    /// [`Validation`](crate::ErrorKind::Validation), naming the element and the fault; the source is
    /// the [`AbiError`](event_streamer_abi::AbiError).
    pub fn extract_abi_event(&self, abi_json: &str, name: &str) -> Result<AbiEvent, Error> {
        event_streamer_abi::extract_abi_event(abi_json, name).map_err(Error::abi)
    }

    /// All events in the ABI of a contract, in its order. Offline; the same as
    /// [`event_streamer_abi::extract_abi_events`].
    ///
    /// # Errors
    ///
    /// As [`extract_abi_event`](Self::extract_abi_event).
    pub fn extract_abi_events(&self, abi_json: &str) -> Result<Vec<AbiEvent>, Error> {
        event_streamer_abi::extract_abi_events(abi_json).map_err(Error::abi)
    }

    /// Everything in the ABI of a contract. Offline; the same as
    /// [`event_streamer_abi::parse_contract_abi`].
    ///
    /// # Errors
    ///
    /// As [`extract_abi_event`](Self::extract_abi_event).
    pub fn parse_contract_abi(&self, abi_json: &str) -> Result<ContractAbi, Error> {
        event_streamer_abi::parse_contract_abi(abi_json).map_err(Error::abi)
    }

    /// Prepares the streaming of a subscription's events. Nothing is sent before it is started.
    #[must_use]
    pub fn create_streaming_client(
        &self,
        id: SubscriptionId,
        options: StreamingOptions,
    ) -> StreamingClient {
        StreamingClient::new(self.api.clone(), id, options)
    }
}
