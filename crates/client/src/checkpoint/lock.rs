//! One program per file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// An advisory lock on a file beside the one that is meant, for as long as it lives. The operating
/// system drops it with the program, however that ends.
#[derive(Debug)]
pub(super) struct FileLock {
    /// Closing it unlocks. The file stays: removing it would race with a program that opens it.
    _file: File,
}

impl FileLock {
    /// Takes the lock; `None` if somebody else has it.
    pub(super) fn acquire(path: &Path) -> io::Result<Option<Self>> {
        let file = private_file().truncate(false).open(lock_path(path))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

fn lock_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

/// A file that only its owner reads: a token says where somebody is.
pub(super) fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
