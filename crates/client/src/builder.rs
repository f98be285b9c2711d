//! Settings of an [`EventStreamer`], checked when it is made.

use std::time::Duration;

use event_streamer_transport::{Credentials, HttpClient, HttpClientBuilder, RetryPolicy};

use crate::api::Api;
use crate::error::Error;
use crate::event_streamer::EventStreamer;
use crate::url::ServiceUrl;

/// The longest subscriber id, in bytes.
const MAX_SUBSCRIBER_ID: usize = 1_024;

/// Silence in a body is judged by the reader of the stream, who knows what to expect.
const NO_IDLE_LIMIT: Duration = Duration::from_secs(24 * 3600);

/// Settings of an [`EventStreamer`]; made by [`EventStreamer::builder`].
///
/// ```
/// use std::time::Duration;
/// use event_streamer_client::EventStreamer;
///
/// let client = EventStreamer::builder("https://events.example.com", "my-app")
///     .bearer_token("secret")
///     .timeout(Duration::from_secs(10))
///     .header("X-Team", "payments")
///     .build()?;
/// assert_eq!(client.subscriber_id(), "my-app");
/// # Ok::<(), event_streamer_client::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct EventStreamerBuilder {
    service_url: String,
    subscriber_id: String,
    http: HttpClientBuilder,
}

impl EventStreamerBuilder {
    pub(crate) fn new(service_url: String, subscriber_id: String) -> Self {
        Self {
            service_url,
            subscriber_id,
            http: HttpClient::builder().whole_call_timeout(Duration::from_secs(30)),
        }
    }

    /// Limits a whole call: all attempts, the waits between them and the body. Default 30 s. Streams
    /// have no such limit.
    pub fn timeout(self, limit: Duration) -> Self {
        self.with_http(|http| http.whole_call_timeout(limit))
    }

    /// Limits the making of a connection. Default 10 s.
    pub fn connect_timeout(self, limit: Duration) -> Self {
        self.with_http(|http| http.connect_timeout(limit))
    }

    /// Limits the wait for the head of a response, that of a stream included. Default 30 s.
    pub fn response_timeout(self, limit: Duration) -> Self {
        self.with_http(|http| http.response_head_timeout(limit))
    }

    /// Sends `Authorization: Bearer <token>` with every request to the service.
    pub fn bearer_token(self, token: impl Into<String>) -> Self {
        let token = token.into();
        self.with_http(|http| http.credentials(Credentials::bearer(token)))
    }

    /// Sends `X-API-Key: <key>` with every request to the service.
    pub fn api_key(self, key: impl Into<String>) -> Self {
        let key = key.into();
        self.with_http(|http| http.credentials(Credentials::api_key(key)))
    }

    /// Sends a header with every request to the service.
    pub fn header(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into(), value.into());
        self.with_http(|http| http.default_header(name, value))
    }

    /// Sets the `User-Agent` header.
    pub fn user_agent(self, text: impl Into<String>) -> Self {
        let text = text.into();
        self.with_http(|http| http.user_agent(text))
    }

    /// Sets when and how often calls are repeated. Streams have their own policy:
    /// [`StreamingOptions::reconnect`](crate::StreamingOptions::reconnect).
    pub fn retry_policy(self, policy: RetryPolicy) -> Self {
        self.with_http(|http| http.retry_policy(policy))
    }

    /// Trusts the certificates of a PEM text too, beside the well-known roots.
    pub fn root_certificates_pem(self, pem: impl Into<Vec<u8>>) -> Self {
        let pem = pem.into();
        self.with_http(|http| http.root_certificates_pem(pem))
    }

    /// Changes any other setting of the HTTP client below: pool, dialer, limits.
    ///
    /// ```
    /// use event_streamer_client::EventStreamer;
    ///
    /// let client = EventStreamer::builder("http://localhost:8000", "my-app")
    ///     .with_http(|http| http.max_idle_connections(2).max_body_bytes(1 << 20))
    ///     .build()?;
    /// # Ok::<(), event_streamer_client::Error>(())
    /// ```
    pub fn with_http(
        mut self,
        change: impl FnOnce(HttpClientBuilder) -> HttpClientBuilder,
    ) -> Self {
        self.http = change(self.http);
        self
    }

    /// Makes the client. No connection is made yet.
    ///
    /// # Errors
    ///
    /// [`Validation`](crate::ErrorKind::Validation) for a URL that is not absolute, not http or https,
    /// or that has credentials, a query or a fragment; for an empty or overlong subscriber id; and for
    /// a header, credential or certificate that cannot be used.
    pub fn build(self) -> Result<EventStreamer, Error> {
        let url = ServiceUrl::parse(&self.service_url)?;
        check_subscriber_id(&self.subscriber_id)?;
        let http = self
            .http
            .origin(url.as_str())
            .idle_body_timeout(NO_IDLE_LIMIT)
            .build()
            .map_err(|error| Error::transport("making the client", error))?;
        Ok(EventStreamer::from_parts(
            Api::new(http, url),
            &self.subscriber_id,
        ))
    }
}

fn check_subscriber_id(id: &str) -> Result<(), Error> {
    if id.trim().is_empty() {
        return Err(Error::validation(
            "the subscriber id is empty; give this subscriber a name of its own",
        ));
    }
    if id.len() > MAX_SUBSCRIBER_ID {
        return Err(Error::validation(format!(
            "the subscriber id has {} bytes, the most is {MAX_SUBSCRIBER_ID}",
            id.len()
        )));
    }
    if id.chars().any(char::is_control) {
        return Err(Error::validation(
            "the subscriber id holds a control character",
        ));
    }
    Ok(())
}
