//! Blocks that cannot be read because the nodes' answers contradict each other.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use event_streamer_models::{ChainId, ErrorCode, Extra, GapDetectionResponse};
use serde_json::{Map, Value, json};

use super::not_found;
use crate::api::auth::Caller;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::PathParams;
use crate::api::{AppState, view};
use crate::app::App;
use crate::chains::ServedChain;
use crate::clock;
use crate::store::PageQuery;

/// Subscriptions whose position is shown.
const MAX_SUBSCRIPTIONS: u32 = 1000;
/// Gaps that are described; all are counted.
const MAX_DETAILS: usize = 1000;

/// `GET /api/chains/{chain_id}/gaps`: of a subscriber's key that subscriber's.
///
/// A stream never passes a block by: a gap is where one waits, with `UPSTREAM_INCOMPLETE`.
pub(in crate::api) async fn gaps(
    State(app): State<AppState>,
    caller: Caller,
    path: PathParams,
) -> ApiResult<Json<GapDetectionResponse>> {
    let chain_id = path.chain_id()?;
    let chain = app
        .chains
        .get(chain_id)
        .ok_or_else(|| not_found(chain_id))?;
    let head = chain.source.head().ok_or_else(|| {
        let error = format!("the head of chain {chain_id} is not known yet; try again");
        ApiError::unavailable(ErrorCode::UpstreamIncomplete, error)
    })?;
    let gap_details = waiting(&app, &caller, chain_id);
    Ok(Json(GapDetectionResponse {
        chain_id: ChainId::new(chain_id),
        current_block: head.head.number,
        last_processed_blocks: positions(&app, &caller, chain_id).await?,
        gaps_found: gap_details.len() as u64,
        gap_details: gap_details.into_iter().take(MAX_DETAILS).collect(),
        // There is nothing to set off: whatever is missing is asked for until it comes.
        gap_detection_triggered: false,
        processor_status: processor(&chain),
        timestamp: clock::now(),
        extra: Extra::new(),
    }))
}

async fn positions(app: &App, caller: &Caller, chain_id: u64) -> ApiResult<BTreeMap<String, u64>> {
    let page = app
        .store
        .list(PageQuery {
            subscriber_id: caller.subscriber(),
            chain_id: Some(chain_id),
            offset: 0,
            limit: MAX_SUBSCRIPTIONS,
        })
        .await?;
    let position = |it: &crate::subscription::Subscription| {
        Some((it.id.to_string(), view::last_processed_block(app, it)?))
    };
    Ok(page.subscriptions.iter().filter_map(position).collect())
}

fn waiting(app: &App, caller: &Caller, chain_id: u64) -> Vec<Map<String, Value>> {
    let open = app.connections.all_open().into_iter();
    let of_chain = open
        .filter(|it| it.scope().chain_id.get() == chain_id && caller.may_see(&it.subscriber_id()));
    let mut gaps: Vec<_> = of_chain
        .filter_map(|it| Some((it.scope().subscription_id, it.life().waits_at?, it)))
        .collect();
    gaps.sort_by_key(|(subscription, block, _)| (*subscription, *block));
    let shown = gaps.into_iter().map(|(subscription, block, connection)| {
        let mut gap = Map::new();
        gap.insert("subscription_id".to_owned(), json!(subscription));
        gap.insert("connection_id".to_owned(), json!(connection.id()));
        gap.insert("from_block".to_owned(), json!(block));
        gap
    });
    shown.collect()
}

fn processor(chain: &ServedChain) -> Map<String, Value> {
    let status = chain.source.status();
    let mut processor = Map::new();
    processor.insert("is_running".to_owned(), json!(status.connected));
    processor.insert("last_error".to_owned(), json!(status.last_error));
    processor.insert("incomplete_ranges".to_owned(), json!(status.incomplete));
    processor
}
