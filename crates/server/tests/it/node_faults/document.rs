//! `docs/reference/node-faults.md`: the table as users read it.

use std::fmt::Write as _;
use std::path::Path;

use super::table;

const INTRODUCTION: &str = "\
# What goes wrong at a node, and what is promised then

<!-- Generated from the table in crates/server/tests/it/node_faults by
     `UPDATE_EXPECT=1 cargo test -p event-streamer-server --test it node_faults`. -->

Every line is a test of the service's ingest against simulated nodes over HTTP and WebSocket whose
chain, forks and faults are scripted. Beside what the line says, each asserts that what a consumer
holds, having obeyed every rollback, is the chain: each log once, in order, none missing.
";

fn document() -> String {
    let mut text = INTRODUCTION.to_owned();
    let mut number = 0;
    for group in table() {
        let _ = write!(
            text,
            "\n## {}\n\n| | case | what happens | what is promised |\n|---|---|---|---|\n",
            group.title
        );
        for case in group.cases {
            number += 1;
            let _ = writeln!(
                text,
                "| {number} | {} | {} | {} |",
                case.name, case.fault, case.promise
            );
        }
    }
    text
}

#[test]
fn the_document_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/node-faults.md");
    let document = document();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &document).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == document,
        "docs/reference/node-faults.md is not what the table says; UPDATE_EXPECT=1 cargo test -p \
         event-streamer-server --test it node_faults brings it up to date"
    );
}
