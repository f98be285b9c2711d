//! API keys and the audit log, for administrators.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use event_streamer_models::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::AppState;
use super::acks::read;
use super::auth::Caller;
use super::error::{ApiError, ApiResult};
use super::extract::{JsonBody, PathParams, QueryParams};
use crate::admin;
use crate::clock;
use crate::keys::{ApiKey, KeyScope};

const MAX_NAME: usize = 100;
const PAGE: u64 = 100;
const MAX_PAGE: u64 = 1000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyRequest {
    name: String,
    /// Null or absent: an administrator's key, which `admin` has to confirm.
    subscriber_id: Option<String>,
    #[serde(default)]
    admin: bool,
    expires_at: Option<Timestamp>,
}

/// `POST /api/keys`
pub(super) async fn create(
    State(app): State<AppState>,
    caller: Caller,
    JsonBody(body): JsonBody,
) -> ApiResult<(StatusCode, Json<Value>)> {
    caller.check_admin()?;
    let request: KeyRequest = read(body)?;
    if request.name.is_empty() || request.name.len() > MAX_NAME {
        let what = format!("name: must have 1 to {MAX_NAME} bytes");
        return Err(ApiError::invalid(&what));
    }
    let scope = match (request.subscriber_id, request.admin) {
        (Some(id), false) => KeyScope::Subscriber(id),
        (None, true) => KeyScope::Admin,
        _ => {
            return Err(ApiError::invalid(
                "subscriber_id: give either it or \"admin\": true",
            ));
        }
    };
    let created = admin::create_key(&*app.store, request.name, scope, request.expires_at).await?;
    // From now on everybody needs one.
    app.require_keys();
    caller.note(&app, "key.create", created.key.id).await;
    let mut answer = shown(&created.key);
    answer["key"] = created.text.into();
    Ok((StatusCode::CREATED, Json(answer)))
}

/// `GET /api/keys?after=&limit=`
pub(super) async fn list(
    State(app): State<AppState>,
    caller: Caller,
    query: QueryParams,
) -> ApiResult<Json<Value>> {
    caller.check_admin()?;
    let after = query.integer("after", 0..=u64::MAX)?.unwrap_or(0);
    let keys = app.store.list_keys(after, limit(&query)?).await?;
    Ok(Json(
        json!({ "keys": keys.iter().map(shown).collect::<Vec<_>>() }),
    ))
}

/// `DELETE /api/keys/{key_id}`
pub(super) async fn revoke(
    State(app): State<AppState>,
    caller: Caller,
    path: PathParams,
) -> ApiResult<StatusCode> {
    caller.check_admin()?;
    let id = path.integer("key_id")?;
    if !app.store.revoke_key(id, clock::now()).await? {
        let what = format!("there is no good key {id}");
        return Err(ApiError::not_found("KEY_NOT_FOUND", &what));
    }
    caller.note(&app, "key.revoke", id).await;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/audit?limit=`: the newest entries first.
pub(super) async fn audit(
    State(app): State<AppState>,
    caller: Caller,
    query: QueryParams,
) -> ApiResult<Json<Value>> {
    caller.check_admin()?;
    let entries = app.store.audit(limit(&query)?).await?;
    let shown = entries.iter().map(|entry| {
        json!({
            "at": entry.at, "actor": entry.actor,
            "action": entry.action, "subject": entry.subject,
        })
    });
    Ok(Json(json!({ "entries": shown.collect::<Vec<_>>() })))
}

fn limit(query: &QueryParams) -> ApiResult<u32> {
    let limit = query.integer("limit", 1..=MAX_PAGE)?.unwrap_or(PAGE);
    Ok(u32::try_from(limit).unwrap_or(u32::MAX))
}

fn shown(key: &ApiKey) -> Value {
    let subscriber = match &key.scope {
        KeyScope::Admin => None,
        KeyScope::Subscriber(id) => Some(id),
    };
    json!({
        "id": key.id, "name": key.name, "subscriber_id": subscriber,
        "admin": subscriber.is_none(), "created_at": key.created_at,
        "expires_at": key.expires_at, "revoked_at": key.revoked_at,
    })
}
