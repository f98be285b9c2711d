//! The same table of rows, in SQLite and in PostgreSQL.

use std::sync::Arc;

use event_streamer_client::{
    CheckpointDatabase, CheckpointKey, CheckpointStore, PostgresCheckpoints, SqliteCheckpoints,
};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, Executor as _, PgConnection, PgPool, SqlitePool, Transaction};
use tempfile::TempDir;

use crate::harness::subscription;

/// A database with a table of block numbers.
pub(super) trait Rows: Clone + Send + Sync + 'static {
    type Database: CheckpointDatabase;
    type Store: CheckpointStore + Clone;

    fn store(&self) -> Self::Store;

    fn begin(&self) -> impl Future<Output = Transaction<'static, Self::Database>> + Send;

    fn insert(
        transaction: &mut Transaction<'static, Self::Database>,
        block: u64,
    ) -> impl Future<Output = ()> + Send;

    fn delete_above(
        &self,
        transaction: &mut Transaction<'static, Self::Database>,
        block: u64,
    ) -> impl Future<Output = ()> + Send;

    /// The rows, each as often as it is there.
    fn blocks(&self) -> impl Future<Output = Vec<i64>> + Send;

    fn clear(&self) -> impl Future<Output = ()> + Send;

    fn insert_in(
        &self,
        transaction: &mut Transaction<'static, Self::Database>,
        block: u64,
    ) -> impl Future<Output = ()> + Send {
        Self::insert(transaction, block)
    }

    /// The position that is kept.
    async fn position(&self) -> Option<String> {
        let key = CheckpointKey::new(subscription(), "default").unwrap();
        let kept = self.store().load(&key).await.unwrap()?;
        kept.resume_token.map(|token| token.as_str().to_owned())
    }
}

macro_rules! rows {
    ($rows:ident, $database:ty, $store:ident) => {
        impl Rows for $rows {
            type Database = $database;
            type Store = $store;

            fn store(&self) -> $store {
                $store::new(self.pool.clone())
            }

            async fn begin(&self) -> Transaction<'static, $database> {
                self.pool.begin().await.unwrap()
            }

            async fn insert(transaction: &mut Transaction<'static, $database>, block: u64) {
                let insert = sqlx::query("INSERT INTO seen (block) VALUES ($1)");
                let insert = insert.bind(block.cast_signed());
                insert.execute(&mut **transaction).await.unwrap();
            }

            async fn delete_above(
                &self,
                transaction: &mut Transaction<'static, $database>,
                block: u64,
            ) {
                let delete = sqlx::query("DELETE FROM seen WHERE block > $1");
                let delete = delete.bind(block.cast_signed());
                delete.execute(&mut **transaction).await.unwrap();
            }

            async fn blocks(&self) -> Vec<i64> {
                let blocks = sqlx::query_scalar("SELECT block FROM seen ORDER BY block");
                blocks.fetch_all(&self.pool).await.unwrap()
            }

            async fn clear(&self) {
                self.pool.execute("DELETE FROM seen").await.unwrap();
                let _ = self
                    .pool
                    .execute("DELETE FROM event_streamer_checkpoints")
                    .await;
            }
        }
    };
}

#[derive(Clone)]
pub(super) struct SqliteRows {
    pool: SqlitePool,
    _folder: Arc<TempDir>,
}

rows!(SqliteRows, sqlx::Sqlite, SqliteCheckpoints);

impl SqliteRows {
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteConnectOptions::new()
            .filename(folder.path().join("rows.sqlite"))
            .create_if_missing(true);
        let pool = SqlitePool::connect_with(options).await.unwrap();
        pool.execute("CREATE TABLE seen (block BIGINT NOT NULL)")
            .await
            .unwrap();
        Self {
            pool,
            _folder: Arc::new(folder),
        }
    }

    pub(super) async fn done(self) {
        self.pool.close().await;
    }
}

#[derive(Clone)]
pub(super) struct PostgresRows {
    pool: PgPool,
    server: String,
    name: String,
}

rows!(PostgresRows, sqlx::Postgres, PostgresCheckpoints);

impl PostgresRows {
    /// A database of its own on the server of the tests.
    pub(super) async fn new(test: &str) -> Self {
        const VARIABLE: &str = "EVENT_STREAMER_POSTGRES";
        let Ok(server) = std::env::var(VARIABLE) else {
            panic!(
                "this test needs a PostgreSQL server, and {VARIABLE} is not set; run `cargo xtask test`, \
                 which starts one"
            );
        };
        let name: String = test.chars().take(40).collect();
        let name = format!("{name}_{}", std::process::id());
        let mut admin = PgConnection::connect(&server).await.unwrap();
        let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
        admin.execute(create).await.unwrap();
        let base = server.rsplit_once('/').unwrap().0;
        let pool = PgPool::connect(&format!("{base}/{name}")).await.unwrap();
        pool.execute("CREATE TABLE seen (block BIGINT NOT NULL)")
            .await
            .unwrap();
        Self { pool, server, name }
    }

    pub(super) async fn done(self) {
        self.pool.close().await;
        let mut admin = PgConnection::connect(&self.server).await.unwrap();
        let drop = sqlx::AssertSqlSafe(format!("DROP DATABASE {} WITH (FORCE)", self.name));
        admin.execute(drop).await.unwrap();
    }
}

/// A test as one with SQLite and one with PostgreSQL.
macro_rules! each_database {
    ($(#[$doc:meta])* async fn $name:ident($rows:ident) $body:block) => {
        mod $name {
            use super::*;
            use crate::commits::databases::{PostgresRows, SqliteRows};

            $(#[$doc])*
            async fn run<R: Rows>($rows: R) $body

            #[tokio::test]
            async fn with_sqlite() {
                let rows = SqliteRows::new().await;
                run(rows.clone()).await;
                rows.done().await;
            }

            mod postgres {
                use super::*;

                #[tokio::test]
                #[ignore = "needs PostgreSQL: run `cargo xtask test`"]
                async fn with_postgres() {
                    let rows = PostgresRows::new(stringify!($name)).await;
                    run(rows.clone()).await;
                    rows.done().await;
                }
            }
        }
    };
}
pub(super) use each_database;
