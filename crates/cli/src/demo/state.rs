//! What a demo remembers between runs, so that `--resume` goes on where it was stopped.

use std::fs;
use std::path::PathBuf;

use event_streamer::models::{ResumeToken, SubscriptionId};
use serde::{Deserialize, Serialize};

use crate::exit::Failure;

/// The demo that was stopped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct DemoState {
    /// What was streamed: the chain and its source, the event, the contracts.
    pub(super) what: String,
    /// The subscription in the demo's database.
    pub(super) subscription_id: SubscriptionId,
    /// The position up to which events were shown.
    pub(super) resume_token: Option<ResumeToken>,
    /// The last block of which something was shown.
    pub(super) block: Option<u64>,
    /// The node's head at that time, for a recorded node.
    pub(super) head: Option<u64>,
}

/// The folder with the demo's database and state.
#[derive(Clone, Debug)]
pub(super) struct StateDir(PathBuf);

impl StateDir {
    /// The folder given, or the user's own.
    ///
    /// # Errors
    /// When there is none, or it cannot be made.
    pub(super) fn open(given: Option<PathBuf>) -> Result<Self, Failure> {
        let path = given.or_else(default_dir).ok_or_else(|| {
            Failure::usage(
                "no folder for the demo's database is known here; name one with --state-dir",
            )
        })?;
        fs::create_dir_all(&path).map_err(|error| {
            Failure::because(format!("cannot make the folder {}", path.display()), &error)
        })?;
        Ok(Self(path))
    }

    /// The database.
    pub(super) fn database(&self) -> PathBuf {
        self.0.join("demo.sqlite")
    }

    fn file(&self) -> PathBuf {
        self.0.join("demo.json")
    }

    /// Forgets everything earlier.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub(super) fn clear(&self) -> Result<(), Failure> {
        let database = self.database();
        let beside = |suffix: &str| {
            let mut name = database.clone().into_os_string();
            name.push(suffix);
            PathBuf::from(name)
        };
        for file in [
            self.file(),
            database.clone(),
            beside("-wal"),
            beside("-shm"),
        ] {
            match fs::remove_file(&file) {
                Ok(()) => {}
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => {
                    return Err(Failure::because(
                        format!("cannot remove {}", file.display()),
                        &error,
                    ));
                }
            }
        }
        Ok(())
    }

    /// The demo that was stopped, if it streamed the same.
    ///
    /// # Errors
    /// When there is none, it cannot be read, or it streamed something else.
    pub(super) fn load(&self, what: &str) -> Result<DemoState, Failure> {
        let file = self.file();
        let text = fs::read_to_string(&file).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Failure::usage(
                "there is no stopped demo to resume; run the demo without --resume first",
            ),
            _ => Failure::because(format!("cannot read {}", file.display()), &error),
        })?;
        let state: DemoState = serde_json::from_str(&text).map_err(|error| {
            Failure::because(
                format!(
                    "{} is damaged; run the demo without --resume",
                    file.display()
                ),
                &error,
            )
        })?;
        if state.what != what {
            return Err(Failure::usage(format!(
                "the stopped demo streamed something else ({}); resume it with the same options, or start anew without --resume",
                state.what
            )));
        }
        Ok(state)
    }

    /// Remembers a demo; the file is replaced whole.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn save(&self, state: &DemoState) -> Result<(), Failure> {
        let file = self.file();
        let new = file.with_extension("json.new");
        serde_json::to_vec_pretty(state)
            .map_err(std::io::Error::from)
            .and_then(|text| fs::write(&new, text))
            .and_then(|()| fs::rename(&new, &file))
            .map_err(|error| Failure::because(format!("cannot write {}", file.display()), &error))
    }
}

/// `$XDG_STATE_HOME/event-streamer`, `~/.local/state/event-streamer`, or Windows' local data.
fn default_dir() -> Option<PathBuf> {
    let set = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    set("XDG_STATE_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".local").join("state")))
        .or_else(|| set("LOCALAPPDATA"))
        .map(|dir| dir.join("event-streamer"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(what: &str) -> DemoState {
        DemoState {
            what: what.to_owned(),
            subscription_id: serde_json::from_str("3").unwrap(),
            resume_token: Some("rt_x".into()),
            block: Some(6),
            head: Some(7),
        }
    }

    #[test]
    fn a_state_is_remembered_until_cleared() {
        let folder = tempfile::tempdir().unwrap();
        let dir = StateDir::open(Some(folder.path().join("new"))).unwrap();
        dir.save(&state("a")).unwrap();
        assert_eq!(dir.load("a").unwrap(), state("a"));
        assert!(
            dir.load("b")
                .unwrap_err()
                .to_string()
                .contains("something else (a)")
        );
        dir.clear().unwrap();
        assert!(
            dir.load("a")
                .unwrap_err()
                .to_string()
                .contains("no stopped demo")
        );
        dir.clear().unwrap();
    }

    #[test]
    fn a_damaged_state_is_an_error_that_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let dir = StateDir::open(Some(folder.path().to_owned())).unwrap();
        fs::write(dir.file(), "{").unwrap();
        assert!(dir.load("a").unwrap_err().to_string().contains("damaged"));
    }
}
