//! The reference page of what each crate may depend on, from the table that is checked.

use std::fmt::Write as _;

use super::output::Output;
use crate::layers::LAYERS;

const INTRODUCTION: &str = "\
# What each crate may depend on

From the bottom to the top. `cargo xtask layers` holds this against the manifests: a crate may only
name what stands in its row, and what stands under *never* must not be below it however far down.

| crate | ours | others' | never |
|---|---|---|---|
";

pub(crate) fn generate() -> Output {
    let mut text = INTRODUCTION.to_owned();
    for layer in LAYERS {
        let (below, theirs, never) = (names(layer.ours), names(layer.theirs), names(layer.never));
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "| `{}` | {below} | {theirs} | {never} |",
            layer.package
        );
    }
    Output::markdown_file(
        "docs/reference/dependencies.md",
        "xtask/src/layers/table.rs",
        &text,
    )
}

fn names(names: &[&str]) -> String {
    if names.is_empty() {
        return "nothing".to_owned();
    }
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
