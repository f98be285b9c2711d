//! `event-streamer abi`, as a user runs it.

mod codegen;
mod data;
mod lists;
mod logs;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tempfile::TempDir;

use crate::process::program;

/// What a finished run left behind.
struct Ran {
    code: i32,
    stdout: String,
    stderr: String,
}

/// Runs `event-streamer abi ARGUMENTS` with this standard input.
fn abi(arguments: &[&str], stdin: &[u8]) -> Ran {
    let mut command = program([&["abi"], arguments].concat());
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        // A program that stops early does not read everything.
        scope.spawn(move || pipe.write_all(stdin));
        child.wait_with_output().unwrap()
    });
    Ran {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs it where nothing may go wrong and nothing is remarked upon.
fn well(arguments: &[&str], stdin: &[u8]) -> String {
    let ran = abi(arguments, stdin);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{arguments:?}");
    ran.stdout
}

/// The code and the message of a run that printed nothing.
fn refused(arguments: &[&str], stdin: &[u8]) -> (i32, String) {
    let ran = abi(arguments, stdin);
    assert_eq!(ran.stdout, "", "{arguments:?}");
    (ran.code, ran.stderr)
}

/// A folder with files in it.
struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Writes a file and gives its name.
    fn with(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        text(&path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}
