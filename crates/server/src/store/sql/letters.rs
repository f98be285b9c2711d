//! Refused batches as rows.

use event_streamer_models::{SubscriptionId, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{AnyPool, Row as _};

use super::super::{Kept, Letter, LetterLimits, NewLetter, StoreError};
use super::columns::{from_sql, to_sql};
use super::dialect::Dialect;
use super::failure::StoreResultExt as _;
use super::positions;

const COLUMNS: &str = "id, created_at, first_block, last_block, events, refusals, reason, bytes";

pub(super) async fn keep(
    dialect: Dialect,
    pool: &AnyPool,
    new: &NewLetter,
    limits: LetterLimits,
) -> Result<Kept, StoreError> {
    let mut transaction = pool.begin().await.or_failed()?;
    let subscription = new.subscription_id;
    // Held, so that two instances do not both take the last place.
    if positions::hold(dialect, &mut transaction, subscription)
        .await?
        .is_none()
    {
        return Ok(Kept::NotFound);
    }
    let row = sqlx::query(
        "SELECT count(*) AS letters, CAST(coalesce(sum(bytes), 0) AS BIGINT) AS held \
         FROM dead_letters WHERE subscription_id = $1",
    )
    .bind(to_sql(subscription.get()))
    .fetch_one(&mut *transaction)
    .await
    .or_failed()?;
    let count = from_sql(row.try_get("letters").or_failed()?);
    let held = from_sql(row.try_get("held").or_failed()?);
    let bytes = new.body.len() as u64;
    if limits.exceeded(count, held, bytes) {
        return Ok(Kept::Full);
    }
    let id: i64 = sqlx::query(
        "INSERT INTO dead_letters (subscription_id, created_at, first_block, last_block, events, \
         refusals, reason, bytes, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
    )
    .bind(to_sql(subscription.get()))
    .bind(new.at.unix_millis())
    .bind(to_sql(new.blocks.0))
    .bind(to_sql(new.blocks.1))
    .bind(to_sql(new.events))
    .bind(i64::from(new.refusals))
    .bind(new.reason.as_deref())
    .bind(to_sql(bytes))
    .bind(&new.body)
    .fetch_one(&mut *transaction)
    .await
    .and_then(|row| row.try_get(0))
    .or_failed()?;
    transaction.commit().await.or_failed()?;
    Ok(Kept::As(from_sql(id)))
}

pub(super) async fn list(
    pool: &AnyPool,
    of: SubscriptionId,
    after: u64,
    limit: u32,
) -> Result<Vec<Letter>, StoreError> {
    let statement = format!(
        "SELECT {COLUMNS} FROM dead_letters WHERE subscription_id = $1 AND id > $2 \
         ORDER BY id LIMIT $3"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(to_sql(of.get()))
        .bind(to_sql(after))
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await
        .or_failed()?;
    rows.iter().map(|row| letter(row, None)).collect()
}

pub(super) async fn get(
    pool: &AnyPool,
    of: SubscriptionId,
    id: u64,
) -> Result<Option<Letter>, StoreError> {
    let row = sqlx::query("SELECT * FROM dead_letters WHERE subscription_id = $1 AND id = $2")
        .bind(to_sql(of.get()))
        .bind(to_sql(id))
        .fetch_optional(pool)
        .await
        .or_failed()?;
    let Some(row) = row else { return Ok(None) };
    let body = row.try_get("body").or_failed()?;
    letter(&row, Some(body)).map(Some)
}

pub(super) async fn delete(
    pool: &AnyPool,
    of: SubscriptionId,
    id: u64,
) -> Result<bool, StoreError> {
    let deleted = sqlx::query("DELETE FROM dead_letters WHERE subscription_id = $1 AND id = $2")
        .bind(to_sql(of.get()))
        .bind(to_sql(id))
        .execute(pool)
        .await
        .or_failed()?;
    Ok(deleted.rows_affected() > 0)
}

fn letter(row: &AnyRow, body: Option<String>) -> Result<Letter, StoreError> {
    let number = |name: &str| row.try_get(name).map(from_sql).or_failed();
    Ok(Letter {
        id: number("id")?,
        at: Timestamp::from_unix_millis(row.try_get("created_at").or_failed()?),
        blocks: (number("first_block")?, number("last_block")?),
        events: number("events")?,
        refusals: u32::try_from(number("refusals")?).unwrap_or(u32::MAX),
        reason: row.try_get("reason").or_failed()?,
        bytes: number("bytes")?,
        body,
    })
}
