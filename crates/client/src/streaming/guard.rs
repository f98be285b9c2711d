//! Tasks that end with their owner, and futures whose panics do not.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::task::JoinHandle;

use crate::error::excerpt;

/// A task that is aborted when this is dropped.
#[derive(Debug)]
pub(crate) struct TaskGuard<T> {
    task: JoinHandle<T>,
    /// What it came to, once it was joined; `None` inside if it was aborted or panicked.
    joined: Option<Option<T>>,
}

impl<T: Clone + Send + 'static> TaskGuard<T> {
    pub(crate) fn spawn(task: impl Future<Output = T> + Send + 'static) -> Self {
        Self {
            task: tokio::spawn(task),
            joined: None,
        }
    }

    /// Waits for the task; `None` if it was aborted or panicked. Cancel safe, and can be asked again.
    pub(crate) async fn join(&mut self) -> Option<T> {
        if let Some(joined) = &self.joined {
            return joined.clone();
        }
        let output = (&mut self.task).await.ok();
        self.joined.insert(output).clone()
    }
}

impl<T> Drop for TaskGuard<T> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What a panic said, if it said it as text.
#[derive(Debug, thiserror::Error)]
#[error("panicked: {0}")]
pub(crate) struct Panicked(String);

impl Panicked {
    fn new(payload: &(dyn Any + Send)) -> Self {
        let text = payload
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("without a text");
        Self(excerpt(text, 200))
    }
}

/// Runs a future; its panic is its error.
///
/// What the future shares with others may be left half changed, as after any panic that is caught: the
/// caller is to drop the future and to begin anew.
pub(crate) struct CatchPanic<F>(F);

impl<F: Future + Unpin> CatchPanic<F> {
    pub(crate) fn new(future: F) -> Self {
        Self(future)
    }
}

impl<F: Future + Unpin> Future for CatchPanic<F> {
    type Output = Result<F::Output, Panicked>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let future = Pin::new(&mut self.0);
        match catch_unwind(AssertUnwindSafe(|| future.poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(payload) => Poll::Ready(Err(Panicked::new(&*payload))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_error_with_its_text() {
        assert_eq!(CatchPanic::new(Box::pin(async { 7 })).await.unwrap(), 7);
        let number = std::hint::black_box(5);
        let fail = |text: &'static str| async move { assert!(number != 5, "{text} {number}") };
        let error = CatchPanic::new(Box::pin(fail("number"))).await.unwrap_err();
        assert_eq!(error.to_string(), "panicked: number 5");
        let error = CatchPanic::new(Box::pin(async { std::panic::panic_any(number) })).await;
        assert_eq!(error.unwrap_err().to_string(), "panicked: without a text");
    }

    #[tokio::test]
    async fn a_task_can_be_joined_again() {
        let mut guard = TaskGuard::spawn(async { 7 });
        assert_eq!(guard.join().await, Some(7));
        assert_eq!(guard.join().await, Some(7));
    }

    #[tokio::test]
    async fn a_dropped_guard_ends_its_task() {
        let (alive, gone) = tokio::sync::oneshot::channel::<()>();
        let guard = TaskGuard::spawn(async move {
            let _alive = alive;
            std::future::pending::<()>().await;
        });
        drop(guard);
        assert!(gone.await.is_err());
    }
}
