//! The queue of lines as an HTTP body.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame};
use tokio::sync::mpsc;

use super::connection::Connection;

/// The body of a stream: one frame for each line, so that each is flushed when it is written.
///
/// The HTTP server asks for a frame only when it has written the one before. Taking a line is
/// therefore the sign that writing succeeds, and dropping the body that the client is gone.
#[derive(Debug)]
pub(crate) struct LineBody {
    lines: mpsc::Receiver<Bytes>,
    connection: Arc<Connection>,
}

impl LineBody {
    pub(crate) fn new(lines: mpsc::Receiver<Bytes>, connection: Arc<Connection>) -> Self {
        Self { lines, connection }
    }
}

impl Body for LineBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.lines.poll_recv(context).map(|line| {
            line.map(|line| {
                self.connection.heard();
                Ok(Frame::data(line))
            })
        })
    }
}
