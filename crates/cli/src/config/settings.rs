//! What the settings say, all together.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use event_streamer::server::rpc::RpcUrl;
use event_streamer::server::{
    ChainConfig, DatabaseConfig, PostgresConfig, PostgresUrl, ServiceConfig, TlsConfig,
};

use crate::args::LogFormat;

/// The file of the database, in the data folder.
const DATABASE_FILE: &str = "event-streamer.sqlite";

/// Every setting, with its value.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// What is a setting of the service as it stands; its database, TLS and chains come from the
    /// fields below.
    pub(crate) service: ServiceConfig,
    pub(crate) data_dir: PathBuf,
    pub(crate) database_url: Option<PostgresUrl>,
    pub(crate) database_max_connections: u32,
    pub(crate) tls_cert: Option<PathBuf>,
    pub(crate) tls_key: Option<PathBuf>,
    pub(crate) tls_reload_interval: Duration,
    pub(crate) rpc_urls: Vec<Endpoint>,
    pub(crate) confirmations: u64,
    pub(crate) max_blocks_per_request: u64,
    pub(crate) log: Option<String>,
    pub(crate) log_format: Option<LogFormat>,
    /// The chains that are named, by id.
    pub(crate) chains: BTreeMap<u64, ChainConfig>,
}

impl Default for Settings {
    fn default() -> Self {
        // Only chains and databases have defaults of their own to read here.
        let chain = ChainConfig::new(1);
        let placeholder = DatabaseConfig::Sqlite(PathBuf::new());
        Self {
            service: ServiceConfig::new(placeholder).with_listen(([127, 0, 0, 1], 8000).into()),
            data_dir: "event-streamer-data".into(),
            database_url: None,
            database_max_connections: 10,
            tls_cert: None,
            tls_key: None,
            tls_reload_interval: TlsConfig::new("", "").reload_interval,
            rpc_urls: Vec::new(),
            confirmations: chain.confirmation_blocks,
            max_blocks_per_request: chain.max_blocks_per_request,
            log: None,
            log_format: None,
            chains: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// A chain for which nothing else is said.
    pub(crate) fn chain(&self, id: u64) -> ChainConfig {
        ChainConfig::new(id)
            .with_confirmation_blocks(self.confirmations)
            .with_max_blocks_per_request(self.max_blocks_per_request)
    }

    /// PostgreSQL where it is named, else a file in the data folder.
    pub(crate) fn database(&self) -> DatabaseConfig {
        match &self.database_url {
            Some(url) => DatabaseConfig::Postgres(
                PostgresConfig::new(url.clone())
                    .with_max_connections(self.database_max_connections),
            ),
            None => DatabaseConfig::Sqlite(self.data_dir.join(DATABASE_FILE)),
        }
    }

    /// What the service is started with. Nodes that are not said to be of a chain are not in it.
    pub(crate) fn service(&self) -> ServiceConfig {
        let mut service = self.service.clone();
        service.database = self.database();
        service.tls = match (&self.tls_cert, &self.tls_key) {
            (Some(cert), Some(key)) => {
                Some(TlsConfig::new(cert, key).with_reload_interval(self.tls_reload_interval))
            }
            _ => None,
        };
        service.chains = self.chains.values().cloned().collect();
        service
    }
}

/// A node, and its chain if that is said: `[CHAIN_ID=]URL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) chain_id: Option<u64>,
    pub(crate) url: RpcUrl,
}

impl FromStr for Endpoint {
    type Err = String;

    /// A URL may hold `=` itself, behind its scheme.
    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = |url: &str| {
            url.parse::<RpcUrl>()
                .map_err(|error| format!("not a node's URL: {error}"))
        };
        match text.split_once('=') {
            Some((id, url)) if !id.contains(':') => Ok(Self {
                chain_id: Some(
                    id.parse()
                        .map_err(|_| format!("{id:?} is not a chain id"))?,
                ),
                url: parsed(url)?,
            }),
            _ => Ok(Self {
                chain_id: None,
                url: parsed(text)?,
            }),
        }
    }
}

/// Redacted, as the URL is.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.chain_id {
            Some(id) => write!(f, "{id}={}", self.url),
            None => write!(f, "{}", self.url),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_may_name_its_chain() {
        let endpoint: Endpoint = "137=https://node.example/?key=a=b".parse().unwrap();
        assert_eq!(
            (endpoint.chain_id, endpoint.to_string()),
            (Some(137), "137=https://node.example".to_owned())
        );
        let endpoint: Endpoint = "https://node.example/?key=a".parse().unwrap();
        assert_eq!(endpoint.chain_id, None);
        let error = "polygon=https://node.example"
            .parse::<Endpoint>()
            .unwrap_err();
        assert!(error.contains("\"polygon\" is not a chain id"), "{error}");
    }

    #[test]
    fn secrets_of_a_bad_url_are_not_repeated() {
        let error = "ftp://me:secret@node.example/key"
            .parse::<Endpoint>()
            .unwrap_err();
        assert!(
            !error.contains("secret") && !error.contains("key"),
            "{error}"
        );
    }
}
