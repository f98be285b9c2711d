//! How connections are made: dialing and TLS, under one time limit.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tower::Service;

use crate::proxy::{Carrier, Route};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The connector of the pool: plain or TLS by the URL's scheme.
#[derive(Clone)]
pub(crate) struct Connector {
    https: HttpsConnector<Route>,
    time_limit: Duration,
}

impl Connector {
    pub(crate) fn new(
        route: Route,
        tls: ClientConfig,
        time_limit: Duration,
        offers_http2: bool,
    ) -> Self {
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http();
        let https = match offers_http2 {
            #[cfg(feature = "http2")]
            true => https.enable_all_versions().wrap_connector(route),
            // HTTP/1.1 alone: a stream lives for days, and one connection for each keeps a stalled
            // reader from holding up the others.
            _ => https.enable_http1().wrap_connector(route),
        };
        Self { https, time_limit }
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<TokioIo<Carrier>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.https.poll_ready(cx)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = tokio::time::timeout(self.time_limit, self.https.call(uri));
        Box::pin(async move {
            connecting
                .await
                .unwrap_or_else(|_| Err(ConnectTimedOut.into()))
        })
    }
}

/// The connect time limit passed. Found again in the chain of causes by its type.
#[derive(Debug, thiserror::Error)]
#[error("name lookup, TCP, proxy and TLS were not done within the connect time-out")]
pub(crate) struct ConnectTimedOut;
