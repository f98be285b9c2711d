//! How connections are opened, as a seam: name lookup and TCP, or something in their place.

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Uri;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tower::Service;

use crate::origin::Origin;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// An open connection: bytes both ways.
pub trait Link: AsyncRead + AsyncWrite + Send + Unpin + 'static {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin + 'static> Link for T {}

/// What [`Dial::dial`] returns.
pub type Dialing = Pin<Box<dyn Future<Output = io::Result<Box<dyn Link>>> + Send>>;

/// Opens connections in place of name lookup and TCP: a simulated network, a proxy.
///
/// Any function from an [`Origin`] to a future link is one.
///
/// ```
/// use event_streamer_transport::{HttpClient, Origin};
///
/// let client = HttpClient::builder()
///     .dialer(|origin: Origin| async move {
///         // A network where every host is the local one.
///         tokio::net::TcpStream::connect(("127.0.0.1", origin.port())).await
///     })
///     .build()?;
/// # let _ = client;
/// # Ok::<(), event_streamer_transport::TransportError>(())
/// ```
pub trait Dial: Send + Sync + 'static {
    /// Opens a connection to an origin, without TLS: that is put on top where the scheme is https.
    fn dial(&self, origin: Origin) -> Dialing;
}

impl<F, Fut, L> Dial for F
where
    F: Fn(Origin) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = io::Result<L>> + Send + 'static,
    L: Link,
{
    fn dial(&self, origin: Origin) -> Dialing {
        let link = self(origin);
        Box::pin(async move { Ok(Box::new(link.await?) as Box<dyn Link>) })
    }
}

/// The bottom of the connector.
#[derive(Clone)]
pub(crate) enum Dialer {
    /// The system's name lookup, and TCP.
    System(HttpConnector),
    Custom(Arc<dyn Dial>),
}

impl Dialer {
    pub(crate) fn system() -> Self {
        let mut tcp = HttpConnector::new();
        // The TLS layer above decides by the scheme.
        tcp.enforce_http(false);
        // Requests and acknowledgements are small and wanted at once.
        tcp.set_nodelay(true);
        Self::System(tcp)
    }
}

impl fmt::Debug for Dialer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::System(_) => "System",
            Self::Custom(_) => "Custom",
        })
    }
}

impl Service<Uri> for Dialer {
    type Response = TokioIo<Box<dyn Link>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        match self {
            Self::System(tcp) => tcp.poll_ready(cx).map_err(Into::into),
            Self::Custom(_) => Poll::Ready(Ok(())),
        }
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        match self {
            Self::System(tcp) => {
                let connecting = tcp.call(uri);
                Box::pin(async move {
                    let stream = connecting.await?.into_inner();
                    Ok(TokioIo::new(Box::new(stream) as Box<dyn Link>))
                })
            }
            Self::Custom(dialer) => {
                let dialing = Origin::of(&uri).map(|origin| dialer.dial(origin));
                Box::pin(async move { Ok(TokioIo::new(dialing?.await?)) })
            }
        }
    }
}

impl Connection for Box<dyn Link> {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}
