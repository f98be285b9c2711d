//! Answers and streams in a compressed form, for those who ask for one.

mod accept;
mod body;
mod encoder;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use http_body::Body as _;
use tokio::sync::Semaphore;

use self::accept::Coding;
use self::body::CompressedBody;

/// Shorter answers gain nothing. Streams have no length.
const MIN_BYTES: u64 = 1024;

/// How many answers may be in the making in a compressed form: each has a codec of its own.
#[derive(Clone, Debug)]
pub(crate) struct Codecs(Arc<Semaphore>);

impl Codecs {
    pub(crate) fn new(max: usize) -> Self {
        Self(Arc::new(Semaphore::new(max.min(Semaphore::MAX_PERMITS))))
    }
}

/// Compresses what is worth it while there are codecs; the others go out as they are.
pub(crate) async fn compress(
    State(codecs): State<Codecs>,
    request: Request,
    next: Next,
) -> Response {
    let coding = Coding::wanted(request.headers()).filter(|_| request.method() != Method::HEAD);
    let mut response = next.run(request).await;
    if response
        .body()
        .size_hint()
        .exact()
        .is_some_and(|bytes| bytes < MIN_BYTES)
    {
        return response;
    }
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let permit = coding.and_then(|coding| Some((coding, codecs.0.try_acquire_owned().ok()?)));
    let Some((coding, permit)) = permit else {
        return response;
    };
    headers.remove(header::CONTENT_LENGTH);
    let name = HeaderValue::from_static(coding.name());
    headers.insert(header::CONTENT_ENCODING, name);
    response.map(|body| Body::new(CompressedBody::new(body, coding, permit)))
}
