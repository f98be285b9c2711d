//! What is read: files, and standard input as `-`.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use event_streamer::abi::limits::MAX_DOCUMENT_BYTES;
use event_streamer::abi::{ContractAbi, parse_human_abi};

use crate::exit::Failure;

/// Whether the name stands for standard input.
pub(super) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The name as a person is told it.
pub(super) fn shown(path: &Path) -> String {
    if is_stdin(path) {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}

/// # Errors
/// When there is no such file, or it may not be read.
pub(super) fn open(path: &Path) -> Result<Box<dyn Read>, Failure> {
    if is_stdin(path) {
        return Ok(Box::new(io::stdin().lock()));
    }
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    Ok(Box::new(file))
}

pub(super) fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::because(format!("cannot read {}", shown(path)), error)
}

/// The text of a file, up to `limit` bytes.
///
/// # Errors
/// When it cannot be read, is longer, or is not UTF-8.
pub(super) fn read_text(path: &Path, limit: usize) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    open(path)?
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(path, &error))?;
    if bytes.len() > limit {
        return Err(Failure::job(format!(
            "{} is longer than {limit} bytes",
            shown(path)
        )));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::job(format!("{} is not UTF-8, at byte {at}", shown(path)))
    })
}

/// The ABI in a file: JSON, or lines of Solidity.
///
/// # Errors
/// When the file cannot be read or holds no ABI.
pub(super) fn read_abi(path: &Path) -> Result<ContractAbi, Failure> {
    let text = read_text(path, MAX_DOCUMENT_BYTES)?;
    parse_human_abi(&text).map_err(|error| Failure::because(shown(path), &error))
}
