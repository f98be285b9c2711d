//! A service in scripts, a client that reaches it in memory, and handlers that tell what they saw.

use std::sync::{Arc, Mutex};

use event_streamer_client::{
    BatchContext, EventStreamer, Events, RetryPolicy, StreamingClient, StreamingOptions,
};
use event_streamer_models::{StreamingError, SubscriptionId};
use event_streamer_testkit::{RecordedRequest, Reply, Routes, Script, WireServer};
use event_streamer_transport::Origin;
use serde_json::{Value, json};
use tokio::sync::mpsc;

pub(crate) const STREAM: &str = "GET /subscriptions/7/stream";
pub(crate) const BULK: &str = "POST /subscriptions/7/stream/*/ack/batch/bulk";
pub(crate) const POSITION: &str = "POST /subscriptions/7/position";
pub(crate) const HEARTBEAT: &str = "POST /stream/*/heartbeat";

pub(crate) fn subscription() -> SubscriptionId {
    SubscriptionId::new(7).unwrap()
}

/// A client of a server, over connections in memory, that repeats no call by itself.
pub(crate) fn client(server: &WireServer) -> EventStreamer {
    let dialer = server.dialer::<Origin>();
    EventStreamer::builder("http://events.test", "tester")
        .retry_policy(RetryPolicy::never())
        .with_http(|http| http.dialer(dialer))
        .build()
        .unwrap()
}

pub(crate) fn streaming(server: &WireServer, options: StreamingOptions) -> StreamingClient {
    client(server).create_streaming_client(subscription(), options)
}

/// Options whose delays a test can foretell to the jitter.
pub(crate) fn options() -> StreamingOptions {
    StreamingOptions::default().with_jitter_seed(1)
}

/// The beginning of a stream's answer.
pub(crate) fn stream_head(connection: &str) -> Script {
    Script::new().stream_head(&[
        ("content-type", "application/x-ndjson"),
        ("x-connection-id", connection),
    ])
}

/// Routes that take every acknowledgement, position and heartbeat.
pub(crate) fn agreeable(routes: Routes) -> Routes {
    routes
        .answer(BULK, |request| {
            Script::new().reply(&bulk_reply(request, &[]))
        })
        .always(POSITION, position_reply())
        .always(HEARTBEAT, heartbeat_reply())
}

/// The answer to a bulk acknowledgement of which these ids fail.
pub(crate) fn bulk_reply(request: &RecordedRequest, failed: &[&str]) -> Reply {
    let body = request.json();
    let total = body["batch_ids"].as_array().unwrap().len();
    let taken = total - failed.len();
    Reply::json(
        200,
        &json!({
            "total_batches": total, "acknowledged_batches": taken, "failed_batches": failed.len(),
            "failed_batch_ids": failed, "total_events_acknowledged": taken,
            "connection_id": body["connection_id"], "resume_token": null,
            "timestamp": "2024-05-23T10:30:00.000Z",
        }),
    )
}

pub(crate) fn position_reply() -> Reply {
    Reply::json(
        200,
        &json!({
            "acknowledged": true, "resume_token": "rt", "last_processed_block": 1,
            "timestamp": "2024-05-23T10:30:00.000Z",
        }),
    )
}

pub(crate) fn heartbeat_reply() -> Reply {
    Reply::json(
        200,
        &json!({
            "acknowledged": true, "connection_id": "c",
            "server_timestamp": "2024-05-23T10:30:00.000Z", "timestamp": "2024-05-23T10:30:00.000Z",
        }),
    )
}

pub(crate) fn error_reply(status: u16, code: &str) -> Reply {
    let body = json!({
        "error": format!("error {code}"), "detail": null, "code": code,
        "timestamp": "2024-05-23T10:30:00.000Z",
    });
    Reply::json(status, &body)
}

/// The ids that the requests so far asked to acknowledge, request by request.
pub(crate) fn acked(server: &WireServer) -> Vec<Vec<String>> {
    server
        .requests()
        .iter()
        .filter(|request| request.matches(BULK))
        .map(batch_ids)
        .collect()
}

pub(crate) fn batch_ids(request: &RecordedRequest) -> Vec<String> {
    let body = request.json();
    let ids = body["batch_ids"].as_array().unwrap();
    ids.iter()
        .map(|id| id.as_str().unwrap().to_owned())
        .collect()
}

/// The `resume_token` of each request for the stream so far.
pub(crate) fn tokens(server: &WireServer) -> Vec<Option<String>> {
    server
        .requests()
        .iter()
        .filter(|request| request.matches(STREAM))
        .map(|request| request.query("resume_token").map(str::to_owned))
        .collect()
}

/// The places of events, in order.
pub(crate) fn places(events: &Events) -> Vec<(u64, u32)> {
    events
        .iter()
        .map(|event| (event.block_number().unwrap(), event.log_index().unwrap()))
        .collect()
}

/// Collects what handlers are given.
pub(crate) struct Seen {
    sender: mpsc::UnboundedSender<(u64, u32)>,
    receiver: mpsc::UnboundedReceiver<(u64, u32)>,
}

impl Seen {
    pub(crate) fn new() -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        Self { sender, receiver }
    }

    /// A handler that notes the places of its events and succeeds.
    pub(crate) fn handler(
        &self,
    ) -> impl Fn(Events, BatchContext) -> std::future::Ready<()> + Send + Sync + 'static {
        let sender = self.sender.clone();
        move |events, _| {
            for place in places(&events) {
                let _ = sender.send(place);
            }
            std::future::ready(())
        }
    }

    /// The next places; waits for them.
    pub(crate) async fn next(&mut self, count: usize) -> Vec<(u64, u32)> {
        let mut places = Vec::new();
        while places.len() < count {
            places.push(self.receiver.recv().await.unwrap());
        }
        places
    }

    /// Everything noted and not taken yet.
    pub(crate) fn all(&mut self) -> Vec<(u64, u32)> {
        std::iter::from_fn(|| self.receiver.try_recv().ok()).collect()
    }
}

/// Collects what `on_error` is told.
#[derive(Clone, Default)]
pub(crate) struct Errors(Arc<Mutex<Vec<StreamingError>>>);

impl Errors {
    pub(crate) fn listen(&self, stream: &mut StreamingClient) {
        let errors = Arc::clone(&self.0);
        stream.on_error(move |error| {
            errors.lock().unwrap().push(error);
            std::future::ready(())
        });
    }

    /// The codes so far.
    pub(crate) fn codes(&self) -> Vec<String> {
        let errors = self.0.lock().unwrap();
        errors
            .iter()
            .map(|error| error.error_code.to_string())
            .collect()
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        let errors = self.0.lock().unwrap();
        errors
            .iter()
            .map(|error| error.error_message.clone())
            .collect()
    }

    pub(crate) fn last(&self) -> StreamingError {
        self.0.lock().unwrap().last().cloned().unwrap()
    }
}

/// A batch line of the design document's service: neither `batch_id` nor `sequence`.
pub(crate) fn without(line: &[u8], fields: &[&str]) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(line).unwrap();
    for field in fields {
        value.as_object_mut().unwrap().remove(*field);
    }
    with_end(&value)
}

/// A line with a field changed.
pub(crate) fn with(line: &[u8], field: &str, to: Value) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(line).unwrap();
    value[field] = to;
    with_end(&value)
}

fn with_end(value: &Value) -> Vec<u8> {
    let mut line = value.to_string().into_bytes();
    line.push(b'\n');
    line
}
