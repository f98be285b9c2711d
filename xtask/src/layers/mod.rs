//! `cargo xtask layers`: holds the crates' dependencies against the table of who may depend on
//! whom.

mod check;
mod table;

use std::path::Path;

pub(crate) use self::table::LAYERS;
use crate::error::{Failure, Result};
use crate::metadata::Metadata;

pub(crate) fn layers(root: &Path) -> Result<()> {
    let violations = check::check(&LAYERS, &Metadata::load(root)?);
    if violations.is_empty() {
        println!(
            "{} crates, each with the dependencies it may have",
            LAYERS.len()
        );
        return Ok(());
    }
    let advice = "The table is xtask/src/layers/table.rs; docs/architecture.md says why it is so.";
    Err(Failure::new(format!("{}\n{advice}", violations.join("\n"))))
}
