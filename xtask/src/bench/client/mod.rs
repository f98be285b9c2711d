//! `cargo xtask bench client`: our client and the reference client on the same prepared streams.
//!
//! Every contender is a process of its own, fed by a third one over loopback. What it uses is read
//! from the operating system, between its first batch and its last event, so that neither starting
//! Python nor connecting counts.

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

/// One stream, and how many of its events each contender gets, so that every turn lasts for seconds
/// and not for minutes.
#[derive(Clone, Copy)]
struct Stream {
    per_batch: u64,
    ours: u64,
    theirs: u64,
    /// The longest line that the reference client is helped to read, where it cannot read one by
    /// itself.
    their_line: Option<u64>,
}

const STREAMS: [Stream; 3] = [
    Stream {
        per_batch: 1,
        ours: 400_000,
        theirs: 60_000,
        their_line: None,
    },
    Stream {
        per_batch: 100,
        ours: 2_000_000,
        theirs: 300_000,
        their_line: None,
    },
    Stream {
        per_batch: 1_000,
        ours: 2_000_000,
        theirs: 400_000,
        their_line: Some(4 << 20),
    },
];

/// Runs everything and prints the tables.
pub(crate) fn client(root: &Path) -> Result<()> {
    let python = python::install(root)?;
    let programs = programs::build(root, CRATE, "bench-client")?;
    let ours = Contender::ours(&programs);
    let script = root.join(CRATE).join("consumer.py");
    let (mut cases, mut stalled) = (Vec::new(), Vec::new());
    for stream in STREAMS {
        let theirs = Contender::theirs(&python, &script, stream.their_line);
        let replay = Replay::start(&programs.join("replay"), stream.ours, stream.per_batch)?;
        for handler in [Handler::Count, Handler::Read] {
            println!(
                "{} events a batch, handler {}",
                stream.per_batch,
                handler.name()
            );
            let (mut own, mut peer) = (Measured::worst(), Measured::worst());
            // In turns, so that what else the machine does hits both.
            for _ in 0..TURNS {
                own.improve(ours.run(replay.url(), stream.ours, handler)?);
                peer.improve(theirs.run(replay.url(), stream.theirs, handler)?);
            }
            cases.push(Case {
                per_batch: stream.per_batch,
                handler,
                ours: own,
                theirs: peer,
            });
        }
        println!("{} events a batch, handler stalled", stream.per_batch);
        stalled.push(Stalled {
            per_batch: stream.per_batch,
            peak: ours.stall(replay.url())?,
        });
    }
    print!("\n{}", report::tables(&cases, &stalled));
    Ok(())
}
