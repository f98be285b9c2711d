//! What other instances change, as PostgreSQL tells it: LISTEN and NOTIFY.

use std::time::Duration;

use event_streamer_models::SubscriptionId;
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

use super::super::super::{StoreChange, StoreError};
use super::super::closed;
use crate::config::PostgresUrl;

/// The triggers of the tables notify on it.
const CHANNEL: &str = "event_streamer";
/// After so much silence the connection is tried.
const PROBE_AFTER: Duration = Duration::from_secs(30);
const PROBE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long to wait before a lost connection is tried again.
const RECONNECT: Duration = Duration::from_secs(1);

/// A connection of its own that does nothing but listen.
#[derive(Debug)]
pub(in super::super) struct Listener {
    pool: PgPool,
    /// `None` while the connection is lost.
    listener: Mutex<Option<PgListener>>,
}

impl Listener {
    pub(super) async fn start(url: &PostgresUrl) -> Result<Self, sqlx::Error> {
        let options: PgConnectOptions = url.secret().parse()?;
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(super::super::ACQUIRE_TIMEOUT)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_lazy_with(options);
        let listener = Mutex::new(Some(connect(&pool).await?));
        Ok(Self { pool, listener })
    }

    /// The next change. After a lost connection, once it is there again: that anything may have
    /// changed.
    ///
    /// # Errors
    ///
    /// The store was closed.
    pub(in super::super) async fn next(&self) -> Result<StoreChange, StoreError> {
        let mut place = self.listener.lock().await;
        loop {
            let heard = match &mut *place {
                Some(listener) => hear(listener).await,
                None => match connect(&self.pool).await {
                    Ok(listener) => {
                        *place = Some(listener);
                        return Ok(StoreChange::Anything);
                    }
                    Err(error) => Err(error),
                },
            };
            match heard {
                Ok(Heard::Payload(payload)) => {
                    if let Some(change) = read(&payload) {
                        return Ok(change);
                    }
                }
                Ok(Heard::Silence) => {}
                Ok(Heard::Reconnected) => return Ok(StoreChange::Anything),
                Err(sqlx::Error::PoolClosed) => return Err(closed()),
                Err(error) => {
                    tracing::warn!(%error, "the database does not tell what other instances change");
                    // Its connection may be one that fails for ever.
                    *place = None;
                    sleep(RECONNECT).await;
                }
            }
        }
    }

    pub(in super::super) async fn close(&self) {
        // The pool waits for its connection, which a listener that is not asked would keep.
        let let_go = async { drop(self.listener.lock().await.take()) };
        tokio::join!(self.pool.close(), let_go);
    }
}

enum Heard {
    Payload(String),
    Silence,
    Reconnected,
}

async fn connect(pool: &PgPool) -> Result<PgListener, sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

async fn hear(listener: &mut PgListener) -> Result<Heard, sqlx::Error> {
    match timeout(PROBE_AFTER, listener.try_recv()).await {
        Ok(Ok(Some(notification))) => Ok(Heard::Payload(notification.payload().to_owned())),
        // It has reconnected before it returned.
        Ok(Ok(None)) => Ok(Heard::Reconnected),
        Ok(Err(error)) => Err(error),
        Err(_) => {
            // A connection that broke without a word would be silent for ever.
            let probe = timeout(PROBE_TIMEOUT, sqlx::query("SELECT 1").execute(listener));
            match probe.await {
                Ok(answer) => answer.map(|_| Heard::Silence),
                Err(_) => Err(sqlx::Error::PoolTimedOut),
            }
        }
    }
}

/// Reads what a trigger says; `None` for what later versions may say.
fn read(payload: &str) -> Option<StoreChange> {
    let (what, id) = payload.split_once(' ')?;
    match what {
        "subscription" => {
            let id = SubscriptionId::new(id.parse().ok()?).ok()?;
            Some(StoreChange::Subscription(id))
        }
        "keys" => Some(StoreChange::Keys),
        "chains" => Some(StoreChange::Chains),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notifications_are_read_and_strangers_ignored() {
        let seven = SubscriptionId::new(7).unwrap();
        assert_eq!(
            read("subscription 7"),
            Some(StoreChange::Subscription(seven))
        );
        for payload in [
            "",
            "subscription",
            "subscription 0",
            "subscription x",
            "tea 7",
        ] {
            assert_eq!(read(payload), None, "{payload:?}");
        }
    }
}
