//! `abi decode`: logs to JSON, and the data of calls, answers and reverts.

mod data;
mod lines;
mod log;
mod log_line;
mod members;

use std::io::{Read, Write};
use std::path::Path;

use event_streamer::abi::{ContractAbi, EventDecoder, Registry, Strictness};

use self::lines::{Line, Lines};
use self::log::{LogDecoder, Outcome, Tie};
use super::args::DecodeArgs;
use super::output::{Halt, Output};
use super::source;
use crate::exit::Failure;

pub(super) fn run(args: &DecodeArgs) -> Result<(), Halt> {
    let reads_stdin = if args.call.is_some() || args.revert.is_some() || args.returns.is_some() {
        [&args.call, &args.revert, &args.returns]
            .into_iter()
            .any(|data| data.as_deref() == Some("-"))
    } else {
        source::is_stdin(&args.logs)
    };
    let from_stdin = args.abis.iter().filter(|file| source::is_stdin(file));
    if from_stdin.count() + usize::from(reads_stdin) > 1 {
        return Err(Failure::usage(
            "standard input can be read once: name a file for the ABI or for what is decoded",
        )
        .into());
    }
    let strictness = if args.strict {
        Strictness::Strict
    } else {
        Strictness::Lenient
    };
    let abis = args
        .abis
        .iter()
        .map(|file| source::read_abi(file))
        .collect::<Result<Vec<_>, _>>()?;
    if let Some(call) = &args.call {
        return data::call(&abis, call, strictness);
    }
    if let Some(revert) = &args.revert {
        return data::revert(&abis, revert);
    }
    if let (Some(returns), Some(function)) = (&args.returns, &args.function) {
        return data::returns(&abis, returns, function, strictness);
    }
    let tie = if args.prefer_first {
        Tie::First
    } else {
        Tie::Undecided
    };
    let decoder = LogDecoder::new(registry(args, &abis, strictness)?, tie);
    let input = source::open(&args.logs)?;
    decode_lines(args, decoder, Lines::new(input, args.max_line_bytes))
}

fn registry(
    args: &DecodeArgs,
    abis: &[ContractAbi],
    strictness: Strictness,
) -> Result<Registry, Failure> {
    let mut registry = Registry::new();
    for (abi, file) in abis.iter().zip(&args.abis) {
        for event in &abi.events {
            let decoder = EventDecoder::new(event)
                .map_err(|error| Failure::because(source::shown(file), &error))?;
            registry.insert(decoder.with_strictness(strictness));
        }
    }
    if registry.is_empty() {
        return Err(Failure::job(
            "no event in the ABIs: there is nothing to decode with",
        ));
    }
    Ok(registry)
}

/// How many lines came to what.
#[derive(Default)]
struct Counts {
    decoded: u64,
    undecoded: u64,
    faulty: u64,
}

fn decode_lines(
    args: &DecodeArgs,
    mut decoder: LogDecoder,
    mut lines: Lines<impl Read>,
) -> Result<(), Halt> {
    let mut output = Output::new();
    let mut decoded = Vec::new();
    let mut counts = Counts::default();
    loop {
        // What is decoded is shown before anything is waited for.
        if lines.may_wait() {
            output.flush()?;
        }
        let line = lines
            .next()
            .map_err(|error| source::unreadable(&args.logs, &error))?;
        decoded.clear();
        let outcome = match line {
            None => break,
            Some(Line::TooLong) => Err(format!("longer than {} bytes", args.max_line_bytes)),
            Some(Line::Whole(line)) => {
                // Editors on Windows put a byte order mark in front of a file.
                let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
                if line.trim_ascii().is_empty() {
                    continue;
                }
                decoder.decode(line, &mut decoded)
            }
        };
        match outcome {
            Ok(Outcome::Decoded) => counts.decoded += 1,
            Ok(Outcome::Undecoded) => counts.undecoded += 1,
            Err(fault) => {
                counts.faulty += 1;
                let fault = fault_in(&args.logs, lines.number(), &fault);
                // What came before the fault is shown before the fault.
                output.flush()?;
                if !args.keep_going {
                    return Err(Failure::job(fault).into());
                }
                tell(&fault);
            }
        }
        output.write(&decoded)?;
    }
    output.flush()?;
    summarise(&counts).map_err(Halt::from)
}

fn fault_in(logs: &Path, line: u64, fault: &str) -> String {
    format!("{}, line {line}: {fault}", source::shown(logs))
}

/// Says what was not decoded; of faulty lines it is the failure.
fn summarise(counts: &Counts) -> Result<(), Failure> {
    let logs = counts.decoded + counts.undecoded;
    if counts.undecoded > 0 {
        let undecoded = counts.undecoded;
        tell(&format!("{undecoded} of {logs} logs are `$undecoded`"));
    }
    match counts.faulty {
        0 => Ok(()),
        faulty => Err(Failure::job(format!(
            "{faulty} of {} lines are no logs and were left out",
            logs + faulty
        ))),
    }
}

/// A line on standard error. That nobody reads it is no reason to stop.
fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "event-streamer: {line}");
}
