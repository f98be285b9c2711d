//! One HTTP exchange, done reliably: hyper with tower retry, time-out and auth layers.
//!
//! This crate knows nothing of Event Streamer's models, paths or JSON. The client uses it for the
//! service's API, the service uses it for the JSON-RPC of EVM nodes. It answers one question:
//! how does one request get its response, or a typed error, in bounded time and memory?
//!
//! * [`HttpClient::request`] sends a request and collects the whole response body, bounded in
//!   size; it repeats the exchange where that is safe ([`RetryMode`], [`RetryPolicy`]).
//! * [`HttpClient::stream`] sends a request once and hands over the body as it arrives
//!   ([`BodyStream`]); resuming a broken stream is the matter of the layer above.
//!
//! What it never does: follow a redirect (not even within the origin: the caller is told, and
//! decides), send credentials to another origin than the configured one, show a path, query, header
//! value or body in an error, a log line or a `Debug` text, read an environment variable, wait
//! without a limit.
//!
//! ```
//! use std::time::Duration;
//!
//! use bytes::Bytes;
//! use event_streamer_transport::{CallOptions, Credentials, HttpClient};
//! use http::Request;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use event_streamer_testkit::{Script, WireServer};
//! # let script = Script::new().expect("GET /health").respond(200, "fine");
//! # let server = WireServer::scripted([script]).await;
//! # let service_url = server.url();
//! let client = HttpClient::builder()
//!     .origin(&service_url)
//!     .credentials(Credentials::bearer("secret"))
//!     .response_head_timeout(Duration::from_secs(10))
//!     .build()?;
//!
//! let request = Request::get(format!("{service_url}/health")).body(Bytes::new())?;
//! let response = client.request(request, CallOptions::default()).await?;
//! assert_eq!(response.status(), 200);
//! assert_eq!(response.body(), "fine");
//! # Ok(())
//! # }
//! ```

mod body;
mod builder;
mod classify;
mod client;
mod compression;
mod connect;
mod credentials;
mod decoder;
mod dial;
mod error;
mod headers;
#[cfg(feature = "http2")]
mod http2;
mod idle;
mod life;
mod origin;
mod proxy;
mod random;
mod retry;
mod stack;
mod timeout;
mod tls;

pub use body::BodyStream;
pub use builder::HttpClientBuilder;
pub use client::{CallOptions, HttpClient};
pub use compression::Compression;
pub use credentials::Credentials;
pub use dial::{Dial, Dialing, Link};
pub use error::{TimeoutKind, TransportError, TransportErrorKind};
#[cfg(feature = "http2")]
pub use http2::Http2;
pub use origin::Origin;
pub use retry::{RetryMode, RetryPolicy, retry_after};
