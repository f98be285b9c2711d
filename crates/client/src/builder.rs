//! Settings of an [`EventStreamer`], checked when it is made.

use std::time::Duration;

use event_streamer_transport::{
    Compression, Credentials, HttpClient, HttpClientBuilder, RetryPolicy,
};

use crate::api::Api;
use crate::error::Error;
use crate::event_streamer::EventStreamer;
use crate::url::ServiceUrl;

/// The longest subscriber id, in bytes.
const MAX_SUBSCRIBER_ID: usize = 1_024;

/// Settings of an [`EventStreamer`]; made by [`EventStreamer::builder`].
///
/// ```
/// use std::time::Duration;
/// use event_streamer_client::EventStreamer;
///
/// let client = EventStreamer::builder("https://events.example.com", "my-app")
///     .bearer_token("secret")
///     .header("X-Team", "payments")
///     .timeout(Duration::from_secs(10))
///     .connect_timeout(Duration::from_secs(3))
///     .proxy("http://proxy.example.com:3128")
///     .max_connections(64)
///     .idle_connections(4, Duration::from_secs(30))
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
            http: HttpClient::builder()
                .whole_call_timeout(Duration::from_secs(30))
                .compression(Compression::On),
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

    /// Limits the silence between two pieces of a call's answer. Default 90 s. Streams have their own
    /// limit: [`StreamingOptions::idle_timeout`](crate::StreamingOptions::idle_timeout).
    pub fn idle_timeout(self, limit: Duration) -> Self {
        self.with_http(|http| http.idle_body_timeout(limit))
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

    /// Goes through an HTTP proxy, `http://host:port` or `http://user:password@host:port`: to https by
    /// a tunnel (CONNECT), to http by requests that the proxy passes on. Environment variables such as
    /// `HTTPS_PROXY` are not read.
    pub fn proxy(self, url: impl Into<String>) -> Self {
        let url = url.into();
        self.with_http(|http| http.proxy(url))
    }

    /// Sets whether compressed answers and streams are asked for (`Accept-Encoding: zstd, gzip`).
    /// Default [`On`](Compression::On). On a loopback or a fast network, [`Off`](Compression::Off)
    /// spares both sides the work.
    pub fn compression(self, compression: Compression) -> Self {
        self.with_http(|http| http.compression(compression))
    }

    /// Limits the connections in use at once, each open stream's included. Default 1,024. Beyond it a
    /// call waits, at most as long as for a connection.
    pub fn max_connections(self, limit: usize) -> Self {
        self.with_http(|http| http.max_connections(limit))
    }

    /// Limits the idle connections that are kept, and for how long. Default 8, for 60 s.
    pub fn idle_connections(self, limit: usize, kept: Duration) -> Self {
        self.with_http(|http| {
            http.max_idle_connections(limit)
                .idle_connection_timeout(kept)
        })
    }

    /// Trusts the certificates of a PEM text too, beside the well-known roots.
    pub fn root_certificates_pem(self, pem: impl Into<Vec<u8>>) -> Self {
        let pem = pem.into();
        self.with_http(|http| http.root_certificates_pem(pem))
    }

    /// Proves who this client is in the TLS handshake (mTLS): the certificates as PEM, its own first,
    /// and its private key as PEM, in PKCS#8, PKCS#1 or SEC1, not encrypted.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use event_streamer_client::EventStreamer;
    ///
    /// let client = EventStreamer::builder("https://events.internal", "my-app")
    ///     .root_certificates_pem(std::fs::read("internal-ca.pem")?)
    ///     .client_certificate_pem(std::fs::read("my-app.pem")?, std::fs::read("my-app.key")?)
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_certificate_pem(
        self,
        certificates: impl Into<Vec<u8>>,
        key: impl Into<Vec<u8>>,
    ) -> Self {
        let (certificates, key) = (certificates.into(), key.into());
        self.with_http(|http| http.client_certificate_pem(certificates, key))
    }

    /// Changes any other setting of the HTTP client below: dialer, limits of heads and bodies, jitter.
    ///
    /// ```
    /// use event_streamer_client::EventStreamer;
    ///
    /// let client = EventStreamer::builder("http://localhost:8000", "my-app")
    ///     .with_http(|http| http.max_head_bytes(16 << 10).max_body_bytes(1 << 20))
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
    /// a header, proxy, credential or certificate that cannot be used.
    pub fn build(self) -> Result<EventStreamer, Error> {
        let url = ServiceUrl::parse(&self.service_url)?;
        check_subscriber_id(&self.subscriber_id)?;
        let http = self
            .http
            .origin(url.as_str())
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
