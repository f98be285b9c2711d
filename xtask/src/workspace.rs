//! Where things are: the workspace's root and the folder for what the chores install.

use std::env;
use std::path::{Path, PathBuf};

use crate::error::{Context as _, Result};

/// The root of the workspace this xtask was built from.
///
/// # Errors
///
/// When the workspace was moved after xtask was built.
pub(crate) fn root() -> Result<PathBuf> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest
        .parent()
        .map(Path::to_path_buf)
        .context(|| format!("{} has no parent", manifest.display()))
}

/// Cargo's target folder: `CARGO_TARGET_DIR` where it is set, as cargo itself does.
pub(crate) fn target_dir(root: &Path) -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(dir) if !dir.is_empty() => root.join(dir),
        _ => root.join("target"),
    }
}

/// The folder under target where a chore keeps what it installs (npm packages, a Python venv).
///
/// `name` carries the version of what lies there: another version gets another folder, and
/// `cargo clean` removes them all.
pub(crate) fn tools_dir(root: &Path, name: &str) -> PathBuf {
    target_dir(root).join("xtask").join(name)
}
