//! Positions in files: one each, replaced as a whole.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use event_streamer_models::ResumeToken;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::lock::{FileLock, private_file};
use super::{
    CheckpointError, CheckpointErrorKind, CheckpointFuture, CheckpointKey, CheckpointStore,
    SavedPosition, crc32_hex,
};

/// The form of the files that is written here.
const VERSION: u32 = 1;

/// The largest file that is read: a token is far shorter.
const MAX_FILE: u64 = 64 * 1024;

/// Positions as files in a folder, `{name}-{subscription}.checkpoint`.
///
/// A file is written beside the old one, synced, put in its place by a rename, and the folder is
/// synced: after a power failure either position is there, whole. Each has a checksum; a damaged file
/// is refused, never taken for an empty one. A lock beside it keeps a second program out until this
/// store, with everything that was made with it, is dropped.
///
/// Paths on network file systems are as good as their locks and their `fsync`.
///
/// ```no_run
/// use event_streamer_client::{FileCheckpoints, StreamingOptions};
///
/// let options = StreamingOptions::default()
///     .with_checkpoint_store(FileCheckpoints::new("/var/lib/billing"))
///     .with_checkpoint_name("billing");
/// # drop(options);
/// ```
#[derive(Debug, Clone)]
pub struct FileCheckpoints {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    /// Also keeps writers of one key from each other, within this program.
    locks: Mutex<HashMap<CheckpointKey, FileLock>>,
}

impl FileCheckpoints {
    /// Keeps positions in a folder, which is made when the first is claimed.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            inner: Arc::new(Inner {
                folder: folder.into(),
                locks: Mutex::default(),
            }),
        }
    }

    /// Where the position of a key is.
    #[must_use]
    pub fn path(&self, key: &CheckpointKey) -> PathBuf {
        self.inner.path(key)
    }

    /// Files are touched where blocking is no harm.
    fn blocking<T: Send + 'static>(
        &self,
        key: &CheckpointKey,
        act: impl FnOnce(&Inner, &CheckpointKey) -> Result<T, CheckpointError> + Send + 'static,
    ) -> CheckpointFuture<'_, T> {
        let (inner, key) = (Arc::clone(&self.inner), key.clone());
        let act = tokio::task::spawn_blocking(move || act(&inner, &key));
        Box::pin(async move {
            act.await.unwrap_or_else(|error| {
                let message = "the checkpoint's file could not be worked on";
                Err(
                    CheckpointError::new(CheckpointErrorKind::Unavailable, message)
                        .with_source(error),
                )
            })
        })
    }
}

impl CheckpointStore for FileCheckpoints {
    fn claim<'a>(&'a self, key: &'a CheckpointKey) -> CheckpointFuture<'a, SavedPosition> {
        self.blocking(key, Inner::claim)
    }

    fn save<'a>(
        &'a self,
        key: &'a CheckpointKey,
        position: &'a SavedPosition,
    ) -> CheckpointFuture<'a, ()> {
        let position = position.clone();
        self.blocking(key, move |inner, key| inner.save(key, &position))
    }

    fn load<'a>(&'a self, key: &'a CheckpointKey) -> CheckpointFuture<'a, Option<SavedPosition>> {
        self.blocking(key, |inner, key| read(&inner.path(key), key))
    }
}

impl Inner {
    fn path(&self, key: &CheckpointKey) -> PathBuf {
        self.folder.join(format!(
            "{}-{}.checkpoint",
            key.name(),
            key.subscription_id()
        ))
    }

    fn claim(&self, key: &CheckpointKey) -> Result<SavedPosition, CheckpointError> {
        let path = self.path(key);
        let failed = |error| unavailable("opened", &path, error);
        fs::create_dir_all(&self.folder).map_err(failed)?;
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        if !locks.contains_key(key) {
            let lock = FileLock::acquire(&path).map_err(failed)?;
            let lock = lock.ok_or_else(|| in_use(&path))?;
            locks.insert(key.clone(), lock);
        }
        let mut saved = read(&path, key)?.unwrap_or_default();
        saved.epoch += 1;
        saved.step = 0;
        write(&path, key, &saved).map_err(|error| unavailable("written", &path, error))?;
        Ok(saved)
    }

    fn save(&self, key: &CheckpointKey, position: &SavedPosition) -> Result<(), CheckpointError> {
        let path = self.path(key);
        let locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        let saved = read(&path, key)?.filter(|_| locks.contains_key(key));
        match saved {
            Some(saved) if saved.epoch == position.epoch && saved.step > position.step => Ok(()),
            Some(saved) if saved.epoch == position.epoch => {
                write(&path, key, position).map_err(|error| unavailable("written", &path, error))
            }
            _ => Err(CheckpointError::superseded(key)),
        }
    }
}

/// The file: what is kept, as text, and its checksum.
#[derive(Serialize, Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    checkpoint: &'a RawValue,
    crc32: &'a str,
}

#[derive(Serialize, Deserialize)]
struct Content<'a> {
    version: u32,
    name: &'a str,
    subscription_id: u64,
    epoch: u64,
    step: u64,
    resume_token: Option<ResumeToken>,
}

fn read(path: &Path, key: &CheckpointKey) -> Result<Option<SavedPosition>, CheckpointError> {
    let text = match read_bounded(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            return Err(damaged(path, &error.to_string()));
        }
        Err(error) => return Err(unavailable("read", path, error)),
    };
    let envelope: Envelope<'_> =
        serde_json::from_str(&text).map_err(|error| damaged(path, &error.to_string()))?;
    if crc32_hex(envelope.checkpoint.get().as_bytes()) != envelope.crc32 {
        return Err(damaged(path, "its checksum is not that of its content"));
    }
    let content: Content<'_> = serde_json::from_str(envelope.checkpoint.get())
        .map_err(|error| damaged(path, &error.to_string()))?;
    if content.version != VERSION {
        return Err(damaged(
            path,
            &format!(
                "version {} is not known here, only {VERSION}",
                content.version
            ),
        ));
    }
    if (content.name, content.subscription_id) != (key.name(), key.subscription_id().get()) {
        return Err(damaged(path, "it is of another name or subscription"));
    }
    Ok(Some(SavedPosition {
        resume_token: content.resume_token,
        epoch: content.epoch,
        step: content.step,
    }))
}

fn read_bounded(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let file = File::open(path)?;
    io::Read::read_to_string(&mut io::Read::take(file, MAX_FILE + 1), &mut text)?;
    if text.len() as u64 > MAX_FILE {
        let message = format!("it has more than {MAX_FILE} bytes");
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    Ok(text)
}

fn write(path: &Path, key: &CheckpointKey, position: &SavedPosition) -> io::Result<()> {
    let content = serde_json::value::to_raw_value(&Content {
        version: VERSION,
        name: key.name(),
        subscription_id: key.subscription_id().get(),
        epoch: position.epoch,
        step: position.step,
        resume_token: position.resume_token.clone(),
    })?;
    let mut text = serde_json::to_string(&Envelope {
        checkpoint: &content,
        crc32: &crc32_hex(content.get().as_bytes()),
    })?;
    text.push('\n');
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let mut file = private_file().truncate(true).open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    sync_folder(path)
}

/// Makes the rename durable. Elsewhere than on Unix a folder cannot be synced.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => {
            let here = folder.as_os_str().is_empty();
            File::open(if here { Path::new(".") } else { folder })?.sync_all()
        }
        _ => Ok(()),
    }
}

fn unavailable(what: &str, path: &Path, error: io::Error) -> CheckpointError {
    let message = format!("the checkpoint file {} could not be {what}", path.display());
    CheckpointError::new(CheckpointErrorKind::Unavailable, message).with_source(error)
}

fn damaged(path: &Path, how: &str) -> CheckpointError {
    let message = format!(
        "the checkpoint file {} is damaged: {how}; put a good copy in its place, or remove it to begin \
         at the position that the service has",
        path.display()
    );
    CheckpointError::new(CheckpointErrorKind::Damaged, message)
}

fn in_use(path: &Path) -> CheckpointError {
    let message = format!(
        "the checkpoint file {} is in use by another program or another store",
        path.display()
    );
    CheckpointError::new(CheckpointErrorKind::InUse, message)
}

#[cfg(test)]
mod tests;
