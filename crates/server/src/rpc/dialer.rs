//! How connections to nodes are opened.

use std::fmt;
use std::sync::Arc;

use event_streamer_transport::{Dial, Dialing, HttpClientBuilder, Origin};

/// Opens connections to nodes over HTTP; by default with the system's name lookup and TCP.
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
pub struct NodeDialer(Option<Arc<dyn Dial>>);

impl NodeDialer {
    /// A network of one's own: a simulated one, a proxy.
    #[must_use]
    pub fn new(dialer: impl Dial) -> Self {
        Self(Some(Arc::new(dialer)))
    }

    pub(super) fn apply(&self, http: HttpClientBuilder) -> HttpClientBuilder {
        match &self.0 {
            None => http,
            Some(dialer) => http.dialer(Shared(Arc::clone(dialer))),
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
            (None, None) => true,
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}

impl Eq for NodeDialer {}

impl fmt::Debug for NodeDialer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            None => "System",
            Some(_) => "Custom",
        })
    }
}
