//! The service as a child process, and what it uses.

use std::net::SocketAddr;
use std::process::Stdio;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::Result;
use crate::node::Node;

/// A running service; it ends with this value.
pub struct Service {
    child: Child,
    pub address: SocketAddr,
    _folder: TempDir,
}

impl Service {
    /// Starts the program beside this one in front of `node`.
    ///
    /// # Errors
    /// It cannot be started, or does not listen.
    pub async fn start(node: &Node, max_batch_events: usize) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let program = std::env::current_exe()?.with_file_name("service");
        let mut child = Command::new(program)
            .arg(folder.path())
            .args([
                node.http_url(),
                node.websocket_url(),
                max_batch_events.to_string(),
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let stdout = child.stdout.take().ok_or("the service has no output")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).await?;
        let address = line.trim_end().strip_prefix("listening on ");
        let address = address.ok_or("the service does not listen")?.parse()?;
        Ok(Self {
            child,
            address,
            _folder: folder,
        })
    }

    /// Its resident memory now, in bytes.
    ///
    /// # Errors
    /// Where there is no `/proc` as Linux has it.
    pub fn memory(&self) -> Result<u64> {
        let status = self.proc("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib: u64 = line
            .and_then(|it| it.trim().strip_suffix("kB"))
            .ok_or("/proc is not as Linux has it")?
            .trim()
            .parse()?;
        Ok(kib * 1024)
    }

    /// User and system seconds so far.
    ///
    /// # Errors
    /// As [`memory`](Self::memory).
    pub fn cpu_seconds(&self) -> Result<f64> {
        let stat = self.proc("stat")?;
        let (_, fields) = stat
            .rsplit_once(')')
            .ok_or("/proc is not as Linux has it")?;
        // Fields 14 and 15, of which the name was the second; a hundred ticks to the second.
        let ticks = fields.split_whitespace().skip(11).take(2);
        let ticks = ticks
            .map(str::parse)
            .collect::<std::result::Result<Vec<f64>, _>>()?;
        Ok(ticks.iter().sum::<f64>() / 100.0)
    }

    fn proc(&self, name: &str) -> Result<String> {
        let id = self.child.id().ok_or("the service has ended")?;
        Ok(std::fs::read_to_string(format!("/proc/{id}/{name}"))?)
    }
}
