//! A body in its compressed form.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use bytes::Bytes;
use http_body::Frame;
use tokio::sync::OwnedSemaphorePermit;

use super::accept::Coding;
use super::encoder::Encoder;

/// One frame for each frame of the plain body, flushed, and one for the end.
#[derive(Debug)]
pub(super) struct CompressedBody {
    plain: Body,
    /// `None` after the end.
    encoder: Option<Encoder>,
    _permit: OwnedSemaphorePermit,
}

impl CompressedBody {
    pub(super) fn new(plain: Body, coding: Coding, permit: OwnedSemaphorePermit) -> Self {
        Self {
            plain,
            encoder: Some(Encoder::new(coding)),
            _permit: permit,
        }
    }
}

impl http_body::Body for CompressedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        loop {
            let Some(encoder) = &mut this.encoder else {
                return Poll::Ready(None);
            };
            let bytes = match ready!(Pin::new(&mut this.plain).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => encoder.message(&data),
                    // Trailers, which no answer of ours has.
                    Err(_) => continue,
                },
                // Without the codec's end: the client sees that something is missing.
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => match this.encoder.take() {
                    Some(encoder) => encoder.finish(),
                    None => return Poll::Ready(None),
                },
            };
            match bytes {
                // There is nothing to write for a message without bytes.
                Ok(bytes) if bytes.is_empty() => {}
                bytes => {
                    return Poll::Ready(Some(bytes.map(Frame::data).map_err(axum::Error::new)));
                }
            }
        }
    }
}
