//! The structs of well-known events. What makes them is the ABI crate's own generator, and xtask is
//! built from no crate of the workspace: it runs as that crate's example.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::error::{Context as _, Result};
use crate::mode::Mode;
use crate::process;

const EXAMPLE: &str = "generate_catalogue";

/// Writes them, or fails where they are out of date.
pub(super) fn generate(root: &Path, mode: Mode) -> Result<()> {
    let mut generator = Command::new(build(root)?);
    let told = match mode {
        Mode::Write => "the catalogue of events cannot be written",
        Mode::Check => {
            generator.arg("--check");
            "the catalogue of events is out of date: run `cargo xtask codegen` and commit what it writes"
        }
    };
    process::output(&mut generator)
        .map(drop)
        .context(|| told.to_owned())
}

/// Builds the example among the whole workspace, so that nothing is built twice with other features,
/// and gives the path of the program.
fn build(root: &Path) -> Result<PathBuf> {
    let mut cargo = process::cargo(root);
    cargo.args([
        "build",
        "--quiet",
        "--workspace",
        "--example",
        EXAMPLE,
        "--message-format=json-render-diagnostics",
    ]);
    let messages = process::output(&mut cargo)?;
    executable(&messages).context(|| format!("cargo did not say where the example {EXAMPLE} is"))
}

/// The path in cargo's message about the example.
fn executable(messages: &str) -> Option<PathBuf> {
    #[derive(Deserialize)]
    struct Message {
        target: Target,
        executable: Option<PathBuf>,
    }
    #[derive(Deserialize)]
    struct Target {
        name: String,
    }
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Message>(line).ok())
        .find(|message| message.target.name == EXAMPLE)?
        .executable
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_says_where_the_program_is() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","target":{"name":"event_streamer_abi"},"executable":null}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"generate_catalogue"},"executable":"/t/g"}"#,
            "\n",
            r#"{"reason":"build-finished","success":true}"#,
        );
        assert_eq!(executable(messages), Some("/t/g".into()));
        assert_eq!(executable(r#"{"reason":"build-finished"}"#), None);
    }
}
