//! The letters of a file that are not settled.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _};
use std::path::{Path, PathBuf};

use super::line::{self, Entry};
use super::{DeadLetter, DeadLetterError, DeadLetterErrorKind};

/// The longest line that is read, in bytes: twice the longest line of a stream, for its escapes.
const MAX_LINE: u64 = 64 * 1024 * 1024;

/// Names a letter of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LetterId(u64);

impl LetterId {
    /// Where its line begins, in bytes.
    #[must_use]
    pub fn offset(self) -> u64 {
        self.0
    }
}

impl From<u64> for LetterId {
    /// The letter whose line begins at this byte.
    fn from(offset: u64) -> Self {
        Self(offset)
    }
}

/// The letters of a file that are not settled, in order. A damaged line is an error of its own, and
/// the next letter comes behind it.
#[derive(Debug)]
pub struct OpenLetters {
    path: PathBuf,
    lines: Option<Lines>,
    settled: HashSet<u64>,
}

impl OpenLetters {
    pub(super) fn of(path: &Path) -> Result<Self, DeadLetterError> {
        let failed = |error| unreadable(path, error);
        let mut letters = Self {
            path: path.to_owned(),
            lines: None,
            settled: HashSet::new(),
        };
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(letters),
            Err(error) => return Err(failed(error)),
        };
        let mut lines = Lines {
            file: BufReader::new(file),
            offset: 0,
        };
        while let Some((_, line)) = lines.next().map_err(failed)? {
            if let Ok(Entry::Settled(offset)) = line::read(&line) {
                letters.settled.insert(offset);
            }
        }
        lines.file.rewind().map_err(failed)?;
        lines.offset = 0;
        letters.lines = Some(lines);
        Ok(letters)
    }
}

impl Iterator for OpenLetters {
    type Item = Result<(LetterId, DeadLetter), DeadLetterError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (offset, line) = match self.lines.as_mut()?.next() {
                Ok(next) => next?,
                Err(error) => {
                    self.lines = None;
                    return Some(Err(unreadable(&self.path, error)));
                }
            };
            match line::read(&line) {
                Ok(Entry::Settled(_)) => {}
                _ if self.settled.contains(&offset) => {}
                Ok(Entry::Letter(letter)) => return Some(Ok((LetterId(offset), letter))),
                Err(reason) => return Some(Err(damaged(&self.path, offset, &reason))),
            }
        }
    }
}

#[derive(Debug)]
struct Lines {
    file: BufReader<File>,
    offset: u64,
}

impl Lines {
    /// The next line that is not empty, and where it begins.
    fn next(&mut self) -> io::Result<Option<(u64, Vec<u8>)>> {
        loop {
            let mut line = Vec::new();
            let begin = self.offset;
            let mut limited = (&mut self.file).take(MAX_LINE);
            let read = limited.read_until(b'\n', &mut line)?;
            self.offset += read as u64;
            if read == 0 {
                return Ok(None);
            }
            if !line.trim_ascii().is_empty() {
                return Ok(Some((begin, line)));
            }
        }
    }
}

fn unreadable(path: &Path, error: io::Error) -> DeadLetterError {
    let message = format!("the dead-letter file {} could not be read", path.display());
    DeadLetterError::new(DeadLetterErrorKind::Unavailable, message).with_source(error)
}

fn damaged(path: &Path, offset: u64, reason: &str) -> DeadLetterError {
    let message = format!(
        "the dead-letter file {}: the line at byte {offset} is damaged, or was cut off while it was \
         written: {reason}",
        path.display()
    );
    DeadLetterError::new(DeadLetterErrorKind::Damaged, message)
}
