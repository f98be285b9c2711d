//! The task behind a stream.

use std::sync::Arc;

use bytes::Bytes;
use event_streamer_abi::AbiError;
use event_streamer_models::{
    BlockRef, CompleteMessage, Coverage, ErrorCode, Log, ProgressMessage, ReorgMessage, ResumeToken,
};
use event_streamer_stream::{BatchBuilder, BatchEnvelope, EncodeError, Push, UNDECODED};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::acks::SentBatch;
use super::connection::Connection;
use super::ending::Ending;
use super::features::Features;
use super::feed::{Chain, Feed, Wanted};
use super::ledger::Ledger;
use super::lines::{Line, LineSender, ReaderGone};
use super::liveness::interrupted;
use super::messages::{self, Standing};
use super::plan::{EventPlan, event_ref};
use crate::clock;
use crate::config::DeliveryConfig;
use crate::ingest::{Cursor, FollowStart, Incomplete, Rollback, Segment, Step};
use crate::store::Store;
use crate::subscription::{Subscription, last_whole_block};
use crate::token::TokenKey;

/// Everything a pump is made of.
pub(crate) struct PumpParts<C> {
    pub(crate) chain: C,
    pub(crate) connection: Arc<Connection>,
    pub(crate) lines: LineSender,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) settings: Arc<DeliveryConfig>,
    pub(crate) features: Features,
    /// The position after which the stream starts, if it is not the start block.
    pub(crate) start: Option<Cursor>,
}

/// Reads one follower, and writes one stream.
pub(crate) struct Pump<C: Chain> {
    chain: C,
    feed: C::Feed,
    connection: Arc<Connection>,
    updates: watch::Receiver<Subscription>,
    lines: LineSender,
    store: Arc<dyn Store>,
    key: TokenKey,
    settings: Arc<DeliveryConfig>,
    features: Features,
    plan: EventPlan,
    builder: BatchBuilder,
    /// The JSON of the event at hand.
    event: Vec<u8>,
    ledger: Ledger,
    /// Everything up to here has been written.
    position: Option<Cursor>,
    /// Messages that moved the position.
    steps: u64,
    /// The end block was passed.
    at_end: bool,
    heartbeat_at: Instant,
    store_at: Instant,
}

impl<C: Chain> Pump<C> {
    /// A pump for the subscription as its connection has it now.
    ///
    /// # Errors
    ///
    /// One of the subscription's events is not valid, which was checked when it came in.
    pub(crate) fn new(parts: PumpParts<C>) -> Result<Self, AbiError> {
        let PumpParts {
            chain,
            connection,
            lines,
            store,
            settings,
            features,
            ..
        } = parts;
        let mut updates = connection.updates();
        let subscription = updates.borrow_and_update().clone();
        let plan = EventPlan::new(&subscription.spec)?;
        let wanted = wanted(&plan, &subscription, parts.start);
        let now = Instant::now();
        Ok(Self {
            feed: chain.follow(wanted),
            chain,
            updates,
            lines,
            key: store.token_key().clone(),
            store,
            features,
            plan,
            builder: builder(&settings),
            event: Vec::new(),
            ledger: Ledger::new(settings.removable_bytes),
            position: parts.start,
            steps: 0,
            at_end: false,
            heartbeat_at: now + settings.heartbeat_interval,
            store_at: now + settings.position_interval,
            settings,
            connection,
        })
    }

    /// Works until the stream ends, and says why it did.
    pub(crate) async fn run(mut self) -> Ending {
        let ending = loop {
            if let Err(ending) = self.turn().await {
                break ending;
            }
        };
        if matches!(ending, Ending::Silent) {
            self.connection.tally().closed_silent();
        }
        let last = ending.error().and_then(|(code, message, recoverable)| {
            // It was a message of ours that could not be encoded; there is nothing left to say.
            messages::error(&self.connection, code, message, recoverable).ok()
        });
        self.lines.finish(last);
        // Blocks without events since the last acknowledgement. If this fails they are looked at
        // again, no more.
        if let Err(error) = self.connection.flush(&*self.store).await {
            tracing::debug!(connection = %self.connection.id(), %error, "position not stored");
        }
        ending
    }

    /// Waits for the next thing that happens, and does what it asks for.
    async fn turn(&mut self) -> Result<(), Ending> {
        let unstored = self.connection.with_acks(|acks| acks.is_unstored());
        tokio::select! {
            biased;
            ending = interrupted(&self.connection, &self.lines, &self.settings) => Err(ending),
            changed = self.updates.changed() => match changed {
                Ok(()) => self.restart(),
                // The connection holds the sender, and we hold the connection.
                Err(_) => Err(Ending::Gone),
            },
            () = sleep_until(self.heartbeat_at) => self.heartbeat().await,
            () = sleep_until(self.store_at), if unstored => {
                self.store_position().await;
                Ok(())
            }
            again = self.connection.refusals().due() => {
                Box::pin(self.again(again)).await?;
                if self.at_end { self.end_block().await } else { Ok(()) }
            }
            step = next_step(&mut self.feed, self.at_end) => match step? {
                Step::Logs(segment) => self.segment(&segment).await,
                Step::Reorg(rollback) => self.reorg(&rollback).await,
                Step::Incomplete(incomplete) => self.incomplete(&incomplete).await,
                Step::End => self.end_block().await,
            },
        }
    }

    /// Goes on from the same position with the subscription as it is now.
    ///
    /// Only what was changed in place comes here; a subscription that was reset, paused or deleted
    /// ends its streams.
    fn restart(&mut self) -> Result<(), Ending> {
        let subscription = self.updates.borrow_and_update().clone();
        self.plan = EventPlan::new(&subscription.spec).map_err(|error| {
            tracing::error!(connection = %self.connection.id(), %error, "stored event is invalid");
            Ending::internal()
        })?;
        let wanted = wanted(&self.plan, &subscription, self.position);
        self.feed = self.chain.follow(wanted);
        self.at_end = false;
        Ok(())
    }

    async fn segment(&mut self, segment: &Segment) -> Result<(), Ending> {
        let known_at = Instant::now();
        self.connection.set_live(segment.live);
        self.connection.set_waits_at(None);
        let finalized = self.finalized();
        if let Some(block) = finalized {
            self.ledger.finalized(block);
        }
        let mut from_block = segment.from_block;
        let mut last: Option<&Log> = None;
        for log in &segment.logs {
            let removable =
                self.features.reorg && finalized.is_none_or(|block| log.block_number > block);
            if let (Push::Full, Some(last)) = (self.push(log, removable), last) {
                self.batch(from_block, after_log(last), last, known_at)
                    .await?;
                from_block = last.block_number;
                // An empty batch takes every event.
                let _ = self.push(log, removable);
            }
            last = Some(log);
        }
        let end = Cursor::after_block(segment.to);
        match last {
            Some(last) => self.batch(from_block, end, last, known_at).await,
            None => self.covered(segment, end).await,
        }
    }

    /// Decodes a log, and adds it to the batch if there is room. A `removable` one is kept for the
    /// notice of a reorg.
    fn push(&mut self, log: &Log, removable: bool) -> Push {
        self.event.clear();
        let name = self
            .plan
            .write_event(log, self.features.metadata, &mut self.event);
        let pushed = self.builder.push(name, &self.event);
        if pushed == Push::Added && **name == *UNDECODED {
            self.connection.meter().undecoded.add(1);
        }
        if removable && pushed == Push::Added {
            self.ledger.record(log.block_number, name, &self.event);
        }
        pushed
    }

    /// Writes the batch that was gathered, whose logs came in at `known_at`; `end` is the position
    /// after it.
    async fn batch(
        &mut self,
        from_block: u64,
        end: Cursor,
        last: &Log,
        known_at: Instant,
    ) -> Result<(), Ending> {
        self.wait_for_room().await?;
        let sequence = self.connection.with_acks(|acks| acks.next_sequence());
        let step = self.next_step();
        let events = self.builder.len() as u64;
        let coverage = Coverage::new(from_block, end.block.number, end.block.hash);
        let line = self.builder.finish(&BatchEnvelope {
            response_id: self.connection.ids().response_id(sequence),
            batch_id: self.connection.ids().batch_id(sequence),
            subscription_id: self.connection.scope().subscription_id,
            connection_id: self.connection.id().clone(),
            resume_token: self.token(&end),
            sequence,
            step: Some(step),
            coverage: self.features.progress.then_some(coverage),
            timestamp: clock::now(),
        });
        // Before the line goes out: its acknowledgement may be quicker than we are.
        let sent = SentBatch {
            start: self.position,
            first_block: from_block,
            end,
            last_event: event_ref(last),
            events,
        };
        self.connection.with_acks(|acks| acks.sent(sent));
        let bytes = line.into();
        self.send(Line {
            bytes,
            events,
            known_at,
        })
        .await?;
        self.connection.count_sent(events);
        self.position = Some(end);
        Ok(())
    }

    /// Nothing matched in a segment.
    async fn covered(&mut self, segment: &Segment, end: Cursor) -> Result<(), Ending> {
        self.connection.with_acks(|acks| acks.covered(end));
        self.position = Some(end);
        if !self.features.progress {
            return Ok(());
        }
        let Segment {
            from_block,
            to,
            head_block,
            ..
        } = *segment;
        let step = self.next_step();
        let message = ProgressMessage {
            step: Some(step),
            ..ProgressMessage::new(self.token(&end), from_block, to, head_block)
        };
        self.send_encoded(messages::line(&message)).await
    }

    async fn reorg(&mut self, rollback: &Rollback) -> Result<(), Ending> {
        self.at_end = false;
        self.connection.set_waits_at(None);
        let end = Cursor::after_block(rollback.rollback_to);
        let removed = self.ledger.roll_back(rollback.rollback_to.number);
        self.connection.with_acks(|acks| acks.rolled_back(end));
        self.connection.meter().reorgs.add(1);
        self.position = Some(end);
        let step = self.next_step();
        let message = if self.features.reorg {
            let notice = ReorgMessage {
                step: Some(step),
                ..ReorgMessage::new(rollback.rollback_to, rollback.depth, self.token(&end))
            };
            messages::reorg(notice, &removed, self.settings.max_line_bytes)
        } else {
            let text = format!(
                "the chain was reorganised: everything above block {} ({}) is undone, the events \
                 of the new branch follow",
                rollback.rollback_to.number, rollback.rollback_to.hash
            );
            messages::reorg_error(&self.connection, text, step)
        };
        self.send_encoded(message).await
    }

    /// The position cannot move before a node tells the truth. The stream waits.
    async fn incomplete(&mut self, incomplete: &Incomplete) -> Result<(), Ending> {
        self.connection.set_waits_at(Some(incomplete.block));
        self.connection.count_exchange(true);
        let text = format!(
            "the nodes' answers contradict each other at block {}, the stream waits: {}",
            incomplete.block, incomplete.reason
        );
        let code = ErrorCode::UpstreamIncomplete;
        self.send_encoded(messages::error(&self.connection, code, text, true))
            .await
    }

    /// The end block was passed. Clients that do not know `complete` would take the end of the
    /// stream for a fault and connect again and again: for them it stays open, with heartbeats.
    async fn end_block(&mut self) -> Result<(), Ending> {
        self.at_end = true;
        self.connection.set_live(true);
        // So that the subscription is seen to be complete where its last blocks had no events.
        self.store_position().await;
        // What was refused is still to come.
        let completes = self.features.complete && self.connection.refusals().is_empty();
        let (true, Some(position)) = (completes, self.position) else {
            return Ok(());
        };
        let delivered = self.connection.with_acks(|acks| acks.delivered_events());
        let step = self.next_step();
        let message = CompleteMessage {
            step: Some(step),
            ..CompleteMessage::new(self.token(&position), delivered)
        };
        self.send_encoded(messages::line(&message)).await?;
        Err(Ending::Complete)
    }

    async fn heartbeat(&mut self) -> Result<(), Ending> {
        // There are many idle streams, and buffers of a hundred kilobytes are not for them.
        if self.builder.is_empty() {
            self.builder = builder(&self.settings);
            self.event = Vec::new();
        }
        let standing = Standing {
            head_block: self.chain.head().map(|state| state.head.number),
            last_block: self.position.as_ref().and_then(last_whole_block),
            resume_token: self.position.as_ref().map(|position| self.token(position)),
            step: self.steps,
        };
        self.send_encoded(messages::heartbeat(&self.connection, standing))
            .await
    }

    /// Waits while too many batches are unacknowledged, with heartbeats.
    async fn wait_for_room(&mut self) -> Result<(), Ending> {
        let window = self.settings.unacknowledged_batches;
        while self.connection.with_acks(|acks| acks.window()) >= window {
            let unstored = self.connection.with_acks(|acks| acks.is_unstored());
            tokio::select! {
                biased;
                ending = interrupted(&self.connection, &self.lines, &self.settings) => {
                    return Err(ending);
                }
                () = self.connection.room() => {}
                // Perhaps the window is full because of it. Apart, as it waits like this one.
                again = self.connection.refusals().due() => Box::pin(self.again(again)).await?,
                () = sleep_until(self.heartbeat_at) => self.heartbeat().await?,
                // The window is full of what the store did not take: nobody else may come to try
                // that again.
                () = sleep_until(self.store_at), if unstored => self.store_position().await,
            }
        }
        Ok(())
    }

    async fn send_encoded(&mut self, message: Result<Bytes, EncodeError>) -> Result<(), Ending> {
        match message {
            Ok(line) => self.send(line.into()).await,
            Err(error) => {
                tracing::error!(connection = %self.connection.id(), %error, "message not encoded");
                Err(Ending::internal())
            }
        }
    }

    /// Queues a line, waiting for the reader if need be.
    async fn send(&mut self, line: Line) -> Result<(), Ending> {
        let sent = tokio::select! {
            biased;
            ending = interrupted(&self.connection, &self.lines, &self.settings) => Err(ending),
            sent = self.lines.send(line) => sent.map_err(|ReaderGone| Ending::Gone),
        };
        self.connection.count_exchange(sent.is_err());
        match sent {
            Ok(()) => self.heartbeat_at = Instant::now() + self.settings.heartbeat_interval,
            Err(_) => self.connection.tally().lost(1),
        }
        sent
    }

    async fn store_position(&mut self) {
        self.store_at = Instant::now() + self.settings.position_interval;
        if let Err(error) = self.connection.flush(&*self.store).await {
            // Nobody waits for it; the next acknowledgement, or the next interval, tries again.
            tracing::warn!(connection = %self.connection.id(), %error, "position not stored");
        }
    }

    /// The step of the message that moves the position next: with it a client sees that none is
    /// missing before it lets its own position follow.
    fn next_step(&mut self) -> u64 {
        self.steps += 1;
        self.steps
    }

    fn token(&self, cursor: &Cursor) -> ResumeToken {
        self.connection.tally().made_token();
        self.key.seal(self.connection.scope(), cursor)
    }

    fn finalized(&self) -> Option<u64> {
        self.chain.head().and_then(|state| state.finalized)
    }
}

/// The next step. After the end that is a reorg which replaced the end block. Cancel safe.
async fn next_step(feed: &mut impl Feed, at_end: bool) -> Result<Step, Ending> {
    if at_end {
        feed.reopened().await;
    }
    feed.next().await
}

/// What to follow for a subscription that stands at `position`.
fn wanted(plan: &EventPlan, subscription: &Subscription, position: Option<Cursor>) -> Wanted {
    let spec = &subscription.spec;
    Wanted {
        filter: plan.filter().clone(),
        start: position.map_or(FollowStart::Block(spec.start_block), FollowStart::After),
        first_block: spec.start_block,
        end_block: spec.end_block,
        finality: spec.finality,
    }
}

fn builder(settings: &DeliveryConfig) -> BatchBuilder {
    BatchBuilder::new(settings.max_line_bytes, settings.max_batch_events)
}

fn after_log(log: &Log) -> Cursor {
    let event = event_ref(log);
    let block = BlockRef {
        number: log.block_number,
        hash: event.block_hash,
    };
    Cursor::after_log(block, log.log_index)
}

mod again;
#[cfg(test)]
mod tests;
