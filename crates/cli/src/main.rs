//! The `event-streamer` program: flags, environment, signals, logging, progress, exit codes.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

mod abi;
mod args;
mod config;
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
    let (log, format) = (cli.log, cli.log_format);
    match cli.command {
        // The service's settings say how it logs, where the command line does not.
        Command::Serve(args) => {
            let args = args.with_logging(log, format);
            let loaded = args.load()?;
            let settings = &loaded.settings;
            logging::init(settings.log.as_deref(), "info", settings.log_format)?;
            in_runtime(serve::run(args, loaded))
        }
        Command::Config(command) => config::run(command.with_logging(log, format)),
        command => {
            logging::init(log.as_deref(), "warn", format)?;
            other(command)
        }
    }
}

fn other(command: Command) -> Result<(), Failure> {
    match command {
        Command::Demo(args) => in_runtime(demo::run(args)),
        Command::Keys(command) => in_runtime(keys::run(command)),
        Command::Subscribe(args) => in_runtime(subscribe::run(args)),
        Command::Doctor(args) => in_runtime(doctor::run(args)),
        Command::Estimate(args) => in_runtime(estimate::run(args)),
        Command::Record(args) => in_runtime(record::run(args)),
        Command::Abi(args) => abi::run(args),
        Command::DeadLetters(args) => dead_letters::run(args),
        Command::Serve(_) | Command::Config(_) => Ok(()),
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
