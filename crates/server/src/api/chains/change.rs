//! Chains are made, changed, deactivated and read again, by administrators.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use event_streamer_models::{ChainConfigResponse, ChainId};

use super::{not_found, shown};
use crate::api::AppState;
use crate::api::auth::Caller;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{JsonBody, PathParams};
use crate::api::idempotency::{self, IdempotencyKey};
use crate::api::validate;
use crate::app::App;
use crate::clock;
use crate::ingest::breaker_prefix;
use crate::store::{ChainCreated, ChainSpec, StoredChain};

type Answer = Json<ChainConfigResponse>;

/// `POST /api/chains`: a deactivated chain is made anew.
pub(in crate::api) async fn create(
    State(app): State<AppState>,
    caller: Caller,
    key: IdempotencyKey,
    JsonBody(body): JsonBody,
) -> ApiResult<(StatusCode, Answer)> {
    caller.check_admin()?;
    let spec = validate::chain(&body, None, app.chains.settings())?;
    if app.chains.is_configured(spec.chain_id) {
        return Err(exists(spec.chain_id));
    }
    check_name(&app, &spec)?;
    let key = key.of(&body, &app.config.idempotency);
    let max_chains = app.chains.settings().max_chains;
    let created = app
        .store
        .insert_chain(&spec, key.as_ref(), max_chains, clock::now())
        .await?;
    let chain = match created {
        ChainCreated::New(chain) => chain,
        ChainCreated::Before(at) => return Ok(made(&app, &spec.stored(at))),
        ChainCreated::OtherRequest => return Err(idempotency::other_request()),
        ChainCreated::Exists => return Err(exists(spec.chain_id)),
        ChainCreated::TooMany => {
            let error = format!(
                "there are {max_chains} chains already; deactivate one, or raise \
                 chain_api.max_chains"
            );
            return Err(ApiError::conflict("TOO_MANY_CHAINS", error));
        }
    };
    app.chains.read(&*app.store).await?;
    caller.note(&app, "chain.create", subject(&spec)).await;
    Ok(made(&app, &chain))
}

fn made(app: &App, chain: &StoredChain) -> (StatusCode, Answer) {
    let message = format!("chain {} is added", chain.chain_id);
    let answer = shown::response(chain, message, app.chains.settings());
    (StatusCode::CREATED, Json(answer))
}

/// `PUT /api/chains/{chain_id}`: the whole configuration. Streams go on; a deactivated chain is
/// active again.
pub(in crate::api) async fn update(
    State(app): State<AppState>,
    caller: Caller,
    path: PathParams,
    JsonBody(body): JsonBody,
) -> ApiResult<Answer> {
    caller.check_admin()?;
    let chain_id = path.chain_id()?;
    let spec = validate::chain(&body, Some(chain_id), app.chains.settings())?;
    check_not_configured(&app, chain_id)?;
    check_name(&app, &spec)?;
    let chain = app.store.update_chain(&spec, clock::now()).await?;
    let chain = chain.ok_or_else(|| not_found(chain_id))?;
    app.chains.read(&*app.store).await?;
    caller.note(&app, "chain.update", subject(&spec)).await;
    let message = format!("chain {chain_id} is changed");
    Ok(Json(shown::response(
        &chain,
        message,
        app.chains.settings(),
    )))
}

/// `DELETE /api/chains/{chain_id}`: its streams end with `CHAIN_DEACTIVATED`.
pub(in crate::api) async fn deactivate(
    State(app): State<AppState>,
    caller: Caller,
    path: PathParams,
) -> ApiResult<Answer> {
    caller.check_admin()?;
    let chain_id = path.chain_id()?;
    check_not_configured(&app, chain_id)?;
    let chain = app.store.deactivate_chain(chain_id, clock::now()).await?;
    let chain = chain.ok_or_else(|| not_found(chain_id))?;
    app.chains.read(&*app.store).await?;
    caller.note(&app, "chain.deactivate", chain_id).await;
    let message = format!("chain {chain_id} is deactivated");
    Ok(Json(shown::response(
        &chain,
        message,
        app.chains.settings(),
    )))
}

/// `POST /api/chains/refresh`: reads the store again.
pub(in crate::api) async fn refresh(
    State(app): State<AppState>,
    caller: Caller,
) -> ApiResult<Answer> {
    caller.check_admin()?;
    let stored = app.chains.read(&*app.store).await?;
    caller.note(&app, "chain.refresh", "all").await;
    let message = format!(
        "{} chains are active, {stored} are stored",
        app.chains.ids().len()
    );
    let all = ChainId::new(0);
    Ok(Json(ChainConfigResponse::new(all, message, clock::now())))
}

fn check_not_configured(app: &App, chain_id: u64) -> ApiResult<()> {
    if app.chains.is_configured(chain_id) {
        let error = format!(
            "chain {chain_id} belongs to the configuration of the service; change it there"
        );
        return Err(ApiError::conflict("CHAIN_CONFIGURED", error));
    }
    Ok(())
}

/// Breakers are called by name.
fn check_name(app: &App, spec: &ChainSpec) -> ApiResult<()> {
    let prefix = breaker_prefix(&spec.name);
    let chains = app.chains.all();
    let mut others = chains.iter().map(|it| &it.config);
    let taken =
        others.find(|it| it.chain_id != spec.chain_id && breaker_prefix(&it.name) == prefix);
    match taken {
        Some(other) => Err(ApiError::invalid(&format!(
            "name: chain {} has the same, and breakers are named after it",
            other.chain_id
        ))),
        None => Ok(()),
    }
}

fn exists(chain_id: u64) -> ApiError {
    let error = format!("chain {chain_id} exists; change it with PUT /api/chains/{chain_id}");
    ApiError::conflict("CHAIN_EXISTS", error)
}

/// For the audit log. No endpoints, which hold keys.
fn subject(spec: &ChainSpec) -> String {
    format!("{}: {}", spec.chain_id, spec.name)
}
