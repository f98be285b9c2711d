//! One connection: bytes on their way.

use bytes::BytesMut;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf, split};
use tokio::sync::watch;

use super::{Host, Network};
use crate::wire::MemoryStream;

/// As much as is on its way at once.
const PIECE: usize = 16 << 10;

pub(super) struct Connection {
    pub(super) number: u64,
    pub(super) from: Host,
    pub(super) to: Host,
    /// The network's side of the end at `from`.
    pub(super) near: MemoryStream,
    /// The network's side of the end at `to`.
    pub(super) far: MemoryStream,
    pub(super) reset: watch::Receiver<u64>,
}

/// Carries what is said until both have ended, or the connection is reset.
pub(super) async fn carry(network: Network, connection: Connection) {
    let Connection {
        number,
        from,
        to,
        near,
        far,
        mut reset,
    } = connection;
    let (abort_near, abort_far) = (near.abort_handle(), far.abort_handle());
    let (near_read, near_write) = split(near);
    let (far_read, far_write) = split(far);
    let both = async {
        tokio::join!(
            one_way(&network, number, (from, to), near_read, far_write),
            one_way(&network, number, (to, from), far_read, near_write),
        )
    };
    tokio::select! {
        biased;
        _ = reset.changed() => {
            abort_near.abort();
            abort_far.abort();
            network.trace().note(format!("connection {number}: reset"));
        }
        _ = both => {}
    }
}

async fn one_way(
    network: &Network,
    number: u64,
    (from, to): (Host, Host),
    mut read: ReadHalf<MemoryStream>,
    mut write: WriteHalf<MemoryStream>,
) {
    let mut buffer = BytesMut::with_capacity(PIECE);
    loop {
        buffer.clear();
        if !matches!(read.read_buf(&mut buffer).await, Ok(1..)) {
            network.pass(from, to).await;
            let _ = write.shutdown().await;
            return;
        }
        // Whoever is to read the second part may never get it.
        let (first, second) = buffer.split_at(network.cut(buffer.len()));
        for part in [first, second] {
            if part.is_empty() {
                continue;
            }
            network.pass(from, to).await;
            network
                .trace()
                .note(format!("connection {number}: {} bytes to {to}", part.len()));
            if write.write_all(part).await.is_err() {
                return;
            }
        }
    }
}
