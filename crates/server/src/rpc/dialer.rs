//! How connections to nodes are opened.

use std::fmt;
use std::sync::Arc;

use std::io;

use event_streamer_transport::{Dial, Dialing, HttpClientBuilder, Link, Origin};
use tokio::net::TcpStream;

use super::public::PublicDialer;

/// Opens connections to nodes; by default with the system's name lookup and TCP.
///
/// ```
/// use event_streamer_server::rpc::{NodeDialer, RpcClientConfig};
/// use event_streamer_transport::Origin;
///
/// // A network where every node is the local one.
/// let dialer = NodeDialer::new(|origin: Origin| async move {
///     tokio::net::TcpStream::connect(("127.0.0.1", origin.port())).await
/// });
/// let config = RpcClientConfig { dialer, ..RpcClientConfig::default() };
/// # let _ = config;
/// ```
#[derive(Clone, Default)]
pub struct NodeDialer(Dialer);

#[derive(Clone, Default)]
enum Dialer {
    #[default]
    System,
    Public,
    Custom(Arc<dyn Dial>),
}

impl NodeDialer {
    /// A network of one's own: a simulated one, a proxy.
    #[must_use]
    pub fn new(dialer: impl Dial) -> Self {
        Self(Dialer::Custom(Arc::new(dialer)))
    }

    /// The system's name lookup and TCP, but only to addresses of the public internet: for nodes
    /// that strangers may name. Each connection is checked, after its name was looked up.
    #[must_use]
    pub fn public() -> Self {
        Self(Dialer::Public)
    }

    pub(super) fn apply(&self, http: HttpClientBuilder) -> HttpClientBuilder {
        match &self.0 {
            Dialer::System => http,
            Dialer::Public => http.dialer(PublicDialer::default()),
            Dialer::Custom(dialer) => http.dialer(Shared(Arc::clone(dialer))),
        }
    }

    /// Opens one connection, without TLS.
    pub(super) async fn dial(&self, origin: Origin) -> io::Result<Box<dyn Link>> {
        match &self.0 {
            Dialer::System => {
                let host = origin.host().trim_matches(['[', ']']);
                let stream = TcpStream::connect((host, origin.port())).await?;
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
            Dialer::Public => PublicDialer::default().dial(origin).await,
            Dialer::Custom(dialer) => dialer.dial(origin).await,
        }
    }
}

/// One dialer of several clients.
struct Shared(Arc<dyn Dial>);

impl Dial for Shared {
    fn dial(&self, origin: Origin) -> Dialing {
        self.0.dial(origin)
    }
}

impl PartialEq for NodeDialer {
    /// Whether it is the same one.
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Dialer::System, Dialer::System) | (Dialer::Public, Dialer::Public) => true,
            (Dialer::Custom(one), Dialer::Custom(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}

impl Eq for NodeDialer {}

impl fmt::Debug for NodeDialer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Dialer::System => "System",
            Dialer::Public => "Public",
            Dialer::Custom(_) => "Custom",
        })
    }
}
