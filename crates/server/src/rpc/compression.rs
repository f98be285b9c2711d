//! Whether a node's answers come compressed.

use event_streamer_transport::{Compression, HttpClientBuilder};

use super::url::RpcUrl;

/// Whether a node is asked for compressed answers (zstd or gzip). What they are decompressed to is
/// limited like any answer, and to 200 times their length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NodeCompression {
    /// Of nodes that are asked over TLS: logs shrink to about a sixth. A node without TLS is near,
    /// and compresses more slowly than a loopback carries.
    #[default]
    OverTls,
    /// Of every node.
    Always,
    /// Of none.
    Never,
}

impl NodeCompression {
    pub(super) fn apply(self, http: HttpClientBuilder, url: &RpcUrl) -> HttpClientBuilder {
        let is_on = match self {
            Self::OverTls => url.uri().scheme_str() == Some("https"),
            Self::Always => true,
            Self::Never => false,
        };
        http.compression(match is_on {
            true => Compression::On,
            false => Compression::Off,
        })
    }
}
