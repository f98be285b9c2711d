//! Who calls, and what they may.

use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::AppState;
use super::error::{ApiError, ApiResult};
use crate::app::App;
use crate::clock;
use crate::keys::{self, HeldKey, KeyScope};
use crate::store::AuditEntry;

/// What anybody may ask: whether the service is alive and ready, and what it can do.
const OPEN: [&str; 4] = ["/health", "/ready", "/openapi.json", "/docs"];

/// Who calls.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// For the audit log.
    name: String,
    scope: KeyScope,
    /// What the caller showed; `None` where nobody has to show any.
    key: Option<HeldKey>,
}

impl Caller {
    /// The subscriber whose subscriptions are all that the caller can see.
    pub(crate) fn subscriber(&self) -> Option<&str> {
        match &self.scope {
            KeyScope::Admin => None,
            KeyScope::Subscriber(id) => Some(id),
        }
    }

    /// The key on which whatever the caller opens depends.
    pub(crate) fn key(&self) -> Option<HeldKey> {
        self.key
    }

    /// Whether a subscription of this subscriber exists for the caller.
    pub(crate) fn may_see(&self, subscriber_id: &str) -> bool {
        self.subscriber().is_none_or(|ours| ours == subscriber_id)
    }

    /// Refuses to make or give away a subscription in somebody else's name.
    pub(crate) fn check_subscriber(&self, subscriber_id: &str) -> ApiResult<()> {
        if self.may_see(subscriber_id) {
            return Ok(());
        }
        Err(forbidden("the key is of another subscriber"))
    }

    /// Refuses who is no administrator.
    pub(crate) fn check_admin(&self) -> ApiResult<()> {
        match self.scope {
            KeyScope::Admin => Ok(()),
            KeyScope::Subscriber(_) => Err(forbidden("this needs the key of an administrator")),
        }
    }

    /// Notes in the audit log what the caller has done. It is done: a log that cannot be written
    /// is no reason to tell the caller otherwise.
    pub(crate) async fn note(&self, app: &App, action: &str, subject: impl ToString) {
        let entry = AuditEntry {
            at: clock::now(),
            actor: self.name.clone(),
            action: action.to_owned(),
            subject: subject.to_string(),
        };
        tracing::info!(
            actor = entry.actor,
            action,
            subject = entry.subject,
            "administered"
        );
        if let Err(error) = app.store.note(&entry).await {
            tracing::error!(%error, action, "not noted in the audit log");
        }
    }
}

/// Finds out who calls, before anything else is looked at.
pub(super) async fn authenticate(
    State(app): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let open = request
        .extensions()
        .get::<MatchedPath>()
        .is_some_and(|path| OPEN.contains(&path.as_str()));
    if !open {
        match caller(&app, request.headers()).await {
            Ok(caller) => request.extensions_mut().insert(caller),
            Err(error) => return error.into_response(),
        };
    }
    next.run(request).await
}

async fn caller(app: &App, headers: &HeaderMap) -> ApiResult<Caller> {
    if !app.keys_required() {
        return Ok(Caller {
            name: "anybody".to_owned(),
            scope: KeyScope::Admin,
            key: None,
        });
    }
    let (id, hash) = given(headers)?
        .and_then(keys::parse)
        .ok_or_else(unauthorized)?;
    let stored = app.store.find_key(id).await?.ok_or_else(unauthorized)?;
    if !stored.hash.matches(&hash) || !stored.key.is_good(clock::now()) {
        return Err(unauthorized());
    }
    Ok(Caller {
        key: Some(HeldKey {
            id,
            expires_at: stored.key.expires_at,
        }),
        name: format!("key {id}: {}", stored.key.name),
        scope: stored.key.scope,
    })
}

/// The one key of a request, from `Authorization: Bearer` or `X-API-Key`.
fn given(headers: &HeaderMap) -> ApiResult<Option<&str>> {
    let bearer = headers.get_all(header::AUTHORIZATION).iter();
    let bearer = bearer.map(|value| value.to_str().ok().and_then(after_scheme));
    let plain = headers.get_all("x-api-key").iter();
    let mut keys = bearer.chain(plain.map(|value| value.to_str().ok()));
    let key = keys.next().flatten();
    // Two could be meant for two: whoever put the second one there is not to decide.
    if keys.next().is_some() {
        return Err(unauthorized());
    }
    Ok(key)
}

fn after_scheme(value: &str) -> Option<&str> {
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(key.trim())
}

fn unauthorized() -> ApiError {
    let error = "a good API key is needed: Authorization: Bearer KEY";
    ApiError::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", error)
}

fn forbidden(error: &str) -> ApiError {
    ApiError::new(StatusCode::FORBIDDEN, "FORBIDDEN", error)
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> ApiResult<Self> {
        // Only what anybody may ask is let through without.
        parts.extensions.get().cloned().ok_or_else(unauthorized)
    }
}
