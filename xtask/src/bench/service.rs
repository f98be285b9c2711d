//! `cargo xtask bench service`: the service under load, as a process of its own.

use std::path::Path;
use std::process::Command;

use crate::error::{Context as _, Result, fail};
use crate::{process, workspace};

const CRATE: &str = "crates/server/load";
/// What 10,000 streams need; beyond that, whatever the system allows is asked for.
const OPEN_FILES: &str = "ulimit -n \"$(ulimit -H -n)\" || exit; \
    [ \"$(ulimit -n)\" = unlimited ] || [ \"$(ulimit -n)\" -ge 11000 ] || \
    echo \"only $(ulimit -n) files may be open, and 10,000 streams need 11,000: ulimit -H -n\" >&2; \
    exec \"$@\"";

/// What to run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Load {
    /// What the load program is told.
    arguments: Vec<String>,
}

impl Load {
    /// Names of parts, or `--soak` and for how many minutes.
    ///
    /// # Errors
    /// Another argument.
    pub(crate) fn parse(arguments: &[&str]) -> Result<Self> {
        let arguments = match arguments {
            ["--soak"] => vec!["soak".to_owned()],
            ["--soak", "--minutes", minutes] if minutes.parse::<u64>().is_ok_and(|it| it > 0) => {
                vec![
                    "soak".to_owned(),
                    "--minutes".to_owned(),
                    (*minutes).to_owned(),
                ]
            }
            parts if parts.iter().all(|it| !it.starts_with('-')) => {
                parts.iter().map(|&it| it.to_owned()).collect()
            }
            _ => return fail!("usage: cargo xtask bench service [PART ..|--soak [--minutes N]]"),
        };
        Ok(Self { arguments })
    }
}

/// Builds everything in release, runs it and prints the table.
pub(crate) fn service(root: &Path, load: &Load) -> Result<()> {
    let target = workspace::target_dir(root).join("load");
    let mut cargo = process::cargo(root);
    cargo
        .args(["build", "--release", "--bins", "--manifest-path"])
        .arg(root.join(CRATE).join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&target);
    process::run(&mut cargo).context(|| "the load cannot be built".to_owned())?;
    // Only a shell raises the limit without `unsafe`; the service inherits it.
    let mut shell = Command::new("sh");
    shell
        .args(["-c", OPEN_FILES, "sh"])
        .arg(target.join("release/load"))
        .args(&load.arguments);
    process::run(&mut shell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_a_soak_are_told_apart() {
        let told = |arguments: &[&str]| Load::parse(arguments).map(|it| it.arguments).ok();
        assert_eq!(told(&[]), Some(vec![]));
        assert_eq!(told(&["idle", "acks"]).unwrap(), ["idle", "acks"]);
        assert_eq!(told(&["--soak"]).unwrap(), ["soak"]);
        let soak = told(&["--soak", "--minutes", "3"]);
        assert_eq!(soak.unwrap(), ["soak", "--minutes", "3"]);
        for wrong in [
            &["--soak", "--minutes", "0"][..],
            &["--minutes", "3"],
            &["--soak", "3"],
        ] {
            assert_eq!(told(wrong), None, "{wrong:?}");
        }
    }
}
