//! A node of the chain, on the simulated network.

use std::sync::{Arc, Mutex};

use event_streamer_testkit::{MemoryStream, Network};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::chain::Chain;

/// How a node feels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    Well,
    /// Every request is answered 503.
    Unavailable,
    /// Nothing is answered.
    Silent,
}

#[derive(Clone)]
pub(super) struct Node {
    chain: Chain,
    mood: Arc<Mutex<Mood>>,
}

impl Node {
    pub(super) fn start(network: &Network, chain: Chain) -> Self {
        let node = Self {
            chain,
            mood: Arc::new(Mutex::new(Mood::Well)),
        };
        let mut incoming = network.listen("node");
        let serving = node.clone();
        tokio::spawn(async move {
            while let Some(stream) = incoming.accept().await {
                let node = serving.clone();
                tokio::spawn(async move { node.serve(stream).await });
            }
        });
        node
    }

    pub(super) fn set_mood(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// Answers requests until the connection ends.
    async fn serve(&self, mut stream: MemoryStream) {
        let mut buffer = Vec::new();
        loop {
            let Some(body) = next_body(&mut buffer) else {
                if !matches!(stream.read_buf(&mut buffer).await, Ok(1..)) {
                    return;
                }
                continue;
            };
            let mood = *self.mood.lock().unwrap();
            let answer = match mood {
                Mood::Silent => std::future::pending().await,
                Mood::Unavailable => {
                    "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n".to_owned()
                }
                Mood::Well => {
                    let request = serde_json::from_slice(&body).unwrap();
                    let answer = self.chain.answer(&request).to_string();
                    let length = answer.len();
                    format!(
                        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
                         content-length: {length}\r\n\r\n{answer}"
                    )
                }
            };
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }
}

/// Takes the next whole request out of the buffer; gives its body.
fn next_body(buffer: &mut Vec<u8>) -> Option<Vec<u8>> {
    let head = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&buffer[..head])
        .unwrap()
        .to_ascii_lowercase();
    let (_, length) = text.split_once("content-length:").unwrap();
    let length: usize = length.split("\r\n").next()?.trim().parse().unwrap();
    if buffer.len() < head + length {
        return None;
    }
    let rest = buffer.split_off(head + length);
    let request = std::mem::replace(buffer, rest);
    Some(request[head..].to_vec())
}
