//! Creations as rows.

use event_streamer_models::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{Any, AnyPool, Row as _, Transaction};

use super::super::{Created, CreationKey, StoreError};
use super::columns::{from_sql, to_sql};
use super::failure::StoreResultExt as _;
use super::subscriptions;
use crate::subscription::{Subscription, SubscriptionSpec};

/// Inserts a subscription, unless its key was used before. One transaction: there is no
/// subscription without its key, and of several requests at once one finds the key unused.
pub(super) async fn insert_once(
    pool: &AnyPool,
    spec: &SubscriptionSpec,
    key: &CreationKey,
    now: Timestamp,
) -> Result<Created, StoreError> {
    let mut transaction = pool.begin().await.or_failed()?;
    forget_old(&mut transaction, key, now).await?;
    let subscription = subscriptions::insert(&mut *transaction, spec, now).await?;
    // Waits for another transaction with the same key, if there is one.
    let noted = sqlx::query(
        "INSERT INTO creations \
         (subscriber_id, key_hash, request_hash, subscription_id, start_block, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (subscriber_id, key_hash) DO NOTHING",
    )
    .bind(&spec.subscriber_id)
    .bind(key.hash.as_slice())
    .bind(key.request.as_slice())
    .bind(to_sql(subscription.id.get()))
    .bind(to_sql(spec.start_block))
    .bind(now.unix_millis())
    .execute(&mut *transaction)
    .await
    .or_failed()?;
    if noted.rows_affected() == 0 {
        // Its subscription goes with it.
        transaction.rollback().await.or_failed()?;
        return before(pool, spec, key).await;
    }
    forget_surplus(&mut transaction, &spec.subscriber_id, key.max_count).await?;
    transaction.commit().await.or_failed()?;
    Ok(Created::New(subscription))
}

async fn before(
    pool: &AnyPool,
    spec: &SubscriptionSpec,
    key: &CreationKey,
) -> Result<Created, StoreError> {
    let row = sqlx::query("SELECT * FROM creations WHERE subscriber_id = $1 AND key_hash = $2")
        .bind(&spec.subscriber_id)
        .bind(key.hash.as_slice())
        // If it was forgotten just now, the request is to be made again.
        .fetch_one(pool)
        .await
        .or_failed()?;
    let request: Vec<u8> = row.try_get("request_hash").or_failed()?;
    if request != key.request {
        return Ok(Created::OtherRequest);
    }
    first_answer(&row, spec).map(Created::Before)
}

/// The same request again gives the same specification, but for what was found out then.
fn first_answer(row: &AnyRow, spec: &SubscriptionSpec) -> Result<Subscription, StoreError> {
    let id = subscriptions::subscription_id(row.try_get("subscription_id").or_failed()?)?;
    let spec = SubscriptionSpec {
        start_block: from_sql(row.try_get("start_block").or_failed()?),
        ..spec.clone()
    };
    let created_at = Timestamp::from_unix_millis(row.try_get("created_at").or_failed()?);
    Ok(Subscription::new(id, spec, created_at))
}

async fn forget_old(
    transaction: &mut Transaction<'_, Any>,
    key: &CreationKey,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM creations WHERE created_at < $1")
        .bind(key.forgotten_before(now).unix_millis())
        .execute(&mut **transaction)
        .await
        .or_failed()?;
    Ok(())
}

async fn forget_surplus(
    transaction: &mut Transaction<'_, Any>,
    subscriber_id: &str,
    max_count: u32,
) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM creations WHERE subscriber_id = $1 AND id <= (SELECT id FROM creations \
         WHERE subscriber_id = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)",
    )
    .bind(subscriber_id)
    .bind(i64::from(max_count))
    .execute(&mut **transaction)
    .await
    .or_failed()?;
    Ok(())
}
