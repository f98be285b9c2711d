//! Rate limits are waited out: they say nothing about what is asked.

use std::time::Duration;

use super::Doctor;
use crate::rpc::{RpcError, RpcErrorKind};

/// How often one question is asked again.
const ATTEMPTS: u32 = 4;
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

impl Doctor<'_, '_> {
    /// Asks until the answer is something else than "later".
    pub(super) async fn patiently<T>(
        &mut self,
        ask: impl AsyncFn() -> Result<T, RpcError>,
    ) -> Result<T, RpcError> {
        let mut wait = FIRST_WAIT;
        for _ in 1..ATTEMPTS {
            match ask().await {
                Err(error) if error.kind() == RpcErrorKind::RateLimited => {
                    self.report.facts.rate_limited += 1;
                    let wait_for = error.retry_after().unwrap_or(wait).min(LONGEST_WAIT);
                    tokio::time::sleep(wait_for).await;
                    wait *= 2;
                }
                answer => return answer,
            }
        }
        ask().await
    }
}
