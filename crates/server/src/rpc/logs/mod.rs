//! The answer to one `eth_getLogs`, read in one pass: from the node's bytes to logs, without a tree
//! of values, a copy of the text or of its digits in between.
//!
//! It reads what nodes write, and gives up on whatever else may still be JSON (an escaped key, a
//! nested member that nobody knows, a fifth topic): the general reader judges that, and finds the
//! words for what is wrong. So nothing depends on this one but speed, as long as what it reads is
//! what the general one would have read, which a property test holds it to.

mod call;
mod scanner;

use event_streamer_models::{Address, B256, HexBytes, Log};

use scanner::Scanner;

/// Most topics of a log.
const MAX_TOPICS: usize = 4;

/// What a log must have.
const REQUIRED: u16 = ADDRESS | TOPICS | DATA | BLOCK_NUMBER | TRANSACTION_HASH | PLACE | LOG_INDEX;
const ADDRESS: u16 = 1;
const TOPICS: u16 = 1 << 1;
const DATA: u16 = 1 << 2;
const BLOCK_NUMBER: u16 = 1 << 3;
const TRANSACTION_HASH: u16 = 1 << 4;
const PLACE: u16 = 1 << 5;
const LOG_INDEX: u16 = 1 << 6;
const BLOCK_HASH: u16 = 1 << 7;
const TIMESTAMP: u16 = 1 << 8;
const REMOVED: u16 = 1 << 9;

/// How many logs are read before other tasks get their turn: a fraction of a millisecond.
const PIECE: usize = 512;

/// The logs of the answer to the request `id`, if that is one as nodes write it.
async fn read(id: u64, body: &[u8]) -> Option<Vec<Log>> {
    let mut reader = LogsReader::new(id, body);
    loop {
        match reader.read(PIECE) {
            Piece::More => tokio::task::yield_now().await,
            Piece::Done(logs) => return Some(logs),
            Piece::Unusual => return None,
        }
    }
}

/// Reads one answer, a piece at a time.
struct LogsReader<'a> {
    scanner: Scanner<'a>,
    id: String,
    has_id: bool,
    logs: Vec<Log>,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Before the first member of the answer.
    Start,
    /// Inside of `result`.
    Logs,
    /// Behind a member.
    Members { has_result: bool },
}

/// What became of a piece.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    /// There is more.
    More,
    /// The answer was read.
    Done(Vec<Log>),
    /// It is not what nodes write: the general reader is to judge.
    Unusual,
}

impl<'a> LogsReader<'a> {
    /// For the answer to the request `id`.
    fn new(id: u64, body: &'a [u8]) -> Self {
        Self {
            scanner: Scanner::new(body),
            id: id.to_string(),
            has_id: false,
            logs: Vec::new(),
            state: State::Start,
        }
    }

    /// Reads on, at most `count` logs.
    fn read(&mut self, count: usize) -> Piece {
        match self.advance(count) {
            Some(true) => Piece::Done(std::mem::take(&mut self.logs)),
            Some(false) => Piece::More,
            None => Piece::Unusual,
        }
    }

    /// Whether that was the end.
    fn advance(&mut self, count: usize) -> Option<bool> {
        if self.state == State::Logs {
            return self.read_logs(count);
        }
        loop {
            let has_result = match self.state {
                State::Start => {
                    self.scanner.take(b'{')?;
                    false
                }
                State::Members { has_result } => {
                    if self.scanner.take_if(b'}') {
                        self.scanner.end()?;
                        return (self.has_id && has_result).then_some(true);
                    }
                    self.scanner.take(b',')?;
                    has_result
                }
                State::Logs => return None,
            };
            match self.scanner.key()? {
                b"id" if !self.has_id => {
                    self.read_id()?;
                    self.has_id = true;
                }
                b"result" if !has_result => {
                    self.scanner.take(b'[')?;
                    self.state = State::Logs;
                    return self.read_logs(count);
                }
                b"id" | b"result" => return None,
                b"error" => self.scanner.null()?,
                _ => self.scanner.skip_scalar()?,
            }
            self.state = State::Members { has_result };
        }
    }

    /// The id, which some nodes give back as a text.
    fn read_id(&mut self) -> Option<()> {
        let is_text = self.scanner.take_if(b'"');
        self.scanner.exactly(self.id.as_bytes())?;
        if is_text {
            self.scanner.exactly(b"\"")?;
        }
        // Not the beginning of a longer number.
        self.scanner.at_end_of_scalar()
    }

    fn read_logs(&mut self, count: usize) -> Option<bool> {
        let done = State::Members { has_result: true };
        if self.logs.is_empty() && self.scanner.take_if(b']') {
            self.state = done;
            return self.advance(count);
        }
        for _ in 0..count {
            let before = self.scanner.left();
            // In place: a log is large, and was moved several times otherwise.
            self.logs.push(Log::default());
            read_log(&mut self.scanner, self.logs.last_mut()?)?;
            if self.logs.len() == 1 {
                // As many as there would be if all were as long. Each takes about as much memory
                // as text at least, so that what a node sends bounds what is reserved.
                self.logs
                    .reserve(before / (before - self.scanner.left()).max(1));
            }
            if self.scanner.take_if(b']') {
                self.state = done;
                return self.advance(count);
            }
            self.scanner.take(b',')?;
        }
        Some(false)
    }
}

/// Fills an empty log.
fn read_log(scanner: &mut Scanner<'_>, log: &mut Log) -> Option<()> {
    let mut found = 0;
    scanner.take(b'{')?;
    loop {
        let key = scanner.key()?;
        let field = match key {
            b"address" => {
                log.address = Address(scanner.fixed()?);
                ADDRESS
            }
            b"topics" => {
                log.topics = topics(scanner)?;
                TOPICS
            }
            b"data" => {
                log.data = HexBytes(scanner.hex_bytes()?);
                DATA
            }
            b"blockNumber" => {
                log.block_number = scanner.quantity()?;
                BLOCK_NUMBER
            }
            b"transactionHash" => {
                log.transaction_hash = B256(scanner.fixed()?);
                TRANSACTION_HASH
            }
            b"transactionIndex" => {
                log.transaction_index = scanner.quantity()?;
                PLACE
            }
            b"blockHash" => {
                log.block_hash = scanner.or_null(|it| it.fixed().map(B256))?;
                BLOCK_HASH
            }
            b"blockTimestamp" => {
                log.block_timestamp = scanner.or_null(Scanner::quantity)?;
                TIMESTAMP
            }
            b"logIndex" => {
                log.log_index = scanner.quantity()?.try_into().ok()?;
                LOG_INDEX
            }
            b"removed" => {
                log.removed = scanner.or_null(Scanner::boolean)?.unwrap_or_default();
                REMOVED
            }
            _ => {
                scanner.skip_scalar()?;
                0
            }
        };
        if found & field != 0 {
            return None;
        }
        found |= field;
        if scanner.take_if(b'}') {
            break;
        }
        scanner.take(b',')?;
    }
    (found & REQUIRED == REQUIRED).then_some(())
}

fn topics(scanner: &mut Scanner<'_>) -> Option<Vec<B256>> {
    scanner.take(b'[')?;
    if scanner.take_if(b']') {
        return Some(Vec::new());
    }
    let mut topics = Vec::with_capacity(MAX_TOPICS);
    while topics.len() < MAX_TOPICS {
        topics.push(B256(scanner.fixed()?));
        if scanner.take_if(b']') {
            return Some(topics);
        }
        scanner.take(b',')?;
    }
    None
}

#[cfg(test)]
mod tests;
