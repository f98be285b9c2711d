//! Dead letters in a file: lines of JSON, only ever appended to.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use super::line::{self, Entry};
use super::reader::{LetterId, OpenLetters};
use super::{DeadLetter, DeadLetterError, DeadLetterErrorKind, DeadLetterFuture, DeadLetterSink};

/// How large a file may become, in bytes.
const MAX_BYTES: u64 = 1024 * 1024 * 1024;

/// Dead letters in a file of NDJSON, a line each, with a checksum. Cheap to clone.
///
/// Lines are appended and synced before the stream goes on; a line that a crash cut off is ended by
/// the next writer and told by the reader. Several programs may write and settle at the same time.
/// Settling appends a line too: nothing is ever changed or removed, so a file that is done with is
/// removed by hand.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use event_streamer_client::{AfterFailure, DeadLetterFile, HandlerPolicy, StreamingOptions};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("dead-letters.ndjson");
/// let file = DeadLetterFile::new(path);
/// let options = StreamingOptions::default()
///     .with_dead_letters(file.clone())
///     .with_handlers(HandlerPolicy::default().with_after_failure(AfterFailure::DeadLetter));
/// // Later, whoever looks after them:
/// for letter in file.open_letters()? {
///     let (id, letter) = letter?;
///     println!("{}: {}", letter.event_name, letter.event);
///     file.settle(id)?;
/// }
/// # drop(options);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct DeadLetterFile {
    path: PathBuf,
    max_bytes: u64,
}

impl DeadLetterFile {
    /// Keeps letters in a file, which is made with the first.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            max_bytes: MAX_BYTES,
        }
    }

    /// Sets how large the file may become, in bytes; beyond it, letters are refused and the stream
    /// stops. Default 1 GiB.
    #[must_use]
    pub fn with_max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The letters that are not settled, in the order in which they were written. None if there is no
    /// file. Reads the file, and blocks while it does.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn open_letters(&self) -> Result<OpenLetters, DeadLetterError> {
        OpenLetters::of(&self.path)
    }

    /// Notes durably that a letter needs nothing more. Blocks until that is on the disk.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn settle(&self, id: LetterId) -> Result<(), DeadLetterError> {
        // Room is always made for it: settling is what empties a full file.
        self.append(&[Entry::Settled(id.offset())], u64::MAX)
    }

    fn append(&self, entries: &[Entry], max_bytes: u64) -> Result<(), DeadLetterError> {
        let mut text = String::new();
        for entry in entries {
            let line = line::write(entry).map_err(|error| self.failed(error.into()))?;
            text.push_str(&line);
        }
        let mut file = open(&self.path).map_err(|error| self.failed(error))?;
        // Given up when the file is closed.
        file.lock().map_err(|error| self.failed(error))?;
        let (end, torn) = end_of(&mut file).map_err(|error| self.failed(error))?;
        if end.saturating_add(text.len() as u64) > max_bytes {
            let message = format!(
                "the dead-letter file {} would have more than {max_bytes} bytes: settle what is in it and \
                 put it aside",
                self.path.display()
            );
            return Err(DeadLetterError::new(DeadLetterErrorKind::Full, message));
        }
        if torn {
            text.insert(0, '\n');
        }
        let written = file
            .write_all(text.as_bytes())
            .and_then(|()| file.sync_all());
        written.map_err(|error| {
            // All or none: what was written of it is taken back, as far as that still works.
            let _ = file.set_len(end);
            self.failed(error)
        })
    }

    fn failed(&self, error: io::Error) -> DeadLetterError {
        let message = format!(
            "the dead-letter file {} could not be written",
            self.path.display()
        );
        DeadLetterError::new(DeadLetterErrorKind::Unavailable, message).with_source(error)
    }
}

impl DeadLetterSink for DeadLetterFile {
    fn write<'a>(&'a self, letters: &'a [DeadLetter]) -> DeadLetterFuture<'a> {
        let entries: Vec<Entry> = letters.iter().cloned().map(Entry::Letter).collect();
        let file = self.clone();
        let writing = tokio::task::spawn_blocking(move || file.append(&entries, file.max_bytes));
        Box::pin(async move {
            let failed = |error| self.failed(io::Error::other(error));
            writing.await.map_err(failed).flatten()
        })
    }
}

/// Opens the file to append; its folder is synced when it is new, or a crash could lose it.
fn open(path: &Path) -> io::Result<File> {
    let is_new = !path.exists();
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    if is_new && cfg!(unix) {
        let folder = path.parent().filter(|folder| *folder != Path::new(""));
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(file)
}

/// The length of a file, and whether its last line was cut off.
fn end_of(file: &mut File) -> io::Result<(u64, bool)> {
    let end = file.seek(SeekFrom::End(0))?;
    if end == 0 {
        return Ok((0, false));
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok((end, last != [b'\n']))
}

#[cfg(test)]
mod tests;
