//! The part of retrying that sleeps: carries the policy's decisions out in the tower stack.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Response, StatusCode};
use tokio::time::{Instant, Sleep};
use tower::retry::Policy;

use super::budget::RetryBudget;
use super::policy::{Outcome, RetryPolicy};
use super::retry_after::retry_after;
use crate::client::Call;
use crate::error::TransportError;
use crate::random::Random;

/// Tower clones this for every call: `attempts` is the call's, the rest is shared.
#[derive(Clone, Debug)]
pub(crate) struct SleepingRetry {
    shared: Arc<Shared>,
    attempts: u32,
}

#[derive(Debug)]
struct Shared {
    policy: RetryPolicy,
    budget: RetryBudget,
    random: Random,
}

impl SleepingRetry {
    pub(crate) fn new(policy: RetryPolicy, random: Random) -> Self {
        let budget = RetryBudget::new(policy.budget);
        Self {
            shared: Arc::new(Shared {
                policy,
                budget,
                random,
            }),
            attempts: 0,
        }
    }

    /// The wait before the next attempt, if there is to be one.
    fn next_delay(
        &self,
        call: &Call,
        result: &Result<Response<Bytes>, TransportError>,
    ) -> Option<Duration> {
        let Shared {
            policy,
            budget,
            random,
        } = &*self.shared;
        let outcome = match result {
            Ok(response) => Outcome::Response {
                status: response.status(),
                retry_after: retry_after(response.headers(), SystemTime::now()),
            },
            Err(error) => Outcome::Failure(error),
        };
        let method = call.request.method();
        let delay = policy.decide(
            call.options.retry,
            method,
            self.attempts,
            &outcome,
            random.unit(),
        )?;
        // A wait that the whole call's time limit would cut short gives the caller less than the
        // answer that is already here.
        let in_time = call.deadline.is_none_or(|deadline| {
            deadline
                .checked_duration_since(Instant::now())
                .is_some_and(|left| delay < left)
        });
        (in_time && budget.take()).then_some(delay)
    }
}

impl Policy<Call, Response<Bytes>, TransportError> for SleepingRetry {
    type Future = Sleep;

    fn retry(
        &mut self,
        call: &mut Call,
        result: &mut Result<Response<Bytes>, TransportError>,
    ) -> Option<Sleep> {
        self.attempts += 1;
        if result.as_ref().is_ok_and(is_success) {
            self.shared.budget.reward();
        }
        let delay = self.next_delay(call, result)?;
        tracing::debug!(
            origin = %call.origin,
            attempt = self.attempts,
            delay_ms = delay.as_millis() as u64,
            status = result.as_ref().ok().map(|response| response.status().as_u16()),
            error = result.as_ref().err().map(tracing::field::display),
            "the exchange is repeated"
        );
        Some(tokio::time::sleep(delay))
    }

    fn clone_request(&mut self, call: &Call) -> Option<Call> {
        Some(call.clone())
    }
}

/// Whether the peer is in good health, whatever it thinks of the request.
fn is_success(response: &Response<Bytes>) -> bool {
    !response.status().is_server_error() && response.status() != StatusCode::TOO_MANY_REQUESTS
}
