//! Typed calls to one node over HTTP.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;
use event_streamer_models::{B256, BlockHeader, ChainId, Log};
use event_streamer_transport::{
    CallOptions, Http2, HttpClient, RetryMode, TransportError, TransportErrorKind, retry_after,
};
use http::{Request, Response, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::json;
use serde_json::value::RawValue;
use tokio::time::Instant;

use super::budget::Budget;
use super::classify;
use super::client_config::RpcClientConfig;
use super::counts::{CallCounts, MethodCalls};
use super::error::{RpcError, RpcErrorKind};
use super::query::BlockTag;
use super::url::RpcUrl;
use super::wire::{self, Call, Fault};

mod probe;

/// A JSON-RPC client of one EVM node. Cheap to clone; clones share the connections.
///
/// It asks each question once: whether to ask again, or another node, is the caller's decision.
/// Answers are checked to be answers to what was asked (id, block number, block hash), no more.
///
/// ```no_run
/// use event_streamer_server::rpc::{BlockTag, RpcClient, RpcClientConfig};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let node = RpcClient::new("http://127.0.0.1:8545".parse()?, &RpcClientConfig::default())?;
/// if let Some(head) = node.header_by_number(BlockTag::Latest).await? {
///     println!("chain {} is at block {}", node.chain_id().await?, head.number);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RpcClient {
    inner: Arc<Inner>,
}

struct Inner {
    http: HttpClient,
    url: RpcUrl,
    next_id: AtomicU64,
    /// How many calls this node takes in a batch, as far as known.
    batch: AtomicUsize,
    budget: Option<Mutex<Budget>>,
    counts: CallCounts,
}

impl RpcClient {
    /// A client of the node at `url`. No connection is made yet.
    ///
    /// # Errors
    ///
    /// If the URL is not `http` or `https`, or TLS cannot be set up.
    pub fn new(url: RpcUrl, config: &RpcClientConfig) -> Result<Self, RpcError> {
        let unusable =
            |url: &RpcUrl| RpcError::new(RpcErrorKind::Protocol, "connect", url.origin());
        if url.is_websocket() {
            return Err(unusable(&url).with_message("expected an http or https URL"));
        }
        let http = config.dialer.apply(HttpClient::builder());
        let http = config
            .compression
            .apply(http, &url)
            // Many small calls at once; each has its own time limit and none lasts.
            .http2(Http2::Offered)
            .connect_timeout(config.connect_timeout)
            .response_head_timeout(config.request_timeout)
            .idle_body_timeout(config.request_timeout)
            .whole_call_timeout(config.request_timeout)
            .max_body_bytes(config.max_response_bytes)
            .build()
            .map_err(|error| unusable(&url).with_source(error))?;
        let batch = AtomicUsize::new(config.max_batch.max(1));
        Ok(Self {
            inner: Arc::new(Inner {
                http,
                url,
                next_id: AtomicU64::new(1),
                batch,
                budget: config
                    .budget
                    .clone()
                    .map(|it| Mutex::new(Budget::new(it, Instant::now()))),
                counts: CallCounts::default(),
            }),
        })
    }

    /// The node's URL.
    #[must_use]
    pub fn url(&self) -> &RpcUrl {
        &self.inner.url
    }

    /// What became of the calls so far, by method.
    #[must_use]
    pub fn calls(&self) -> BTreeMap<&'static str, MethodCalls> {
        self.inner.counts.all()
    }

    /// `eth_chainId`.
    ///
    /// # Errors
    ///
    /// If the node gives no such answer.
    pub async fn chain_id(&self) -> Result<ChainId, RpcError> {
        let call = Call::new("eth_chainId", json!([]));
        let Quantity(id) = self.required(&call).await?;
        Ok(ChainId::from(id))
    }

    /// `eth_blockNumber`: the number of the head.
    ///
    /// # Errors
    ///
    /// If the node gives no such answer.
    pub async fn block_number(&self) -> Result<u64, RpcError> {
        let call = Call::new("eth_blockNumber", json!([]));
        let Quantity(number) = self.required(&call).await?;
        Ok(number)
    }

    /// `eth_getBlockByNumber` without transactions; `None` if the node has no such block.
    ///
    /// # Errors
    ///
    /// If the node gives no such answer, or a block of another number.
    pub async fn header_by_number(&self, tag: BlockTag) -> Result<Option<BlockHeader>, RpcError> {
        let call = header_call(tag);
        let header = self.call(&call).await?;
        self.check_number(tag, header)
    }

    /// `eth_getBlockByHash` without transactions; `None` if the node has no such block.
    ///
    /// # Errors
    ///
    /// If the node gives no such answer, or a block of another hash.
    pub async fn header_by_hash(&self, hash: &B256) -> Result<Option<BlockHeader>, RpcError> {
        let call = Call::new("eth_getBlockByHash", json!([hash, false]));
        let header: Option<BlockHeader> = self.call(&call).await?;
        match header {
            Some(header) if header.hash != *hash => Err(self
                .error(RpcErrorKind::Protocol, &call)
                .with_message(&format!(
                    "asked for block {hash}, got block {}",
                    header.hash
                ))),
            header => Ok(header),
        }
    }

    /// The headers of many blocks, in the order asked for, in as few requests as the node takes.
    /// A block the node does not have is `Ok(None)`; a call of the batch that failed alone is an
    /// `Err` in its place.
    ///
    /// # Errors
    ///
    /// If a request failed as a whole.
    pub async fn headers(
        &self,
        tags: &[BlockTag],
    ) -> Result<Vec<Result<Option<BlockHeader>, RpcError>>, RpcError> {
        let calls: Vec<Call> = tags.iter().map(|tag| header_call(*tag)).collect();
        let headers = self.many(&calls).await?.into_iter().zip(tags);
        let checked = headers.map(|(header, tag)| self.check_number(*tag, header?));
        Ok(checked.collect())
    }

    /// The hashes of a block's transactions; `None` if the node has no such block.
    pub(crate) async fn transactions(&self, block: &B256) -> Result<Option<Vec<B256>>, RpcError> {
        #[derive(serde::Deserialize)]
        struct Transactions {
            transactions: Vec<B256>,
        }
        let call = Call::new("eth_getBlockByHash", json!([block, false]));
        let found: Option<Transactions> = self.call(&call).await?;
        Ok(found.map(|it| it.transactions))
    }

    /// `eth_getBlockReceipts`, of which only the logs are looked at.
    pub(crate) async fn block_receipts(&self, block: &B256) -> Result<Vec<ReceiptLogs>, RpcError> {
        let call = Call::new("eth_getBlockReceipts", json!([block]));
        self.required(&call).await
    }

    /// `eth_getTransactionReceipt` for each of some transactions, in their order.
    pub(crate) async fn receipts(
        &self,
        transactions: &[B256],
    ) -> Result<Vec<Result<Option<ReceiptLogs>, RpcError>>, RpcError> {
        let call = |hash: &B256| Call::new("eth_getTransactionReceipt", json!([hash]));
        self.many(&transactions.iter().map(call).collect::<Vec<_>>())
            .await
    }

    /// The results of many calls, in as few requests as the node takes.
    async fn many<T: DeserializeOwned>(
        &self,
        calls: &[Call],
    ) -> Result<Vec<Result<Option<T>, RpcError>>, RpcError> {
        let mut results = Vec::with_capacity(calls.len());
        while results.len() < calls.len() {
            let rest = &calls[results.len()..];
            let batch = self.inner.batch.load(Ordering::Relaxed);
            let size = batch.clamp(1, rest.len());
            let calls = &rest[..size];
            if size == 1 {
                match self.call(&calls[0]).await {
                    // The others would fare no better, each after its time-out.
                    Err(error) if is_about_the_node(&error) => return Err(error),
                    result => results.push(result),
                }
                continue;
            }
            match self.batch(calls).await {
                Ok(batch) => results.extend(batch),
                Err(error) if may_be_the_batch_s_fault(&error) => {
                    tracing::debug!(%error, size, "batch refused, trying smaller ones");
                    self.inner.batch.fetch_min(size / 2, Ordering::Relaxed);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(results)
    }

    async fn batch<T: DeserializeOwned>(
        &self,
        calls: &[Call],
    ) -> Result<Vec<Result<Option<T>, RpcError>>, RpcError> {
        let results = self.uncounted_batch(calls).await;
        for (index, call) in calls.iter().enumerate() {
            let result = results.as_ref().ok().and_then(|it| it.get(index));
            let succeeded = result.is_some_and(Result::is_ok);
            self.inner.counts.count(call.method, succeeded);
        }
        results
    }

    async fn uncounted_batch<T: DeserializeOwned>(
        &self,
        calls: &[Call],
    ) -> Result<Vec<Result<Option<T>, RpcError>>, RpcError> {
        let count = calls.len() as u64;
        let first_id = self.inner.next_id.fetch_add(count, Ordering::Relaxed);
        let body = wire::encode_batch(first_id, calls);
        let response = self.exchange(calls, body).await?;
        let answers = wire::decode_batch(first_id, calls.len(), response.body())
            .map_err(|fault| self.fault(&calls[0], fault, &response))?;
        let results = answers.into_iter().zip(calls).map(|(answer, call)| {
            let raw = answer.map_err(|fault| self.fault(call, fault, &response))?;
            self.parse(call, raw)
        });
        Ok(results.collect())
    }

    /// A call whose result may not be `null`.
    async fn required<T: DeserializeOwned>(&self, call: &Call) -> Result<T, RpcError> {
        let result = self.call(call).await?;
        self.present(call, result)
    }

    pub(super) fn present<T>(&self, call: &Call, result: Option<T>) -> Result<T, RpcError> {
        result.ok_or_else(|| {
            self.error(RpcErrorKind::Protocol, call)
                .with_message("null result")
        })
    }

    async fn call<T: DeserializeOwned>(&self, call: &Call) -> Result<Option<T>, RpcError> {
        let result = self.uncounted_call(call).await;
        self.count(call, result.is_ok());
        result
    }

    async fn uncounted_call<T: DeserializeOwned>(
        &self,
        call: &Call,
    ) -> Result<Option<T>, RpcError> {
        let (id, response) = self.ask(call).await?;
        self.result(id, call, &response)
    }

    /// Counts a call that was made.
    pub(super) fn count(&self, call: &Call, succeeded: bool) {
        self.inner.counts.count(call.method, succeeded);
    }

    /// Sends one call alone, and gives its id and what came back.
    pub(super) async fn ask(&self, call: &Call) -> Result<(u64, Response<Bytes>), RpcError> {
        let id = self.inner.next_id.fetch_add(1, Ordering::Relaxed);
        let body = wire::encode(id, call);
        let response = self.exchange(std::slice::from_ref(call), body).await?;
        Ok((id, response))
    }

    pub(super) fn result<T: DeserializeOwned>(
        &self,
        id: u64,
        call: &Call,
        response: &Response<Bytes>,
    ) -> Result<Option<T>, RpcError> {
        let raw =
            wire::decode(id, response.body()).map_err(|fault| self.fault(call, fault, response))?;
        self.parse(call, raw)
    }

    /// When the budget allows for the next call; `None` if there is no budget.
    pub(crate) fn budget_at(&self) -> Option<Instant> {
        let budget = self.inner.budget.as_ref()?;
        let budget = budget.lock().unwrap_or_else(PoisonError::into_inner);
        Some(budget.ready_at(Instant::now()))
    }

    /// Waits until the budget allows for these calls.
    async fn spend(&self, calls: &[Call]) {
        let Some(budget) = &self.inner.budget else {
            return;
        };
        let until = {
            let mut budget = budget.lock().unwrap_or_else(PoisonError::into_inner);
            budget.spend(calls.iter().map(|it| it.method), Instant::now())
        };
        tokio::time::sleep_until(until).await;
    }

    /// One HTTP exchange for one or more calls. What comes back has a status of 2xx, or a JSON-RPC
    /// error in its body. Errors are told of the first call.
    async fn exchange(&self, calls: &[Call], body: Vec<u8>) -> Result<Response<Bytes>, RpcError> {
        let call = &calls[0];
        self.spend(calls).await;
        let url = &self.inner.url;
        let mut request = Request::post(url.uri().clone())
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json");
        if let Some(authorization) = url.authorization() {
            request = request.header(header::AUTHORIZATION, authorization.clone());
        }
        let request = request
            .body(Bytes::from(body))
            .map_err(|error| self.error(RpcErrorKind::Protocol, call).with_source(error))?;
        let options = CallOptions::default().with_retry(RetryMode::Never);
        let response = self.inner.http.request(request, options).await;
        let response = response.map_err(|error| self.transport_error(call, error))?;
        if response.status().is_success() || wire::is_error(response.body()) {
            return Ok(response);
        }
        let text = url.redact(&String::from_utf8_lossy(response.body()));
        Err(self
            .error(status_kind(response.status()), call)
            .with_message(&text)
            .with_retry_after(retry_after(response.headers(), SystemTime::now())))
    }

    fn parse<T: DeserializeOwned>(
        &self,
        call: &Call,
        raw: &RawValue,
    ) -> Result<Option<T>, RpcError> {
        serde_json::from_str(raw.get()).map_err(|error| {
            self.error(RpcErrorKind::Protocol, call)
                .with_message(&error.to_string())
        })
    }

    fn check_number(
        &self,
        tag: BlockTag,
        header: Option<BlockHeader>,
    ) -> Result<Option<BlockHeader>, RpcError> {
        match (tag, header) {
            (BlockTag::Number(asked), Some(header)) if header.number != asked => {
                let message = format!("asked for block {asked}, got block {}", header.number);
                Err(self
                    .error(RpcErrorKind::Protocol, &header_call(tag))
                    .with_message(&message))
            }
            (_, header) => Ok(header),
        }
    }

    fn error(&self, kind: RpcErrorKind, call: &Call) -> RpcError {
        RpcError::new(kind, call.method, self.inner.url.origin())
    }

    fn fault(&self, call: &Call, fault: Fault, response: &Response<Bytes>) -> RpcError {
        match fault {
            Fault::Node { code, message } => {
                // The status knows better than a text that says nothing.
                let kind = match (classify::kind(code, &message), response.status()) {
                    (RpcErrorKind::Node { .. }, status) if !status.is_success() => {
                        status_kind(status)
                    }
                    (kind, _) => kind,
                };
                let hint = (kind == RpcErrorKind::TooLarge)
                    .then(|| classify::suggested_blocks(&message))
                    .flatten();
                self.error(kind, call)
                    .with_message(&self.inner.url.redact(&message))
                    .with_retry_after(retry_after(response.headers(), SystemTime::now()))
                    .with_range_hint(hint)
            }
            Fault::Protocol(message) => self
                .error(RpcErrorKind::Protocol, call)
                .with_message(&self.inner.url.redact(&message)),
        }
    }

    fn transport_error(&self, call: &Call, error: TransportError) -> RpcError {
        let kind = match error.kind() {
            TransportErrorKind::BodyTooLarge { .. } => RpcErrorKind::TooLarge,
            _ => RpcErrorKind::Transport,
        };
        self.error(kind, call).with_source(error)
    }
}

/// Whether any other call would have failed too.
fn is_about_the_node(error: &RpcError) -> bool {
    matches!(
        error.kind(),
        RpcErrorKind::Transport | RpcErrorKind::RateLimited
    )
}

/// Whether a smaller batch may be taken where this one was not.
fn may_be_the_batch_s_fault(error: &RpcError) -> bool {
    match error.kind() {
        RpcErrorKind::Protocol | RpcErrorKind::TooLarge | RpcErrorKind::Node { .. } => true,
        RpcErrorKind::Http { status } => matches!(status, 400 | 404 | 405 | 415 | 422 | 501),
        RpcErrorKind::Transport | RpcErrorKind::RateLimited | RpcErrorKind::NotFound => false,
    }
}

fn header_call(tag: BlockTag) -> Call {
    Call::new("eth_getBlockByNumber", json!([tag.to_json(), false]))
}

fn status_kind(status: StatusCode) -> RpcErrorKind {
    match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            RpcErrorKind::RateLimited
        }
        StatusCode::PAYLOAD_TOO_LARGE => RpcErrorKind::TooLarge,
        status => RpcErrorKind::Http {
            status: status.as_u16(),
        },
    }
}

impl fmt::Debug for RpcClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RpcClient")
            .field("url", &self.inner.url)
            .finish_non_exhaustive()
    }
}

/// A receipt, as far as it is looked at.
#[derive(serde::Deserialize)]
pub(crate) struct ReceiptLogs {
    pub(crate) logs: Vec<Log>,
}

/// A number as `0x` hex.
struct Quantity(u64);

impl<'de> serde::Deserialize<'de> for Quantity {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        event_streamer_models::quantity::deserialize(deserializer).map(Self)
    }
}
