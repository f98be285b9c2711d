//! Real chain data, where a machine has it. None of it is part of the project.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The folder of the test data: `EVENT_STREAMER_TEST_DATA`, else `../shared/data` beside the
/// workspace. `None`: there is none, and the test says so and passes.
///
/// ```
/// # #![allow(clippy::print_stderr)]
/// let Some(folder) = event_streamer_testkit::testdata::dir() else {
///     eprintln!("no test data: runs without the mainnet logs");
///     return;
/// };
/// assert!(folder.is_dir());
/// ```
///
/// # Panics
///
/// If the variable names no folder: a wrong setting should not look like none.
#[must_use]
pub fn dir() -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    find(std::env::var_os("EVENT_STREAMER_TEST_DATA"), workspace)
}

/// A file of the test data.
#[must_use]
pub fn file(name: &str) -> Option<PathBuf> {
    dir()
        .map(|folder| folder.join(name))
        .filter(|file| file.exists())
}

fn find(variable: Option<OsString>, workspace: Option<&Path>) -> Option<PathBuf> {
    if let Some(folder) = variable
        .filter(|folder| !folder.is_empty())
        .map(PathBuf::from)
    {
        assert!(
            folder.is_dir(),
            "EVENT_STREAMER_TEST_DATA names no folder: {}",
            folder.display()
        );
        return Some(folder);
    }
    let beside = workspace?.parent()?.join("shared/data");
    beside.is_dir().then_some(beside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_comes_first() {
        let folder = std::env::temp_dir();
        assert_eq!(find(Some(folder.clone().into()), None), Some(folder));
    }

    #[test]
    #[should_panic(expected = "EVENT_STREAMER_TEST_DATA names no folder: /nowhere")]
    fn a_wrong_variable_is_not_passed_over() {
        let _ = find(Some("/nowhere".into()), None);
    }

    #[test]
    fn without_it_the_folder_beside_the_workspace_is_taken_if_there_is_one() {
        let nowhere = Path::new("/nowhere/workspace");
        assert_eq!(find(None, Some(nowhere)), None);
        assert_eq!(find(Some("".into()), Some(nowhere)), None);
        let parent = std::env::temp_dir().join(format!("testdata-{}", std::process::id()));
        let data = parent.join("shared/data");
        std::fs::create_dir_all(&data).unwrap();
        assert_eq!(find(None, Some(&parent.join("workspace"))), Some(data));
        std::fs::remove_dir_all(parent).unwrap();
    }
}
