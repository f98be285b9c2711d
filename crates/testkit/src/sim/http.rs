//! Calls over HTTP/1.1, written out by hand so that an answer can break off anywhere.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::lie::{Asked, Lie};
use super::node::Inner;

/// What becomes of one request.
enum Reply {
    Whole {
        status: u16,
        headers: String,
        body: String,
    },
    /// Half of the body, then the end of the connection.
    Half(String),
    Reset,
    Silence,
}

impl Reply {
    fn json(body: &Value) -> Self {
        Self::Whole {
            status: 200,
            headers: "content-type: application/json\r\n".to_owned(),
            body: body.to_string(),
        }
    }
}

/// Answers requests until the connection ends.
pub(super) async fn serve(mut stream: TcpStream, inner: &Arc<Inner>) {
    let _ = stream.set_nodelay(true);
    let mut buffer = Vec::new();
    loop {
        let Some(request) = next_request(&mut buffer) else {
            if !matches!(stream.read_buf(&mut buffer).await, Ok(1..)) {
                return;
            }
            continue;
        };
        let (head, body, is_cut) = match reply(&request.body, inner).await {
            Reply::Whole {
                status,
                headers,
                body,
            } => {
                let length = body.len();
                let head =
                    format!("HTTP/1.1 {status} \r\n{headers}content-length: {length}\r\n\r\n");
                (head, body, false)
            }
            Reply::Half(mut body) => {
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
                body.truncate(body.floor_char_boundary(body.len() / 2));
                (head, body, true)
            }
            Reply::Reset => {
                let _ = stream.set_zero_linger();
                return;
            }
            Reply::Silence => {
                // Until the caller loses its patience.
                let _ = stream.read_buf(&mut buffer).await;
                return;
            }
        };
        let answer = head + &body;
        if stream.write_all(answer.as_bytes()).await.is_err() || is_cut || request.is_last {
            return;
        }
    }
}

pub(crate) struct Request {
    pub(crate) body: Vec<u8>,
    /// The caller reads up to the end of the connection.
    pub(crate) is_last: bool,
}

/// Takes the next whole request out of the buffer.
pub(crate) fn next_request(buffer: &mut Vec<u8>) -> Option<Request> {
    let head = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&buffer[..head]).to_ascii_lowercase();
    let length = text.split_once("content-length:").map_or("0", |(_, it)| it);
    let length: usize = length.split("\r\n").next()?.trim().parse().unwrap();
    if buffer.len() < head + length {
        return None;
    }
    let rest = buffer.split_off(head + length);
    let body = std::mem::replace(buffer, rest).split_off(head);
    let is_last = text.contains(" http/1.0\r\n") || text.contains("connection: close");
    Some(Request { body, is_last })
}

async fn reply(body: &[u8], inner: &Inner) -> Reply {
    let request: Value = serde_json::from_slice(body).expect("a request is JSON");
    let (calls, is_batch) = match request {
        Value::Array(calls) => (calls, true),
        call => (vec![call], false),
    };
    if is_batch && !inner.state().takes_batches {
        let error = json!({ "id": null, "error": { "code": -32600, "message": "no batches" } });
        return Reply::json(&error);
    }
    let (mut answers, mut is_cut) = (Vec::new(), false);
    for call in calls {
        let asked = Asked {
            method: call["method"].as_str().unwrap_or_default().to_owned(),
            params: call["params"].clone(),
        };
        let id = &call["id"];
        let of = |key: &str, value: Value| json!({ "jsonrpc": "2.0", "id": id, key: value });
        match inner.answer(asked).await {
            Lie::Result(result) => answers.push(of("result", result)),
            Lie::Error(code, message) => {
                answers.push(of("error", json!({ "code": code, "message": message })));
            }
            Lie::ErrorWith(code, message, data) => {
                let error = json!({ "code": code, "message": message, "data": data });
                answers.push(of("error", error));
            }
            Lie::Omit => {}
            Lie::Cut => {
                is_cut = true;
                answers.push(of("result", json!("x".repeat(100))));
            }
            Lie::Status(status, body) => {
                return Reply::Whole {
                    status,
                    headers: String::new(),
                    body: body.to_owned(),
                };
            }
            Lie::Busy(seconds) => {
                return Reply::Whole {
                    status: 429,
                    headers: format!("retry-after: {seconds}\r\n"),
                    body: String::new(),
                };
            }
            Lie::Reset => return Reply::Reset,
            Lie::Silence => return Reply::Silence,
        }
    }
    let body = if is_batch {
        // The order of a batch's answers is nobody's promise.
        answers.reverse();
        Value::Array(answers)
    } else {
        match answers.pop() {
            Some(answer) => answer,
            // What is missing from a batch of one is the answer.
            None => return Reply::Reset,
        }
    };
    if is_cut {
        Reply::Half(body.to_string())
    } else {
        Reply::json(&body)
    }
}
