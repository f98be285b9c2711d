//! Stores of positions that fail, lie or are slow.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use event_streamer_client::{
    CheckpointError, CheckpointErrorKind, CheckpointFuture, CheckpointKey, CheckpointStore,
    ErrorKind, FileCheckpoints, MemoryCheckpoints, SavedPosition,
};
use event_streamer_models::SubscriptionId;
use event_streamer_testkit::{Script, token};
use tempfile::TempDir;

use super::case::*;
use crate::harness::error_reply;

/// A store in memory with a fault.
#[derive(Debug, Default)]
struct Store {
    kept: MemoryCheckpoints,
    /// What was kept before.
    holds: Option<String>,
    /// So many writes fail, with this.
    failures: AtomicU32,
    failure: Option<CheckpointError>,
    /// Each write takes so long.
    takes: Duration,
}

impl CheckpointStore for Store {
    fn claim<'a>(&'a self, key: &'a CheckpointKey) -> CheckpointFuture<'a, SavedPosition> {
        Box::pin(async move {
            let mut saved = self.kept.claim(key).await?;
            saved.resume_token = self.holds.clone().map(Into::into);
            Ok(saved)
        })
    }

    fn save<'a>(
        &'a self,
        key: &'a CheckpointKey,
        position: &'a SavedPosition,
    ) -> CheckpointFuture<'a, ()> {
        Box::pin(async move {
            tokio::time::sleep(self.takes).await;
            let fails = |left: u32| left.checked_sub(1);
            let left = self
                .failures
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, fails);
            match (&self.failure, left) {
                (Some(error), Ok(_)) => Err(error.clone()),
                _ => self.kept.save(key, position).await,
            }
        })
    }

    fn load<'a>(&'a self, key: &'a CheckpointKey) -> CheckpointFuture<'a, Option<SavedPosition>> {
        self.kept.load(key)
    }
}

/// A folder with a file that is not as it was written.
#[derive(Debug)]
struct BadFile {
    files: FileCheckpoints,
    _folder: TempDir,
}

impl BadFile {
    fn with(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = FileCheckpoints::new(folder.path());
        std::fs::write(files.path(&key()), text).unwrap();
        Self {
            files,
            _folder: folder,
        }
    }
}

impl CheckpointStore for BadFile {
    fn claim<'a>(&'a self, key: &'a CheckpointKey) -> CheckpointFuture<'a, SavedPosition> {
        self.files.claim(key)
    }

    fn save<'a>(
        &'a self,
        key: &'a CheckpointKey,
        position: &'a SavedPosition,
    ) -> CheckpointFuture<'a, ()> {
        self.files.save(key, position)
    }

    fn load<'a>(&'a self, key: &'a CheckpointKey) -> CheckpointFuture<'a, Option<SavedPosition>> {
        self.files.load(key)
    }
}

fn key() -> CheckpointKey {
    CheckpointKey::new(SubscriptionId::new(7).unwrap(), "default").unwrap()
}

fn failing(times: u32, kind: CheckpointErrorKind, text: &str) -> Store {
    Store {
        failures: AtomicU32::new(times),
        failure: Some(CheckpointError::new(kind, text)),
        ..Store::default()
    }
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = writes();
    cases.extend(starts());
    cases
}

fn stored(case: Case, store: impl CheckpointStore) -> Case {
    case.options(|options| options.with_checkpoint_store(store))
        .survives(|script, _| script)
}

fn writes() -> Vec<Case> {
    let unavailable = CheckpointErrorKind::Unavailable;
    let lost = "what was handled is neither kept nor acknowledged, and comes again";
    vec![
        stored(
            Case::new(
                "away for a while",
                "two writes fail, as of a database that restarts",
                "written again after a delay, told each time; acknowledged only then",
            ),
            failing(2, unavailable, "the database does not answer"),
        )
        .reports(["STREAM_ERROR"; 2])
        .says("the database does not answer")
        .waits(seconds(0)..=seconds(5)),
        stored(
            Case::new(
                "full disk",
                "every write fails: no space left",
                "five attempts, then the end with the store's error; nothing is acknowledged",
            ),
            failing(u32::MAX, unavailable, "no space left on device"),
        )
        .acked([] as [&str; 0])
        .reports(["STREAM_ERROR"; 5])
        .waits(seconds(1)..=seconds(60))
        .fails(ErrorKind::Checkpoint, "the checkpoint store"),
        stored(
            Case::new(
                "taken over",
                "another consumer has claimed the position meanwhile",
                lost,
            ),
            failing(
                u32::MAX,
                CheckpointErrorKind::Superseded,
                "another consumer took it over",
            ),
        )
        .acked([] as [&str; 0])
        .reports(["STREAM_ERROR"])
        .says("another consumer took it over")
        .waits(at_once())
        .fails(ErrorKind::Checkpoint, "the checkpoint store"),
        stored(
            Case::new(
                "slow",
                "each write takes 3 s",
                "events go on meanwhile; acknowledged when the write is done, not before",
            ),
            Store {
                takes: seconds(3),
                ..Store::default()
            },
        )
        .waits(seconds(3)..=seconds(10)),
    ]
}

fn starts() -> Vec<Case> {
    let begun_at = |case: Case, holds: String| {
        let store = Store {
            holds: Some(holds.clone()),
            ..Store::default()
        };
        stored(case, store).tokens([Some(holds)])
    };
    let damaged = |name, fault, says, text: &'static str| {
        Case::new(
            name,
            fault,
            "ends at once, before anything is asked for: the error names the file and what to do; \
             never begun somewhere else instead",
        )
        .later(move |case| {
            case.options(|options| options.with_checkpoint_store(BadFile::with(text)))
        })
        .handled([])
        .tokens([])
        .acked([] as [&str; 0])
        .nowhere()
        .reports(["STREAM_ERROR"])
        .says(says)
        .waits(at_once())
        .fails(ErrorKind::Checkpoint, "the checkpoint store")
    };
    let foreign = Store {
        holds: Some("rt_foreign".to_owned()),
        ..Store::default()
    };
    vec![
        begun_at(
            Case::new(
                "stale",
                "the store was restored from a copy, and is behind what the service has",
                "begun where the store says: what lies between comes again, nothing is left out",
            ),
            token(9, 0),
        ),
        Case::new(
            "of another subscription",
            "the store has the token of another subscription: 400 `INVALID_RESUME_TOKEN`",
            "ends at once; the error says which checkpoint it came from and how to be rid of it",
        )
        .options(|options| options.with_checkpoint_store(foreign))
        .refused_for_good(
            Script::new().reply(&error_reply(400, "INVALID_RESUME_TOKEN")),
            ErrorKind::Validation,
            "came from the checkpoint `default` of subscription 7",
        )
        .tokens([Some("rt_foreign".to_owned())])
        .position("rt_foreign"),
        Case::new(
            "a void token of the options",
            "`with_resume_token` with one that was made before a reset: 400",
            "ends at once; the error says that the options gave it",
        )
        .options(|options| options.with_resume_token("rt_void"))
        .refused_for_good(
            Script::new().reply(&error_reply(400, "INVALID_RESUME_TOKEN")),
            ErrorKind::Validation,
            "was given to with_resume_token",
        )
        .tokens([Some("rt_void".to_owned())])
        .position("rt_void"),
        damaged(
            "wrong checksum",
            "a file whose content is not what was written",
            "checksum",
            "{\"checkpoint\":{\"version\":1,\"name\":\"default\",\"subscription_id\":7,\"epoch\":1,\
             \"step\":1,\"resume_token\":\"rt_1\"},\"crc32\":\"00000000\"}",
        ),
        damaged(
            "torn file",
            "half a file, as after a power cut on a disk that lies",
            "remove it",
            "{\"checkpoint\":{\"version\":1,\"name\":\"def",
        ),
    ]
}
