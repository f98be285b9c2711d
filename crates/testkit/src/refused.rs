//! A port where nobody listens, and nobody else will.

use std::net::SocketAddr;

use tokio::net::TcpSocket;

/// A loopback port that refuses connections for as long as this value lives: it is taken, so that
/// no other test's server gets it, and not listened on.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let port = event_streamer_testkit::RefusedPort::new();
/// let refused = tokio::net::TcpStream::connect(port.addr()).await.unwrap_err();
/// assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
/// # }
/// ```
#[derive(Debug)]
pub struct RefusedPort {
    addr: SocketAddr,
    _taken: TcpSocket,
}

impl RefusedPort {
    /// Takes a free port.
    #[must_use]
    #[expect(
        clippy::new_without_default,
        reason = "taking a port is no default value"
    )]
    pub fn new() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket
            .bind(([127, 0, 0, 1], 0).into())
            .expect("a free loopback port");
        let addr = socket.local_addr().expect("a bound socket has an address");
        Self {
            addr,
            _taken: socket,
        }
    }

    /// The address that refuses.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// `http://127.0.0.1:port`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }
}
