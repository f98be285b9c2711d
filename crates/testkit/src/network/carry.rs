//! One connection: bytes on their way.

use std::sync::Arc;

use bytes::BytesMut;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf, split};

use super::signal::Signal;
use super::{Host, Network, Random};
use crate::wire::MemoryStream;

/// As much as is on its way at once.
const PIECE: usize = 16 << 10;

pub(super) struct Connection {
    pub(super) name: String,
    pub(super) from: Host,
    pub(super) to: Host,
    /// The network's side of the end at `from`.
    pub(super) near: MemoryStream,
    /// The network's side of the end at `to`.
    pub(super) far: MemoryStream,
    pub(super) resets: Arc<Signal>,
    /// How many resets there had been when it was made.
    pub(super) resets_before: u64,
    pub(super) chance: Random,
}

/// Carries what is said until both have ended, or the connection is reset.
pub(super) async fn carry(network: Network, connection: Connection) {
    let Connection {
        name,
        from,
        to,
        near,
        far,
        resets,
        resets_before,
        mut chance,
    } = connection;
    let back = Random::new(chance.number());
    let (abort_near, abort_far) = (near.abort_handle(), far.abort_handle());
    let (near_read, near_write) = split(near);
    let (far_read, far_write) = split(far);
    let both = async {
        tokio::join!(
            one_way(&network, &name, (from, to), near_read, far_write, chance),
            one_way(&network, &name, (to, from), far_read, near_write, back),
        )
    };
    tokio::select! {
        biased;
        () = resets.wait_until(|resets| resets > resets_before) => {
            abort_near.abort();
            abort_far.abort();
            network.trace().note(format!("{name}: reset"));
        }
        _ = both => {}
    }
}

async fn one_way(
    network: &Network,
    name: &str,
    (from, to): (Host, Host),
    mut read: ReadHalf<MemoryStream>,
    mut write: WriteHalf<MemoryStream>,
    mut chance: Random,
) {
    let mut buffer = BytesMut::with_capacity(PIECE);
    loop {
        buffer.clear();
        if !matches!(read.read_buf(&mut buffer).await, Ok(1..)) {
            network.pass(from, to, &mut chance).await;
            let _ = write.shutdown().await;
            return;
        }
        // Whoever is to read the second part may never get it.
        let (first, second) = buffer.split_at(cut(&mut chance, buffer.len()));
        for part in [first, second] {
            if part.is_empty() {
                continue;
            }
            network.pass(from, to, &mut chance).await;
            network
                .trace()
                .note(format!("{name}: {} bytes to {to}", part.len()));
            if write.write_all(part).await.is_err() {
                return;
            }
        }
    }
}

/// Where a piece of so many bytes is cut in two, if it is.
fn cut(chance: &mut Random, bytes: usize) -> usize {
    if bytes > 1 && chance.one_in(4) {
        return 1 + chance.below(bytes as u64 - 1) as usize;
    }
    bytes
}
