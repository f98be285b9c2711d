//! A real EVM node: contracts, transactions, new blocks and reorgs.

use event_streamer::models::{B256, BlockHeader, HexBytes, Log};
use event_streamer_replay::Recording;
use event_streamer_testkit::{Anvil, AnvilToken, Record, contract};
use serde_json::{Value, json};

use crate::chains::{TransferLogs, expected_transfers, mainnet_file};
use crate::watch::{TRANSFER_TOPIC0, Watch, expected_parameters};

const CHAIN_ID: u64 = 31_337;
/// The first of the node's own accounts, from its fixed mnemonic.
const ACCOUNT: &str = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

/// A token whose node is watched.
trait Watched {
    async fn head(&self) -> (u64, B256);
    async fn watch(&self, from: u64) -> Watch;
    async fn assert_all_seen(&self, watch: &Watch);
}

impl Watched for AnvilToken {
    async fn head(&self) -> (u64, B256) {
        head(&self.node).await
    }

    async fn watch(&self, from: u64) -> Watch {
        Watch::start(CHAIN_ID, [self.node.http_url(), self.node.ws_url()], from).await
    }

    /// What a watch must have seen by now: the node's own logs, event by event.
    async fn assert_all_seen(&self, watch: &Watch) {
        let logs = transfer_logs(&self.node, 0).await;
        watch
            .ledger
            .assert_exactly(logs.iter().map(|log| Record::of_log(CHAIN_ID, log)));
        assert_eq!(watch.events.len(), logs.len());
        for (event, log) in watch.events.iter().zip(&logs) {
            assert_parameters(event, log);
            assert_eq!(event["transaction_hash"], log.transaction_hash.to_string());
        }
    }
}

async fn head(node: &Anvil) -> (u64, B256) {
    let block = node
        .call("eth_getBlockByNumber", json!(["latest", false]))
        .await;
    let header: BlockHeader = serde_json::from_value(block).unwrap();
    (header.number, header.hash)
}

async fn transfer_logs(node: &Anvil, from: u64) -> Vec<Log> {
    let query = json!([{ "fromBlock": format!("{from:#x}"), "toBlock": "latest", "topics": [TRANSFER_TOPIC0] }]);
    serde_json::from_value(node.call("eth_getLogs", query).await).unwrap()
}

fn assert_parameters(event: &Value, log: &Log) {
    assert_eq!(event["block_number"], log.block_number);
    assert_eq!(event["log_index"], log.log_index);
    assert_eq!(event["address"], log.address.to_string());
    if event["event"] == "$undecoded" {
        assert_eq!(event["topics"], serde_json::to_value(&log.topics).unwrap());
        assert_eq!(event["data"], log.data.to_string());
        return;
    }
    let expected = expected_parameters(&log.topics, log.data.as_bytes());
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(event[name], *value, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the anvil node: run `cargo xtask test`"]
async fn anvil_transfers_are_streamed_as_blocks_come() {
    let mut token = AnvilToken::deploy(Anvil::BULK).await;
    for count in [1, 40, 300] {
        token.transfer(count).await;
    }
    let mut watch = token.watch(0).await;
    let (block, hash) = token.head().await;
    watch.until(block, hash).await;
    token.assert_all_seen(&watch).await;

    for count in [7, 1, 0, 250] {
        token.transfer(count).await;
        token.node.mine(2).await;
    }
    let (block, hash) = token.head().await;
    watch.until(block, hash).await;
    token.assert_all_seen(&watch).await;
    assert_eq!(watch.rollbacks, 0);
    watch.close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the anvil node: run `cargo xtask test`"]
async fn anvil_revert_of_three_blocks_is_undone_and_redone() {
    let mut token = AnvilToken::deploy(Anvil::BULK).await;
    token.transfer(20).await;
    let mut watch = token.watch(0).await;
    let snapshot = token.node.call("evm_snapshot", json!([])).await;
    for count in [5, 6, 7] {
        token.transfer(count).await;
    }
    let (block, hash) = token.head().await;
    watch.until(block, hash).await;
    token.assert_all_seen(&watch).await;

    assert_eq!(token.node.call("evm_revert", json!([snapshot])).await, true);
    for count in [1, 2, 0, 30] {
        token.transfer(count).await;
    }
    let (block, hash) = token.head().await;
    watch.until(block, hash).await;
    token.assert_all_seen(&watch).await;
    assert!(watch.rollbacks >= 1, "the rollback was announced");
    watch.close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the anvil node: run `cargo xtask test`"]
async fn anvil_reorg_of_three_blocks_is_undone_and_redone() {
    let mut token = AnvilToken::deploy(Anvil::REORGS).await;
    let mut watch = token.watch(0).await;
    for count in [3, 5, 6, 7] {
        token.transfer(count).await;
    }
    let (block, hash) = token.head().await;
    watch.until(block, hash).await;
    token.assert_all_seen(&watch).await;

    let (first, second) = (token.scatter(11), token.scatter(2));
    token
        .node
        .call("anvil_reorg", json!([3, [[first, 0], [second, 2]]]))
        .await;
    token.transfer(4).await;
    let (block, hash) = token.head().await;
    watch.until(block, hash).await;
    token.assert_all_seen(&watch).await;
    assert!(watch.rollbacks >= 1, "the rollback was announced");
    watch.close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the anvil node: run `cargo xtask test`"]
async fn anvil_gives_mainnet_logs_as_on_mainnet() {
    let Some(file) = mainnet_file() else { return };
    let recording = Recording::load(file).unwrap();
    let (first, last) = (recording.first_block(), recording.last_block());
    let number = (first - 1).to_string();
    let node =
        Anvil::start(&[Anvil::BULK, &["--number", &number, "--chain-id", "1"]].concat()).await;
    put_contracts(&node, &recording).await;
    for block in first..=last {
        let data = HexBytes::from(dispatch_calls(recording.logs(block..=block)));
        node.transact(json!({ "from": ACCOUNT, "to": DISPATCH, "data": data.to_string(), "gas": "0x2540be400" })).await;
    }
    assert_eq!(head(&node).await.0, last, "one block for each of mainnet's");

    let mut watch = Watch::start(1, [node.http_url(), node.ws_url()], first).await;
    let (block, hash) = head(&node).await;
    watch.until(block, hash).await;

    let expected: Vec<&Log> = recording.transfer_logs().collect();
    let names = expected_transfers(&recording);
    assert_eq!((watch.events.len(), expected.len()), (7_800, 7_800));
    for ((event, log), (name, ..)) in watch.events.iter().zip(expected).zip(names) {
        assert_eq!(event["event"], name);
        assert_parameters(event, log);
    }
    watch.close().await;
}

const DISPATCH: &str = "0x00000000000000000000000000000000d15fa7c4";

/// `RawLog` at every address that emits a log, and `Dispatch`, which calls them.
async fn put_contracts(node: &Anvil, recording: &Recording) {
    let (raw_log, dispatch) = (contract("RawLog"), contract("Dispatch"));
    node.call(
        "anvil_setCode",
        json!([DISPATCH, dispatch["deployedBytecode"]]),
    )
    .await;
    let all = recording.first_block()..=recording.last_block();
    let addresses: std::collections::BTreeSet<_> =
        recording.logs(all).map(|log| log.address).collect();
    for address in addresses {
        node.call(
            "anvil_setCode",
            json!([address.to_string(), raw_log["deployedBytecode"]]),
        )
        .await;
    }
}

/// The call data of `Dispatch`: (20 bytes address, 3 bytes length, payload of `RawLog`) per log.
fn dispatch_calls<'a>(logs: impl Iterator<Item = &'a Log>) -> Vec<u8> {
    let mut calls = Vec::new();
    for log in logs {
        let mut payload = vec![log.topics.len() as u8];
        payload.extend(log.topics.iter().flat_map(|topic| *topic.as_bytes()));
        payload.extend_from_slice(log.data.as_bytes());
        calls.extend_from_slice(log.address.as_ref());
        calls.extend_from_slice(&(payload.len() as u32).to_be_bytes()[1..]);
        calls.extend_from_slice(&payload);
    }
    calls
}
