//! The consumer as a process with a database: started, killed, stopped.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use event_streamer::client::{
    CheckpointFuture, CheckpointKey, CheckpointStore, Compression, EventStreamer, Features,
    HandlerPolicy, MemoryCheckpoints, SavedPosition, StreamingOptions,
};
use event_streamer::models::{ResumeToken, SubscriptionId};
use event_streamer::transport::Origin;
use event_streamer_testkit::{Network, Random, Record};

use super::process::{Process, Work};

/// What a write to the consumer's disk takes.
const WRITE_TIME: Duration = Duration::from_millis(6);

/// How the consumer keeps its rows and its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeping {
    /// Both in one transaction.
    Together,
    /// The rows at once and the position later; what is beyond it is thrown away at a start.
    Apart,
}

/// What a consumer may be told to do wrong, to see that it is noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sabotage {
    None,
    /// The 20th event is not written.
    LosesAnEvent,
    /// The 20th event is written twice.
    WritesTwice,
    /// Notices of rollbacks are ignored.
    IgnoresRollbacks,
}

/// A row, or the undoing of rows.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Rows(Vec<Record>),
    RollBack(u64),
}

/// The consumer's database. Clones are the same one.
#[derive(Clone)]
pub(super) struct Database {
    state: Arc<Mutex<State>>,
    positions: Arc<MemoryCheckpoints>,
    keeping: Keeping,
}

#[derive(Default)]
struct State {
    rows: Vec<Record>,
    ids: HashSet<String>,
    /// Every event that was ever written.
    ever: HashSet<String>,
    /// Written with their positions when those are; gone with the process.
    staged: Vec<(String, Change)>,
    written: usize,
    rollbacks: usize,
    faults: Vec<String>,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Database")
    }
}

impl Database {
    fn new(keeping: Keeping) -> Self {
        Self {
            state: Arc::default(),
            positions: Arc::new(MemoryCheckpoints::new()),
            keeping,
        }
    }

    /// How many events were ever written.
    pub(super) fn so_far(&self) -> usize {
        self.state().ever.len()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(super) fn write(&self, token: Option<&ResumeToken>, change: Change) {
        let mut state = self.state();
        match (self.keeping, token) {
            (Keeping::Apart, _) => state.apply(change),
            (Keeping::Together, Some(token)) => state.staged.push((token.to_string(), change)),
            (Keeping::Together, None) => state.fault("a delivery without a position".to_owned()),
        }
    }

    /// A process begins: what was not durable is gone.
    async fn recover(&self, key: &CheckpointKey) {
        let saved = self.positions.load(key).await.unwrap();
        let token = saved.and_then(|saved| saved.resume_token);
        let mut state = self.state();
        state.staged.clear();
        if self.keeping == Keeping::Apart {
            match token.map(|token| place_of(&token)) {
                None => state.keep(|_| false),
                Some((block, log)) => {
                    state.keep(|row| (row.place.block_number, row.place.log_index) <= (block, log));
                }
            }
        }
    }
}

impl CheckpointStore for Database {
    fn claim<'a>(&'a self, key: &'a CheckpointKey) -> CheckpointFuture<'a, SavedPosition> {
        self.positions.claim(key)
    }

    /// Durable after half of its time; who is killed before that has written nothing.
    fn save<'a>(
        &'a self,
        key: &'a CheckpointKey,
        position: &'a SavedPosition,
    ) -> CheckpointFuture<'a, ()> {
        Box::pin(async move {
            tokio::time::sleep(WRITE_TIME / 2).await;
            self.positions.save(key, position).await?;
            if self.keeping == Keeping::Together {
                self.state().commit(position.resume_token.as_ref());
            }
            tokio::time::sleep(WRITE_TIME / 2).await;
            Ok(())
        })
    }

    fn load<'a>(&'a self, key: &'a CheckpointKey) -> CheckpointFuture<'a, Option<SavedPosition>> {
        self.positions.load(key)
    }
}

impl State {
    fn fault(&mut self, text: String) {
        self.faults.push(text);
    }

    fn apply(&mut self, change: Change) {
        match change {
            Change::RollBack(block) => {
                self.rollbacks += 1;
                self.keep(|row| row.place.block_number <= block);
            }
            Change::Rows(rows) => rows.into_iter().for_each(|row| self.insert(row)),
        }
    }

    fn insert(&mut self, row: Record) {
        if let Some(last) = self.rows.last().filter(|last| row.place <= last.place) {
            let text = format!("{row} came behind {last}");
            self.fault(text);
        }
        self.written += 1;
        self.ever.insert(row.event_id.clone());
        if !self.ids.insert(row.event_id.clone()) {
            self.fault(format!("{row} came twice"));
        }
        self.rows.push(row);
    }

    fn keep(&mut self, stays: impl Fn(&Record) -> bool) {
        let ids = &mut self.ids;
        self.rows.retain(|row| {
            let stays = stays(row);
            if !stays {
                ids.remove(&row.event_id);
            }
            stays
        });
    }

    /// Commits what lies before a position.
    fn commit(&mut self, token: Option<&ResumeToken>) {
        let is_at = |(at, _): &(String, Change)| token.is_some_and(|token| at == token.as_str());
        let Some(last) = self.staged.iter().rposition(is_at) else {
            if token.is_some() && !self.staged.is_empty() {
                self.fault("a position was kept that no delivery has".to_owned());
            }
            return;
        };
        let ready: Vec<_> = self.staged.drain(..=last).collect();
        ready.into_iter().for_each(|(_, change)| self.apply(change));
    }
}

/// The place in a token of our service (`docs/protocol.md`, section 4).
fn place_of(token: &ResumeToken) -> (u64, u32) {
    let text = token.as_str().strip_prefix("rt_").unwrap();
    let json = base64url(text);
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let log = json["log_index"]
        .as_u64()
        .map(|log| u32::try_from(log).unwrap());
    (
        json["block_number"].as_u64().unwrap(),
        log.unwrap_or(u32::MAX),
    )
}

fn base64url(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for byte in text.bytes() {
        let digit = ALPHABET.iter().position(|it| *it == byte).unwrap();
        bits = (bits << 6) | digit as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

/// A machine with the consumer and its disk.
pub(super) struct ConsumerMachine {
    network: Network,
    database: Database,
    subscription: SubscriptionId,
    seed: u64,
    sabotage: Sabotage,
    pulls: bool,
    process: Option<Process>,
}

impl ConsumerMachine {
    pub(super) fn new(
        network: &Network,
        subscription: SubscriptionId,
        seed: u64,
        keeping: Keeping,
        sabotage: Sabotage,
        pulls: bool,
    ) -> Self {
        Self {
            network: network.clone(),
            database: Database::new(keeping),
            subscription,
            seed,
            sabotage,
            pulls,
            process: None,
        }
    }

    pub(super) fn is_running(&self) -> bool {
        self.process.is_some()
    }

    pub(super) async fn start(&mut self) {
        if self.is_running() {
            return;
        }
        self.network.trace().note("the consumer starts");
        let key = CheckpointKey::new(self.subscription, "default").unwrap();
        self.database.recover(&key).await;
        let options = StreamingOptions::default()
            .with_jitter_seed(self.seed)
            .with_batch_ack_interval(Duration::from_millis(700))
            .with_handlers(HandlerPolicy::default().with_max_attempts(50))
            .with_checkpoint_name("default")
            .with_checkpoint_store(self.database.clone())
            .with_features(Features {
                // A position without rows belongs to no transaction.
                progress: self.database.keeping == Keeping::Apart,
                ..Features::default()
            });
        let client = client(&self.network, "consumer", self.seed);
        let stream = client.create_streaming_client(self.subscription, options);
        let work = Work {
            database: self.database.clone(),
            network: self.network.clone(),
            sabotage: self.sabotage,
            dice: Arc::new(Mutex::new(Random::new(self.seed))),
        };
        self.process = Some(if self.pulls {
            Process::pulling(stream, work)
        } else {
            Process::handling(stream, work).await
        });
    }

    /// Ends in the midst of everything.
    pub(super) fn kill(&mut self) {
        self.network.crash("consumer");
        self.process = None;
    }

    /// Ends in good order.
    pub(super) async fn stop(&mut self) {
        self.network.trace().note("the consumer stops");
        if let Some(process) = self.process.take() {
            process.stop().await;
        }
    }

    /// What is wrong so far: with the rows, or with a stream that has ended by itself.
    pub(super) async fn faults(&mut self) -> Vec<String> {
        let mut faults = self.database.state().faults.clone();
        if let Some(process) = self.process.as_mut() {
            faults.extend(process.ended_by_itself().await);
        }
        faults
    }

    pub(super) fn rows(&self) -> Vec<Record> {
        self.database.state().rows.clone()
    }

    pub(super) fn rollbacks(&self) -> usize {
        self.database.state().rollbacks
    }

    /// Whether an event was ever written.
    pub(super) fn has_written(&self, event_id: &str) -> bool {
        self.database.state().ever.contains(event_id)
    }
}

/// A client on a machine.
pub(super) fn client(network: &Network, host: &'static str, seed: u64) -> EventStreamer {
    let network = network.clone();
    let dialer = move |_: Origin| {
        let network = network.clone();
        async move { network.dial(host, "service").await }
    };
    EventStreamer::builder("http://service.test", "simulation")
        // Ids are random, and how far they compress with them: a seed would not repeat itself.
        .compression(Compression::Off)
        .with_http(|http| http.dialer(dialer).jitter_seed(seed))
        .build()
        .unwrap()
}
