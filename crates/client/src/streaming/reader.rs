//! Reads the stream: connects, cuts into messages, asks the session, obeys, starts over.

use std::future::{Future as _, poll_fn};
use std::task::Poll;
use std::time::Duration;

use event_streamer_models::{ConnectionId, ErrorCode};
use event_streamer_stream::{
    Action, Batch, FaultKind, Framer, FramerConfig, ReconnectPolicy, Recovery, Session,
    StreamMessage,
};
use event_streamer_transport::{BodyStream, TimeoutKind, TransportErrorKind};
use http::HeaderValue;

use super::core::Core;
use super::notices::{Lifecycle, Notice};
use super::queue::{Item, Place, QueueSender};
use crate::api::StreamRequest;
use crate::error::{Error, ErrorKind};

/// How a reader reads.
pub(crate) struct Reading {
    /// The value of the features header.
    pub(crate) features: String,
    pub(crate) metadata: Option<HeaderValue>,
    /// Whether a new connection waits until everything delivered is handled.
    pub(crate) drain_first: bool,
    /// Whether progress goes through the queue as well.
    pub(crate) queue_progress: bool,
}

/// Why a connection came to its end.
enum Broken {
    /// To be judged by the session.
    Fault(FaultKind, Error),
    /// Nothing is to be tried again.
    Final(Error),
}

/// Reads until the subscription is delivered to its end.
///
/// # Errors
///
/// What ended the reading for good.
pub(crate) async fn read(core: &Core, mut queue: QueueSender, how: &Reading) -> Result<(), Error> {
    loop {
        // What was delivered is handled first, so that the next connection begins at the position
        // and nothing of it comes twice.
        if how.drain_first {
            core.all_handled().await;
        }
        let broken = match connect(core, how).await {
            Ok(body) => {
                let read = read_connection(core, body, &mut queue, how.queue_progress);
                tokio::select! {
                    biased;
                    error = core.present_connection_gone() => {
                        Broken::Fault(FaultKind::Connection, error)
                    }
                    broken = read => match broken {
                        Ok(()) => break,
                        Err(broken) => broken,
                    },
                }
            }
            Err(broken) => broken,
        };
        let delay = recover(core, broken)?;
        tokio::time::sleep(delay).await;
    }
    core.session().disconnected();
    core.signals.complete();
    core.notices.tell(Notice::Lifecycle(Lifecycle::Completed));
    Ok(())
}

/// The delay before the next attempt; the error if there is to be none.
fn recover(core: &Core, broken: Broken) -> Result<Duration, Error> {
    let (kind, error) = match broken {
        Broken::Fault(kind, error) => (kind, error),
        Broken::Final(error) => {
            core.session().disconnected();
            return Err(error);
        }
    };
    let unit = core.random.unit();
    let recovery = core.session().fault(kind, unit);
    match recovery {
        Recovery::Reconnect { delay, attempt } => {
            let id = core.subscription_id;
            tracing::info!(subscription = %id, attempt, ?delay, %error, "the stream is opened again");
            core.notices.report(id, &error, true);
            core.notices
                .tell(Notice::Lifecycle(Lifecycle::Reconnecting {
                    attempt,
                    delay,
                    cause: error,
                }));
            Ok(delay)
        }
        Recovery::Stop => Err(given_up(error, kind, &core.options.reconnect)),
    }
}

fn given_up(error: Error, kind: FaultKind, policy: &ReconnectPolicy) -> Error {
    let attempts = match kind {
        FaultKind::Protocol => policy.max_protocol_faults.saturating_add(1),
        FaultKind::Connection | FaultKind::Unavailable { .. } => {
            policy.max_attempts.unwrap_or_default().saturating_add(1)
        }
    };
    error.given_up(attempts)
}

/// Opens a connection where the session says.
async fn connect(core: &Core, how: &Reading) -> Result<BodyStream, Broken> {
    let token = core.session().resume_token().cloned();
    let ask = StreamRequest {
        subscription_id: core.subscription_id,
        resume_token: token.as_ref(),
        features: &how.features,
        metadata: how.metadata.as_ref(),
        idle_timeout: core.options.idle_timeout,
    };
    let opened = core.api.open_stream(&ask).await;
    let response = opened.map_err(|error| judge_refusal(tell_origin(core, error)))?;
    let (head, body) = response.into_parts();
    let connection_id = head
        .headers
        .get("x-connection-id")
        .and_then(|id| id.to_str().ok())
        .filter(|id| !id.is_empty())
        .map(ConnectionId::from);
    core.session().connected(connection_id.clone());
    core.notices
        .tell(Notice::Lifecycle(Lifecycle::Connected { connection_id }));
    if let Some(resume_token) = token {
        core.notices
            .tell(Notice::Lifecycle(Lifecycle::ResumedAt { resume_token }));
    }
    Ok(body)
}

/// Of a token that is not accepted, where it came from and what to do.
fn tell_origin(core: &Core, error: Error) -> Error {
    if error.code() != Some(&ErrorCode::InvalidResumeToken) {
        return error;
    }
    let session = core.session();
    let token = session.resume_token();
    let came_with_the_stream = session.counters().connections > 0;
    let given = token.is_some() && token == core.options.resume_token.as_ref();
    let kept = core.keeper().ok().flatten().map(|keeper| &keeper.key);
    let words = match (came_with_the_stream, given, kept) {
        (true, _, _) => {
            "; the service gave the token itself on this stream: its position was reset, \
                         so stream with a new client that begins where the service says"
                .to_owned()
        }
        (false, true, _) => {
            "; the token was given to with_resume_token or resume: leave it out to begin \
                             where the service's own position is"
                .to_owned()
        }
        (false, false, Some(key)) => format!(
            "; the token came from the checkpoint {key}: one that was kept for another service or \
             before a reset is of no use, so remove it from its store or choose another name \
             (with_checkpoint_name) to begin where the service's own position is, or give resume a \
             token"
        ),
        (false, false, None) => return error,
    };
    error.with_words(&words)
}

/// What it means that a stream was not opened.
fn judge_refusal(error: Error) -> Broken {
    let retry_after = error.retry_after();
    let unavailable = FaultKind::Unavailable { retry_after };
    match error.status().map(|status| status.as_u16()) {
        Some(408 | 425 | 429 | 500..=599) => Broken::Fault(unavailable, error),
        // 401, 403, 404, 409, 410, 422 and the like: the same request gets the same answer.
        Some(300..=499) => Broken::Final(error),
        Some(_) => Broken::Fault(FaultKind::Protocol, error),
        None => judge_failure(error),
    }
}

/// What it means that there was no answer, or that reading it failed.
fn judge_failure(error: Error) -> Broken {
    match error.kind() {
        ErrorKind::Validation | ErrorKind::Stopped => Broken::Final(error),
        ErrorKind::Protocol => Broken::Fault(FaultKind::Protocol, error),
        _ => lost(error),
    }
}

/// Reads one connection to its end. `Ok` when the subscription is delivered to its end.
///
/// Cancel safe: the session sees a message only when there is room in the queue for what follows from
/// it, so that a delivery is either in the queue or comes again with the next connection.
async fn read_connection(
    core: &Core,
    mut body: BodyStream,
    queue: &mut QueueSender,
    queue_progress: bool,
) -> Result<(), Broken> {
    let limit = FramerConfig::default().with_max_line(core.options.max_line_bytes);
    let mut framer = Framer::new(limit);
    loop {
        let Some(chunk) = next_chunk(core, &mut body).await? else {
            framer.finish().map_err(|error| lost(Error::from(error)))?;
            let message = "the service ended the stream before the end of the subscription";
            return Err(lost(Error::new(ErrorKind::Connection, message)));
        };
        core.look_at_the_clock();
        framer.push(chunk);
        while let Some(line) = framer.next_line().map_err(protocol)? {
            let bytes = line.len();
            match StreamMessage::decode(line).map_err(protocol)? {
                StreamMessage::EventBatch(batch) => {
                    take_in_batch(core, batch, bytes, queue).await?;
                }
                message => {
                    let message = Box::new(message);
                    if take_in(core, message, bytes, queue, queue_progress).await? {
                        return Ok(());
                    }
                }
            }
        }
    }
}

async fn next_chunk(core: &Core, body: &mut BodyStream) -> Result<Option<bytes::Bytes>, Broken> {
    match body.chunk().await.transpose() {
        Ok(chunk) => Ok(chunk),
        Err(error) if error.kind() == TransportErrorKind::Timeout(TimeoutKind::IdleBody) => {
            let seconds = core.options.idle_timeout.as_secs_f64();
            let message = format!("the stream: not a byte for {seconds} seconds");
            Err(lost(Error::new(ErrorKind::Timeout, message)))
        }
        Err(error) => Err(judge_failure(Error::transport("reading the stream", error))),
    }
}

fn lost(error: Error) -> Broken {
    Broken::Fault(FaultKind::Connection, error)
}

fn protocol(error: impl Into<Error>) -> Broken {
    Broken::Fault(FaultKind::Protocol, error.into())
}

/// Waits for room in the queue, and tells when that takes long.
async fn place_in<'q>(core: &Core, queue: &'q mut QueueSender, bytes: usize) -> Option<Place<'q>> {
    let mut place = std::pin::pin!(queue.place(bytes));
    let pause = core.options.handlers.report_after;
    let mut waiting_for = Duration::ZERO;
    // Mostly there is room, and no timer is needed.
    let now = poll_fn(|context| Poll::Ready(place.as_mut().poll(context))).await;
    if let Poll::Ready(place) = now {
        return place;
    }
    loop {
        core.reader_waits();
        if let Ok(place) = tokio::time::timeout(pause, &mut place).await {
            core.look_at_the_clock();
            return place;
        }
        waiting_for = waiting_for.saturating_add(pause);
        tracing::warn!(?waiting_for, "reading waits for the application");
        core.notices
            .tell(Notice::Lifecycle(Lifecycle::SlowConsumer { waiting_for }));
    }
}

/// Room for what follows from a message.
async fn place_for<'q>(
    core: &Core,
    queue: &'q mut QueueSender,
    bytes: usize,
) -> Result<Place<'q>, Broken> {
    // Without an application there is nothing more to do; whoever runs this knows already.
    let abandoned = || Broken::Final(Error::stopped("the stream's reader is gone"));
    place_in(core, queue, bytes).await.ok_or_else(abandoned)
}

/// Has the session judge a batch, and does what it says. As [`take_in`], which moves more about.
async fn take_in_batch(
    core: &Core,
    batch: Batch,
    bytes: usize,
    queue: &mut QueueSender,
) -> Result<(), Broken> {
    let place = place_for(core, queue, bytes).await?;
    let receive = |session: &mut Session| {
        let due_before = session.ack_deadline(false);
        let judged = session.receive_batch(core.lately(), batch);
        (judged, session.ack_deadline(false) != due_before)
    };
    let (judged, acks_changed) = core.with_room(receive).await;
    after_receiving(core, acks_changed);
    if let Some((delivery, batch)) = judged.map_err(protocol)? {
        place.put(Item::Batch(delivery, batch));
    }
    Ok(())
}

fn after_receiving(core: &Core, acks_changed: bool) {
    if acks_changed {
        core.acker.notify_one();
    }
    core.checkpoint_may_be_due();
}

/// Has the session judge a message, and does what it says. True at the end of the subscription.
async fn take_in(
    core: &Core,
    message: Box<StreamMessage>,
    bytes: usize,
    queue: &mut QueueSender,
    queue_progress: bool,
) -> Result<bool, Broken> {
    let for_the_queue = match &*message {
        StreamMessage::EventBatch(_) | StreamMessage::Reorg(_) => true,
        StreamMessage::Progress(_) => queue_progress,
        _ => false,
    };
    let place = if for_the_queue {
        Some(place_for(core, queue, bytes).await?)
    } else {
        None
    };
    let receive = |session: &mut Session| {
        let due_before = session.ack_deadline(false);
        let action = session.receive(core.lately(), *message);
        (action, session.ack_deadline(false) != due_before)
    };
    let (action, acks_changed) = core.with_room(receive).await;
    after_receiving(core, acks_changed);
    let put = |item| {
        if let Some(place) = place {
            place.put(item);
        }
    };
    match action {
        Action::Deliver(delivery, batch) => put(Item::Batch(delivery, batch)),
        Action::Rollback(delivery, reorg) => put(Item::Rollback(delivery, Box::new(reorg))),
        Action::Progress(progress) => {
            core.heard(progress.head_block, Some(progress.to_block));
            core.notices.tell(Notice::Progress(progress.clone()));
            put(Item::Progress(Box::new(progress)));
        }
        Action::Heartbeat(heartbeat) => {
            core.heard(heartbeat.head_block, heartbeat.last_block);
            core.notices.tell(Notice::Heartbeat(heartbeat));
        }
        Action::Report(error) => {
            tracing::warn!(code = %error.error_code, "the service reports an error");
            core.notices.tell(Notice::Error(error));
        }
        Action::Fail(error) => return Err(Broken::Final(Error::stream(&error))),
        Action::Finish(_) => return Ok(true),
        Action::Break(fault) => return Err(protocol(fault)),
        Action::Duplicate | Action::Nothing => {}
    }
    Ok(false)
}
