//! The life of a client: what may still begin, what is under way, and how all of it ends.

use std::future::Future;
use std::sync::Arc;

use hyper::rt::Executor;
use tokio::sync::watch;

use crate::error::{TransportError, TransportErrorKind};

/// Shared by a client, its calls and its connections.
#[derive(Debug)]
struct Life {
    phase: watch::Sender<Phase>,
    counts: watch::Sender<Counts>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    #[default]
    Open,
    /// Nothing more begins; what was begun may end.
    Closing,
    /// Everything ends now.
    Over,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    calls: usize,
    tasks: usize,
}

/// Held by everything that needs the connections: clients, calls, bodies. The drop of the last one
/// ends the connections.
#[derive(Clone, Debug)]
pub(crate) struct Lifeline(Arc<Owner>);

#[derive(Debug)]
struct Owner(Arc<Life>);

/// One call under way.
#[derive(Debug)]
pub(crate) struct CallGuard(Lifeline);

/// Runs the tasks of connections, each until it is done or the life is over.
#[derive(Clone, Debug)]
pub(crate) struct Tasks(Arc<Life>);

struct TaskGuard(Arc<Life>);

impl Lifeline {
    pub(crate) fn new() -> Self {
        let life = Life {
            phase: watch::Sender::default(),
            counts: watch::Sender::default(),
        };
        Self(Arc::new(Owner(Arc::new(life))))
    }

    pub(crate) fn tasks(&self) -> Tasks {
        Tasks(Arc::clone(self.life()))
    }

    /// Begins a call, unless the client is closed.
    pub(crate) fn begin(&self) -> Result<CallGuard, TransportError> {
        // Counted first: who closes either sees the call or is seen by it.
        self.life().counts.send_modify(|counts| counts.calls += 1);
        let guard = CallGuard(self.clone());
        if self.is_closed() {
            return Err(TransportError::new(TransportErrorKind::Closed));
        }
        Ok(guard)
    }

    pub(crate) fn is_closed(&self) -> bool {
        *self.life().phase.borrow() > Phase::Open
    }

    /// Lets nothing more begin, waits for the calls under way, ends every connection, and returns
    /// when their tasks are gone.
    pub(crate) async fn close(&self) {
        let life = self.life();
        life.advance(Phase::Closing);
        life.wait_for(|counts| counts.calls == 0).await;
        life.advance(Phase::Over);
        life.wait_for(|counts| counts.tasks == 0).await;
    }

    fn life(&self) -> &Arc<Life> {
        &self.0.0
    }
}

impl Life {
    fn advance(&self, phase: Phase) {
        self.phase.send_if_modified(|now| {
            let later = phase > *now;
            *now = phase.max(*now);
            later
        });
    }

    async fn wait_for(&self, condition: impl FnMut(&Counts) -> bool) {
        // The sender lives in `self`, so there is no other end to this.
        let _ = self.counts.subscribe().wait_for(condition).await;
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.advance(Phase::Over);
    }
}

impl Drop for CallGuard {
    fn drop(&mut self) {
        let life = self.0.life();
        life.counts.send_modify(|counts| counts.calls -= 1);
    }
}

impl Drop for TaskGuard {
    fn drop(&mut self) {
        self.0.counts.send_modify(|counts| counts.tasks -= 1);
    }
}

impl<F> Executor<F> for Tasks
where
    F: Future<Output = ()> + Send + 'static,
{
    fn execute(&self, task: F) {
        self.0.counts.send_modify(|counts| counts.tasks += 1);
        let guard = TaskGuard(Arc::clone(&self.0));
        let mut phase = self.0.phase.subscribe();
        tokio::spawn(async move {
            tokio::select! {
                biased;
                _ = phase.wait_for(|phase| *phase == Phase::Over) => {}
                () = task => {}
            }
            // The socket went with `task`; only now it counts as gone.
            drop(guard);
        });
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    #[tokio::test]
    async fn closing_waits_for_calls_and_then_ends_tasks() {
        let life = Lifeline::new();
        let call = life.begin().unwrap();
        life.tasks().execute(pending());
        let closing = tokio::spawn({
            let life = life.clone();
            async move { life.close().await }
        });
        while !life.is_closed() {
            tokio::task::yield_now().await;
        }
        assert_eq!(life.begin().unwrap_err().kind(), TransportErrorKind::Closed);
        assert_eq!(life.life().counts.borrow().tasks, 1, "the call needs it");
        drop(call);
        closing.await.unwrap();
        assert_eq!(life.life().counts.borrow().tasks, 0);
        // Closed again, it is closed.
        life.close().await;
    }

    #[tokio::test]
    async fn the_last_drop_ends_tasks() {
        let life = Lifeline::new();
        let tasks = life.tasks();
        tasks.execute(pending());
        tasks.execute(async {});
        let body = life.clone();
        drop(life);
        tasks.0.wait_for(|counts| counts.tasks == 1).await;
        drop(body);
        tasks.0.wait_for(|counts| counts.tasks == 0).await;
    }
}
