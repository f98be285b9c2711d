//! Event Streamer's own chores, run as `cargo xtask CHORE`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "what a chore prints is its interface"
)]

mod abi_corpus;
mod anvil;
mod audit;
mod bench;
mod codegen;
mod error;
mod hash;
mod layers;
mod metadata;
mod mode;
mod npm;
mod postgres;
mod process;
mod python;
mod record_demo;
mod release;
mod simulate;
mod test;
mod tidy;
mod workspace;

use std::env;
use std::process::ExitCode;

use crate::error::Result;
use crate::mode::Mode;
use crate::test::Interop;

const USAGE: &str = "\
Event Streamer's own chores

usage: cargo xtask CHORE

  test [--no-interop]    every check and test, having installed what they need under target/;
                         --no-interop leaves the anvil node, PostgreSQL and the Python client out
  real-parts             install what the interop tests need and print the variables they read
  postgres               start a throw-away PostgreSQL, print the variable its tests read, and stop
                         it at the end of standard input
  bench client           our client and the Python client on the same streams: events/s, CPU, memory
                         (some minutes, 1.5 GB of memory, a machine that does nothing else)
  bench service [PART ..]
                         the service under load, in parts: idle, live, reads, acks, slowloris
  bench service --soak [--minutes N]
                         slow readers, reconnects and reorgs for 20 minutes: is its memory flat?
  bench ingest [CONTENDER]
                         from a node's bytes to lines of JSON, by the service, a raw download and alloy:
                         logs/s, CPU, memory (some minutes, 1 GB of memory)
  layers                 hold the crates' dependencies against the table of who may use whom
  codegen [--check]      write generated text and code, or fail where it is out of date
  codegen events [--check]
                         only the catalogue of well-known events
  audit                  cargo-deny with the advisory database; exit code 3 where one of them is not
                         to be had
  tidy                   the house rules that no compiler checks
  record-demo [--check]  make the recording that the demo replays, or compare it with the one there
  simulate [--seeds N] [--from S]
                         run seeds of the simulation of node, service and consumer
  release --dry-run      whether the crates can be published, and in which order
";

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<ExitCode> {
    let root = &workspace::root()?;
    match arguments {
        ["test"] => return Ok(code(test::test(root, Interop::Run))),
        ["test", "--no-interop"] => return Ok(code(test::test(root, Interop::LeaveOut))),
        ["real-parts"] => test::real_parts(root)?,
        ["postgres"] => test::postgres()?,
        ["bench", "client"] => bench::client(root)?,
        ["bench", "service", load @ ..] => bench::service(root, &bench::Load::parse(load)?)?,
        ["bench", "ingest"] => bench::ingest(root, None)?,
        ["bench", "ingest", only] => bench::ingest(root, Some(only))?,
        ["layers"] => layers::layers(root)?,
        ["codegen"] => codegen::codegen(root, Mode::Write)?,
        ["codegen", "--check"] => codegen::codegen(root, Mode::Check)?,
        ["codegen", "events"] => codegen::events(root, Mode::Write)?,
        ["codegen", "events", "--check"] => codegen::events(root, Mode::Check)?,
        ["audit"] => return Ok(ExitCode::from(audit::audit(root)?.code())),
        ["tidy"] => tidy::tidy(root)?,
        ["record-demo"] => record_demo::record_demo(root, Mode::Write)?,
        ["record-demo", "--check"] => record_demo::record_demo(root, Mode::Check)?,
        ["simulate", seeds @ ..] => simulate::simulate(root, simulate::Seeds::parse(seeds)?)?,
        ["release", "--dry-run"] => release::dry_run(root)?,
        ["help" | "--help" | "-h"] => print!("{USAGE}"),
        _ => {
            eprint!("{USAGE}");
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn code(good: bool) -> ExitCode {
    if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
