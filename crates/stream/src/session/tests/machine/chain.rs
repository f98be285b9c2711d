//! A chain without end that forks.

use event_streamer_models::ResumeToken;
use serde_json::json;

/// Logs of a block.
const PER_BLOCK: u64 = 3;

/// A log: log `number % 3` of block `number / 3`, as it is on one branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Log {
    pub(super) number: u64,
    pub(super) branch: usize,
}

impl Log {
    pub(super) fn event(self, hashes: bool) -> serde_json::Value {
        let block = self.number / PER_BLOCK;
        let mut event = json!({
            "log": self.number, "branch": self.branch,
            "block_number": block, "log_index": self.number % PER_BLOCK,
        });
        if hashes {
            event["block_hash"] = json!(block_hash(block, self.branch));
        }
        event
    }
}

/// A position: the number of logs before it, and the branch of the last of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct Token {
    pub(super) logs: u64,
    pub(super) branch: usize,
}

impl Token {
    pub(super) fn text(self) -> String {
        format!("{}@{}", self.logs, self.branch)
    }

    pub(super) fn parse(token: &ResumeToken) -> Self {
        let (logs, branch) = token.as_str().split_once('@').unwrap();
        Self {
            logs: logs.parse().unwrap(),
            branch: branch.parse().unwrap(),
        }
    }

    fn last_block(self) -> Option<u64> {
        Some(self.logs.checked_sub(1)? / PER_BLOCK)
    }
}

/// A branch: from which block on each branch's blocks stand, oldest first.
type Branch = Vec<(u64, usize)>;

/// The branch that stands is the last.
#[derive(Debug)]
pub(super) struct Chain {
    branches: Vec<Branch>,
}

impl Chain {
    pub(super) fn new() -> Self {
        Self {
            branches: vec![vec![(0, 0)]],
        }
    }

    /// Replaces every block from this one on.
    pub(super) fn fork(&mut self, block: u64) {
        let mut branch = self.branches.last().unwrap().clone();
        branch.retain(|(from, _)| *from < block);
        branch.push((block, self.branches.len()));
        self.branches.push(branch);
    }

    pub(super) fn log(&self, number: u64) -> Log {
        let branch = branch_of(self.branches.last().unwrap(), number / PER_BLOCK);
        Log { number, branch }
    }

    /// The position behind so many logs.
    pub(super) fn token(&self, logs: u64) -> Token {
        let branch = logs.checked_sub(1).map_or(0, |last| self.log(last).branch);
        Token { logs, branch }
    }

    /// The last block below a position that still stands, unless all of them do.
    pub(super) fn rollback(&self, token: Token) -> Option<u64> {
        let last = token.last_block()?;
        let (old, now) = (&self.branches[token.branch], self.branches.last().unwrap());
        let stands = |block| branch_of(old, block) == branch_of(now, block);
        if stands(last) {
            return None;
        }
        Some((0..last).rev().find(|block| stands(*block)).unwrap())
    }

    pub(super) fn hash(&self, block: u64) -> String {
        block_hash(block, branch_of(self.branches.last().unwrap(), block))
    }
}

fn branch_of(branch: &Branch, block: u64) -> usize {
    let from = branch.iter().rev().find(|(from, _)| *from <= block);
    from.unwrap().1
}

fn block_hash(block: u64, branch: usize) -> String {
    format!("0x{branch:032x}{block:032x}")
}

/// Whether the subscription's filter takes a log.
pub(super) fn matches(number: u64) -> bool {
    number % 7 < 5
}

/// The first log at or behind a place that the filter takes.
pub(super) fn next_match(number: u64) -> u64 {
    (number..).find(|number| matches(*number)).unwrap()
}

/// How many logs there are up to the end of a block.
pub(super) fn end_of_block(block: u64) -> u64 {
    (block + 1) * PER_BLOCK
}

/// The block of a log.
pub(super) fn block_of(log: u64) -> u64 {
    log / PER_BLOCK
}

/// The block of the last of so many logs.
pub(super) fn block_before(logs: u64) -> u64 {
    logs.saturating_sub(1) / PER_BLOCK
}
