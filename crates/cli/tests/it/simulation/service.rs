//! The service as a process: started, killed, shut down.

use std::io;
use std::time::Duration;

use event_streamer::server::rpc::NodeDialer;
use event_streamer::server::{
    Accept, ChainConfig, DatabaseConfig, MemoryDatabase, Service, ServiceConfig,
};
use event_streamer::transport::Origin;
use event_streamer_testkit::{Incoming, MemoryStream, Network};

use super::chain::CHAIN_ID;

pub(super) const BLOCK_TIME: Duration = Duration::from_secs(1);

/// What an acknowledgement takes to be on the disk.
const WRITE_TIME: Duration = Duration::from_millis(8);

/// A machine with the service and its disk.
pub(super) struct ServiceMachine {
    network: Network,
    /// Outlives the process.
    disk: MemoryDatabase,
    seed: u64,
    process: Option<Service>,
}

struct Door(Incoming);

impl Accept for Door {
    type Socket = MemoryStream;

    async fn accept(&mut self) -> io::Result<MemoryStream> {
        match self.0.accept().await {
            Some(stream) => Ok(stream),
            // The machine is gone, and this process with it in a moment.
            None => std::future::pending().await,
        }
    }
}

impl ServiceMachine {
    pub(super) fn new(network: &Network, seed: u64) -> Self {
        Self {
            network: network.clone(),
            disk: MemoryDatabase::new().with_write_time(WRITE_TIME),
            seed,
            process: None,
        }
    }

    pub(super) fn is_running(&self) -> bool {
        self.process.is_some()
    }

    pub(super) async fn start(&mut self) {
        if self.is_running() {
            return;
        }
        self.network.trace().note("the service starts");
        let network = self.network.clone();
        let dialer = NodeDialer::new(move |_: Origin| {
            let network = network.clone();
            async move { network.dial("service", "node").await }
        });
        let chain = ChainConfig::new(CHAIN_ID)
            .with_endpoint("http://node.test/".parse().unwrap())
            .with_block_time(BLOCK_TIME)
            .with_simulation(dialer, self.seed);
        let database = DatabaseConfig::Memory(self.disk.clone());
        let config = ServiceConfig::new(database).with_chain(chain);
        let door = Door(self.network.listen("service"));
        self.process = Some(Service::start_on(door, config).await.unwrap());
    }

    /// Ends in the midst of everything.
    pub(super) fn kill(&mut self) {
        self.network.crash("service");
        self.process = None;
    }

    /// Ends in good order.
    pub(super) async fn shut_down(&mut self) {
        self.network.trace().note("the service shuts down");
        if let Some(service) = self.process.take() {
            service.shutdown().await;
        }
        self.network.crash("service");
    }
}
