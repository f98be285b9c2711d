//! The tower stack: everything that happens to a call, top to bottom in one function.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceBuilder;
use tower::retry::RetryLayer;
use tower::util::BoxCloneSyncService;

use crate::body::{self, BodyLimits, BodyStream, Source};
use crate::classify;
use crate::client::Call;
use crate::compression::Compression;
use crate::connect::Connector;
use crate::decoder::{DecodeFault, Decoder, Encoding};
use crate::error::{TimeoutKind, TransportError};
use crate::headers::StandardHeaders;
use crate::idle::IdleTimer;
use crate::retry::SleepingRetry;
use crate::timeout::{ResponseHeadLimit, WholeCallLimit};

pub(crate) type Pool = Client<Connector, Full<Bytes>>;
pub(crate) type WholeStack = BoxCloneSyncService<Call, Response<Bytes>, TransportError>;
pub(crate) type StreamStack = BoxCloneSyncService<Call, Response<BodyStream>, TransportError>;

/// What the layers are made of.
pub(crate) struct Settings {
    pub(crate) wire: Wire,
    pub(crate) headers: Arc<StandardHeaders>,
    pub(crate) retry: SleepingRetry,
    pub(crate) response_head_limit: Duration,
    pub(crate) whole_call_limit: Duration,
    pub(crate) body_limits: BodyLimits,
}

/// Both stacks: of calls that want the whole body, and of calls that stream it. The first stands
/// on the second.
pub(crate) fn build(settings: Settings) -> (WholeStack, StreamStack) {
    let Settings {
        wire,
        headers,
        retry,
        body_limits,
        ..
    } = settings;
    let wire = Arc::new(wire);

    let streaming = ServiceBuilder::new()
        .map_request(move |mut call: Call| {
            headers.add_to(&mut call.request, &call.origin);
            call
        })
        .layer(ResponseHeadLimit(settings.response_head_limit))
        .service_fn(move |call: Call| exchange(Arc::clone(&wire), call));

    let whole = ServiceBuilder::new()
        .layer(WholeCallLimit(settings.whole_call_limit))
        .layer(RetryLayer::new(retry))
        .and_then(move |response| body::collect(response, body_limits))
        .service(streaming.clone());

    (
        BoxCloneSyncService::new(whole),
        BoxCloneSyncService::new(streaming),
    )
}

/// The bottom of the stack: the connections, and what is made of what comes over them.
pub(crate) struct Wire {
    pub(crate) pool: Pool,
    /// One permit for each connection that may be in use.
    pub(crate) connections: Arc<Semaphore>,
    pub(crate) connect_limit: Duration,
    pub(crate) idle_body_limit: Duration,
    pub(crate) compression: Compression,
    pub(crate) max_compression_ratio: u32,
}

/// One request over one connection of the pool. Redirects are answers like others.
async fn exchange(wire: Arc<Wire>, call: Call) -> Result<Response<BodyStream>, TransportError> {
    let Call {
        request,
        origin,
        lifeline,
        ..
    } = call;
    let exchange = async {
        let permit = wire.connection().await?;
        let answer = wire.pool.request(request.map(Full::new)).await;
        let response = answer.map_err(classify::exchange_error)?;
        let decoder = wire.decoder(&response).map_err(body::decode_error)?;
        Ok((permit, response, decoder))
    };
    let (permit, response, decoder) = exchange
        .await
        .map_err(|error: TransportError| error.with_origin(&origin))?;
    let (mut head, incoming) = response.into_parts();
    if decoder.is_some() {
        // They speak of the compressed form, which nobody sees.
        head.headers.remove(CONTENT_ENCODING);
        head.headers.remove(CONTENT_LENGTH);
    }
    let source = Source {
        incoming,
        decoder,
        idle: IdleTimer::default(),
        _permit: permit,
    };
    let body = BodyStream::new(source, wire.idle_body_limit, origin, lifeline);
    Ok(Response::from_parts(head, body))
}

impl Wire {
    /// A place among the connections that may be in use.
    async fn connection(&self) -> Result<OwnedSemaphorePermit, TransportError> {
        let waiting = Arc::clone(&self.connections).acquire_owned();
        match tokio::time::timeout(self.connect_limit, waiting).await {
            Ok(Ok(permit)) => Ok(permit),
            // The semaphore is never closed, so it is the time.
            Ok(Err(_)) | Err(_) => Err(TransportError::timeout(TimeoutKind::Pool)),
        }
    }

    /// What undoes the compression of a response's body.
    fn decoder(&self, response: &Response<Incoming>) -> Result<Option<Decoder>, DecodeFault> {
        if self.compression == Compression::Off {
            return Ok(None);
        }
        match Encoding::of(response.headers()) {
            Ok(encoding) => {
                let decoder = |encoding| Decoder::new(encoding, self.max_compression_ratio);
                Ok(encoding.map(decoder))
            }
            // What went wrong matters more than the words for it.
            Err(_) if !response.status().is_success() => Ok(None),
            Err(fault) => Err(fault),
        }
    }
}
