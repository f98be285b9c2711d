//! What goes wrong at a node, and what is promised then: one table, played against simulated nodes
//! over real HTTP and WebSocket, and printed as `docs/reference/node-faults.md`.
//!
//! One part of it: `FAULTS=reorgs cargo test -p event-streamer-server --test it node_faults --
//! --nocapture` plays the cases whose group and name hold the word, and prints a line for each.

mod answers;
mod case;
mod chains;
mod document;
mod endpoints;
mod lies;
mod refusals;
mod reorgs;
mod run;
mod sockets;
mod stage;
mod values;

use case::Case;

/// Cases of one kind.
struct Group {
    title: &'static str,
    cases: Vec<Case>,
}

fn table() -> Vec<Group> {
    let group = |title, cases| Group { title, cases };
    vec![
        group("Answers that fail", answers::cases()),
        group("Answers that are not true", lies::cases()),
        group("Heads and endpoints", endpoints::cases()),
        group("Other chains", chains::cases()),
        group("Refusals by provider", refusals::cases()),
        group("WebSockets", sockets::cases()),
        group("Reorgs", reorgs::cases()),
        group("Values", values::cases()),
    ]
}

#[test]
fn every_promise_is_kept() {
    let wanted = std::env::var("FAULTS").unwrap_or_default().to_lowercase();
    let cases: Vec<(String, Case)> = numbered()
        .map(|(number, title, case)| {
            let line = format!("{number:>3} {title}: {}: {}", case.name, case.promise);
            (line, case)
        })
        .filter(|(line, _)| line.to_lowercase().contains(&wanted))
        .collect();
    let played = cases.len();
    assert!(played > 0, "no case is named like {wanted:?}");
    let broken = run::all(cases);
    println!("{played} cases, {} broken", broken.len());
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
    for (_, title, case) in numbered() {
        let name = (title, case.name.clone());
        assert!(names.insert(name), "{title}: {} stands twice", case.name);
        for text in [&case.name, &case.fault, &case.promise] {
            assert!(
                text.len() > 1 && !text.contains(['|', '\n']),
                "{title}: {text:?}"
            );
        }
    }
    println!("{} cases", names.len());
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
