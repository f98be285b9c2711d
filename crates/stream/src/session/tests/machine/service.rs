//! The service: its connections, what it sent on them, and the position it has acknowledged.

use std::collections::HashMap;

use event_streamer_models::BatchId;
use serde_json::{Value, json};

use super::super::super::AckRequest;
use super::chain::{Chain, Log, Token, block_before, block_of, end_of_block, next_match};

/// A batch that was sent.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) id: String,
    pub(super) sequence: u64,
    pub(super) step: Option<u64>,
    /// The blocks that are read with it.
    pub(super) blocks: (u64, u64),
    pub(super) logs: Vec<Log>,
    pub(super) end: Token,
    acknowledged: bool,
}

/// A notice of a rollback.
#[derive(Debug)]
pub(super) struct Rollback {
    pub(super) block: u64,
    pub(super) step: Option<u64>,
    pub(super) message: Value,
}

/// Word of blocks without events.
#[derive(Debug)]
pub(super) struct Progress {
    pub(super) message: Value,
    pub(super) token: Token,
    pub(super) step: Option<u64>,
    pub(super) blocks: (u64, u64),
}

#[derive(Debug)]
pub(super) struct Service {
    pub(super) chain: Chain,
    /// Whether the client understands notices of rollbacks and gets hashes of blocks.
    extended: bool,
    /// Whether it counts what moves the position, and how much that was on the open connection.
    counts: bool,
    step: u64,
    /// The open connection; the others are those before it.
    open: u64,
    /// Logs before what is sent next.
    pub(super) cursor: u64,
    /// Of every connection that it has not forgotten.
    batches: HashMap<u64, Vec<Sent>>,
    pub(super) acknowledged: Token,
}

impl Service {
    pub(super) fn new(extended: bool, counts: bool) -> Self {
        Self {
            chain: Chain::new(),
            extended,
            counts,
            step: 0,
            open: 0,
            cursor: 0,
            batches: HashMap::new(),
            acknowledged: Token::default(),
        }
    }

    /// Opens a connection at a position, or `early` logs before it; answers with the notice that a
    /// position on a dead branch gets.
    pub(super) fn connect(&mut self, token: Token, early: u64) -> Option<Rollback> {
        self.open += 1;
        self.step = 0;
        self.batches.insert(self.open, Vec::new());
        self.cursor = token.logs;
        let rollback = self.chain.rollback(token);
        if rollback.is_none() {
            self.cursor = token.logs.saturating_sub(early);
        }
        rollback.map(|block| self.roll_back(block))
    }

    pub(super) fn connection(&self) -> String {
        self.open.to_string()
    }

    /// The batches of the open connection.
    pub(super) fn sent(&self) -> &[Sent] {
        self.batches.get(&self.open).map_or(&[], Vec::as_slice)
    }

    /// Makes the next batch; one of no events stays where it is.
    pub(super) fn batch(&mut self, size: usize) -> Sent {
        let mut logs = Vec::new();
        let from = block_of(self.cursor);
        while logs.len() < size {
            let log = self.chain.log(next_match(self.cursor));
            self.cursor = log.number + 1;
            logs.push(log);
        }
        let end = self.chain.token(self.cursor);
        let step = self.next_step();
        let sent = self.batches.entry(self.open).or_default();
        let sequence = sent.len() as u64 + 1;
        sent.push(Sent {
            id: format!("{}/{sequence}", self.open),
            sequence,
            step,
            blocks: (from, block_before(self.cursor)),
            logs,
            end,
            acknowledged: false,
        });
        sent[sent.len() - 1].clone()
    }

    pub(super) fn message(&self, sent: &Sent) -> Value {
        let events: Vec<Value> = sent
            .logs
            .iter()
            .map(|log| log.event(self.extended))
            .collect();
        json!({
            "type": "event_batch", "batch_id": sent.id, "sequence": sent.sequence,
            "subscription_id": 7, "resume_token": sent.end.text(), "batch_size": events.len(),
            "events": {"E": events}, "step": sent.step, "coverage": self.coverage(sent.blocks),
        })
    }

    fn coverage(&self, (from, to): (u64, u64)) -> Value {
        json!({"from_block": from, "to_block": to, "to_block_hash": self.chain.hash(to)})
    }

    fn next_step(&mut self) -> Option<u64> {
        self.step += 1;
        self.last_step()
    }

    /// Of the last message that moved the position.
    pub(super) fn last_step(&self) -> Option<u64> {
        self.counts.then_some(self.step)
    }

    pub(super) fn heartbeat(&self) -> Value {
        json!({"type": "heartbeat", "step": self.last_step()})
    }

    /// Passes over the logs that the filter does not take.
    pub(super) fn progress(&mut self) -> Progress {
        let from = block_of(self.cursor);
        self.cursor = next_match(self.cursor);
        let token = self.chain.token(self.cursor);
        let step = self.next_step();
        // A place in a block is behind the block before it, or reads the beginning of the block.
        let blocks = (from, block_before(self.cursor).max(from));
        let mut message = self.coverage(blocks);
        message["type"] = json!("progress");
        message["resume_token"] = json!(token.text());
        message["step"] = json!(step);
        Progress {
            message,
            token,
            step,
            blocks,
        }
    }

    /// The chain forks, so many blocks deep; if that makes void what was sent, there is a notice.
    pub(super) fn reorganise(&mut self, depth: u64) -> Option<Rollback> {
        let last = block_before(self.cursor);
        let fork = last.saturating_sub(depth).max(1);
        self.chain.fork(fork);
        (fork <= last).then(|| self.roll_back(fork - 1))
    }

    fn roll_back(&mut self, block: u64) -> Rollback {
        self.cursor = end_of_block(block);
        let step = self.next_step();
        let mut message = if self.extended {
            json!({
                "type": "reorg", "depth": 1, "removed": {},
                "rollback_to": {"block_number": block, "block_hash": self.chain.hash(block)},
                "resume_token": self.chain.token(self.cursor).text(),
            })
        } else {
            json!({
                "type": "error", "error_code": "REORG_DETECTED", "recoverable": true,
                "error_message": format!("rolled back to block {block}"),
            })
        };
        message["step"] = json!(step);
        Rollback {
            block,
            step,
            message,
        }
    }

    /// Takes an acknowledgement; answers with the batches it does not know.
    pub(super) fn acknowledge(&mut self, request: &AckRequest) -> Vec<BatchId> {
        match request {
            AckRequest::Batches {
                connection_id,
                batch_ids,
            } => {
                assert!(batch_ids.len() <= 1_000);
                let connection: u64 = connection_id.as_str().parse().unwrap();
                let Some(sent) = self.batches.get_mut(&connection) else {
                    return batch_ids.clone();
                };
                for batch in &mut *sent {
                    batch.acknowledged |= batch_ids.iter().any(|id| id.as_str() == batch.id);
                }
                let run = sent.iter().take_while(|batch| batch.acknowledged).last();
                if let Some(end) = run.map(|batch| batch.end) {
                    self.move_to(end);
                }
                let known = |id: &BatchId| id.as_str().starts_with(&format!("{connection}/"));
                batch_ids.iter().filter(|id| !known(id)).cloned().collect()
            }
            AckRequest::Position { resume_token } => {
                self.move_to(Token::parse(resume_token));
                Vec::new()
            }
            AckRequest::Response { .. } => panic!("every batch has an id"),
        }
    }

    /// The position moves ahead, and back only off a dead branch.
    fn move_to(&mut self, token: Token) {
        let dead = self.chain.rollback(self.acknowledged).is_some();
        if dead || token.logs > self.acknowledged.logs {
            self.acknowledged = token;
        }
    }

    /// Forgets a connection.
    pub(super) fn forget(&mut self, request: &AckRequest) {
        if let AckRequest::Batches { connection_id, .. } = request {
            let connection: u64 = connection_id.as_str().parse().unwrap();
            if connection == self.open {
                self.batches.insert(connection, Vec::new());
            } else {
                self.batches.remove(&connection);
            }
        }
    }
}
