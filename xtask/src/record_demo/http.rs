//! HTTP/1.1 POST to a server on this machine, over one connection kept open.
//!
//! Just enough for an EVM node's JSON-RPC: ten thousand small requests one after another. Not
//! for the network: no TLS, no redirects, no chunked bodies.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::error::{Context as _, Result, fail};

/// Making a block is the slowest thing that is asked for; it takes well under a second.
const TIMEOUT: Duration = Duration::from_secs(60);
const MAX_LINE: u64 = 16 * 1024;
const MAX_BODY: usize = 64 * 1024 * 1024;

pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    address: SocketAddr,
}

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> Result<Self> {
        let cannot = || format!("cannot connect to {address}");
        let stream = TcpStream::connect(address).context(cannot)?;
        // Requests are small and each waits for its answer: Nagle's algorithm would stall them.
        stream.set_nodelay(true).context(cannot)?;
        stream.set_read_timeout(Some(TIMEOUT)).context(cannot)?;
        stream.set_write_timeout(Some(TIMEOUT)).context(cannot)?;
        Ok(Self {
            stream: BufReader::new(stream),
            address,
        })
    }

    /// Sends a JSON body to `/` and gives the body of a 200 answer.
    pub(crate) fn post(&mut self, body: &[u8]) -> Result<Vec<u8>> {
        let mut request = format!(
            "POST / HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            self.address,
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        let address = self.address;
        self.stream
            .get_mut()
            .write_all(&request)
            .context(|| format!("sending to {address}"))?;
        let head = self.read_head()?;
        if head.status != 200 {
            return fail!("{address} answered with status {}", head.status);
        }
        let mut answer = vec![0; head.content_length];
        self.stream
            .read_exact(&mut answer)
            .context(|| format!("reading from {address}"))?;
        Ok(answer)
    }

    fn read_head(&mut self) -> Result<Head> {
        let status_line = self.read_line()?;
        let status = status_line
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        let status = status.context(|| format!("not an HTTP status line: {status_line:?}"))?;
        let mut content_length = None;
        loop {
            let line = self.read_line()?;
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                content_length = value.trim().parse().ok();
            }
        }
        match content_length {
            Some(length) if length <= MAX_BODY => Ok(Head {
                status,
                content_length: length,
            }),
            Some(length) => fail!("an answer of {length} bytes is over the limit of {MAX_BODY}"),
            None => fail!("an answer without a content-length"),
        }
    }

    fn read_line(&mut self) -> Result<String> {
        let mut line = String::new();
        let address = self.address;
        let read = (&mut self.stream).take(MAX_LINE).read_line(&mut line);
        read.context(|| format!("reading from {address}"))?;
        if !line.ends_with("\r\n") {
            return fail!("{address} closed the connection inside an answer's head");
        }
        line.truncate(line.len() - 2);
        Ok(line)
    }
}

struct Head {
    status: u16,
    content_length: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::thread;

    /// A server for one connection that reads each request and answers with the next text.
    fn answering(answers: Vec<&'static str>) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            let mut peer = Connection {
                stream: BufReader::new(listener.accept().unwrap().0),
                address,
            };
            for answer in answers {
                let length = peer.read_request_length();
                peer.stream.read_exact(&mut vec![0; length]).unwrap();
                peer.stream.get_mut().write_all(answer.as_bytes()).unwrap();
            }
        });
        address
    }

    impl Connection {
        fn read_request_length(&mut self) -> usize {
            let mut length = 0;
            loop {
                let line = self.read_line().unwrap();
                if line.is_empty() {
                    return length;
                }
                if let Some(value) = line.strip_prefix("content-length: ") {
                    length = value.parse().unwrap();
                }
            }
        }
    }

    #[test]
    fn many_requests_go_over_one_connection() {
        let address = answering(vec![
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\ncontent-type: x\r\ncontent-length: 4\r\n\r\n[12]",
        ]);
        let mut connection = Connection::open(address).unwrap();
        assert_eq!(connection.post(b"one").unwrap(), b"{}");
        assert_eq!(connection.post(b"another").unwrap(), b"[12]");
    }

    #[test]
    fn another_status_and_a_cut_answer_are_errors() {
        let address = answering(vec!["HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n"]);
        let failure = Connection::open(address)
            .unwrap()
            .post(b"{}")
            .unwrap_err()
            .to_string();
        assert!(failure.contains("413"), "{failure}");
        let address = answering(vec!["HTTP/1.1 200 OK\r\ncontent-le"]);
        let failure = Connection::open(address)
            .unwrap()
            .post(b"{}")
            .unwrap_err()
            .to_string();
        assert!(failure.contains("closed"), "{failure}");
    }
}
