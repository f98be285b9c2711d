//! One suite for both databases.

mod postgres;
mod sqlite;
mod suite;

use std::path::PathBuf;

use event_streamer_models::{B256, BlockRef};
use tempfile::TempDir;

use super::*;
use crate::config::PostgresConfig;
use crate::delivery::testing::{spec, transfer};
use crate::ingest::Cursor;
use crate::store::AdvanceStep;
use crate::store::chain::tests as chains;
use crate::store::creation::tests as creations;
use crate::store::letter::tests as letters;

/// A database of one test.
enum Database {
    Sqlite(TempDir),
    Postgres(PostgresConfig),
}

/// Runs each test of the suite over a database of its own.
macro_rules! for_every_test {
    ($database:ident, $($attribute:meta),+) => {
        super::for_every_test! { $database, [$(#[$attribute])+],
            everything_is_there_after_a_restart,
            an_older_schema_is_brought_up_to_date,
            a_newer_schema_is_refused,
            a_changed_position_does_not_pass_for_a_position,
            an_update_needs_the_revision_it_was_made_from,
            a_failure_of_before_a_reset_is_not_noted,
            what_is_deleted_is_gone_and_its_id_never_comes_back,
            pages_are_cut_from_one_order,
            many_acknowledgements_at_once_each_get_their_answer,
            a_late_wish_does_not_move_a_position_back,
            keys_are_kept_and_taken_back,
            the_audit_log_tells_the_newest_first,
            a_creation_is_carried_out_once,
            creations_are_forgotten_by_age_and_count,
            creations_at_once_make_one_subscription,
            chains_are_kept_changed_and_deactivated,
            chains_are_no_more_than_there_may_be,
            chains_are_created_once,
            dead_letters_are_kept_in_order_and_no_more_than_fit,
            a_closed_store_says_so,
        }
    };
    ($database:ident, $attributes:tt, $($test:ident,)+) => {
        $( super::for_every_test! { @ $database, $attributes, $test } )+
    };
    (@ $database:ident, [$($attribute:tt)+], $test:ident) => {
        $($attribute)+
        async fn $test() {
            let database = Database::$database().await;
            suite::$test(&database).await;
            database.remove().await;
        }
    };
}
use for_every_test;

impl Database {
    async fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    /// The path of the file.
    fn path(&self) -> PathBuf {
        let Self::Sqlite(folder) = self else {
            panic!("a database without a file")
        };
        folder.path().join("events.db")
    }

    /// As errors name it.
    fn name(&self) -> String {
        match self {
            Self::Sqlite(_) => self.path().display().to_string(),
            Self::Postgres(config) => config.url.to_string(),
        }
    }

    async fn try_open(&self) -> Result<SqlStore, StoreError> {
        match self {
            Self::Sqlite(_) => SqlStore::open_sqlite(&self.path()).await,
            Self::Postgres(config) => SqlStore::open_postgres(config).await,
        }
    }

    async fn open(&self) -> SqlStore {
        self.try_open().await.unwrap()
    }

    async fn refused(&self) -> StoreError {
        self.try_open().await.unwrap_err()
    }

    /// Runs statements behind the store's back.
    async fn tamper(&self, sql: &str) {
        let url = match self {
            Self::Sqlite(_) => format!("sqlite://{}?mode=rwc", self.path().display()),
            Self::Postgres(config) => config.url.secret().to_owned(),
        };
        let pool = pool(1).connect(&url).await.unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
            .execute(&pool)
            .await
            .unwrap();
        pool.close().await;
    }

    /// The statements that made the tables of version 1.
    fn first_schema(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => super::sqlite::MIGRATIONS[0],
            Self::Postgres(_) => super::postgres::MIGRATIONS[0],
        }
    }
}

fn at(number: u64) -> Cursor {
    Cursor::after_block(BlockRef {
        number,
        hash: B256([number.to_be_bytes()[7]; 32]),
    })
}

fn advance(number: u64, events: u64) -> Advance {
    Advance {
        epoch: 0,
        cursor: at(number),
        last_event_id: Some(format!("1-{number}").into()),
        steps: vec![AdvanceStep {
            end: at(number),
            events,
            after_reorg: false,
        }],
        replaces: None,
    }
}

const NOW: Timestamp = Timestamp::from_unix_millis(1_716_460_200_000);

async fn insert(store: &SqlStore) -> Subscription {
    store.insert(&spec(transfer()), NOW).await.unwrap()
}
