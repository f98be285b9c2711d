//! Rules for every Rust file: short enough to be one thought, and nothing left half done.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Context as _, Result};

/// A longer file is two. Integration tests, below `tests/`, may go on.
const MAX_LINES: usize = 500;

/// Written in two parts so that this file keeps the rule too.
const UNFINISHED: [&str; 6] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("todo", "!("),
    concat!("unimplemented", "!("),
    concat!("dbg", "!("),
];

/// What runs in the simulation, where one seed is to give one run: `select!` without `biased;` throws
/// dice of its own.
const SIMULATED: [&str; 3] = [
    "crates/client/src/",
    "crates/server/src/",
    "crates/transport/src/",
];

pub(crate) fn check(root: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for dir in ["crates", "examples", "xtask"] {
        collect(&root.join(dir), &mut files)?;
    }
    files.sort();
    let mut faults = Vec::new();
    for file in files {
        let text =
            fs::read_to_string(&file).context(|| format!("cannot read {}", file.display()))?;
        let name = file
            .strip_prefix(root)
            .unwrap_or(&file)
            .display()
            .to_string();
        faults.extend(faults_of(&name, &text));
    }
    Ok(faults)
}

/// Rust files below `dir`. Generated ones are as they are, and target folders are not ours.
fn collect(dir: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let cannot = || format!("cannot read {}", dir.display());
    for entry in fs::read_dir(dir).context(cannot)? {
        let entry = entry.context(cannot)?;
        let (path, name) = (entry.path(), entry.file_name());
        if entry.file_type().context(cannot)?.is_dir() {
            if name != "generated" && name != "target" {
                collect(&path, files)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

fn faults_of(name: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let lines = text.lines().count();
    if lines > MAX_LINES && !name.contains("/tests/") {
        faults.push(format!(
            "{name} has {lines} lines, more than {MAX_LINES}: it is two files"
        ));
    }
    for (line, number) in text.lines().zip(1..) {
        for word in UNFINISHED.iter().filter(|word| contains_word(line, word)) {
            faults.push(format!(
                "{name}:{number}: {word} says that something is not done"
            ));
        }
    }
    if SIMULATED.iter().any(|folder| name.starts_with(folder)) {
        faults.extend(unbiased_selects(name, text));
    }
    faults
}

fn unbiased_selects(name: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut lines = text.lines().zip(1..).peekable();
    while let Some((line, number)) = lines.next() {
        let opens = line.trim_end().ends_with("select! {");
        if opens
            && lines
                .peek()
                .is_none_or(|(next, _)| next.trim() != "biased;")
        {
            faults.push(format!(
                "{name}:{number}: `select!` without `biased;`: simulations could not be repeated"
            ));
        }
    }
    faults
}

/// Whether `word` stands in `line` and does not end a longer word (`PREFIXXX`).
fn contains_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let continues =
            |neighbour: Option<char>| neighbour.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !continues(before) && (word.ends_with('(') || !continues(after))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfinished_work_is_found_with_its_line() {
        for word in UNFINISHED {
            let faults = faults_of("a.rs", &format!("fn a() {{}}\n    {word} later\n"));
            assert_eq!(
                faults,
                [format!("a.rs:2: {word} says that something is not done")]
            );
        }
    }

    #[test]
    fn what_is_simulated_throws_no_dice() {
        let (fair, biased) = (
            "let a = tokio::select! {\n    () = b => {}\n",
            "select! {\n    biased;\n    () = b => {}\n",
        );
        assert_eq!(faults_of("crates/client/src/a.rs", biased), [""; 0]);
        assert_eq!(faults_of("crates/cli/src/a.rs", fair), [""; 0]);
        let faults = faults_of("crates/client/src/a.rs", fair);
        assert_eq!(faults.len(), 1);
        assert!(
            faults[0].starts_with("crates/client/src/a.rs:1: "),
            "{faults:?}"
        );
    }

    #[test]
    fn longer_words_are_other_words() {
        let longer = format!(
            "let {}S = my_{}); PRE{}",
            UNFINISHED[0], UNFINISHED[5], UNFINISHED[2]
        );
        assert_eq!(faults_of("a.rs", &longer), [""; 0]);
    }

    #[test]
    fn a_long_file_is_found() {
        assert_eq!(faults_of("a.rs", &"//\n".repeat(MAX_LINES)), [""; 0]);
        let long = "//\n".repeat(MAX_LINES + 1);
        assert_eq!(faults_of("crates/a/src/tests.rs", &long).len(), 1);
        assert_eq!(faults_of("crates/a/tests/it/main.rs", &long), [""; 0]);
    }

    #[test]
    fn generated_files_are_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["crates/a/src/generated", "examples", "xtask"] {
            fs::create_dir_all(dir.path().join(folder)).unwrap();
        }
        fs::write(
            dir.path().join("crates/a/src/generated/events.rs"),
            UNFINISHED[0],
        )
        .unwrap();
        fs::write(dir.path().join("crates/a/src/lib.rs"), UNFINISHED[0]).unwrap();
        let faults = check(dir.path()).unwrap();
        assert_eq!(faults.len(), 1);
        assert!(faults[0].starts_with("crates/a/src/lib.rs:1"), "{faults:?}");
    }
}
