//! A stream whose lines are made before the first of them goes out: what measures a client is then
//! not slowed down by the reading of a chain.
//!
//! The lines are those that a [`Pump`] makes of some logs, with the ids, tokens and coverage of the
//! connection; endpoint, window, queue, body, acknowledgements are those of every stream.

use std::collections::VecDeque;
use std::future::pending;
use std::sync::Arc;

use event_streamer_models::{BlockRef, Log};
use tokio::time::Instant;

use super::connection::Connection;
use super::ending::Ending;
use super::feed::{Chain, Feed, Wanted};
use super::lines::{Line, LineSender, line_queue};
use super::liveness::interrupted;
use super::pump::{Pump, PumpParts};
use crate::config::DeliveryConfig;
use crate::ingest::{HeadState, Segment, Step};

/// The logs of a few blocks, one list for each: what every stream of a service is made of that was
/// started by [`Service::start_prepared`](crate::Service::start_prepared).
#[derive(Clone, Debug)]
pub struct PreparedBlocks(Arc<[(BlockRef, Vec<Log>)]>);

impl PreparedBlocks {
    /// Blocks in ascending order, with logs that match what is subscribed to.
    #[must_use]
    pub fn new(blocks: Vec<(BlockRef, Vec<Log>)>) -> Self {
        Self(blocks.into())
    }

    /// Makes the lines of a stream, and plays them.
    pub(crate) async fn play<C>(self, parts: PumpParts<C>) -> Ending {
        let PumpParts {
            connection,
            lines,
            settings,
            features,
            ..
        } = parts;
        let total: u64 = self.0.iter().map(|(_, logs)| logs.len() as u64).sum();
        let (sender, mut made) = line_queue(usize::try_from(total).unwrap_or(usize::MAX));
        let pump = Pump::new(PumpParts {
            chain: self,
            connection: Arc::clone(&connection),
            lines: sender,
            store: parts.store,
            // All are made before one can be acknowledged.
            settings: Arc::new(DeliveryConfig {
                unacknowledged_batches: usize::MAX,
                ..(*settings).clone()
            }),
            features,
            start: None,
        });
        let Ok(pump) = pump else {
            return Ending::internal();
        };
        let gathering = async {
            let (mut all, mut events) = (VecDeque::new(), 0);
            // Without the feature `complete` nothing says that it was the last.
            while (features.complete || events < total)
                && let Some(line) = made.recv().await
            {
                events += line.events;
                all.push_back(line);
            }
            all
        };
        let pumping = async {
            pump.run().await;
            pending().await
        };
        let all = tokio::select! {
            biased;
            all = gathering => all,
            never = pumping => never,
        };
        let playing = play_lines(all, &lines, &connection, settings.unacknowledged_batches);
        tokio::select! {
            biased;
            ending = interrupted(&connection, &lines, &settings) => ending,
            () = playing => if features.complete {
                Ending::Complete
            } else {
                lines.closed().await;
                Ending::Gone
            },
        }
    }
}

/// Writes lines as fast as they are read, with no more than `window` batches unacknowledged.
async fn play_lines(
    all: VecDeque<Box<Line>>,
    lines: &LineSender,
    connection: &Connection,
    window: usize,
) {
    let mut ahead = all.iter().filter(|line| line.events > 0).count();
    for line in all {
        // The tracker knows of those too that are still to be written.
        while connection
            .with_acks(|acks| acks.window())
            .saturating_sub(ahead)
            >= window
        {
            connection.room().await;
        }
        ahead -= usize::from(line.events > 0);
        let known_at = Instant::now();
        if lines.send(Line { known_at, ..*line }).await.is_err() {
            return;
        }
    }
}

/// What is still to be told of the blocks.
pub(crate) struct PreparedFeed {
    blocks: PreparedBlocks,
    next: usize,
}

impl Chain for PreparedBlocks {
    type Feed = PreparedFeed;

    fn follow(&self, _: Wanted) -> PreparedFeed {
        PreparedFeed {
            blocks: self.clone(),
            next: 0,
        }
    }

    fn head(&self) -> Option<HeadState> {
        let (head, _) = self.0.last()?;
        Some(HeadState {
            head: *head,
            safe: None,
            finalized: Some(head.number),
            observed_at: Instant::now(),
        })
    }
}

/// A segment is as many blocks as a node would be asked for at once.
const BLOCKS_PER_SEGMENT: usize = 64;

impl Feed for PreparedFeed {
    async fn next(&mut self) -> Result<Step, Ending> {
        let left = self.blocks.0.get(self.next..).unwrap_or_default();
        let blocks = left.get(..BLOCKS_PER_SEGMENT).unwrap_or(left);
        let ([(first, _), ..], [.., (to, _)]) = (blocks, blocks) else {
            return Ok(Step::End);
        };
        self.next += blocks.len();
        Ok(Step::Logs(Segment {
            from_block: first.number,
            to: *to,
            logs: blocks.iter().flat_map(|(_, logs)| logs).cloned().collect(),
            live: false,
            head_block: to.number,
        }))
    }
}
