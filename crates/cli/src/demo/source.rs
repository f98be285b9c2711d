//! Where a demo's events come from: a recorded node in this process, or any node.

use std::fs::File;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::time::Duration;

use event_streamer::models::StartBlock;
use event_streamer::server::ChainConfig;
use event_streamer::server::rpc::{RpcClient, RpcClientConfig, RpcUrl};
use event_streamer_replay::{BlockPosition, Recording, ReplayNode};

use super::state::DemoState;
use super::view::Past;
use crate::args::{DemoArgs, FromBlock};
use crate::exit::Failure;

/// The recording that the program carries; `cargo xtask record-demo` makes it.
const BUILT_IN: &[u8] = include_bytes!("../../assets/demo-recording.ndjson.gz");

/// A chain to stream from.
pub(super) struct Source {
    /// How the service reaches it.
    pub(super) chain: ChainConfig,
    /// Where the stream begins.
    pub(super) from: StartBlock,
    /// Where it ends, if it does.
    pub(super) to: Option<u64>,
    /// The part of it that is there already.
    pub(super) past: Option<Past>,
    /// One line for people; also what tells one demo from another.
    pub(super) title: String,
    recorded: Option<ReplayNode>,
}

impl Source {
    /// The source that the command line asks for; for a resumed demo, as it stood.
    ///
    /// # Errors
    /// When the recording cannot be read, or the node cannot be reached.
    pub(super) async fn open(
        args: &DemoArgs,
        earlier: Option<&DemoState>,
    ) -> Result<Self, Failure> {
        let mut source = match &args.rpc_url {
            Some(url) => Self::node(args, url).await?,
            None => Self::recording(args, earlier.and_then(|state| state.head)).await?,
        };
        // What was shown earlier is not waited for again.
        if let Some(block) = earlier.and_then(|state| state.block) {
            source.past = source
                .past
                .filter(|past| block < past.last)
                .map(|past| Past {
                    first: block.max(past.first),
                    ..past
                });
        }
        Ok(source)
    }

    async fn recording(args: &DemoArgs, head: Option<u64>) -> Result<Self, Failure> {
        let name = args
            .recording
            .as_ref()
            .map_or("the built-in recording".to_owned(), |path| {
                path.display().to_string()
            });
        let recording = read(args.recording.clone()).await?;
        let (first, last) = (recording.first_block(), recording.last_block());
        let from = match args.from_block {
            None => first,
            Some(FromBlock::Number(number)) if number <= last => number,
            Some(FromBlock::Number(number)) => {
                return Err(Failure::usage(format!(
                    "block {number} is above the recording's last, {last}"
                )));
            }
            Some(FromBlock::Latest) => last.saturating_sub(args.live_blocks).saturating_add(1),
        };
        let to = args.to_block.unwrap_or(last);
        if to < from || to > last {
            return Err(Failure::usage(format!(
                "--to-block {to} is outside the recording's blocks {from} to {last}"
            )));
        }
        let chain_id = recording.chain_id();
        let title = format!("{name}: chain {chain_id}, blocks {first} to {last}");
        let start = BlockPosition::BeforeLast(args.live_blocks);
        let node = ReplayNode::builder(recording)
            .head(head.map_or(start, |head| BlockPosition::Number(head.min(last))))
            .start()
            .await
            .map_err(|error| Failure::because("cannot start the recorded node", &error))?;
        let chain = ChainConfig::new(chain_id)
            .with_name(format!("chain {chain_id} (recorded)"))
            .with_block_time(args.block_time.max(Duration::from_millis(50)))
            .with_endpoint(url(&node.http_url())?)
            .with_endpoint(url(&node.ws_url())?);
        let past = Past {
            first: from,
            last: node.head().min(to),
        };
        Ok(Self {
            chain,
            from: StartBlock::Number(from),
            to: Some(to),
            past: (past.first <= past.last).then_some(past),
            title,
            recorded: Some(node),
        })
    }

    async fn node(args: &DemoArgs, text: &str) -> Result<Self, Failure> {
        let endpoint = url(text)?;
        let failed = |error| Failure::because("cannot reach the node", &error);
        let node = RpcClient::new(endpoint.clone(), &RpcClientConfig::default()).map_err(failed)?;
        let chain_id = node.chain_id().await.map_err(failed)?.get();
        let head = node.block_number().await.map_err(failed)?;
        let mut chain = ChainConfig::new(chain_id).with_endpoint(endpoint.clone());
        if let Some(ws) = &args.ws_url {
            let ws = url(ws)?;
            if !ws.is_websocket() {
                return Err(Failure::usage("--ws-url must begin with ws:// or wss://"));
            }
            chain = chain.with_endpoint(ws);
        }
        let (from, past) = match args.from_block.unwrap_or(FromBlock::Latest) {
            FromBlock::Latest => (StartBlock::Latest, None),
            FromBlock::Number(first) => {
                let last = args.to_block.map_or(head, |to| to.min(head));
                (
                    StartBlock::Number(first),
                    (first <= last).then_some(Past { first, last }),
                )
            }
        };
        let title = format!("{} ({endpoint}), chain {chain_id}, head {head}", chain.name);
        Ok(Self {
            chain,
            from,
            to: args.to_block,
            past,
            title,
            recorded: None,
        })
    }

    /// Everything that is there is delivered: a recorded node now mines the rest.
    pub(super) fn go_live(&self, block_time: Duration) {
        if let Some(node) = &self.recorded {
            node.set_block_time(Some(block_time));
        }
    }

    /// The recorded node's head.
    pub(super) fn head(&self) -> Option<u64> {
        self.recorded.as_ref().map(ReplayNode::head)
    }

    /// Ends what was started.
    pub(super) async fn close(self) {
        if let Some(node) = self.recorded {
            node.shutdown().await;
        }
    }
}

/// Reads a recording on a thread of its own: a long one must not keep a Ctrl-C waiting.
async fn read(path: Option<PathBuf>) -> Result<Recording, Failure> {
    let reading = tokio::task::spawn_blocking(|| match path {
        Some(path) => load(&path),
        None => Recording::read(Cursor::new(BUILT_IN))
            .map_err(|error| Failure::because("the built-in recording is damaged", &error)),
    });
    reading
        .await
        .unwrap_or_else(|error| Err(Failure::because("cannot read the recording", &error)))
}

fn load(path: &Path) -> Result<Recording, Failure> {
    let file = File::open(path).map_err(|error| {
        Failure::because(
            format!("cannot open the recording {}", path.display()),
            &error,
        )
    })?;
    Recording::read(file).map_err(|error| {
        Failure::because(
            format!("cannot read the recording {}", path.display()),
            &error,
        )
    })
}

fn url(text: &str) -> Result<RpcUrl, Failure> {
    text.parse()
        .map_err(|error| Failure::because("not a node's URL", &error))
}
