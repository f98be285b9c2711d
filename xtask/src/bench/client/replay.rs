//! The process of the service that plays a prepared stream.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::Stream;
use crate::error::{Context as _, Result};

/// Ends with this value.
pub(super) struct Replay {
    child: Child,
    url: String,
}

impl Replay {
    /// Starts the service of a stream.
    pub(super) fn start(program: &Path, stream: &Stream) -> Result<Self> {
        let child = Command::new(program)
            .args([stream.events.to_string(), stream.per_batch.to_string()])
            .arg(stream.manner.served())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context(|| format!("cannot start {}", program.display()))?;
        let mut replay = Self {
            child,
            url: String::new(),
        };
        let mut line = String::new();
        let stdout = replay.child.stdout.take();
        BufReader::new(stdout.context(|| "the replay has no output".to_owned())?)
            .read_line(&mut line)
            .context(|| "reading what the replay says".to_owned())?;
        let address = line
            .trim_end()
            .strip_prefix("listening on ")
            .context(|| format!("the replay does not listen: {line:?}"))?;
        replay.url = format!("http://{address}");
        Ok(replay)
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Replay {
    fn drop(&mut self) {
        // It ends with its input, and takes its database with it.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
