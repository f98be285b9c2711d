//! The service's wire without the service: `replay EVENTS PER_BATCH` prepares a stream, prints
//! `listening on ADDRESS` and plays it to everyone who opens it, as fast as it is read.
//!
//! Plain sockets and bytes that are there already, so that nearly all of the machine is the
//! client's. Ends when standard input does.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use event_streamer_client_bench::{CONNECTION, TIME, batches, ending};
use event_streamer_models::{
    BulkBatchAcknowledgmentRequest, BulkBatchAcknowledgmentResponse, ClientHeartbeatResponse,
};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Longest head and body that is read; the reference client acknowledges without bound.
const MAX_HEAD: u64 = 64 << 10;
const MAX_BODY: u64 = 64 << 20;

struct Stream {
    batches: Vec<u8>,
    ending: Vec<u8>,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [events, per_batch] = arguments.as_slice() else {
        return Err("usage: replay EVENTS PER_BATCH".into());
    };
    let events = events.parse()?;
    let stream = Arc::new(Stream {
        batches: batches(events, per_batch.parse()?)?,
        ending: ending(events)?,
    });
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut stdout = io::stdout();
    writeln!(stdout, "listening on {}", listener.local_addr()?)?;
    stdout.flush()?;
    thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let stream = Arc::clone(&stream);
            // A client that has seen enough hangs up: that is how most connections end.
            thread::spawn(move || drop(serve(&stream, &socket)));
        }
    });
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}

/// Answers the requests of one connection until it ends.
fn serve(stream: &Stream, socket: &TcpStream) -> Result<()> {
    socket.set_nodelay(true)?;
    let mut input = BufReader::new(socket);
    while let Some(request) = Request::read(&mut input)? {
        let path: Vec<&str> = request.path.split('/').skip(1).collect();
        match (request.method.as_str(), path.as_slice()) {
            ("GET", ["subscriptions", _, "stream"]) => return play(stream, &request, socket),
            ("POST", ["subscriptions", _, "stream", _, "ack", "batch", "bulk"]) => {
                let asked: BulkBatchAcknowledgmentRequest = serde_json::from_slice(&request.body)?;
                let count = u64::try_from(asked.batch_ids.len())?;
                let answer = BulkBatchAcknowledgmentResponse {
                    total_batches: count,
                    acknowledged_batches: count,
                    connection_id: Some(asked.connection_id),
                    timestamp: Some(TIME.parse()?),
                    ..BulkBatchAcknowledgmentResponse::default()
                };
                answer_json(socket, &serde_json::to_vec(&answer)?)?;
            }
            ("POST", ["stream", _, "heartbeat"]) => {
                let answer = ClientHeartbeatResponse::new(CONNECTION.into(), TIME.parse()?);
                answer_json(socket, &serde_json::to_vec(&answer)?)?;
            }
            _ => (&*socket).write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")?,
        }
    }
    Ok(())
}

fn play(stream: &Stream, request: &Request, mut socket: &TcpStream) -> Result<()> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nX-Connection-Id: {CONNECTION}\r\n\
         Cache-Control: no-store\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    socket.write_all(head.as_bytes())?;
    socket.write_all(&stream.batches)?;
    if request.wants_complete {
        socket.write_all(&stream.ending)?;
    }
    // Nothing more to come; the client ends the connection.
    io::copy(&mut socket, &mut io::sink())?;
    Ok(())
}

fn answer_json(mut socket: &TcpStream, body: &[u8]) -> io::Result<()> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    );
    socket.write_all(&[head.as_bytes(), body].concat())
}

struct Request {
    method: String,
    path: String,
    wants_complete: bool,
    body: Vec<u8>,
}

impl Request {
    /// The next request; `None` where the connection ends instead.
    fn read(input: &mut impl BufRead) -> Result<Option<Self>> {
        let mut head = input.by_ref().take(MAX_HEAD);
        let mut line = String::new();
        if head.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let mut words = line.split(' ');
        let method = words.next().unwrap_or_default().to_owned();
        let target = words.next().ok_or("not a request")?;
        let path = target.split('?').next().unwrap_or_default().to_owned();
        let (mut length, mut wants_complete) = (0, false);
        loop {
            let mut line = String::new();
            if head.read_line(&mut line)? == 0 {
                return Err("the head does not end".into());
            }
            let Some((name, value)) = line.trim_end().split_once(':') else {
                break;
            };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse()?,
                "x-event-streamer-features" => wants_complete = value.contains("complete"),
                _ => {}
            }
        }
        let mut body = Vec::new();
        input
            .by_ref()
            .take(length.min(MAX_BODY))
            .read_to_end(&mut body)?;
        Ok(Some(Self {
            method,
            path,
            wants_complete,
            body,
        }))
    }
}
