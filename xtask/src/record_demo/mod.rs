//! `cargo xtask record-demo`: makes the recording that the demo replays.
//!
//! Published contracts execute real transactions on a real node, and what the node then tells of
//! its blocks and logs is written down. Accounts, order, timestamps, fees and every choice are
//! fixed, so that the same command makes the same bytes.

pub(crate) mod abi;
mod artefacts;
mod bloom;
mod chain;
mod check;
mod http;
mod node;
mod random;
mod recording;
mod rpc;
mod scenario;

use std::fs;
use std::path::Path;

use serde_json::Value as Json;

use self::artefacts::PACKAGES;
use self::chain::{Block, Chain};
use self::node::{Anvil, CHAIN_ID, HARDFORK};
use crate::error::{Context as _, Result, fail};
use crate::mode::Mode;
use crate::{anvil, npm, workspace};

/// Where the recording lies in the repository.
const RECORDING: &str = "crates/cli/assets/demo-recording.ndjson.gz";
/// The repository and the published binary carry it.
const MAX_BYTES: usize = 2 * 1024 * 1024;

/// Makes the recording and writes it, or compares it with the one that is there.
pub(crate) fn record_demo(root: &Path, mode: Mode) -> Result<()> {
    let program = anvil::install(root)?;
    let packages = workspace::tools_dir(root, "contracts");
    npm::install(&packages, &PACKAGES)?;
    let anvil = Anvil::start(&program, scenario::ACCOUNTS)?;
    let blocks = scenario::play(Chain::connect(&anvil)?, &packages)?;
    check::check(&blocks)?;
    let bytes = recording::write(&blocks, &source())?;
    if bytes.len() > MAX_BYTES {
        return fail!(
            "the recording has {} bytes, more than the {MAX_BYTES} allowed",
            bytes.len()
        );
    }
    println!("{}", summary(&blocks, bytes.len()));
    let path = root.join(RECORDING);
    match mode {
        Mode::Write => save(&path, &bytes),
        Mode::Check => compare(&path, &bytes),
    }
}

fn save(path: &Path, bytes: &[u8]) -> Result<()> {
    let cannot = || format!("cannot write {}", path.display());
    if let Some(dir) = path.parent() {
        fs::create_dir_all(dir).context(cannot)?;
    }
    fs::write(path, bytes).context(cannot)?;
    println!("written to {}", path.display());
    Ok(())
}

fn compare(path: &Path, bytes: &[u8]) -> Result<()> {
    let there = fs::read(path).context(|| format!("cannot read {}", path.display()))?;
    if there != bytes {
        return fail!(
            "{} is not what `cargo xtask record-demo` makes",
            path.display()
        );
    }
    println!("{} is the same, byte for byte", path.display());
    Ok(())
}

/// How the recording was made, for whoever reads its first line.
fn source() -> String {
    let packages = PACKAGES
        .map(|package| format!("{} {}", package.name, package.version))
        .join(", ");
    format!(
        "made by `cargo xtask record-demo` of Event Streamer: transactions executed on {} {} ({HARDFORK} rules, \
         chain {CHAIN_ID}) by the published contracts of {packages}; the contracts are under the licences of \
         their packages, no code of theirs is in this file",
        anvil::ANVIL.name,
        anvil::ANVIL.version,
    )
}

/// What the recording holds, for the person who made it.
fn summary(blocks: &[Block], bytes: usize) -> String {
    const TRANSFER: &str = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
    let logs = || blocks.iter().flat_map(|block| &block.logs);
    let transfers = |topics: usize| {
        let matches = |log: &&Json| {
            let found = log["topics"]
                .as_array()
                .map(Vec::as_slice)
                .unwrap_or_default();
            found.len() == topics && found[0] == TRANSFER
        };
        logs().filter(matches).count()
    };
    format!(
        "{} blocks, {} logs, of which {} ERC-20 and {} ERC-721 transfers; {bytes} bytes",
        blocks.len(),
        logs().count(),
        transfers(3),
        transfers(4),
    )
}
