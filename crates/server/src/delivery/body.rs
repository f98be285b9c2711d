//! The queue of lines as an HTTP body.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame};
use tokio::sync::mpsc;

use super::connection::Connection;
use super::lines::Line;

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
    lines: mpsc::Receiver<Box<Line>>,
    /// The line for which the frame before had no room.
    held: Option<Box<Line>>,
    connection: Arc<Connection>,
}

impl LineBody {
    pub(crate) fn new(lines: mpsc::Receiver<Box<Line>>, connection: Arc<Connection>) -> Self {
        Self {
            lines,
            held: None,
            connection,
        }
    }

    /// The next line; `None` at the end.
    fn poll_line(&mut self, context: &mut Context<'_>) -> Poll<Option<Box<Line>>> {
        match self.held.take() {
            Some(line) => Poll::Ready(Some(line)),
            None => self.lines.poll_recv(context),
        }
    }

    /// A line and those that wait behind it, as far as they fit.
    fn join(&mut self, first: Line) -> Bytes {
        let mut room = MAX_JOINED.saturating_sub(first.len());
        let mut lines = vec![self.written(first)];
        while room > 0
            && let Ok(line) = self.lines.try_recv()
        {
            if line.len() > room {
                self.held = Some(line);
                break;
            }
            room -= line.len();
            lines.push(self.written(*line));
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

impl LineBody {
    /// A line that goes into a frame, counted.
    fn written(&self, line: Line) -> Bytes {
        let tally = self.connection.tally();
        tally.wrote(line.events, line.known_at.elapsed());
        line.bytes
    }
}

impl Drop for LineBody {
    /// At the end of a stream nothing is left; what is left otherwise, nobody gets.
    fn drop(&mut self) {
        self.lines.close();
        let mut lost = u64::from(self.held.take().is_some());
        while self.lines.try_recv().is_ok() {
            lost += 1;
        }
        self.connection.tally().lost(lost);
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
        Poll::Ready(Some(Ok(Frame::data(self.join(*line)))))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::FutureExt as _;
    use http_body_util::BodyExt as _;

    use super::super::tally::Counts;
    use super::super::testing::{spec, transfer};
    use super::*;
    use crate::clock;
    use crate::store::Store as _;
    use crate::store::memory::MemoryDatabase;

    async fn body() -> (mpsc::Sender<Box<Line>>, LineBody) {
        let store = MemoryDatabase::new();
        let subscription = store.insert(&spec(transfer()), clock::now()).await.unwrap();
        let (sender, lines) = mpsc::channel(8);
        let connection = Arc::new(Connection::new(subscription, None, Arc::default()));
        (sender, LineBody::new(lines, connection))
    }

    fn boxed(bytes: Bytes) -> Box<Line> {
        Box::new(bytes.into())
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
            lines.try_send(boxed(Bytes::from(line))).unwrap();
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
            lines.try_send(boxed(line)).unwrap();
        }
        drop(lines);
        let [one, two, three] = ends;
        assert_eq!(frame(&mut body).unwrap(), [long, one, two].concat());
        assert_eq!(frame(&mut body).unwrap(), three);
        assert_eq!(frame(&mut body).unwrap(), longer);
        assert!(body.frame().await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_written_and_what_is_lost_is_counted() {
        let (lines, mut body) = body().await;
        let line = |events, bytes| {
            let mut line = boxed(Bytes::from(vec![b'x'; bytes]));
            line.events = events;
            line
        };
        for (events, bytes) in [(7, 10), (2, 10), (1, MAX_JOINED), (5, 10)] {
            lines.try_send(line(events, bytes)).unwrap();
        }
        tokio::time::advance(Duration::from_millis(3)).await;
        assert_eq!(frame(&mut body).unwrap().len(), 20);
        let connection = Arc::clone(&body.connection);
        drop(body);
        let expected = Counts {
            messages_written: 2,
            events_written: 9,
            delivery_micros: 9 * 3_000,
            messages_lost: 2,
            ..Counts::default()
        };
        assert_eq!(connection.tally().counts(), expected);
    }
}
