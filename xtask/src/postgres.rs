//! A throw-away PostgreSQL for the tests: a server of its own on a free loopback port, gone when
//! the tests are.

use std::env;
use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::error::{Context as _, Result, fail};
use crate::process;

/// By this variable the tests find the server: a URL of a user that may create databases.
pub(crate) const VARIABLE: &str = "EVENT_STREAMER_POSTGRES";

/// Where Debian keeps the programs of each major version, outside of `PATH`.
const DEBIAN: &str = "/usr/lib/postgresql";
/// Accounts that the server may run as where we are root, which it refuses.
const ACCOUNTS: [&str; 2] = ["postgres", "nobody"];
/// A start takes a tenth of a second, on a busy machine a few.
const START_LIMIT: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(50);

/// A running server; stopped and removed when dropped.
pub(crate) struct Postgres {
    programs: PathBuf,
    account: Option<Account>,
    folder: PathBuf,
    port: u16,
    server: Child,
}

/// Whom the server runs as, where that is not ourselves.
#[derive(Clone, Copy, Debug)]
struct Account {
    user: u32,
    group: u32,
}

/// Where the programs are; `None` where PostgreSQL is not installed.
pub(crate) fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = env::split_paths(&path).collect();
    let mut versions: Vec<PathBuf> = fs::read_dir(DEBIAN)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    let number = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
    versions.sort_by_key(|path| std::cmp::Reverse(number(path)));
    folders.extend(versions.into_iter().map(|version| version.join("bin")));
    let complete = |folder: &PathBuf| {
        ["initdb", "postgres", "pg_isready", "pg_ctl"]
            .iter()
            .all(|program| folder.join(program).is_file())
    };
    folders.into_iter().find(complete)
}

impl Postgres {
    /// Starts the server whose programs are in `programs`.
    ///
    /// # Errors
    ///
    /// When it cannot be made or does not start; the end of its log says why.
    pub(crate) fn start(programs: PathBuf) -> Result<Self> {
        let account = Account::if_root()?;
        let folder =
            env::temp_dir().join(format!("event-streamer-postgres-{}", std::process::id()));
        fs::create_dir(&folder).context(|| format!("cannot make {}", folder.display()))?;
        if let Some(account) = account {
            account.own(&folder)?;
        }
        let data = folder.join("data");
        process::output(
            command(&programs, "initdb", account, &folder)
                // No flush to the disk: the data is thrown away.
                .args([
                    "-A",
                    "trust",
                    "-N",
                    "-E",
                    "UTF8",
                    "--locale=C",
                    "-U",
                    "postgres",
                    "-D",
                ])
                .arg(&data),
        )?;
        let port = free_port()?;
        let log = File::create(folder.join("log")).context(|| "the server's log".to_owned())?;
        let server = command(&programs, "postgres", account, &folder)
            .arg("-D")
            .arg(&data)
            .args(["-h", "127.0.0.1", "-p", &port.to_string()])
            .args(["-c", "unix_socket_directories=", "-c", "fsync=off"])
            .args(["-c", "max_connections=300"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .context(|| "cannot start postgres".to_owned())?;
        let mut started = Self {
            programs,
            account,
            folder,
            port,
            server,
        };
        started.wait_until_ready()?;
        Ok(started)
    }

    /// `postgres://postgres@127.0.0.1:PORT/postgres`
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let began = Instant::now();
        while began.elapsed() < START_LIMIT {
            if self.server.try_wait().is_ok_and(|ended| ended.is_some()) {
                break;
            }
            let mut asked = Command::new(self.programs.join("pg_isready"));
            asked.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
            if process::output(&mut asked).is_ok() {
                return Ok(());
            }
            sleep(PAUSE);
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        let tail: Vec<_> = log.lines().rev().take(10).collect();
        let tail: Vec<_> = tail.into_iter().rev().collect();
        fail!("PostgreSQL does not start:\n{}", tail.join("\n"))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut stop = command(&self.programs, "pg_ctl", self.account, &self.folder);
        stop.args(["stop", "-m", "immediate", "-D"])
            .arg(self.folder.join("data"));
        if process::output(&mut stop).is_err() {
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn command(programs: &Path, program: &str, account: Option<Account>, folder: &Path) -> Command {
    let mut command = Command::new(programs.join(program));
    // The account may not enter the folder that we are in.
    command.current_dir(folder);
    if let Some(account) = account {
        account.lend_to(&mut command);
    }
    command
}

fn free_port() -> Result<u16> {
    let doing = || "looking for a free port".to_owned();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context(doing)?;
    Ok(listener.local_addr().context(doing)?.port())
}

#[cfg(unix)]
impl Account {
    /// An account without rights if we are root.
    fn if_root() -> Result<Option<Self>> {
        if id("-u", None) != Some(0) {
            return Ok(None);
        }
        let found = ACCOUNTS.iter().find_map(|name| {
            Some(Self {
                user: id("-u", Some(name))?,
                group: id("-g", Some(name))?,
            })
        });
        match found {
            Some(account) => Ok(Some(account)),
            None => fail!(
                "PostgreSQL does not run as root, and there is no account `postgres` or `nobody`"
            ),
        }
    }

    fn own(self, folder: &Path) -> Result<()> {
        std::os::unix::fs::chown(folder, Some(self.user), Some(self.group))
            .context(|| format!("cannot give {} away", folder.display()))
    }

    fn lend_to(self, command: &mut Command) {
        std::os::unix::process::CommandExt::uid(command, self.user);
        std::os::unix::process::CommandExt::gid(command, self.group);
    }
}

#[cfg(not(unix))]
impl Account {
    fn if_root() -> Result<Option<Self>> {
        Ok(None)
    }

    fn own(self, _: &Path) -> Result<()> {
        Ok(())
    }

    fn lend_to(self, _: &mut Command) {}
}

#[cfg(unix)]
fn id(what: &str, name: Option<&str>) -> Option<u32> {
    let said = process::output(Command::new("id").arg(what).args(name)).ok()?;
    said.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    #[test]
    #[ignore = "needs PostgreSQL: run `cargo xtask test`"]
    fn a_server_answers_while_it_is_held_and_leaves_nothing() {
        let server = Postgres::start(find().unwrap()).unwrap();
        let (folder, port) = (server.folder.clone(), server.port);
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok());
        assert!(folder.is_dir());
        assert_eq!(
            server.url(),
            format!("postgres://postgres@127.0.0.1:{port}/postgres")
        );
        drop(server);
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err());
        assert!(!folder.exists());
    }
}
