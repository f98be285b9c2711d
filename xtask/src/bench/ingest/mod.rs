//! `cargo xtask bench ingest`: from a node's bytes to lines of JSON, by the service and by what one
//! would write without it, all from the same prepared node.

mod report;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use self::report::Row;
use super::programs;
use super::running::Running;
use super::usage::Usage;
use crate::error::{Context as _, Result, fail};

const CRATE: &str = "crates/server/bench";
/// The chain of the prepared node.
const CHAIN_ID: u64 = 1_337;
const BLOCKS: u64 = 10_000;
const LOGS_PER_BLOCK: u64 = 100;
/// How many blocks the others ask for at once: 25 MB, which the service's limit of an answer also
/// comes to.
const STEP: u64 = 400;
/// Turns of every contender; the best counts.
const TURNS: usize = 3;

/// Who is measured, in the order of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Contender {
    Raw,
    Service,
    AlloyLogs,
    AlloyDynamic,
    AlloyStatic,
}

const CONTENDERS: [Contender; 5] = [
    Contender::Raw,
    Contender::Service,
    Contender::AlloyLogs,
    Contender::AlloyDynamic,
    Contender::AlloyStatic,
];

/// What one turn took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Measured {
    pub(super) took: Duration,
    pub(super) cpu: Duration,
    pub(super) peak_kib: u64,
}

impl Measured {
    /// The best of two turns, each figure by itself; of the memory the worst.
    fn merged(self, other: Self) -> Self {
        Self {
            took: self.took.min(other.took),
            cpu: self.cpu.min(other.cpu),
            peak_kib: self.peak_kib.max(other.peak_kib),
        }
    }
}

/// Runs everything, or one contender, and prints the table.
pub(crate) fn ingest(root: &Path, only: Option<&str>) -> Result<()> {
    let contenders: Vec<Contender> = CONTENDERS
        .into_iter()
        .filter(|it| only.is_none_or(|only| only == it.argument()))
        .collect();
    if contenders.is_empty() {
        return fail!("no contender of that name; there are raw, service, logs, dynamic, static");
    }
    let programs = programs::build(root, CRATE, "bench-server")?;
    let mut node = Command::new(programs.join("node"));
    node.args([BLOCKS.to_string(), LOGS_PER_BLOCK.to_string()]);
    let mut node = Running::start(node)?;
    let url = format!("http://{}", node.expect("listening on ")?);
    let mut rows: Vec<Row> = Vec::new();
    for turn in 0..TURNS {
        for (nth, contender) in contenders.iter().enumerate() {
            println!("turn {}, {}", turn + 1, contender.name());
            let measured = match contender {
                Contender::Service => service(&programs, &url)?,
                peer => self::peer(&programs, peer.argument(), &url)?,
            };
            match rows.get_mut(nth) {
                Some(row) => row.measured = row.measured.merged(measured),
                None => rows.push(Row {
                    contender: *contender,
                    measured,
                }),
            }
        }
    }
    print!("\n{}", report::table(&rows, BLOCKS * LOGS_PER_BLOCK));
    Ok(())
}

impl Contender {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Raw => "download of the same bytes",
            Self::Service => "**the service**",
            Self::AlloyLogs => "alloy `get_logs`, to JSON",
            Self::AlloyDynamic => "alloy `DynSolEvent`, to JSON",
            Self::AlloyStatic => "alloy `sol!`, to JSON",
        }
    }

    fn argument(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Service => "service",
            Self::AlloyLogs => "logs",
            Self::AlloyDynamic => "dynamic",
            Self::AlloyStatic => "static",
        }
    }
}

/// The service, from the opening of a stream to the last event with the reader.
fn service(programs: &Path, node: &str) -> Result<Measured> {
    let events = BLOCKS * LOGS_PER_BLOCK;
    let folder = std::env::temp_dir().join(format!("event-streamer-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).context(|| "a folder for the service".to_owned())?;
    let measured = service_in(&folder, programs, node, events);
    let _ = std::fs::remove_dir_all(&folder);
    measured
}

fn service_in(folder: &Path, programs: &Path, node: &str, events: u64) -> Result<Measured> {
    let mut command = Command::new(programs.join("service"));
    command
        .args([node, &CHAIN_ID.to_string()])
        .arg(folder.join("events.sqlite"));
    let mut service = Running::start(command)?;
    let url = service.expect("listening on ")?;
    let mut command = Command::new(programs.join("reader"));
    command.args([&url, &CHAIN_ID.to_string(), &events.to_string()]);
    let mut reader = Running::start(command)?;
    reader.expect("ready")?;
    let (began, before) = (Instant::now(), service.usage()?);
    reader.tell()?;
    let last = reader.expect("last ")?;
    let measured = since(began, before, service.usage()?);
    if last != events.to_string() {
        return fail!("the reader counted {last} of {events} events");
    }
    Ok(measured)
}

fn peer(programs: &Path, kind: &str, node: &str) -> Result<Measured> {
    let mut command = Command::new(programs.join("peer"));
    command.args([kind, node, &BLOCKS.to_string(), &STEP.to_string()]);
    let mut peer = Running::start(command)?;
    peer.expect("ready")?;
    let (began, before) = (Instant::now(), peer.usage()?);
    peer.tell()?;
    peer.expect("last ")?;
    Ok(since(began, before, peer.usage()?))
}

fn since(began: Instant, before: Usage, after: Usage) -> Measured {
    Measured {
        took: began.elapsed(),
        cpu: after.cpu - before.cpu,
        peak_kib: after.peak_kib,
    }
}
