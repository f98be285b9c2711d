//! API keys and the audit log as rows.

use event_streamer_models::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyPool, Row as _};

use super::super::{AuditEntry, StoreError};
use super::columns::{from_sql, to_sql};
use super::failure::StoreResultExt as _;
use crate::keys::{ApiKey, KeyHash, KeyScope, NewKey, StoredKey};

/// Entries of the audit log that are kept.
const AUDIT_ENTRIES: i64 = 100_000;

pub(super) async fn insert(pool: &AnyPool, new: &NewKey) -> Result<ApiKey, StoreError> {
    let subscriber = match &new.scope {
        KeyScope::Admin => None,
        KeyScope::Subscriber(id) => Some(id.as_str()),
    };
    let id: i64 = sqlx::query(
        "INSERT INTO api_keys (name, subscriber_id, hash, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5) RETURNING id",
    )
    .bind(&new.name)
    .bind(subscriber)
    .bind(new.hash.0.as_slice())
    .bind(new.now.unix_millis())
    .bind(new.expires_at.map(Timestamp::unix_millis))
    .fetch_one(pool)
    .await
    .and_then(|row| row.try_get(0))
    .or_failed()?;
    Ok(ApiKey {
        id: from_sql(id),
        name: new.name.clone(),
        scope: new.scope.clone(),
        created_at: new.now,
        expires_at: new.expires_at,
        revoked_at: None,
    })
}

pub(super) async fn find(pool: &AnyPool, id: u64) -> Result<Option<StoredKey>, StoreError> {
    let row = sqlx::query("SELECT * FROM api_keys WHERE id = $1")
        .bind(to_sql(id))
        .fetch_optional(pool)
        .await
        .or_failed()?;
    row.as_ref().map(stored).transpose()
}

pub(super) async fn list(
    pool: &AnyPool,
    after: u64,
    limit: u32,
) -> Result<Vec<ApiKey>, StoreError> {
    let rows = sqlx::query("SELECT * FROM api_keys WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(i64::try_from(after).unwrap_or(i64::MAX))
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await
        .or_failed()?;
    rows.iter()
        .map(|row| stored(row).map(|stored| stored.key))
        .collect()
}

pub(super) async fn revoke(pool: &AnyPool, id: u64, now: Timestamp) -> Result<bool, StoreError> {
    let revoked =
        sqlx::query("UPDATE api_keys SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL")
            .bind(now.unix_millis())
            .bind(to_sql(id))
            .execute(pool)
            .await
            .or_failed()?;
    Ok(revoked.rows_affected() > 0)
}

pub(super) async fn note(pool: &AnyPool, entry: &AuditEntry) -> Result<(), StoreError> {
    let mut transaction = pool.begin().await.or_failed()?;
    let id: i64 = sqlx::query(
        "INSERT INTO audit_log (at, actor, action, subject) VALUES ($1, $2, $3, $4) RETURNING id",
    )
    .bind(entry.at.unix_millis())
    .bind(&entry.actor)
    .bind(&entry.action)
    .bind(&entry.subject)
    .fetch_one(&mut *transaction)
    .await
    .and_then(|row| row.try_get(0))
    .or_failed()?;
    sqlx::query("DELETE FROM audit_log WHERE id <= $1")
        .bind(id.saturating_sub(AUDIT_ENTRIES))
        .execute(&mut *transaction)
        .await
        .or_failed()?;
    transaction.commit().await.or_failed()
}

pub(super) async fn audit(pool: &AnyPool, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
    let rows = sqlx::query("SELECT * FROM audit_log ORDER BY id DESC LIMIT $1")
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await
        .or_failed()?;
    let entry = |row: &AnyRow| {
        Ok(AuditEntry {
            at: Timestamp::from_unix_millis(row.try_get("at").or_failed()?),
            actor: row.try_get("actor").or_failed()?,
            action: row.try_get("action").or_failed()?,
            subject: row.try_get("subject").or_failed()?,
        })
    };
    rows.iter().map(entry).collect()
}

fn stored(row: &AnyRow) -> Result<StoredKey, StoreError> {
    let id = from_sql(row.try_get("id").or_failed()?);
    let hash: Vec<u8> = row.try_get("hash").or_failed()?;
    let hash = hash
        .try_into()
        .map_err(|_| StoreError::damaged(format!("api key {id}: its hash has another length")))?;
    let subscriber: Option<String> = row.try_get("subscriber_id").or_failed()?;
    let time = |name: &str| -> Result<Option<Timestamp>, StoreError> {
        let millis: Option<i64> = row.try_get(name).or_failed()?;
        Ok(millis.map(Timestamp::from_unix_millis))
    };
    Ok(StoredKey {
        key: ApiKey {
            id,
            name: row.try_get("name").or_failed()?,
            scope: subscriber.map_or(KeyScope::Admin, KeyScope::Subscriber),
            created_at: Timestamp::from_unix_millis(row.try_get("created_at").or_failed()?),
            expires_at: time("expires_at")?,
            revoked_at: time("revoked_at")?,
        },
        hash: KeyHash(hash),
    })
}
