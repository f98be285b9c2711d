//! Tells the service, now and then, that the client lives.

use std::convert::Infallible;

use super::acker::says_gone;
use super::core::Core;
use crate::error::Error;

/// Sends heartbeats for the connection that is open, for as long as it is polled.
///
/// # Errors
///
/// When the service wants other credentials.
pub(crate) async fn beat(core: &Core) -> Result<Infallible, Error> {
    let interval = core.options.heartbeat_interval;
    loop {
        tokio::time::sleep(interval).await;
        let Some(connection) = core.session().connection_id().cloned() else {
            continue;
        };
        // One that takes longer than the interval is no sign of life.
        let beat = core
            .api
            .heartbeat(&connection, core.next_heartbeat(), interval);
        match beat.await {
            Ok(_) => {}
            Err(error) if error.is_auth() => return Err(error),
            Err(error) if says_gone(&error) => core.connection_gone(connection, error),
            Err(error) => {
                tracing::debug!(%error, "a heartbeat failed");
                core.notices.report(core.subscription_id, &error, true);
            }
        }
    }
}
