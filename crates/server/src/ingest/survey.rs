//! Looks at the endpoints that are not in use, so that it is known how far they are and how quickly
//! they answer before they are needed.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

use super::fault::Failure;
use super::shared::Shared;

/// How many block times pass between two looks.
const BLOCKS: u32 = 5;

/// Bounds of that time.
const MIN_INTERVAL: Duration = Duration::from_secs(2);
const MAX_INTERVAL: Duration = Duration::from_secs(60);

/// Asks every endpoint for its head now and then, until the source ends.
pub(super) async fn survey(shared: Arc<Shared>) {
    let interval = shared.config.block_time.saturating_mul(BLOCKS);
    let interval = interval.clamp(MIN_INTERVAL, MAX_INTERVAL);
    let looking = async {
        loop {
            // The first look is the tracker's.
            tokio::time::sleep(interval).await;
            join_all((0..shared.endpoints.len()).map(|index| look(&shared, index))).await;
        }
    };
    tokio::select! {
        biased;
        _ = shared.ended() => {}
        () = looking => {}
    }
}

async fn look(shared: &Shared, index: usize) {
    let Some(lease) = shared.endpoints.visit(index).await else {
        return;
    };
    let looked = lease
        .run(|asked| async move {
            let number = asked.node().block_number().await.map_err(Failure::from)?;
            asked.head(number);
            Ok(())
        })
        .await;
    if let Err(Failure::Fault(fault)) = looked {
        tracing::debug!(error = %fault, "an endpoint that is not in use does not answer");
    }
}
