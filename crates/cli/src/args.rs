//! The command line: what can be asked, with which defaults.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::abi::AbiArgs;
use crate::config::{ConfigCommand, DatabaseArgs, SettingArgs};
use crate::dead_letters::DeadLettersArgs;

/// Receive the events of EVM contracts: every event, decoded, in order, none lost.
#[derive(Debug, Parser)]
#[command(name = "event-streamer", version, propagate_version = true)]
pub(crate) struct Cli {
    /// What to log to standard error, e.g. `info` or `event_streamer_server=debug`.
    #[arg(
        long,
        global = true,
        env = "EVENT_STREAMER_LOG",
        value_name = "FILTER",
        help_heading = "Logging"
    )]
    pub(crate) log: Option<String>,

    /// How to log. [default: text]
    #[arg(
        long,
        global = true,
        env = "EVENT_STREAMER_LOG_FORMAT",
        value_enum,
        help_heading = "Logging"
    )]
    pub(crate) log_format: Option<LogFormat>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub(crate) enum LogFormat {
    /// One line of text per record.
    #[default]
    Text,
    /// One JSON object per record and line.
    Json,
}

impl FromStr for LogFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("expected `text` or `json`".to_owned()),
        }
    }
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
        })
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the main job: a chain, the service and a client in one process.
    ///
    /// Without options it replays a recording of a real EVM chain that the
    /// program carries. Nothing else needs to be installed or running.
    Demo(DemoArgs),
    /// Run the service: nodes in, decoded NDJSON streams out.
    Serve(SettingArgs),
    /// Check and show the service's settings.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Create a subscription on a running service and print its events.
    Subscribe(SubscribeArgs),
    /// Make, list and revoke API keys in the service's database.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Find out what a node is good for, before a service depends on it.
    ///
    /// Some dozens of calls, none of which changes anything: which chain, how
    /// far back, how many blocks and logs at once, whether logs agree with
    /// headers. Ends with an error if a node is unusable.
    Doctor(DoctorArgs),
    /// Estimate how many calls and how long a subscription's history will take.
    ///
    /// Asks the node for a few ranges spread over the blocks, as the service
    /// would, and draws conclusions.
    Estimate(EstimateArgs),
    /// Record the blocks and logs of any node for offline use.
    Record(RecordArgs),
    /// Contract ABIs, offline: list, hash, decode, generate Rust.
    Abi(AbiArgs),
    /// Events that a handler put aside: list them, hand them to a program.
    DeadLetters(DeadLettersArgs),
}

#[derive(Args, Debug)]
pub(crate) struct DemoArgs {
    /// Replay this recording (plain, gzip or zstd) instead of the built-in one.
    #[arg(long, value_name = "FILE", conflicts_with = "rpc_url")]
    pub(crate) recording: Option<PathBuf>,

    /// Stream from this node (http:// or https://) instead of a recording.
    #[arg(long, value_name = "URL")]
    pub(crate) rpc_url: Option<String>,

    /// The node's WebSocket, to be woken by new blocks instead of polling.
    #[arg(long, value_name = "URL", requires = "rpc_url")]
    pub(crate) ws_url: Option<String>,

    #[command(flatten)]
    pub(crate) filter: FilterArgs,

    /// First block to stream: a number, or `latest` for only what is new.
    /// [default: the recording's first block; with --rpc-url: latest]
    #[arg(long, value_name = "N|latest")]
    pub(crate) from_block: Option<FromBlock>,

    /// Last block to stream; the demo ends there.
    /// [default: the recording's last block; with --rpc-url: none]
    #[arg(long, value_name = "N")]
    pub(crate) to_block: Option<u64>,

    /// Seconds between the blocks that arrive live.
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = seconds)]
    pub(crate) block_time: Duration,

    /// How many of the recording's last blocks arrive live.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 10,
        conflicts_with = "rpc_url"
    )]
    pub(crate) live_blocks: u64,

    /// Go on where the last demo was stopped.
    #[arg(long)]
    pub(crate) resume: bool,

    /// One JSON object per event on standard output, everything else on standard error.
    #[arg(long)]
    pub(crate) json: bool,

    /// Where the demo keeps its database between runs.
    #[arg(long, value_name = "DIR", env = "EVENT_STREAMER_STATE_DIR")]
    pub(crate) state_dir: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct FilterArgs {
    /// The event, as in Solidity.
    #[arg(
        long,
        value_name = "SIGNATURE",
        default_value = "Transfer(address indexed from, address indexed to, uint256 value)"
    )]
    pub(crate) event: String,

    /// Only events of this contract; may be repeated. [default: every contract]
    #[arg(long = "address", value_name = "0x..")]
    pub(crate) addresses: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Make a key and show it, once. From the first key on the service asks every caller for one.
    Create {
        /// What to call it.
        #[arg(long)]
        name: String,
        /// Good for everything.
        #[arg(
            long,
            conflicts_with = "subscriber_id",
            required_unless_present = "subscriber_id"
        )]
        admin: bool,
        /// Good for the subscriptions of this subscriber only.
        #[arg(long, value_name = "ID")]
        subscriber_id: Option<String>,
        #[command(flatten)]
        database: DatabaseArgs,
    },
    /// List the keys, without their texts.
    List {
        #[command(flatten)]
        database: DatabaseArgs,
    },
    /// Take a key back.
    Revoke {
        /// The number of the key.
        id: u64,
        #[command(flatten)]
        database: DatabaseArgs,
    },
}

#[derive(Args, Debug)]
pub(crate) struct SubscribeArgs {
    /// The service.
    #[arg(
        long,
        value_name = "URL",
        env = "EVENT_STREAMER_URL",
        default_value = "http://127.0.0.1:8000"
    )]
    pub(crate) service: String,

    /// Who subscribes.
    #[arg(
        long,
        value_name = "ID",
        env = "EVENT_STREAMER_SUBSCRIBER_ID",
        default_value = "event-streamer-cli"
    )]
    pub(crate) subscriber_id: String,

    /// API key of the service.
    #[arg(
        long,
        value_name = "KEY",
        env = "EVENT_STREAMER_API_KEY",
        hide_env_values = true
    )]
    pub(crate) api_key: Option<String>,

    #[command(flatten)]
    pub(crate) filter: FilterArgs,

    /// The chain.
    #[arg(long, value_name = "ID", default_value_t = 1)]
    pub(crate) chain_id: u64,

    /// First block: a number, or `latest`.
    #[arg(long, value_name = "N|latest", default_value = "latest")]
    pub(crate) from_block: FromBlock,

    /// Last block; the command ends there.
    #[arg(long, value_name = "N")]
    pub(crate) to_block: Option<u64>,

    /// Stream this existing subscription instead of creating one.
    #[arg(long, value_name = "ID", conflicts_with_all = ["event", "addresses", "from_block", "to_block"])]
    pub(crate) subscription: Option<u64>,

    /// Continue after this position.
    #[arg(long, value_name = "TOKEN", requires = "subscription")]
    pub(crate) resume_token: Option<String>,

    /// Delete the subscription at the end instead of printing how to go on with it.
    #[arg(long)]
    pub(crate) delete: bool,

    /// One JSON object per event on standard output, everything else on standard error.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct DoctorArgs {
    /// The node (http:// or https://); may be repeated.
    #[arg(
        long = "rpc-url",
        value_name = "URL",
        required = true,
        env = "EVENT_STREAMER_RPC_URL",
        hide_env_values = true
    )]
    pub(crate) rpc_urls: Vec<String>,

    /// Its WebSocket (ws:// or wss://): whether it announces new blocks.
    #[arg(long, value_name = "URL")]
    pub(crate) ws_url: Option<String>,

    /// How many blocks have their logs held against their header.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u64).range(1..=64))]
    pub(crate) samples: u64,

    /// Ask no faster than this. [default: no limit of ours]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) max_calls_per_second: Option<u16>,

    /// One JSON object per node on standard output instead of a table.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct EstimateArgs {
    /// The node (http:// or https://).
    #[arg(
        long,
        value_name = "URL",
        env = "EVENT_STREAMER_RPC_URL",
        hide_env_values = true
    )]
    pub(crate) rpc_url: String,

    #[command(flatten)]
    pub(crate) filter: FilterArgs,

    /// First block of the history.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) from_block: u64,

    /// Last block of the history. [default: the head]
    #[arg(long, value_name = "N")]
    pub(crate) to_block: Option<u64>,

    /// How many ranges to ask for.
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=200))]
    pub(crate) samples: u32,

    /// Most blocks that the service will ask for at once.
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub(crate) max_blocks_per_request: u64,

    /// Calls that the service may make in a second. [default: no limit of ours]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) max_calls_per_second: Option<u32>,

    /// One JSON object on standard output instead of a table.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct RecordArgs {
    /// The node (http:// or https://).
    #[arg(
        long,
        value_name = "URL",
        env = "EVENT_STREAMER_RPC_URL",
        hide_env_values = true
    )]
    pub(crate) rpc_url: String,

    /// First block of the recording.
    #[arg(long, value_name = "N")]
    pub(crate) from_block: u64,

    /// Last block of the recording.
    #[arg(long, value_name = "N")]
    pub(crate) to_block: u64,

    /// The file to write (gzip).
    #[arg(
        long,
        short,
        value_name = "FILE",
        default_value = "recording.ndjson.gz"
    )]
    pub(crate) output: PathBuf,
}

/// Where a stream begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FromBlock {
    Number(u64),
    Latest,
}

impl FromStr for FromBlock {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "latest" {
            return Ok(Self::Latest);
        }
        text.parse()
            .map(Self::Number)
            .map_err(|_| "expected a block number or `latest`".to_owned())
    }
}

/// `0.1` as a duration. Up to a day, so that no later sum overflows.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| "expected a number of seconds, e.g. 0.5".to_owned())?;
    if !(0.0..=86_400.0).contains(&seconds) {
        return Err("expected between 0 and 86400 seconds".to_owned());
    }
    Ok(Duration::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn from_block_takes_numbers_and_latest_only() {
        assert_eq!("17".parse(), Ok(FromBlock::Number(17)));
        assert_eq!("latest".parse(), Ok(FromBlock::Latest));
        for bad in ["", "-1", "0x10", "Latest", "18446744073709551616"] {
            assert!(bad.parse::<FromBlock>().is_err(), "{bad}");
        }
    }

    #[test]
    fn block_time_is_a_sane_number_of_seconds() {
        assert_eq!(seconds("0.1"), Ok(Duration::from_millis(100)));
        for bad in ["", "-1", "NaN", "inf", "1e9", "1s"] {
            assert!(seconds(bad).is_err(), "{bad}");
        }
    }
}
