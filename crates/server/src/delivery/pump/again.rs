//! Batches that are sent again: the service keeps no events, so it reads their logs once more.

use std::sync::Arc;
use std::time::Duration;

use event_streamer_models::{B256, ErrorCode, Events};
use event_streamer_stream::{BatchEnvelope, Push};
use tokio::time::{Instant, sleep_until};

use super::{Pump, after_log, builder, wanted};
use crate::clock;
use crate::delivery::acks::{SentBatch, Slot};
use crate::delivery::ending::Ending;
use crate::delivery::feed::{Chain, Feed as _};
use crate::delivery::lines::Line;
use crate::delivery::liveness::interrupted;
use crate::delivery::messages;
use crate::delivery::refusals::Again;
use crate::ingest::{Cursor, Step};
use crate::store::{Kept, LetterLimits, NewLetter};

/// How long to wait before trying again to keep a batch, or to replay one.
const RETRY: Duration = Duration::from_secs(30);

/// The events of a batch as they are sent, each with its name.
type Read = Vec<(Arc<str>, Vec<u8>)>;

impl<C: Chain> Pump<C> {
    pub(super) async fn again(&mut self, again: Again) -> Result<(), Ending> {
        match again {
            Again::Letter(letter) => self.replay(letter).await,
            Again::Batch {
                sequence,
                refusals,
                reason,
                is_dead,
            } => {
                let Some(sent) = self.connection.with_acks(|acks| acks.refused(sequence)) else {
                    // It was acknowledged meanwhile.
                    return Ok(());
                };
                let Some(read) = self.read_again(&sent).await? else {
                    // Its blocks are undone, and that is told in its turn.
                    self.connection
                        .with_acks(|acks| acks.settled_elsewhere(sequence));
                    self.store_position().await;
                    return Ok(());
                };
                if is_dead {
                    let blocks = (sent.first_block, sent.end.block.number);
                    return self.keep(sequence, refusals, reason, blocks, read).await;
                }
                let end = self.position.unwrap_or(sent.end);
                self.send_again(Slot::Again(sequence), refusals, end, &read)
                    .await
            }
        }
    }

    /// The events of a batch; `None` if it is not on the chain any more.
    async fn read_again(&mut self, sent: &SentBatch) -> Result<Option<Read>, Ending> {
        let subscription = self.updates.borrow().clone();
        let mut wanted = wanted(&self.plan, &subscription, sent.start);
        wanted.end_block = Some(sent.end.block.number);
        let mut feed = self.chain.follow(wanted);
        let mut read = Vec::new();
        loop {
            let step = tokio::select! {
                biased;
                ending = interrupted(&self.connection, &self.lines, &self.settings) => {
                    return Err(ending);
                }
                () = sleep_until(self.heartbeat_at) => {
                    self.heartbeat().await?;
                    continue;
                }
                step = feed.next() => step?,
            };
            match step {
                Step::Logs(segment) => {
                    for log in &segment.logs {
                        if after_log(log).position_cmp(&sent.end).is_gt() {
                            break;
                        }
                        let mut json = Vec::new();
                        let metadata = self.features.metadata;
                        let name = self.plan.write_event(log, metadata, &mut json);
                        read.push((Arc::clone(name), json));
                    }
                    let (to, end) = (segment.to, sent.end.block);
                    if to.number == end.number && to.hash != end.hash && end.hash != B256::ZERO {
                        return Ok(None);
                    }
                    if to.number >= end.number {
                        return Ok(Some(read));
                    }
                }
                Step::Reorg(_) => return Ok(None),
                Step::End => return Ok(Some(read)),
                Step::Incomplete(_) => {}
            }
        }
    }

    async fn send_again(
        &mut self,
        slot: Slot,
        refusals: u32,
        end: Cursor,
        read: &Read,
    ) -> Result<(), Ending> {
        let mut builder = builder(&self.settings);
        for (name, json) in read {
            if builder.push(name, json) == Push::Full {
                // Only where the subscription was changed since.
                return Err(Ending::Failed {
                    code: ErrorCode::StreamError,
                    message: "a refused batch has become too long since the subscription was \
                              changed; connect again, and it comes in parts"
                        .to_owned(),
                    recoverable: true,
                });
            }
        }
        let events = builder.len() as u64;
        let sequence = self.connection.with_acks(|acks| acks.next_sequence());
        let ids = self.connection.ids();
        let envelope = BatchEnvelope {
            response_id: ids.response_id(sequence),
            batch_id: ids.batch_id(sequence),
            subscription_id: self.connection.scope().subscription_id,
            connection_id: self.connection.id().clone(),
            resume_token: self.token(&end),
            sequence,
            // It moves no position.
            step: None,
            coverage: None,
            timestamp: clock::now(),
        };
        let bytes = builder.finish_again(&envelope, refusals).into();
        self.connection.with_acks(|acks| acks.sent_again(slot, end));
        let known_at = Instant::now();
        self.send(Line {
            bytes,
            events,
            known_at,
        })
        .await?;
        self.connection.count_sent(events);
        Ok(())
    }

    /// Keeps a batch that was refused as often as it may be; only then the position goes on.
    async fn keep(
        &mut self,
        sequence: u64,
        refusals: u32,
        reason: Option<String>,
        blocks: (u64, u64),
        read: Read,
    ) -> Result<(), Ending> {
        let mut events = Events::default();
        for (name, json) in &read {
            // What we wrote ourselves is JSON.
            if let Ok(json) = serde_json::from_slice(json) {
                events.0.entry(name.to_string()).or_default().push(json);
            }
        }
        let body = serde_json::to_string(&events).map_err(|_| Ending::internal())?;
        let subscription_id = self.connection.scope().subscription_id;
        let letter = NewLetter {
            subscription_id,
            at: clock::now(),
            blocks,
            events: read.len() as u64,
            refusals,
            reason: reason.clone(),
            body,
        };
        let limits = LetterLimits {
            count: self.settings.dead_letters,
            bytes: self.settings.dead_letter_bytes,
        };
        let fault = match self.store.keep_letter(&letter, limits).await {
            Ok(Kept::As(letter)) => {
                self.connection.meter().dead_letters.add(1);
                tracing::warn!(
                    connection = %self.connection.id(), subscription = %subscription_id, letter,
                    refusals, "a batch was refused too often and is a dead letter now"
                );
                self.connection
                    .with_acks(|acks| acks.settled_elsewhere(sequence));
                self.store_position().await;
                return Ok(());
            }
            Ok(Kept::NotFound) => return Err(Ending::Deleted),
            Ok(Kept::Full) => format!(
                "subscription {subscription_id} has as many dead letters as it may ({} and {} \
                 bytes): replay or delete some",
                limits.count, limits.bytes
            ),
            Err(error) => format!("the dead letter could not be stored: {error}"),
        };
        tracing::error!(connection = %self.connection.id(), error = %fault, "a batch is held up");
        let again = Again::Batch {
            sequence,
            refusals,
            reason,
            is_dead: true,
        };
        self.connection
            .refusals()
            .push(Instant::now() + RETRY, again);
        let text = format!("a refused batch holds the position up: {fault}");
        let message = messages::error(&self.connection, "DEAD_LETTERS_FULL".into(), text, true);
        self.send_encoded(message).await
    }

    async fn replay(&mut self, letter: u64) -> Result<(), Ending> {
        let Some(end) = self.position else {
            // There is no position to give with it yet.
            let at = Instant::now() + Duration::from_secs(1);
            self.connection.refusals().push(at, Again::Letter(letter));
            return Ok(());
        };
        let subscription = self.connection.scope().subscription_id;
        let found = match self.store.letter(subscription, letter).await {
            Ok(Some(found)) => found,
            // Deleted meanwhile.
            Ok(None) => return Ok(()),
            Err(error) => {
                tracing::warn!(%subscription, letter, %error, "a dead letter cannot be read yet");
                let at = Instant::now() + RETRY;
                self.connection.refusals().push(at, Again::Letter(letter));
                return Ok(());
            }
        };
        let body = found.body.unwrap_or_default();
        let Ok(events) = serde_json::from_str::<Events>(&body) else {
            tracing::error!(%subscription, letter, "a dead letter is damaged");
            return Ok(());
        };
        let read = events.0.iter().flat_map(|(name, list)| {
            let name: Arc<str> = name.as_str().into();
            list.iter()
                .map(move |event| (Arc::clone(&name), event.get().as_bytes().to_vec()))
        });
        let read = read.collect();
        self.send_again(Slot::Letter(letter), found.refusals, end, &read)
            .await
    }
}
