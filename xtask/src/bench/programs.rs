//! The programs of a bench, built.

use std::path::{Path, PathBuf};

use crate::error::{Context as _, Result};
use crate::{process, workspace};

/// Builds the release programs of a package and gives the folder they are in.
pub(super) fn build(root: &Path, package: &str, folder: &str) -> Result<PathBuf> {
    let target = workspace::target_dir(root).join(folder);
    let mut cargo = process::cargo(root);
    cargo
        .args(["build", "--release", "--bins", "--manifest-path"])
        .arg(root.join(package).join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&target);
    process::run(&mut cargo).context(|| format!("the programs of {package} cannot be built"))?;
    Ok(target.join("release"))
}
