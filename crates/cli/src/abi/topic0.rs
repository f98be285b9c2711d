//! `abi topic0`: the hash of an event.

use event_streamer::abi::{event_topic0, parse_event_signature};

use super::args::Topic0Args;
use super::output::{Halt, Output, beginning};
use crate::exit::Failure;

pub(super) fn run(args: &Topic0Args) -> Result<(), Halt> {
    let fault = |error| Failure::usage(format!("{:?}: {error}", beginning(&args.signature)));
    let event = parse_event_signature(&args.signature).map_err(fault)?;
    let Some(topic0) = event_topic0(&event).map_err(fault)? else {
        return Err(Failure::usage(format!(
            "{} is anonymous: its logs have no topic0",
            event.name
        ))
        .into());
    };
    let mut output = Output::new();
    output.line(&topic0.to_string())?;
    output.flush()
}
