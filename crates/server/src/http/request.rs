//! One request on its way from a connection to the API, and its answer on the way back.

use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body as _, Frame, SizeHint};
use hyper::body::Incoming;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use super::activity::{Activity, UnderWay};
use super::proxy;
use super::slots::{Slot, Slots};
use crate::config::IpRange;

/// Where a request comes from: an extension of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer {
    /// The number of its connection, in the logs.
    pub(crate) connection: u64,
    /// Who asks: the other end of the socket, or whom a trusted proxy asks for.
    pub(crate) client: Option<IpAddr>,
    /// The client has as many requests under way, through proxies, as it may.
    pub(crate) is_crowded: bool,
}

/// Serves the requests of one connection.
#[derive(Clone, Debug)]
pub(super) struct Requests {
    pub(super) router: Router,
    pub(super) activity: Arc<Activity>,
    pub(super) slots: Slots,
    pub(super) trusted_proxies: Arc<[IpRange]>,
    /// The other end of the socket.
    pub(super) peer: Option<IpAddr>,
    pub(super) connection: u64,
}

impl hyper::service::Service<Request<Incoming>> for Requests {
    type Response = Response<Answer>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        let mut under_way = self.activity.request();
        let has_no_body = request.method() == http::Method::HEAD;
        let client = self
            .peer
            .map(|peer| proxy::client(peer, &self.trusted_proxies, request.headers()));
        // The socket of a client without a proxy is counted already.
        let through_proxy = client.filter(|_| client != self.peer);
        let slot = through_proxy.map(|client| self.slots.take(client));
        request.extensions_mut().insert(Peer {
            connection: self.connection,
            client,
            is_crowded: matches!(slot, Some(None)),
        });
        let answer = self.router.clone().oneshot(request);
        Box::pin(async move {
            let answer = answer.await?;
            if has_no_body || answer.body().is_end_stream() {
                // Nobody will ask for it.
                under_way.answered();
            }
            Ok(answer.map(|body| Answer {
                body,
                under_way,
                _slot: slot.flatten(),
            }))
        })
    }
}

/// The body of an answer, which its request is under way with.
#[derive(Debug)]
pub(super) struct Answer {
    body: Body,
    under_way: UnderWay,
    _slot: Option<Slot>,
}

impl http_body::Body for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if frame.is_none() || self.body.is_end_stream() {
            self.under_way.answered();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Runs what HTTP/2 does beside its connections, where a shutdown waits for it.
#[derive(Clone, Debug)]
pub(super) struct Tracked(TaskTracker);

impl Tracked {
    pub(super) fn new(tasks: TaskTracker) -> Self {
        Self(tasks)
    }
}

impl<F> hyper::rt::Executor<F> for Tracked
where
    F: Future<Output: Send> + Send + 'static,
{
    fn execute(&self, future: F) {
        self.0.spawn(future);
    }
}
