//! Logs to JSON, each by the one event that explains it.

use event_streamer::abi::{Candidates, DecodeError, EventDecoder, HexLog, Registry};
use event_streamer::models::B256;

use super::log_line::{LogLine, Text};
use super::members::Members;

/// What is done with a log that several events explain equally.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tie {
    /// It is not decoded, and the events are listed.
    Undecided,
    /// The event that was given first is taken.
    First,
}

/// Whether an event was found for a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Decoded,
    Undecoded,
}

/// Decodes one log after the other; nothing is allocated for a log once the buffers have grown.
pub(super) struct LogDecoder {
    registry: Registry,
    tie: Tie,
    hex: HexLog,
    rest: Members,
}

impl LogDecoder {
    pub(super) fn new(registry: Registry, tie: Tie) -> Self {
        Self {
            registry,
            tie,
            hex: HexLog::new(),
            rest: Members::default(),
        }
    }

    /// Appends the decoded log of a line, and a line break, to `out`.
    ///
    /// # Errors
    /// If the line is no log. `out` is then as it was before.
    pub(super) fn decode(&mut self, line: &[u8], out: &mut Vec<u8>) -> Result<Outcome, String> {
        let log = LogLine::read(line, &mut self.rest).map_err(|fault| fault + hint(line))?;
        let (topics, data) = self
            .hex
            .read(log.topics.as_slice(), log.data.as_ref())
            .map_err(|error| format!("no log: {error}"))?;
        let start = out.len();
        let written = resolve(&self.registry, self.tie, topics)
            .and_then(|event| write_decoded(event, topics, data, out));
        let outcome = match written {
            Ok(()) => Outcome::Decoded,
            Err(error) => {
                out.truncate(start);
                write_undecoded(&error, &log, out);
                Outcome::Undecoded
            }
        };
        out.extend_from_slice(self.rest.text());
        out.extend_from_slice(b"}\n");
        Ok(outcome)
    }
}

/// How logs get out of what a node answers, if the line looks like that.
fn hint(line: &[u8]) -> &'static str {
    const ANSWER: &[u8] = b"\"jsonrpc\"";
    match line.trim_ascii_start() {
        [b'[', ..] => "; one log a line is expected: `jq -c '.[]'` takes an array apart",
        [b'{', ..] if line.windows(ANSWER.len()).any(|part| part == ANSWER) => {
            "; one log a line is expected: `jq -c '.result[]'` takes a node's answer apart"
        }
        _ => "",
    }
}

fn resolve<'r>(
    registry: &'r Registry,
    tie: Tie,
    topics: &[B256],
) -> Result<&'r EventDecoder, DecodeError> {
    match (tie, registry.candidates(topics)) {
        (Tie::First, Candidates::Ambiguous([first, ..]) | Candidates::Anonymous([first, ..])) => {
            Ok(first)
        }
        _ => registry.resolve(topics),
    }
}

/// `{"event":"Transfer","signature":"Transfer(address,address,uint256)","params":{..}`
fn write_decoded(
    event: &EventDecoder,
    topics: &[B256],
    data: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), DecodeError> {
    // Names and signatures that compile are identifiers and punctuation: nothing to escape.
    for piece in [
        "{\"event\":\"",
        event.name(),
        "\",\"signature\":\"",
        event.signature(),
        "\",\"params\":{",
    ] {
        out.extend_from_slice(piece.as_bytes());
    }
    event.write_params(topics, data, out)?;
    out.push(b'}');
    Ok(())
}

/// `{"event":"$undecoded","reason":"..","topics":[..],"data":"0x.."`
fn write_undecoded(error: &DecodeError, log: &LogLine<'_>, out: &mut Vec<u8>) {
    let reason = serde_json::Value::from(error.to_string()).to_string();
    out.extend_from_slice(b"{\"event\":\"$undecoded\",\"reason\":");
    out.extend_from_slice(reason.as_bytes());
    out.extend_from_slice(b",\"topics\":[");
    for (nth, topic) in log.topics.as_slice().iter().enumerate() {
        if nth > 0 {
            out.push(b',');
        }
        write_hex(topic, out);
    }
    out.extend_from_slice(b"],\"data\":");
    write_hex(&log.data, out);
}

/// A text that was read as hex, so that it has nothing to escape.
fn write_hex(text: &Text<'_>, out: &mut Vec<u8>) {
    out.push(b'"');
    out.extend_from_slice(text.as_ref().as_bytes());
    out.push(b'"');
}
