//! The README's table of crates, from the descriptions in their manifests.

use std::path::Path;

use super::output::Output;
use crate::layers::LAYERS;
use crate::metadata::Metadata;

/// One row per crate, in the order of the layers.
pub(crate) fn generate(metadata: &Metadata, root: &Path) -> Output {
    let mut table = String::from("| crate | what it is |\n|---|---|\n");
    let members = metadata.members();
    for layer in LAYERS {
        for package in members
            .iter()
            .filter(|package| package.name == layer.package)
        {
            let folder = package.folder(root).display();
            let description = package.description.as_deref().unwrap_or_default();
            let unpublished = if package.is_publishable() {
                ""
            } else {
                " (not published)"
            };
            let name = &package.name;
            table.push_str(&format!(
                "| [`{name}`](./{folder}) | {description}{unpublished} |\n"
            ));
        }
    }
    Output::markdown_section("README.md", "crates", table)
}
