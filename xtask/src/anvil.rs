//! The anvil node from npm: the program inside the package, not its JavaScript wrapper.

use std::path::{Path, PathBuf};

use crate::error::{Result, fail};
use crate::npm::{self, Package};
use crate::workspace;

pub(crate) const ANVIL: Package = Package {
    name: "@foundry-rs/anvil",
    version: "1.7.1",
};

/// Installs anvil under target and gives the path of the program.
///
/// # Errors
///
/// When npm is missing or the package has no program for this machine.
pub(crate) fn install(root: &Path) -> Result<PathBuf> {
    let dir = workspace::tools_dir(root, &format!("anvil-{}", ANVIL.version));
    npm::install(&dir, &[ANVIL])?;
    let program = program_in(&dir);
    if program.is_file() {
        Ok(program)
    } else {
        fail!(
            "{}@{} carries no anvil for this machine: {} is not there",
            ANVIL.name,
            ANVIL.version,
            program.display()
        )
    }
}

/// The package has one optional dependency per platform, named after Go's names for them.
fn program_in(dir: &Path) -> PathBuf {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    let machine = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    dir.join("node_modules")
        .join(format!("{}-{system}-{machine}", ANVIL.name))
        .join("bin")
        .join(format!("anvil{}", std::env::consts::EXE_SUFFIX))
}
