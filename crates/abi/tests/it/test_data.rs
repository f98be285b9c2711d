//! Facts from public sources that are not part of the project: a folder of test data.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use event_streamer_models::Log;
use flate2::read::GzDecoder;

/// The file `name` of the test data; `None`, said plainly, if there is none here.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let beside = || {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../../shared/data")
            .into_os_string()
    };
    let folder: OsString = std::env::var_os("EVENT_STREAMER_TEST_DATA").unwrap_or_else(beside);
    let path = Path::new(&folder).join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!(
        "runs without {name}: not in EVENT_STREAMER_TEST_DATA, nor in ../shared/data beside the workspace"
    );
    None
}

/// Every log of a recording.
pub(crate) fn read_logs(recording: &Path) -> Vec<Log> {
    #[derive(serde::Deserialize)]
    struct Line {
        log: Option<Log>,
    }
    let file = std::fs::File::open(recording).unwrap();
    let lines = BufReader::new(GzDecoder::new(file)).lines();
    lines
        .filter_map(|line| serde_json::from_str::<Line>(&line.unwrap()).unwrap().log)
        .collect()
}

/// The files of a `.tar.gz`, by their names.
pub(crate) fn read_archive(archive: &Path) -> Vec<(String, String)> {
    const BLOCK: usize = 512;
    let mut bytes = Vec::new();
    GzDecoder::new(std::fs::File::open(archive).unwrap())
        .read_to_end(&mut bytes)
        .unwrap();
    let field = |header: &[u8], from: usize, length: usize| {
        let field = &header[from..from + length];
        let end = field.iter().position(|byte| *byte == 0).unwrap_or(length);
        String::from_utf8(field[..end].to_vec()).unwrap()
    };
    let mut files = Vec::new();
    let mut at = 0;
    while bytes.get(at).is_some_and(|byte| *byte != 0) {
        let header = &bytes[at..at + BLOCK];
        let size = usize::from_str_radix(field(header, 124, 12).trim(), 8).unwrap();
        let is_file = matches!(header[156], b'0' | 0);
        at += BLOCK;
        if is_file {
            let text = String::from_utf8(bytes[at..at + size].to_vec()).unwrap();
            files.push((field(header, 0, 100), text));
        }
        at += size.next_multiple_of(BLOCK);
    }
    files
}
