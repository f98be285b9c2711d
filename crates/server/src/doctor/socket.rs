//! Whether the node announces new blocks over its WebSocket.

use tokio::time::Instant;

use super::{Doctor, Topic, reason};
use crate::rpc::{HeadSocket, HeadsOf, NodeDialer};

impl Doctor<'_, '_> {
    pub(super) async fn socket(&mut self) {
        let Some(url) = &self.options.websocket else {
            let text = "not examined: no URL was given";
            self.report.good(Topic::WebSocket, text);
            return;
        };
        let limit = self.options.client.connect_timeout;
        let any = HeadsOf::default();
        let mut socket = match HeadSocket::connect(url, &NodeDialer::default(), any, limit).await {
            Ok(socket) => socket,
            Err(error) => {
                let text = format!("does not take a subscription: {}", reason(&error));
                let advice = "without it new blocks are found by polling";
                self.report.care(Topic::WebSocket, text, advice);
                return;
            }
        };
        let begin = Instant::now();
        let limit = self.options.announcement_timeout;
        match tokio::time::timeout(limit, socket.next()).await {
            Ok(Ok(number)) => {
                let millis = u64::try_from(begin.elapsed().as_millis()).unwrap_or(u64::MAX);
                self.report.facts.announced_after_ms = Some(millis);
                let text = format!("announced block {number} after {millis} ms");
                self.report.good(Topic::WebSocket, text);
            }
            Ok(Err(error)) => {
                let text = format!("ended: {}", reason(&error));
                let advice = "new blocks are found by polling whenever it is down";
                self.report.care(Topic::WebSocket, text, advice);
            }
            Err(_) => self.report.care(
                Topic::WebSocket,
                format!("announced nothing within {} s", limit.as_secs()),
                "nothing if the chain is quiet; else new blocks are found by polling",
            ),
        }
    }
}
