//! What a demo shows: a progress bar and columns on a terminal, plain lines elsewhere, or JSON.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::event_line::{self, Detail};

/// How many events of one live block are shown on a terminal before the rest is counted.
const SHOWN_PER_BLOCK: u64 = 12;
/// Without a terminal, the past is reported each time another tenth is done.
const REPORTS: u64 = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Terminal,
    Plain,
    Json,
}

/// The past that is to be streamed before live blocks are shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Past {
    pub(super) first: u64,
    pub(super) last: u64,
}

impl Past {
    fn blocks(self) -> u64 {
        (self.last + 1).saturating_sub(self.first)
    }

    fn done(self, block: u64) -> u64 {
        (block.min(self.last) + 1).saturating_sub(self.first)
    }
}

/// What a demo shows.
pub(super) struct View {
    mode: Mode,
    bar: ProgressBar,
    past: Option<Past>,
    started: Instant,
    reported: u64,
    events: u64,
    /// The live block whose events are being shown, and how many of them there were.
    block: Option<(u64, u64)>,
}

impl View {
    /// For a demo of `past` and what follows it. Nothing is shown yet.
    pub(super) fn new(json: bool, past: Option<Past>) -> Self {
        let mode = match (json, io::stdout().is_terminal()) {
            (true, _) => Mode::Json,
            (false, true) => Mode::Terminal,
            (false, false) => Mode::Plain,
        };
        let bar = ProgressBar::new(past.map_or(0, Past::blocks));
        let terminal = mode == Mode::Terminal && past.is_some();
        bar.set_draw_target(if terminal {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        });
        bar.set_style(style());
        Self {
            mode,
            bar,
            past,
            started: Instant::now(),
            reported: 0,
            events: 0,
            block: None,
        }
    }

    /// A line for people: on standard output, or on standard error if that is for JSON.
    pub(super) fn note(&mut self, line: &str) -> io::Result<()> {
        let mode = self.mode;
        let write = || match mode {
            Mode::Json => writeln!(io::stderr(), "{line}"),
            Mode::Terminal | Mode::Plain => writeln!(io::stdout(), "{line}"),
        };
        // A finished bar stays where it is; one at work is drawn again below the line.
        if self.bar.is_finished() {
            write()
        } else {
            self.bar.suspend(write)
        }
    }

    /// One delivered event, with its fields as JSON object.
    pub(super) fn event(&mut self, name: &str, block: u64, fields: &str) -> io::Result<()> {
        self.events += 1;
        if self.mode == Mode::Json {
            let line = event_line::json(name, fields)?;
            return writeln!(io::stdout(), "{line}");
        }
        if self.past.is_some_and(|past| block <= past.last) {
            return Ok(());
        }
        self.finish_bar();
        let shown = match self.block {
            Some((current, count)) if current == block => count,
            _ => {
                self.end_block()?;
                0
            }
        };
        self.block = Some((block, shown + 1));
        match self.mode {
            Mode::Terminal if shown >= SHOWN_PER_BLOCK => Ok(()),
            Mode::Terminal => writeln!(
                io::stdout(),
                "{}",
                event_line::text(name, fields, Detail::Short)?
            ),
            Mode::Plain | Mode::Json => writeln!(
                io::stdout(),
                "{}",
                event_line::text(name, fields, Detail::Full)?
            ),
        }
    }

    /// Everything up to `block` is delivered.
    pub(super) fn covered(&mut self, block: u64) -> io::Result<()> {
        let Some(past) = self.past else { return Ok(()) };
        let (done, all) = (past.done(block), past.blocks());
        if !self.bar.is_finished() {
            let message = rate(self.events, self.started.elapsed());
            self.bar.set_message(message);
            self.bar.set_position(done);
        }
        if block >= past.last {
            self.finish_bar();
        }
        let tenth = done.saturating_mul(REPORTS) / all.max(1);
        if self.mode != Mode::Terminal && tenth > self.reported {
            self.reported = tenth;
            let line = format!(
                "past: {done} of {all} blocks, {} events, {}",
                self.events,
                rate(self.events, self.started.elapsed())
            );
            self.note(&line)?;
        }
        Ok(())
    }

    /// Ends what is half shown; the summary follows.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.finish_bar();
        self.end_block()?;
        io::stdout().flush()
    }

    fn finish_bar(&mut self) {
        if !self.bar.is_finished() {
            self.bar.finish();
        }
    }

    /// Says how many events of the block were not shown.
    fn end_block(&mut self) -> io::Result<()> {
        match self.block.take() {
            Some((block, count)) if self.mode == Mode::Terminal && count > SHOWN_PER_BLOCK => {
                writeln!(
                    io::stdout(),
                    "block {block:<9} … and {} more events",
                    count - SHOWN_PER_BLOCK
                )
            }
            _ => Ok(()),
        }
    }
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{bar:40.cyan/dim} {pos}/{len} blocks  {msg}  ETA {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// `12345 events/s`.
fn rate(events: u64, elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64().max(0.001);
    format!("{:.0} events/s", events as f64 / seconds)
}
