//! `subscribe`: a subscription on a running service, tailed to the terminal.

use std::io::{self, IsTerminal, Write};

use event_streamer::client::{EventStreamer, StreamingOptions};
use event_streamer::models::{ChainId, StartBlock, SubscriptionCreate, SubscriptionId};
use event_streamer::stream::DecodedEvent;

use crate::args::{FromBlock, SubscribeArgs};
use crate::event_line::{self, Detail};
use crate::exit::Failure;
use crate::filter::Filter;
use crate::signals::Stop;
use crate::tail::{self, Ended, Screen};

/// Streams until the subscription's end, or until asked to stop.
///
/// # Errors
/// When the service refuses, or the stream ends in an error.
pub(crate) async fn run(args: SubscribeArgs) -> Result<(), Failure> {
    let mut stop = Stop::listen()?;
    let mut builder = EventStreamer::builder(&args.service, &args.subscriber_id);
    if let Some(key) = &args.api_key {
        builder = builder.api_key(key);
    }
    let client = builder
        .build()
        .map_err(|error| Failure::because("cannot make a client", &error))?;
    let subscription = match args.subscription {
        Some(id) => SubscriptionId::new(id)
            .map_err(|error| Failure::usage(format!("--subscription: {error}")))?,
        None => create(&client, &args).await?,
    };
    let mut screen = Lines::new(args.json);
    let told = |error| Failure::because("cannot write", &error);
    screen
        .note(&format!(
            "subscription {subscription} on {}",
            client.service_url()
        ))
        .map_err(told)?;

    let resume_token = args.resume_token.clone().map(Into::into);
    let options = StreamingOptions {
        resume_token,
        ..StreamingOptions::default()
    };
    let mut deliveries = client
        .create_streaming_client(subscription, options)
        .into_deliveries();
    let (ended, totals) = tail::follow(&mut deliveries, &mut stop, &mut screen).await?;
    let token = deliveries.current_resume_token();
    deliveries
        .close()
        .await
        .map_err(|error| Failure::because("not everything could be acknowledged", &error))?;

    let summary = format!(
        "{} events, {} of them undecodable ($undecoded); {} batches acknowledged; {} reorgs",
        totals.events, totals.undecoded, totals.batches, totals.rollbacks
    );
    screen.note(&summary).map_err(told)?;
    if args.delete {
        return client
            .delete_subscription(subscription)
            .await
            .map_err(|error| Failure::because("cannot delete the subscription", &error));
    }
    if ended == Ended::Stopped {
        let position = token.map_or_else(String::new, |token| format!(" (position: {token})"));
        let line = format!(
            "stopped; go on with: event-streamer subscribe --service {} --subscription {subscription}{position}",
            client.service_url()
        );
        screen.note(&line).map_err(told)?;
    }
    Ok(())
}

async fn create(client: &EventStreamer, args: &SubscribeArgs) -> Result<SubscriptionId, Failure> {
    let filter = Filter::parse(&args.filter)?;
    let from = match args.from_block {
        FromBlock::Number(number) => StartBlock::Number(number),
        FromBlock::Latest => StartBlock::Latest,
    };
    let mut create = SubscriptionCreate::new(filter.event, ChainId::new(args.chain_id), from)
        .with_addresses(filter.addresses);
    create.end_block = args.to_block;
    let subscription = client
        .create_subscription(create)
        .await
        .map_err(|error| Failure::because("cannot subscribe", &error))?;
    Ok(subscription.id)
}

/// One line an event.
struct Lines {
    json: bool,
    detail: Detail,
}

impl Lines {
    fn new(json: bool) -> Self {
        let detail = if io::stdout().is_terminal() {
            Detail::Short
        } else {
            Detail::Full
        };
        Self { json, detail }
    }
}

impl Screen for Lines {
    fn event(&mut self, event: &DecodedEvent) -> io::Result<()> {
        let line = if self.json {
            event_line::json(event.name(), event.raw())?
        } else {
            event_line::text(event.name(), event.raw(), self.detail)?
        };
        writeln!(io::stdout(), "{line}")
    }

    fn covered(&mut self, _: u64) -> io::Result<()> {
        Ok(())
    }

    fn note(&mut self, line: &str) -> io::Result<()> {
        if self.json {
            writeln!(io::stderr(), "{line}")
        } else {
            writeln!(io::stdout(), "{line}")
        }
    }
}
