//! Sends the acknowledgements that the session asks for.

use event_streamer_models::{BatchId, ErrorCode};
use event_streamer_stream::{AckOutcome, AckRequest, AckVerdict};
use event_streamer_transport::RetryMode;
use http::StatusCode;

use super::core::Core;
use crate::error::{Error, ErrorKind};

/// Sends acknowledgements as they fall due. Returns when, after [`Core::flush`], all are confirmed.
///
/// # Errors
///
/// When the service wants other credentials: nothing will be acknowledged with these.
pub(crate) async fn acknowledge(core: &Core) -> Result<(), Error> {
    loop {
        let flush = core.signals.is_flushing();
        if send_due(core, flush).await? {
            continue;
        }
        let deadline = {
            let session = core.session();
            let deadline = session.ack_deadline(flush);
            // What waits for a checkpoint at the end waits in vain: those are flushed before.
            if flush && (session.acks_settled() || deadline.is_none()) {
                return Ok(());
            }
            deadline
        };
        let due = async {
            match deadline.and_then(|at| core.instant(at)) {
                Some(at) => tokio::time::sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = due => {}
            () = core.acker.notified() => {}
        }
    }
}

/// Sends one request if one is due; says whether it was.
async fn send_due(core: &Core, flush: bool) -> Result<bool, Error> {
    let Some(request) = core.session().poll_ack(core.now(), flush) else {
        return Ok(false);
    };
    let connection = match &request {
        AckRequest::Batches { connection_id, .. } => Some(connection_id.clone()),
        AckRequest::Response { .. } | AckRequest::Position { .. } => None,
    };
    let is_position = matches!(request, AckRequest::Position { .. });
    let (outcome, error) = match send(core, request).await {
        Ok(failed) => (AckOutcome::Acknowledged { failed }, None),
        Err(error) => (judge(&error, is_position), Some(error)),
    };
    let (now, unit) = (core.now(), core.random.unit());
    let verdict = core.session().ack_outcome(now, outcome, unit);
    // Confirmed acknowledgements make room.
    core.reader.notify_one();
    if let Some(error) = &error
        && error.is_auth()
    {
        return Err(error.clone());
    }
    follow_up(core, verdict, connection, error);
    Ok(true)
}

/// Makes the call; answers the batches that were not acknowledged.
async fn send(core: &Core, request: AckRequest) -> Result<Vec<BatchId>, Error> {
    let id = core.subscription_id;
    match request {
        AckRequest::Batches {
            connection_id,
            batch_ids,
        } => {
            let answer = core
                .api
                .acknowledge_bulk(id, &connection_id, batch_ids, RetryMode::Never)
                .await?;
            Ok(answer.failed_batch_ids)
        }
        AckRequest::Response { response_id } => {
            let answer = core.api.confirm(id, response_id).await?;
            if answer.success {
                return Ok(Vec::new());
            }
            Err(Error::new(
                ErrorKind::Conflict,
                "confirm a batch: the service did not take the confirmation",
            ))
        }
        AckRequest::Position { resume_token } => {
            match core
                .api
                .set_position(id, resume_token, RetryMode::Never)
                .await
            {
                // The service is further already, so that there is nothing to carry over.
                Err(error) if error.code() == Some(&ErrorCode::PositionBehind) => Ok(Vec::new()),
                answer => answer.map(|_| Vec::new()),
            }
        }
    }
}

/// What a failed call means for the acknowledgement.
fn judge(error: &Error, is_position: bool) -> AckOutcome {
    let unavailable = AckOutcome::Unavailable {
        retry_after: error.retry_after(),
    };
    match error.status().map(|status| status.as_u16()) {
        // An answer of 404 to acknowledgements speaks of the connection, with older services too.
        Some(404 | 410) if !is_position => AckOutcome::ConnectionUnknown,
        Some(404 | 405 | 501) => AckOutcome::Unsupported,
        Some(408 | 425 | 429) => unavailable,
        Some(400..=499) => AckOutcome::Refused,
        // An answer of success that cannot be read: sent again, it does no harm.
        _ if error.is_retryable() || error.kind() == ErrorKind::Protocol => unavailable,
        _ => AckOutcome::Refused,
    }
}

/// Reports what is worth it, and has the reader open another connection where that is needed.
fn follow_up(
    core: &Core,
    verdict: AckVerdict,
    connection: Option<event_streamer_models::ConnectionId>,
    error: Option<Error>,
) {
    let error = || {
        error.unwrap_or_else(|| {
            Error::new(
                ErrorKind::Conflict,
                "acknowledge batches: the service does not know some of them",
            )
            .with_code(ErrorCode::BatchNotFound)
        })
    };
    match verdict {
        AckVerdict::Settled => {}
        AckVerdict::Retrying { failures } => {
            let error = error();
            tracing::debug!(failures, %error, "an acknowledgement is sent again");
            core.notices.report(core.subscription_id, &error, true);
        }
        AckVerdict::ConnectionGone => {
            if let Some(connection) = connection {
                core.connection_gone(connection, error());
            }
        }
        AckVerdict::GaveUp => {
            let present = core.session().connection_id().cloned();
            if let Some(present) = present {
                core.connection_gone(present, error());
            }
        }
    }
}

/// Whether an answer to a heartbeat or an acknowledgement says that the connection is not known.
pub(crate) fn says_gone(error: &Error) -> bool {
    matches!(
        error.status(),
        Some(StatusCode::NOT_FOUND | StatusCode::GONE)
    )
}
