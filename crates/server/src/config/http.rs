//! Limits of the HTTP side.

use std::time::Duration;

/// Settings of the HTTP server. Plain data.
///
/// ```
/// use event_streamer_server::HttpConfig;
///
/// assert_eq!(HttpConfig::default().max_body_bytes, 2 * 1024 * 1024);
/// ```
#[derive(Clone, Debug)]
pub struct HttpConfig {
    /// The largest request body. Default 2 MiB: 10,000 addresses fit four times.
    pub max_body_bytes: usize,
    /// The longest time a request body may take to arrive. Default 30 s.
    pub body_timeout: Duration,
    /// The longest time from a connection's begin to the end of its first request's head.
    /// Default 15 s.
    pub header_timeout: Duration,
    /// The same from the end of one request to the end of the next one's head. Default 75 s:
    /// longer than the minute for which our client keeps an idle connection, so that it is not
    /// closed under a request.
    pub idle_timeout: Duration,
    /// The longest time a write to a socket may make no progress. Default 15 min: a handler may
    /// take its time, and its client says with heartbeats that it is alive.
    pub write_timeout: Duration,
    /// Sockets that may be open; more wait to be accepted. Default 25,000.
    pub max_sockets: usize,
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
            max_body_bytes: 2 * 1024 * 1024,
            body_timeout: Duration::from_secs(30),
            header_timeout: Duration::from_secs(15),
            idle_timeout: Duration::from_secs(75),
            write_timeout: Duration::from_secs(15 * 60),
            max_sockets: 25_000,
            max_compressed: 2_000,
            shutdown_timeout: Duration::from_secs(15),
        }
    }
}
