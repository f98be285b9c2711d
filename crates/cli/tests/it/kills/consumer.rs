//! A consumer with a checkpoint in a file, in a task of its own.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_streamer::abi::parse_event_signature;
use event_streamer::client::{
    Deliveries, Delivery, EventStreamer, FileCheckpoints, StreamingOptions,
};
use event_streamer::models::{BlockRef, ChainId, Log, SubscriptionCreate, SubscriptionId};
use event_streamer::stream::ReconnectPolicy;
use event_streamer_testkit::{Ledger, Record, SimNode};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::watch::{TRANSFER, event_streamer_position};

/// What a consumer is to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Orders {
    restarts: u64,
    stop: bool,
}

/// What it has, and how far it is.
pub(super) struct Consumer {
    ledger: Arc<Mutex<Ledger>>,
    /// The last block that is covered as a whole.
    at: watch::Receiver<Option<BlockRef>>,
    orders: watch::Sender<Orders>,
    task: Option<JoinHandle<()>>,
}

impl Consumer {
    /// A new subscription to the transfers from a block on.
    pub(super) async fn start(url: &str, from: u64) -> Self {
        let client = EventStreamer::new(url, "kills").unwrap();
        let event = parse_event_signature(TRANSFER).unwrap();
        let create = SubscriptionCreate::new(event, ChainId::new(SimNode::CHAIN_ID), from);
        let subscription = client.create_subscription(create).await.unwrap().id;
        let (covered, at) = watch::channel(None);
        let ledger = Arc::<Mutex<Ledger>>::default();
        let (orders, wanted) = watch::channel(Orders::default());
        let folder = tempfile::tempdir().unwrap();
        let process = Process {
            client,
            subscription,
            ledger: Arc::clone(&ledger),
            covered,
            orders: wanted,
            checkpoints: FileCheckpoints::new(folder.path()),
            _folder: folder,
        };
        Self {
            ledger,
            at,
            orders,
            task: Some(tokio::spawn(process.run())),
        }
    }

    /// Ends the stream in good order, and begins another one from the file.
    pub(super) fn restart(&mut self) {
        self.orders.send_modify(|it| it.restarts += 1);
    }

    /// The last block that was covered as a whole.
    pub(super) fn block(&self) -> u64 {
        self.at.borrow().map_or(0, |it| it.number)
    }

    /// Waits until a block is covered as a whole.
    pub(super) async fn until(&mut self, block: BlockRef) {
        let reached = self.at.wait_for(|it| *it == Some(block)).await;
        assert!(reached.is_ok(), "the consumer has ended by itself");
    }

    pub(super) async fn stop(&mut self) {
        self.orders.send_modify(|it| it.stop = true);
        self.task.take().unwrap().await.unwrap();
    }

    pub(super) fn assert_holds(&self, logs: &[Log]) {
        let expected = logs
            .iter()
            .map(|log| Record::of_log(SimNode::CHAIN_ID, log));
        self.ledger.lock().unwrap().assert_exactly(expected);
    }
}

struct Process {
    client: EventStreamer,
    subscription: SubscriptionId,
    ledger: Arc<Mutex<Ledger>>,
    covered: watch::Sender<Option<BlockRef>>,
    orders: watch::Receiver<Orders>,
    checkpoints: FileCheckpoints,
    _folder: tempfile::TempDir,
}

impl Process {
    fn begin(&self) -> Deliveries {
        let delays = (Duration::from_millis(10), Duration::from_millis(100));
        let options = StreamingOptions::default()
            .with_reconnect(ReconnectPolicy::default().with_delays(delays.0, delays.1))
            .with_stop_timeout(Duration::from_millis(300))
            .with_batch_ack_interval(Duration::from_millis(50))
            .with_checkpoint_store(self.checkpoints.clone());
        self.client
            .create_streaming_client(self.subscription, options)
            .into_deliveries()
    }

    async fn run(mut self) {
        let mut deliveries = self.begin();
        loop {
            let delivery = tokio::select! {
                biased;
                changed = self.orders.changed() => {
                    let is_over = changed.is_err() || self.orders.borrow_and_update().stop;
                    // What is handled is in the file then. Nobody may be there to be told.
                    let _ = deliveries.close().await;
                    if is_over {
                        return;
                    }
                    deliveries = self.begin();
                    continue;
                }
                delivery = deliveries.next() => delivery.unwrap(),
            };
            let delivery = delivery.expect("the subscription has no end");
            let covered = self.take(delivery).await;
            let token = deliveries.current_resume_token();
            let position = token.map(|token| event_streamer_position(token.as_str()));
            // A batch inside the last block covers it only with its last event.
            let is_whole = position.is_some_and(|it| it["log_index"].is_null());
            if let Some(covered) = covered.filter(|_| is_whole) {
                self.covered.send_replace(Some(covered));
            }
        }
    }

    /// Writes a delivery down; gives the last block that it covers.
    async fn take(&self, delivery: Delivery) -> Option<BlockRef> {
        match delivery {
            Delivery::Batch(batch) => {
                {
                    let mut ledger = self.ledger.lock().unwrap();
                    for event in batch.events().iter() {
                        let event = serde_json::from_str(event.raw()).unwrap();
                        ledger.deliver(Record::of_json(&event));
                    }
                }
                batch.ack().await.unwrap();
                let coverage = batch.batch().coverage()?;
                Some(BlockRef::new(coverage.to_block, coverage.to_block_hash))
            }
            Delivery::Progress(progress) => {
                Some(BlockRef::new(progress.to_block, progress.to_block_hash))
            }
            Delivery::Rollback(rollback) => {
                let to = rollback.reorg().rollback_to;
                self.ledger.lock().unwrap().roll_back_to(to.number);
                rollback.ack().await.unwrap();
                Some(to)
            }
            other => panic!("unexpected {other:?}"),
        }
    }
}
