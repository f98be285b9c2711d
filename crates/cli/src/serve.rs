//! `serve`: the service, until it is asked to stop.

use std::collections::BTreeMap;
use std::io::Write;

use event_streamer::server::rpc::{RpcClient, RpcClientConfig, RpcUrl};
use event_streamer::server::{ChainConfig, Service, ServiceError, ServiceErrorKind};

use crate::config::{Endpoint, Loaded, SettingArgs, Settings};
use crate::database;
use crate::exit::Failure;
use crate::signals::{Hangups, Stop};

/// Runs the service.
///
/// # Errors
/// When it cannot start: an address in use, a database in use or damaged, a node that does not
/// say which chain it is on.
pub(crate) async fn run(args: SettingArgs, loaded: Loaded) -> Result<(), Failure> {
    let mut stop = Stop::listen()?;
    let mut hangups = Hangups::listen()?;
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    let settings = loaded.settings;
    let mut config = settings.service();
    config.database = database::prepared(&settings)?;
    config.chains = tokio::select! {
        biased;
        () = stop.asked() => return Ok(()),
        chains = chains(&settings) => chains?,
    };
    if config.chains.is_empty() {
        tracing::warn!(
            "no chain is named: --rpc-url, [chains.ID] in the file, or POST /api/chains adds one"
        );
    }
    let service = Service::start(config)
        .await
        .map_err(|error| cannot_start(&error))?;
    let _ = writeln!(std::io::stdout(), "listening on {}", service.url());
    loop {
        tokio::select! {
            biased;
            () = stop.asked() => break,
            () = hangups.next() => {}
        }
        tokio::select! {
            biased;
            () = stop.asked() => break,
            () = reload(&args, &settings, &service) => {}
        }
    }
    service.shutdown().await;
    Ok(())
}

/// Reads the settings again and puts their chains in force. What is at fault changes nothing.
async fn reload(args: &SettingArgs, started_with: &Settings, service: &Service) {
    let loaded = match args.load() {
        Ok(loaded) => loaded,
        Err(failure) => {
            return tracing::error!("the settings are at fault, nothing is changed: {failure}");
        }
    };
    let settings = loaded.settings;
    if format!("{:?}", settings.service) != format!("{:?}", started_with.service) {
        tracing::warn!("settings other than chains have changed too: they need a restart");
    }
    let chains = match chains(&settings).await {
        Ok(chains) => chains,
        Err(failure) => {
            return tracing::error!("the chains are at fault, nothing is changed: {failure}");
        }
    };
    let ids: Vec<_> = chains.iter().map(|chain| chain.chain_id).collect();
    match service.set_chains(chains).await {
        Ok(()) => tracing::info!(chains = ?ids, "the settings were read again"),
        Err(error) => tracing::error!(%error, "the chains are at fault, nothing is changed"),
    }
}

fn cannot_start(error: &ServiceError) -> Failure {
    match error.kind() {
        ServiceErrorKind::Unprotected => Failure::usage(format!(
            "{error} (`event-streamer keys create`; --insecure lets everybody in)"
        )),
        ServiceErrorKind::Config | ServiceErrorKind::Tls => Failure::usage(error.to_string()),
        ServiceErrorKind::Listen => {
            Failure::because("cannot start (--listen names another address)", error)
        }
        _ => Failure::because("cannot start", error),
    }
}

/// The chains that are named, and those of nodes that have to be asked.
async fn chains(settings: &Settings) -> Result<Vec<ChainConfig>, Failure> {
    let mut chains = settings.chains.clone();
    let mut announcing = Vec::new();
    let unnamed = settings.rpc_urls.iter();
    for Endpoint { url, .. } in unnamed.filter(|endpoint| endpoint.chain_id.is_none()) {
        if url.is_websocket() {
            announcing.push(url);
        } else {
            add(&mut chains, settings, asked(url).await?, url);
        }
    }
    for url in announcing {
        let Some(chain_id) = only_key(&chains) else {
            return Err(Failure::usage(format!(
                "of which chain is {url}? Say --rpc-url CHAIN_ID=URL"
            )));
        };
        add(&mut chains, settings, chain_id, url);
    }
    match chains.values().find(|chain| chain.http.is_empty()) {
        Some(chain) => Err(Failure::usage(format!(
            "{} has no http:// or https:// endpoint; a WebSocket only announces blocks",
            chain.name
        ))),
        None => Ok(chains.into_values().collect()),
    }
}

fn add(chains: &mut BTreeMap<u64, ChainConfig>, settings: &Settings, id: u64, url: &RpcUrl) {
    let chain = chains.remove(&id).unwrap_or_else(|| settings.chain(id));
    chains.insert(id, chain.with_endpoint(url.clone()));
}

fn only_key(chains: &BTreeMap<u64, ChainConfig>) -> Option<u64> {
    let mut ids = chains.keys();
    ids.next().copied().filter(|_| ids.next().is_none())
}

async fn asked(url: &RpcUrl) -> Result<u64, Failure> {
    let failed = |error| {
        Failure::because(
            format!("{url} does not say which chain it is on (or name it: --rpc-url CHAIN_ID=URL)"),
            &error,
        )
    };
    let node = RpcClient::new(url.clone(), &RpcClientConfig::default()).map_err(failed)?;
    Ok(node.chain_id().await.map_err(failed)?.get())
}
