//! Chains as rows.

use event_streamer_models::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{Any, AnyPool, Row as _, Transaction};

use super::super::{ChainCreated, ChainSpec, CreationKey, StoreError, StoredChain};
use super::columns::{from_sql, to_sql};
use super::failure::StoreResultExt as _;

/// All of them, in the order of their ids; there are no more than a few.
pub(super) async fn list(pool: &AnyPool) -> Result<Vec<StoredChain>, StoreError> {
    let rows = sqlx::query("SELECT * FROM chains")
        .fetch_all(pool)
        .await
        .or_failed()?;
    let mut chains: Vec<_> = rows.iter().map(chain).collect::<Result<_, _>>()?;
    // Not by the database, where large ids are negative.
    chains.sort_by_key(|it| it.chain_id);
    Ok(chains)
}

/// Inserts a chain, unless there is an active one of its id, or its key was used before. One
/// transaction: there is no chain without its key.
pub(super) async fn insert(
    pool: &AnyPool,
    spec: &ChainSpec,
    key: Option<&CreationKey>,
    max_chains: u32,
    now: Timestamp,
) -> Result<ChainCreated, StoreError> {
    let mut transaction = pool.begin().await.or_failed()?;
    if let Some(key) = key {
        forget_old(&mut transaction, key, now).await?;
        if let Some(before) = before(&mut transaction, key).await? {
            return Ok(before);
        }
    }
    let Some(chain) = insert_inactive_or_new(&mut transaction, spec, now).await? else {
        return Ok(ChainCreated::Exists);
    };
    if !make_room(&mut transaction, max_chains).await? {
        return Ok(ChainCreated::TooMany);
    }
    if let Some(key) = key {
        // Waits for another transaction with the same key, if there is one.
        let noted = sqlx::query(
            "INSERT INTO chain_creations (key_hash, request_hash, created_at) VALUES ($1, $2, $3) \
             ON CONFLICT (key_hash) DO NOTHING",
        )
        .bind(key.hash.as_slice())
        .bind(key.request.as_slice())
        .bind(now.unix_millis())
        .execute(&mut *transaction)
        .await
        .or_failed()?;
        if noted.rows_affected() == 0 {
            // Its chain goes with it, and the other one's is there.
            transaction.rollback().await.or_failed()?;
            let mut transaction = pool.begin().await.or_failed()?;
            let found = before(&mut transaction, key).await?;
            return Ok(found.unwrap_or(ChainCreated::Exists));
        }
        forget_surplus(&mut transaction, key.max_count).await?;
    }
    transaction.commit().await.or_failed()?;
    Ok(ChainCreated::New(Box::new(chain)))
}

async fn insert_inactive_or_new(
    transaction: &mut Transaction<'_, Any>,
    spec: &ChainSpec,
    now: Timestamp,
) -> Result<Option<StoredChain>, StoreError> {
    let row = sqlx::query(
        "INSERT INTO chains (chain_id, name, settings, active, revision, created_at, updated_at) \
         VALUES ($1, $2, $3, 1, 0, $4, $4) ON CONFLICT (chain_id) DO UPDATE SET \
         name = excluded.name, settings = excluded.settings, active = 1, \
         revision = chains.revision + 1, created_at = excluded.created_at, \
         updated_at = excluded.updated_at WHERE chains.active = 0 RETURNING *",
    )
    .bind(to_sql(spec.chain_id))
    .bind(&spec.name)
    .bind(settings_to_sql(spec)?)
    .bind(now.unix_millis())
    .fetch_optional(&mut **transaction)
    .await
    .or_failed()?;
    row.as_ref().map(chain).transpose()
}

/// Forgets the oldest deactivated chains as long as there are too many. False if that is not
/// enough.
async fn make_room(
    transaction: &mut Transaction<'_, Any>,
    max_chains: u32,
) -> Result<bool, StoreError> {
    loop {
        let count: i64 = sqlx::query("SELECT count(*) FROM chains")
            .fetch_one(&mut **transaction)
            .await
            .and_then(|row| row.try_get(0))
            .or_failed()?;
        if count <= i64::from(max_chains) {
            return Ok(true);
        }
        let forgotten = sqlx::query(
            "DELETE FROM chains WHERE chain_id = (SELECT chain_id FROM chains WHERE active = 0 \
             ORDER BY updated_at, chain_id LIMIT 1)",
        )
        .execute(&mut **transaction)
        .await
        .or_failed()?;
        if forgotten.rows_affected() == 0 {
            return Ok(false);
        }
    }
}

pub(super) async fn update(
    pool: &AnyPool,
    spec: &ChainSpec,
    now: Timestamp,
) -> Result<Option<StoredChain>, StoreError> {
    let row = sqlx::query(
        "UPDATE chains SET name = $2, settings = $3, active = 1, revision = revision + 1, \
         updated_at = $4 WHERE chain_id = $1 RETURNING *",
    )
    .bind(to_sql(spec.chain_id))
    .bind(&spec.name)
    .bind(settings_to_sql(spec)?)
    .bind(now.unix_millis())
    .fetch_optional(pool)
    .await
    .or_failed()?;
    row.as_ref().map(chain).transpose()
}

pub(super) async fn deactivate(
    pool: &AnyPool,
    chain_id: u64,
    now: Timestamp,
) -> Result<Option<StoredChain>, StoreError> {
    let mut transaction = pool.begin().await.or_failed()?;
    sqlx::query(
        "UPDATE chains SET active = 0, revision = revision + 1, updated_at = $2 \
         WHERE chain_id = $1 AND active = 1",
    )
    .bind(to_sql(chain_id))
    .bind(now.unix_millis())
    .execute(&mut *transaction)
    .await
    .or_failed()?;
    let row = sqlx::query("SELECT * FROM chains WHERE chain_id = $1")
        .bind(to_sql(chain_id))
        .fetch_optional(&mut *transaction)
        .await
        .or_failed()?;
    transaction.commit().await.or_failed()?;
    row.as_ref().map(chain).transpose()
}

async fn before(
    transaction: &mut Transaction<'_, Any>,
    key: &CreationKey,
) -> Result<Option<ChainCreated>, StoreError> {
    let row = sqlx::query("SELECT * FROM chain_creations WHERE key_hash = $1")
        .bind(key.hash.as_slice())
        .fetch_optional(&mut **transaction)
        .await
        .or_failed()?;
    let Some(row) = row else { return Ok(None) };
    let request: Vec<u8> = row.try_get("request_hash").or_failed()?;
    if request != key.request {
        return Ok(Some(ChainCreated::OtherRequest));
    }
    let at = Timestamp::from_unix_millis(row.try_get("created_at").or_failed()?);
    Ok(Some(ChainCreated::Before(at)))
}

async fn forget_old(
    transaction: &mut Transaction<'_, Any>,
    key: &CreationKey,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM chain_creations WHERE created_at < $1")
        .bind(key.forgotten_before(now).unix_millis())
        .execute(&mut **transaction)
        .await
        .or_failed()?;
    Ok(())
}

async fn forget_surplus(
    transaction: &mut Transaction<'_, Any>,
    max_count: u32,
) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM chain_creations WHERE id <= (SELECT id FROM chain_creations \
         ORDER BY id DESC LIMIT 1 OFFSET $1)",
    )
    .bind(i64::from(max_count))
    .execute(&mut **transaction)
    .await
    .or_failed()?;
    Ok(())
}

fn chain(row: &AnyRow) -> Result<StoredChain, StoreError> {
    let chain_id = from_sql(row.try_get("chain_id").or_failed()?);
    let settings: String = row.try_get("settings").or_failed()?;
    // What serde says of a value may quote it, and these hold keys.
    let settings = serde_json::from_str(&settings)
        .map_err(|_| StoreError::damaged(format!("the settings of chain {chain_id}")))?;
    Ok(StoredChain {
        chain_id,
        name: row.try_get("name").or_failed()?,
        settings,
        active: row.try_get::<i64, _>("active").or_failed()? != 0,
        revision: from_sql(row.try_get("revision").or_failed()?),
        created_at: Timestamp::from_unix_millis(row.try_get("created_at").or_failed()?),
        updated_at: Timestamp::from_unix_millis(row.try_get("updated_at").or_failed()?),
    })
}

fn settings_to_sql(spec: &ChainSpec) -> Result<String, StoreError> {
    serde_json::to_string(&spec.settings)
        .map_err(|_| StoreError::damaged(format!("chain {} has no json form", spec.chain_id)))
}
