//! The ingest over real HTTP and WebSocket, against nodes that fork, fail and lie.

mod anvil;
mod chain_id;
mod endpoints;
mod finality;
pub(crate) mod fold;
mod head;
mod history;
mod incomplete;
mod mainnet;
mod many;
pub(crate) mod node;
mod property;
mod reorg;
mod rpc;
mod shutdown;
mod verify;
mod wake;
