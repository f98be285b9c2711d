//! Handlers side by side: what belongs together in order, the rest at the same time.
//!
//! Each batch is dealt out to lanes by the key of its events; a lane is a task that handles its parts
//! in order. A batch is handled when all its parts are, and the session moves the position over what
//! is handled without a gap. A rollback waits until every lane is empty. After a failure nothing later
//! is begun, everything earlier is finished, and the earliest failure is the one that is told.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use event_streamer_stream::{Batch, DeliveryId};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc};
use tracing::Instrument as _;

use super::attempts::{Done, Halt, carry_out};
use super::calls::{Calls, for_events};
use super::context::InTurn;
use super::core::Core;
use super::dispatch::{handle_rollback, next_held};
use super::guard::TaskGuard;
use super::handlers::Handlers;
use super::keeper::Step;
use super::queue::{Item, QueueReceiver, Queued};
use crate::error::Error;

/// The most batches that are dealt out and not handled.
const MAX_DEALT: u32 = 1_024;

/// The lanes of a run.
pub(crate) struct Lanes<'a> {
    core: &'a Arc<Core>,
    handlers: &'a Arc<Handlers>,
    lanes: Vec<mpsc::Sender<Part>>,
    tasks: Vec<TaskGuard<()>>,
    /// A place for each batch that is dealt out; all of them are free when every lane is empty.
    places: Arc<Semaphore>,
    failure: Arc<Failure>,
}

/// What one lane has to do of a batch.
struct Part {
    calls: Calls,
    whole: Arc<Whole>,
}

/// A batch that is dealt out. Handled when its last part is.
struct Whole {
    delivery: DeliveryId,
    step: Step,
    batch: Batch,
    parts: AtomicUsize,
    _place: OwnedSemaphorePermit,
    /// Its room in the queue: it still takes memory.
    _queued: Queued,
}

/// The earliest failure so far.
#[derive(Default)]
struct Failure {
    first: Mutex<Option<(Step, Error)>>,
    /// Its step, or the last number there is.
    step: AtomicU64,
    /// Rung with each.
    told: Notify,
}

impl Failure {
    fn note(&self, step: Step, error: Error) {
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        if first.as_ref().is_none_or(|(earlier, _)| step < *earlier) {
            *first = Some((step, error));
            self.step.store(step, Ordering::Release);
            self.told.notify_one();
        }
    }

    /// Whether something before this step failed, so that it is not to be begun.
    fn is_before(&self, step: Step) -> bool {
        self.step.load(Ordering::Acquire) < step
    }

    fn has_come(&self) -> bool {
        self.is_before(Step::MAX)
    }

    fn take(&self) -> Result<(), Error> {
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        first.take().map_or(Ok(()), |(_, error)| Err(error))
    }
}

impl<'a> Lanes<'a> {
    pub(crate) fn start(core: &'a Arc<Core>, handlers: &'a Arc<Handlers>, halt: &Halt) -> Self {
        let failure = Arc::new(Failure {
            step: AtomicU64::new(Step::MAX),
            ..Failure::default()
        });
        let mut lanes = Vec::new();
        let mut tasks = Vec::new();
        for lane in 0..core.options.concurrency.count() {
            // As many as there are places, so that dealing out never waits for a lane.
            let (sender, parts) = mpsc::channel(MAX_DEALT as usize);
            let work = work(Arc::clone(core), parts, halt.clone(), Arc::clone(&failure));
            let span = tracing::debug_span!("lane", lane);
            tasks.push(TaskGuard::spawn(work.instrument(span)));
            lanes.push(sender);
        }
        Self {
            core,
            handlers,
            lanes,
            tasks,
            places: Arc::new(Semaphore::new(MAX_DEALT as usize)),
            failure,
        }
    }

    /// Deals out what is in the queue until its other end is gone, or `halt` says so, or a handler
    /// failed; then waits for what is under way.
    ///
    /// # Errors
    ///
    /// As [`dispatch`](super::dispatch::dispatch).
    pub(crate) async fn run(mut self, queue: QueueReceiver, halt: Halt) -> Result<(), Error> {
        self.deal_all(queue, halt).await;
        // The lanes end when they are empty.
        self.lanes.clear();
        for task in &mut self.tasks {
            // A panic of ours, as handlers' are caught.
            if task.join().await.is_none() {
                let error = Error::handler("the handling of events ended unexpectedly", None);
                self.failure.note(Step::MAX - 1, error);
            }
        }
        self.failure.take()
    }

    async fn deal_all(&self, mut queue: QueueReceiver, mut halt: Halt) {
        let mut step: Step = 0;
        while !self.failure.has_come() {
            let Some(place) = self.place(1).await else {
                return;
            };
            let queued = tokio::select! {
                biased;
                () = self.failure.told.notified() => return,
                queued = next_held(&mut queue, &mut halt) => queued,
            };
            let Some(queued) = queued else {
                return;
            };
            match &queued.item {
                Item::Batch(delivery, batch) => {
                    step += 1;
                    let (delivery, batch) = (*delivery, batch.clone());
                    if let Err(error) = self.deal(delivery, batch, step, place, queued).await {
                        self.failure.note(step, error);
                    }
                }
                Item::Rollback(delivery, reorg) => {
                    step += 1;
                    drop(place);
                    let Some(_all) = self.place(MAX_DEALT).await else {
                        return;
                    };
                    // Every lane is empty; after a failure or a stop not because all is handled.
                    if self.failure.has_come() || *halt.borrow() {
                        return;
                    }
                    match handle_rollback(self.core, self.handlers, reorg, step, &mut halt).await {
                        Ok(Done::Handled) => self.core.handled(*delivery),
                        Ok(Done::Halted) => return,
                        Err(error) => self.failure.note(step, error),
                    }
                }
                Item::Progress(_) => {}
            }
        }
    }

    async fn place(&self, places: u32) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places)
            .acquire_many_owned(places)
            .await
            .ok()
    }

    async fn deal(
        &self,
        delivery: DeliveryId,
        batch: Batch,
        step: Step,
        place: OwnedSemaphorePermit,
        queued: Queued,
    ) -> Result<(), Error> {
        let concurrency = &self.core.options.concurrency;
        let events = batch.events();
        let mut parts = Vec::new();
        for (lane, events) in events.group_by(|event| concurrency.lane_of(event)) {
            parts.push((lane, for_events(self.core, self.handlers, events)?));
        }
        let whole = Arc::new(Whole {
            delivery,
            step,
            batch,
            // One more, which stands for the dealing: also a batch without events is handled.
            parts: AtomicUsize::new(parts.len() + 1),
            _place: place,
            _queued: queued,
        });
        for (lane, calls) in parts {
            let part = Part {
                calls,
                whole: Arc::clone(&whole),
            };
            if let Some(lane) = self.lanes.get(lane) {
                // A lane ends before this only with a panic, which is told at the end.
                let _ = lane.send(part).await;
            }
        }
        whole.part_is_done(self.core);
        Ok(())
    }
}

impl Whole {
    fn part_is_done(&self, core: &Core) {
        if self.parts.fetch_sub(1, Ordering::AcqRel) == 1 {
            core.saw_handled(self.batch.clone());
            core.handled(self.delivery);
        }
    }
}

/// The work of one lane.
async fn work(
    core: Arc<Core>,
    mut parts: mpsc::Receiver<Part>,
    mut halt: Halt,
    failure: Arc<Failure>,
) {
    while let Some(part) = parts.recv().await {
        match handle_part(&core, &part, &mut halt, &failure).await {
            Ok(Done::Handled) => part.whole.part_is_done(&core),
            Ok(Done::Halted) => {}
            Err(error) => failure.note(part.whole.step, error),
        }
    }
}

async fn handle_part(
    core: &Arc<Core>,
    part: &Part,
    halt: &mut Halt,
    failure: &Failure,
) -> Result<Done, Error> {
    let Whole { batch, step, .. } = &*part.whole;
    let (batch, step) = (
        InTurn {
            core,
            batch,
            step: *step,
        },
        *step,
    );
    for call in part.calls.iter() {
        if *halt.borrow() || failure.is_before(step) {
            return Ok(Done::Halted);
        }
        if carry_out(call, batch, halt).await? == Done::Halted {
            return Ok(Done::Halted);
        }
    }
    Ok(Done::Handled)
}
