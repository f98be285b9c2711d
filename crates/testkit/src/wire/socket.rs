//! What a script is played over: a TCP connection, or one in memory.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf};
use tokio::net::TcpStream;

/// As much as a loopback connection takes before its writer has to wait.
const MEMORY_BUFFER_BYTES: usize = 64 << 10;

/// The server's end.
pub(super) enum Socket {
    Tcp(TcpStream),
    Memory(MemoryStream),
}

impl Socket {
    pub(super) fn tcp(stream: TcpStream) -> Self {
        // Each step's bytes are to leave at once and alone.
        let _ = stream.set_nodelay(true);
        Self::Tcp(stream)
    }

    pub(super) async fn read_buf(&mut self, buffer: &mut BytesMut) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.read_buf(buffer).await,
            Self::Memory(stream) => stream.read_buf(buffer).await,
        }
    }

    pub(super) async fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.write_all(bytes).await,
            Self::Memory(stream) => stream.write_all(bytes).await,
        }
    }

    /// Sends the end of the stream.
    pub(super) async fn shutdown(&mut self) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.shutdown().await,
            Self::Memory(stream) => stream.shutdown().await,
        }
    }

    /// Makes the drop of this end a reset.
    pub(super) fn reset_on_drop(&mut self) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.set_zero_linger(),
            Self::Memory(stream) => {
                stream.reset.store(true, Ordering::Release);
                Ok(())
            }
        }
    }
}

/// One end of a connection in memory: no kernel between the ends, so a paused clock stands still
/// until both have nothing left to do.
#[derive(Debug)]
pub struct MemoryStream {
    inner: DuplexStream,
    /// Shared by both ends.
    reset: Arc<AtomicBool>,
}

/// Both ends of a new connection.
pub(crate) fn memory_pair() -> (MemoryStream, MemoryStream) {
    let (a, b) = tokio::io::duplex(MEMORY_BUFFER_BYTES);
    let reset = Arc::new(AtomicBool::new(false));
    (
        MemoryStream {
            inner: a,
            reset: reset.clone(),
        },
        MemoryStream { inner: b, reset },
    )
}

/// Makes the drop of an end a reset.
pub(crate) struct AbortHandle(Arc<AtomicBool>);

impl AbortHandle {
    pub(crate) fn abort(&self) {
        self.0.store(true, Ordering::Release);
    }
}

impl MemoryStream {
    pub(crate) fn abort_handle(&self) -> AbortHandle {
        AbortHandle(Arc::clone(&self.reset))
    }

    fn check_reset(&self) -> io::Result<()> {
        match self.reset.load(Ordering::Acquire) {
            true => Err(io::ErrorKind::ConnectionReset.into()),
            false => Ok(()),
        }
    }
}

impl AsyncRead for MemoryStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check_reset()?;
        ready!(Pin::new(&mut self.inner).poll_read(cx, buffer))?;
        // The drop that comes with the reset is what woke this end.
        Poll::Ready(self.check_reset())
    }
}

impl AsyncWrite for MemoryStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check_reset()?;
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
