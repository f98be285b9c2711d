//! The anvil node as a child process.

mod token;

pub use token::AnvilToken;

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::json_rpc::{RpcFailure, json_rpc};
use crate::tools;

/// How long a start may take; it takes a tenth of a second.
const START_LIMIT: Duration = Duration::from_secs(30);

/// How long a transaction may wait for its block; it takes some milliseconds.
const BLOCK_LIMIT: Duration = Duration::from_secs(30);

/// A running anvil node on a free loopback port. Ended by its id when dropped.
///
/// ```no_run
/// # async fn example() {
/// use event_streamer_testkit::Anvil;
///
/// let node = Anvil::start(Anvil::BULK).await;
/// node.mine(3).await;
/// assert_eq!(node.call("eth_blockNumber", serde_json::json!([])).await, "0x3");
/// # }
/// ```
#[derive(Debug)]
pub struct Anvil {
    child: Child,
    addr: SocketAddr,
}

impl Anvil {
    /// Arguments for chains of many blocks and logs, and for reorgs by `evm_snapshot`, `evm_revert`.
    ///
    /// No history is kept: else anvil writes each state to the home folder and leaves it there.
    pub const BULK: &[&str] = &[
        "--hardfork",
        "cancun",
        "--prune-history",
        "--gas-limit",
        "100000000000",
        "--order",
        "fifo",
    ];

    /// Arguments for chains whose last blocks are replaced by `anvil_reorg`: it needs their states.
    pub const REORGS: &[&str] = &[
        "--hardfork",
        "cancun",
        "--prune-history",
        "200",
        "--order",
        "fifo",
    ];

    /// Starts the node that `EVENT_STREAMER_ANVIL` names, with these arguments beside host and
    /// port, and waits until it answers.
    ///
    /// # Panics
    ///
    /// If there is no such program, or if it does not come up.
    pub async fn start(arguments: &[&str]) -> Self {
        Self::start_program(&tools::anvil(), arguments).await
    }

    async fn start_program(program: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(program)
            // The node picks the port itself and says which: nobody else can be listening there.
            .args(["--host", "127.0.0.1", "--port", "0"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", program.display()));
        let output = child.stdout.take().expect("the output is piped");
        // Held from here on, so that a panic below ends the child too.
        let mut node = Self {
            child,
            addr: ([127, 0, 0, 1], 0).into(),
        };
        node.addr = tokio::task::spawn_blocking(move || announced_address(output))
            .await
            .expect("reading lines does not panic")
            .unwrap_or_else(|said| panic!("{} did not come up: {said}", program.display()));
        node.call("anvil_setLoggingEnabled", json!([false])).await;
        node
    }

    /// Where the node listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Its HTTP endpoint.
    #[must_use]
    pub fn http_url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Its WebSocket endpoint: the same port.
    #[must_use]
    pub fn ws_url(&self) -> String {
        format!("ws://{}", self.addr)
    }

    /// The process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Calls a method that is to succeed.
    ///
    /// # Panics
    ///
    /// If it fails.
    pub async fn call(&self, method: &str, params: Value) -> Value {
        self.try_call(method, params)
            .await
            .unwrap_or_else(|failure| panic!("{method} on anvil: {failure}"))
    }

    /// Calls a method.
    ///
    /// # Errors
    ///
    /// The error that the node answered.
    ///
    /// # Panics
    ///
    /// If the node does not answer in JSON-RPC.
    pub async fn try_call(&self, method: &str, params: Value) -> Result<Value, RpcFailure> {
        json_rpc(self.addr, method, params).await
    }

    /// Mines blocks at once.
    ///
    /// # Panics
    ///
    /// If the node refuses.
    pub async fn mine(&self, blocks: u64) {
        self.call("anvil_mine", json!([format!("{blocks:#x}")]))
            .await;
    }

    /// Sends a transaction from one of the node's own accounts and waits for its receipt: the
    /// node answers before the block exists.
    ///
    /// # Panics
    ///
    /// If the node refuses it, it fails, or no block takes it (with automatic mining off).
    pub async fn transact(&self, transaction: Value) -> Value {
        let hash = self.call("eth_sendTransaction", json!([transaction])).await;
        let taken = async {
            loop {
                let receipt = self.call("eth_getTransactionReceipt", json!([hash])).await;
                if !receipt.is_null() {
                    return receipt;
                }
                tokio::task::yield_now().await;
            }
        };
        let Ok(receipt) = tokio::time::timeout(BLOCK_LIMIT, taken).await else {
            let pool = self.call("txpool_content", json!([])).await;
            panic!("no block took the transaction {hash}; the pool: {pool:.2000}")
        };
        assert_eq!(
            receipt["status"], "0x1",
            "the transaction failed: {receipt}"
        );
        receipt
    }
}

/// A contract of the test kit, with source and compiler version beside it.
///
/// # Panics
///
/// If there is none of this name.
#[must_use]
pub fn contract(name: &str) -> Value {
    let file = include_str!("../contracts/contracts.json");
    let mut contracts: Value = serde_json::from_str(file).unwrap();
    let contract = contracts["contracts"][name].take();
    assert!(contract.is_object(), "there is no contract {name}");
    contract
}

impl Drop for Anvil {
    fn drop(&mut self) {
        // Either fails only if the child has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads what the node says at its start up to the address; what it says later is swallowed by a
/// thread, which ends with the node. `Err`: what it said instead.
fn announced_address(output: ChildStdout) -> Result<SocketAddr, String> {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut output = BufReader::new(output);
        let mut said = String::new();
        while output.read_line(&mut said).is_ok_and(|count| count > 0) {
            if let Some(address) = address_in(said.lines().last().unwrap_or_default()) {
                let _ = sender.send(Ok(address));
                let _ = std::io::copy(&mut output, &mut std::io::sink());
                return;
            }
        }
        let _ = output.read_to_string(&mut said);
        let _ = sender.send(Err(format!("it ended, having said {said:?}")));
    });
    receiver
        .recv_timeout(START_LIMIT)
        .unwrap_or_else(|_| Err("it says nothing".to_owned()))
}

fn address_in(line: &str) -> Option<SocketAddr> {
    line.trim().strip_prefix("Listening on ")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_from_the_announcement() {
        assert_eq!(
            address_in("Listening on 127.0.0.1:40549\n"),
            Some(([127, 0, 0, 1], 40549).into())
        );
        assert_eq!(address_in("Genesis Number"), None);
        assert_eq!(address_in("Listening on nothing"), None);
    }

    #[tokio::test]
    #[should_panic(expected = "did not come up: it ended, having said")]
    async fn a_program_that_ends_at_once_is_no_node() {
        Anvil::start_program(Path::new("/bin/true"), &[]).await;
    }

    #[tokio::test]
    #[ignore = "needs the anvil node: run `cargo xtask test`"]
    async fn starts_answers_and_ends() {
        let node = Anvil::start(Anvil::BULK).await;
        node.mine(3).await;
        assert_eq!(node.call("eth_blockNumber", json!([])).await, "0x3");
        let failure = node.try_call("eth_nonsense", json!([])).await.unwrap_err();
        assert_eq!(failure.code, -32601);

        let accounts = node.call("eth_accounts", json!([])).await;
        let transfer = json!({"from": accounts[0], "to": accounts[1], "value": "0x1"});
        assert_eq!(node.transact(transfer).await["blockNumber"], "0x4");

        let addr = node.addr();
        drop(node);
        let gone = tokio::net::TcpStream::connect(addr).await.unwrap_err();
        assert_eq!(gone.kind(), std::io::ErrorKind::ConnectionRefused);
    }

    #[tokio::test]
    #[ignore = "needs the anvil node: run `cargo xtask test`"]
    async fn nodes_do_not_share_a_port() {
        let (one, other) = tokio::join!(Anvil::start(Anvil::BULK), Anvil::start(Anvil::REORGS));
        assert_ne!((one.addr(), one.id()), (other.addr(), other.id()));
        one.mine(1).await;
        assert_eq!(other.call("eth_blockNumber", json!([])).await, "0x0");
    }
}
