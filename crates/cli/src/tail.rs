//! A stream on its way to a screen: show a batch, then acknowledge it.

use std::io;

use event_streamer::client::{Deliveries, Delivery};
use event_streamer::models::ReorgMessage;
use event_streamer::stream::DecodedEvent;

use crate::exit::Failure;
use crate::signals::Stop;

/// Where events are shown.
pub(crate) trait Screen {
    /// One event.
    fn event(&mut self, event: &DecodedEvent) -> io::Result<()>;
    /// Everything up to this block is shown.
    fn covered(&mut self, block: u64) -> io::Result<()>;
    /// Something a person should know.
    fn note(&mut self, line: &str) -> io::Result<()>;
}

/// What was shown.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Totals {
    pub(crate) events: u64,
    pub(crate) undecoded: u64,
    pub(crate) batches: u64,
    pub(crate) rollbacks: u64,
}

/// Why it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The subscription's last block is delivered.
    Completed,
    /// It was asked to stop, or nobody reads the output any more.
    Stopped,
}

/// Shows deliveries until their end. A batch is acknowledged when all of it is shown, so what was
/// not shown comes again.
///
/// # Errors
/// When the stream ends in an error, or the output cannot be written.
pub(crate) async fn follow(
    deliveries: &mut Deliveries,
    stop: &mut Stop,
    screen: &mut impl Screen,
) -> Result<(Ended, Totals), Failure> {
    let mut totals = Totals::default();
    loop {
        let delivery = tokio::select! {
            biased;
            () = stop.asked() => return Ok((Ended::Stopped, totals)),
            delivery = deliveries.next() => {
                delivery.map_err(|error| Failure::because("the stream ended", &error))?
            }
        };
        let Some(delivery) = delivery else {
            return Ok((Ended::Completed, totals));
        };
        match show(&delivery, screen, &mut totals) {
            Ok(()) => acknowledge(&delivery).await?,
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                return Ok((Ended::Stopped, totals));
            }
            Err(error) => return Err(Failure::because("cannot show an event", &error)),
        }
    }
}

fn show(delivery: &Delivery, screen: &mut impl Screen, totals: &mut Totals) -> io::Result<()> {
    match delivery {
        Delivery::Batch(batch) => {
            for event in batch.events().iter() {
                screen.event(&event)?;
                totals.events += 1;
                totals.undecoded += u64::from(event.is_undecoded());
            }
            totals.batches += 1;
            batch
                .batch()
                .coverage()
                .map_or(Ok(()), |coverage| screen.covered(coverage.to_block))
        }
        Delivery::Progress(progress) => screen.covered(progress.to_block),
        Delivery::Rollback(rollback) => {
            totals.rollbacks += 1;
            screen.note(&rollback_line(rollback.reorg()))
        }
        _ => Ok(()),
    }
}

async fn acknowledge(delivery: &Delivery) -> Result<(), Failure> {
    match delivery {
        Delivery::Batch(batch) => batch.ack().await,
        Delivery::Rollback(rollback) => rollback.ack().await,
        _ => Ok(()),
    }
    .map_err(|error| Failure::because("cannot acknowledge", &error))
}

fn rollback_line(reorg: &ReorgMessage) -> String {
    format!(
        "reorg: everything above block {} is undone ({} blocks)",
        reorg.rollback_to.number, reorg.depth
    )
}
