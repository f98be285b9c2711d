//! Nothing stands at the top level but the project's rooms and what tools insist on having there.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::error::Result;
use crate::process;

const ALLOWED: [&str; 18] = [
    ".cargo",
    ".ci",
    ".gitattributes",
    ".gitignore",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "clippy.toml",
    "crates",
    "deny.toml",
    "docs",
    "examples",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "xtask",
];

/// Asks git, so that what a developer's own settings ignore (an editor's folder) does not count.
pub(crate) fn check(root: &Path) -> Result<Vec<String>> {
    let mut git = Command::new("git");
    git.current_dir(root)
        .args(["ls-files", "--cached", "--others", "--exclude-standard"]);
    Ok(faults_of(&process::output(&mut git)?))
}

/// `paths` are files below the root, one a line.
fn faults_of(paths: &str) -> Vec<String> {
    let first_parts = paths.lines().filter_map(|path| path.split('/').next());
    let stray: BTreeSet<_> = first_parts.filter(|name| !ALLOWED.contains(name)).collect();
    let sentence = |name| format!("{name} is not one of the things that stand at the top level");
    stray.into_iter().map(sentence).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stray_file_or_folder_is_found_once() {
        let faults = faults_of("README.md\ncrates/a/src/lib.rs\nnotes.txt\nscripts/a\nscripts/b\n");
        assert_eq!(faults.len(), 2);
        assert!(
            faults[0].starts_with("notes.txt ") && faults[1].starts_with("scripts "),
            "{faults:?}"
        );
    }
}
