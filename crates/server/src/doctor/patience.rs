//! Rate limits are waited out, and counted.

use super::Doctor;
use crate::rpc::{RpcError, patiently};

/// How often one question is asked.
const ATTEMPTS: u32 = 4;

impl Doctor<'_, '_> {
    /// Asks until the answer is something else than "later".
    pub(super) async fn patiently<T>(
        &mut self,
        ask: impl AsyncFn() -> Result<T, RpcError>,
    ) -> Result<T, RpcError> {
        let count = &mut self.report.facts.rate_limited;
        patiently(ATTEMPTS, || *count += 1, ask).await
    }
}
