//! What a wire server does on a connection, step by step.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;

use crate::Gate;

/// The steps of one connection (or, behind [`Routes`](super::Routes), of one answer).
///
/// Steps are played in order. At the end of a connection's script the connection is closed
/// cleanly; bytes are written as each step gives them, nothing is added.
///
/// ```
/// use event_streamer_testkit::{Gate, Script};
///
/// let more = Gate::new();
/// let script = Script::new()
///     .expect("GET /subscriptions/7/stream")
///     .stream_head(&[("content-type", "application/x-ndjson")])
///     .chunk("{\"type\":\"heartbeat\"}\n")
///     .wait(&more)
///     .chunk("{\"type\":\"event_")
///     .reset();
/// # let _ = script;
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "a script does nothing until a server plays it"]
pub struct Script {
    pub(super) steps: Vec<Step>,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Expect(Option<String>),
    Send(Bytes),
    Trickle(Bytes),
    Wait(Gate),
    Signal(Gate),
    Delay(Duration),
    AwaitHangUp,
    Close,
    Reset,
}

impl Script {
    /// No steps yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Reads a request, which is to match a pattern such as `GET /subscriptions/*` (method and
    /// path; `*` stands for one segment). Another request, or none, is a fault of the test.
    pub fn expect(self, pattern: &str) -> Self {
        self.step(Step::Expect(Some(pattern.to_owned())))
    }

    /// Reads a request, whichever.
    pub fn expect_any(self) -> Self {
        self.step(Step::Expect(None))
    }

    /// Writes bytes as they are.
    pub fn raw(self, bytes: impl Into<Bytes>) -> Self {
        self.step(Step::Send(bytes.into()))
    }

    /// Writes bytes as they are, each in a write of its own.
    pub fn trickle(self, bytes: impl Into<Bytes>) -> Self {
        self.step(Step::Trickle(bytes.into()))
    }

    /// Writes a whole response with its length.
    pub fn respond(self, status: u16, body: impl Into<Bytes>) -> Self {
        self.reply(&Reply::new(status, body))
    }

    /// Writes a whole response with its length.
    pub fn reply(self, reply: &Reply) -> Self {
        self.raw(reply.to_wire())
    }

    /// Writes a response head and nothing else: the headers say how the body is framed.
    pub fn head(self, status: u16, headers: &[(&str, &str)]) -> Self {
        self.raw(head(status, headers))
    }

    /// Writes the head of a chunked response of status 200.
    pub fn stream_head(self, headers: &[(&str, &str)]) -> Self {
        let mut all = vec![("transfer-encoding", "chunked")];
        all.extend_from_slice(headers);
        self.head(200, &all)
    }

    /// Writes one chunk of a chunked response.
    pub fn chunk(self, data: impl AsRef<[u8]>) -> Self {
        let data = data.as_ref();
        let mut framed = format!("{:x}\r\n", data.len()).into_bytes();
        framed.extend_from_slice(data);
        framed.extend_from_slice(b"\r\n");
        self.raw(framed)
    }

    /// Writes the chunk that ends a chunked response.
    pub fn last_chunk(self) -> Self {
        self.raw("0\r\n\r\n")
    }

    /// Goes on when the gate is open.
    pub fn wait(self, gate: &Gate) -> Self {
        self.step(Step::Wait(gate.clone()))
    }

    /// Opens a gate: tells the test that the script got here.
    pub fn signal(self, gate: &Gate) -> Self {
        self.step(Step::Signal(gate.clone()))
    }

    /// Lets time pass; for tests under the paused clock.
    pub fn delay(self, time: Duration) -> Self {
        self.step(Step::Delay(time))
    }

    /// Does nothing until the peer ends the connection: a server that never answers.
    pub fn await_hang_up(self) -> Self {
        self.step(Step::AwaitHangUp)
    }

    /// Ends the connection cleanly (FIN) and the script.
    pub fn close(self) -> Self {
        self.step(Step::Close)
    }

    /// Resets the connection (RST) and ends the script. What the peer has not read may be lost.
    pub fn reset(self) -> Self {
        self.step(Step::Reset)
    }
}

/// A whole response.
///
/// ```
/// use event_streamer_testkit::Reply;
///
/// let busy = Reply::new(503, "busy").with_header("retry-after", "7");
/// let found = Reply::json(200, &serde_json::json!({"id": 7}));
/// # let _ = (busy, found);
/// ```
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Bytes,
}

impl Reply {
    /// A response with a body of no stated type.
    pub fn new(status: u16, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// A response with a JSON body.
    #[must_use]
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::new(status, body.to_string()).with_header("content-type", "application/json")
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn to_wire(&self) -> Vec<u8> {
        let length = self.body.len().to_string();
        let mut headers: Vec<(&str, &str)> = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        // RFC 9110, section 8.6: a 204 has no length.
        if self.status != 204 {
            headers.push(("content-length", &length));
        }
        let mut wire = head(self.status, &headers);
        wire.extend_from_slice(&self.body);
        wire
    }
}

fn head(status: u16, headers: &[(&str, &str)]) -> Vec<u8> {
    let reason = StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason());
    let mut head = format!("HTTP/1.1 {status} {}\r\n", reason.unwrap_or_default());
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    head.into_bytes()
}
