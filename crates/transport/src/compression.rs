//! Whether compressed bodies are asked for.

/// Whether a client asks for compressed response bodies, and undoes their compression.
///
/// With [`On`](Self::On) every request carries `Accept-Encoding: zstd, gzip`, and bodies arrive
/// decompressed, their `Content-Encoding` and `Content-Length` taken away. A peer that flushes its
/// compressor after each message is read message by message. One encoding is undone, not several on
/// top of each other; the growth is limited by
/// [`max_compression_ratio`](crate::HttpClientBuilder::max_compression_ratio).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compression {
    /// Nothing is asked for, and bodies are handed over as they are.
    #[default]
    Off,
    /// zstd or gzip.
    On,
}
