//! `dead-letters`: events that a handler put aside, listed and replayed.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use clap::{Args, Subcommand};
use event_streamer::client::{DeadLetter, DeadLetterFile, LetterId};

use crate::event_line;
use crate::exit::Failure;

#[derive(Args, Debug)]
pub(crate) struct DeadLettersArgs {
    #[command(subcommand)]
    command: DeadLettersCommand,
}

#[derive(Debug, Subcommand)]
enum DeadLettersCommand {
    /// Show the letters of a file that are not settled: one line each, or JSON.
    List(ListArgs),
    /// Hand the letters that are not settled to a program, in order, and settle those it takes.
    Replay(ReplayArgs),
}

#[derive(Args, Debug)]
struct ListArgs {
    /// The file that the application writes.
    file: PathBuf,

    /// One JSON object per letter.
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
struct ReplayArgs {
    /// The file that the application writes. It may go on writing meanwhile.
    file: PathBuf,

    /// Only the letter at this byte, as `list` shows it.
    #[arg(long, value_name = "BYTE")]
    only: Option<u64>,

    /// The program and its arguments, after `--`. It is run once for each
    /// letter, with the event on its standard input as one line of JSON, as
    /// `subscribe --json` prints it. With exit code 0 the letter is settled;
    /// with another it stays, and the next is tried.
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<String>,
}

/// Lists or replays.
///
/// # Errors
/// When the file cannot be read, a line of it is damaged, or the program did not take every letter.
pub(crate) fn run(args: DeadLettersArgs) -> Result<(), Failure> {
    match args.command {
        DeadLettersCommand::List(args) => list(&args),
        DeadLettersCommand::Replay(args) => replay(&args),
    }
}

fn list(args: &ListArgs) -> Result<(), Failure> {
    let mut damaged = Damaged::default();
    for letter in open(&DeadLetterFile::new(&args.file))? {
        let Some((id, letter)) = damaged.unless(letter)? else {
            continue;
        };
        let line = if args.json {
            json(id, &letter)?
        } else {
            format!(
                "{} {} {} after {} attempts: {}",
                id.offset(),
                letter.failed_at,
                letter.event_name,
                letter.attempts,
                letter.error
            )
        };
        writeln!(io::stdout(), "{line}").map_err(|error| cannot_write(&error))?;
    }
    damaged.end()
}

fn replay(args: &ReplayArgs) -> Result<(), Failure> {
    let file = DeadLetterFile::new(&args.file);
    let mut damaged = Damaged::default();
    let (mut settled, mut left) = (0_u64, 0_u64);
    for letter in open(&file)? {
        let Some((id, letter)) = damaged.unless(letter)? else {
            continue;
        };
        if args.only.is_some_and(|only| only != id.offset()) {
            continue;
        }
        if hand_over(&args.command, &letter)? {
            file.settle(id)
                .map_err(|error| Failure::because("cannot settle a letter", &error))?;
            settled += 1;
        } else {
            left += 1;
        }
    }
    writeln!(io::stderr(), "{settled} settled, {left} left")
        .map_err(|error| cannot_write(&error))?;
    damaged.end()?;
    if let (Some(only), 0) = (args.only, settled + left) {
        return Err(Failure::job(format!(
            "no letter at byte {only} is left to be settled: `list` shows where they are"
        )));
    }
    match left {
        0 => Ok(()),
        left => Err(Failure::job(format!("{left} letters were not taken"))),
    }
}

type Letters = event_streamer::client::OpenLetters;
type Letter = <Letters as Iterator>::Item;

fn open(file: &DeadLetterFile) -> Result<Letters, Failure> {
    if !file.path().exists() {
        return Err(Failure::usage(format!(
            "there is no file {}",
            file.path().display()
        )));
    }
    file.open_letters()
        .map_err(|error| Failure::because("cannot read the letters", &error))
}

/// Lines that are damaged: told as they come, and at the end a failure.
#[derive(Default)]
struct Damaged(u64);

impl Damaged {
    fn unless(&mut self, letter: Letter) -> Result<Option<(LetterId, DeadLetter)>, Failure> {
        match letter {
            Ok(letter) => Ok(Some(letter)),
            Err(error) => {
                self.0 += 1;
                writeln!(io::stderr(), "{error}").map_err(|error| cannot_write(&error))?;
                Ok(None)
            }
        }
    }

    fn end(&self) -> Result<(), Failure> {
        match self.0 {
            0 => Ok(()),
            damaged => Err(Failure::job(format!("{damaged} lines are damaged"))),
        }
    }
}

/// Runs the program with the event on its standard input; whether it took it.
fn hand_over(command: &[String], letter: &DeadLetter) -> Result<bool, Failure> {
    let (program, arguments) = command
        .split_first()
        .ok_or_else(|| Failure::usage("name a program after `--`"))?;
    let cannot_run = |error| Failure::because(format!("cannot run `{program}`"), &error);
    let line = event_line::json(&letter.event_name, &letter.event)
        .map_err(|error| Failure::because("an event is not JSON", &error))?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .spawn()
        .map_err(cannot_run)?;
    if let Some(mut input) = child.stdin.take() {
        // A program that does not read its input may still say that all is well.
        match writeln!(input, "{line}") {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                return Err(cannot_run(error));
            }
            _ => {}
        }
    }
    Ok(child.wait().map_err(cannot_run)?.success())
}

fn json(id: LetterId, letter: &DeadLetter) -> Result<String, Failure> {
    let event: serde_json::Value = serde_json::from_str(&letter.event)
        .map_err(|error| Failure::because("an event is not JSON", &error))?;
    let letter = serde_json::json!({
        "byte": id.offset(),
        "failed_at": letter.failed_at,
        "subscription_id": letter.subscription_id,
        "batch_id": letter.batch_id,
        "handler": letter.handler,
        "attempts": letter.attempts,
        "error": letter.error,
        "event_name": letter.event_name,
        "event": event,
    });
    Ok(letter.to_string())
}

fn cannot_write(error: &io::Error) -> Failure {
    Failure::because("cannot write", error)
}
