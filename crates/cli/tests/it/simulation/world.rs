//! One run of the whole system from one seed.

use std::time::Duration;

use event_streamer::client::EventStreamer;
use event_streamer::models::{ChainId, SubscriptionCreate, SubscriptionId};
use event_streamer_testkit::{Ledger, Network, Random};
use tokio::time::{Instant, sleep};

use super::chain::{CHAIN_ID, Chain};
use super::consumer::{ConsumerMachine, Keeping, Sabotage, client};
use super::node::{Mood, Node};
use super::service::{BLOCK_TIME, ServiceMachine};

/// For so long things go wrong.
const STORM: Duration = Duration::from_secs(40);

/// After the last fault everything is delivered within this time (`docs/protocol.md`, G7).
const RESUMES_WITHIN: Duration = Duration::from_secs(30);

/// And acknowledged within this time more: a call may be under way that is given up after 30 s, and
/// comes again after 15 s at the most.
const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(50);

/// What came of a run.
pub(super) struct Outcome {
    pub(super) trace: Vec<String>,
    pub(super) result: Result<Numbers, String>,
}

/// What happened in a run, in numbers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Numbers {
    pub(super) seed: u64,
    pub(super) events: usize,
    pub(super) rollbacks: usize,
    pub(super) kills: usize,
    pub(super) partitions: usize,
    pub(super) resumed_after: Duration,
}

/// Runs a seed.
pub(super) fn run(seed: u64, sabotage: Sabotage) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut world = World::new(seed, sabotage).await;
        let result = world.play().await;
        Outcome {
            trace: world.network.trace().lines(),
            result,
        }
    })
}

struct World {
    random: Random,
    network: Network,
    chain: Chain,
    node: Node,
    service: ServiceMachine,
    consumer: ConsumerMachine,
    /// Asks the service from beside, over a path where nothing goes wrong.
    observer: EventStreamer,
    subscription: SubscriptionId,
    next_block: Instant,
    numbers: Numbers,
}

impl World {
    async fn new(seed: u64, sabotage: Sabotage) -> Self {
        let mut random = Random::new(seed);
        let network = Network::new(random.number());
        let chain = Chain::new(random.number());
        let node = Node::start(&network, chain.clone());
        let mut service = ServiceMachine::new(&network, random.number());
        service.start().await;
        let observer = client(&network, "observer", random.number());
        let subscription = subscribe(&observer).await;
        let keeping = match seed % 2 {
            0 => Keeping::Together,
            _ => Keeping::Apart,
        };
        // Of four seeds in a row two have handlers and two pull, with each way to keep.
        let pulls = seed / 2 % 2 == 1;
        let own = random.number();
        let consumer = ConsumerMachine::new(&network, subscription, own, keeping, sabotage, pulls);
        Self {
            random,
            network,
            chain,
            node,
            service,
            consumer,
            observer,
            subscription,
            next_block: Instant::now(),
            numbers: Numbers {
                seed,
                ..Numbers::default()
            },
        }
    }

    async fn play(&mut self) -> Result<Numbers, String> {
        self.consumer.start().await;
        let end = Instant::now() + STORM;
        while Instant::now() < end {
            let pause = self.random.between(Duration::ZERO, Duration::from_secs(3));
            self.pass(pause).await?;
            self.strike().await;
        }
        self.calm().await;
        self.resumes().await?;
        self.acknowledges().await?;
        self.pass_without_blocks(Duration::from_secs(5)).await?;
        self.agrees()
            .map_err(|text| format!("after everything had come: {text}"))?;
        self.numbers.events = self.consumer.rows().len();
        self.numbers.rollbacks = self.consumer.rollbacks();
        self.consumer.stop().await;
        self.service.shut_down().await;
        Ok(self.numbers)
    }

    /// Lets time pass, blocks come, and the promises be watched.
    async fn pass(&mut self, time: Duration) -> Result<(), String> {
        let end = Instant::now() + time;
        while self.next_block <= end {
            tokio::time::sleep_until(self.next_block).await;
            self.next_block += BLOCK_TIME;
            self.chain.mine_some();
            self.watch().await?;
        }
        tokio::time::sleep_until(end).await;
        Ok(())
    }

    async fn pass_without_blocks(&mut self, time: Duration) -> Result<(), String> {
        sleep(time).await;
        self.watch().await
    }

    /// What must hold at any time.
    async fn watch(&mut self) -> Result<(), String> {
        if let Some(fault) = self.consumer.faults().await.into_iter().next() {
            return Err(fault);
        }
        match self.acknowledged().await {
            Some(event) if !self.consumer.has_written(&event) => Err(format!(
                "{event} is acknowledged, and its handler has not written it"
            )),
            _ => Ok(()),
        }
    }

    /// The last event that the service has as acknowledged, if it is there and has one.
    async fn acknowledged(&self) -> Option<String> {
        if !self.service.is_running() {
            return None;
        }
        let state = self
            .observer
            .get_subscription(self.subscription)
            .await
            .ok()?;
        state.last_event_id.map(|id| id.to_string())
    }

    /// Something goes wrong, or what was wrong is mended.
    async fn strike(&mut self) {
        match self.random.below(20) {
            0 => self.network.reset("consumer", "service"),
            1 => self.network.reset("service", "node"),
            2 => {
                self.numbers.partitions += 1;
                self.network.partition("consumer", "service");
            }
            3 => {
                self.numbers.partitions += 1;
                self.network.partition("service", "node");
            }
            4 | 5 => self.network.heal("consumer", "service"),
            6 | 7 => self.network.heal("service", "node"),
            8 => self.slow_down(),
            9 => {
                self.numbers.kills += 1;
                self.service.kill();
            }
            10 => {
                self.numbers.kills += 1;
                self.consumer.kill();
            }
            11 => self.service.start().await,
            12 => self.consumer.start().await,
            13 => self.stop_one().await,
            14..=18 => self.chain.reorg(1 + self.random.below(4)),
            _ => self.change_mood(),
        }
    }

    fn slow_down(&mut self) {
        let latency = match self.random.below(3) {
            0 => None,
            1 => Some(Duration::from_millis(300)),
            _ => Some(Duration::from_secs(3)),
        };
        let (a, b) = match self.random.below(2) {
            0 => ("consumer", "service"),
            _ => ("service", "node"),
        };
        self.network.slow(a, b, latency);
    }

    async fn stop_one(&mut self) {
        match self.random.below(2) {
            0 => self.service.shut_down().await,
            _ => self.consumer.stop().await,
        }
    }

    fn change_mood(&mut self) {
        let mood = match self.random.below(4) {
            0 => Mood::Unavailable,
            1 => Mood::Silent,
            _ => Mood::Well,
        };
        self.network.trace().note(format!("the node is {mood:?}"));
        self.node.set_mood(mood);
    }

    /// The last fault ends. A block with an event comes, so that there is something to deliver.
    async fn calm(&mut self) {
        for (a, b) in [("consumer", "service"), ("service", "node")] {
            self.network.heal(a, b);
            self.network.slow(a, b, None);
        }
        self.node.set_mood(Mood::Well);
        self.service.start().await;
        self.consumer.start().await;
        self.chain.mine(1);
        let head = self.chain.head();
        self.network.trace().note(format!("calm, at block {head}"));
    }

    async fn resumes(&mut self) -> Result<(), String> {
        let calm = Instant::now();
        loop {
            self.watch().await?;
            let Err(missing) = self.agrees() else {
                self.numbers.resumed_after = calm.elapsed();
                return Ok(());
            };
            if calm.elapsed() > RESUMES_WITHIN {
                let seconds = RESUMES_WITHIN.as_secs();
                return Err(format!("{seconds} s after the last fault: {missing}"));
            }
            sleep(Duration::from_millis(200)).await;
        }
    }

    async fn acknowledges(&mut self) -> Result<(), String> {
        let last = self.chain.records().pop().unwrap().event_id;
        let start = Instant::now();
        while self.acknowledged().await.as_ref() != Some(&last) {
            if start.elapsed() > ACKNOWLEDGED_WITHIN {
                let at = self.acknowledged().await;
                return Err(format!("acknowledged up to {at:?}, and {last} is the last"));
            }
            self.pass_without_blocks(Duration::from_millis(200)).await?;
        }
        Ok(())
    }

    /// Whether the consumer's rows are the events of the chain: all, in order, and no other.
    fn agrees(&self) -> Result<(), String> {
        let mut ledger = Ledger::new();
        self.consumer
            .rows()
            .into_iter()
            .for_each(|row| ledger.deliver(row));
        let difference = ledger.compare(self.chain.records());
        match difference.is_none() {
            true => Ok(()),
            false => Err(difference.to_string()),
        }
    }
}

async fn subscribe(observer: &EventStreamer) -> SubscriptionId {
    let transfer = "event Transfer(address indexed from, address indexed to, uint256 value)";
    let event = event_streamer::abi::parse_event_signature(transfer).unwrap();
    let create = SubscriptionCreate::new(event, ChainId::from(CHAIN_ID), 1);
    observer.create_subscription(create).await.unwrap().id
}
