//! `cargo xtask codegen [events] [--check]`: text that is made from something else in the repository.
//!
//! What is made is committed, so that building needs no chore; `--check`, part of the tests,
//! fails when somebody changed one side only. A new generator gives an [`Output`] and stands in
//! [`outputs`].

mod catalogue;
mod crate_map;
mod dependencies;
mod output;

use std::path::Path;

use self::output::Output;
use crate::error::{Result, fail};
use crate::metadata::Metadata;
use crate::mode::Mode;

/// Everything that is generated.
pub(crate) fn codegen(root: &Path, mode: Mode) -> Result<()> {
    texts(root, mode)?;
    events(root, mode)
}

/// The catalogue of well-known events alone.
pub(crate) fn events(root: &Path, mode: Mode) -> Result<()> {
    catalogue::generate(root, mode)?;
    println!("the catalogue of events is up to date");
    Ok(())
}

fn texts(root: &Path, mode: Mode) -> Result<()> {
    let mut stale = Vec::new();
    let outputs = outputs(root)?;
    for output in &outputs {
        if let Some(difference) = output.difference(root)? {
            match mode {
                Mode::Write => {
                    output.write(root)?;
                    println!("wrote {}", output.path());
                }
                Mode::Check => stale.push(difference),
            }
        }
    }
    if !stale.is_empty() {
        return fail!(
            "{}\nRun `cargo xtask codegen` and commit what it writes.",
            stale.join("\n")
        );
    }
    println!("{} generated texts are up to date", outputs.len());
    Ok(())
}

/// Every text that is generated here.
fn outputs(root: &Path) -> Result<Vec<Output>> {
    let metadata = Metadata::load(root)?;
    Ok(vec![
        dependencies::generate(),
        crate_map::generate(&metadata, root),
    ])
}
