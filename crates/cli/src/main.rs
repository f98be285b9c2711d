//! The `event-streamer` program: flags, environment, signals, logging, progress, exit codes.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

mod args;
mod demo;
mod event_line;
mod exit;
mod filter;
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
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::because("cannot start the runtime", &error))?;
    let outcome = runtime.block_on(async {
        match cli.command {
            Command::Demo(args) => demo::run(args).await,
            Command::Serve(args) => serve::run(args).await,
            Command::Subscribe(args) => subscribe::run(args).await,
            Command::Record(args) => record::run(args).await,
        }
    });
    // A thread that still reads a file is not waited for.
    runtime.shutdown_background();
    outcome
}
