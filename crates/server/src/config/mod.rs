//! Everything that can be set about a service, with its default.

mod chain;
mod chain_api;
mod database;
mod delivery;
mod http;
mod idempotency;
mod ip_range;
mod tls;

use std::net::{Ipv4Addr, SocketAddr};

pub use crate::store::memory::MemoryDatabase;
pub use chain::ChainConfig;
pub(crate) use chain::fault_of_all as chain_fault;
pub use chain_api::ChainApiConfig;
pub use database::{DatabaseConfig, PostgresConfig, PostgresUrl, PostgresUrlError};
pub use delivery::DeliveryConfig;
pub use event_streamer_models::{CHAIN_PRESETS, ChainPreset};
pub use http::HttpConfig;
pub use idempotency::IdempotencyConfig;
pub use ip_range::{IpRange, IpRangeError};
pub use tls::TlsConfig;

use crate::error::ServiceError;
use crate::http::Tls;

/// What a [`Service`](crate::Service) is made of. Plain data.
///
/// ```
/// use event_streamer_server::{ChainConfig, DatabaseConfig, ServiceConfig};
///
/// let config = ServiceConfig::new(DatabaseConfig::Sqlite("events.db".into()))
///     .with_listen(([127, 0, 0, 1], 8000).into())
///     .with_chain(ChainConfig::new(1).with_endpoint("https://node.example/key".parse()?));
/// assert_eq!(config.chains[0].name, "Ethereum");
/// # Ok::<(), event_streamer_server::rpc::RpcUrlError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ServiceConfig {
    /// Where the API listens; port 0 takes a free one. Default `127.0.0.1:0`.
    pub listen: SocketAddr,
    /// Listens on an address that other machines can reach even if there are no API keys, so that
    /// everybody may do everything. Default false.
    pub insecure: bool,
    /// The certificate of the API. Default `None`: plain HTTP, for loopback or behind a proxy.
    pub tls: Option<TlsConfig>,
    /// Where subscriptions and positions are kept.
    pub database: DatabaseConfig,
    /// The chains that can be subscribed to. Each has an id and a name of its own.
    pub chains: Vec<ChainConfig>,
    /// Limits of the chains that are set through the API.
    pub chain_api: ChainApiConfig,
    /// How streams are written, and their limits.
    pub delivery: DeliveryConfig,
    /// Limits of the HTTP side.
    pub http: HttpConfig,
    /// What is remembered of creations that may be asked for again.
    pub idempotency: IdempotencyConfig,
}

impl ServiceConfig {
    /// A service on a free loopback port, without chains.
    #[must_use]
    pub fn new(database: DatabaseConfig) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            insecure: false,
            tls: None,
            database,
            chains: Vec::new(),
            chain_api: ChainApiConfig::default(),
            delivery: DeliveryConfig::default(),
            http: HttpConfig::default(),
            idempotency: IdempotencyConfig::default(),
        }
    }

    /// Sets where the API listens.
    #[must_use]
    pub fn with_listen(mut self, listen: SocketAddr) -> Self {
        self.listen = listen;
        self
    }

    /// Lets everybody who can reach the address do everything, if there are no API keys.
    #[must_use]
    pub fn with_insecure(mut self, insecure: bool) -> Self {
        self.insecure = insecure;
        self
    }

    /// Serves the API over TLS.
    #[must_use]
    pub fn with_tls(mut self, tls: TlsConfig) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Adds a chain.
    #[must_use]
    pub fn with_chain(mut self, chain: ChainConfig) -> Self {
        self.chains.push(chain);
        self
    }

    /// Sets the limits of the chains that are set through the API.
    #[must_use]
    pub fn with_chain_api(mut self, chain_api: ChainApiConfig) -> Self {
        self.chain_api = chain_api;
        self
    }

    /// Sets how streams are written.
    #[must_use]
    pub fn with_delivery(mut self, delivery: DeliveryConfig) -> Self {
        self.delivery = delivery;
        self
    }

    /// Sets the limits of the HTTP side.
    #[must_use]
    pub fn with_http(mut self, http: HttpConfig) -> Self {
        self.http = http;
        self
    }

    /// Sets what is remembered of creations that may be asked for again.
    #[must_use]
    pub fn with_idempotency(mut self, idempotency: IdempotencyConfig) -> Self {
        self.idempotency = idempotency;
        self
    }

    /// Looks for faults, in the files of the certificate too. Nothing is started, opened for
    /// writing or asked.
    ///
    /// # Errors
    ///
    /// As [`Service::start`](crate::Service::start) for the settings themselves.
    pub fn check(&self) -> Result<(), ServiceError> {
        if let Some(fault) = self.fault() {
            return Err(ServiceError::config(fault));
        }
        if let Some(files) = &self.tls {
            Tls::load(files.clone(), self.http.http2)?;
        }
        Ok(())
    }

    /// What is wrong with the settings, in words that name them; `None` if nothing is.
    pub(crate) fn fault(&self) -> Option<String> {
        chain::fault_of_all(&self.chains)
            .or_else(|| self.chain_api.fault())
            .or_else(|| self.database.fault())
            .or_else(|| self.delivery.fault())
            .or_else(|| self.http.fault())
            .or_else(|| self.tls.as_ref().and_then(TlsConfig::fault))
            .or_else(|| self.idempotency.fault())
    }
}
