//! One process per database file.
//!
//! SQLite's own locks let several processes share a file, which two services must not: each
//! believes that it alone moves the positions. The lock is advisory, on a file beside the
//! database, and the operating system drops it with the process, however that ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use super::super::super::{StoreError, StoreErrorKind};

/// The lock, for as long as it lives.
#[derive(Debug)]
pub(in super::super) struct FileLock {
    /// Closing it unlocks. The file stays: removing it would race with a process that opens it.
    _file: File,
}

impl FileLock {
    pub(super) fn acquire(database: &Path) -> Result<Self, StoreError> {
        let path = lock_path(database);
        let failed = |error| StoreError::open(database, error);
        let mut file = private_file().open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::new(StoreErrorKind::Locked {
                    path: database.to_owned(),
                    holder: read_holder(&mut file),
                }));
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        // Only for the error message of the next one.
        write_holder(&mut file).map_err(failed)?;
        Ok(Self { _file: file })
    }
}

fn lock_path(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

fn read_holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(20).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn write_holder(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

/// Makes the database file if it is not there, readable by its owner only: it holds the key of
/// the resume tokens. SQLite gives its WAL the same rights.
pub(super) fn ensure_private_file(path: &Path) -> io::Result<()> {
    private_file().open(path).map(drop)
}

fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
