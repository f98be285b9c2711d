//! A recorded chain with a service on top, and what a client of it must receive.

use std::io::Cursor;
use std::path::PathBuf;
use std::time::Duration;

use event_streamer::models::Log;
use event_streamer::server::{ChainConfig, DatabaseConfig, DeliveryConfig, Service, ServiceConfig};
use event_streamer_replay::{Recording, ReplayNode};
use event_streamer_testkit::testdata;
use tempfile::TempDir;

use crate::watch::TRANSFER_TOPIC0;

/// The recording that the program carries.
pub(crate) fn built_in_recording() -> Recording {
    let file = include_bytes!("../../assets/demo-recording.ndjson.gz");
    Recording::read(Cursor::new(file.as_slice())).unwrap()
}

/// The file with 51 blocks of Ethereum mainnet, where this machine has it.
pub(crate) fn mainnet_file() -> Option<PathBuf> {
    let file = testdata::file("mainnet-18426253-18426303.ndjson.gz");
    if file.is_none() {
        eprintln!("without the mainnet logs (EVENT_STREAMER_TEST_DATA): nothing was tested here");
    }
    file
}

/// Every log with the topic of Transfer.
pub(crate) trait TransferLogs {
    fn transfer_logs(&self) -> impl Iterator<Item = &Log>;
}

impl TransferLogs for Recording {
    fn transfer_logs(&self) -> impl Iterator<Item = &Log> {
        self.logs(self.first_block()..=self.last_block())
            .filter(|log| {
                log.topics
                    .first()
                    .is_some_and(|topic| topic.to_string() == TRANSFER_TOPIC0)
            })
    }
}

/// (name, block, log index) of what a Transfer subscription receives, in order. Written down
/// without the decoder: an ERC-20 transfer has three topics and 32 bytes of data.
pub(crate) fn expected_transfers(recording: &Recording) -> Vec<(String, u64, u64)> {
    recording
        .transfer_logs()
        .map(|log| {
            (
                name(log).to_owned(),
                log.block_number,
                u64::from(log.log_index),
            )
        })
        .collect()
}

fn name(log: &Log) -> &'static str {
    if log.topics.len() == 3 && log.data.len() == 32 {
        "Transfer"
    } else {
        "$undecoded"
    }
}

/// A recorded node, a service on it, and what to expect of both.
pub(crate) struct Scene {
    node: ReplayNode,
    service: Service,
    expected: Vec<(String, u64, u64)>,
    _data: TempDir,
}

pub(crate) async fn recorded_scene() -> Scene {
    Scene::over(built_in_recording()).await
}

pub(crate) async fn mainnet_scene() -> Option<Scene> {
    let recording = Recording::load(mainnet_file()?).unwrap();
    Some(Scene::over(recording).await)
}

impl Scene {
    async fn over(recording: Recording) -> Self {
        let expected = expected_transfers(&recording);
        let chain_id = recording.chain_id();
        let node = ReplayNode::builder(recording).start().await.unwrap();
        let data = tempfile::tempdir().unwrap();
        let chain = ChainConfig::new(chain_id)
            .with_block_time(Duration::from_millis(100))
            .with_endpoint(node.http_url().parse().unwrap())
            .with_endpoint(node.ws_url().parse().unwrap());
        let config = ServiceConfig::new(DatabaseConfig::Sqlite(data.path().join("test.sqlite")))
            .with_listen(([127, 0, 0, 1], 0).into())
            .with_delivery(
                DeliveryConfig::default().with_heartbeat_interval(Duration::from_millis(200)),
            )
            .with_chain(chain);
        let service = Service::start(config).await.unwrap();
        Self {
            node,
            service,
            expected,
            _data: data,
        }
    }

    pub(crate) fn service_url(&self) -> String {
        self.service.url()
    }

    pub(crate) fn chain_id(&self) -> u64 {
        self.node.recording().chain_id()
    }

    pub(crate) fn first_block(&self) -> u64 {
        self.node.recording().first_block()
    }

    pub(crate) fn last_block(&self) -> u64 {
        self.node.recording().last_block()
    }

    pub(crate) fn expected(&self) -> Vec<(String, u64, u64)> {
        self.expected.clone()
    }

    pub(crate) async fn close(self) {
        self.service.shutdown().await;
        self.node.shutdown().await;
    }
}
