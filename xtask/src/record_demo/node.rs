//! An anvil node as a child process, the same chain at every start.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::error::{Context as _, Result, fail};

pub(crate) const CHAIN_ID: u64 = 31_337;
/// The timestamp of block 0: 2025-01-01T00:00:00Z. Left to itself, anvil takes the wall clock's.
pub(crate) const GENESIS_TIMESTAMP: u64 = 1_735_689_600;
/// The rules of the chain.
pub(crate) const HARDFORK: &str = "cancun";
/// anvil's own default, spelled out because every address of the recording hangs on it.
const MNEMONIC: &str = "test test test test test test test test test test test junk";
/// Ether of each account.
const BALANCE: u64 = 1_000_000;
/// As on mainnet when the rules above came into force.
const BLOCK_GAS_LIMIT: u64 = 30_000_000;

/// Ends with the value.
pub(crate) struct Anvil {
    child: Child,
    address: SocketAddr,
}

impl Anvil {
    /// Starts `program` on a free loopback port with `accounts` unlocked accounts. No block is
    /// made unless it is asked for, and a block takes transactions in the order they came.
    pub(crate) fn start(program: &Path, accounts: usize) -> Result<Self> {
        let address = free_port()?;
        let child = Command::new(program)
            .args([
                "--host",
                "127.0.0.1",
                "--no-mining",
                "--prune-history",
                "--quiet",
            ])
            .args([
                "--order",
                "fifo",
                "--hardfork",
                HARDFORK,
                "--mnemonic",
                MNEMONIC,
            ])
            .args(["--port", &address.port().to_string()])
            .args(["--chain-id", &CHAIN_ID.to_string()])
            .args(["--timestamp", &GENESIS_TIMESTAMP.to_string()])
            .args(["--gas-limit", &BLOCK_GAS_LIMIT.to_string()])
            .args(["--accounts", &accounts.to_string()])
            .args(["--balance", &BALANCE.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .context(|| format!("cannot start {}", program.display()))?;
        let mut anvil = Self { child, address };
        anvil.wait_until_ready()?;
        Ok(anvil)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Up to ten seconds; it takes a tenth of one.
    fn wait_until_ready(&mut self) -> Result<()> {
        for _ in 0..200 {
            // Asked first: if the child is gone, whoever answers on the port is not ours.
            if let Some(status) = self
                .child
                .try_wait()
                .context(|| "waiting for anvil".to_owned())?
            {
                return fail!("anvil ended at its start: {status}");
            }
            if TcpStream::connect(self.address).is_ok() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(50));
        }
        fail!("anvil did not open {} within ten seconds", self.address)
    }
}

impl Drop for Anvil {
    fn drop(&mut self) {
        // Either fails only if the child has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .context(|| "no free loopback port".to_owned())
}
