use event_streamer_models::{Address, B256, Log};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::*;
use crate::{RpcFailure, json_rpc};

async fn ask(node: &SimNode, method: &str, params: Value) -> Result<Value, RpcFailure> {
    json_rpc(node.addr(), method, params).await
}

#[tokio::test]
async fn forks_are_answered_by_number_and_by_hash() {
    let node = SimNode::start().await;
    node.mine(5);
    let dead = node.block(4);
    let fork = node.reorg(2, 3);
    assert_eq!((fork.number, node.head().number), (3, 6));
    let by_number = ask(&node, "eth_getBlockByNumber", json!(["0x4", false])).await;
    assert_eq!(by_number.unwrap(), node.block(4).to_json());
    assert_ne!(node.block(4).hash, dead.hash);
    let by_hash = json!([dead.hash, false]);
    let of_dead = ask(&node, "eth_getBlockByHash", by_hash.clone()).await;
    assert_eq!(of_dead.unwrap(), dead.to_json());
    node.forget_dead_branches();
    let of_dead = ask(&node, "eth_getBlockByHash", by_hash).await;
    assert_eq!(of_dead.unwrap(), Value::Null);
    node.switch_to(dead.hash);
    assert_eq!(node.head(), dead.at());
}

#[tokio::test]
async fn a_filter_is_read_from_what_was_asked() {
    let node = SimNode::start().await;
    let log = |address, topics: &[u8]| Log {
        address: Address([address; 20]),
        topics: topics.iter().map(|it| B256([*it; 32])).collect(),
        ..Log::default()
    };
    node.mine_with(|_, _| {
        vec![
            log(1, &[1, 2]),
            log(1, &[1]),
            log(2, &[1, 2]),
            log(1, &[3, 2]),
        ]
    });
    let found = async |filter: Value| {
        let mut query = json!({ "fromBlock": "0x1", "toBlock": "0x9" });
        query
            .as_object_mut()
            .unwrap()
            .extend(filter.as_object().unwrap().clone());
        let logs = ask(&node, "eth_getLogs", json!([query])).await.unwrap();
        let logs: Vec<Log> = serde_json::from_value(logs).unwrap();
        logs.iter().map(|it| it.log_index).collect::<Vec<_>>()
    };
    let (one, two) = (Address([1; 20]), B256([2; 32]));
    assert_eq!(found(json!({})).await, [0, 1, 2, 3]);
    assert_eq!(found(json!({ "address": one })).await, [0, 1, 3]);
    assert_eq!(
        found(json!({ "address": [one], "topics": [null, [two]] })).await,
        [0, 3]
    );
    assert_eq!(
        found(json!({ "topics": [[B256([1; 32])], two] })).await,
        [0, 2]
    );
}

#[tokio::test]
async fn a_lie_replaces_the_truth_until_honesty_returns() {
    let node = SimNode::start().await;
    node.script(|asked, truth| {
        assert_eq!(
            (asked.method.as_str(), truth),
            ("eth_blockNumber", &json!("0x0"))
        );
        Some(Lie::ErrorWith(7, "no".to_owned(), json!({ "limit": 1 })))
    });
    let failure = ask(&node, "eth_blockNumber", json!([])).await.unwrap_err();
    assert_eq!((failure.code, failure.message.as_str()), (7, "no"));
    node.be_honest();
    assert_eq!(
        ask(&node, "eth_blockNumber", json!([])).await.unwrap(),
        "0x0"
    );
    assert_eq!(node.count(|it| it.method == "eth_blockNumber"), 2);
}

#[tokio::test]
async fn heads_are_announced_as_told() {
    let node = SimNode::start().await;
    let (mut socket, _) = tokio_tungstenite::connect_async(node.ws_url())
        .await
        .unwrap();
    let call = r#"{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}"#;
    socket.send(Message::text(call)).await.unwrap();
    let mut next = async || {
        let message = socket.next().await.unwrap().unwrap();
        serde_json::from_str::<Value>(message.to_text().unwrap()).unwrap()
    };
    assert_eq!(next().await["result"], "0x1");
    node.subscribed(1).await;
    node.mine(1);
    node.set_announcing(Announcing::Twice);
    node.mine(1);
    node.set_announcing(Announcing::EveryNth(3));
    node.mine(4);
    for number in ["0x1", "0x2", "0x2", "0x3", "0x6"] {
        assert_eq!(next().await["params"]["result"]["number"], number);
    }
    node.drop_sockets();
    let end = socket.next().await;
    assert!(!matches!(end, Some(Ok(_))), "{end:?}");
}

#[tokio::test]
async fn each_provider_refuses_in_its_own_words() {
    let node = SimNode::start().await;
    for _ in 0..300 {
        node.mine_with(|_, _| vec![Log::default()]);
    }
    let query = |to: u64| json!([{ "fromBlock": "0xa", "toBlock": format!("{to:#x}") }]);
    let by = |provider: &str| {
        let refusal = REFUSALS.iter().find(|it| it.provider == provider);
        node.be_honest();
        node.script(refusal.unwrap().script());
    };
    by("Infura");
    let failure = ask(&node, "eth_getLogs", query(299)).await.unwrap_err();
    let text = "query returned more than 100 results. Try with this block range [0xa, 0x6d].";
    assert_eq!((failure.code, failure.message.as_str()), (-32005, text));
    assert!(ask(&node, "eth_getLogs", query(0x6d)).await.is_ok());

    by("Blast");
    let failure = ask(&node, "eth_getLogs", query(50)).await.unwrap_err();
    let text = "exceeds the range allowed for your plan (41 > 40)";
    assert_eq!(failure.message, text);
    assert!(ask(&node, "eth_getLogs", query(49)).await.is_ok());

    by("any, by credits");
    for is_good in [false, false, true] {
        assert_eq!(ask(&node, "eth_getLogs", query(50)).await.is_ok(), is_good);
    }
}

#[test]
fn every_refusal_has_a_name_of_its_own() {
    let mut names: Vec<_> = REFUSALS.iter().map(|it| it.provider).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
}
