//! HTTP/1.1 on a blocking socket, as far as prepared bytes need it: nearly all of the machine is
//! the contender's.

use std::io::{self, BufRead, Read, Write};
use std::net::TcpStream;

use crate::Result;

/// Longest head and body of a request that is read.
const MAX_HEAD: u64 = 64 << 10;
const MAX_BODY: u64 = 1 << 20;

/// The body of the next request, or the rest of a connection's input if it is none; `None` where
/// the connection ends instead.
///
/// # Errors
///
/// If the connection breaks or what comes is no HTTP.
pub fn read_request(input: &mut impl BufRead) -> Result<Option<Vec<u8>>> {
    let mut head = input.by_ref().take(MAX_HEAD);
    let mut line = String::new();
    if head.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let length = read_headers(&mut head)?.ok_or("a request without Content-Length")?;
    let mut body = Vec::new();
    input
        .by_ref()
        .take(length.min(MAX_BODY))
        .read_to_end(&mut body)?;
    Ok(Some(body))
}

/// Reads headers up to the empty line, and gives the length of what follows.
///
/// # Errors
///
/// If the connection breaks or what comes is no HTTP.
pub fn read_headers(head: &mut impl BufRead) -> Result<Option<u64>> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if head.read_line(&mut line)? == 0 {
            return Err("the head does not end".into());
        }
        let Some((name, value)) = line.trim_end().split_once(':') else {
            return Ok(length);
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = Some(value.trim().parse()?);
        }
    }
}

/// Writes a JSON answer in pieces, of which the large ones are not copied.
///
/// # Errors
///
/// If the connection breaks.
pub fn answer(mut socket: &TcpStream, pieces: &[&[u8]]) -> io::Result<()> {
    let length: usize = pieces.iter().map(|it| it.len()).sum();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    );
    let mut small = head.into_bytes();
    for piece in pieces {
        if piece.len() < 4096 {
            small.extend_from_slice(piece);
            continue;
        }
        socket.write_all(&small)?;
        small.clear();
        socket.write_all(piece)?;
    }
    socket.write_all(&small)
}
