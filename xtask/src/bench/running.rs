//! A program that says lines and waits to be told: started, watched, ended.

use std::io::{BufRead, BufReader, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};

use super::usage::Usage;
use crate::error::{Context as _, Result, fail};

/// Ends with this value.
pub(super) struct Running {
    child: Child,
    said: BufReader<ChildStdout>,
}

impl Running {
    pub(super) fn start(mut command: Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context(|| format!("cannot start {}", crate::process::shown(&command)))?;
        match child.stdout.take() {
            Some(stdout) => Ok(Self {
                child,
                said: BufReader::new(stdout),
            }),
            None => fail!("the program has no output"),
        }
    }

    /// The rest of its next line, which is to begin like that.
    pub(super) fn expect(&mut self, start: &str) -> Result<String> {
        let mut line = String::new();
        self.said
            .read_line(&mut line)
            .context(|| "reading what a program says".to_owned())?;
        match line.trim_end().strip_prefix(start) {
            Some(rest) => Ok(rest.to_owned()),
            None => fail!("a program said {line:?} where `{start}` was expected"),
        }
    }

    /// Sends it a line, whatever it is: it is waited for, not read.
    pub(super) fn tell(&mut self) -> Result<()> {
        let stdin = self.child.stdin.as_mut();
        let stdin = stdin.context(|| "the program has no input".to_owned())?;
        stdin
            .write_all(b"go\n")
            .context(|| "telling a program to go on".to_owned())
    }

    pub(super) fn usage(&self) -> Result<Usage> {
        Usage::of(self.child.id())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has nothing to tidy up.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
