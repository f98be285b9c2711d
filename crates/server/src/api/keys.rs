//! API keys and the audit log, for administrators.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use event_streamer_models::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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

/// A key as it is to be.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyRequest {
    /// What people call it.
    name: String,
    /// Null or absent: an administrator's key, which `admin` has to confirm.
    subscriber_id: Option<String>,
    /// Whether it is an administrator's.
    #[serde(default)]
    admin: bool,
    /// When it ends by itself.
    expires_at: Option<Timestamp>,
}

/// A key without its text.
#[derive(Serialize, JsonSchema)]
pub(super) struct KeyShown {
    /// Its number.
    id: u64,
    /// What people call it.
    name: String,
    /// Whose it is; null for an administrator's.
    subscriber_id: Option<String>,
    /// Whether it is an administrator's.
    admin: bool,
    /// When it was made.
    created_at: Timestamp,
    /// When it ends by itself.
    expires_at: Option<Timestamp>,
    /// When it was taken back.
    revoked_at: Option<Timestamp>,
}

/// A key that was just made.
#[derive(Serialize, JsonSchema)]
pub(super) struct CreatedKeyShown {
    #[serde(flatten)]
    shown: KeyShown,
    /// The text to send as `Authorization: Bearer KEY`. Shown this once.
    key: String,
}

/// Keys in the order of their numbers.
#[derive(Serialize, JsonSchema)]
pub(super) struct KeyList {
    /// The keys.
    keys: Vec<KeyShown>,
}

/// Administrative calls.
#[derive(Serialize, JsonSchema)]
pub(super) struct AuditLog {
    /// The newest first.
    entries: Vec<AuditShown>,
}

/// An administrative call.
#[derive(Serialize, JsonSchema)]
pub(super) struct AuditShown {
    /// When.
    at: Timestamp,
    /// Who called.
    actor: String,
    /// What was done, as `key.create`.
    action: String,
    /// To what.
    subject: String,
}

/// `POST /api/keys`
pub(super) async fn create(
    State(app): State<AppState>,
    caller: Caller,
    JsonBody(body): JsonBody,
) -> ApiResult<(StatusCode, Json<CreatedKeyShown>)> {
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
    let answer = CreatedKeyShown {
        shown: shown(created.key),
        key: created.text,
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// `GET /api/keys?after=&limit=`
pub(super) async fn list(
    State(app): State<AppState>,
    caller: Caller,
    query: QueryParams,
) -> ApiResult<Json<KeyList>> {
    caller.check_admin()?;
    let after = query.integer("after", 0..=u64::MAX)?.unwrap_or(0);
    let keys = app.store.list_keys(after, limit(&query)?).await?;
    let keys = keys.into_iter().map(shown).collect();
    Ok(Json(KeyList { keys }))
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
    app.connections.key_ended(id);
    caller.note(&app, "key.revoke", id).await;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/audit?limit=`: the newest entries first.
pub(super) async fn audit(
    State(app): State<AppState>,
    caller: Caller,
    query: QueryParams,
) -> ApiResult<Json<AuditLog>> {
    caller.check_admin()?;
    let entries = app.store.audit(limit(&query)?).await?;
    let shown = entries.into_iter().map(|it| AuditShown {
        at: it.at,
        actor: it.actor,
        action: it.action,
        subject: it.subject,
    });
    let entries = shown.collect();
    Ok(Json(AuditLog { entries }))
}

fn limit(query: &QueryParams) -> ApiResult<u32> {
    let limit = query.integer("limit", 1..=MAX_PAGE)?.unwrap_or(PAGE);
    Ok(u32::try_from(limit).unwrap_or(u32::MAX))
}

fn shown(key: ApiKey) -> KeyShown {
    let subscriber_id = match key.scope {
        KeyScope::Admin => None,
        KeyScope::Subscriber(id) => Some(id),
    };
    KeyShown {
        id: key.id,
        name: key.name,
        admin: subscriber_id.is_none(),
        subscriber_id,
        created_at: key.created_at,
        expires_at: key.expires_at,
        revoked_at: key.revoked_at,
    }
}
