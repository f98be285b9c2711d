//! A node, a service and a client, small enough to be written down in one line of a test.

use std::collections::VecDeque;

use bytes::Bytes;
use event_streamer_models::{Address, B256, BlockRef, Log};
use event_streamer_replay::{
    BlockPosition, RecordedHeader, Recording, RecordingBuilder, RecordingInfo, ReplayNode,
};
use event_streamer_server::{ChainConfig, DatabaseConfig, Service, ServiceConfig};
use event_streamer_transport::{BodyStream, CallOptions, HttpClient, RetryMode};
use http::{HeaderMap, Request};
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) const CHAIN: u64 = 31_337;
pub(crate) const FIRST: u64 = 100;
pub(crate) const LAST: u64 = 139;
/// Transfers of each block; each tenth block has one log more, which does not decode.
pub(crate) const TRANSFERS: u32 = 5;
pub(crate) const TRANSFER: &str =
    "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

/// A chain of 40 blocks with 5 Transfers each, and 4 logs of the same topic that do not decode.
pub(crate) fn recording() -> Recording {
    forked(LAST + 1)
}

/// The same chain, but from block `fork` on another branch: its transactions are others.
pub(crate) fn forked(fork: u64) -> Recording {
    let mut builder = RecordingBuilder::new(RecordingInfo::new(CHAIN).with_blocks(FIRST, LAST));
    for number in FIRST..=LAST {
        let header = RecordedHeader::new(number).with_timestamp(1_700_000_000 + 12 * number);
        builder.header(header).unwrap();
        let undecoded = number.is_multiple_of(10).then(|| {
            let mut nft = transfer(number, TRANSFERS);
            nft.topics.push(word(7));
            nft.data = Vec::new().into();
            nft
        });
        let logs = (0..TRANSFERS)
            .map(|index| transfer(number, index))
            .chain(undecoded);
        for mut log in logs {
            log.transaction_hash = word(if number < fork { 9 } else { 10 });
            builder.log(log).unwrap();
        }
    }
    builder.build().unwrap()
}

/// The number of logs that match a subscription for `Transfer`.
pub(crate) const EVENTS: usize = 40 * 5 + 4;

pub(crate) fn transfer(block_number: u64, log_index: u32) -> Log {
    let mut data = [0; 32];
    data[28..].copy_from_slice(&log_index.to_be_bytes());
    Log {
        address: Address([0xaa; 20]),
        topics: vec![TRANSFER.parse().unwrap(), word(1), word(2)],
        data: data.to_vec().into(),
        block_number,
        log_index,
        ..Log::default()
    }
}

pub(crate) fn word(last: u8) -> B256 {
    let mut word = [0; 32];
    word[31] = last;
    B256(word)
}

/// The request for all Transfers of the chain.
pub(crate) fn transfers() -> Value {
    json!({
        "topic0": TRANSFER,
        "event_signature": {
            "type": "event", "name": "Transfer", "anonymous": false,
            "inputs": [
                {"name": "from", "type": "address", "indexed": true},
                {"name": "to", "type": "address", "indexed": true},
                {"name": "value", "type": "uint256", "indexed": false},
            ],
        },
        "addresses": [],
        "start_block": FIRST,
        "end_block": LAST,
        "chain_id": CHAIN,
        "subscriber_id": "tests",
    })
}

/// `base` with some fields changed.
pub(crate) fn with(mut base: Value, changes: Value) -> Value {
    let Value::Object(changes) = changes else {
        panic!("changes are an object")
    };
    base.as_object_mut().unwrap().extend(changes);
    base
}

type Tweak = Box<dyn Fn(ServiceConfig) -> ServiceConfig>;

/// A node, a service on a file, and a client.
pub(crate) struct World {
    pub(crate) node: ReplayNode,
    pub(crate) folder: TempDir,
    pub(crate) service: Option<Service>,
    pub(crate) client: HttpClient,
    chain_id: u64,
    tweak: Tweak,
    /// Sent with every request.
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(recording(), BlockPosition::Last, |config| config).await
    }

    pub(crate) async fn tweaked(tweak: impl Fn(ServiceConfig) -> ServiceConfig + 'static) -> Self {
        Self::with(recording(), BlockPosition::Last, tweak).await
    }

    pub(crate) async fn with(
        recording: Recording,
        head: BlockPosition,
        tweak: impl Fn(ServiceConfig) -> ServiceConfig + 'static,
    ) -> Self {
        // Finality near the head: what lies below is history, which comes in wide ranges.
        let node = ReplayNode::builder(recording).head(head).finality(2, 4);
        Self::on(node.start().await.unwrap(), tweak).await
    }

    pub(crate) async fn on(
        node: ReplayNode,
        tweak: impl Fn(ServiceConfig) -> ServiceConfig + 'static,
    ) -> Self {
        let chain_id = node.recording().chain_id();
        let folder = tempfile::tempdir().unwrap();
        let client = HttpClient::builder().build().unwrap();
        let mut world = Self {
            node,
            folder,
            service: None,
            client,
            chain_id,
            tweak: Box::new(tweak),
            headers: Vec::new(),
        };
        world.start_service().await;
        world
    }

    /// From the next start on.
    pub(crate) fn set_tweak(&mut self, tweak: impl Fn(ServiceConfig) -> ServiceConfig + 'static) {
        self.tweak = Box::new(tweak);
    }

    pub(crate) fn config(&self) -> ServiceConfig {
        let database = DatabaseConfig::Sqlite(self.folder.path().join("events.db"));
        let chain = ChainConfig::new(self.chain_id)
            .with_endpoint(self.node.http_url().parse().unwrap())
            .with_endpoint(self.node.ws_url().parse().unwrap());
        (self.tweak)(ServiceConfig::new(database).with_chain(chain))
    }

    pub(crate) async fn start_service(&mut self) {
        self.service = Some(Service::start(self.config()).await.unwrap());
    }

    /// Ends the service in good order and starts it again on the same file.
    pub(crate) async fn restart(&mut self) {
        self.service.take().unwrap().shutdown().await;
        self.start_service().await;
    }

    /// Ends the service in the midst of everything, as a killed process would.
    pub(crate) async fn crash(&mut self) {
        drop(self.service.take());
        // The file's lock goes with the store, once its last user has noticed.
        loop {
            match Service::start(self.config()).await {
                Ok(service) => break self.service = Some(service),
                Err(error) => {
                    let kind = event_streamer_server::ServiceErrorKind::DatabaseLocked;
                    assert_eq!(error.kind(), kind, "{error}");
                    tokio::task::yield_now().await;
                }
            }
        }
    }

    pub(crate) fn url(&self) -> String {
        self.service.as_ref().unwrap().url()
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let bytes = body.map(|body| Bytes::from(body.to_string()));
        let answer = self.raw(method, path, bytes, "application/json").await;
        super::contract::hold(method, path, body, &answer);
        answer
    }

    pub(crate) async fn raw(
        &self,
        method: &str,
        path: &str,
        body: Option<Bytes>,
        content_type: &str,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url()));
        if body.is_some() {
            request = request.header("content-type", content_type);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let request = request.body(body.unwrap_or_default()).unwrap();
        let options = CallOptions::default().with_retry(RetryMode::Never);
        let response = self.client.request(request, options).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: if body.is_empty() {
                Value::Null
            } else {
                serde_json::from_slice(&body).unwrap()
            },
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", path, Some(&body)).await
    }

    /// Makes a subscription for the Transfers of the chain, with changes, and returns its id.
    pub(crate) async fn subscribe(&self, changes: Value) -> u64 {
        let answer = self
            .post("/subscriptions", with(transfers(), changes))
            .await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body["id"].as_u64().unwrap()
    }

    pub(crate) async fn subscription(&self, id: u64) -> Value {
        let answer = self.get(&format!("/subscriptions/{id}")).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    }

    /// Opens a stream; `token` may be empty.
    pub(crate) async fn stream(&self, id: u64, token: &str, features: &str) -> Stream {
        let query = if token.is_empty() {
            String::new()
        } else {
            format!("?resume_token={token}")
        };
        let mut request = Request::get(format!("{}/subscriptions/{id}/stream{query}", self.url()))
            .header("x-event-streamer-features", features);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let request = request.body(Bytes::new()).unwrap();
        let (parts, body) = self.client.stream(request).await.unwrap().into_parts();
        assert_eq!(parts.status, 200);
        Stream {
            headers: parts.headers,
            body,
            bytes: Vec::new(),
            lines: VecDeque::new(),
        }
    }

    pub(crate) async fn acknowledge(&self, batch: &Value) -> Answer {
        let path = format!("{}/ack/batch", stream_of(batch));
        self.post(&path, json!({"batch_id": batch["batch_id"]}))
            .await
    }

    /// Refuses a batch.
    pub(crate) async fn refuse(&self, batch: &Value, wish: Value) -> Answer {
        let path = format!("{}/nack/batch", stream_of(batch));
        self.post(&path, with(json!({"batch_id": batch["batch_id"]}), wish))
            .await
    }
}

fn stream_of(batch: &Value) -> String {
    let (id, connection) = (&batch["subscription_id"], batch["connection_id"].as_str());
    format!("/subscriptions/{id}/stream/{}", connection.unwrap())
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// An error in the one shape that all errors have.
    #[track_caller]
    pub(crate) fn is_error(&self, status: u16, code: &str) {
        assert_eq!(
            (self.status, self.body["code"].as_str()),
            (status, Some(code)),
            "{}",
            self.body
        );
        assert_eq!(self.headers["content-type"], "application/json");
        assert!(self.body["error"].is_string() && self.body["timestamp"].is_string());
        assert!(self.body["detail"].is_string() || self.body["detail"].is_null());
        let text = self.body["error"].as_str().unwrap();
        assert_eq!(text.starts_with("404 Not Found: "), status == 404, "{text}");
    }
}

/// The client's end of a stream.
pub(crate) struct Stream {
    pub(crate) headers: HeaderMap,
    body: BodyStream,
    bytes: Vec<u8>,
    lines: VecDeque<Value>,
}

impl Stream {
    /// The next line; `None` at the end.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        let line = self.try_next().await.unwrap();
        assert!(
            line.is_some() || self.bytes.is_empty(),
            "the stream ended inside a line"
        );
        line
    }

    /// The next line, or the fault that cut the stream off.
    pub(crate) async fn try_next(
        &mut self,
    ) -> Result<Option<Value>, event_streamer_transport::TransportError> {
        loop {
            if let Some(line) = self.lines.pop_front() {
                return Ok(Some(line));
            }
            let Some(chunk) = self.body.chunk().await else {
                return Ok(None);
            };
            self.bytes.extend_from_slice(&chunk?);
            while let Some(end) = self.bytes.iter().position(|byte| *byte == b'\n') {
                let rest = self.bytes.split_off(end + 1);
                let line = std::mem::replace(&mut self.bytes, rest);
                self.lines.push_back(serde_json::from_slice(&line).unwrap());
            }
        }
    }

    pub(crate) async fn line(&mut self) -> Value {
        self.next().await.expect("the stream has ended")
    }

    /// The next line of a type; others are passed over.
    pub(crate) async fn line_of(&mut self, kind: &str) -> Value {
        loop {
            let line = self.line().await;
            if line["type"] == kind {
                return line;
            }
        }
    }

    pub(crate) async fn batch(&mut self) -> Value {
        self.line_of("event_batch").await
    }

    /// All lines up to the end.
    pub(crate) async fn rest(&mut self) -> Vec<Value> {
        let mut lines = Vec::new();
        while let Some(line) = self.next().await {
            lines.push(line);
        }
        lines
    }
}

/// The places (block, log index) of the events of some lines, in order.
pub(crate) fn places(lines: &[Value]) -> Vec<(u64, u64)> {
    let mut places = Vec::new();
    for batch in lines.iter().filter(|line| line["type"] == "event_batch") {
        let events = batch["events"].as_object().unwrap().values();
        let events: Vec<_> = events
            .flat_map(|events| events.as_array().unwrap())
            .collect();
        assert_eq!(batch["batch_size"], events.len());
        // Within a batch the order is that of the places, over all names.
        let mut of_batch: Vec<_> = events.into_iter().map(place).collect();
        of_batch.sort_unstable();
        places.extend(of_batch);
    }
    places
}

pub(crate) fn place(event: &Value) -> (u64, u64) {
    (
        event["block_number"].as_u64().unwrap(),
        event["log_index"].as_u64().unwrap(),
    )
}

/// The places of all events of some blocks of [`recording`].
pub(crate) fn expected(blocks: std::ops::RangeInclusive<u64>) -> Vec<(u64, u64)> {
    let of_block = |number: u64| {
        let undecoded = u64::from(number.is_multiple_of(10));
        (0..u64::from(TRANSFERS) + undecoded).map(move |index| (number, index))
    };
    blocks.flat_map(of_block).collect()
}

/// The block of [`recording`] with this number, as a node would name it.
pub(crate) fn block(world: &World, number: u64) -> BlockRef {
    BlockRef::new(number, world.node.recording().block_hash(number).unwrap())
}
