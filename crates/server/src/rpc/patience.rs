//! Rate limits are waited out where a caller asks by itself, outside of the ingest: they say nothing
//! about what is asked.

use std::time::Duration;

use super::error::{RpcError, RpcErrorKind};

const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Asks until the answer is something else than "later", so often at most. `limited` is told of each
/// wait.
pub(crate) async fn patiently<T>(
    attempts: u32,
    mut limited: impl FnMut(),
    ask: impl AsyncFn() -> Result<T, RpcError>,
) -> Result<T, RpcError> {
    let mut wait = FIRST_WAIT;
    for _ in 1..attempts {
        match ask().await {
            Err(error) if error.kind() == RpcErrorKind::RateLimited => {
                limited();
                let wait_for = error.retry_after().unwrap_or(wait).min(LONGEST_WAIT);
                tokio::time::sleep(wait_for).await;
                wait *= 2;
            }
            answer => return answer,
        }
    }
    ask().await
}
