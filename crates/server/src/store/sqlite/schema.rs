//! The tables, and how a file gets them.

use std::path::Path;

use sqlx::{Row as _, Sqlite, SqlitePool, Transaction};

use super::super::secret::random_key;
use super::super::{StoreError, StoreErrorKind};
use super::error::StoreResultExt as _;
use crate::token::TokenKey;

/// One step from each schema to the next; the version of a file is how many it has seen. Steps
/// are only ever added.
const MIGRATIONS: &[&str] = &[include_str!("schema_1.sql")];

const TOKEN_KEY: &str = "resume token key";

/// Checks the file, brings it up to date, and returns the key of its tokens.
pub(super) async fn prepare(pool: &SqlitePool, path: &Path) -> Result<TokenKey, StoreError> {
    check_integrity(pool, path).await?;
    let mut transaction = pool
        .begin_with("BEGIN IMMEDIATE")
        .await
        .or_store_error(path)?;
    migrate(&mut transaction, path).await?;
    let key = token_key(&mut transaction).await?;
    transaction.commit().await.or_failed()?;
    Ok(key)
}

/// Reads the whole file once. It holds subscriptions and positions, no events, and is small.
async fn check_integrity(pool: &SqlitePool, path: &Path) -> Result<(), StoreError> {
    let found: String = sqlx::query("PRAGMA quick_check(1)")
        .fetch_one(pool)
        .await
        .and_then(|row| row.try_get(0))
        .or_store_error(path)?;
    if found == "ok" {
        return Ok(());
    }
    // SQLite's own words name pages and tables, never contents.
    Err(StoreError::damaged(format!("{}: {found}", path.display())))
}

async fn migrate(transaction: &mut Transaction<'_, Sqlite>, path: &Path) -> Result<(), StoreError> {
    let supported = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    let found = version(transaction, path).await?;
    if found > supported {
        return Err(StoreError::new(StoreErrorKind::NewerSchema {
            path: path.to_owned(),
            found,
            supported,
        }));
    }
    if found < 0 {
        let what = format!("{}: schema version {found}", path.display());
        return Err(StoreError::damaged(what));
    }
    for &step in MIGRATIONS
        .iter()
        .skip(usize::try_from(found).unwrap_or(usize::MAX))
    {
        sqlx::raw_sql(step)
            .execute(&mut **transaction)
            .await
            .or_failed()?;
    }
    sqlx::query("DELETE FROM event_streamer_schema")
        .execute(&mut **transaction)
        .await
        .or_failed()?;
    sqlx::query("INSERT INTO event_streamer_schema (version) VALUES (?)")
        .bind(supported)
        .execute(&mut **transaction)
        .await
        .or_failed()?;
    Ok(())
}

/// The schema version of the file, 0 for an empty one.
async fn version(
    transaction: &mut Transaction<'_, Sqlite>,
    path: &Path,
) -> Result<i64, StoreError> {
    let tables: Vec<String> = sqlx::query(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    )
    .fetch_all(&mut **transaction)
    .await
    .and_then(|rows| rows.iter().map(|row| row.try_get(0)).collect())
    .or_failed()?;
    if tables.is_empty() {
        return Ok(0);
    }
    if !tables.iter().any(|name| name == "event_streamer_schema") {
        return Err(StoreError::new(StoreErrorKind::Foreign {
            path: path.to_owned(),
        }));
    }
    sqlx::query("SELECT version FROM event_streamer_schema")
        .fetch_one(&mut **transaction)
        .await
        .and_then(|row| row.try_get(0))
        .or_failed()
}

/// The stored key; a new file gets a new one.
async fn token_key(transaction: &mut Transaction<'_, Sqlite>) -> Result<TokenKey, StoreError> {
    sqlx::query("INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING")
        .bind(TOKEN_KEY)
        .bind(random_key().as_slice())
        .execute(&mut **transaction)
        .await
        .or_failed()?;
    let stored: Vec<u8> = sqlx::query("SELECT value FROM secrets WHERE name = ?")
        .bind(TOKEN_KEY)
        .fetch_one(&mut **transaction)
        .await
        .and_then(|row| row.try_get(0))
        .or_failed()?;
    let key: [u8; 32] = stored
        .try_into()
        .map_err(|_| StoreError::damaged("the key of the resume tokens has another length"))?;
    Ok(TokenKey::new(key))
}
