//! Calls a handler until it succeeds, a bounded number of times, and does as its policy says then.

use std::error::Error as StdError;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use event_streamer_models::ResumeToken;
use tokio::sync::watch;
use tracing::Instrument as _;

use super::calls::{Call, What};
use super::checkpointer::{commit_for_handler, is_committed, not_committed};
use super::context::InTurn;
use super::core::Core;
use super::guard::{CatchPanic, Panicked};
use super::handlers::HandlerError;
use super::keeper::Step;
use super::letters::bury;
use super::notices::{Lifecycle, Notice};
use super::options::{AfterFailure, HandlerPolicy};
use crate::error::Error;

/// What came of a delivery that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// It is handled.
    Handled,
    /// Its handler is not called again because the run ends: it will come again.
    Halted,
}

/// Says when to end.
pub(crate) type Halt = watch::Receiver<bool>;

pub(crate) async fn halted(halt: &mut Halt) {
    // A sender that is gone has halted too.
    let _ = halt.wait_for(|halt| *halt).await;
}

/// The same without waiting.
pub(crate) fn is_halted(halt: &Halt) -> bool {
    halt.has_changed().is_err() || *halt.borrow()
}

/// Carries a call out, by the policy of its handler.
///
/// # Errors
///
/// When the handler failed for good and the stream is to stop.
pub(crate) async fn carry_out(
    call: &Call,
    batch: InTurn<'_>,
    halt: &mut Halt,
) -> Result<Done, Error> {
    let core: &Core = batch.core;
    core.let_the_run_go_first().await;
    let policy = call.policy.as_deref().unwrap_or(&core.options.handlers);
    let attempts = Attempts {
        core,
        what: &call.what,
        policy,
        step: batch.step,
    };
    let make = |attempt| call.make(batch.context(attempt));
    let given_up = match attempts.until_done(make, halt).await? {
        Outcome::Done(done) => return Ok(done),
        Outcome::GivenUp(given_up) => given_up,
    };
    match policy.after_failure {
        AfterFailure::Stop => Err(given_up.error),
        AfterFailure::DeadLetter => {
            bury(core, call, batch.batch, &given_up).await?;
            attempts.commit(batch.batch.resume_token()).await?;
            Ok(Done::Handled)
        }
    }
}

/// One handler and what it is called for, again and again.
pub(crate) struct Attempts<'a> {
    pub(crate) core: &'a Core,
    pub(crate) what: &'a What,
    pub(crate) policy: &'a HandlerPolicy,
    pub(crate) step: Step,
}

/// What came of all attempts.
pub(crate) enum Outcome {
    Done(Done),
    GivenUp(GivenUp),
}

/// A handler that failed for good.
pub(crate) struct GivenUp {
    pub(crate) error: Error,
    pub(crate) attempts: u32,
}

impl Attempts<'_> {
    /// Calls until success, a bounded number of times.
    ///
    /// # Errors
    ///
    /// When the checkpoint store fails, or the handler did not write there what it was to write.
    pub(crate) async fn until_done<F, Fut>(
        &self,
        call: F,
        halt: &mut Halt,
    ) -> Result<Outcome, Error>
    where
        F: Fn(u32) -> Fut,
        Fut: Future<Output = Result<(), HandlerError>>,
    {
        let (core, what, policy) = (self.core, self.what, self.policy);
        let mut attempt = 1;
        loop {
            let called = call_once(core, what, policy, || call(attempt));
            // Even a span that nobody looks at has its price.
            let called = if tracing::enabled!(tracing::Level::DEBUG) {
                let span = tracing::debug_span!("handler", %what, attempt);
                called.instrument(span).await
            } else {
                called.await
            };
            if let Some(kept) = self.is_committed().await? {
                // Its transaction is what counts, whatever became of the call around it.
                match (kept, &called) {
                    (true, _) => return Ok(Outcome::Done(Done::Handled)),
                    (false, Ok(())) => return Err(not_committed(what)),
                    (false, Err(_)) => {}
                }
            }
            let Err(failure) = called else {
                return Ok(Outcome::Done(Done::Handled));
            };
            core.count_handler_failure();
            let last = attempt >= policy.max_attempts || failure.is_for_ever();
            let error = failure.into_error(what, attempt);
            if last {
                return Ok(Outcome::GivenUp(GivenUp {
                    error,
                    attempts: attempt,
                }));
            }
            let delay = policy.delay(attempt);
            tracing::warn!(%error, ?delay, "a handler is called again");
            core.notices.report(core.subscription_id, &error, true);
            tokio::select! {
                biased;
                () = halted(halt) => return Ok(Outcome::Done(Done::Halted)),
                () = tokio::time::sleep(delay) => attempt += 1,
            }
        }
    }

    /// Whether the handler's transaction is committed; `None` if it is not the handler who writes the
    /// position.
    async fn is_committed(&self) -> Result<Option<bool>, Error> {
        match self.core.handlers_keeper()? {
            Some(keeper) => is_committed(self.core, keeper, self.step).await.map(Some),
            None => Ok(None),
        }
    }

    /// Writes the position in the handler's place.
    async fn commit(&self, token: Option<&ResumeToken>) -> Result<(), Error> {
        match self.core.handlers_keeper()? {
            Some(keeper) => commit_for_handler(self.core, keeper, self.step, token).await,
            None => Ok(()),
        }
    }
}

/// One call, its panic caught, its time limited, its silence told.
async fn call_once<F, Fut>(
    core: &Core,
    what: &What,
    policy: &HandlerPolicy,
    call: F,
) -> Result<(), Failure>
where
    F: FnOnce() -> Fut,
    Fut: Future<Output = Result<(), HandlerError>>,
{
    // The closure itself may panic before there is a future.
    let called = std::pin::pin!(async { call().await });
    let mut running = CatchPanic::new(called);
    // Most handlers are done at once, and need no timer.
    if let Some(called) = at_once(&mut running).await {
        return judge(called);
    }
    let mut waited = Duration::ZERO;
    loop {
        let left = policy.timeout.map(|limit| limit.saturating_sub(waited));
        let pause = left.map_or(policy.report_after, |left| left.min(policy.report_after));
        let done = tokio::time::timeout(pause, &mut running).await;
        core.look_at_the_clock();
        match done {
            Ok(called) => return judge(called),
            Err(_) => waited = waited.saturating_add(pause),
        }
        if policy.timeout.is_some_and(|limit| waited >= limit) {
            return Err(Failure::Timeout(waited));
        }
        let seconds = waited.as_secs_f64();
        let message = format!("the handler for {what} has been running for {seconds} seconds");
        tracing::warn!("{message}");
        let error = Error::handler(message, None);
        core.notices.report(core.subscription_id, &error, true);
        core.notices.tell(Notice::Lifecycle(Lifecycle::SlowHandler {
            handler: what.to_string(),
            running_for: waited,
        }));
    }
}

/// What comes of a future without waiting for it.
async fn at_once<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    poll_fn(|context| match Pin::new(&mut *future).poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

fn judge(called: Result<Result<(), HandlerError>, Panicked>) -> Result<(), Failure> {
    match called {
        Ok(outcome) => outcome.map_err(|error| Failure::Error(Arc::from(error))),
        Err(panic) => Err(Failure::Panic(panic)),
    }
}

/// How a call failed.
enum Failure {
    Error(Arc<dyn StdError + Send + Sync>),
    Panic(Panicked),
    Timeout(Duration),
}

impl Failure {
    /// Whether the same events would fail in the same way: they are not of the type asked for.
    fn is_for_ever(&self) -> bool {
        matches!(self, Self::Error(error) if error.is::<event_streamer_abi::DecodeError>())
    }

    fn into_error(self, what: &What, attempt: u32) -> Error {
        let text = |how: &str| format!("the handler for {what} {how} in attempt {attempt}");
        match self {
            Self::Error(source) => Error::handler(text("failed"), Some(source)),
            Self::Panic(panic) => Error::handler(text("panicked"), Some(Arc::new(panic))),
            Self::Timeout(limit) => {
                let seconds = limit.as_secs_f64();
                Error::handler(text(&format!("took more than {seconds} seconds")), None)
            }
        }
    }
}
