//! The tower stack: everything that happens to a call, top to bottom in one function.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use tower::ServiceBuilder;
use tower::retry::RetryLayer;
use tower::util::BoxCloneSyncService;

use crate::body::{self, BodyStream};
use crate::classify;
use crate::client::Call;
use crate::connect::Connector;
use crate::error::TransportError;
use crate::headers::StandardHeaders;
use crate::retry::SleepingRetry;
use crate::timeout::{ResponseHeadLimit, WholeCallLimit};

pub(crate) type Pool = Client<Connector, Full<Bytes>>;
pub(crate) type WholeStack = BoxCloneSyncService<Call, Response<Bytes>, TransportError>;
pub(crate) type StreamStack = BoxCloneSyncService<Call, Response<BodyStream>, TransportError>;

/// What the layers are made of.
pub(crate) struct Settings {
    pub(crate) pool: Pool,
    pub(crate) headers: Arc<StandardHeaders>,
    pub(crate) retry: SleepingRetry,
    pub(crate) response_head_limit: Duration,
    pub(crate) idle_body_limit: Duration,
    pub(crate) whole_call_limit: Duration,
    pub(crate) max_body_bytes: usize,
}

/// Both stacks: of calls that want the whole body, and of calls that stream it. The first stands
/// on the second.
pub(crate) fn build(settings: Settings) -> (WholeStack, StreamStack) {
    let Settings {
        pool,
        headers,
        retry,
        idle_body_limit,
        max_body_bytes,
        ..
    } = settings;

    let streaming = ServiceBuilder::new()
        .map_request(move |mut call: Call| {
            headers.add_to(&mut call.request, &call.origin);
            call
        })
        .layer(ResponseHeadLimit(settings.response_head_limit))
        .service_fn(move |call: Call| exchange(pool.clone(), call, idle_body_limit));

    let whole = ServiceBuilder::new()
        .layer(WholeCallLimit(settings.whole_call_limit))
        .layer(RetryLayer::new(retry))
        .and_then(move |response| body::collect(response, max_body_bytes))
        .service(streaming.clone());

    (
        BoxCloneSyncService::new(whole),
        BoxCloneSyncService::new(streaming),
    )
}

/// The bottom: one request over one connection of the pool. Redirects are answers like others.
async fn exchange(
    pool: Pool,
    call: Call,
    idle_body_limit: Duration,
) -> Result<Response<BodyStream>, TransportError> {
    let Call {
        request, origin, ..
    } = call;
    match pool.request(request.map(Full::new)).await {
        Ok(response) => Ok(response.map(|body| BodyStream::new(body, idle_body_limit, origin))),
        Err(error) => Err(classify::exchange_error(error).with_origin(&origin)),
    }
}
