//! Requests as they came over the wire.

use bytes::{Buf, Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::socket::Socket;

/// Requests longer than this are a fault of the test.
const MAX_REQUEST_BYTES: usize = 16 << 20;

/// A request that a [`WireServer`](super::WireServer) saw.
#[derive(Clone, Debug)]
pub struct RecordedRequest {
    /// The number of the accepted connection that it came over, from 0.
    pub connection: usize,
    /// The method.
    pub method: Method,
    /// The request target as sent: path and query.
    pub target: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl RecordedRequest {
    /// The target without its query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target
            .split_once('?')
            .map_or(&self.target, |(path, _)| path)
    }

    /// The value of a query parameter as sent, that is still percent-encoded.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        let (_, query) = self.target.split_once('?')?;
        query
            .split('&')
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    }

    /// The text of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as JSON.
    ///
    /// # Panics
    ///
    /// If it is not JSON.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("the body of {self} is not JSON: {error}"))
    }

    /// Whether a pattern such as `GET /subscriptions/*/stream` fits: method and path, `*` stands
    /// for one segment.
    #[must_use]
    pub fn matches(&self, pattern: &str) -> bool {
        let Some((method, path)) = pattern.split_once(' ') else {
            panic!("the pattern {pattern:?} is not of the form \"GET /path\"");
        };
        let mut wanted = path.split('/');
        let mut seen = self.path().split('/');
        let same_path = loop {
            match (wanted.next(), seen.next()) {
                (None, None) => break true,
                (Some("*"), Some(_)) => {}
                (Some(a), Some(b)) if a == b => {}
                _ => break false,
            }
        };
        self.method.as_str() == method && same_path
    }
}

impl std::fmt::Display for RecordedRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.target)
    }
}

/// Reads one request; `None` if the peer ended the connection before its first byte.
pub(super) async fn read(
    socket: &mut Socket,
    buffer: &mut BytesMut,
    connection: usize,
) -> Result<Option<RecordedRequest>, String> {
    let head_length = loop {
        if let Some(at) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        if !fill(socket, buffer).await? {
            let started = !buffer.is_empty();
            return if started {
                Err("the peer left inside a request".into())
            } else {
                Ok(None)
            };
        }
    };
    let head = buffer.split_to(head_length);
    buffer.advance(4);
    let mut request = parse_head(&head, connection)?;

    if request.headers.contains_key("transfer-encoding") {
        return Err(format!(
            "{request} has a chunked body, which the wire server does not read"
        ));
    }
    let body_length = match request.header("content-length") {
        Some(text) => text
            .parse()
            .map_err(|_| format!("{request} has content-length {text:?}"))?,
        None => 0,
    };
    while buffer.len() < body_length {
        if !fill(socket, buffer).await? {
            return Err(format!("the peer left inside the body of {request}"));
        }
    }
    request.body = buffer.split_to(body_length).freeze();
    Ok(Some(request))
}

/// Reads once; false at the end.
async fn fill(socket: &mut Socket, buffer: &mut BytesMut) -> Result<bool, String> {
    if buffer.len() > MAX_REQUEST_BYTES {
        return Err(format!("a request of more than {MAX_REQUEST_BYTES} bytes"));
    }
    match socket.read_buf(buffer).await {
        Ok(count) => Ok(count > 0),
        // A reset is an end like another: clients drop connections as they like.
        Err(_) => Ok(false),
    }
}

fn parse_head(head: &[u8], connection: usize) -> Result<RecordedRequest, String> {
    let bad = || format!("not a request head: {:?}", String::from_utf8_lossy(head));
    let mut lines = std::str::from_utf8(head).map_err(|_| bad())?.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (Some(method), Some(target), Some("HTTP/1.1")) = (words.next(), words.next(), words.next())
    else {
        return Err(bad());
    };
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(':').ok_or_else(bad)?;
        let name = HeaderName::try_from(name).map_err(|_| bad())?;
        headers.append(
            name,
            HeaderValue::try_from(value.trim()).map_err(|_| bad())?,
        );
    }
    Ok(RecordedRequest {
        connection,
        method: method.parse().map_err(|_| bad())?,
        target: target.to_owned(),
        headers,
        body: Bytes::new(),
    })
}
