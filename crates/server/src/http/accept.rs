//! Where connections come from, as a seam: a TCP listener, or something in its place.

use std::future::Future;
use std::io;
use std::net::IpAddr;

use event_streamer_transport::Link;
use tokio::net::{TcpListener, TcpStream};

/// Gives the connections that a [`Service`](crate::Service) serves: those of a TCP listener, or of a
/// simulated network.
pub trait Accept: Send + 'static {
    /// A connection: bytes both ways.
    type Socket: Link;

    /// Waits for the next connection. Dropping the future loses none.
    ///
    /// # Errors
    ///
    /// If none can be accepted now. It is tried again after a moment.
    fn accept(&mut self) -> impl Future<Output = io::Result<Self::Socket>> + Send;

    /// The address at the other end, where there is such a thing: for the limits per address, and
    /// the logs.
    fn peer(socket: &Self::Socket) -> Option<IpAddr> {
        let _ = socket;
        None
    }
}

impl Accept for TcpListener {
    type Socket = TcpStream;

    async fn accept(&mut self) -> io::Result<TcpStream> {
        loop {
            match TcpListener::accept(self).await {
                Ok((socket, _)) => {
                    // Without it small answers wait for the other side's acknowledgement. A socket
                    // that refuses is served all the same.
                    let _ = socket.set_nodelay(true);
                    return Ok(socket);
                }
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn peer(socket: &TcpStream) -> Option<IpAddr> {
        // A dual-stack listener shows IPv4 clients as mapped addresses.
        Some(socket.peer_addr().ok()?.ip().to_canonical())
    }
}

/// The connection failed before it was accepted; the listener is fine.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionReset
    )
}
