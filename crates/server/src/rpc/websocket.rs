//! New heads as a node announces them over a WebSocket (`eth_subscribe` with `newHeads`).
//!
//! An announcement says that it is worth asking now, no more: nodes announce heads twice, skip
//! some, announce what their HTTP side does not have yet, and fall silent without closing.

use std::time::Duration;

use event_streamer_models::{B256, quantity};
use event_streamer_transport::{Link, Origin};
use futures_util::{SinkExt, StreamExt};
use http::header;
use http::uri::{Scheme, Uri};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, client_async_tls_with_config};

use super::dialer::NodeDialer;
use super::error::{RpcError, RpcErrorKind};
use super::url::RpcUrl;
use super::wire::{self, Call, Fault};

/// Larger than any header in JSON.
const MAX_MESSAGE_BYTES: usize = 1 << 20;

const METHOD: &str = "eth_subscribe";

/// Which chain the heads are to be of. Default: any.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct HeadsOf {
    pub(crate) chain_id: Option<u64>,
    /// The hash of its first block, if that is known.
    pub(crate) genesis: Option<B256>,
}

/// A subscription to one node's new heads.
pub(crate) struct HeadSocket {
    socket: WebSocketStream<MaybeTlsStream<Box<dyn Link>>>,
    origin: String,
    next_id: u64,
    /// Anything came since it was last asked.
    heard: bool,
}

impl HeadSocket {
    /// Connects, makes sure that the node is on the right chain, and subscribes, within `limit`.
    pub(crate) async fn connect(
        url: &RpcUrl,
        dialer: &NodeDialer,
        of: HeadsOf,
        limit: Duration,
    ) -> Result<Self, RpcError> {
        match tokio::time::timeout(limit, Self::open(url, dialer, of)).await {
            Ok(opened) => opened,
            Err(_) => Err(error(RpcErrorKind::Transport, &url.origin())
                .with_message("no subscription in time")),
        }
    }

    async fn open(url: &RpcUrl, dialer: &NodeDialer, of: HeadsOf) -> Result<Self, RpcError> {
        let origin = url.origin();
        let failed = |cause| transport_error(&origin, cause);
        let mut request = url.uri().clone().into_client_request().map_err(failed)?;
        if let Some(authorization) = url.authorization() {
            request
                .headers_mut()
                .insert(header::AUTHORIZATION, authorization.clone());
        }
        let config = WebSocketConfig::default()
            .max_message_size(Some(MAX_MESSAGE_BYTES))
            .max_frame_size(Some(MAX_MESSAGE_BYTES))
            // The default would reserve 128 KiB for a few announcements a minute.
            .read_buffer_size(8 * 1024);
        let link = dial(url.uri(), dialer)
            .await
            .map_err(|cause| error(RpcErrorKind::Transport, &url.origin()).with_source(cause))?;
        let opened = client_async_tls_with_config(request, link, Some(config), None).await;
        let (socket, _) = opened.map_err(failed)?;
        let mut socket = Self {
            socket,
            origin,
            next_id: 1,
            heard: false,
        };
        socket.identify(of).await?;
        let call = Call::new(METHOD, json!(["newHeads"]));
        match socket.ask(&call).await? {
            Ok(_) => Ok(socket),
            Err(fault) => Err(socket.refused(url, &fault)),
        }
    }

    /// Makes sure that the node is on this chain, as far as it tells: some let nobody do anything but
    /// subscribe, and an announcement only ever is a reason to ask others.
    async fn identify(&mut self, of: HeadsOf) -> Result<(), RpcError> {
        let call = Call::new("eth_chainId", json!([]));
        if let Some(chain_id) = of.chain_id
            && let Some(answer) = self.ask_kindly(&call).await?
            && answer.as_str().and_then(|it| quantity::parse(it).ok()) != Some(chain_id)
        {
            return Err(self.foreign(&format!("the endpoint is not on chain {chain_id}")));
        }
        let Some(genesis) = of.genesis else {
            return Ok(());
        };
        let first = Call::new("eth_getBlockByNumber", json!(["0x0", false]));
        let block = self.ask_kindly(&first).await?.unwrap_or_default();
        let hash: Option<B256> = block["hash"].as_str().and_then(|it| it.parse().ok());
        match hash {
            Some(hash) if hash != genesis => {
                Err(self.foreign(&format!("the endpoint's first block is {hash}")))
            }
            // There are nodes that have lost their first blocks.
            _ => Ok(()),
        }
    }

    /// A call that the node may refuse.
    async fn ask_kindly(&mut self, call: &Call) -> Result<Option<Value>, RpcError> {
        match self.ask(call).await? {
            Ok(answer) => Ok(Some(answer)),
            Err(Fault::Node { .. }) => Ok(None),
            Err(Fault::Protocol(message)) => Err(self.foreign(&message)),
        }
    }

    /// One call and its answer; announcements may overtake that, and are passed over.
    async fn ask(&mut self, call: &Call) -> Result<Result<Value, Fault>, RpcError> {
        let id = self.next_id;
        self.next_id += 1;
        let request = String::from_utf8_lossy(&wire::encode(id, call)).into_owned();
        let sent = self.socket.send(Message::text(request)).await;
        sent.map_err(|cause| transport_error(&self.origin, cause))?;
        loop {
            let text = self.text().await?;
            if announced(&text).is_some() {
                continue;
            }
            let answer = wire::decode(id, text.as_bytes());
            return Ok(answer.and_then(|raw| {
                serde_json::from_str(raw.get()).map_err(|error| Fault::Protocol(error.to_string()))
            }));
        }
    }

    fn foreign(&self, message: &str) -> RpcError {
        error(RpcErrorKind::Protocol, &self.origin).with_message(message)
    }

    /// The number of the next announced head. Waits for ever if there is none; cancel safe.
    ///
    /// # Errors
    ///
    /// If the connection ended.
    pub(crate) async fn next(&mut self) -> Result<u64, RpcError> {
        loop {
            if let Some(number) = announced(&self.text().await?) {
                return Ok(number);
            }
        }
    }

    /// The next text message.
    async fn text(&mut self) -> Result<Utf8Bytes, RpcError> {
        loop {
            let message = self.socket.next().await;
            self.heard = true;
            match message {
                Some(Ok(Message::Text(text))) => return Ok(text),
                Some(Ok(Message::Close(_))) | None => return Err(self.error("closed by the node")),
                // Pings are answered by the library.
                Some(Ok(_)) => {}
                Some(Err(cause)) => return Err(transport_error(&self.origin, cause)),
            }
        }
    }

    /// Asks the node for a sign of life, and says whether there was any since this was last done.
    pub(crate) async fn ping(&mut self, limit: Duration) -> Result<bool, RpcError> {
        let heard = std::mem::take(&mut self.heard);
        let ping = self.socket.send(Message::Ping(bytes::Bytes::new()));
        match tokio::time::timeout(limit, ping).await {
            Ok(sent) => sent.map_err(|cause| transport_error(&self.origin, cause))?,
            Err(_) => return Err(self.error("takes no message")),
        }
        Ok(heard)
    }

    /// A fault that this side found.
    pub(crate) fn error(&self, message: &str) -> RpcError {
        error(RpcErrorKind::Transport, &self.origin).with_message(message)
    }

    fn refused(&self, url: &RpcUrl, fault: &Fault) -> RpcError {
        let (kind, message) = match fault {
            Fault::Node { code, message } => (RpcErrorKind::Node { code: *code }, message),
            Fault::Protocol(message) => (RpcErrorKind::Protocol, message),
        };
        error(kind, &self.origin).with_message(&url.redact(message))
    }
}

/// Opens the connection under a WebSocket.
async fn dial(uri: &Uri, dialer: &NodeDialer) -> std::io::Result<Box<dyn Link>> {
    let mut parts = uri.clone().into_parts();
    let is_secure = uri.scheme_str() == Some("wss");
    parts.scheme = Some(if is_secure {
        Scheme::HTTPS
    } else {
        Scheme::HTTP
    });
    let origin = Uri::from_parts(parts)
        .map_err(std::io::Error::other)
        .and_then(|uri| Origin::of(&uri).map_err(std::io::Error::other))?;
    dialer.dial(origin).await
}

fn error(kind: RpcErrorKind, origin: &str) -> RpcError {
    RpcError::new(kind, METHOD, origin.to_owned())
}

fn transport_error(origin: &str, cause: tokio_tungstenite::tungstenite::Error) -> RpcError {
    error(RpcErrorKind::Transport, origin).with_source(cause)
}

/// The number of the head that a message announces.
fn announced(text: &str) -> Option<u64> {
    #[derive(Deserialize)]
    struct Notification {
        params: Params,
    }
    #[derive(Deserialize)]
    struct Params {
        result: Announcement,
    }
    #[derive(Deserialize)]
    struct Announcement {
        number: String,
    }
    let notification: Notification = serde_json::from_str(text).ok()?;
    quantity::parse(&notification.params.result.number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn announcements_are_told_from_other_messages() {
        let text = r#"{"jsonrpc":"2.0","method":"eth_subscription","params":
            {"subscription":"0x9","result":{"number":"0x1b4","hash":"0x00"}}}"#;
        assert_eq!(announced(text), Some(436));
        for text in [
            "",
            "null",
            r#"{"jsonrpc":"2.0","id":1,"result":"0x9"}"#,
            r#"{"method":"eth_subscription","params":{"subscription":"0x9","result":{}}}"#,
            r#"{"method":"eth_subscription","params":{"result":{"number":"436"}}}"#,
        ] {
            assert_eq!(announced(text), None, "{text}");
        }
    }
}
