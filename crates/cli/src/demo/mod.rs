//! `demo`: a chain, the service and a client in one process.

mod source;
mod state;
mod view;

use event_streamer::client::{EventStreamer, StreamingOptions};
use event_streamer::models::{ChainId, SubscriptionCreate, SubscriptionId};
use event_streamer::server::{DatabaseConfig, Service, ServiceConfig};
use event_streamer::stream::DecodedEvent;

use self::source::Source;
use self::state::{DemoState, StateDir};
use self::view::View;
use crate::args::DemoArgs;
use crate::exit::Failure;
use crate::filter::Filter;
use crate::signals::Stop;
use crate::tail::{self, Ended, Screen, Totals};

/// Runs a demo to its end, or until it is asked to stop.
///
/// # Errors
/// When something does not start, or the stream ends in an error.
pub(crate) async fn run(args: DemoArgs) -> Result<(), Failure> {
    let filter = Filter::parse(&args.filter)?;
    let folder = StateDir::open(args.state_dir.clone())?;
    let mut stop = Stop::listen()?;

    let what = what(&args, &filter);
    let earlier = args.resume.then(|| folder.load(&what)).transpose()?;
    let source = tokio::select! {
        biased;
        () = stop.asked() => return Ok(()),
        source = Source::open(&args, earlier.as_ref()) => source?,
    };
    if earlier.is_none() {
        folder.clear()?;
    }
    let config = ServiceConfig::new(DatabaseConfig::Sqlite(folder.database()))
        .with_listen(([127, 0, 0, 1], 0).into())
        .with_chain(source.chain.clone());
    let service = Service::start(config)
        .await
        .map_err(|error| Failure::because("cannot start the service", &error))?;

    let demo = Demo {
        args: &args,
        source: &source,
        filter: &filter,
        folder: &folder,
        what,
    };
    let outcome = demo.stream(&service, earlier, &mut stop).await;
    service.shutdown().await;
    source.close().await;
    outcome
}

/// What tells one demo from another: `--resume` goes on with the same only.
fn what(args: &DemoArgs, filter: &Filter) -> String {
    let source = match (&args.rpc_url, &args.recording) {
        (Some(_), _) => "a node".to_owned(),
        (None, Some(file)) => file.display().to_string(),
        (None, None) => "the built-in recording".to_owned(),
    };
    let addresses: Vec<String> = filter.addresses.iter().map(ToString::to_string).collect();
    format!(
        "{} of {source}, contracts: [{}]",
        filter.signature,
        addresses.join(" ")
    )
}

struct Demo<'a> {
    args: &'a DemoArgs,
    source: &'a Source,
    filter: &'a Filter,
    folder: &'a StateDir,
    what: String,
}

impl Demo<'_> {
    async fn stream(
        &self,
        service: &Service,
        earlier: Option<DemoState>,
        stop: &mut Stop,
    ) -> Result<(), Failure> {
        let client = EventStreamer::new(service.url(), "demo")
            .map_err(|error| Failure::because("cannot make a client", &error))?;
        let (subscription, token, block) = match earlier {
            Some(state) => (state.subscription_id, state.resume_token, state.block),
            None => (self.subscribe(&client).await?, None, None),
        };
        let mut view = View::new(self.args.json, self.source.past);
        let told = |error| Failure::because("cannot write", &error);
        view.note(&format!(
            "{}\n{} from {}",
            self.source.title,
            self.filter.signature,
            service.url()
        ))
        .map_err(told)?;

        let options = StreamingOptions {
            resume_token: token,
            ..StreamingOptions::default()
        };
        let mut deliveries = client
            .create_streaming_client(subscription, options)
            .into_deliveries();
        if self.source.past.is_none() {
            self.source.go_live(self.args.block_time);
        }
        let mut screen = DemoScreen {
            view: &mut view,
            demo: self,
            block,
        };
        let outcome = tail::follow(&mut deliveries, stop, &mut screen).await;
        // Whatever ended it: what was shown must not be shown again.
        self.folder.save(&DemoState {
            what: self.what.clone(),
            subscription_id: subscription,
            resume_token: deliveries.current_resume_token(),
            block: screen.block,
            head: self.source.head(),
        })?;
        let token = deliveries.current_resume_token();
        let (ended, totals) = outcome?;
        let closed = deliveries.close().await;
        view.finish().map_err(told)?;
        view.note(&summary(
            totals,
            token.as_ref().map_or("none", |token| token.as_str()),
        ))
        .map_err(told)?;
        if ended == Ended::Stopped {
            view.note(&self.how_to_resume()).map_err(told)?;
        }
        closed.map_err(|error| Failure::because("not everything could be acknowledged", &error))
    }

    async fn subscribe(&self, client: &EventStreamer) -> Result<SubscriptionId, Failure> {
        let mut create = SubscriptionCreate::new(
            self.filter.event.clone(),
            ChainId::new(self.source.chain.chain_id),
            self.source.from,
        )
        .with_addresses(self.filter.addresses.iter().copied());
        create.end_block = self.source.to;
        let subscription = client
            .create_subscription(create)
            .await
            .map_err(|error| Failure::because("cannot subscribe", &error))?;
        Ok(subscription.id)
    }

    /// The command that goes on, with what this one was given; a node's URL holds keys and is left out.
    fn how_to_resume(&self) -> String {
        let mut command = "event-streamer demo --resume".to_owned();
        if let Some(file) = &self.args.recording {
            command.push_str(&format!(" --recording {}", file.display()));
        }
        if self.args.rpc_url.is_some() {
            command.push_str(" --rpc-url URL");
        }
        for address in &self.filter.addresses {
            command.push_str(&format!(" --address {address}"));
        }
        if let Some(folder) = &self.args.state_dir {
            command.push_str(&format!(" --state-dir {}", folder.display()));
        }
        format!(
            "stopped; go on with: {command} --event '{}'",
            self.args.filter.event
        )
    }
}

fn summary(totals: Totals, token: &str) -> String {
    format!(
        "{} events delivered, {} of them undecodable ($undecoded); {} batches acknowledged; {} reorgs\nposition: {token}",
        totals.events, totals.undecoded, totals.batches, totals.rollbacks
    )
}

/// The view, and what the demo does when the past is over.
struct DemoScreen<'a, 'b> {
    view: &'a mut View,
    demo: &'a Demo<'b>,
    /// The last block of which something was shown.
    block: Option<u64>,
}

impl Screen for DemoScreen<'_, '_> {
    fn event(&mut self, event: &DecodedEvent) -> std::io::Result<()> {
        self.view.event(
            event.name(),
            event.block_number().unwrap_or_default(),
            event.raw(),
        )
    }

    fn covered(&mut self, block: u64) -> std::io::Result<()> {
        self.block = Some(block);
        if self.demo.source.past.is_some_and(|past| block >= past.last) {
            self.demo.source.go_live(self.demo.args.block_time);
        }
        self.view.covered(block)
    }

    fn note(&mut self, line: &str) -> std::io::Result<()> {
        self.view.note(line)
    }
}
