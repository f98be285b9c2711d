//! `decode`: logs to JSON, a line each.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use event_streamer_replay::Recording;
use serde_json::{Value, json};

use super::{Files, abi, refused, well};
use crate::chains::{TransferLogs, built_in_recording, mainnet_file};
use crate::process::program;
use crate::watch::{TRANSFER, TRANSFER_TOPIC0, expected_parameters};

const NFT: &str =
    "event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)";

/// The logs of a recording as a node sends them, one a line.
fn ndjson(recording: &Recording) -> String {
    let logs = recording.logs(recording.first_block()..=recording.last_block());
    logs.map(|log| serde_json::to_string(log).unwrap() + "\n")
        .collect()
}

fn word(value: u8) -> String {
    format!("{value:064x}")
}

/// A Transfer with these further members.
fn transfer(members: &str, data: &str) -> String {
    let (from, to) = (word(0xaa), word(0xbb));
    format!(r#"{{{members}"topics":["{TRANSFER_TOPIC0}","0x{from}","0x{to}"],"data":"{data}"}}"#)
}

#[test]
fn every_transfer_of_a_real_chain_is_decoded_and_nothing_else_is_lost() {
    let recording = built_in_recording();
    let files = Files::new();
    let logs = files.with("logs.ndjson", ndjson(&recording));
    let erc20 = files.with("erc20.sol", TRANSFER);
    let ran = abi(&["decode", "--abi", &erc20, &logs], b"");
    assert_eq!(ran.code, 0);

    let logs: Vec<_> = recording
        .logs(recording.first_block()..=recording.last_block())
        .collect();
    let lines: Vec<Value> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), logs.len());
    let mut decoded = 0;
    for (log, line) in logs.iter().zip(&lines) {
        let mut expected = serde_json::to_value(log).unwrap();
        let is_erc20 = log.topics.len() == 3 && log.topics[0].to_string() == TRANSFER_TOPIC0;
        if is_erc20 {
            decoded += 1;
            let members = expected.as_object_mut().unwrap();
            members.remove("topics");
            members.remove("data");
            expected["event"] = "Transfer".into();
            expected["signature"] = "Transfer(address,address,uint256)".into();
            expected["params"] = expected_parameters(&log.topics, log.data.as_bytes());
        } else {
            expected["event"] = "$undecoded".into();
            expected["reason"] = line["reason"].clone();
            assert!(
                line["reason"]
                    .as_str()
                    .unwrap()
                    .starts_with("no event is known"),
                "{line}"
            );
        }
        assert_eq!(*line, expected);
    }
    assert_eq!(
        decoded,
        recording
            .transfer_logs()
            .filter(|log| log.topics.len() == 3)
            .count()
    );
    assert!(decoded > 100 && decoded < logs.len());
    let undecoded = logs.len() - decoded;
    let said = format!(
        "event-streamer: {undecoded} of {} logs are `$undecoded`\n",
        logs.len()
    );
    assert_eq!(ran.stderr, said);
}

#[test]
fn mainnet_tells_tokens_and_collectibles_apart() {
    let Some(file) = mainnet_file() else { return };
    let recording = Recording::read(File::open(file).unwrap()).unwrap();
    let files = Files::new();
    let logs = files.with("logs.ndjson", ndjson(&recording));
    let (erc20, erc721) = (files.with("20.sol", TRANSFER), files.with("721.sol", NFT));
    let ran = abi(&["decode", "--abi", &erc20, "--abi", &erc721, &logs], b"");
    assert_eq!(ran.code, 0);
    let mut counts = [0; 3];
    for line in ran.stdout.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let params = &line["params"];
        let kind = if params["value"].is_string() {
            0
        } else if params["tokenId"].is_string() {
            1
        } else {
            assert_eq!(line["event"], "$undecoded");
            2
        };
        counts[kind] += 1;
    }
    assert_eq!(counts, [7_430, 370, 9_296]);
}

#[test]
fn other_members_are_copied_as_they_are_and_no_key_stands_twice() {
    let files = Files::new();
    let erc20 = files.with("erc20.sol", TRANSFER);
    let line = transfer(
        r#""address":"0xAbC","event":"mine","n":1e400,"x":{"event":[1, 2]},"\u0061\"":"\ud800","#,
        &format!("0x{}", word(7)),
    );
    assert_eq!(
        well(&["decode", "--abi", &erc20], line.as_bytes()),
        concat!(
            r#"{"event":"Transfer","signature":"Transfer(address,address,uint256)","params":{"#,
            r#""from":"0x00000000000000000000000000000000000000aa","#,
            r#""to":"0x00000000000000000000000000000000000000bb","value":"7"},"#,
            r#""address":"0xAbC","event_":"mine","n":1e400,"x":{"event":[1, 2]},"a\"":"\ud800"}"#,
            "\n"
        )
    );
}

#[test]
fn a_log_that_several_events_explain_is_not_guessed() {
    let files = Files::new();
    let wrapped = "event Transfer(address indexed src, address indexed dst, uint256 wad)";
    let (erc20, weth) = (
        files.with("erc20.sol", TRANSFER),
        files.with("weth.sol", wrapped),
    );
    let line = transfer("", &format!("0x{}", word(7)));
    let arguments = ["decode", "--abi", &weth, "--abi", &erc20];
    let ran = abi(&arguments, line.as_bytes());
    let undecoded: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, &undecoded["event"]), (0, &json!("$undecoded")));
    assert_eq!(
        undecoded["reason"],
        format!("the log can be of several events: `{wrapped}`, `{TRANSFER}`")
    );
    assert_eq!(undecoded["topics"].as_array().unwrap().len(), 3);

    let first = well(
        &[&arguments[..], &["--prefer-first"]].concat(),
        line.as_bytes(),
    );
    assert!(first.contains(r#""wad":"7""#), "{first}");
    // The same event twice is one.
    well(
        &["decode", "--abi", &erc20, "--abi", &erc20],
        line.as_bytes(),
    );
}

#[test]
fn strict_decoding_lets_nothing_pass_that_lenient_decoding_reads() {
    let files = Files::new();
    let erc20 = files.with("erc20.sol", TRANSFER);
    let line = transfer("", &format!("0x{}00", word(7)));
    let lenient = well(&["decode", "--abi", &erc20], line.as_bytes());
    assert!(lenient.contains(r#""value":"7""#), "{lenient}");
    let strict = abi(&["decode", "--strict", "--abi", &erc20], line.as_bytes());
    let strict: Value = serde_json::from_str(&strict.stdout).unwrap();
    assert_eq!(strict["event"], "$undecoded");
    assert!(
        strict["reason"]
            .as_str()
            .unwrap()
            .contains("the values end at byte 32"),
        "{strict}"
    );
    assert_eq!(strict["data"], format!("0x{}00", word(7)));
}

#[test]
fn a_line_that_is_no_log_ends_it_after_what_came_before() {
    let files = Files::new();
    let erc20 = files.with("erc20.sol", TRANSFER);
    let good = transfer("", &format!("0x{}", word(7)));
    let topic31 = good.replace(TRANSFER_TOPIC0, &TRANSFER_TOPIC0[..64]);
    for (bad, said) in [
        (&b"nonsense"[..], "not JSON"),
        (b"{\"topics\":[", "not JSON"),
        (
            b"[]",
            "no log: invalid type: sequence, expected a log (an object with `topics` and `data`)",
        ),
        (b"{\"topics\":[]}", "no log: missing field `data`"),
        (
            b"{\"topics\":[],\"data\":\"0x0\"}",
            "no log: `data` is not hex",
        ),
        (
            b"{\"topics\":[],\"data\":\"0x\",\"x\":\"\xff\"}",
            "not JSON",
        ),
        (
            topic31.as_bytes(),
            "no log: `topics[0]` is not hex: expected 32 bytes",
        ),
    ] {
        let input = [good.as_bytes(), b"\r\n\n", bad, b"\n", good.as_bytes()].concat();
        let ran = abi(&["decode", "--abi", &erc20], &input);
        assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.stdout);
        let start = format!("event-streamer: standard input, line 3: {said}");
        assert!(
            ran.code == 1 && ran.stderr.starts_with(&start),
            "{}",
            ran.stderr
        );
        assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);

        let ran = abi(&["decode", "--keep-going", "--abi", &erc20], &input);
        assert_eq!(ran.stdout.lines().count(), 2, "{}", ran.stdout);
        let end = "event-streamer: 1 of 3 lines are no logs and were left out\n";
        assert!(
            ran.stderr.starts_with(&start) && ran.stderr.ends_with(end),
            "{}",
            ran.stderr
        );
        assert_eq!(ran.code, 1);
    }
}

#[test]
fn what_a_node_answers_is_no_log_and_how_to_take_it_apart_is_said() {
    let files = Files::new();
    let erc20 = files.with("erc20.sol", TRANSFER);
    let log = transfer("", "0x");
    for (input, hint) in [
        (format!("[{log}]"), "`jq -c '.[]'` takes an array apart\n"),
        (
            format!("[\n{log}\n]"),
            "`jq -c '.[]'` takes an array apart\n",
        ),
        (
            format!(r#"{{"jsonrpc":"2.0","id":1,"result":[{log}]}}"#),
            "`jq -c '.result[]'` takes a node's answer apart\n",
        ),
    ] {
        let (code, message) = refused(&["decode", "--abi", &erc20], input.as_bytes());
        assert!(code == 1 && message.ends_with(hint), "{message}");
    }
}

#[test]
fn a_byte_order_mark_in_front_is_passed_over() {
    let files = Files::new();
    let erc20 = files.with("erc20.sol", TRANSFER);
    let log = transfer("", &format!("0x{}", word(7)));
    let decoded = well(
        &["decode", "--abi", &erc20],
        format!("\u{feff}{log}\r\n").as_bytes(),
    );
    assert!(decoded.contains(r#""value":"7""#), "{decoded}");
}

#[test]
fn a_line_beyond_the_limit_is_named_and_passed_over_only_when_asked() {
    let files = Files::new();
    let erc20 = files.with("erc20.sol", TRANSFER);
    let good = transfer("", &format!("0x{}", word(7)));
    let long = transfer("", &format!("0x{}", word(7).repeat(100)));
    let input = format!("{good}\n{long}\n{good}\n");
    let limit = good.len().to_string();
    let arguments = ["decode", "--abi", &erc20, "--max-line-bytes", &limit];
    let ran = abi(&arguments, input.as_bytes());
    assert_eq!((ran.code, ran.stdout.lines().count()), (1, 1));
    assert_eq!(
        ran.stderr,
        format!("event-streamer: standard input, line 2: longer than {limit} bytes\n")
    );
    let ran = abi(
        &[&arguments[..], &["--keep-going"]].concat(),
        input.as_bytes(),
    );
    assert_eq!((ran.code, ran.stdout.lines().count()), (1, 2));
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let files = Files::new();
    let erc20 = files.with("erc20.sol", TRANSFER);
    let (code, message) = refused(&["decode", "--abi", "-"], b"");
    assert!(
        code == 2 && message.contains("standard input can be read once"),
        "{message}"
    );
    let (code, message) = refused(&["decode"], b"");
    assert!(code == 2 && message.contains("--abi <FILE>"), "{message}");
    let (code, message) = refused(&["decode", "--abi", &erc20, "--call", "0x", &erc20], b"");
    assert!(
        code == 2 && message.contains("cannot be used with"),
        "{message}"
    );
    let call = ["decode", "--abi", &erc20, "--call", "0x", "--function", "f"];
    let (code, message) = refused(&call, b"");
    assert!(
        code == 2 && message.contains("cannot be used with"),
        "{message}"
    );
    let without = files.with("none.sol", "function f()");
    let (code, message) = refused(&["decode", "--abi", &without], b"");
    assert!(
        code == 1 && message.contains("no event in the ABIs"),
        "{message}"
    );
    let (code, message) = refused(&["decode", "--abi", &erc20, "/nowhere/logs"], b"");
    assert!(
        code == 1 && message.contains("cannot read /nowhere/logs"),
        "{message}"
    );
}

#[test]
fn a_decoded_log_is_shown_before_the_next_is_waited_for() {
    let files = Files::new();
    let erc20 = files.with("erc20.sol", TRANSFER);
    let mut child = program(["abi", "decode", "--abi", &erc20])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        while stdout.read_line(&mut line).unwrap() > 0 {
            sender.send(std::mem::take(&mut line)).unwrap();
        }
    });
    let log = transfer("", &format!("0x{}", word(7)));
    for _ in 0..2 {
        // Half of the next line is there already.
        write!(stdin, "{log}\n{{").unwrap();
        let line = lines.recv_timeout(Duration::from_secs(60)).unwrap();
        assert!(line.starts_with(r#"{"event":"Transfer""#), "{line}");
        writeln!(stdin, "{}", &log[1..]).unwrap();
        lines.recv_timeout(Duration::from_secs(60)).unwrap();
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let files = Files::new();
    let erc20 = files.with("erc20.sol", TRANSFER);
    let log = transfer("", &format!("0x{}", word(7))) + "\n";
    let logs = files.with("logs.ndjson", log.repeat(10_000));
    let mut child = program(["abi", "decode", "--abi", &erc20, &logs])
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert!(line.starts_with(r#"{"event":"Transfer""#), "{line}");
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{output:?}"
    );
}
