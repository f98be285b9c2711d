//! Acknowledged positions as rows, each with a checksum.

use event_streamer_models::{B256, BlockRef, EventId, SubscriptionId};
use sha2::{Digest as _, Sha256};
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::super::{Advance, Advanced, StoreError};
use super::columns::{from_sql, to_sql};
use super::dialect::Dialect;
use super::failure::StoreResultExt as _;
use crate::ingest::Cursor;
use crate::subscription::Acknowledged;

const CHECKSUM_BYTES: usize = 8;

/// The epoch, and the subscription held until the transaction ends: whoever else would move its
/// position, or reset it, waits.
const HOLD_SQLITE: &str = "SELECT epoch FROM subscriptions WHERE id = $1";
const HOLD_POSTGRES: &str = "SELECT epoch FROM subscriptions WHERE id = $1 FOR NO KEY UPDATE";

/// A statement of its own: one that waited for the lock above would still see the position as it
/// was before the wait.
const SELECT: &str = "SELECT * FROM positions WHERE subscription_id = $1";

/// Moves one position inside a transaction.
pub(super) async fn advance(
    dialect: Dialect,
    transaction: &mut Transaction<'_, Any>,
    id: SubscriptionId,
    advance: &Advance,
) -> Result<Advanced, StoreError> {
    match hold(dialect, transaction, id).await? {
        None => return Ok(Advanced::NotFound),
        Some(epoch) if epoch != advance.epoch => return Ok(Advanced::Stale),
        Some(_) => {}
    }
    let row = sqlx::query(SELECT)
        .bind(to_sql(id.get()))
        .fetch_optional(&mut **transaction)
        .await
        .or_failed()?;
    let stored = match &row {
        Some(row) => acknowledged(row, id)?,
        None => Acknowledged::default(),
    };
    let Some(moved) = advance.apply(&stored) else {
        return Ok(Advanced::To(stored));
    };
    put(transaction, id, advance.cursor, &moved).await?;
    Ok(Advanced::To(moved))
}

/// The epoch of a subscription, which is held until the transaction ends; `None` if there is none.
pub(super) async fn hold(
    dialect: Dialect,
    transaction: &mut Transaction<'_, Any>,
    id: SubscriptionId,
) -> Result<Option<u64>, StoreError> {
    let hold = match dialect {
        // There is one writer.
        Dialect::Sqlite => HOLD_SQLITE,
        Dialect::Postgres => HOLD_POSTGRES,
    };
    let row = sqlx::query(hold)
        .bind(to_sql(id.get()))
        .fetch_optional(&mut **transaction)
        .await
        .or_failed()?;
    let epoch = row
        .map(|row| row.try_get("epoch").or_failed())
        .transpose()?;
    Ok(epoch.map(from_sql))
}

async fn put(
    transaction: &mut Transaction<'_, Any>,
    id: SubscriptionId,
    cursor: Cursor,
    acknowledged: &Acknowledged,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO positions (subscription_id, block_number, block_hash, log_index, \
         events_delivered, last_event_id, checksum) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (subscription_id) DO UPDATE SET block_number = excluded.block_number, \
         block_hash = excluded.block_hash, log_index = excluded.log_index, \
         events_delivered = excluded.events_delivered, last_event_id = excluded.last_event_id, \
         checksum = excluded.checksum",
    )
    .bind(to_sql(id.get()))
    .bind(to_sql(cursor.block.number))
    .bind(cursor.block.hash.0.as_slice())
    .bind(cursor.log_index.map(i64::from))
    .bind(to_sql(acknowledged.events_delivered))
    .bind(acknowledged.last_event_id.as_ref().map(EventId::as_str))
    .bind(checksum(id, acknowledged).as_slice())
    .execute(&mut **transaction)
    .await
    .or_failed()?;
    Ok(())
}

/// Forgets a position, inside the transaction that resets it.
pub(super) async fn forget(
    transaction: &mut Transaction<'_, Any>,
    id: SubscriptionId,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM positions WHERE subscription_id = $1")
        .bind(to_sql(id.get()))
        .execute(&mut **transaction)
        .await
        .or_failed()?;
    Ok(())
}

/// Reads a position from a row that joins `positions`, whose columns are null if there is none.
pub(super) fn acknowledged(row: &AnyRow, id: SubscriptionId) -> Result<Acknowledged, StoreError> {
    let Some(block_number) = row.try_get::<Option<i64>, _>("block_number").or_failed()? else {
        return Ok(Acknowledged::default());
    };
    let damaged = || StoreError::damaged(format!("the position of subscription {id}"));
    let hash: Vec<u8> = row.try_get("block_hash").or_failed()?;
    let hash: [u8; 32] = hash.try_into().map_err(|_| damaged())?;
    let log_index: Option<i64> = row.try_get("log_index").or_failed()?;
    let log_index = log_index
        .map(u32::try_from)
        .transpose()
        .map_err(|_| damaged())?;
    let last_event_id: Option<String> = row.try_get("last_event_id").or_failed()?;
    let block = BlockRef {
        number: from_sql(block_number),
        hash: B256(hash),
    };
    let acknowledged = Acknowledged {
        cursor: Some(Cursor { block, log_index }),
        last_event_id: last_event_id.map(EventId::from),
        events_delivered: from_sql(row.try_get("events_delivered").or_failed()?),
    };
    let stored: Vec<u8> = row.try_get("checksum").or_failed()?;
    if stored != checksum(id, &acknowledged) {
        return Err(damaged());
    }
    Ok(acknowledged)
}

fn checksum(id: SubscriptionId, acknowledged: &Acknowledged) -> [u8; CHECKSUM_BYTES] {
    let mut hash = Sha256::new();
    hash.update(id.get().to_be_bytes());
    if let Some(cursor) = &acknowledged.cursor {
        hash.update(cursor.block.number.to_be_bytes());
        hash.update(cursor.block.hash.0);
        hash.update([u8::from(cursor.log_index.is_some())]);
        hash.update(cursor.log_index.unwrap_or_default().to_be_bytes());
    }
    hash.update(acknowledged.events_delivered.to_be_bytes());
    hash.update(
        acknowledged
            .last_event_id
            .as_ref()
            .map_or("", EventId::as_str),
    );
    let digest: [u8; 32] = hash.finalize().into();
    let mut checksum = [0; CHECKSUM_BYTES];
    checksum.copy_from_slice(&digest[..CHECKSUM_BYTES]);
    checksum
}
