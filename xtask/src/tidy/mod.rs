//! `cargo xtask tidy`: the house rules that no compiler checks.

mod duplicates;
mod licences;
mod manifests;
mod sources;
mod spdx;
mod top_level;
mod versions;

use std::path::Path;

use crate::error::{Failure, Result};
use crate::metadata::Metadata;

pub(crate) fn tidy(root: &Path) -> Result<()> {
    let metadata = Metadata::load(root)?;
    let mut faults = top_level::check(root)?;
    faults.extend(sources::check(root)?);
    faults.extend(manifests::check(&metadata)?);
    let policy = licences::Policy::read(root)?;
    faults.extend(licences::check(&policy, &metadata));
    faults.extend(duplicates::check(policy.skipped(), &metadata));
    faults.extend(versions::check(&metadata));
    if faults.is_empty() {
        println!(
            "{} packages and every source file keep the house rules",
            metadata.packages.len()
        );
        Ok(())
    } else {
        Err(Failure::new(faults.join("\n")))
    }
}
