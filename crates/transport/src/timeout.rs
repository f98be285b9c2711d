//! The two time limits around an exchange, as tower layers.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Instant;
use tower::{Layer, Service};

use crate::client::Call;
use crate::error::{TimeoutKind, TransportError};

/// Limits each attempt from its start to the response's head.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ResponseHeadLimit(pub(crate) Duration);

/// Limits the whole call, and lets the layers below know when it ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WholeCallLimit(pub(crate) Duration);

#[derive(Clone, Debug)]
pub(crate) struct Limited<L, S> {
    limit: L,
    inner: S,
}

impl<S> Layer<S> for ResponseHeadLimit {
    type Service = Limited<Self, S>;

    fn layer(&self, inner: S) -> Self::Service {
        Limited {
            limit: *self,
            inner,
        }
    }
}

impl<S> Layer<S> for WholeCallLimit {
    type Service = Limited<Self, S>;

    fn layer(&self, inner: S) -> Self::Service {
        Limited {
            limit: *self,
            inner,
        }
    }
}

type BoxFuture<T> = Pin<Box<dyn Future<Output = Result<T, TransportError>> + Send>>;

impl<S> Service<Call> for Limited<ResponseHeadLimit, S>
where
    S: Service<Call, Error = TransportError>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = TransportError;
    type Future = BoxFuture<S::Response>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, call: Call) -> Self::Future {
        let origin = call.origin.clone();
        let exchange = tokio::time::timeout(self.limit.0, self.inner.call(call));
        Box::pin(async move {
            exchange.await.unwrap_or_else(|_| {
                Err(TransportError::timeout(TimeoutKind::ResponseHead).with_origin(&origin))
            })
        })
    }
}

impl<S> Service<Call> for Limited<WholeCallLimit, S>
where
    S: Service<Call, Error = TransportError>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = TransportError;
    type Future = BoxFuture<S::Response>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut call: Call) -> Self::Future {
        let limit = call.options.timeout.unwrap_or(self.limit.0);
        // A limit beyond the clock's range is none.
        call.deadline = Instant::now().checked_add(limit);
        let origin = call.origin.clone();
        let exchange = tokio::time::timeout(limit, self.inner.call(call));
        Box::pin(async move {
            exchange.await.unwrap_or_else(|_| {
                Err(TransportError::timeout(TimeoutKind::WholeCall).with_origin(&origin))
            })
        })
    }
}
