//! A pump between a scripted chain and a reader that is the test.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use event_streamer_models::SubscriptionId;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::clock;
use crate::config::DeliveryConfig;
use crate::delivery::connection::Connection;
use crate::delivery::ending::Ending;
use crate::delivery::features::Features;
use crate::delivery::feed::{Chain, Feed, Wanted};
use crate::delivery::lines::{Line, line_queue};
use crate::delivery::pump::{Pump, PumpParts};
use crate::delivery::testing::{block, spec, transfer, transfer_log};
use crate::ingest::{Cursor, HeadState, IngestError, Segment, Step};
use crate::store::Store as _;
use crate::store::memory::MemoryDatabase;
use crate::subscription::Subscription;
use crate::sync::lock;

pub(super) type Steps = mpsc::UnboundedReceiver<Result<Step, IngestError>>;

/// A chain whose followers hand out what the test sends.
#[derive(Clone, Default)]
pub(super) struct Script {
    pub(super) feeds: Arc<Mutex<VecDeque<Steps>>>,
    pub(super) wanted: Arc<Mutex<Vec<Wanted>>>,
    pub(super) finalized: Option<u64>,
}

pub(super) struct ScriptFeed {
    steps: Steps,
    /// What came after the end.
    after_end: Option<Result<Step, Ending>>,
}

impl Chain for Script {
    type Feed = ScriptFeed;

    fn follow(&self, wanted: Wanted) -> ScriptFeed {
        lock(&self.wanted).push(wanted);
        let steps = lock(&self.feeds).pop_front();
        ScriptFeed {
            steps: steps.expect("another feed was not expected"),
            after_end: None,
        }
    }

    fn head(&self) -> Option<HeadState> {
        Some(HeadState {
            head: block(500, 0),
            safe: None,
            finalized: self.finalized,
            observed_at: Instant::now(),
        })
    }
}

impl Feed for ScriptFeed {
    async fn next(&mut self) -> Result<Step, Ending> {
        if let Some(step) = self.after_end.take() {
            return step;
        }
        match self.steps.recv().await {
            Some(step) => step.map_err(Ending::from),
            // The test has nothing more to say.
            None => std::future::pending().await,
        }
    }

    async fn reopened(&mut self) {
        if self.after_end.is_none() {
            self.after_end = Some(self.next().await);
        }
    }
}

/// A pump under test: what goes in, what comes out.
pub(super) struct Rig {
    pub(super) steps: VecDeque<mpsc::UnboundedSender<Result<Step, IngestError>>>,
    pub(super) script: Script,
    pub(super) store: Arc<MemoryDatabase>,
    pub(super) subscription: Subscription,
    pub(super) connection: Arc<Connection>,
    pub(super) lines: mpsc::Receiver<Box<Line>>,
    pub(super) pump: JoinHandle<Ending>,
}

#[derive(Default)]
pub(super) struct Setup {
    pub(super) features: &'static str,
    pub(super) settings: DeliveryConfig,
    pub(super) finalized: Option<u64>,
    pub(super) feeds: usize,
}

impl Setup {
    pub(super) fn features(features: &'static str) -> Self {
        Self {
            features,
            ..Self::default()
        }
    }

    pub(super) async fn start(self) -> Rig {
        let (mut steps, mut feeds) = (VecDeque::new(), VecDeque::new());
        for _ in 0..self.feeds.max(1) {
            let (sender, receiver) = mpsc::unbounded_channel();
            steps.push_back(sender);
            feeds.push_back(receiver);
        }
        let script = Script {
            feeds: Arc::new(Mutex::new(feeds)),
            finalized: self.finalized,
            ..Script::default()
        };
        let store = Arc::new(MemoryDatabase::new());
        let subscription = store.insert(&spec(transfer()), clock::now()).await.unwrap();
        let connection = Arc::new(Connection::new(subscription.clone(), None, Arc::default()));
        let (sender, lines) = line_queue(self.settings.queued_lines);
        let pump = Pump::new(PumpParts {
            chain: script.clone(),
            connection: Arc::clone(&connection),
            lines: sender,
            store: store.clone(),
            settings: Arc::new(self.settings),
            features: Features::parse(self.features),
            start: None,
        });
        let pump = tokio::spawn(pump.unwrap().run());
        Rig {
            steps,
            script,
            store,
            subscription,
            connection,
            lines,
            pump,
        }
    }
}

impl Rig {
    pub(super) fn step(&self, step: Step) {
        self.steps[0].send(Ok(step)).unwrap();
    }

    /// Blocks `from..=to` of which the last has `count` Transfers.
    pub(super) fn logs(&self, from: u64, to: u64, branch: u8, count: u32) {
        let last = block(to, branch);
        let logs = (0..count).map(|index| transfer_log(last, index)).collect();
        let head_block = 500;
        self.step(Step::Logs(Segment {
            from_block: from,
            to: last,
            logs,
            live: true,
            head_block,
        }));
    }

    pub(super) async fn line(&mut self) -> Value {
        let line = self.lines.recv().await.expect("the stream has ended");
        assert_eq!(line.last(), Some(&b'\n'));
        serde_json::from_slice(&line).unwrap()
    }

    /// The position in a line's token.
    pub(super) fn position(&self, line: &Value) -> Cursor {
        let token = line["resume_token"].as_str().unwrap();
        self.store
            .token_key()
            .open(self.connection.scope(), token)
            .unwrap()
    }

    pub(super) async fn acknowledge(&self, batch: &Value) {
        let id = batch["batch_id"].as_str().unwrap();
        let sequence = self.connection.ids().sequence_of_batch(id);
        self.connection
            .acknowledge([sequence], &*self.store)
            .await
            .unwrap();
    }

    pub(super) fn id(&self) -> SubscriptionId {
        self.subscription.id
    }

    /// The last line, and why the pump ended.
    pub(super) async fn end(mut self) -> (Value, Ending) {
        let ending = self.pump.await.unwrap();
        let mut last = Value::Null;
        while let Some(line) = self.lines.recv().await {
            last = serde_json::from_slice(&line).unwrap();
        }
        (last, ending)
    }
}
