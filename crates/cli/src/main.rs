//! The `event-streamer` program: flags, environment, signals, logging, progress, exit codes.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

mod abi;
mod args;
mod database;
mod dead_letters;
mod demo;
mod doctor;
mod estimate;
mod event_line;
mod exit;
mod filter;
mod keys;
mod logging;
mod record;
mod serve;
mod signals;
mod subscribe;
mod tail;

use args::{Cli, Command};
use exit::Failure;

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "event-streamer: {failure}");
            failure.exit_code()
        }
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    let default = match &cli.command {
        Command::Serve(_) => "info",
        _ => "warn",
    };
    logging::init(cli.log.as_deref(), default, cli.log_format)?;
    match cli.command {
        Command::Demo(args) => in_runtime(demo::run(args)),
        Command::Serve(args) => in_runtime(serve::run(args)),
        Command::Keys(command) => in_runtime(keys::run(command)),
        Command::Subscribe(args) => in_runtime(subscribe::run(args)),
        Command::Doctor(args) => in_runtime(doctor::run(args)),
        Command::Estimate(args) => in_runtime(estimate::run(args)),
        Command::Record(args) => in_runtime(record::run(args)),
        Command::Abi(args) => abi::run(args),
        Command::DeadLetters(args) => dead_letters::run(args),
    }
}

fn in_runtime(job: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::because("cannot start the runtime", &error))?;
    let outcome = runtime.block_on(job);
    // A thread that still reads a file is not waited for.
    runtime.shutdown_background();
    outcome
}
