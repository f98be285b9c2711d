//! Positions in a database, SQLite or PostgreSQL, beside the rows that handlers write.
//!
//! The statements are the same for both; a macro gives each its types.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use event_streamer_models::ResumeToken;
use sqlx::{Database, PgPool, Postgres, Row as _, Sqlite, SqlitePool};
use tokio::sync::OnceCell;

use super::{
    CheckpointError, CheckpointErrorKind, CheckpointFuture, CheckpointKey, CheckpointStore,
    SavedPosition,
};

/// The table, in SQLite and in PostgreSQL, for those who make their tables themselves; otherwise the
/// store makes it when it is first used.
pub const CREATE_CHECKPOINT_TABLE: &str = "\
CREATE TABLE IF NOT EXISTS event_streamer_checkpoints (
    subscription_id BIGINT NOT NULL,
    name VARCHAR(100) NOT NULL,
    epoch BIGINT NOT NULL,
    step BIGINT NOT NULL,
    resume_token TEXT,
    PRIMARY KEY (subscription_id, name)
)";

const CLAIM: &str = "\
INSERT INTO event_streamer_checkpoints (subscription_id, name, epoch, step) VALUES ($1, $2, 1, 0) \
ON CONFLICT (subscription_id, name) DO UPDATE \
SET epoch = event_streamer_checkpoints.epoch + 1, step = 0 \
RETURNING epoch, step, resume_token";

const SAVE: &str = "\
UPDATE event_streamer_checkpoints SET resume_token = $5, step = $4 \
WHERE subscription_id = $1 AND name = $2 AND epoch = $3 AND step <= $4";

const COMMIT: &str = "\
UPDATE event_streamer_checkpoints SET resume_token = $5, step = $4 \
WHERE subscription_id = $1 AND name = $2 AND epoch = $3 AND step = $4 - 1";

const LOAD: &str = "\
SELECT epoch, step, resume_token FROM event_streamer_checkpoints \
WHERE subscription_id = $1 AND name = $2";

/// A position to be written in the application's transaction.
#[derive(Clone, Copy, Debug)]
pub struct Commit<'a> {
    pub(crate) key: &'a CheckpointKey,
    pub(crate) epoch: u64,
    /// The number of the delivery since the claim, from 1.
    pub(crate) step: u64,
    pub(crate) token: &'a ResumeToken,
}

/// A database in whose transactions a position can be written: SQLite and PostgreSQL.
pub trait CheckpointDatabase: Database + sealed::Sealed {
    #[doc(hidden)]
    fn commit<'a>(
        connection: &'a mut Self::Connection,
        commit: Commit<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<(), CheckpointError>> + Send + 'a>>;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for sqlx::Sqlite {}
    impl Sealed for sqlx::Postgres {}
}

/// A store, and how it writes within a transaction.
macro_rules! sql_store {
    ($(#[$doc:meta])* $store:ident, $database:ty, $pool:ty, $prepare:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $store {
            pool: $pool,
            prepared: std::sync::Arc<OnceCell<()>>,
        }

        impl $store {
            /// Keeps positions in this database, in the table `event_streamer_checkpoints`.
            #[must_use]
            pub fn new(pool: $pool) -> Self {
                Self {
                    pool,
                    prepared: std::sync::Arc::default(),
                }
            }

            async fn pool(&self) -> Result<&$pool, CheckpointError> {
                let prepare = || async { $prepare(&self.pool).await.map_err(failed) };
                self.prepared.get_or_try_init(prepare).await?;
                Ok(&self.pool)
            }
        }

        impl fmt::Debug for $store {
            /// Without the pool, which may show where and as whom it connects.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($store)).finish_non_exhaustive()
            }
        }

        impl CheckpointStore for $store {
            fn claim<'a>(&'a self, key: &'a CheckpointKey) -> CheckpointFuture<'a, SavedPosition> {
                Box::pin(async move {
                    let row = sqlx::query(CLAIM)
                        .bind(to_sql(key.subscription_id().get()))
                        .bind(key.name())
                        .fetch_one(self.pool().await?)
                        .await
                        .map_err(failed)?;
                    let (epoch, step, token): (i64, i64, Option<String>) = (
                        row.try_get(0).map_err(failed)?,
                        row.try_get(1).map_err(failed)?,
                        row.try_get(2).map_err(failed)?,
                    );
                    Ok(saved(epoch, step, token))
                })
            }

            fn save<'a>(
                &'a self,
                key: &'a CheckpointKey,
                position: &'a SavedPosition,
            ) -> CheckpointFuture<'a, ()> {
                Box::pin(async move {
                    let token = position.resume_token.as_ref().map(ResumeToken::as_str);
                    let done = sqlx::query(SAVE)
                        .bind(to_sql(key.subscription_id().get()))
                        .bind(key.name())
                        .bind(to_sql(position.epoch))
                        .bind(to_sql(position.step))
                        .bind(token)
                        .execute(self.pool().await?)
                        .await
                        .map_err(failed)?;
                    if done.rows_affected() > 0 {
                        return Ok(());
                    }
                    match self.load(key).await? {
                        // A later one is kept already.
                        Some(saved) if saved.epoch == position.epoch => Ok(()),
                        _ => Err(CheckpointError::superseded(key)),
                    }
                })
            }

            fn load<'a>(
                &'a self,
                key: &'a CheckpointKey,
            ) -> CheckpointFuture<'a, Option<SavedPosition>> {
                Box::pin(async move {
                    let row: Option<(i64, i64, Option<String>)> = sqlx::query_as(LOAD)
                        .bind(to_sql(key.subscription_id().get()))
                        .bind(key.name())
                        .fetch_optional(self.pool().await?)
                        .await
                        .map_err(failed)?;
                    Ok(row.map(|(epoch, step, token)| saved(epoch, step, token)))
                })
            }
        }

        impl CheckpointDatabase for $database {
            fn commit<'a>(
                connection: &'a mut Self::Connection,
                commit: Commit<'a>,
            ) -> Pin<Box<dyn Future<Output = Result<(), CheckpointError>> + Send + 'a>> {
                Box::pin(async move {
                    let Commit { key, epoch, step, token } = commit;
                    let done = sqlx::query(COMMIT)
                        .bind(to_sql(key.subscription_id().get()))
                        .bind(key.name())
                        .bind(to_sql(epoch))
                        .bind(to_sql(step))
                        .bind(token.as_str())
                        .execute(&mut *connection)
                        .await
                        .map_err(failed)?;
                    if done.rows_affected() == 1 {
                        return Ok(());
                    }
                    let row: Option<(i64, i64, Option<String>)> = sqlx::query_as(LOAD)
                        .bind(to_sql(key.subscription_id().get()))
                        .bind(key.name())
                        .fetch_optional(&mut *connection)
                        .await
                        .map_err(failed)?;
                    Err(refusal(&commit, row.map(|(epoch, step, token)| saved(epoch, step, token))))
                })
            }
        }
    };
}

sql_store! {
    /// Positions in a SQLite database, through a pool of the application.
    ///
    /// As durable as the database is set to be: `synchronous = FULL`, SQLite's default, keeps a
    /// position through a power failure. SQLite has one writer at a time; give the pool a
    /// `busy_timeout`.
    SqliteCheckpoints, Sqlite, SqlitePool, prepare_sqlite
}

sql_store! {
    /// Positions in a PostgreSQL database, through a pool of the application.
    ///
    /// As durable as the database is set to be: `synchronous_commit = on`, the default, keeps a
    /// position through a power failure.
    PostgresCheckpoints, Postgres, PgPool, prepare_postgres
}

async fn prepare_sqlite(pool: &SqlitePool) -> Result<(), sqlx::Error> {
    sqlx::query(CREATE_CHECKPOINT_TABLE).execute(pool).await?;
    Ok(())
}

/// A number of our own that nobody else locks by: "evntstrm".
const POSTGRES_LOCK: i64 = 0x6576_6e74_7374_726d;

/// Two that make a table at the same time disturb each other in spite of `IF NOT EXISTS`; and where
/// it is there, the right to make one may be missing.
async fn prepare_postgres(pool: &PgPool) -> Result<(), sqlx::Error> {
    let there = "SELECT to_regclass('event_streamer_checkpoints') IS NOT NULL";
    if sqlx::query_scalar(there).fetch_one(pool).await? {
        return Ok(());
    }
    let mut transaction = pool.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(POSTGRES_LOCK)
        .execute(&mut *transaction)
        .await?;
    sqlx::query(CREATE_CHECKPOINT_TABLE)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await
}

fn saved(epoch: i64, step: i64, token: Option<String>) -> SavedPosition {
    SavedPosition {
        resume_token: token.map(ResumeToken::from),
        epoch: epoch.cast_unsigned(),
        step: step.cast_unsigned(),
    }
}

/// Why a position was not written: what is kept tells.
fn refusal(commit: &Commit<'_>, kept: Option<SavedPosition>) -> CheckpointError {
    let Commit {
        key, epoch, step, ..
    } = commit;
    match kept {
        Some(kept) if kept.epoch == *epoch && kept.step >= *step => CheckpointError::new(
            CheckpointErrorKind::AlreadyCommitted,
            format!(
                "this batch of {key} is committed already: roll back what is being stored again"
            ),
        ),
        Some(kept) if kept.epoch == *epoch => CheckpointError::new(
            CheckpointErrorKind::OutOfOrder,
            format!(
                "{key}: {} earlier deliveries are not committed; commit them first, in order",
                step - 1 - kept.step
            ),
        ),
        _ => CheckpointError::superseded(key),
    }
}

/// The integers of SQL are signed; ours stay far below that.
fn to_sql(value: u64) -> i64 {
    value.cast_signed()
}

/// The driver's text may hold the address of the database, so it is left to the source.
fn failed(error: sqlx::Error) -> CheckpointError {
    CheckpointError::new(
        CheckpointErrorKind::Unavailable,
        "the checkpoint database did not do as it was asked",
    )
    .with_source(error)
}
