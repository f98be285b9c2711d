//! The queue of lines as an HTTP body.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame};
use tokio::sync::mpsc;

use super::connection::Connection;

/// The most bytes of lines that are joined in one frame.
const MAX_JOINED: usize = 64 << 10;

/// The body of a stream: one frame for each line as long as the client keeps up, so that each is
/// flushed when it is written; of lines that wait already, as many as fit in 64 KiB are one frame,
/// which saves both sides work for each.
///
/// The HTTP server asks for a frame only when it has written the one before. Taking a line is
/// therefore the sign that writing succeeds, and dropping the body that the client is gone.
#[derive(Debug)]
pub(crate) struct LineBody {
    lines: mpsc::Receiver<Bytes>,
    /// The line for which the frame before had no room.
    held: Option<Bytes>,
    connection: Arc<Connection>,
}

impl LineBody {
    pub(crate) fn new(lines: mpsc::Receiver<Bytes>, connection: Arc<Connection>) -> Self {
        Self {
            lines,
            held: None,
            connection,
        }
    }

    /// The next line; `None` at the end.
    fn poll_line(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        match self.held.take() {
            Some(line) => Poll::Ready(Some(line)),
            None => self.lines.poll_recv(context),
        }
    }

    /// A line and those that wait behind it, as far as they fit.
    fn join(&mut self, first: Bytes) -> Bytes {
        let mut room = MAX_JOINED.saturating_sub(first.len());
        let mut lines = vec![first];
        while room > 0
            && let Ok(line) = self.lines.try_recv()
        {
            if line.len() > room {
                self.held = Some(line);
                break;
            }
            room -= line.len();
            lines.push(line);
        }
        match lines.pop() {
            Some(alone) if lines.is_empty() => alone,
            last => {
                lines.extend(last);
                lines.concat().into()
            }
        }
    }
}

impl Body for LineBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let Some(line) = ready!(self.poll_line(context)) else {
            return Poll::Ready(None);
        };
        self.connection.heard();
        Poll::Ready(Some(Ok(Frame::data(self.join(line)))))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use http_body_util::BodyExt as _;

    use super::super::testing::{spec, transfer};
    use super::*;
    use crate::clock;
    use crate::store::Store as _;
    use crate::store::memory::MemoryDatabase;

    async fn body() -> (mpsc::Sender<Bytes>, LineBody) {
        let store = MemoryDatabase::new();
        let subscription = store.insert(&spec(transfer()), clock::now()).await.unwrap();
        let (sender, lines) = mpsc::channel(8);
        let connection = Arc::new(Connection::new(subscription, None));
        (sender, LineBody::new(lines, connection))
    }

    /// The frame that is there; `None` if there is none yet.
    fn frame(body: &mut LineBody) -> Option<Bytes> {
        let frame = body.frame().now_or_never()?;
        Some(frame.unwrap().unwrap().into_data().unwrap())
    }

    #[tokio::test]
    async fn a_line_alone_is_not_kept_waiting() {
        let (lines, mut body) = body().await;
        assert_eq!(frame(&mut body), None);
        for line in ["1\n", "2\n"] {
            lines.try_send(Bytes::from(line)).unwrap();
            assert_eq!(frame(&mut body).unwrap(), line);
        }
        drop(lines);
        assert!(body.frame().await.is_none());
    }

    #[tokio::test]
    async fn lines_that_wait_are_one_frame_as_far_as_they_fit() {
        let (lines, mut body) = body().await;
        let long = Bytes::from(vec![b'x'; MAX_JOINED - 4]);
        let longer = Bytes::from(vec![b'y'; MAX_JOINED + 1]);
        let ends = ["1\n", "2\n", "3\n"].map(Bytes::from);
        let [one, two, three] = ends.clone();
        for line in [long.clone(), one, two, three, longer.clone()] {
            lines.try_send(line).unwrap();
        }
        drop(lines);
        let [one, two, three] = ends;
        assert_eq!(frame(&mut body).unwrap(), [long, one, two].concat());
        assert_eq!(frame(&mut body).unwrap(), three);
        assert_eq!(frame(&mut body).unwrap(), longer);
        assert!(body.frame().await.is_none());
    }
}
