//! `cargo xtask test [--no-interop]`: every check there is, having installed what it needs.
//!
//! All steps share one target folder and one profile, and the whole workspace is always built
//! together, so that no crate is built twice with other features.

mod step;
mod summary;
mod tally;

use std::io::{self, stdout};
use std::path::{Path, PathBuf};
use std::process::Command;

use self::step::{Outcome, cargo_test, step};
use self::summary::{LeftOut, Summary};
use crate::codegen::codegen;
use crate::error::{Context as _, Result, fail};
use crate::layers::layers;
use crate::mode::Mode;
use crate::postgres::{self, Postgres};
use crate::tidy::tidy;
use crate::{abi_corpus, anvil, npm, process, python};

/// Whether the tests against real parts (the anvil node, PostgreSQL, the Python client) are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interop {
    Run,
    LeaveOut,
}

/// Runs everything and prints the summary; true when all passed.
pub(crate) fn test(root: &Path, interop: Interop) -> bool {
    let mut outcomes = Vec::new();
    let mut parts: Option<RealParts> = None;
    if interop == Interop::Run {
        outcomes.push(step("real parts for the interop tests", |_| {
            let mut installed = RealParts::install(root)?;
            installed.postgres = postgres::find().map(Postgres::start).transpose()?;
            for (variable, value) in installed.variables() {
                println!("{variable}={value}");
            }
            parts = Some(installed);
            Ok(())
        }));
        if parts.is_none() {
            // Said at once, not after a quarter of an hour.
            return finish(&outcomes, LeftOut::Nothing);
        }
    }
    let left_out = match &parts {
        None => LeftOut::Interop,
        Some(parts) if parts.postgres.is_none() => LeftOut::Postgres,
        Some(_) => LeftOut::Nothing,
    };
    outcomes.extend(checks(root));
    outcomes.extend(tests(root, parts.as_ref()));
    outcomes.push(step("documentation (rustdoc)", |_| {
        let mut doc = process::cargo(root);
        process::run(
            doc.args(["doc", "--workspace", "--no-deps", "--lib"])
                .env("RUSTDOCFLAGS", "-D warnings"),
        )
    }));
    finish(&outcomes, left_out)
}

fn finish(outcomes: &[Outcome], left_out: LeftOut) -> bool {
    let summary = Summary::new(outcomes, left_out);
    println!("\n{summary}");
    summary.is_good()
}

/// What the interop tests run against.
struct RealParts {
    python: PathBuf,
    anvil: PathBuf,
    abis: PathBuf,
    /// Where it is installed.
    postgres: Option<Postgres>,
}

/// Installs the real parts, ABIs of real contracts among them, and prints the variables by which a single test finds them:
/// `eval "$(cargo xtask real-parts)"`, then `cargo test ... -- --ignored`.
pub(crate) fn real_parts(root: &Path) -> Result<()> {
    for (variable, value) in RealParts::install(root)?.variables() {
        println!("export {variable}='{value}'");
    }
    Ok(())
}

/// Runs a throw-away PostgreSQL until standard input ends, for single tests by hand.
pub(crate) fn postgres() -> Result<()> {
    let Some(programs) = postgres::find() else {
        return fail!("PostgreSQL was not found (Debian and Ubuntu: `apt-get install postgresql`)");
    };
    let server = Postgres::start(programs)?;
    println!("export {}='{}'", postgres::VARIABLE, server.url());
    io::copy(&mut io::stdin(), &mut io::sink()).context(|| "reading standard input".to_owned())?;
    Ok(())
}

impl RealParts {
    fn install(root: &Path) -> Result<Self> {
        // Both are asked for before anything is downloaded.
        python::require()?;
        npm::require()?;
        Ok(Self {
            python: python::install(root)?,
            anvil: anvil::install(root)?,
            abis: abi_corpus::install(root)?,
            postgres: None,
        })
    }

    /// The names under which the tests look for them.
    fn variables(&self) -> Vec<(&'static str, String)> {
        let path = |path: &Path| path.display().to_string();
        let mut variables = vec![
            ("EVENT_STREAMER_PYTHON", path(&self.python)),
            ("EVENT_STREAMER_ANVIL", path(&self.anvil)),
            (abi_corpus::VARIABLE, path(&self.abis)),
        ];
        variables.extend(
            self.postgres
                .iter()
                .map(|server| (postgres::VARIABLE, server.url())),
        );
        variables
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
    if let Some(parts) = parts {
        // What the first suite ignored is what runs now.
        outcomes[0].tally.ignored = 0;
        let mut arguments = [&targets[..], &["--", "--ignored"]].concat();
        if parts.postgres.is_none() {
            // Tests that need it stand in modules of this name.
            arguments.extend(["--skip", "postgres::"]);
        }
        outcomes.push(suite("interop tests", cargo(&arguments)));
    }
    outcomes
}
