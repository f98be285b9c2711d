//! What a connection is doing, and until when it may.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use crate::sync::lock;

/// How long a connection may be without a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// For a request's head, from its first byte on; for the first one, from the connection's begin.
    pub(super) head: Duration,
    /// Between two requests.
    pub(super) idle: Duration,
}

/// Why a connection is not served any longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exhausted {
    /// No request came in time.
    Silent,
    /// Most of its requests were taken back before they were answered.
    Churning,
}

/// Requests of a connection that may be taken back before it is asked how many were not.
const MAX_CANCELLED: u64 = 200;

/// The state of one connection, which its socket, its requests and its watchdog share.
#[derive(Debug)]
pub(super) struct Activity {
    state: Mutex<State>,
    changed: Notify,
    patience: Patience,
}

#[derive(Debug)]
struct State {
    /// Requests that are not wholly answered.
    under_way: usize,
    /// Requests so far, and those of them that the client took back before they were answered.
    requests: u64,
    cancelled: u64,
    /// When the wait for the next head is over.
    deadline: Instant,
    waiting: Waiting,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waiting {
    /// For the first byte of a head.
    Idle,
    /// For the last one.
    Head,
}

impl Activity {
    /// Of a connection that was just accepted.
    pub(super) fn new(patience: Patience) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(State {
                under_way: 0,
                requests: 0,
                cancelled: 0,
                deadline: Instant::now() + patience.head,
                waiting: Waiting::Head,
            }),
            changed: Notify::new(),
            patience,
        })
    }

    /// Notes that a head has arrived. The request is under way until what is returned is dropped.
    pub(super) fn request(self: &Arc<Self>) -> UnderWay {
        let mut state = lock(&self.state);
        state.under_way += 1;
        state.requests += 1;
        drop(state);
        UnderWay {
            activity: Arc::clone(self),
            answered: false,
        }
    }

    /// Notes that bytes have arrived.
    fn read(&self) {
        let mut state = lock(&self.state);
        if state.under_way == 0 && state.waiting == Waiting::Idle {
            state.waiting = Waiting::Head;
            state.deadline = Instant::now() + self.patience.head;
            self.changed.notify_one();
        }
    }

    /// Resolves when the connection is not to be served any longer.
    pub(super) async fn exhausted(&self) -> Exhausted {
        loop {
            let deadline = {
                let state = lock(&self.state);
                if state.is_churning() {
                    return Exhausted::Churning;
                }
                (state.under_way == 0).then_some(state.deadline)
            };
            let Some(deadline) = deadline else {
                self.changed.notified().await;
                continue;
            };
            tokio::select! {
                biased;
                () = self.changed.notified() => {}
                () = sleep_until(deadline) => {
                    let state = lock(&self.state);
                    if state.under_way == 0 && state.deadline <= Instant::now() {
                        return Exhausted::Silent;
                    }
                }
            }
        }
    }
}

impl State {
    /// Requests that are taken back at once cost the service and not the client: what floods of
    /// resets on HTTP/2 live on.
    fn is_churning(&self) -> bool {
        self.cancelled > MAX_CANCELLED && self.cancelled > self.requests / 2
    }
}

/// A request from its head to the end of its answer.
#[derive(Debug)]
pub(super) struct UnderWay {
    activity: Arc<Activity>,
    answered: bool,
}

impl UnderWay {
    /// Notes that all of the answer was taken.
    pub(super) fn answered(&mut self) {
        self.answered = true;
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut state = lock(&self.activity.state);
        state.under_way -= 1;
        if !self.answered {
            state.cancelled += 1;
        }
        if state.under_way == 0 {
            state.waiting = Waiting::Idle;
            state.deadline = Instant::now() + self.activity.patience.idle;
        }
        drop(state);
        self.activity.changed.notify_one();
    }
}

/// A socket that tells when bytes arrive: a head that has begun has less time than one that has not.
///
/// Only for HTTP/1.1: on HTTP/2 bytes come that belong to no request.
#[derive(Debug)]
pub(super) struct Watched<T> {
    socket: T,
    activity: Arc<Activity>,
}

impl<T> Watched<T> {
    pub(super) fn new(socket: T, activity: Arc<Activity>) -> Self {
        Self { socket, activity }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Watched<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.socket).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            self.activity.read();
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Watched<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}
