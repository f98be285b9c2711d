//! When a stream ends that is not at its end.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::connection::Connection;
use super::ending::Ending;
use super::lines::LineSender;
use crate::config::DeliveryConfig;

/// Resolves when the stream is to end: it was told to, its reader is gone, or silent for too long.
pub(crate) async fn interrupted(
    connection: &Connection,
    lines: &LineSender,
    settings: &DeliveryConfig,
) -> Ending {
    tokio::select! {
        biased;
        ending = connection.ending() => ending,
        () = lines.closed() => Ending::Gone,
        () = silence(connection, settings.connection_timeout) => Ending::Silent,
    }
}

/// Resolves when nothing has been heard of the client for `timeout`.
async fn silence(connection: &Connection, timeout: Duration) {
    loop {
        connection.tally().checked();
        let deadline = connection.life().last_sign + timeout;
        if deadline <= Instant::now() {
            return;
        }
        sleep_until(deadline).await;
    }
}
