//! The parts of the bench, each on a service of its own.

mod acks;
mod idle;
mod live;
mod reads;
mod slowloris;
mod soak;

use std::time::Duration;

use crate::Result;
use crate::figures::Figure;

/// The parts, in the order they run; the soak only when it is named.
pub const PARTS: [&str; 5] = ["idle", "live", "reads", "acks", "slowloris"];

/// Runs one part.
///
/// # Errors
/// Something is in the way of measuring.
pub async fn run(part: &str, soak: Duration) -> Result<Vec<Figure>> {
    match part {
        "idle" => idle::run().await,
        "live" => live::run().await,
        "reads" => reads::run().await,
        "acks" => acks::run().await,
        "slowloris" => slowloris::run().await,
        "soak" => soak::run(soak).await,
        other => Err(format!("there is no part {other}: {PARTS:?} or soak").into()),
    }
}
