//! From an ordered sequence of logs to the lines of one stream, and back from acknowledgements to
//! a position.
//!
//! Each stream has a [`pump`]: a task that reads its own follower, decodes, gathers batches and
//! writes them into a short queue whose other end is the HTTP body. A reader that does not read
//! fills its own queue and stops its own pump; nobody else notices.

pub(crate) mod acks;
pub(crate) mod body;
pub(crate) mod connection;
pub(crate) mod connections;
pub(crate) mod ending;
pub(crate) mod event_id;
pub(crate) mod features;
pub(crate) mod feed;
pub(crate) mod ids;
mod ledger;
pub(crate) mod lines;
mod liveness;
mod messages;
mod metadata;
pub(crate) mod meter;
pub(crate) mod plan;
#[cfg(feature = "prepared")]
pub(crate) mod prepared;
pub(crate) mod pump;
pub(crate) mod refusals;
pub(crate) mod tally;
#[cfg(test)]
pub(crate) mod testing;
