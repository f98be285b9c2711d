//! Subscriptions as rows.

use event_streamer_models::{SubscriptionId, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{Any, AnyPool, Executor, Row as _};

use super::super::{Change, Page, PageQuery, StoreError, Updated};
use super::columns::{from_sql, to_sql};
use super::failure::StoreResultExt as _;
use super::positions;
use crate::subscription::{Subscription, SubscriptionSpec};

const SELECT_ONE: &str = "SELECT s.*, p.* FROM subscriptions s \
     LEFT JOIN positions p ON p.subscription_id = s.id WHERE s.id = $1";

// One statement for all: a null subscriber, or chain, means every one.
const SELECT_PAGE: &str = "SELECT s.*, p.* FROM subscriptions s \
     LEFT JOIN positions p ON p.subscription_id = s.id \
     WHERE (CAST($1 AS TEXT) IS NULL OR s.subscriber_id = $1) \
     AND (CAST($2 AS BIGINT) IS NULL OR s.chain_id = $2) ORDER BY s.id LIMIT $3 OFFSET $4";

const COUNT: &str = "SELECT count(*) FROM subscriptions s \
     WHERE (CAST($1 AS TEXT) IS NULL OR s.subscriber_id = $1) \
     AND (CAST($2 AS BIGINT) IS NULL OR s.chain_id = $2)";

pub(super) async fn insert(
    executor: impl Executor<'_, Database = Any>,
    spec: &SubscriptionSpec,
    now: Timestamp,
) -> Result<Subscription, StoreError> {
    let id: i64 = sqlx::query(
        "INSERT INTO subscriptions (subscriber_id, chain_id, spec, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $4) RETURNING id",
    )
    .bind(&spec.subscriber_id)
    .bind(to_sql(spec.chain_id.get()))
    .bind(spec_to_sql(spec)?)
    .bind(now.unix_millis())
    .fetch_one(executor)
    .await
    .and_then(|row| row.try_get(0))
    .or_failed()?;
    Ok(Subscription::new(subscription_id(id)?, spec.clone(), now))
}

pub(super) async fn get(
    executor: impl Executor<'_, Database = Any>,
    id: SubscriptionId,
) -> Result<Option<Subscription>, StoreError> {
    let row = sqlx::query(SELECT_ONE)
        .bind(to_sql(id.get()))
        .fetch_optional(executor)
        .await
        .or_failed()?;
    row.as_ref().map(subscription).transpose()
}

pub(super) async fn list(pool: &AnyPool, page: PageQuery<'_>) -> Result<Page, StoreError> {
    // One snapshot for both, so that the total belongs to the page.
    let mut snapshot = pool.begin().await.or_failed()?;
    let total: i64 = sqlx::query(COUNT)
        .bind(page.subscriber_id)
        .bind(page.chain_id.map(to_sql))
        .fetch_one(&mut *snapshot)
        .await
        .and_then(|row| row.try_get(0))
        .or_failed()?;
    let rows = sqlx::query(SELECT_PAGE)
        .bind(page.subscriber_id)
        .bind(page.chain_id.map(to_sql))
        .bind(i64::from(page.limit))
        .bind(i64::try_from(page.offset).unwrap_or(i64::MAX))
        .fetch_all(&mut *snapshot)
        .await
        .or_failed()?;
    let subscriptions = rows.iter().map(subscription).collect::<Result<_, _>>()?;
    Ok(Page {
        subscriptions,
        total: from_sql(total),
    })
}

pub(super) async fn update(
    pool: &AnyPool,
    id: SubscriptionId,
    change: &Change,
) -> Result<Updated, StoreError> {
    let mut transaction = pool.begin().await.or_failed()?;
    let changed = sqlx::query(
        "UPDATE subscriptions SET subscriber_id = $3, chain_id = $4, spec = $5, paused = $6, \
         failure = NULL, revision = revision + 1, epoch = epoch + $7, updated_at = $8 \
         WHERE id = $1 AND revision = $2",
    )
    .bind(to_sql(id.get()))
    .bind(to_sql(change.revision))
    .bind(&change.spec.subscriber_id)
    .bind(to_sql(change.spec.chain_id.get()))
    .bind(spec_to_sql(&change.spec)?)
    .bind(i64::from(change.paused))
    .bind(i64::from(change.reset_position))
    .bind(change.now.unix_millis())
    .execute(&mut *transaction)
    .await
    .or_failed()?;
    if change.reset_position && changed.rows_affected() > 0 {
        positions::forget(&mut transaction, id).await?;
    }
    let stored = get(&mut *transaction, id).await?;
    transaction.commit().await.or_failed()?;
    Ok(match stored {
        None => Updated::NotFound,
        Some(_) if changed.rows_affected() == 0 => Updated::Conflict,
        Some(subscription) => Updated::Done(Box::new(subscription)),
    })
}

pub(super) async fn set_failure(
    pool: &AnyPool,
    id: SubscriptionId,
    epoch: u64,
    failure: Option<&str>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE subscriptions SET failure = $1 WHERE id = $2 AND epoch = $3")
        .bind(failure)
        .bind(to_sql(id.get()))
        .bind(to_sql(epoch))
        .execute(pool)
        .await
        .or_failed()?;
    Ok(())
}

pub(super) async fn delete(pool: &AnyPool, id: SubscriptionId) -> Result<bool, StoreError> {
    let deleted = sqlx::query("DELETE FROM subscriptions WHERE id = $1")
        .bind(to_sql(id.get()))
        .execute(pool)
        .await
        .or_failed()?;
    Ok(deleted.rows_affected() > 0)
}

fn subscription(row: &AnyRow) -> Result<Subscription, StoreError> {
    let id = subscription_id(row.try_get("id").or_failed()?)?;
    let spec: String = row.try_get("spec").or_failed()?;
    let spec = serde_json::from_str(&spec)
        .map_err(|error| StoreError::damaged(format!("subscription {id}: {error}")))?;
    Ok(Subscription {
        id,
        spec,
        paused: row.try_get::<i64, _>("paused").or_failed()? != 0,
        failure: row.try_get("failure").or_failed()?,
        revision: from_sql(row.try_get("revision").or_failed()?),
        epoch: from_sql(row.try_get("epoch").or_failed()?),
        created_at: Timestamp::from_unix_millis(row.try_get("created_at").or_failed()?),
        updated_at: Timestamp::from_unix_millis(row.try_get("updated_at").or_failed()?),
        acknowledged: positions::acknowledged(row, id)?,
    })
}

pub(super) fn subscription_id(id: i64) -> Result<SubscriptionId, StoreError> {
    SubscriptionId::new(from_sql(id))
        .map_err(|_| StoreError::damaged("a subscription has the id 0"))
}

fn spec_to_sql(spec: &SubscriptionSpec) -> Result<String, StoreError> {
    serde_json::to_string(spec)
        .map_err(|error| StoreError::damaged(format!("a subscription has no json form: {error}")))
}
