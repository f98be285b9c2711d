//! `serve`: the service, until it is asked to stop.

use std::collections::BTreeMap;
use std::io::Write;

use event_streamer::server::rpc::{RpcClient, RpcClientConfig, RpcUrl};
use event_streamer::server::{
    ChainApiConfig, ChainConfig, Service, ServiceConfig, ServiceError, ServiceErrorKind,
};

use crate::args::ServeArgs;
use crate::exit::Failure;
use crate::signals::Stop;

/// Runs the service.
///
/// # Errors
/// When it cannot start: an address in use, a database in use or damaged, a node that does not
/// say which chain it is on.
pub(crate) async fn run(args: ServeArgs) -> Result<(), Failure> {
    let mut stop = Stop::listen()?;
    let mut config = ServiceConfig::new(args.database.config()?)
        .with_insecure(args.insecure)
        .with_chain_api(ChainApiConfig::default().with_allow_private_rpc(args.allow_private_rpc))
        .with_listen(args.listen);
    let chains = tokio::select! {
        biased;
        () = stop.asked() => return Ok(()),
        chains = chains(&args) => chains?,
    };
    for chain in chains {
        config = config.with_chain(chain);
    }
    let service = Service::start(config)
        .await
        .map_err(|error| cannot_start(&error))?;
    let _ = writeln!(std::io::stdout(), "listening on {}", service.url());
    stop.asked().await;
    service.shutdown().await;
    Ok(())
}

fn cannot_start(error: &ServiceError) -> Failure {
    match error.kind() {
        ServiceErrorKind::Unprotected => Failure::usage(format!(
            "{error} (`event-streamer keys create`; --insecure lets everybody in)"
        )),
        _ => Failure::because("cannot start", error),
    }
}

/// The endpoints, grouped by chain.
async fn chains(args: &ServeArgs) -> Result<Vec<ChainConfig>, Failure> {
    let mut chains = BTreeMap::new();
    let mut announcing = Vec::new();
    for text in &args.rpc_urls {
        let (chain_id, url) = endpoint(text)?;
        match chain_id {
            Some(chain_id) => add(&mut chains, args, chain_id, url),
            None if url.is_websocket() => announcing.push(url),
            None => add(&mut chains, args, asked(&url).await?, url),
        }
    }
    for url in announcing {
        let Some(chain_id) = only_key(&chains) else {
            return Err(Failure::usage(format!(
                "of which chain is {url}? Say --rpc-url CHAIN_ID=URL"
            )));
        };
        add(&mut chains, args, chain_id, url);
    }
    match chains
        .values()
        .find(|chain: &&ChainConfig| chain.http.is_empty())
    {
        Some(chain) => Err(Failure::usage(format!(
            "{} has no http:// or https:// endpoint; a WebSocket only announces blocks",
            chain.name
        ))),
        None => Ok(chains.into_values().collect()),
    }
}

fn add(chains: &mut BTreeMap<u64, ChainConfig>, args: &ServeArgs, chain_id: u64, url: RpcUrl) {
    let chain = chains.remove(&chain_id).unwrap_or_else(|| {
        ChainConfig::new(chain_id)
            .with_confirmation_blocks(args.confirmations)
            .with_max_blocks_per_request(args.max_blocks_per_request)
    });
    chains.insert(chain_id, chain.with_endpoint(url));
}

fn only_key(chains: &BTreeMap<u64, ChainConfig>) -> Option<u64> {
    let mut ids = chains.keys();
    ids.next().copied().filter(|_| ids.next().is_none())
}

/// `[CHAIN_ID=]URL`. A URL may hold `=` itself, behind its scheme.
fn endpoint(text: &str) -> Result<(Option<u64>, RpcUrl), Failure> {
    let parsed = |url: &str| {
        url.parse::<RpcUrl>()
            .map_err(|error| Failure::because("--rpc-url is not a node's URL", &error))
    };
    match text.split_once('=') {
        Some((id, url)) if !id.contains(':') => {
            let chain_id = id
                .parse()
                .map_err(|_| Failure::usage(format!("--rpc-url: {id:?} is not a chain id")))?;
            Ok((Some(chain_id), parsed(url)?))
        }
        _ => Ok((None, parsed(text)?)),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_may_name_its_chain() {
        let (id, url) = endpoint("137=https://node.example/?key=a=b").unwrap();
        assert_eq!(
            (id, url.to_string()),
            (Some(137), "https://node.example".to_owned())
        );
        let (id, _) = endpoint("https://node.example/?key=a").unwrap();
        assert_eq!(id, None);
        let error = endpoint("polygon=https://node.example")
            .unwrap_err()
            .to_string();
        assert!(error.contains("\"polygon\" is not a chain id"), "{error}");
    }

    #[test]
    fn secrets_of_a_bad_url_are_not_repeated() {
        let error = endpoint("ftp://me:secret@node.example/key")
            .unwrap_err()
            .to_string();
        assert!(
            !error.contains("secret") && !error.contains("key"),
            "{error}"
        );
    }
}
