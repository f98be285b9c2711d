//! Pinned packages from npm, in folders of their own under target.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

use crate::error::{Context as _, Result, fail};
use crate::process;

/// A package at one exact version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
}

/// The lowest major version of Node.js whose npm does what is asked of it here.
const MINIMUM_NODE: u32 = 18;

/// Installs `packages` below `dir`, or does nothing when exactly they are there already.
///
/// Install scripts are not run: everything used from these packages is data or a program that
/// the package itself carries.
pub(crate) fn install(dir: &Path, packages: &[Package]) -> Result<()> {
    if packages.iter().all(|package| is_installed(dir, *package)) {
        return Ok(());
    }
    require()?;
    fs::create_dir_all(dir).context(|| format!("cannot create {}", dir.display()))?;
    let mut npm = Command::new("npm");
    npm.arg("install").arg("--prefix").arg(dir).args([
        "--ignore-scripts",
        "--no-save",
        "--no-package-lock",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]);
    npm.args(
        packages
            .iter()
            .map(|package| format!("{}@{}", package.name, package.version)),
    );
    process::output(&mut npm)?;
    match packages
        .iter()
        .find(|package| !is_installed(dir, **package))
    {
        None => Ok(()),
        Some(package) => fail!(
            "npm said it installed {}@{}, but {} does not have it",
            package.name,
            package.version,
            dir.display()
        ),
    }
}

/// Installs below `dir` what the `package.json` in `packages` asks for, exactly as its lock file says:
/// every version and the hash of every package.
pub(crate) fn install_locked(dir: &Path, packages: &Path) -> Result<()> {
    require()?;
    fs::create_dir_all(dir).context(|| format!("cannot create {}", dir.display()))?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(packages.join(name), dir.join(name))
            .context(|| format!("cannot copy {}", packages.join(name).display()))?;
    }
    let mut npm = Command::new("npm");
    npm.arg("ci").args([
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]);
    process::output(npm.current_dir(dir)).map(drop)
}

/// Checks that Node.js and npm are there, and says what to install otherwise.
pub(crate) fn require() -> Result<()> {
    let advice = format!(
        "install Node.js {MINIMUM_NODE} or newer, which brings npm (Debian and Ubuntu: `apt-get install nodejs npm`; \
         macOS: `brew install node`), or leave the interop tests out with `cargo xtask test --no-interop`"
    );
    let node = process::output(Command::new("node").arg("--version"));
    let Some(major) = node.as_deref().ok().and_then(major_version) else {
        return fail!("node is needed and was not found: {advice}");
    };
    if major < MINIMUM_NODE {
        return fail!("node {major} is too old: {advice}");
    }
    if process::output(Command::new("npm").arg("--version")).is_err() {
        return fail!("npm is needed and was not found: {advice}");
    }
    Ok(())
}

/// `20` of `v20.20.2`.
fn major_version(text: &str) -> Option<u32> {
    text.trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

fn is_installed(dir: &Path, package: Package) -> bool {
    #[derive(Deserialize)]
    struct Manifest {
        version: String,
    }
    let manifest = dir
        .join("node_modules")
        .join(package.name)
        .join("package.json");
    fs::read(manifest)
        .ok()
        .and_then(|bytes| serde_json::from_slice::<Manifest>(&bytes).ok())
        .is_some_and(|manifest| manifest.version == package.version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_version_counts_as_installed() {
        let dir = tempfile::tempdir().unwrap();
        let package = dir.path().join("node_modules/@scope/thing");
        fs::create_dir_all(&package).unwrap();
        fs::write(
            package.join("package.json"),
            r#"{"name":"@scope/thing","version":"1.2.3"}"#,
        )
        .unwrap();
        let version = |version| Package {
            name: "@scope/thing",
            version,
        };
        assert!(is_installed(dir.path(), version("1.2.3")));
        assert!(!is_installed(dir.path(), version("1.2.4")));
        assert!(!is_installed(
            dir.path(),
            Package {
                name: "other",
                version: "1.2.3"
            }
        ));
    }

    #[test]
    fn node_tells_its_major_version() {
        assert_eq!(major_version("v20.20.2\n"), Some(20));
        assert_eq!(major_version("20.20.2"), None);
    }
}
