//! Programs that tests need and that the test command installs.

use std::ffi::OsString;
use std::path::PathBuf;

/// The anvil node (its ELF, not npm's wrapper), from `EVENT_STREAMER_ANVIL`.
///
/// # Panics
///
/// If the variable is not set, or names no file: the message says how to get it.
#[must_use]
pub fn anvil() -> PathBuf {
    tool("the anvil node", "EVENT_STREAMER_ANVIL", |name| {
        std::env::var_os(name)
    })
}

/// The Python that has the reference client, from `EVENT_STREAMER_PYTHON`.
///
/// # Panics
///
/// If the variable is not set, or names no file: the message says how to get it.
#[must_use]
pub fn python() -> PathBuf {
    tool("the Python client", "EVENT_STREAMER_PYTHON", |name| {
        std::env::var_os(name)
    })
}

fn tool(what: &str, variable: &str, read: impl Fn(&str) -> Option<OsString>) -> PathBuf {
    const REMEDY: &str = "run `cargo xtask test`, which installs what tests need";
    let Some(path) = read(variable)
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
    else {
        panic!("this test needs {what}, and {variable} is not set; {REMEDY}");
    };
    assert!(
        path.is_file(),
        "this test needs {what}, and {variable} names no file ({}); {REMEDY}",
        path.display()
    );
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_the_file_that_the_variable_names() {
        let this = std::env::current_exe().unwrap();
        assert_eq!(tool("x", "X", |_| Some(this.clone().into())), this);
    }

    #[test]
    #[should_panic(expected = "needs the node, and NODE is not set; run `cargo xtask test`")]
    fn says_what_to_do_without_the_variable() {
        tool("the node", "NODE", |_| None);
    }

    #[test]
    #[should_panic(expected = "NODE names no file (/nowhere/node); run `cargo xtask test`")]
    fn says_what_to_do_without_the_file() {
        tool("the node", "NODE", |_| Some("/nowhere/node".into()));
    }
}
