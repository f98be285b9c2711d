//! `cargo xtask bench client`: our client and the reference client on prepared streams of our service.
//!
//! Every contender is a process of its own, fed by the service as a third one over loopback. What it
//! uses is read from the operating system, between its first batch and its last event, so that neither
//! starting Python nor connecting counts.

mod contender;
mod replay;
mod report;

use std::path::Path;

use self::contender::{Contender, Handler, Measured};
use self::replay::Replay;
use self::report::{Case, Stalled};
use super::programs;
use crate::error::Result;
use crate::python;

const CRATE: &str = "crates/client/bench";
/// Turns of every contender at every stream; the best counts.
const TURNS: usize = 3;

/// How a stream is served and asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// The same bytes to both: no extensions of the protocol, no compression.
    Plain,
    /// The same, by a service that does not wait for acknowledgements.
    Unbounded,
    /// What each asks for by default.
    Default,
}

impl Manner {
    /// As the service is told.
    fn served(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Unbounded => "unbounded",
            Self::Default => "default",
        }
    }

    /// As our client is told.
    fn asked(self) -> &'static str {
        match self {
            Self::Plain | Self::Unbounded => "plain",
            Self::Default => "default",
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Unbounded => ", no window",
            Self::Default => ", as each asks",
        }
    }
}

/// One stream, of so many events that every turn lasts for seconds and not for minutes. Of so many,
/// too, that the reference client acknowledges on the way, every three seconds, unless it is to show
/// what it does in between.
#[derive(Clone, Copy)]
struct Stream {
    per_batch: u64,
    manner: Manner,
    events: u64,
    /// The longest line that the reference client is helped to read, where it cannot read one by
    /// itself.
    their_line: Option<u64>,
}

const STREAMS: [Stream; 6] = [
    Stream::new(1, Manner::Plain, 400_000),
    Stream::new(1, Manner::Unbounded, 200_000),
    Stream::new(1, Manner::Default, 400_000),
    Stream::new(100, Manner::Plain, 2_000_000),
    Stream::new(100, Manner::Default, 2_000_000),
    Stream {
        their_line: Some(4 << 20),
        ..Stream::new(1_000, Manner::Plain, 2_000_000)
    },
];

impl Stream {
    const fn new(per_batch: u64, manner: Manner, events: u64) -> Self {
        Self {
            per_batch,
            manner,
            events,
            their_line: None,
        }
    }

    fn name(&self) -> String {
        format!("{}{}", self.per_batch, self.manner.suffix())
    }
}

/// Runs everything and prints the tables.
pub(crate) fn client(root: &Path) -> Result<()> {
    let python = python::install(root)?;
    let programs = programs::build(root, CRATE, "bench-client")?;
    let script = root.join(CRATE).join("consumer.py");
    let (mut cases, mut stalled) = (Vec::new(), Vec::new());
    for stream in STREAMS {
        let ours = Contender::ours(&programs, stream.manner.asked());
        let theirs = Contender::theirs(&python, &script, stream.their_line);
        let replay = Replay::start(&programs.join("replay"), &stream)?;
        for handler in [Handler::Count, Handler::Read] {
            println!("{} a batch, handler {}", stream.name(), handler.name());
            let (mut own, mut peer) = (Measured::worst(), Measured::worst());
            // In turns, so that what else the machine does hits both.
            for _ in 0..TURNS {
                own.improve(ours.run(replay.url(), stream.events, handler)?);
                peer.improve(theirs.run(replay.url(), stream.events, handler)?);
            }
            cases.push(Case {
                name: format!("{}, {}", stream.name(), handler.name()),
                ours: own,
                theirs: peer,
            });
        }
        println!("{} a batch, handler stalled", stream.name());
        stalled.push(Stalled {
            name: stream.name(),
            peak: ours.stall(replay.url())?,
        });
    }
    print!("\n{}", report::tables(&cases, &stalled));
    Ok(())
}
