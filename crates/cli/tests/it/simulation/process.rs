//! The consumer's program: with handlers, or pulling.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_streamer::client::{Deliveries, Delivery, Error, Events, StreamingClient};
use event_streamer::models::{ReorgMessage, ResumeToken};
use event_streamer_testkit::{Network, Random, Record};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::consumer::{Change, Database, Sabotage};

/// What the program does with a delivery, however it gets it.
#[derive(Clone)]
pub(super) struct Work {
    pub(super) database: Database,
    pub(super) network: Network,
    pub(super) sabotage: Sabotage,
    pub(super) dice: Arc<Mutex<Random>>,
}

impl Work {
    /// Writes rows, if the database is there.
    async fn take(&self, events: Events, token: Option<ResumeToken>) -> Result<(), &'static str> {
        let (takes, fails) = {
            let mut dice = self.dice.lock().unwrap();
            let longest = Duration::from_millis(40);
            (dice.between(Duration::ZERO, longest), dice.one_in(30))
        };
        tokio::time::sleep(takes).await;
        if fails {
            return Err("the database is away for a moment");
        }
        let mut rows: Vec<Record> = events
            .iter()
            .map(|event| Record::of_json(&event.to_value().unwrap()))
            .collect();
        for row in &rows {
            self.network.trace().note(format!("handled: {row}"));
        }
        spoil(&mut rows, self.sabotage, self.database.so_far());
        self.database.write(token.as_ref(), Change::Rows(rows));
        Ok(())
    }

    fn roll_back(&self, reorg: &ReorgMessage) {
        let block = reorg.rollback_to.number;
        self.network.trace().note(format!("rolled back to {block}"));
        if self.sabotage != Sabotage::IgnoresRollbacks {
            let change = Change::RollBack(block);
            self.database.write(Some(&reorg.resume_token), change);
        }
    }
}

fn spoil(rows: &mut Vec<Record>, sabotage: Sabotage, so_far: usize) {
    let hits = so_far < 20 && so_far + rows.len() >= 20;
    match sabotage {
        Sabotage::LosesAnEvent if hits => drop(rows.pop()),
        Sabotage::WritesTwice if hits => rows.extend(rows.last().cloned()),
        _ => {}
    }
}

/// A program that runs; dropped, it is killed.
pub(super) enum Process {
    Handles(Box<StreamingClient>),
    Pulls(Puller),
}

/// A task that pulls until it is told to stop.
pub(super) struct Puller {
    task: JoinHandle<Result<(), Error>>,
    stop: Option<oneshot::Sender<()>>,
}

impl Drop for Puller {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Process {
    pub(super) async fn handling(mut stream: StreamingClient, work: Work) -> Self {
        let rows = work.clone();
        stream.on_all_events(move |events, context| {
            let (work, token) = (rows.clone(), context.resume_token().cloned());
            async move { work.take(events, token).await }
        });
        stream.on_reorg(move |reorg, _| {
            work.roll_back(&reorg);
            std::future::ready(())
        });
        stream.start_streaming().await.unwrap();
        Self::Handles(Box::new(stream))
    }

    pub(super) fn pulling(stream: StreamingClient, work: Work) -> Self {
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(pull(stream.into_deliveries(), work, stopped));
        Self::Pulls(Puller {
            task,
            stop: Some(stop),
        })
    }

    /// Ends in good order. Acknowledgements that cannot be sent now are the checkpoint's to carry.
    pub(super) async fn stop(self) {
        match self {
            Self::Handles(stream) => drop(stream.stop_streaming().await),
            Self::Pulls(mut puller) => {
                drop(puller.stop.take());
                let _ = (&mut puller.task).await;
            }
        }
    }

    /// Why it ended, if nobody told it to.
    pub(super) async fn ended_by_itself(&mut self) -> Option<String> {
        let end = match self {
            Self::Handles(stream) if !stream.is_running() => {
                format!("{:?}", stream.finished().await)
            }
            Self::Pulls(puller) if puller.task.is_finished() => {
                format!("{:?}", (&mut puller.task).await)
            }
            _ => return None,
        };
        Some(format!("the stream ended: {end}"))
    }
}

async fn pull(
    mut deliveries: Deliveries,
    work: Work,
    mut stopped: oneshot::Receiver<()>,
) -> Result<(), Error> {
    loop {
        let next = tokio::select! {
            biased;
            _ = &mut stopped => return deliveries.close().await.or(Ok(())),
            next = deliveries.next() => next?,
        };
        match next {
            None => return Ok(()),
            Some(Delivery::Batch(batch)) => {
                let token = batch.resume_token().cloned();
                while work.take(batch.events(), token.clone()).await.is_err() {}
                batch.ack().await?;
            }
            Some(Delivery::Rollback(rollback)) => {
                work.roll_back(rollback.reorg());
                rollback.ack().await?;
            }
            Some(_) => {}
        }
    }
}
