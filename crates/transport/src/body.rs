//! Response bodies: as a bounded whole, or piece by piece.

use std::fmt;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::Response;
use http_body::Body;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::sync::OwnedSemaphorePermit;

use crate::classify;
use crate::decoder::{DecodeFault, Decoder};
use crate::error::{TimeoutKind, TransportError, TransportErrorKind};
use crate::idle::IdleTimer;
use crate::life::Lifeline;
use crate::origin::Origin;

/// So much is reserved at once for a body that announces its length; beyond it, memory grows with
/// what arrives.
const MAX_ANNOUNCED_RESERVE: usize = 1 << 20;

/// How long the body of an answer other than success is waited for: it only explains the status.
const ERROR_BODY_TIME: Duration = Duration::from_secs(5);

/// A response body as it arrives, decompressed where the client asked for compression.
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
    source: Option<Source>,
    idle_limit: Duration,
    origin: Origin,
    lifeline: Lifeline,
}

/// Where a body comes from; dropped at its end, so that the connection is free again.
pub(crate) struct Source {
    pub(crate) incoming: Incoming,
    pub(crate) decoder: Option<Decoder>,
    pub(crate) idle: IdleTimer,
    /// The connection's place among those that the client may have.
    pub(crate) _permit: OwnedSemaphorePermit,
}

impl BodyStream {
    pub(crate) fn new(
        source: Source,
        idle_limit: Duration,
        origin: Origin,
        lifeline: Lifeline,
    ) -> Self {
        Self {
            source: Some(source),
            idle_limit,
            origin,
            lifeline,
        }
    }

    /// The same body with another idle time-out than the client's.
    #[must_use]
    pub fn with_idle_timeout(mut self, limit: Duration) -> Self {
        self.idle_limit = limit;
        self
    }

    /// The next piece, or `None` at the end. Pieces are as the network gave them or, of a compressed
    /// body, as soon as they can be decompressed, at most 64 KiB then; never empty.
    ///
    /// Cancel safe: a piece is either returned or still there for the next call.
    ///
    /// # Errors
    ///
    /// [`Timeout(IdleBody)`](TimeoutKind::IdleBody) if nothing came within the idle time-out,
    /// [`Interrupted`](TransportErrorKind::Interrupted) if the connection or the compressed form
    /// ended before the body did, [`Protocol`](TransportErrorKind::Protocol) for broken chunk
    /// framing, [`Compression`](TransportErrorKind::Compression) for a damaged compressed form or
    /// one that grows too much, [`Closed`](TransportErrorKind::Closed) if the client was closed.
    pub async fn chunk(&mut self) -> Option<Result<Bytes, TransportError>> {
        let error = match self.source.as_mut()?.next(self.idle_limit).await {
            Ok(Some(piece)) => return Some(Ok(piece)),
            Ok(None) => None,
            // How a connection ends that was ended here.
            Err(_) if self.lifeline.is_closed() => {
                Some(TransportError::new(TransportErrorKind::Closed))
            }
            Err(error) => Some(error),
        };
        self.source = None;
        error.map(|error| Err(error.with_origin(&self.origin)))
    }

    /// The whole rest of the body, if it has at most `limit` bytes.
    ///
    /// # Errors
    ///
    /// As [`chunk`](Self::chunk), and [`BodyTooLarge`](TransportErrorKind::BodyTooLarge), at once
    /// where the response announces its length.
    pub async fn collect(mut self, limit: usize) -> Result<Bytes, TransportError> {
        let too_large = || TransportError::new(TransportErrorKind::BodyTooLarge { limit });
        let announced = self.source.as_ref().map_or(0, Source::announced);
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

    /// The first `limit` bytes of the body at most, or as much of them as came within 5 s before the
    /// body ended, failed or stalled: what an error report quotes of an answer that went wrong anyway.
    pub async fn excerpt(mut self, limit: usize) -> Bytes {
        let mut start = Pieces::default();
        let reading = async {
            while start.len() < limit {
                let Some(Ok(mut piece)) = self.chunk().await else {
                    break;
                };
                piece.truncate(limit - start.len());
                start.push(piece, 0);
            }
        };
        // What came counts, however the reading ended.
        let _ = tokio::time::timeout(ERROR_BODY_TIME, reading).await;
        start.into_bytes()
    }
}

impl fmt::Debug for BodyStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyStream")
            .field("origin", &self.origin)
            .field("ended", &self.source.is_none())
            .finish_non_exhaustive()
    }
}

impl Source {
    /// The next piece, or `None` at the end.
    async fn next(&mut self, idle_limit: Duration) -> Result<Option<Bytes>, TransportError> {
        loop {
            if let Some(decoder) = &mut self.decoder
                && let Some(piece) = decoder.pull().map_err(decode_error)?
            {
                return Ok(Some(piece));
            }
            let frame = match self.idle.limit(idle_limit, self.incoming.frame()).await {
                Ok(Some(frame)) => frame.map_err(classify::body_error)?,
                Ok(None) => break,
                Err(_) => return Err(TransportError::timeout(TimeoutKind::IdleBody)),
            };
            // Trailers are of no use here.
            let Ok(data) = frame.into_data() else {
                continue;
            };
            match &mut self.decoder {
                Some(decoder) => decoder.push(data),
                None if data.is_empty() => {}
                None => return Ok(Some(data)),
            }
        }
        if let Some(decoder) = &self.decoder {
            decoder.finish().map_err(decode_error)?;
        }
        Ok(None)
    }

    /// At least so many bytes will come, says the response.
    fn announced(&self) -> u64 {
        match self.decoder {
            // What it says is how long the compressed form is.
            Some(_) => 0,
            None => self.incoming.size_hint().lower(),
        }
    }
}

pub(crate) fn decode_error(fault: DecodeFault) -> TransportError {
    let kind = match fault {
        DecodeFault::Truncated => TransportErrorKind::Interrupted,
        DecodeFault::Unsupported | DecodeFault::Damaged(_) | DecodeFault::Ratio(_) => {
            TransportErrorKind::Compression
        }
    };
    let error = TransportError::new(kind).with_detail(fault.to_string());
    match fault {
        DecodeFault::Damaged(cause) => error.with_source(cause),
        _ => error,
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

/// How much of a body is collected.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BodyLimits {
    /// Of a success; more is an error.
    pub(crate) whole: usize,
    /// Of anything else; the rest is left.
    pub(crate) excerpt: usize,
}

/// The layer that turns a streaming response into a whole one.
///
/// The status of an answer other than success is worth more than its body: that one is cut, and may
/// be broken.
pub(crate) async fn collect(
    response: Response<BodyStream>,
    limits: BodyLimits,
) -> Result<Response<Bytes>, TransportError> {
    let (head, body) = response.into_parts();
    let body = if head.status.is_success() {
        body.collect(limits.whole).await?
    } else {
        body.excerpt(limits.excerpt).await
    };
    Ok(Response::from_parts(head, body))
}
