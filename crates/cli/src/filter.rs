//! Which events: the command line's words made exact.

use event_streamer::abi::{canonical_signature, parse_event_signature};
use event_streamer::models::{AbiEvent, Address};

use crate::args::FilterArgs;
use crate::exit::Failure;

/// An event, and the contracts it is wanted of.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    pub(crate) event: AbiEvent,
    pub(crate) addresses: Vec<Address>,
    /// `Transfer(address,address,uint256)`.
    pub(crate) signature: String,
}

impl Filter {
    /// # Errors
    /// When the event or an address is not one.
    pub(crate) fn parse(args: &FilterArgs) -> Result<Self, Failure> {
        let not_an_event = |error| Failure::usage(format!("--event {:?}: {error}", args.event));
        let event = parse_event_signature(&args.event).map_err(not_an_event)?;
        let signature = canonical_signature(&event).map_err(not_an_event)?;
        let addresses = args
            .addresses
            .iter()
            .map(|text| {
                text.parse()
                    .map_err(|error| Failure::usage(format!("--address: {error}")))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            event,
            addresses,
            signature,
        })
    }
}
