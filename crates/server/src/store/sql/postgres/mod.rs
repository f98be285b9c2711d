//! The store in a PostgreSQL database, shared by any number of instances.

mod listener;

use sqlx::any::AnyConnectOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AnyConnection, AnyPool, ConnectOptions as _, Connection as _, Executor as _};

use tokio::time::timeout;

use super::super::{StoreError, StoreErrorKind, StoreTimes};
use super::dialect::Dialect;
use super::failure::StoreResultExt as _;
use super::writer::PositionWriter;
use super::{ACQUIRE_TIMEOUT, SqlStore, bounded, pool, schema};
use crate::config::{PostgresConfig, PostgresUrl};
use crate::token::TokenKey;
pub(super) use listener::Listener;

pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("schema_1.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
    include_str!("schema_5.sql"),
    include_str!("schema_6.sql"),
];

/// Any number that is ours: instances that start together bring the tables up to date in turn.
const MIGRATION_LOCK: i64 = 0x6576_656e_7473_7472;

/// For every connection. An acknowledgement is durable when its commit returns, whatever the
/// server's default; and nothing that we ask takes half a minute.
const SETTINGS: &str = "\
    SELECT set_config('synchronous_commit', 'on', false) \
    WHERE current_setting('synchronous_commit') = 'off'; \
    SET statement_timeout = '30s'; \
    SET idle_in_transaction_session_timeout = '60s';";

impl SqlStore {
    /// Connects, making the tables if need be.
    ///
    /// # Errors
    ///
    /// The database cannot be reached, is of a newer version, or has tables of another program
    /// where ours would be.
    pub(crate) async fn open_postgres(config: &PostgresConfig) -> Result<Self, StoreError> {
        let database = config.url.to_string();
        let unreachable = |error| {
            let database = database.clone();
            StoreError::with_source(StoreErrorKind::Unreachable { database }, error)
        };
        // Once: a pool would try again and again what cannot work.
        try_out(&config.url).await.map_err(unreachable)?;
        let options: AnyConnectOptions = config.url.secret().parse().map_err(unreachable)?;
        let shared = pool(config.max_connections)
            .after_connect(|connection, _| Box::pin(prepare(connection)))
            .connect_with(options.disable_statement_logging())
            .await
            .map_err(unreachable)?;
        let opened = async {
            let key = bounded(open(&shared, &database)).await?;
            let listener = Listener::start(&config.url).await.map_err(unreachable)?;
            Ok((key, listener))
        };
        let (key, listener) = match opened.await {
            Ok(opened) => opened,
            Err(error) => {
                shared.close().await;
                return Err(error);
            }
        };
        Ok(Self {
            read: shared.clone(),
            positions: PositionWriter::start(Dialect::Postgres, shared.clone()),
            times: StoreTimes::default(),
            write: shared,
            key,
            listener: Some(listener),
            _lock: None,
        })
    }
}

async fn try_out(url: &PostgresUrl) -> Result<(), sqlx::Error> {
    let options: PgConnectOptions = url.secret().parse()?;
    let connected = timeout(ACQUIRE_TIMEOUT, options.connect()).await;
    connected
        .unwrap_or(Err(sqlx::Error::PoolTimedOut))?
        .close()
        .await
}

async fn prepare(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    connection.execute(sqlx::raw_sql(SETTINGS)).await?;
    Ok(())
}

async fn open(pool: &AnyPool, database: &str) -> Result<TokenKey, StoreError> {
    let mut transaction = pool.begin().await.or_store_error(database)?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(MIGRATION_LOCK)
        .execute(&mut *transaction)
        .await
        .or_failed()?;
    schema::prepare(Dialect::Postgres, transaction, database).await
}
