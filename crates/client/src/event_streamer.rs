//! The client of a service.

use std::sync::Arc;

use event_streamer_abi::ContractAbi;
use event_streamer_models::{AbiEvent, SubscriptionId};

use crate::api::Api;
use crate::builder::EventStreamerBuilder;
use crate::error::Error;
use crate::streaming::{StreamingClient, StreamingOptions};

/// A client of an Event Streamer service: subscriptions, streams of their events, chains, circuit
/// breakers, and everything else in the API.
///
/// Cheap to clone; clones share connections and settings. Dropping the last one, and the streams made
/// with it, leaves no task behind.
///
/// # Errors of a call
///
/// | kind | when |
/// |---|---|
/// | [`Connection`](crate::ErrorKind::Connection), [`Timeout`](crate::ErrorKind::Timeout) | no answer |
/// | [`Auth`](crate::ErrorKind::Auth) | 401, 403, 407 |
/// | [`NotFound`](crate::ErrorKind::NotFound) | 404, 410 |
/// | [`Conflict`](crate::ErrorKind::Conflict) | 409 |
/// | [`Validation`](crate::ErrorKind::Validation) | other 4xx: 400, 405, 413, 415, 422 |
/// | [`RateLimited`](crate::ErrorKind::RateLimited) | 429 |
/// | [`Service`](crate::ErrorKind::Service) | 5xx |
/// | [`Protocol`](crate::ErrorKind::Protocol) | a redirect, which is never followed; an answer that cannot be read |
/// | [`Stopped`](crate::ErrorKind::Stopped) | the client is closed |
///
/// Where a repeat can do no harm, the call was repeated before, as the
/// [retry policy](EventStreamerBuilder::retry_policy) says; a `Retry-After` is waited for in full, or the
/// error comes at once and [tells it](crate::Error::retry_after).
///
/// # Example
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
    pub(crate) api: Api,
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
        self.api.url().as_str()
    }

    /// Whose subscriptions these are.
    #[must_use]
    pub fn subscriber_id(&self) -> &str {
        &self.subscriber_id
    }

    /// Closes the client and all its clones: lets the calls under way end, which their time limits see
    /// to, ends every connection, and returns when no task of theirs is left. Later calls fail with
    /// [`Stopped`](crate::ErrorKind::Stopped).
    ///
    /// [Stop](StreamingClient::stop_streaming) the streams of this client first, so that they send
    /// their last acknowledgements: those that still run are cut and end with
    /// [`Stopped`](crate::ErrorKind::Stopped) too. Dropping the client, its clones and its streams ends
    /// the connections as well, without waiting for that.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use event_streamer_client::{ErrorKind, EventStreamer};
    ///
    /// let client = EventStreamer::new("http://localhost:8000", "my-app")?;
    /// client.close().await;
    /// assert_eq!(client.get_health().await.unwrap_err().kind(), ErrorKind::Stopped);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn close(&self) {
        self.api.close().await;
    }

    /// Finds an event in the ABI of a contract: by its name, or by its signature where several share
    /// the name. Offline; the same as [`event_streamer_abi::extract_abi_event`].
    ///
    /// ```
    /// # use event_streamer_client::EventStreamer;
    /// # let client = EventStreamer::new("http://localhost:8000", "my-app")?;
    /// let abi = r#"[{"type": "event", "name": "Paused", "inputs": [{"name": "account", "type": "address"}]}]"#;
    /// let paused = client.extract_abi_event(abi, "Paused")?;
    /// assert_eq!(paused.inputs[0].name.as_deref(), Some("account"));
    /// # Ok::<(), event_streamer_client::Error>(())
    /// ```
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
    /// ```
    /// # use event_streamer_client::EventStreamer;
    /// # let client = EventStreamer::new("http://localhost:8000", "my-app")?;
    /// let abi = r#"[{"type": "event", "name": "Paused", "inputs": [{"name": "account", "type": "address"}]}]"#;
    /// assert_eq!(client.extract_abi_events(abi)?.len(), 1);
    /// # Ok::<(), event_streamer_client::Error>(())
    /// ```
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
    /// ```
    /// # use event_streamer_client::EventStreamer;
    /// # let client = EventStreamer::new("http://localhost:8000", "my-app")?;
    /// let abi = r#"[{"type": "event", "name": "Paused", "inputs": [{"name": "account", "type": "address"}]}]"#;
    /// let contract = client.parse_contract_abi(abi)?;
    /// assert!(contract.functions.is_empty());
    /// # Ok::<(), event_streamer_client::Error>(())
    /// ```
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
