//! HTTP/1.1 on plain sockets, as far as the bench needs it.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Result;

const MAX_HEAD: usize = 64 << 10;

/// A socket and what was read too much.
pub struct Socket {
    pub socket: TcpStream,
    buffer: Vec<u8>,
}

/// What a client wants.
pub struct Request {
    pub head: String,
    pub body: Vec<u8>,
}

/// What a service says.
pub struct Response {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Socket {
    #[must_use]
    pub fn new(socket: TcpStream) -> Self {
        Self {
            socket,
            buffer: Vec::new(),
        }
    }

    /// The next head; `None` at the end.
    ///
    /// # Errors
    /// The socket's, or what comes is no HTTP.
    pub async fn head(&mut self) -> Result<Option<String>> {
        loop {
            if let Some(end) = memchr::memmem::find(&self.buffer, b"\r\n\r\n") {
                let rest = self.buffer.split_off(end + 4);
                let head = std::mem::replace(&mut self.buffer, rest);
                return Ok(Some(String::from_utf8(head)?));
            }
            if self.buffer.len() > MAX_HEAD {
                return Err("the head does not end".into());
            }
            if self.socket.read_buf(&mut self.buffer).await? == 0 {
                return Ok(None);
            }
        }
    }

    /// A whole request; `None` at the end.
    ///
    /// # Errors
    /// As [`head`](Self::head).
    pub async fn request(&mut self) -> Result<Option<Request>> {
        let Some(head) = self.head().await? else {
            return Ok(None);
        };
        let body = self.body(length(&head)).await?;
        Ok(Some(Request { head, body }))
    }

    /// A whole answer.
    ///
    /// # Errors
    /// As [`head`](Self::head), or there is none.
    pub async fn response(&mut self) -> Result<Response> {
        let head = self.head().await?.ok_or("the service hung up")?;
        let status = head.get(9..12).ok_or("no status")?.parse()?;
        let body = self.body(length(&head)).await?;
        Ok(Response { status, head, body })
    }

    async fn body(&mut self, length: usize) -> Result<Vec<u8>> {
        while self.buffer.len() < length {
            if self.socket.read_buf(&mut self.buffer).await? == 0 {
                return Err("cut off".into());
            }
        }
        let rest = self.buffer.split_off(length);
        Ok(std::mem::replace(&mut self.buffer, rest))
    }

    /// # Errors
    /// The socket's.
    pub async fn respond(&mut self, body: &[u8]) -> Result<()> {
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let mut answer = head.into_bytes();
        answer.extend_from_slice(body);
        Ok(self.socket.write_all(&answer).await?)
    }

    /// The socket, and the bytes behind the last head.
    #[must_use]
    pub fn into_parts(self) -> (TcpStream, Vec<u8>) {
        (self.socket, self.buffer)
    }
}

/// The value of a header.
#[must_use]
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

fn length(head: &str) -> usize {
    header(head, "content-length")
        .and_then(|it| it.parse().ok())
        .unwrap_or(0)
}
