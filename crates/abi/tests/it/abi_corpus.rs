//! ABIs of real contracts: the archive of the test data, and the packages that the test command
//! installs.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use event_streamer_abi::{canonical_signature, extract_abi_events};
use event_streamer_models::AbiEvent;
use serde_json::Value;

use crate::test_data;

/// A folder of `*.json` at any depth: ABIs, and artefacts that have one.
const VARIABLE: &str = "EVENT_STREAMER_ABI_CORPUS";

/// ABIs of one origin.
pub(crate) struct Corpus {
    pub(crate) origin: String,
    /// By file name, in its order.
    pub(crate) abis: Vec<(String, String)>,
    /// What four implementations say of the events, if somebody asked them.
    pub(crate) index: Option<String>,
}

/// Every corpus that is here; says what it has, and what is missing.
pub(crate) fn all() -> Vec<Corpus> {
    let archive = test_data::find("abis.tar.gz").map(|path| archive(&path));
    let folder = match std::env::var_os(VARIABLE) {
        Some(folder) => Some(folder_of_abis(Path::new(&folder))),
        None => {
            eprintln!("runs without the ABIs of npm packages: {VARIABLE} names no folder");
            None
        }
    };
    let corpora: Vec<Corpus> = archive.into_iter().chain(folder).collect();
    for Corpus { origin, abis, .. } in &corpora {
        eprintln!("runs on {} different ABIs of {origin}", abis.len());
    }
    corpora
}

fn archive(path: &Path) -> Corpus {
    let mut index = None;
    let mut abis = Vec::new();
    for (name, text) in test_data::read_archive(path) {
        if name.ends_with("index.csv") {
            index = Some(text);
        } else {
            let name = name.rsplit('/').next().unwrap_or_default();
            abis.push((name.to_owned(), text));
        }
    }
    Corpus {
        origin: "abis.tar.gz".to_owned(),
        abis,
        index,
    }
}

fn folder_of_abis(folder: &Path) -> Corpus {
    let mut paths = Vec::new();
    collect(folder, &mut paths);
    paths.sort();
    let mut abis = Vec::new();
    let mut seen = HashSet::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        // Packages carry copies of each other's.
        if is_abi(&text) && seen.insert(text.clone()) {
            abis.push((path.display().to_string(), text));
        }
    }
    assert!(
        !abis.is_empty(),
        "{VARIABLE} names {folder:?}, which has no ABI"
    );
    Corpus {
        origin: VARIABLE.to_owned(),
        abis,
        index: None,
    }
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let entries =
        std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{VARIABLE}: {folder:?}: {error}"));
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            paths.push(path);
        }
    }
}

/// An array of objects that all have a `type`, by itself or under `abi`; other files of a package
/// are passed over. What is an ABI by this rule has to be read.
fn is_abi(text: &str) -> bool {
    let Ok(mut document) = serde_json::from_str::<Value>(text) else {
        return false;
    };
    if document.is_object() {
        document = document["abi"].take();
    }
    let is_element = |value: &Value| value["type"].is_string();
    document
        .as_array()
        .is_some_and(|elements| !elements.is_empty() && elements.iter().all(is_element))
}

impl Corpus {
    /// The events that differ by more than the names of their parameters.
    pub(crate) fn different_events(&self) -> Vec<AbiEvent> {
        let mut seen = HashSet::new();
        let mut events = Vec::new();
        for (name, text) in &self.abis {
            let of_file =
                extract_abi_events(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            for event in of_file {
                let signature = canonical_signature(&event).unwrap();
                if seen.insert((signature, mask(&event), event.anonymous)) {
                    events.push(event);
                }
            }
        }
        events
    }
}

/// Which parameters are indexed: `110`.
pub(crate) fn mask(event: &AbiEvent) -> String {
    let digit = |indexed| if indexed { '1' } else { '0' };
    event
        .inputs
        .iter()
        .map(|input| digit(input.is_indexed()))
        .collect()
}
