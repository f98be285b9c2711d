//! What can be asked of `event-streamer abi`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Args, Debug)]
pub(crate) struct AbiArgs {
    #[command(subcommand)]
    pub(crate) command: AbiCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AbiCommand {
    /// List the events of an ABI: topic0 and declaration.
    #[command(after_help = EVENTS_HELP)]
    Events(ListArgs),
    /// List the functions of an ABI: selector and declaration.
    #[command(after_help = FUNCTIONS_HELP)]
    Functions(ListArgs),
    /// List the custom errors of an ABI: selector and declaration.
    Errors(ListArgs),
    /// Print the first topic of an event's logs.
    #[command(after_help = TOPIC0_HELP)]
    Topic0(Topic0Args),
    /// Decode logs, or the data of a call, an answer or a revert.
    ///
    /// Logs are read as JSON-RPC has them, one object a line with `topics` and `data`. Each becomes
    /// one object, in the order read: `event`, `signature`, `params`, then every other member of
    /// the log as it was. A log that none of the events explains becomes `"event":"$undecoded"`
    /// with a `reason`, and keeps its topics and data.
    #[command(after_help = DECODE_HELP)]
    Decode(DecodeArgs),
    /// Write Rust structs for the events of an ABI.
    ///
    /// The output is one module, with a struct per event that reads itself from a log.
    /// The code needs the crate `event-streamer-abi` (or `event-streamer`, with --abi-path) and
    /// nothing else. A build script can do the same with `event_streamer_abi::codegen`.
    #[command(after_help = CODEGEN_HELP)]
    Codegen(CodegenArgs),
}

const EVENTS_HELP: &str = "\
Examples:
  event-streamer abi events Token.json
  event-streamer abi events Token.json --json | jq -r 'select(.anonymous | not) | .topic0'";

const FUNCTIONS_HELP: &str = "\
Examples:
  event-streamer abi functions Token.json
  event-streamer abi functions Token.json --json | jq -r '.selector + \" \" + .signature'";

const TOPIC0_HELP: &str = "\
Examples:
  event-streamer abi topic0 'Transfer(address,address,uint256)'
  event-streamer abi topic0 'event Transfer(address indexed from, address indexed to, uint256 value)'";

const DECODE_HELP: &str = "\
Examples:
  event-streamer abi decode --abi Token.json --abi Pool.json logs.ndjson
  curl -s $NODE -H 'content-type: application/json' -d '{\"jsonrpc\":\"2.0\",\"id\":1,
    \"method\":\"eth_getLogs\",\"params\":[{\"blockHash\":\"0x..\"}]}' |
    jq -c '.result[]' | event-streamer abi decode --abi Token.json
  event-streamer abi decode --abi Token.json --call 0xa9059cbb..
  event-streamer abi decode --revert 0x08c379a0..
  event-streamer abi decode --abi Token.json --returns 0x.. --function balanceOf

Exit codes: 0 every line was a log, decoded or not; 1 a line was no log, or a file could not be read;
2 the command line makes no sense.";

const CODEGEN_HELP: &str = "\
Examples:
  event-streamer abi codegen Pool.json -o src/contracts.rs    # contracts::pool::Swap
  event-streamer abi codegen Token.json --event Transfer --event 'Approval(address,address,uint256)'";

#[derive(Args, Debug)]
pub(crate) struct ListArgs {
    /// The ABI: JSON (an array, an artefact of Hardhat, Foundry or Truffle, an explorer's answer), or
    /// lines of Solidity. `-` is standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// One JSON object per line.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Topic0Args {
    /// The event, as canonical signature or as in Solidity.
    #[arg(value_name = "SIGNATURE")]
    pub(crate) signature: String,
}

#[derive(Args, Debug)]
pub(crate) struct DecodeArgs {
    /// An ABI to decode with, JSON or lines of Solidity; may be repeated. `-` is standard input.
    #[arg(
        long = "abi",
        value_name = "FILE",
        required_unless_present = "revert",
        action = clap::ArgAction::Append
    )]
    pub(crate) abis: Vec<PathBuf>,

    /// The logs, one JSON object a line; `-` is standard input.
    #[arg(value_name = "LOGS.ndjson", default_value = "-", conflicts_with_all = ["call", "revert", "returns"])]
    pub(crate) logs: PathBuf,

    /// Decode the data of a transaction instead: selector and arguments. `-` reads it from standard
    /// input.
    #[arg(long, value_name = "0x..", conflicts_with_all = ["revert", "returns"])]
    pub(crate) call: Option<String>,

    /// Decode what a call reverted with instead.
    #[arg(long, value_name = "0x..", conflicts_with = "returns")]
    pub(crate) revert: Option<String>,

    /// Decode what a call of --function returned instead.
    #[arg(long, value_name = "0x..", requires = "function")]
    pub(crate) returns: Option<String>,

    /// The function that returned it: its name, or its signature where the name is overloaded.
    #[arg(long, value_name = "NAME", requires = "returns", conflicts_with_all = ["call", "revert"])]
    pub(crate) function: Option<String>,

    /// Refuse what no compiler would write: dirty padding, trailing bytes, a bool of 2. Such a log
    /// becomes `$undecoded`.
    #[arg(long)]
    pub(crate) strict: bool,

    /// Of several events that explain a log equally, take the one that was given first. Without it
    /// such a log becomes `$undecoded`, and its reason lists them.
    #[arg(long)]
    pub(crate) prefer_first: bool,

    /// Report a line that is no log and go on with the next. The exit code is 1 all the same.
    #[arg(long)]
    pub(crate) keep_going: bool,

    /// Longest line of logs.
    #[arg(long, value_name = "BYTES", default_value_t = 16 << 20, value_parser = clap::value_parser!(u64).range(1..=1 << 30))]
    pub(crate) max_line_bytes: u64,
}

#[derive(Args, Debug)]
pub(crate) struct CodegenArgs {
    /// The ABI: JSON or lines of Solidity. `-` is standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// Only this event, by name or signature; may be repeated. [default: every event]
    #[arg(long = "event", value_name = "EVENT")]
    pub(crate) events: Vec<String>,

    /// The file to write. [default: standard output]
    #[arg(long, short, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,

    /// Name of the module. [default: that of FILE]
    #[arg(long, value_name = "NAME")]
    pub(crate) module: Option<String>,

    /// Where the code finds the crate: `::event_streamer::abi` in a project that depends on
    /// `event-streamer`.
    #[arg(long, value_name = "PATH", default_value = "::event_streamer_abi", value_parser = rust_path)]
    pub(crate) abi_path: String,
}

/// A path as it may stand in Rust code: anything else would make code that does not compile.
fn rust_path(text: &str) -> Result<String, String> {
    let is_segment = |segment: &str| {
        segment.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && segment
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let segments = text.strip_prefix("::").unwrap_or(text);
    if segments.split("::").all(is_segment) {
        Ok(text.to_owned())
    } else {
        Err("expected a path like `::event_streamer::abi`".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_that_rust_reads() {
        for good in ["::event_streamer_abi", "crate::abi", "abi"] {
            assert_eq!(rust_path(good).as_deref(), Ok(good));
        }
        for bad in ["", "::", "a::", "a b", "a::1", "a;b"] {
            assert!(rust_path(bad).is_err(), "{bad}");
        }
    }
}
