//! A service from its start to its end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use event_streamer_models::SubscriptionId;
use tokio::net::TcpListener;
use tokio::time::{Instant, interval, sleep, timeout_at};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::app::{App, AppConfig};
use crate::chains::Chains;
use crate::config::{ChainConfig, ServiceConfig, chain_fault};
use crate::delivery::connections::{ConnectionLimits, Connections};
use crate::delivery::meter::Meters;
use crate::delivery::tally::Tallies;
use crate::error::ServiceError;
use crate::http::{Accept, HttpServer, Tls};
use crate::store::{self, StoreChange, StoreErrorKind};
use crate::{api, clock};

/// A running service: nodes in front of it, an API behind.
///
/// Dropping it stops everything at once; [`shutdown`](Self::shutdown) tells the clients first.
///
/// ```
/// use event_streamer_server::{DatabaseConfig, Service, ServiceConfig};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let database = folder.path().join("events.db");
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let service = Service::start(ServiceConfig::new(DatabaseConfig::Sqlite(database))).await?;
/// assert!(service.url().starts_with("http://127.0.0.1:"));
/// service.shutdown().await;
/// # Ok(()) })
/// # }
/// ```
#[derive(Debug)]
pub struct Service {
    app: Arc<App>,
    http: HttpServer,
    local_addr: SocketAddr,
    is_tls: bool,
    shutdown_timeout: Duration,
    /// Ends the sources and the housekeeping.
    background: CancellationToken,
    _ends_background: DropGuard,
}

impl Service {
    /// Opens the database, starts to follow the chains, and listens.
    ///
    /// Nodes need not be reachable: what they have is read when they are.
    ///
    /// # Errors
    ///
    /// [`ServiceError`], whose kind says whether the settings, the address or the database is at
    /// fault.
    pub async fn start(config: ServiceConfig) -> Result<Self, ServiceError> {
        if let Some(fault) = config.fault() {
            return Err(ServiceError::config(fault));
        }
        let listener = TcpListener::bind(config.listen)
            .await
            .map_err(|error| ServiceError::listen(config.listen, error))?;
        let local_addr = listener
            .local_addr()
            .map_err(|error| ServiceError::listen(config.listen, error))?;
        let config = config.with_listen(local_addr);
        Self::start_on(listener, config).await
    }

    /// The same, with connections from somewhere else than `config.listen`: from a simulated
    /// network, or a listener that the program has bound itself.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start).
    pub async fn start_on(
        listener: impl Accept,
        config: ServiceConfig,
    ) -> Result<Self, ServiceError> {
        Self::start_app(listener, config, |_| {}).await
    }

    /// A service on a TCP listener whose streams all play the same blocks, whatever their chain has.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start).
    #[cfg(feature = "prepared")]
    pub async fn start_prepared(
        listener: impl Accept,
        config: ServiceConfig,
        blocks: crate::PreparedBlocks,
    ) -> Result<Self, ServiceError> {
        Self::start_app(listener, config, |app| app.prepared = Some(blocks)).await
    }

    /// `adapt` changes the app before anybody sees it.
    async fn start_app(
        listener: impl Accept,
        config: ServiceConfig,
        adapt: impl FnOnce(&mut App),
    ) -> Result<Self, ServiceError> {
        if let Some(fault) = config.fault() {
            return Err(ServiceError::config(fault));
        }
        let local_addr = config.listen;
        let tls = config
            .tls
            .map(|files| Tls::load(files, config.http.http2))
            .transpose()?;
        let store = store::open(&config.database).await?;
        let keys_required = !store.list_keys(0, 1).await?.is_empty();
        if !keys_required && !config.insecure && !local_addr.ip().is_loopback() {
            store.close().await?;
            return Err(ServiceError::unprotected(local_addr));
        }

        let background = CancellationToken::new();
        let shutdown_timeout = config.http.shutdown_timeout;
        let chains = Chains::start(config.chains, config.chain_api, &background);
        if let Err(error) = chains.read(&*store).await {
            background.cancel();
            store.close().await?;
            return Err(error.into());
        }
        let mut app = App {
            store,
            chains,
            connections: Connections::new(ConnectionLimits {
                total: config.delivery.max_connections,
                per_subscription: config.delivery.max_connections_per_subscription,
            }),
            tallies: Tallies::default(),
            meters: Meters::default(),
            config: AppConfig {
                delivery: Arc::new(config.delivery),
                http: config.http,
                idempotency: config.idempotency,
            },
            pumps: TaskTracker::new(),
            keys_required: AtomicBool::new(keys_required),
            #[cfg(feature = "prepared")]
            prepared: None,
        };
        adapt(&mut app);
        let app = Arc::new(app);
        tokio::spawn(
            background
                .clone()
                .run_until_cancelled_owned(sweep(Arc::clone(&app))),
        );
        tokio::spawn(
            background
                .clone()
                .run_until_cancelled_owned(follow_changes(Arc::clone(&app))),
        );
        let is_tls = tls.is_some();
        if let Some(tls) = tls.clone() {
            tokio::spawn(background.clone().run_until_cancelled_owned(tls.follow()));
        }
        let router = api::router(Arc::clone(&app));
        let http = HttpServer::start(listener, router, &app.config.http, tls);
        tracing::info!(address = %local_addr, "service started");
        Ok(Self {
            app,
            http,
            local_addr,
            is_tls,
            shutdown_timeout,
            _ends_background: background.clone().drop_guard(),
            background,
        })
    }

    /// Where the API listens; as the settings say if the connections come from elsewhere.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// The base URL of the API, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.is_tls { "https" } else { "http" };
        format!("{scheme}://{}", self.local_addr)
    }

    /// Takes these chains for those of the configuration, as after a start with them. What did not
    /// change runs on; the streams of a chain with other endpoints go on from where they are, those
    /// of a chain that is gone end with `CHAIN_DEACTIVATED`.
    ///
    /// # Errors
    ///
    /// [`ServiceError`] if one of them is at fault, or the database does not answer. Nothing is
    /// changed then.
    pub async fn set_chains(&self, chains: Vec<ChainConfig>) -> Result<(), ServiceError> {
        if let Some(fault) = chain_fault(&chains) {
            return Err(ServiceError::config(fault));
        }
        let app = &self.app;
        Ok(app.chains.configure(chains, &*app.store).await?)
    }

    /// Takes in no more requests, tells every stream `SERVER_SHUTDOWN`, waits until all is
    /// written and stored, but no longer than the shutdown time-out.
    pub async fn shutdown(self) {
        let deadline = Instant::now() + self.shutdown_timeout;
        self.http.drain();
        self.app.connections.shut_down();
        self.app.pumps.close();
        let drained = async {
            self.app.pumps.wait().await;
            self.http.drained().await;
        };
        if timeout_at(deadline, drained).await.is_err() {
            tracing::warn!("some clients did not take their last messages in time");
        }
        self.background.cancel();
        let closed = async {
            self.app.chains.stopped().await;
            // Stopping the store is what makes the file free for the next process: it gets its
            // time even if the clients have used up theirs.
            self.app.store.close().await
        };
        match timeout_at(deadline + CLOSE_GRACE, closed).await {
            Ok(Ok(())) => tracing::info!("service stopped"),
            Ok(Err(error)) => tracing::error!(%error, "the store did not close"),
            Err(_) => tracing::error!("the store did not close in time"),
        }
    }
}

/// What closing the store may take beyond the shutdown time-out.
const CLOSE_GRACE: Duration = Duration::from_secs(2);

/// Lets the streams of this instance follow what others have changed in the store.
async fn follow_changes(app: Arc<App>) {
    // A store that cannot tell any more is closed: the service is about to end.
    while let Ok(change) = app.store.changed().await {
        match change {
            StoreChange::Subscription(id) => follow(&app, id).await,
            StoreChange::Keys => {
                app.require_keys();
                end_streams_of_bad_keys(&app).await;
            }
            StoreChange::Chains => read_chains(&app).await,
            StoreChange::Anything => {
                if app
                    .store
                    .list_keys(0, 1)
                    .await
                    .is_ok_and(|keys| !keys.is_empty())
                {
                    app.require_keys();
                }
                end_streams_of_bad_keys(&app).await;
                read_chains(&app).await;
                for id in app.connections.subscriptions() {
                    follow(&app, id).await;
                }
            }
        }
    }
}

async fn end_streams_of_bad_keys(app: &App) {
    for id in app.connections.keys() {
        match app.store.find_key(id).await {
            Ok(Some(stored)) if stored.key.is_good(clock::now()) => {}
            Ok(_) => app.connections.key_ended(id),
            // A stream is no reason to lock anybody out; the next change is another chance.
            Err(error) => tracing::warn!(key = id, %error, "a key is not known to be good"),
        }
    }
}

/// Told once only, as [`follow`].
async fn read_chains(app: &App) {
    while let Err(error) = app.chains.read(&*app.store).await {
        if matches!(error.kind(), StoreErrorKind::Damaged { .. }) {
            return tracing::error!(%error, "a change of the chains cannot be read");
        }
        tracing::warn!(%error, "a change of the chains is not known yet");
        sleep(CHANGE_RETRY).await;
    }
}

async fn follow(app: &App, id: SubscriptionId) {
    if app.connections.of(id).is_empty() {
        return;
    }
    loop {
        match app.store.get(id).await {
            Ok(Some(subscription)) => return app.connections.follow(&subscription),
            Ok(None) => return app.connections.deleted(id),
            Err(error) if matches!(error.kind(), StoreErrorKind::Damaged { .. }) => {
                return tracing::error!(subscription = %id, %error, "a change cannot be read");
            }
            // Told once only: it must not be missed because the store is busy.
            Err(error) => {
                tracing::warn!(subscription = %id, %error, "a change is not known yet");
                sleep(CHANGE_RETRY).await;
            }
        }
    }
}

/// How long to wait when a change could not be read.
const CHANGE_RETRY: Duration = Duration::from_secs(1);

/// How late an expired key may be noticed by its streams.
const MAX_SWEEP: Duration = Duration::from_secs(10);

/// Forgets connections that ended long enough ago, and ends those whose keys have expired.
async fn sweep(app: Arc<App>) {
    let timeout = app.config.delivery.connection_timeout;
    let pause = (timeout / 4).clamp(Duration::from_millis(10), MAX_SWEEP);
    let mut ticks = interval(pause);
    loop {
        ticks.tick().await;
        app.connections.sweep(timeout);
        app.connections.expire(clock::now());
    }
}
