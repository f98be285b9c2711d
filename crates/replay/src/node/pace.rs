//! Mining by the clock.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;

use crate::chain::Chain;

/// Blocks do not come faster than this: a period of zero would spin.
const MIN_BLOCK_TIME: Duration = Duration::from_millis(1);

/// Mines a block each time the block time has passed, until the last one or the stop.
pub(super) async fn run(
    chain: Arc<Chain>,
    mut block_time: watch::Receiver<Option<Duration>>,
    stop: CancellationToken,
) {
    let mut head = chain.watch_head();
    let mut ticks = ticks_every(*block_time.borrow_and_update());
    while !chain.is_mined_out() {
        tokio::select! {
            () = stop.cancelled() => return,
            changed = block_time.changed() => {
                if changed.is_err() {
                    return;
                }
                ticks = ticks_every(*block_time.borrow_and_update());
            }
            // Mined by hand, perhaps the last one. The sender lives in `chain`.
            _ = head.changed() => {}
            () = next_tick(&mut ticks) => {
                chain.mine(1);
            }
        }
    }
}

/// Ticks once a period, first after one; blocks that were missed while the machine was busy do not
/// come in a burst. `None` if there is no period, or one that never ends.
fn ticks_every(period: Option<Duration>) -> Option<Interval> {
    let period = period?.max(MIN_BLOCK_TIME);
    let mut ticks = interval_at(Instant::now().checked_add(period)?, period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    Some(ticks)
}

async fn next_tick(ticks: &mut Option<Interval>) {
    match ticks {
        Some(ticks) => {
            ticks.tick().await;
        }
        None => std::future::pending().await,
    }
}
