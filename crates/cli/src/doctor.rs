//! `doctor`: what a node is good for, as a table for people or one JSON object for programs.

use std::io::{IsTerminal, Write};

use event_streamer::server::doctor::{
    DoctorOptions, Examination, Finding, Level, Verdict, examine,
};
use event_streamer::server::rpc::{BudgetConfig, RpcUrl};

use crate::args::DoctorArgs;
use crate::exit::Failure;
use crate::signals::Stop;

/// Examines the nodes one after the other.
///
/// # Errors
/// When a URL is not one, and when a node turned out unusable.
pub(crate) async fn run(args: DoctorArgs) -> Result<(), Failure> {
    let urls = args.rpc_urls.iter().map(|it| url(it, "--rpc-url"));
    let urls: Vec<RpcUrl> = urls.collect::<Result<_, _>>()?;
    let options = options(&args)?;
    let mut stop = Stop::listen()?;
    let mut unusable = 0;
    for url in &urls {
        let examination = tokio::select! {
            biased;
            () = stop.asked() => return Err(Failure::job("stopped before the verdict")),
            it = examined(url, &options, args.json) => it?,
        };
        if examination.verdict() == Verdict::Unusable {
            unusable += 1;
        }
    }
    match unusable {
        0 => Ok(()),
        _ if urls.len() == 1 => Err(Failure::job("the node is unusable")),
        count => Err(Failure::job(format!(
            "{count} of {} nodes are unusable",
            urls.len()
        ))),
    }
}

fn options(args: &DoctorArgs) -> Result<DoctorOptions, Failure> {
    let mut options = DoctorOptions::default();
    options.samples = args.samples;
    if let Some(text) = &args.ws_url {
        let websocket = url(text, "--ws-url")?;
        if !websocket.is_websocket() {
            return Err(Failure::usage("--ws-url: expected a ws:// or wss:// URL"));
        }
        options.websocket = Some(websocket);
    }
    if let Some(calls) = args.max_calls_per_second {
        options.client.budget = Some(BudgetConfig::new(calls.into()));
    }
    Ok(options)
}

fn url(text: &str, flag: &str) -> Result<RpcUrl, Failure> {
    text.parse()
        .map_err(|error| Failure::because(format!("{flag} is not a node's URL"), &error))
}

async fn examined(
    url: &RpcUrl,
    options: &DoctorOptions,
    json: bool,
) -> Result<Examination, Failure> {
    if json {
        let examination = examine(url, options, &mut |_| {}).await;
        let line = serde_json::to_string(&examination)
            .map_err(|error| Failure::because("cannot write the examination", &error))?;
        let _ = writeln!(std::io::stdout(), "{line}");
        return Ok(examination);
    }
    let colours = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let _ = writeln!(std::io::stdout(), "{url}");
    let examination = examine(url, options, &mut |finding| {
        let _ = writeln!(std::io::stdout(), "{}", line(finding, colours));
    })
    .await;
    let _ = writeln!(std::io::stdout(), "  {}", verdict(&examination));
    Ok(examination)
}

/// `  ok    head        block 7, 3 s old`, and below it what to do.
fn line(finding: &Finding, colours: bool) -> String {
    let (mark, colour) = match finding.level {
        Level::Good => ("ok", "32"),
        Level::Care => ("care", "33"),
        Level::Bad => ("bad", "31"),
    };
    let mark = match colours {
        true => format!("\x1b[{colour}m{mark:<4}\x1b[0m"),
        false => format!("{mark:<4}"),
    };
    let mut line = format!("  {mark}  {:<10}  {}", finding.topic, finding.text);
    if let Some(advice) = &finding.advice {
        line.push_str(&format!("\n                    -> {advice}"));
    }
    line
}

fn verdict(examination: &Examination) -> String {
    let count = |level| {
        let of = examination.findings().iter().filter(|it| it.level == level);
        of.count()
    };
    format!(
        "verdict: {} ({} ok, {} with care, {} bad)",
        examination.verdict(),
        count(Level::Good),
        count(Level::Care),
        count(Level::Bad)
    )
}
