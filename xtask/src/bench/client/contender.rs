//! A client as a process: started, watched, ended.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::super::running::Running;
use crate::error::{Context as _, Result, fail};

/// What the contender does with events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handler {
    Count,
    Read,
}

impl Handler {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Count => "counts",
            Self::Read => "reads every field",
        }
    }

    fn argument(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Read => "read",
        }
    }
}

/// Says `first` when its first batch is there and `last COUNT` when its last event is, and stays until
/// its standard input ends.
pub(super) struct Contender {
    command: Vec<OsString>,
    /// What it is told beside the stream and the handler.
    extra: Option<String>,
}

/// The best of some turns, each figure by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Measured {
    pub(super) events_per_second: f64,
    pub(super) cpu_seconds_per_million: f64,
    /// Of all turns the highest.
    pub(super) peak_kib: u64,
}

impl Measured {
    pub(super) fn worst() -> Self {
        Self {
            events_per_second: 0.0,
            cpu_seconds_per_million: f64::INFINITY,
            peak_kib: 0,
        }
    }

    pub(super) fn improve(&mut self, turn: Self) {
        self.events_per_second = self.events_per_second.max(turn.events_per_second);
        self.cpu_seconds_per_million = self
            .cpu_seconds_per_million
            .min(turn.cpu_seconds_per_million);
        self.peak_kib = self.peak_kib.max(turn.peak_kib);
    }
}

impl Contender {
    pub(super) fn ours(programs: &Path, manner: &str) -> Self {
        Self {
            command: vec![programs.join("consumer").into()],
            extra: Some(manner.to_owned()),
        }
    }

    pub(super) fn theirs(python: &Path, script: &Path, longest_line: Option<u64>) -> Self {
        Self {
            command: vec![python.into(), script.into()],
            extra: longest_line.map(|bytes| bytes.to_string()),
        }
    }

    /// One turn at so many events.
    pub(super) fn run(&self, url: &str, events: u64, handler: Handler) -> Result<Measured> {
        let mut running = Running::start(self.command(url, events, handler.argument()))?;
        running.expect("first")?;
        let (began, before) = (Instant::now(), running.usage()?);
        let last = running.expect("last ")?;
        let (took, after) = (began.elapsed(), running.usage()?);
        let count: u64 = last
            .parse()
            .context(|| format!("the contender counted {last:?}"))?;
        if count < events {
            return fail!("the contender counted {count} of {events} events");
        }
        #[allow(clippy::cast_precision_loss, reason = "a few million events")]
        let events = count as f64;
        Ok(Measured {
            events_per_second: events / took.as_secs_f64(),
            cpu_seconds_per_million: (after.cpu - before.cpu).as_secs_f64() * 1e6 / events,
            peak_kib: after.peak_kib,
        })
    }

    /// The memory of one whose handler is never done with its first batch, when it grows no more.
    pub(super) fn stall(&self, url: &str) -> Result<u64> {
        const LOOK: Duration = Duration::from_millis(250);
        const STEADY: u32 = 8;
        const LONGEST: Duration = Duration::from_secs(30);
        let mut running = Running::start(self.command(url, 1, "stall"))?;
        running.expect("first")?;
        let began = Instant::now();
        let (mut peak, mut steady) = (0, 0);
        while steady < STEADY && began.elapsed() < LONGEST {
            thread::sleep(LOOK);
            let now = running.usage()?.peak_kib;
            steady = if now == peak { steady + 1 } else { 0 };
            peak = now;
        }
        Ok(peak)
    }

    fn command(&self, url: &str, events: u64, handler: &str) -> Command {
        let mut command = Command::new(&self.command[0]);
        command
            .args(&self.command[1..])
            .args([url, &events.to_string(), handler])
            .args(&self.extra);
        command
    }
}
