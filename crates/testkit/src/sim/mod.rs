//! A JSON-RPC node whose chain, forks, faults and lies a test writes down.
//!
//! | file | what it knows |
//! |---|---|
//! | `block`, `filter` | a block with its logs, and which logs a query lets pass |
//! | `chain` | every block that ever was, which of them count, and the true answer to a call |
//! | `lie` | what may be answered instead |
//! | `node` | what a test says to the node |
//! | `http`, `socket` | the node's two sides of one port |
//! | `refusals` | how providers refuse `eth_getLogs` |

mod block;
mod chain;
mod filter;
mod http;
mod lie;
mod node;
mod refusals;
mod socket;

pub(crate) use http::next_request;

pub use block::{Block, some_logs};
pub use lie::{Asked, Lie};
pub use node::{Announcing, SimNode};
pub use refusals::{Cap, REFUSALS, Refusal, RefusalHint};

#[cfg(test)]
mod tests;
