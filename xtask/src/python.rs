//! The reference client in a Python of its own under target.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Context as _, Result, fail};
use crate::{process, workspace};

/// The reference client needs it.
const OLDEST: (u32, u32) = (3, 11);
/// Tried in this order; distributions name newer ones apart.
const NAMES: [&str; 6] = [
    "python3",
    "python",
    "python3.14",
    "python3.13",
    "python3.12",
    "python3.11",
];
const REQUIREMENTS: &str = "xtask/requirements.txt";

/// Makes a virtual environment with exactly the pinned packages, or finds the one that was made,
/// and gives the path of its Python.
pub(crate) fn install(root: &Path) -> Result<PathBuf> {
    let wanted = fs::read_to_string(root.join(REQUIREMENTS))
        .context(|| format!("cannot read {REQUIREMENTS}"))?;
    let dir = workspace::tools_dir(root, "python");
    let python = python_in(&dir);
    // Written last, so that its presence means that everything before it went well.
    let stamp = dir.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) && runs(&python) {
        return Ok(python);
    }
    make_environment(require()?, &dir)?;
    let pip = || {
        let mut pip = Command::new(&python);
        pip.args([
            "-m",
            "pip",
            "--disable-pip-version-check",
            "--no-input",
            "--quiet",
        ]);
        pip
    };
    // Nothing but what the file names; `check` finds what it forgot.
    process::output(
        pip()
            .args(["install", "--no-deps", "-r"])
            .arg(root.join(REQUIREMENTS)),
    )?;
    process::output(pip().arg("check"))?;
    fs::write(&stamp, wanted).context(|| format!("cannot write {}", stamp.display()))?;
    Ok(python)
}

/// The name of a Python that is new enough; what to install where there is none.
pub(crate) fn require() -> Result<&'static str> {
    let (major, minor) = OLDEST;
    let new_enough = |name: &&&str| version_of(name).is_some_and(|version| version >= OLDEST);
    if let Some(name) = NAMES.iter().find(new_enough) {
        return Ok(name);
    }
    let found = match version_of(NAMES[0]) {
        Some((major, minor)) => format!("python3 is {major}.{minor}, which is too old"),
        None => "python3 was not found".to_owned(),
    };
    fail!(
        "{found}: install Python {major}.{minor} or newer with its venv module (Debian and Ubuntu: `apt-get \
         install python3 python3-venv`; macOS: `brew install python3`), or leave the interop tests out with \
         `cargo xtask test --no-interop`"
    )
}

fn version_of(name: &str) -> Option<(u32, u32)> {
    let script = "import sys; print(sys.version_info[0], sys.version_info[1])";
    let text = process::output(Command::new(name).args(["-c", script])).ok()?;
    let (major, minor) = text.trim().split_once(' ')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

fn make_environment(python: &str, dir: &Path) -> Result<()> {
    // --clear: what an interrupted run left behind is not built upon.
    let made = process::output(
        Command::new(python)
            .args(["-m", "venv", "--clear"])
            .arg(dir),
    );
    made.map(drop).context(|| {
        "no virtual environment could be made (Debian and Ubuntu: `apt-get install python3-venv`)".to_owned()
    })
}

/// Whether the environment still works: its Python is a link to one that may have been removed.
fn runs(python: &Path) -> bool {
    process::output(Command::new(python).args(["-c", "import event_streamer_sdk"])).is_ok()
}

fn python_in(dir: &Path) -> PathBuf {
    if cfg!(windows) {
        dir.join("Scripts").join("python.exe")
    } else {
        dir.join("bin").join("python")
    }
}
