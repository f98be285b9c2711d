//! From a set of unreliable nodes to an ordered, complete sequence of logs.
//!
//! A [`ChainSource`] tracks the head of one chain and serves any number of [`Follower`]s. What
//! nodes get wrong stays in here: an answer is handed on only after it was checked, and until a
//! truthful one comes, everything waits. Nothing is ever skipped.
//!
//! | file | what it knows |
//! |---|---|
//! | `head` | which branch is the chain (pure) |
//! | `plan` | how many blocks to ask for at once (pure) |
//! | `check` | whether an answer can be true (pure) |
//! | `tracker`, `wake` | when to look at the head |
//! | `roster` | which endpoint to ask (pure), with `breaker` and `latency` |
//! | `endpoints`, `survey` | the endpoints, and what is heard of them |
//! | `index`, `router` | which follower a log is for (pure), and who follows |
//! | `recent`, `load`, `receipts` | each block near the head once for all followers |
//! | `follow` | what a follower reads next, and whether its position still stands |
//!
//! ```no_run
//! use event_streamer_models::Finality;
//! use event_streamer_server::ingest::{ChainSource, FollowStart, LogFilter, SourceConfig, Step};
//! use tokio_util::sync::CancellationToken;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let shutdown = CancellationToken::new();
//! let config = SourceConfig::new(1, vec!["http://127.0.0.1:8545".parse()?]);
//! let chain = ChainSource::start(config, shutdown.clone());
//! let start = FollowStart::Block(18_000_000);
//! let mut follower = chain.follow(LogFilter::default(), start, None, Finality::Latest);
//! loop {
//!     match follower.next().await? {
//!         Step::Logs(segment) => println!("{} logs up to {}", segment.logs.len(), segment.to.number),
//!         Step::Reorg(rollback) => println!("undo all above {}", rollback.rollback_to.number),
//!         Step::Incomplete(trouble) => println!("waiting at block {}", trouble.block),
//!         Step::End => break,
//!     }
//! }
//! shutdown.cancel();
//! chain.stopped().await;
//! # Ok(())
//! # }
//! ```

mod backoff;
mod breaker;
mod check;
mod config;
mod cursor;
mod endpoints;
mod error;
mod fault;
mod follow;
mod follower;
mod head;
mod index;
mod latency;
mod load;
mod matcher;
mod plan;
mod receipts;
mod recent;
mod ring;
mod roster;
mod router;
mod sample;
mod shared;
mod snapshot;
mod source;
mod step;
mod survey;
#[cfg(test)]
mod test_chain;
mod times;
mod tracker;
mod trail;
mod view;
mod wake;

pub use crate::rpc::LogFilter;
pub(crate) use check::bloom_of;

pub use breaker::{BreakerConfig, BreakerSnapshot};
pub use config::{SourceConfig, Timestamps, Verify};
pub use cursor::{Cursor, FollowStart};
pub(crate) use endpoints::breaker_prefix;
pub use error::{IngestError, IngestErrorKind};
pub use follower::Follower;
pub use snapshot::{EndpointIdentity, EndpointRole, EndpointSnapshot};
pub use source::{ChainSource, HeadState, SourceStatus};
pub use step::{Incomplete, Rollback, Segment, Step};
