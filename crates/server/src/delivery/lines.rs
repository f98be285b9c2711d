//! The queue between a pump and its HTTP body.

use std::ops::Deref;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// A line on its way, with what is counted when it is written.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) bytes: Bytes,
    /// Events in it.
    pub(crate) events: u64,
    /// When what it says became known.
    pub(crate) known_at: Instant,
}

impl From<Bytes> for Line {
    /// A line without events that is known now.
    fn from(bytes: Bytes) -> Self {
        Self {
            bytes,
            events: 0,
            known_at: Instant::now(),
        }
    }
}

impl Deref for Line {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

/// The pump's end: whole lines go in, in order.
#[derive(Debug)]
pub(crate) struct LineSender {
    /// In boxes: a channel has room for many more than are ever in it.
    lines: mpsc::Sender<Box<Line>>,
    /// A place kept free from the start, so that a stream can say why it ends even when its
    /// reader has stopped reading.
    last: Option<mpsc::OwnedPermit<Box<Line>>>,
}

/// The other end was dropped: the client is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReaderGone;

/// A queue of at most `capacity` lines and a last one.
pub(crate) fn line_queue(capacity: usize) -> (LineSender, mpsc::Receiver<Box<Line>>) {
    let (lines, receiver) = mpsc::channel(capacity.max(1).saturating_add(1));
    let last = lines.clone().try_reserve_owned().ok();
    (LineSender { lines, last }, receiver)
}

impl LineSender {
    /// Waits for room, then queues a line. Cancel safe: a cancelled line is not queued.
    pub(crate) async fn send(&self, line: Line) -> Result<(), ReaderGone> {
        self.lines
            .send(Box::new(line))
            .await
            .map_err(|_| ReaderGone)
    }

    /// Resolves when the reader is gone.
    pub(crate) async fn closed(&self) {
        self.lines.closed().await;
    }

    /// Queues the last line, for which there always is room.
    pub(crate) fn finish(mut self, line: Option<Bytes>) {
        if let (Some(place), Some(line)) = (self.last.take(), line) {
            place.send(Box::new(line.into()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn there_is_always_room_for_the_last_line() {
        let (sender, mut lines) = line_queue(2);
        sender.send(Bytes::from_static(b"1").into()).await.unwrap();
        sender.send(Bytes::from_static(b"2").into()).await.unwrap();
        let full = sender.send(Bytes::from_static(b"3").into());
        assert!(futures_util::FutureExt::now_or_never(full).is_none());
        sender.finish(Some(Bytes::from_static(b"why")));
        let mut read = Vec::new();
        while let Some(line) = lines.recv().await {
            read.push(line.bytes);
        }
        assert_eq!(read, ["1", "2", "why"]);
    }

    #[tokio::test]
    async fn a_reader_that_is_gone_is_noticed() {
        let (sender, lines) = line_queue(1);
        drop(lines);
        sender.closed().await;
        assert_eq!(sender.send(Bytes::new().into()).await, Err(ReaderGone));
    }
}
