//! Event Streamer's examples: one file per task.
//!
//! | task | command |
//! |---|---|
//! | decode a log with a contract's ABI, offline | `cargo run --example offline_abi` |
//! | stream from a node with the service in the own process | `cargo run --example embedded -- NODE_URL` |
//! | pull batches from a running service | `cargo run --example pull -- SERVICE_URL CHAIN_ID` |
//! | handle events with handlers, resume where it stopped | `cargo run --example handlers -- SERVICE_URL CHAIN_ID` |
//! | handle events as Rust types | `cargo run --example typed` |
//! | keep the position in a file | `cargo run --example checkpoint_file` |
//! | exactly once into SQLite | `cargo run --example exactly_once_sqlite` |
//! | exactly once into PostgreSQL | `cargo run --example exactly_once_postgres -- postgres://..` |
//! | put aside what a handler cannot take | `cargo run --example dead_letters` |
//! | handle side by side, in order by contract | `cargo run --example parallel` |
//!
//! Those that name no URL bring everything with them: [`Demo`] is a recorded chain and the service, in
//! the same process.

use std::error::Error;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use event_streamer::client::EventStreamer;
use event_streamer::models::{AbiEvent, ChainId, SubscriptionCreate, SubscriptionId};
use event_streamer::server::{ChainConfig, DatabaseConfig, Service, ServiceConfig};
use event_streamer_replay::{BlockPosition, Recording, ReplayNode};

/// 60 blocks of a real EVM chain with OpenZeppelin's and Uniswap's contracts.
const RECORDING: &[u8] = include_bytes!("../../crates/cli/assets/demo-recording.ndjson.gz");

/// A recorded chain and a service that follows it. What the service knows is kept in a folder, so that
/// an example that is run again goes on.
#[derive(Debug)]
pub struct Demo {
    node: ReplayNode,
    service: Service,
    folder: PathBuf,
}

impl Demo {
    /// Starts both; the folder is `target/examples-data/{name}` in the project.
    ///
    /// # Errors
    ///
    /// If a port or the folder cannot be had.
    pub async fn start(name: &str) -> Result<Self, Box<dyn Error>> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/examples-data");
        let folder = root.join(name);
        std::fs::create_dir_all(&folder)?;
        let node = ReplayNode::builder(Recording::read(Cursor::new(RECORDING))?)
            .head(BlockPosition::Last)
            .start()
            .await?;
        let database = DatabaseConfig::Sqlite(folder.join("service.sqlite"));
        let config = ServiceConfig::new(database)
            .with_listen(([127, 0, 0, 1], 0).into())
            .with_chain(ChainConfig::new(31_337).with_endpoint(node.http_url().parse()?));
        let service = Service::start(config).await?;
        Ok(Self {
            node,
            service,
            folder,
        })
    }

    /// Where the example may keep what it keeps.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A client of the service.
    ///
    /// # Errors
    ///
    /// As [`EventStreamer::new`].
    pub fn client(&self) -> Result<EventStreamer, Box<dyn Error>> {
        Ok(EventStreamer::new(self.service.url(), "example")?)
    }

    /// The subscription of an earlier run, or else a new one of all such events of the recording.
    ///
    /// # Errors
    ///
    /// As the calls it makes.
    pub async fn subscription(
        &self,
        client: &EventStreamer,
        event: AbiEvent,
    ) -> Result<SubscriptionId, Box<dyn Error>> {
        if let Some(earlier) = client.list_subscriptions(1, 1).await?.subscriptions.first() {
            return Ok(earlier.id);
        }
        let create = SubscriptionCreate::new(event, ChainId::new(31_337), 1)
            .with_end_block(self.node.last_block());
        Ok(client.create_subscription(create).await?.id)
    }

    /// Stops both.
    pub async fn stop(self) {
        self.service.shutdown().await;
        self.node.shutdown().await;
    }
}
