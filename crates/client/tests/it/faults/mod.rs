//! What goes wrong at a client, and what is promised then: one table, played over connections in
//! memory under the paused clock, and printed as `docs/reference/faults.md`.
//!
//! One part of it: `FAULTS=acks cargo test -p event-streamer-client --test it faults -- --nocapture`
//! plays the cases whose name holds the word, and prints a line for each.

mod acks;
mod case;
mod checkpoints;
mod compression;
mod document;
mod handlers;
mod heartbeats;
mod http;
mod lines;
mod misuse;
mod network;
mod order;
mod run;
mod stage;

use self::case::Case;

/// The issue asks for so many.
const AT_LEAST: usize = 90;

/// Cases of one kind.
struct Group {
    title: &'static str,
    cases: Vec<Case>,
}

fn table() -> Vec<Group> {
    let group = |title, cases| Group { title, cases };
    vec![
        group("Network", network::cases()),
        group("Lines", lines::cases()),
        group("Order", order::cases()),
        group("HTTP", http::cases()),
        group("Compression", compression::cases()),
        group("Acknowledgements", acks::cases()),
        group("Checkpoints", checkpoints::cases()),
        group("Handlers", handlers::cases()),
        group("Heartbeats", heartbeats::cases()),
        group("Use of the API", misuse::cases()),
    ]
}

#[test]
fn every_promise_is_kept() {
    let wanted = std::env::var("FAULTS").unwrap_or_default();
    let (mut played, mut broken) = (0, Vec::new());
    for (number, title, case) in numbered() {
        if !format!("{title} {}", case.name)
            .to_lowercase()
            .contains(&wanted)
        {
            continue;
        }
        played += 1;
        let line = format!("{number:>3} {title}: {}: {}", case.name, case.promise);
        match run::play(case) {
            Ok(waited) => println!("ok     {line} ({waited:.1?})"),
            Err(fault) => {
                println!("BROKEN {line}\n{fault}");
                broken.push(format!("{line}\n{fault}"));
            }
        }
    }
    println!("{played} cases, {} broken", broken.len());
    assert!(played > 0, "no case is named like {wanted:?}");
    assert!(
        broken.is_empty(),
        "{} of {played} promises are broken:\n\n{}",
        broken.len(),
        broken.join("\n\n")
    );
}

#[test]
fn the_table_is_whole() {
    let mut names = std::collections::HashSet::new();
    let mut count = 0;
    for (_, title, case) in numbered() {
        count += 1;
        assert!(
            names.insert((title, case.name)),
            "{title}: {} stands twice",
            case.name
        );
        for text in [case.name, case.fault, case.promise] {
            assert!(
                text.len() > 1 && !text.contains(['|', '\n']),
                "{title}: {text:?}"
            );
        }
    }
    println!("{count} cases");
    assert!(count >= AT_LEAST, "{count} cases, {AT_LEAST} are promised");
}

fn numbered() -> impl Iterator<Item = (usize, &'static str, Case)> {
    let cases = table().into_iter().flat_map(|group| {
        let title = group.title;
        group.cases.into_iter().map(move |case| (title, case))
    });
    (1..)
        .zip(cases)
        .map(|(number, (title, case))| (number, title, case))
}
