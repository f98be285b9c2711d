//! Limits of the HTTP side.

use std::time::Duration;

use super::IpRange;

/// Settings of the HTTP server. Plain data.
///
/// ```
/// use event_streamer_server::HttpConfig;
///
/// assert_eq!(HttpConfig::default().max_body_bytes, 4 * 1024 * 1024);
/// ```
#[derive(Clone, Debug)]
pub struct HttpConfig {
    /// The largest request body. Default 4 MiB: 10,000 addresses fit eight times,
    /// and so do the acknowledgements of a whole window, which the Python client 0.5.0 sends at once and
    /// would repeat for ever if they were refused.
    pub max_body_bytes: usize,
    /// The longest time a request body may take to arrive. Default 30 s.
    pub body_timeout: Duration,
    /// The largest head of a request, its URL included. Default 64 KiB: a resume token takes a few
    /// hundred bytes.
    pub max_head_bytes: usize,
    /// The most headers of one HTTP/1.1 request; on HTTP/2 their bytes are what counts. Default
    /// 100.
    pub max_headers: usize,
    /// The longest time for a request's head, from its first byte to its last; for a connection's
    /// first one from the connection's begin, the TLS handshake included. Default 15 s.
    pub header_timeout: Duration,
    /// The longest time between two requests of a connection. Default 75 s: longer than the minute
    /// for which our client keeps an idle connection, so that it is not closed under a request.
    pub idle_timeout: Duration,
    /// The longest time a write to a socket may make no progress. Default 15 min: a handler may
    /// take its time, and its client says with heartbeats that it is alive.
    pub write_timeout: Duration,
    /// Sockets that may be open; more wait to be accepted. Default 25,000.
    pub max_sockets: usize,
    /// Sockets that one address may have; an IPv6 network of 64 bits counts as one. Further ones
    /// are answered 429 and closed. Behind a trusted proxy: requests that one client may have
    /// under way, streams included. Default 12,500: nobody takes all there are.
    pub max_sockets_per_address: usize,
    /// Proxies whose `X-Forwarded-For` is believed. Default: none.
    pub trusted_proxies: Vec<IpRange>,
    /// Names under which the API may be asked, besides addresses, `localhost` and names without a
    /// dot. Default empty: any name; but only these from the same machine where there are no API
    /// keys, as a web page could otherwise reach the API by a name of its own (DNS rebinding).
    pub allowed_hosts: Vec<String>,
    /// Offers HTTP/2 on TLS. Without TLS the API speaks HTTP/1.1 only. Default true.
    pub http2: bool,
    /// Requests of one HTTP/2 connection that may be under way, streams included. Default 128.
    pub max_http2_streams: u32,
    /// Answers, streams included, that may be in the making in a compressed form; each takes an
    /// estimated 300 KiB, for as long as it is open. Further ones go out plain, and 0 turns compression off.
    /// Default 2,000.
    pub max_compressed: usize,
    /// How long a shutdown waits for requests and streams to end. Default 15 s.
    pub shutdown_timeout: Duration,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            max_body_bytes: 4 * 1024 * 1024,
            body_timeout: Duration::from_secs(30),
            max_head_bytes: 64 * 1024,
            max_headers: 100,
            header_timeout: Duration::from_secs(15),
            idle_timeout: Duration::from_secs(75),
            write_timeout: Duration::from_secs(15 * 60),
            max_sockets: 25_000,
            max_sockets_per_address: 12_500,
            trusted_proxies: Vec::new(),
            allowed_hosts: Vec::new(),
            http2: true,
            max_http2_streams: 128,
            max_compressed: 2_000,
            shutdown_timeout: Duration::from_secs(15),
        }
    }
}

/// What a buffer for heads has to hold at least.
const MIN_HEAD_BYTES: usize = 8 * 1024;
/// Headers beyond are too many to be looked through.
const MAX_HEADERS: usize = 10_000;

impl HttpConfig {
    pub(crate) fn fault(&self) -> Option<String> {
        let fault = if [self.header_timeout, self.idle_timeout, self.body_timeout]
            .iter()
            .any(Duration::is_zero)
            || self.write_timeout.is_zero()
        {
            "the time-outs must be positive"
        } else if self.max_sockets == 0 || self.max_sockets_per_address == 0 {
            "a socket must be allowed, in all and of each address"
        } else if self.max_head_bytes < MIN_HEAD_BYTES {
            "a head must be allowed 8 KiB"
        } else if self.max_headers == 0 || self.max_headers > MAX_HEADERS {
            "the headers of a request must be from 1 to 10,000"
        } else if self.max_http2_streams == 0 {
            "an HTTP/2 connection must be allowed a stream"
        } else {
            return None;
        };
        Some(format!("http: {fault}"))
    }
}
