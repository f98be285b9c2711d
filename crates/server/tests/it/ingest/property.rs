//! The whole of it: random forks, lags and lies, and after each of them the fold is the chain.

use event_streamer_models::{Address, B256, Finality};
use event_streamer_server::ingest::LogFilter;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::fold::{Fold, config, source};
use super::node::{Asked, Lie, Node};

#[derive(Clone, Debug)]
enum Act {
    Mine(u64),
    Reorg {
        depth: u64,
        blocks: u64,
    },
    /// The head moves back for a while.
    Lag(u64),
    /// The next so many calls go wrong in this way.
    Lie {
        kind: u8,
        calls: u8,
    },
    /// The consumer falls behind.
    Rest,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        3 => (1..30_u64).prop_map(Act::Mine),
        3 => (1..12_u64, 1..4_u64)
            .prop_map(|(depth, more)| Act::Reorg { depth, blocks: depth + more - 1 }),
        1 => (1..30_u64).prop_map(Act::Lag),
        3 => (0..6_u8, 1..6_u8).prop_map(|(kind, calls)| Act::Lie { kind, calls }),
        1 => Just(Act::Rest),
    ];
    proptest::collection::vec(act, 1..12)
}

fn lie(kind: u8, asked: &Asked, truth: &Value) -> Option<Lie> {
    match kind {
        0 if asked.range().is_some() => Some(Lie::Error(
            -32005,
            "query returned more than 10000 results".into(),
        )),
        1 if asked.pinned().is_some() => Some(Lie::Result(json!([]))),
        2 if asked.method == "eth_getLogs" => {
            let mut logs = truth.as_array()?.clone();
            logs.extend(logs.clone());
            logs.reverse();
            Some(Lie::Result(Value::Array(logs)))
        }
        3 => Some(Lie::Status(503, "busy")),
        4 => Some(Lie::Result(Value::Null)),
        5 => Some(Lie::Error(-32000, "header not found".into())),
        _ => None,
    }
}

async fn run(acts: Vec<Act>, filter: LogFilter) -> Result<(), TestCaseError> {
    let node = Node::start().await;
    node.mine(30);
    let source = source(config(&[&node]).with_max_blocks_per_request(7));
    let mut fold = Fold::of(&source, filter, Finality::Latest);
    for act in acts {
        match act {
            Act::Mine(blocks) => node.mine(blocks),
            Act::Reorg { depth, blocks } => {
                node.reorg(depth.min(node.head().number), blocks);
            }
            Act::Lag(blocks) => {
                node.set_lag(Some(node.head().number.saturating_sub(blocks)));
                node.polled(4).await;
                node.set_lag(None);
            }
            Act::Lie { kind, calls } => {
                let mut left = calls;
                node.script(move |asked, truth| {
                    let lie = lie(kind, asked, truth).filter(|_| left > 0)?;
                    left -= 1;
                    Some(lie)
                });
            }
            Act::Rest => {
                node.polled(2).await;
                continue;
            }
        }
        fold.until_head(&node).await;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn the_fold_is_the_chain(acts in acts(), filtered: bool) {
        let mut filter = LogFilter::default();
        if filtered {
            filter.addresses = vec![Address([1; 20]), Address([2; 20])];
            filter.topics[0] = vec![B256([1; 32]), B256([2; 32])];
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(run(acts, filter))?;
    }
}
