//! Response bodies: as a bounded whole, or piece by piece.

use std::fmt;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::Response;
use http_body::Body;
use http_body_util::BodyExt;
use hyper::body::Incoming;

use crate::classify;
use crate::error::{TimeoutKind, TransportError, TransportErrorKind};
use crate::origin::Origin;

/// So much is reserved at once for a body that announces its length; beyond it, memory grows with
/// what arrives.
const MAX_ANNOUNCED_RESERVE: usize = 1 << 20;

/// A response body as it arrives.
///
/// Dropping it before its end closes the connection. After an error or the end there is nothing
/// more to come.
///
/// ```
/// # use event_streamer_testkit::{Script, WireServer};
/// # use event_streamer_transport::HttpClient;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let script = Script::new().expect("GET /stream").stream_head(&[]).chunk("one\n").chunk("two\n");
/// # let server = WireServer::scripted([script.last_chunk()]).await;
/// # let url = format!("{}/stream", server.url());
/// let client = HttpClient::builder().build()?;
/// let request = http::Request::get(url).body(bytes::Bytes::new())?;
///
/// let mut body = client.stream(request).await?.into_body();
/// let mut length = 0;
/// while let Some(piece) = body.chunk().await {
///     length += piece?.len();
/// }
/// assert_eq!(length, 8);
/// # Ok(())
/// # }
/// ```
pub struct BodyStream {
    /// `None` once the body ended or failed.
    incoming: Option<Incoming>,
    idle_limit: Duration,
    origin: Origin,
}

impl BodyStream {
    pub(crate) fn new(incoming: Incoming, idle_limit: Duration, origin: Origin) -> Self {
        Self {
            incoming: Some(incoming),
            idle_limit,
            origin,
        }
    }

    /// The next piece, or `None` at the end. Pieces are as the network gave them, never empty.
    ///
    /// Cancel safe: a piece is either returned or still there for the next call.
    ///
    /// # Errors
    ///
    /// [`Timeout(IdleBody)`](TimeoutKind::IdleBody) if nothing came within the idle time-out,
    /// [`Interrupted`](TransportErrorKind::Interrupted) if the connection ended before the body
    /// did, [`Protocol`](TransportErrorKind::Protocol) for broken chunk framing.
    pub async fn chunk(&mut self) -> Option<Result<Bytes, TransportError>> {
        loop {
            let frame = self.incoming.as_mut()?.frame();
            let failure = match tokio::time::timeout(self.idle_limit, frame).await {
                // Trailers are of no use here.
                Ok(Some(Ok(frame))) => match frame.into_data() {
                    Ok(data) if !data.is_empty() => return Some(Ok(data)),
                    _ => continue,
                },
                Ok(Some(Err(error))) => Some(classify::body_error(error)),
                Ok(None) => None,
                Err(_) => Some(TransportError::timeout(TimeoutKind::IdleBody)),
            };
            self.incoming = None;
            return failure.map(|error| Err(error.with_origin(&self.origin)));
        }
    }

    /// The whole rest of the body, if it has at most `limit` bytes.
    ///
    /// # Errors
    ///
    /// As [`chunk`](Self::chunk), and [`BodyTooLarge`](TransportErrorKind::BodyTooLarge), at once
    /// where the response announces its length.
    pub async fn collect(mut self, limit: usize) -> Result<Bytes, TransportError> {
        let too_large = || TransportError::new(TransportErrorKind::BodyTooLarge { limit });
        let announced = self
            .incoming
            .as_ref()
            .map_or(0, |body| body.size_hint().lower());
        if announced > limit as u64 {
            return Err(too_large().with_origin(&self.origin));
        }
        let mut whole = Pieces::default();
        while let Some(piece) = self.chunk().await {
            let piece = piece?;
            if piece.len() > limit - whole.len() {
                return Err(too_large().with_origin(&self.origin));
            }
            whole.push(piece, announced as usize);
        }
        Ok(whole.into_bytes())
    }

    /// The first `limit` bytes of the body at most, or as much of them as came before the body
    /// ended, failed or stalled: what an error report quotes of an answer that went wrong anyway.
    pub async fn excerpt(mut self, limit: usize) -> Bytes {
        let mut start = Pieces::default();
        while start.len() < limit {
            let Some(Ok(mut piece)) = self.chunk().await else {
                break;
            };
            piece.truncate(limit - start.len());
            start.push(piece, 0);
        }
        start.into_bytes()
    }
}

impl fmt::Debug for BodyStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyStream")
            .field("origin", &self.origin)
            .field("ended", &self.incoming.is_none())
            .finish_non_exhaustive()
    }
}

/// Pieces joined; one piece alone is not copied.
#[derive(Default)]
struct Pieces {
    first: Bytes,
    joined: BytesMut,
}

impl Pieces {
    fn len(&self) -> usize {
        self.first.len() + self.joined.len()
    }

    fn push(&mut self, piece: Bytes, expected: usize) {
        if self.len() == 0 {
            self.first = piece;
            return;
        }
        if self.joined.is_empty() {
            // What a peer announces is a hint, not a claim on memory.
            let hint = expected.min(MAX_ANNOUNCED_RESERVE);
            self.joined
                .reserve(hint.max(self.first.len() + piece.len()));
            self.joined
                .extend_from_slice(&std::mem::take(&mut self.first));
        }
        self.joined.extend_from_slice(&piece);
    }

    fn into_bytes(self) -> Bytes {
        if self.joined.is_empty() {
            self.first
        } else {
            self.joined.freeze()
        }
    }
}

/// The layer that turns a streaming response into a whole one.
pub(crate) async fn collect(
    response: Response<BodyStream>,
    limit: usize,
) -> Result<Response<Bytes>, TransportError> {
    let (head, body) = response.into_parts();
    Ok(Response::from_parts(head, body.collect(limit).await?))
}
