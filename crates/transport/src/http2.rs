//! HTTP/2, where it is wanted.

use std::time::Duration;

use hyper_util::client::legacy::Builder;
use hyper_util::rt::TokioTimer;

/// Whether HTTP/2 is offered to peers (by ALPN, RFC 7301, so over TLS only).
///
/// One connection then carries many calls, which saves handshakes where many small ones are made at
/// once. For streams that live for days it is the wrong choice: a reader that stalls fills the
/// window that the others share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Http2 {
    /// HTTP/1.1 alone.
    #[default]
    Off,
    /// The peer chooses.
    Offered,
}

/// A connection on which calls wait is pinged this often. All of them hang on it, so that one that
/// died silently is to be found long before their own time limits.
const PING_INTERVAL: Duration = Duration::from_secs(5);
const PING_TIMEOUT: Duration = Duration::from_secs(5);

/// What a peer may send of one body, and of all of a connection, before it is read: the default
/// 64 KiB would make a round trip of every 64 KiB of a large answer.
const STREAM_WINDOW: u32 = 2 << 20;
const CONNECTION_WINDOW: u32 = 8 << 20;

/// Pings and windows, for connections that turn out to be HTTP/2.
pub(crate) fn configure(pool: &mut Builder, max_head_bytes: usize) {
    pool.timer(TokioTimer::new())
        .http2_keep_alive_interval(PING_INTERVAL)
        .http2_keep_alive_timeout(PING_TIMEOUT)
        .http2_initial_stream_window_size(STREAM_WINDOW)
        .http2_initial_connection_window_size(CONNECTION_WINDOW)
        .http2_max_header_list_size(u32::try_from(max_head_bytes).unwrap_or(u32::MAX));
}
