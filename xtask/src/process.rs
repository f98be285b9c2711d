//! Other programs: run to the end, with an error that says what was run and how it ended.

use std::env;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::error::{Context as _, Result, fail};

/// Cargo at the root of the workspace, as if the user had typed it.
///
/// `cargo xtask` puts variables about xtask itself into our environment. Build scripts that ask
/// to run again when such a variable changes would do so at every turn between us and the user.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(is_about_xtask) {
            command.env_remove(name);
        }
    }
    command
}

fn is_about_xtask(variable: &str) -> bool {
    let names = [
        "CARGO",
        "CARGO_BIN_NAME",
        "CARGO_CRATE_NAME",
        "CARGO_PRIMARY_PACKAGE",
        "OUT_DIR",
    ];
    names.contains(&variable)
        || ["CARGO_PKG_", "CARGO_MANIFEST_"]
            .iter()
            .any(|prefix| variable.starts_with(prefix))
}

/// Runs a program whose output belongs to the user.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .context(|| format!("cannot start `{}`", shown(command)))?;
    if status.success() {
        Ok(())
    } else {
        fail!("`{}` failed: {status}", shown(command))
    }
}

/// Runs a program and gives its standard output; what it wrote to standard error is part of the
/// error when it fails.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let Output {
        status,
        stdout,
        stderr,
    } = command
        .stdin(Stdio::null())
        .output()
        .context(|| format!("cannot start `{}`", shown(command)))?;
    if !status.success() {
        let said = String::from_utf8_lossy(&stderr);
        return fail!("`{}` failed: {status}\n{}", shown(command), said.trim_end());
    }
    String::from_utf8(stdout).context(|| format!("the output of `{}`", shown(command)))
}

/// The command as one would type it, without its environment.
pub(crate) fn shown(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_cargo_says_of_xtask_is_hidden() {
        assert!(is_about_xtask("CARGO_PKG_VERSION_MAJOR") && is_about_xtask("CARGO_MANIFEST_DIR"));
        assert!(
            !is_about_xtask("CARGO_TARGET_DIR")
                && !is_about_xtask("CARGO_HOME")
                && !is_about_xtask("PATH")
        );
    }

    #[test]
    fn a_failing_program_is_named_with_its_last_words() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo all is lost >&2; exit 3"]);
        let failure = output(&mut command).unwrap_err().to_string();
        assert!(
            failure.contains("sh -c") && failure.contains("all is lost"),
            "{failure}"
        );
    }

    #[test]
    fn a_missing_program_is_named() {
        let failure = run(&mut Command::new("event-streamer-no-such-program")).unwrap_err();
        assert!(
            failure
                .to_string()
                .contains("event-streamer-no-such-program"),
            "{failure}"
        );
    }
}
