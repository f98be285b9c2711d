//! How a database gets its tables, and the secret that is made with them.

use sqlx::{Any, Row as _, Transaction};

use super::super::secret::random_key;
use super::super::{StoreError, StoreErrorKind};
use super::dialect::Dialect;
use super::failure::StoreResultExt as _;
use super::{postgres, sqlite};
use crate::token::TokenKey;

const TOKEN_KEY: &str = "resume token key";

/// The names of all tables that are there.
const TABLES_SQLITE: &str =
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
/// A PostgreSQL database may hold tables of others: only ours are looked for.
const TABLES_POSTGRES: &str = "SELECT CAST(tablename AS TEXT) FROM pg_catalog.pg_tables \
     WHERE schemaname = current_schema() AND tablename = 'event_streamer_schema'";

/// Brings a database up to date inside a transaction that no other instance can be in, and
/// returns the key of its tokens.
pub(super) async fn prepare(
    dialect: Dialect,
    mut transaction: Transaction<'_, Any>,
    database: &str,
) -> Result<TokenKey, StoreError> {
    migrate(dialect, &mut transaction, database).await?;
    let key = token_key(&mut transaction).await?;
    transaction.commit().await.or_failed()?;
    Ok(key)
}

/// One step from each schema to the next; the version of a database is how many it has seen. Steps
/// are only ever added, and both lists are equally long.
fn migrations(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Sqlite => sqlite::MIGRATIONS,
        Dialect::Postgres => postgres::MIGRATIONS,
    }
}

async fn migrate(
    dialect: Dialect,
    transaction: &mut Transaction<'_, Any>,
    database: &str,
) -> Result<(), StoreError> {
    let migrations = migrations(dialect);
    let supported = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    let found = version(dialect, transaction, database).await?;
    if found > supported {
        return Err(StoreError::new(StoreErrorKind::NewerSchema {
            database: database.to_owned(),
            found,
            supported,
        }));
    }
    if found < 0 {
        let what = format!("{database}: schema version {found}");
        return Err(StoreError::damaged(what));
    }
    let done = usize::try_from(found).unwrap_or(usize::MAX);
    for &step in migrations.iter().skip(done) {
        sqlx::raw_sql(step)
            .execute(&mut **transaction)
            .await
            .or_store_error(database)?;
    }
    if found == supported {
        return Ok(());
    }
    sqlx::query("DELETE FROM event_streamer_schema")
        .execute(&mut **transaction)
        .await
        .or_failed()?;
    sqlx::query("INSERT INTO event_streamer_schema (version) VALUES ($1)")
        .bind(supported)
        .execute(&mut **transaction)
        .await
        .or_failed()?;
    Ok(())
}

/// The schema version of the database, 0 for an empty one.
async fn version(
    dialect: Dialect,
    transaction: &mut Transaction<'_, Any>,
    database: &str,
) -> Result<i64, StoreError> {
    let tables = match dialect {
        Dialect::Sqlite => TABLES_SQLITE,
        Dialect::Postgres => TABLES_POSTGRES,
    };
    let tables: Vec<String> = sqlx::query(tables)
        .fetch_all(&mut **transaction)
        .await
        .and_then(|rows| rows.iter().map(|row| row.try_get(0)).collect())
        .or_failed()?;
    if tables.is_empty() {
        return Ok(0);
    }
    if !tables.iter().any(|name| name == "event_streamer_schema") {
        return Err(StoreError::new(StoreErrorKind::Foreign {
            database: database.to_owned(),
        }));
    }
    sqlx::query("SELECT version FROM event_streamer_schema")
        .fetch_one(&mut **transaction)
        .await
        .and_then(|row| row.try_get(0))
        .or_failed()
}

/// The stored key; a new database gets a new one.
async fn token_key(transaction: &mut Transaction<'_, Any>) -> Result<TokenKey, StoreError> {
    sqlx::query("INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
        .bind(TOKEN_KEY)
        .bind(random_key().as_slice())
        .execute(&mut **transaction)
        .await
        .or_failed()?;
    let stored: Vec<u8> = sqlx::query("SELECT value FROM secrets WHERE name = $1")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_have_the_same_versions() {
        assert_eq!(
            migrations(Dialect::Sqlite).len(),
            migrations(Dialect::Postgres).len()
        );
    }
}
