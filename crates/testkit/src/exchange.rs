//! The smallest HTTP client: bytes there, bytes back.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Sends raw bytes over a connection of their own, ends the sending side, and returns what came
/// back until the peer ended or reset the connection. Bytes that are not UTF-8 are replaced.
pub async fn exchange(addr: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(addr).await.expect("the server listens");
    stream
        .write_all(request.as_bytes())
        .await
        .expect("the server takes the request");
    let _ = stream.shutdown().await;
    let mut answer = Vec::new();
    // What came before a reset counts.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}
