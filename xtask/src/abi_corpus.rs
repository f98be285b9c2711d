//! ABIs of real contracts for the tests of the ABI crate, out of pinned packages from npm.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::error::{Context as _, Result, fail};
use crate::hash::{keccak256, to_hex};
use crate::{npm, workspace};

/// The variable by which the tests find the folder.
pub(crate) const VARIABLE: &str = "EVENT_STREAMER_ABI_CORPUS";

/// `package.json` and the lock file, which has a hash of every package.
const PACKAGES: &str = "xtask/abi-corpus";
/// Fewer than there are, and enough that a package which moved its files is noticed.
const FEWEST: usize = 400;

/// Installs the packages and keeps what has an ABI, or finds what was kept before. Gives a folder of
/// `*.json` at any depth, each an ABI or an artefact with one, of at least one element.
pub(crate) fn install(root: &Path) -> Result<PathBuf> {
    let packages = root.join(PACKAGES);
    let lock = packages.join("package-lock.json");
    let lock = fs::read(&lock).context(|| format!("cannot read {}", lock.display()))?;
    let name = format!("abi-corpus-{}", to_hex(&keccak256(&lock)[..8]));
    let dir = workspace::tools_dir(root, &name);
    if dir.is_dir() {
        return Ok(dir);
    }
    let part = workspace::tools_dir(root, "abi-corpus.part");
    // What an interrupted run left behind is not built upon.
    remove(&part)?;
    npm::install_locked(&part, &packages)?;
    let kept = part.join("abis");
    let count = keep(&part.join("node_modules"), &kept)?;
    if count < FEWEST {
        return fail!("only {count} ABIs in the packages of {PACKAGES}, expected {FEWEST} or more");
    }
    // Its presence means that everything went well.
    fs::rename(&kept, &dir).context(|| format!("cannot make {}", dir.display()))?;
    // The rest, contracts' code most of all, is many times as large.
    remove(&part)?;
    Ok(dir)
}

fn remove(dir: &Path) -> Result<()> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            fail!("cannot remove {}: {error}", dir.display())
        }
        _ => Ok(()),
    }
}

/// Copies every file below `from` that has an ABI to the same place below `to`.
fn keep(from: &Path, to: &Path) -> Result<usize> {
    let entries = fs::read_dir(from).context(|| format!("cannot list {}", from.display()))?;
    let mut count = 0;
    for entry in entries {
        let entry = entry.context(|| format!("cannot list {}", from.display()))?;
        let (path, place) = (entry.path(), to.join(entry.file_name()));
        // Links are programs of packages.
        let kind = entry
            .file_type()
            .context(|| format!("cannot look at {}", path.display()))?;
        if kind.is_dir() {
            count += keep(&path, &place)?;
        } else if kind.is_file()
            && path
                .extension()
                .is_some_and(|extension| extension == "json")
        {
            let text = fs::read(&path).context(|| format!("cannot read {}", path.display()))?;
            let Some(abi) = abi_of(text) else { continue };
            fs::create_dir_all(to)
                .and_then(|()| fs::write(&place, abi))
                .context(|| format!("cannot write {}", place.display()))?;
            count += 1;
        }
    }
    Ok(count)
}

/// The file as it is where the ABI crate reads such files; of the artefacts of 0x, which nest it
/// deeper than any compiler does, the ABI alone.
fn abi_of(text: Vec<u8>) -> Option<Vec<u8>> {
    let value: Value = serde_json::from_slice(&text).ok()?;
    if is_abi(&value) || is_abi(&value["abi"]) {
        return Some(text);
    }
    let nested = &value["compilerOutput"]["abi"];
    is_abi(nested).then(|| nested.to_string().into_bytes())
}

fn is_abi(value: &Value) -> bool {
    let is_element = |element: &Value| element["type"].is_string();
    value
        .as_array()
        .is_some_and(|elements| !elements.is_empty() && elements.iter().all(is_element))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_an_abi_is_kept_at_its_place() {
        let dir = tempfile::tempdir().unwrap();
        let (from, to) = (dir.path().join("from"), dir.path().join("to"));
        fs::create_dir_all(from.join("a/b")).unwrap();
        fs::create_dir_all(from.join("none")).unwrap();
        let write = |name: &str, text: &str| fs::write(from.join(name), text).unwrap();
        let abi = r#"[{"type":"event"}]"#;
        write("a/bare.json", abi);
        write("a/b/artefact.json", &format!(r#"{{ "abi": {abi}}}"#));
        write(
            "a/b/nested.json",
            &format!(r#"{{"compilerOutput":{{"abi":{abi}}}}}"#),
        );
        write("a/other.txt", abi);
        write("none/package.json", r#"{"name":"none"}"#);
        write("none/empty.json", r#"{"abi":[]}"#);
        write("none/broken.json", "[{");
        assert_eq!(keep(&from, &to).unwrap(), 3);
        let read = |name: &str| fs::read_to_string(to.join(name)).unwrap();
        assert_eq!(read("a/bare.json"), abi);
        assert_eq!(read("a/b/artefact.json"), format!(r#"{{ "abi": {abi}}}"#));
        assert_eq!(read("a/b/nested.json"), abi);
        assert!(!to.join("none").exists() && !to.join("a/other.txt").exists());
    }
}
