//! Every setting of one chain.

use event_streamer::server::ChainConfig;
use event_streamer::server::ingest::Verify;
use event_streamer::server::rpc::{BudgetConfig, RpcUrl};

use super::setting::Setting;
use super::table::{field, setting};
use super::value::{Shape, Texts, duration, each, number, one, parsed, show};

/// In the order in which they are documented. They stand in a section `[chains.ID]`.
pub(crate) const CHAIN_SETTINGS: &[Setting<ChainConfig>] = &[
    setting!(
        "name",
        Text,
        "What people call it. Default: known for the large chains, else `chain ID`.",
        |it, texts| {
            it.name = one(texts)?.to_owned();
            Ok(())
        },
        |it| show::text(&it.name)
    ),
    setting!(secret "rpc_urls", List, "Its nodes: http:// and https:// for data, in order of preference, ws:// and wss:// to be woken by new blocks.",
        put_urls, |it| show::list(it.http.iter().chain(&it.websocket))),
    field!(
        "block_time",
        Duration,
        "The usual time between two blocks. Default: known for the large chains, else 2s.",
        block_time
    ),
    field!(
        "max_blocks_per_request",
        Number,
        "Most blocks to ask of a node at once.",
        max_blocks_per_request
    ),
    field!(
        "max_concurrent_reads",
        Number,
        "Reads that may be under way at one endpoint.",
        max_concurrent_reads
    ),
    field!(
        "confirmation_blocks",
        Number,
        "Blocks to wait before an event is delivered, for subscriptions that do not say.",
        confirmation_blocks
    ),
    field!(
        "reorg_window",
        Number,
        "Headers below the head that are kept to find the fork of a reorg.",
        reorg_window
    ),
    setting!(
        "genesis",
        Text,
        "The hash of the first block, which every node must have.",
        |it, texts| {
            it.genesis = Some(parsed(texts)?);
            Ok(())
        },
        |it| it.genesis.and_then(show::text)
    ),
    setting!(
        "verify",
        Text,
        "What of the nodes' answers is held against the headers: `off`, `head` or `all`.",
        put_verify,
        |it| show::text(verify_name(it.verify))
    ),
    field!(
        "breaker_failure_threshold",
        Number,
        "Failures in a row after which a node is left alone.",
        breaker.failure_threshold
    ),
    field!(
        "breaker_recovery_timeout",
        Duration,
        "How long it is left alone.",
        breaker.recovery_timeout
    ),
    field!(
        "breaker_success_threshold",
        Number,
        "Successes in a row after which it is trusted again.",
        breaker.success_threshold
    ),
    field!(
        "breaker_half_open_max_calls",
        Number,
        "Calls at once while it is tried again.",
        breaker.half_open_max_calls
    ),
    setting!(
        "budget_per_second",
        Number,
        "Credits that each HTTP node has in a second. Default: no limit.",
        |it, texts| {
            budget(it).per_second = number(texts)?;
            Ok(())
        },
        |it| it
            .budget
            .as_ref()
            .and_then(|budget| show::number(budget.per_second))
    ),
    setting!(
        "budget_burst",
        Number,
        "Credits that may be spent at once after a rest. Default: those of one second.",
        |it, texts| {
            budget(it).burst = number(texts)?;
            Ok(())
        },
        |it| it
            .budget
            .as_ref()
            .and_then(|budget| show::number(budget.burst))
    ),
    setting!(
        "budget_costs",
        List,
        "What a method costs, where it is not one credit: METHOD=CREDITS.",
        put_costs,
        |it| it.budget.as_ref().and_then(|budget| {
            show::list(
                budget
                    .costs
                    .iter()
                    .map(|(method, cost)| format!("{method}={cost}")),
            )
        })
    ),
];

fn put_urls(chain: &mut ChainConfig, texts: &Texts) -> Result<(), String> {
    let urls: Vec<RpcUrl> = each(texts)?;
    (chain.websocket, chain.http) = urls.into_iter().partition(RpcUrl::is_websocket);
    Ok(())
}

fn put_verify(chain: &mut ChainConfig, texts: &Texts) -> Result<(), String> {
    chain.verify = match one(texts)? {
        "off" => Verify::Off,
        "head" => Verify::Head,
        "all" => Verify::All,
        _ => return Err("expected `off`, `head` or `all`".to_owned()),
    };
    Ok(())
}

fn verify_name(verify: Verify) -> &'static str {
    match verify {
        Verify::Off => "off",
        Verify::All => "all",
        _ => "head",
    }
}

/// Read in the table's order, so that the burst and the costs find the budget.
fn budget(chain: &mut ChainConfig) -> &mut BudgetConfig {
    chain.budget.get_or_insert_with(|| BudgetConfig::new(0))
}

fn put_costs(chain: &mut ChainConfig, texts: &Texts) -> Result<(), String> {
    const EXPECTED: &str = "expected METHOD=CREDITS, e.g. eth_getLogs=75";
    let mut costs = std::collections::BTreeMap::new();
    for text in texts {
        let (method, cost) = text.split_once('=').ok_or(EXPECTED)?;
        let cost = number(&[cost.trim().to_owned()]).map_err(|_| EXPECTED)?;
        costs.insert(method.trim().to_owned(), cost);
    }
    budget(chain).costs = costs;
    Ok(())
}
