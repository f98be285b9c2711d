//! An EVM node for offline use: it serves a recording of a chain over real JSON-RPC, HTTP and
//! WebSocket.
//!
//! Programs that follow a chain are hard to test: a public node is slow, limited and never the same
//! twice, and a simulated chain has none of the oddities of a real one. A [`Recording`] holds the
//! headers and logs of a range of blocks in one small file, and a [`ReplayNode`] serves them as a
//! node would, on a port of its own, mining the blocks when told to or at a pace of your choice.
//! There is no EVM in it: it answers what programs that read blocks and logs ask for.
//!
//! ```
//! use event_streamer_replay::{BlockPosition, Recording, ReplayNode};
//! use futures_util::{SinkExt, StreamExt};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A recording in memory; `Recording::load` takes a file, `RecordingBuilder` headers and logs.
//! let lines = [
//!     r#"{"recording":1,"chain_id":1,"first_block":100,"last_block":120}"#,
//!     r#"{"block":{"number":"0x64","timestamp":"0x6553f100"}}"#,
//!     r#"{"log":{"address":"0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2","topics":[],"data":"0x01","blockNumber":"0x65","blockHash":null,"transactionHash":"0x1220670dcfbe51b260164950bcbd3212775e1f5b4c894e0c18fa98ee24eedfe5","transactionIndex":"0x0","logIndex":"0x0"}}"#,
//! ];
//! let recording = Recording::read(lines.join("\n").as_bytes())?;
//! let node = ReplayNode::builder(recording)
//!     .head(BlockPosition::BeforeLast(10))
//!     .start()
//!     .await?;
//!
//! let (mut socket, _) = tokio_tungstenite::connect_async(node.ws_url()).await?;
//! let request = r#"{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}"#;
//! socket.send(request.into()).await?;
//! let answer = socket.next().await.ok_or("closed")??;
//! assert_eq!(answer.to_text()?, r#"{"jsonrpc":"2.0","id":1,"result":"0x1"}"#);
//!
//! node.mine(1);
//! let announcement = socket.next().await.ok_or("closed")??;
//! assert!(announcement.to_text()?.contains(r#""number":"0x6f""#));
//!
//! let request = r#"{"jsonrpc":"2.0","id":2,"method":"eth_getLogs","params":[{"fromBlock":"0x64"}]}"#;
//! socket.send(request.into()).await?;
//! let answer = socket.next().await.ok_or("closed")??;
//! assert!(answer.to_text()?.contains(r#""data":"0x01""#));
//!
//! node.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! # The node
//!
//! | method | notes |
//! |---|---|
//! | `eth_chainId`, `net_version`, `web3_clientVersion`, `eth_blockNumber` | |
//! | `eth_getBlockByNumber`, `eth_getBlockByHash` | `null` above the head. Transactions as recorded, else the hashes of those that made the recorded logs; full transactions are error -32000 unless recorded |
//! | `eth_getLogs` | below |
//! | `eth_subscribe`, `eth_unsubscribe` | `newHeads`, over a WebSocket |
//!
//! - A block is named by its number or by `latest`, `earliest` (block 0), `safe` (32 below the
//!   head), `finalized` (64 below the head, see [`ReplayNodeBuilder::finality`]) or `pending`,
//!   which is the latest.
//! - `eth_getLogs` takes `address` (one, many, or none for any), `topics` (per position `null`, one
//!   or many), and `blockHash` or `fromBlock` and `toBlock` (each `latest` if missing). A log with
//!   fewer topics than the filter has positions does not match, also where a position is `null`, as
//!   in geth. `fromBlock` above the head is error -32602, `toBlock` above it is cut to it, an
//!   unknown `blockHash` is error -32000.
//! - Errors: -32700 not JSON, -32600 not a request (also an empty or too long batch), -32601 no such
//!   method, -32602 bad parameters, -32000 not there, -32003 answer too long, -32005 a limit of
//!   [`NodeLimits`].
//! - Batches are answered in their order. Calls without `id` are not answered; over HTTP that is
//!   status 204.
//! - Fields that a recording lacks and clients insist on (`miner`, `stateRoot`, `gasLimit` ..) have
//!   neutral values. A root that is all zeros is not known.
//! - `blockTimestamp` is in a log if it is in the recording's log.
//! - The node has no clock but the one that mines: under tokio's paused clock nothing times out.
//!
//! # The recording
//!
//! Lines of JSON, plain or compressed by gzip or zstd:
//!
//! ```json
//! {"recording":1,"chain_id":1,"source":"..","license":"..","complete_blocks":true,"logs":1,"first_block":100,"last_block":120}
//! {"block":{"number":"0x64","hash":"0x..","parentHash":"0x..","timestamp":"0x6553f100","logsBloom":"0x..","receiptsRoot":"0x.."}}
//! {"log":{"address":"0x..","topics":["0x.."],"data":"0x..","blockNumber":"0x64","blockHash":null,"transactionHash":"0x..","transactionIndex":"0x0","logIndex":"0x0"}}
//! ```
//!
//! The first line needs `recording` (the version, 1) and `chain_id`; `logs`, `first_block` and
//! `last_block` are checked if they are there. `block` is a header as far as it is known, with at
//! least its `number`; `log` is as in `eth_getLogs`. Blocks ascend, logs ascend by (block, log
//! index), and a block comes before its logs: all blocks first, or each before its logs. What
//! contradicts itself is refused, with the line. The whole format is described in
//! `docs/recording-format.md` of the repository.
//!
//! # What is derived
//!
//! - **Blocks** between `first_block` and `last_block` that have neither a `block` nor a `log` line
//!   are empty, and so are all blocks below `first_block`: a recording of 13 blocks that lie eight
//!   million apart is a chain without holes, in the memory of 13 blocks.
//! - **Hashes**: a block's own, else the one its logs name, else the one that the block above names
//!   as its parent, else one derived by Keccak-256 from the chain id, the number and, for a recorded
//!   block, its parent's hash, its time and its logs; for one that is not recorded, the hash of the
//!   last recorded block below. A derived hash ends in the block's number as 8 bytes. Two
//!   recordings that differ in a log differ in all derived hashes from there on.
//! - **Parents** are the hashes of the blocks below; that of block 0 is zero.
//! - **Times**: a block's own, else the one its logs name, else on the straight line between the
//!   nearest blocks below and above whose times are known, else 12 s per block beyond them. If none
//!   is known, the first block is of 2020-09-13T12:26:40Z.
//! - **Blooms** are computed from the logs where a header has none. One that is recorded is served as
//!   it is; [`Recording::computed_bloom`] says what it should be.

mod chain;
mod error;
mod keccak;
mod limits;
mod node;
mod recording;
mod rpc;

pub use error::{NodeError, NodeErrorKind, RecordingError, RecordingErrorKind};
pub use keccak::bloom_of;
pub use limits::NodeLimits;
pub use node::{BlockPosition, ReplayNode, ReplayNodeBuilder};
pub use recording::{
    RecordedHeader, Recording, RecordingBuilder, RecordingInfo, RecordingLimits, RecordingSummary,
    RecordingWriter,
};
