//! Standard output that may be closed early: `| head` is no failure.

use std::io::{self, BufWriter, ErrorKind, StdoutLock, Write};

use crate::exit::Failure;

/// Why a command goes no further.
#[derive(Debug)]
pub(super) enum Halt {
    /// The reader of the output has seen enough.
    NobodyReads,
    Failed(Failure),
}

impl From<Failure> for Halt {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Standard output, written in large pieces.
pub(super) struct Output(BufWriter<StdoutLock<'static>>);

impl Output {
    pub(super) fn new() -> Self {
        const PIECE: usize = 64 << 10;
        Self(BufWriter::with_capacity(PIECE, io::stdout().lock()))
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Halt> {
        self.0.write_all(bytes).map_err(|error| halt(&error))
    }

    pub(super) fn line(&mut self, line: &str) -> Result<(), Halt> {
        writeln!(self.0, "{line}").map_err(|error| halt(&error))
    }

    pub(super) fn flush(&mut self) -> Result<(), Halt> {
        self.0.flush().map_err(|error| halt(&error))
    }
}

fn halt(error: &io::Error) -> Halt {
    match error.kind() {
        ErrorKind::BrokenPipe => Halt::NobodyReads,
        _ => Halt::Failed(Failure::because("cannot write the output", error)),
    }
}

/// The beginning of a text that somebody else wrote, enough to recognise it by.
pub(super) fn beginning(text: &str) -> String {
    const LONGEST: usize = 200;
    let mut beginning: String = text.chars().take(LONGEST).collect();
    if beginning.len() < text.len() {
        beginning.push('…');
    }
    beginning
}
