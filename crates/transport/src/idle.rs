//! A time-out for waits that follow one another quickly.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

/// Longer than anything is waited for; a moment this far away can be computed.
const LONGEST: Duration = Duration::from_secs(30 * 365 * 24 * 3600);

/// One timer for all waits of a stream. A stream's pieces come by the hundred thousand a second, and
/// setting a timer for each costs as much as the piece itself: this one is set once, and when it
/// fires it looks how long the present wait really lasts.
#[derive(Default)]
pub(crate) struct IdleTimer {
    timer: Option<Pin<Box<Sleep>>>,
}

/// It took longer than it may.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Elapsed;

impl IdleTimer {
    /// Waits for `future`, from its first poll on not longer than `limit`. Cancel safe if `future`
    /// is.
    pub(crate) async fn limit<F: Future>(
        &mut self,
        limit: Duration,
        future: F,
    ) -> Result<F::Output, Elapsed> {
        let mut future = pin!(future);
        let mut deadline = None;
        poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Ok(output));
            }
            let deadline = *deadline.get_or_insert_with(|| Instant::now() + limit.min(LONGEST));
            let timer = self
                .timer
                .get_or_insert_with(|| Box::pin(sleep_until(deadline)));
            // Set for an earlier wait, it fires early, which does no harm. Late would.
            if timer.deadline() > deadline {
                timer.as_mut().reset(deadline);
            }
            loop {
                ready!(timer.as_mut().poll(context));
                if timer.deadline() >= deadline {
                    return Poll::Ready(Err(Elapsed));
                }
                timer.as_mut().reset(deadline);
            }
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use tokio::time::sleep;

    use super::*;

    const LIMIT: Duration = Duration::from_secs(10);

    async fn elapses_after(timer: &mut IdleTimer, limit: Duration) -> Duration {
        let began = Instant::now();
        assert_eq!(timer.limit(limit, pending::<()>()).await, Err(Elapsed));
        began.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn every_wait_has_the_whole_limit() {
        let mut timer = IdleTimer::default();
        for _ in 0..5 {
            let wait = timer.limit(LIMIT, sleep(LIMIT - Duration::from_secs(1)));
            assert_eq!(wait.await, Ok(()));
            // What happens between two waits does not count.
            sleep(LIMIT * 3).await;
        }
        assert_eq!(elapses_after(&mut timer, LIMIT).await.as_secs(), 10);
        assert_eq!(elapses_after(&mut timer, LIMIT).await.as_secs(), 10);
    }

    #[tokio::test(start_paused = true)]
    async fn a_shorter_limit_takes_effect_at_once() {
        let mut timer = IdleTimer::default();
        let hour = Duration::from_secs(3600);
        assert_eq!(timer.limit(hour, sleep(LIMIT)).await, Ok(()));
        assert_eq!(elapses_after(&mut timer, LIMIT).await.as_secs(), 10);
        assert_eq!(elapses_after(&mut timer, hour).await.as_secs(), 3600);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_there_needs_no_timer_and_no_limit_is_too_long() {
        let mut timer = IdleTimer::default();
        assert_eq!(timer.limit(Duration::ZERO, ready(1)).await, Ok(1));
        assert!(timer.timer.is_none());
        assert_eq!(timer.limit(Duration::MAX, sleep(LIMIT)).await, Ok(()));
    }
}
