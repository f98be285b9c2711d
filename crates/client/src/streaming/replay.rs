//! Dead letters, handed to the application's own handlers again.

use std::sync::Arc;

use event_streamer_stream::{Batch, StreamMessage};
use tokio::sync::watch;

use super::attempts::{Attempts, Done, Halt, Outcome};
use super::calls::{Call, for_batch};
use super::client::StreamingClient;
use super::context::InTurn;
use super::core::Core;
use super::handlers::Handlers;
use crate::checkpoint::CheckpointWriter;
use crate::dead_letter::{DeadLetter, DeadLetterError, DeadLetterFile, LetterId};
use crate::error::{Error, excerpt};

/// What became of the letters of a file.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ReplayedLetters {
    /// Letters that their handler took; they need nothing more.
    pub settled: u64,
    /// Letters that failed again, or lines that cannot be read; they stay as they are.
    pub failed: u64,
    /// Why the first of them failed.
    pub first_failure: Option<Error>,
}

impl StreamingClient {
    /// Hands the open letters of a file to the handlers of this client, one at a time and in the order
    /// in which they were written: each to the handler that could not take it, with its policy of
    /// attempts. What a handler takes is settled in the file, durably; what fails again stays there.
    ///
    /// Neither position nor acknowledgements move, and streaming may go on meanwhile. Of the context
    /// the handler gets, [`acknowledge`](super::BatchContext::acknowledge) and `commit_with` are errors: the
    /// batch was done with when the letter was written. A crash between handler and file has the letter
    /// handed over again.
    ///
    /// A letter may be of a block that was rolled back since: compare its `block_hash` with the chain
    /// where that matters.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &mut StreamingClient) -> Result<(), Error> {
    /// stream.on_event("Transfer", async |events, _context| println!("{} events", events.len()));
    /// let replayed = stream.replay_dead_letters(&DeadLetterFile::new("dead-letters.ndjson")).await?;
    /// println!("{} settled, {} left", replayed.settled, replayed.failed);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or a settled letter not be noted there; what was noted before stays.
    pub async fn replay_dead_letters(
        &self,
        file: &DeadLetterFile,
    ) -> Result<ReplayedLetters, Error> {
        let core = Arc::new(self.core.apart());
        // Nothing halts a replay but whoever drops it.
        let (_going_on, mut halt) = watch::channel(false);
        let opened = file.clone();
        let mut letters = blocking(move || opened.open_letters()).await?;
        let mut replayed = ReplayedLetters::default();
        loop {
            let (rest, next) = blocking(move || {
                let next = letters.next();
                Ok((letters, next))
            })
            .await?;
            letters = rest;
            let outcome = match next {
                None => return Ok(replayed),
                Some(Ok((id, letter))) => {
                    let taken = replay(&core, &self.handlers, &letter, &mut halt).await;
                    taken.map(|()| id)
                }
                Some(Err(error)) => Err(file_error(error)),
            };
            match outcome {
                Ok(id) => {
                    settle(file.clone(), id).await?;
                    replayed.settled += 1;
                }
                Err(error) => {
                    tracing::warn!(%error, "a dead letter stays");
                    replayed.failed += 1;
                    replayed.first_failure.get_or_insert(error);
                }
            }
        }
    }
}

impl Core {
    /// The same stream without anything that moves: for what is handled outside of it.
    fn apart(&self) -> Self {
        let mut options = self.options.clone();
        options.checkpoint_store = None;
        options.checkpoint_writer = CheckpointWriter::Client;
        Self::new(self.api.clone(), self.subscription_id, options)
    }
}

async fn settle(file: DeadLetterFile, id: LetterId) -> Result<(), Error> {
    blocking(move || file.settle(id)).await
}

/// Hands a letter to the handler that could not take it.
async fn replay(
    core: &Arc<Core>,
    handlers: &Handlers,
    letter: &DeadLetter,
    halt: &mut Halt,
) -> Result<(), Error> {
    if letter.subscription_id != core.subscription_id {
        return Err(Error::validation(format!(
            "the dead letter is of subscription {}, and this client is of {}",
            letter.subscription_id, core.subscription_id
        )));
    }
    let batch = batch_of(letter)?;
    let calls = for_batch(core, handlers, &batch)?;
    let is_his = |call: &&Call| call.what.to_string() == letter.handler;
    let Some(call) = calls.iter().find(is_his) else {
        let handler = excerpt(&letter.handler, 200);
        return Err(Error::validation(format!(
            "the dead letter is of the handler for {handler}, and there is no such handler: add it \
             before the replay"
        )));
    };
    let batch = InTurn {
        core,
        batch: &batch,
        step: 1,
    };
    let attempts = Attempts {
        core,
        what: &call.what,
        policy: call.policy.as_deref().unwrap_or(&core.options.handlers),
        step: batch.step,
    };
    let make = |attempt| call.make(batch.context(attempt));
    match attempts.until_done(make, halt).await? {
        Outcome::Done(Done::Handled) => Ok(()),
        Outcome::Done(Done::Halted) => Err(Error::stopped("the replay of dead letters")),
        Outcome::GivenUp(given_up) => Err(given_up.error),
    }
}

/// The letter's event, alone in a batch as it came.
fn batch_of(letter: &DeadLetter) -> Result<Batch, Error> {
    let text = |text: &str| serde_json::Value::from(text).to_string();
    let batch_id = letter.batch_id.as_ref();
    let batch_id = batch_id.map_or("null".to_owned(), |id| text(id.as_str()));
    let line = format!(
        "{{\"type\":\"event_batch\",\"batch_id\":{batch_id},\"subscription_id\":{},\"events\":{{{}:[{}]}}}}",
        letter.subscription_id,
        text(&letter.event_name),
        letter.event
    );
    match StreamMessage::decode(line.into())? {
        StreamMessage::EventBatch(batch) if batch.len() == 1 => Ok(batch),
        _ => Err(Error::validation(
            "the dead letter holds more than one event",
        )),
    }
}

/// Does something with the file where waiting for the disk holds nobody up.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DeadLetterError> + Send + 'static,
) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(file_error),
        Err(_) => Err(Error::stopped("the runtime that reads the dead letters")),
    }
}

fn file_error(error: DeadLetterError) -> Error {
    Error::handler(
        "the dead letters could not be replayed",
        Some(Arc::new(error)),
    )
}
