//! Exchanges over real loopback sockets, with the faults that networks and peers have.

#![allow(
    clippy::unwrap_used,
    reason = "integration tests: a panic is how a test fails"
)]

mod bodies;
mod closing;
mod compression;
mod errors;
mod exchanges;
#[cfg(feature = "http2")]
mod http2;
mod limits;
mod proxies;
mod retries;
mod secrets;
mod timeouts;
mod tls;

use bytes::Bytes;
use event_streamer_transport::{HttpClient, HttpClientBuilder, RetryPolicy};
use http::{Method, Request};

/// A client that never repeats: one exchange is one connection of the script.
fn client() -> HttpClient {
    plain().build().unwrap()
}

fn plain() -> HttpClientBuilder {
    HttpClient::builder().retry_policy(RetryPolicy::never())
}

fn request(method: Method, url: &str) -> Request<Bytes> {
    Request::builder()
        .method(method)
        .uri(url)
        .body(Bytes::new())
        .unwrap()
}

fn get(url: &str) -> Request<Bytes> {
    request(Method::GET, url)
}
