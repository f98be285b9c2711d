//! Every crate of ours says what it is and takes the workspace's word for the rest.

use std::fs;

use crate::error::{Context as _, Result};
use crate::metadata::{Metadata, Package};

pub(crate) fn check(metadata: &Metadata) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for package in metadata.members() {
        let path = package.manifest_path.display();
        let text =
            fs::read_to_string(&package.manifest_path).context(|| format!("cannot read {path}"))?;
        let manifest = text.parse().context(|| format!("{path}"))?;
        faults.extend(faults_of(package, &manifest));
    }
    Ok(faults)
}

fn faults_of(package: &Package, manifest: &toml::Table) -> Vec<String> {
    let inherits = |value: Option<&toml::Value>| {
        value
            .and_then(|value| value.get("workspace"))
            .and_then(toml::Value::as_bool)
            == Some(true)
    };
    let mut faults = Vec::new();
    if !inherits(manifest.get("lints")) {
        faults.push(format!(
            "{}: the manifest lacks `lints.workspace = true`",
            package.name
        ));
    }
    for field in [
        "version",
        "edition",
        "rust-version",
        "license",
        "repository",
    ] {
        if !inherits(
            manifest
                .get("package")
                .and_then(|package| package.get(field)),
        ) {
            faults.push(format!(
                "{}: the manifest lacks `{field}.workspace = true`",
                package.name
            ));
        }
    }
    if package.description.as_deref().is_none_or(str::is_empty) {
        faults.push(format!("{}: the manifest has no description", package.name));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::tests::workspace;

    const GOOD: &str = "lints.workspace = true\n[package]\nname = 'a'\nversion.workspace = true\n\
        edition.workspace = true\nrust-version.workspace = true\nlicense.workspace = true\n\
        repository.workspace = true\n";

    #[test]
    fn what_is_not_inherited_is_found() {
        let package = workspace(&[("a", &[], &[])]).packages.remove(0);
        assert_eq!(faults_of(&package, &GOOD.parse().unwrap()), [""; 0]);
        let own_licence = GOOD.replace("license.workspace = true", "license = 'MIT'");
        let faults = faults_of(&package, &own_licence.parse().unwrap());
        assert_eq!(faults, ["a: the manifest lacks `license.workspace = true`"]);
        let no_lints = GOOD.replace("lints.workspace = true", "");
        assert_eq!(faults_of(&package, &no_lints.parse().unwrap()).len(), 1);
    }
}
