//! `estimate`: how many calls and how long a subscription's history will take.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use event_streamer::abi::event_topic0;
use event_streamer::server::estimate::{Estimate, EstimateOptions, Spread, estimate, roughly};
use event_streamer::server::rpc::{BlockTag, LogFilter, RpcClient, RpcClientConfig, RpcUrl};
use indicatif::{ProgressBar, ProgressDrawTarget};

use crate::args::EstimateArgs;
use crate::exit::Failure;
use crate::filter::Filter;
use crate::signals::Stop;

/// Samples the history and prints what it will take.
///
/// # Errors
/// When the node cannot be asked, or the blocks are the wrong way round.
pub(crate) async fn run(args: EstimateArgs) -> Result<(), Failure> {
    let filter = Filter::parse(&args.filter)?;
    let logs = log_filter(&filter)?;
    let url: RpcUrl = args
        .rpc_url
        .parse()
        .map_err(|error| Failure::because("--rpc-url is not a node's URL", &error))?;
    let node = RpcClient::new(url, &RpcClientConfig::default())
        .map_err(|error| Failure::because("cannot use the node", &error))?;
    let mut stop = Stop::listen()?;
    let found = tokio::select! {
        biased;
        () = stop.asked() => return Err(Failure::job("stopped before the estimate")),
        found = sampled(&node, &logs, &args) => found?,
    };
    let text = match args.json {
        true => serde_json::to_string(&found)
            .map_err(|error| Failure::because("cannot write the estimate", &error))?,
        false => table(&found, &filter),
    };
    let _ = writeln!(std::io::stdout(), "{text}");
    Ok(())
}

async fn sampled(
    node: &RpcClient,
    filter: &LogFilter,
    args: &EstimateArgs,
) -> Result<Estimate, Failure> {
    let to = match args.to_block {
        Some(to) => to,
        None => head(node).await?,
    };
    if to < args.from_block {
        return Err(Failure::usage(format!(
            "the last block {to} is below --from-block {}",
            args.from_block
        )));
    }
    let mut options = EstimateOptions::default();
    options.samples = args.samples;
    options.max_blocks_per_request = args.max_blocks_per_request;
    options.max_calls_per_second = args.max_calls_per_second;
    let bar = ProgressBar::new(args.samples.into());
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    let found = estimate(
        node,
        filter,
        args.from_block,
        to,
        &options,
        &mut |done, of| {
            bar.set_length(of.into());
            bar.set_position(done.into());
        },
    )
    .await;
    bar.finish_and_clear();
    found.map_err(|error| Failure::because("the node does not answer for single blocks", &error))
}

async fn head(node: &RpcClient) -> Result<u64, Failure> {
    let head = node.header_by_number(BlockTag::Latest).await;
    let head = head.map_err(|error| Failure::because("the node does not say its head", &error))?;
    head.map(|it| it.number)
        .ok_or_else(|| Failure::job("the node has no latest block"))
}

fn log_filter(filter: &Filter) -> Result<LogFilter, Failure> {
    let topic0 =
        event_topic0(&filter.event).map_err(|error| Failure::usage(format!("--event: {error}")))?;
    let mut logs = LogFilter {
        addresses: filter.addresses.clone(),
        ..LogFilter::default()
    };
    logs.topics[0].extend(topic0);
    Ok(logs)
}

fn table(found: &Estimate, filter: &Filter) -> String {
    let blocks = (found.to_block - found.from_block).saturating_add(1);
    let refused: u32 = found.samples.iter().map(|it| it.refused).sum();
    let narrowest = found.samples.iter().map(|it| it.blocks).min().unwrap_or(0);
    let time =
        |seconds: f64| roughly(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX));
    format!(
        "{} in blocks {} to {} ({blocks} blocks, {} samples, {refused} wider ones refused)\n\
         \x20 logs      {}\n\
         \x20 answers   {} MB\n\
         \x20 getLogs   {} calls, of {narrowest} blocks or more\n\
         \x20 headers   {} requests\n\
         \x20 time      {} to {}",
        filter.signature,
        found.from_block,
        found.to_block,
        found.samples.len(),
        spread(found.logs),
        spread(Spread {
            low: found.bytes.low / 1e6,
            high: found.bytes.high / 1e6
        }),
        spread(found.calls),
        spread(found.header_requests),
        time(found.seconds.low),
        time(found.seconds.high),
    )
}

/// `about 12`, or `10 to 14`.
fn spread(figure: Spread) -> String {
    let (low, high) = (figure.low.round(), figure.high.round());
    match (high - low).abs() < 0.5 {
        true => format!("about {high}"),
        false => format!("{low} to {high}"),
    }
}
