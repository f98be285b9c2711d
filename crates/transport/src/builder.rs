//! Settings of a client, and what is made of them.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::{HeaderMap, HeaderName, HeaderValue};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::client::HttpClient;
use crate::connect::{self, Connector};
use crate::credentials::Credentials;
use crate::dial::{Dial, Dialer};
use crate::error::TransportError;
use crate::headers::StandardHeaders;
use crate::origin::Origin;
use crate::random::Random;
use crate::retry::{RetryPolicy, SleepingRetry};
use crate::stack::{self, Pool};

/// Settings of an [`HttpClient`]; every one has a default.
///
/// | setting | default |
/// |---|---|
/// | connect time-out | 10 s |
/// | response-head time-out | 30 s |
/// | idle-body time-out | 90 s |
/// | whole-call time-out | 60 s |
/// | body limit of [`request`](HttpClient::request) | 64 MiB |
/// | idle connections kept per origin | 8, for 60 s |
/// | retries | [`RetryPolicy::default`] |
#[derive(Clone)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct HttpClientBuilder {
    connect_timeout: Duration,
    response_head_timeout: Duration,
    idle_body_timeout: Duration,
    whole_call_timeout: Duration,
    max_body_bytes: usize,
    max_idle_connections: usize,
    idle_connection_timeout: Duration,
    user_agent: String,
    default_headers: Vec<(String, String)>,
    credentials: Credentials,
    origin: Option<String>,
    root_certificates: Vec<Vec<u8>>,
    dialer: Dialer,
    retry: RetryPolicy,
    jitter_seed: Option<u64>,
}

impl HttpClientBuilder {
    pub(crate) fn new() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            response_head_timeout: Duration::from_secs(30),
            idle_body_timeout: Duration::from_secs(90),
            whole_call_timeout: Duration::from_secs(60),
            max_body_bytes: 64 << 20,
            max_idle_connections: 8,
            idle_connection_timeout: Duration::from_secs(60),
            user_agent: concat!("event-streamer/", env!("CARGO_PKG_VERSION")).to_owned(),
            default_headers: Vec::new(),
            credentials: Credentials::none(),
            origin: None,
            root_certificates: Vec::new(),
            dialer: Dialer::system(),
            retry: RetryPolicy::default(),
            jitter_seed: None,
        }
    }

    /// Limits name lookup, TCP and TLS together.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// Limits each attempt from its start, connecting included, to the response's head.
    pub fn response_head_timeout(mut self, limit: Duration) -> Self {
        self.response_head_timeout = limit;
        self
    }

    /// Limits the silence between two pieces of a response body.
    pub fn idle_body_timeout(mut self, limit: Duration) -> Self {
        self.idle_body_timeout = limit;
        self
    }

    /// Limits a whole [`request`](HttpClient::request): all attempts, the waits between them and
    /// the body. Streams have no such limit.
    pub fn whole_call_timeout(mut self, limit: Duration) -> Self {
        self.whole_call_timeout = limit;
        self
    }

    /// Limits the body that [`request`](HttpClient::request) collects, in bytes.
    pub fn max_body_bytes(mut self, limit: usize) -> Self {
        self.max_body_bytes = limit;
        self
    }

    /// Limits the idle connections that the pool keeps per origin; 0 keeps none.
    pub fn max_idle_connections(mut self, limit: usize) -> Self {
        self.max_idle_connections = limit;
        self
    }

    /// How long the pool keeps an idle connection.
    pub fn idle_connection_timeout(mut self, limit: Duration) -> Self {
        self.idle_connection_timeout = limit;
        self
    }

    /// Sets the `User-Agent` header.
    pub fn user_agent(mut self, text: impl Into<String>) -> Self {
        self.user_agent = text.into();
        self
    }

    /// Adds a header to every request that does not bring it itself. A name given several times
    /// is sent several times.
    pub fn default_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.default_headers.push((name.into(), value.into()));
        self
    }

    /// Sets what is sent to prove who calls.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// Binds credentials and default headers to the origin of this URL: requests to other
    /// origins go without them. Not set: they go with every request.
    pub fn origin(mut self, url: impl Into<String>) -> Self {
        self.origin = Some(url.into());
        self
    }

    /// Trusts the certificates of a PEM text too, beside Mozilla's roots.
    pub fn root_certificates_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Opens connections by this dialer in place of name lookup and TCP. Pool, TLS and time limits
    /// stay.
    pub fn dialer(mut self, dialer: impl Dial) -> Self {
        self.dialer = Dialer::Custom(Arc::new(dialer));
        self
    }

    /// Sets when and how often exchanges are repeated.
    pub fn retry_policy(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Makes the jitter of the retry delays repeatable, for simulations. Not set: seeded from the
    /// operating system.
    pub fn jitter_seed(mut self, seed: u64) -> Self {
        self.jitter_seed = Some(seed);
        self
    }

    /// Makes the client. No connection is made yet.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::TransportErrorKind::Configuration) for a header, origin,
    /// credential or certificate that cannot be used.
    pub fn build(self) -> Result<HttpClient, TransportError> {
        let headers = self.standard_headers()?;
        let random = self
            .jitter_seed
            .map_or_else(Random::from_system, Random::seeded);
        let (whole, streaming) = stack::build(stack::Settings {
            pool: self.pool()?,
            headers: Arc::new(headers),
            retry: SleepingRetry::new(self.retry.clone(), random),
            response_head_limit: self.response_head_timeout,
            idle_body_limit: self.idle_body_timeout,
            whole_call_limit: self.whole_call_timeout,
            max_body_bytes: self.max_body_bytes,
        });
        Ok(HttpClient {
            whole,
            streaming,
            settings: Arc::new(self),
        })
    }

    fn pool(&self) -> Result<Pool, TransportError> {
        let tls = connect::tls_config(&self.root_certificates)?;
        let connector = Connector::new(self.dialer.clone(), tls, self.connect_timeout);
        Ok(Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(self.idle_connection_timeout)
            .pool_max_idle_per_host(self.max_idle_connections)
            .build(connector))
    }

    fn standard_headers(&self) -> Result<StandardHeaders, TransportError> {
        let user_agent = header_value("user-agent", &self.user_agent)?;
        let mut defaults = HeaderMap::new();
        for (name, value) in &self.default_headers {
            let key = HeaderName::try_from(name).map_err(|error| {
                TransportError::configuration("a default header's name is not a header name")
                    .with_source(error)
            })?;
            defaults.append(key, header_value(name, value)?);
        }
        let origin = match &self.origin {
            Some(url) => Some(url.parse::<Origin>().map_err(|error| {
                TransportError::configuration("the origin is not an absolute http or https URL")
                    .with_source(error)
            })?),
            None => None,
        };
        Ok(StandardHeaders {
            user_agent,
            defaults,
            credentials: self.credentials.header()?,
            origin,
        })
    }
}

/// Any default header may hold a key, so every one is marked sensitive.
fn header_value(name: &str, text: &str) -> Result<HeaderValue, TransportError> {
    let mut value = HeaderValue::from_str(text).map_err(|error| {
        TransportError::configuration(format!(
            "the value of the header {} holds a character that no header can carry",
            name.escape_debug()
        ))
        .with_source(error)
    })?;
    value.set_sensitive(true);
    Ok(value)
}

impl fmt::Debug for HttpClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header_names: Vec<&str> = self
            .default_headers
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        // An origin that does not parse is not shown: it may be anything.
        let origin = self.origin.as_ref().map(|url| url.parse::<Origin>().ok());
        f.debug_struct("HttpClientBuilder")
            .field("connect_timeout", &self.connect_timeout)
            .field("response_head_timeout", &self.response_head_timeout)
            .field("idle_body_timeout", &self.idle_body_timeout)
            .field("whole_call_timeout", &self.whole_call_timeout)
            .field("max_body_bytes", &self.max_body_bytes)
            .field("user_agent", &self.user_agent)
            .field("default_headers", &header_names)
            .field("credentials", &self.credentials)
            .field("origin", &origin)
            .field("dialer", &self.dialer)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
