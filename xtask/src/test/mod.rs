//! `cargo xtask test [--no-interop]`: every check there is, having installed what it needs.
//!
//! All steps share one target folder and one profile, and the whole workspace is always built
//! together, so that no crate is built twice with other features.

mod python;
mod step;
mod summary;
mod tally;

use std::io::stdout;
use std::path::{Path, PathBuf};
use std::process::Command;

use self::step::{Outcome, cargo_test, step};
use self::summary::Summary;
use crate::codegen::codegen;
use crate::error::Result;
use crate::layers::layers;
use crate::mode::Mode;
use crate::tidy::tidy;
use crate::{anvil, npm, process};

/// Whether the tests against real parts (the anvil node, the Python client) are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interop {
    Run,
    LeaveOut,
}

/// Runs everything and prints the summary; true when all passed.
pub(crate) fn test(root: &Path, interop: Interop) -> bool {
    let mut outcomes = Vec::new();
    let mut parts = None;
    if interop == Interop::Run {
        outcomes.push(step("real parts for the interop tests", |_| {
            let installed = parts.insert(RealParts::install(root)?);
            for (variable, path) in installed.variables() {
                println!("{variable}={}", path.display());
            }
            Ok(())
        }));
        if parts.is_none() {
            // Said at once, not after a quarter of an hour.
            return finish(&outcomes, interop);
        }
    }
    outcomes.extend(checks(root));
    outcomes.extend(tests(root, parts.as_ref()));
    outcomes.push(step("documentation (rustdoc)", |_| {
        let mut doc = process::cargo(root);
        process::run(
            doc.args(["doc", "--workspace", "--no-deps", "--lib"])
                .env("RUSTDOCFLAGS", "-D warnings"),
        )
    }));
    finish(&outcomes, interop)
}

fn finish(outcomes: &[Outcome], interop: Interop) -> bool {
    let summary = Summary::new(outcomes, interop);
    println!("\n{summary}");
    summary.is_good()
}

/// What the interop tests run against.
struct RealParts {
    python: PathBuf,
    anvil: PathBuf,
}

/// Installs the real parts and prints the variables by which a single test finds them:
/// `eval "$(cargo xtask real-parts)"`, then `cargo test ... -- --ignored`.
pub(crate) fn real_parts(root: &Path) -> Result<()> {
    for (variable, path) in RealParts::install(root)?.variables() {
        println!("export {variable}='{}'", path.display());
    }
    Ok(())
}

impl RealParts {
    fn install(root: &Path) -> Result<Self> {
        // Both are asked for before either is downloaded.
        python::require()?;
        npm::require()?;
        Ok(Self {
            python: python::install(root)?,
            anvil: anvil::install(root)?,
        })
    }

    /// The names under which the tests look for them.
    fn variables(&self) -> [(&'static str, &Path); 2] {
        [
            ("EVENT_STREAMER_PYTHON", &self.python),
            ("EVENT_STREAMER_ANVIL", &self.anvil),
        ]
    }
}

/// What is looked at without running it.
fn checks(root: &Path) -> [Outcome; 5] {
    let run = |arguments: &[&str]| process::run(process::cargo(root).args(arguments));
    [
        step("formatting", |_| run(&["fmt", "--all", "--check"])),
        step("layers", |_| layers(root)),
        step("generated text", |_| codegen(root, Mode::Check)),
        step("house rules (tidy)", |_| tidy(root)),
        step("clippy", |_| {
            run(&[
                "clippy",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ])
        }),
    ]
}

/// What is run.
fn tests(root: &Path, parts: Option<&RealParts>) -> Vec<Outcome> {
    let cargo = |arguments: &[&str]| {
        let mut command = process::cargo(root);
        command
            .args(["test", "--workspace", "--no-fail-fast"])
            .args(arguments);
        if let Some(parts) = parts {
            command.envs(parts.variables());
        }
        command
    };
    let suite = |name, mut command: Command| {
        step(name, |tally| cargo_test(&mut command, tally, &mut stdout()))
    };
    // Documentation tests apart: `--ignored` would run those whose example cannot run.
    let targets = ["--lib", "--bins", "--tests", "--examples"];
    let mut outcomes = vec![
        suite("unit, property and integration tests", cargo(&targets)),
        suite("documentation tests", cargo(&["--doc"])),
    ];
    if parts.is_some() {
        // What the first suite ignored is what runs now.
        outcomes[0].tally.ignored = 0;
        outcomes.push(suite(
            "interop tests",
            cargo(&[&targets[..], &["--", "--ignored"]].concat()),
        ));
    }
    outcomes
}
