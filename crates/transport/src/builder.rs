//! Settings of a client, and what is made of them.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::{HeaderMap, HeaderName, HeaderValue};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioTimer;
use tokio::sync::Semaphore;

use crate::body::BodyLimits;
use crate::client::HttpClient;
use crate::compression::Compression;
use crate::connect::Connector;
use crate::credentials::Credentials;
use crate::decoder::ACCEPT_ENCODING;
use crate::dial::{Dial, Dialer};
use crate::error::TransportError;
use crate::headers::StandardHeaders;
use crate::life::Lifeline;
use crate::origin::Origin;
use crate::proxy::{Proxy, Route};
use crate::random::Random;
use crate::retry::{RetryPolicy, SleepingRetry};
use crate::stack::{self, Pool, Wire};
use crate::tls::{self, Identity};

/// hyper takes no less.
const MIN_HEAD_BYTES: usize = 8 << 10;

/// Settings of an [`HttpClient`]; every one has a default.
///
/// | setting | default |
/// |---|---|
/// | connect time-out | 10 s |
/// | response-head time-out | 30 s |
/// | idle-body time-out | 90 s |
/// | whole-call time-out | 60 s |
/// | body limit of [`request`](HttpClient::request) | 64 MiB; 64 KiB of an answer other than success |
/// | response head | 256 KiB, 100 headers |
/// | connections in use | 1,024 |
/// | idle connections kept per origin | 8, for 60 s |
/// | compression | off; its ratio at most 200 |
/// | HTTP/2 | off; to be had with the feature `http2` only |
/// | proxy | none; environment variables are not read |
/// | retries | [`RetryPolicy::default`] |
#[derive(Clone)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct HttpClientBuilder {
    connect_timeout: Duration,
    response_head_timeout: Duration,
    idle_body_timeout: Duration,
    whole_call_timeout: Duration,
    max_body_bytes: usize,
    max_error_body_bytes: usize,
    max_head_bytes: usize,
    max_headers: usize,
    max_connections: usize,
    max_idle_connections: usize,
    idle_connection_timeout: Duration,
    user_agent: String,
    default_headers: Vec<(String, String)>,
    credentials: Credentials,
    origin: Option<String>,
    root_certificates: Vec<Vec<u8>>,
    identity: Option<Identity>,
    proxy: Option<String>,
    compression: Compression,
    max_compression_ratio: u32,
    dialer: Dialer,
    retry: RetryPolicy,
    jitter_seed: Option<u64>,
    #[cfg(feature = "http2")]
    http2: crate::http2::Http2,
}

impl HttpClientBuilder {
    pub(crate) fn new() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            response_head_timeout: Duration::from_secs(30),
            idle_body_timeout: Duration::from_secs(90),
            whole_call_timeout: Duration::from_secs(60),
            max_body_bytes: 64 << 20,
            max_error_body_bytes: 64 << 10,
            max_head_bytes: 256 << 10,
            max_headers: 100,
            max_connections: 1_024,
            max_idle_connections: 8,
            idle_connection_timeout: Duration::from_secs(60),
            user_agent: concat!("event-streamer/", env!("CARGO_PKG_VERSION")).to_owned(),
            default_headers: Vec::new(),
            credentials: Credentials::none(),
            origin: None,
            root_certificates: Vec::new(),
            identity: None,
            proxy: None,
            compression: Compression::Off,
            max_compression_ratio: 200,
            dialer: Dialer::system(),
            retry: RetryPolicy::default(),
            jitter_seed: None,
            #[cfg(feature = "http2")]
            http2: crate::http2::Http2::Off,
        }
    }

    /// Limits name lookup, TCP, proxy and TLS together, and before them the wait for one of the
    /// [connections](Self::max_connections) to be free.
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

    /// Limits the body that [`request`](HttpClient::request) collects, in bytes, decompressed.
    pub fn max_body_bytes(mut self, limit: usize) -> Self {
        self.max_body_bytes = limit;
        self
    }

    /// Cuts the body of an answer other than success to so many bytes.
    pub fn max_error_body_bytes(mut self, limit: usize) -> Self {
        self.max_error_body_bytes = limit;
        self
    }

    /// Limits the head of a response in bytes, at least 8 KiB; also the most that is read from a
    /// connection at once. Beyond it: [`Protocol`](crate::TransportErrorKind::Protocol).
    pub fn max_head_bytes(mut self, limit: usize) -> Self {
        self.max_head_bytes = limit.max(MIN_HEAD_BYTES);
        self
    }

    /// Limits how many headers a response may have. Beyond it:
    /// [`Protocol`](crate::TransportErrorKind::Protocol).
    pub fn max_headers(mut self, limit: usize) -> Self {
        self.max_headers = limit;
        self
    }

    /// Limits the connections in use, all origins together, at least one. A call beyond it waits for
    /// one to be free, at most as long as for a connection; a stream keeps its own to its end.
    pub fn max_connections(mut self, limit: usize) -> Self {
        self.max_connections = limit.clamp(1, Semaphore::MAX_PERMITS);
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

    /// Proves who this client is in the TLS handshake (mTLS): the certificates as PEM, its own first,
    /// and its private key as PEM, in PKCS#8, PKCS#1 or SEC1, not encrypted.
    pub fn client_certificate_pem(
        mut self,
        certificates: impl Into<Vec<u8>>,
        key: impl Into<Vec<u8>>,
    ) -> Self {
        self.identity = Some(Identity {
            certificates: certificates.into(),
            key: key.into(),
        });
        self
    }

    /// Goes through an HTTP proxy, `http://host:port` or `http://user:password@host:port`: https by a
    /// tunnel (CONNECT), http by requests that the proxy passes on. Environment variables such as
    /// `HTTPS_PROXY` are not read.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// Sets whether compressed bodies are asked for.
    pub fn compression(mut self, compression: Compression) -> Self {
        self.compression = compression;
        self
    }

    /// Sets whether HTTP/2 is offered.
    #[cfg(feature = "http2")]
    pub fn http2(mut self, http2: crate::http2::Http2) -> Self {
        self.http2 = http2;
        self
    }

    /// Limits how many times longer than its compressed form a body may be; the first MiB is free.
    /// Beyond it: [`Compression`](crate::TransportErrorKind::Compression).
    pub fn max_compression_ratio(mut self, limit: u32) -> Self {
        self.max_compression_ratio = limit;
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
    /// [`Configuration`](crate::TransportErrorKind::Configuration) for a header, origin, proxy,
    /// credential or certificate that cannot be used.
    pub fn build(self) -> Result<HttpClient, TransportError> {
        let proxy = self.proxy.as_deref().map(Proxy::parse).transpose()?;
        let headers = self.standard_headers(proxy.as_ref())?;
        let lifeline = Lifeline::new();
        let random = self
            .jitter_seed
            .map_or_else(Random::from_system, Random::seeded);
        let (whole, streaming) = stack::build(stack::Settings {
            wire: Wire {
                pool: self.pool(proxy, &lifeline)?,
                connections: Arc::new(Semaphore::new(self.max_connections)),
                connect_limit: self.connect_timeout,
                idle_body_limit: self.idle_body_timeout,
                compression: self.compression,
                max_compression_ratio: self.max_compression_ratio,
            },
            headers: Arc::new(headers),
            retry: SleepingRetry::new(self.retry.clone(), random),
            response_head_limit: self.response_head_timeout,
            whole_call_limit: self.whole_call_timeout,
            body_limits: BodyLimits {
                whole: self.max_body_bytes,
                excerpt: self.max_error_body_bytes,
            },
        });
        Ok(HttpClient {
            whole,
            streaming,
            lifeline,
            settings: Arc::new(self),
        })
    }

    fn pool(&self, proxy: Option<Proxy>, lifeline: &Lifeline) -> Result<Pool, TransportError> {
        let tls = tls::config(&self.root_certificates, self.identity.as_ref())?;
        let route = Route {
            dialer: self.dialer.clone(),
            proxy,
        };
        let mut pool = Client::builder(lifeline.tasks());
        #[cfg(feature = "http2")]
        crate::http2::configure(&mut pool, self.max_head_bytes);
        #[cfg(feature = "http2")]
        let offers_http2 = self.http2 == crate::http2::Http2::Offered;
        #[cfg(not(feature = "http2"))]
        let offers_http2 = false;
        let connector = Connector::new(route, tls, self.connect_timeout, offers_http2);
        Ok(pool
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(self.idle_connection_timeout)
            .pool_max_idle_per_host(self.max_idle_connections)
            .http1_max_buf_size(self.max_head_bytes)
            .http1_max_headers(self.max_headers)
            .build(connector))
    }

    fn standard_headers(&self, proxy: Option<&Proxy>) -> Result<StandardHeaders, TransportError> {
        let accept_encoding = match self.compression {
            Compression::Off => None,
            Compression::On => Some(HeaderValue::from_static(ACCEPT_ENCODING)),
        };
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
            accept_encoding,
            proxy_authorization: proxy.and_then(Proxy::authorization).cloned(),
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
            .field("max_connections", &self.max_connections)
            .field("compression", &self.compression)
            .field("proxy", &self.proxy.as_deref().map(Proxy::parse))
            .field("client_certificate", &self.identity.is_some())
            .field("user_agent", &self.user_agent)
            .field("default_headers", &header_names)
            .field("credentials", &self.credentials)
            .field("origin", &origin)
            .field("dialer", &self.dialer)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
