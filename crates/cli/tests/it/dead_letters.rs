//! Dead letters from the command line.

use std::process::Output;

use event_streamer::client::{
    AfterFailure, DeadLetterFile, EventStreamer, HandlerPolicy, RetryPolicy, StreamingOptions,
};
use event_streamer::models::SubscriptionId;
use event_streamer_testkit::{Routes, StreamLines, WireServer, event};
use tempfile::TempDir;

use crate::process::program;

fn dead_letters(arguments: &[&str]) -> (Output, String, String) {
    let output = program([&["dead-letters"], arguments].concat())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    (output, out, err)
}

/// A file of three letters, as a client writes it whose handler takes nothing.
async fn three_letters() -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letters.ndjson");
    let mut lines = StreamLines::new(7, "c1");
    let script = event_streamer_testkit::Script::new()
        .stream_head(&[
            ("content-type", "application/x-ndjson"),
            ("x-connection-id", "c1"),
        ])
        .chunk(lines.batch(&[event(10, 0), event(10, 1), event(11, 0)]))
        .chunk(lines.complete(3, "rt_end"))
        .last_chunk();
    let routes = Routes::new().once("GET /subscriptions/7/stream", script);
    let server = WireServer::routed(routes).await;
    let client = EventStreamer::builder(server.url(), "tester")
        .retry_policy(RetryPolicy::never())
        .build()
        .unwrap();
    let aside = HandlerPolicy::default()
        .with_max_attempts(1)
        .with_after_failure(AfterFailure::DeadLetter);
    let options = StreamingOptions::default()
        .with_auto_acknowledge(false)
        .with_handlers(aside)
        .with_dead_letters(DeadLetterFile::new(&path));
    let id = SubscriptionId::new(7).unwrap();
    let mut stream = client.create_streaming_client(id, options);
    stream.on_all_events(async |_, _| Err("the shelf is full"));
    stream.start_streaming().await.unwrap();
    stream.finished().await.unwrap();
    (folder, path.to_str().unwrap().to_owned())
}

#[tokio::test]
async fn letters_are_listed_and_replayed_until_a_program_takes_them() {
    let (folder, path) = three_letters().await;
    let (output, out, _) = dead_letters(&["list", &path]);
    assert!(output.status.success());
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(
        lines[0].starts_with("0 ") && lines[0].contains("the shelf is full"),
        "{out}"
    );

    // Takes what is not of block 11.
    let taken = folder.path().join("taken");
    let taken = taken.to_str().unwrap();
    let script = format!(
        "read -r line; case $line in *'\"block_number\":11'*) exit 3;; esac; echo \"$line\" >> {taken}"
    );
    let replay = ["replay", &path, "--", "sh", "-c", &script];
    let (output, _, err) = dead_letters(&replay);
    assert_eq!(output.status.code(), Some(1));
    assert!(err.contains("2 settled, 1 left"), "{err}");
    let events = std::fs::read_to_string(taken).unwrap();
    let events: Vec<serde_json::Value> = events
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(events.len(), 2);

    let (_, out, _) = dead_letters(&["list", "--json", &path]);
    let left: serde_json::Value = serde_json::from_str(out.trim_end()).unwrap();
    assert_eq!(left["event"], event(11, 0));
    let byte = left["byte"].to_string();
    let (output, _, err) = dead_letters(&["replay", &path, "--only", &byte, "--", "true"]);
    assert!(output.status.success(), "{err}");
    assert_eq!(dead_letters(&["list", &path]).1, "");
    // A letter that is not there was not replayed.
    let (output, _, err) = dead_letters(&["replay", &path, "--only", &byte, "--", "true"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err.contains(&format!("no letter at byte {byte}")), "{err}");
}

#[tokio::test]
async fn a_damaged_line_is_told_and_the_others_are_listed() {
    let (_folder, path) = three_letters().await;
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("shelf", "board", 1)).unwrap();
    let (output, out, err) = dead_letters(&["list", &path]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(out.lines().count(), 2);
    assert!(err.contains("the line at byte 0 is damaged"), "{err}");
    let (output, _, err) = dead_letters(&["list", "/nowhere/at/all"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err.contains("there is no file"), "{err}");
}
