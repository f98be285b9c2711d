//! The calls of a running stream: the stream itself, acknowledgements, heartbeats.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use event_streamer_models::{
    BatchAcknowledgmentRequest, BatchAcknowledgmentResponse, BatchId,
    BulkBatchAcknowledgmentRequest, BulkBatchAcknowledgmentResponse, ClientHeartbeatRequest,
    ClientHeartbeatResponse, ConfirmationRequest, ConfirmationResponse, ConnectionId,
    PositionRequest, PositionResponse, ProcessingStatusResponse, ResponseId, ResumeToken,
    SubscriptionId, Timestamp,
};
use event_streamer_transport::{BodyStream, RetryMode};
use http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, Request, Response};

use super::Api;
use super::calls::Call;
use crate::error::{Error, ErrorKind, excerpt};
use crate::url::encode;

/// The most of a refused stream's body that is read for the error.
const ERROR_BODY: usize = 4_096;

/// What lines of JSON are called: by us, by others, and by those who call everything the same.
const STREAM_TYPES: [&str; 9] = [
    "",
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/x-jsonlines",
    "application/json",
    "application/stream+json",
    "application/octet-stream",
    "text/plain",
];

/// What a stream is asked for with.
pub(crate) struct StreamRequest<'a> {
    pub(crate) subscription_id: SubscriptionId,
    pub(crate) resume_token: Option<&'a ResumeToken>,
    /// The value of `X-Event-Streamer-Features`; none if empty.
    pub(crate) features: &'a str,
    /// The value of `X-Client-Metadata`.
    pub(crate) metadata: Option<&'a HeaderValue>,
    /// After how long without a byte the body is given up.
    pub(crate) idle_timeout: Duration,
}

impl Api {
    /// Opens a stream: the response is of status 200, and its body is to be read.
    pub(crate) async fn open_stream(
        &self,
        ask: &StreamRequest<'_>,
    ) -> Result<Response<BodyStream>, Error> {
        let operation = format!("open the stream of subscription {}", ask.subscription_id);
        let path = format!("/subscriptions/{}/stream", ask.subscription_id);
        let query: Vec<(&str, &str)> = ask
            .resume_token
            .map(|token| ("resume_token", token.as_str()))
            .into_iter()
            .collect();
        let mut request = Request::builder()
            .method(Method::GET)
            .uri(self.url().join(&path, &query))
            .header(ACCEPT, "application/x-ndjson");
        if !ask.features.is_empty() {
            request = request.header("x-event-streamer-features", ask.features);
        }
        if let Some(metadata) = ask.metadata {
            request = request.header("x-client-metadata", metadata);
        }
        let request = request
            .body(Bytes::new())
            .map_err(|_| Error::validation(format!("{operation}: the request is not valid")))?;
        let response = self
            .http
            .stream(request)
            .await
            .map_err(|error| Error::transport(&operation, error))?;
        if response.status() == http::StatusCode::OK {
            check_form(response.headers())
                .map_err(|what| Error::new(ErrorKind::Protocol, format!("{operation}: {what}")))?;
            return Ok(response.map(|body| body.with_idle_timeout(ask.idle_timeout)));
        }
        let (head, body) = response.into_parts();
        let body = body.excerpt(ERROR_BODY).await;
        Err(Error::response(
            &operation,
            head.status,
            &head.headers,
            &body,
        ))
    }

    /// Acknowledges one batch.
    pub(crate) async fn acknowledge(
        &self,
        id: SubscriptionId,
        connection: &ConnectionId,
        batch_id: BatchId,
    ) -> Result<BatchAcknowledgmentResponse, Error> {
        let call = Call::new(
            Method::POST,
            ack_path(id, connection, ""),
            format!("acknowledge a batch of subscription {id}"),
        );
        let body = BatchAcknowledgmentRequest::new(batch_id);
        self.call(call.json(&body)?.retry(RetryMode::Idempotent))
            .await
    }

    /// Acknowledges up to 1,000 batches.
    pub(crate) async fn acknowledge_bulk(
        &self,
        id: SubscriptionId,
        connection: &ConnectionId,
        batch_ids: Vec<BatchId>,
        retry: RetryMode,
    ) -> Result<BulkBatchAcknowledgmentResponse, Error> {
        let call = Call::new(
            Method::POST,
            ack_path(id, connection, "/bulk"),
            format!("acknowledge batches of subscription {id}"),
        );
        let body = BulkBatchAcknowledgmentRequest::new(connection.clone(), batch_ids);
        self.call(call.json(&body)?.retry(retry)).await
    }

    /// Confirms a batch of a service without batch ids.
    pub(crate) async fn confirm(
        &self,
        id: SubscriptionId,
        response_id: ResponseId,
    ) -> Result<ConfirmationResponse, Error> {
        let operation = format!("confirm a batch of subscription {id}");
        let call = Call::new(Method::POST, "/confirmations", operation);
        let body = ConfirmationRequest::new(id, response_id);
        self.call(call.json(&body)?.retry(RetryMode::Never)).await
    }

    /// Acknowledges everything up to a token.
    pub(crate) async fn set_position(
        &self,
        id: SubscriptionId,
        token: ResumeToken,
        retry: RetryMode,
    ) -> Result<PositionResponse, Error> {
        let operation = format!("set the position of subscription {id}");
        let path = format!("/subscriptions/{id}/position");
        let call = Call::new(Method::POST, path, operation).retry(retry);
        self.call(call.json(&PositionRequest::new(token))?).await
    }

    /// Whether a subscription is being processed.
    pub(crate) async fn processing_status(
        &self,
        id: SubscriptionId,
    ) -> Result<ProcessingStatusResponse, Error> {
        let operation = format!("get the processing status of subscription {id}");
        let path = format!("/subscriptions/{id}/processing-status");
        self.call(Call::get(path, operation)).await
    }

    /// Tells the service that the client of a connection lives.
    pub(crate) async fn heartbeat(
        &self,
        connection: &ConnectionId,
        sequence: u64,
        limit: Duration,
    ) -> Result<ClientHeartbeatResponse, Error> {
        let path = format!("/stream/{}/heartbeat", encode(connection.as_str()));
        let call = Call::new(Method::POST, path, "send a heartbeat")
            .retry(RetryMode::Never)
            .timeout(limit);
        let body = ClientHeartbeatRequest::new(now()).with_sequence_number(sequence);
        self.call(call.json(&body)?).await
    }
}

/// Whether a body can be lines of JSON at all; what it is instead.
fn check_form(headers: &HeaderMap) -> Result<(), String> {
    let text = |name| {
        let value: Option<&HeaderValue> = headers.get(name);
        value.map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase())
    };
    if let Some(media) = text(CONTENT_TYPE) {
        let media = media.split(';').next().unwrap_or_default().trim();
        if media == "text/html" {
            return Err("the answer is a web page; is there a proxy between?".to_owned());
        }
        if !STREAM_TYPES.contains(&media) {
            let media = excerpt(media, 80);
            return Err(format!(
                "the answer is {media} and not application/x-ndjson"
            ));
        }
    }
    match text(CONTENT_ENCODING) {
        Some(encoding) if encoding != "identity" => Err(format!(
            "the answer is compressed ({}), which was not asked for",
            excerpt(&encoding, 80)
        )),
        _ => Ok(()),
    }
}

fn ack_path(id: SubscriptionId, connection: &ConnectionId, rest: &str) -> String {
    format!(
        "/subscriptions/{id}/stream/{}/ack/batch{rest}",
        encode(connection.as_str())
    )
}

/// The time of day, for what is shown and sent; nothing is measured by it.
pub(crate) fn now() -> Timestamp {
    let millis = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_millis());
    Timestamp::from_unix_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}
