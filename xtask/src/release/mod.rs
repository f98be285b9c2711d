//! `cargo xtask release --dry-run`: whether the workspace can be published, and in which order.

mod changelog;
mod order;

use std::fs;
use std::path::Path;

use self::changelog::Entry;
use crate::error::{Context as _, Failure, Result, fail};
use crate::metadata::{Metadata, Package};
use crate::process;

/// Looks at everything that publishing needs and changes nothing.
pub(crate) fn dry_run(root: &Path) -> Result<()> {
    let metadata = Metadata::load(root)?;
    let packages: Vec<_> = metadata
        .members()
        .into_iter()
        .filter(|package| package.is_publishable())
        .collect();
    let version = one_version(&packages)?;
    println!("version {version}");
    let mut faults = check_changelog(root, version)?;
    faults.extend(packages.iter().flat_map(|package| check_manifest(package)));
    println!("\nto publish, in this order:");
    for package in order::publish_order(&packages)? {
        let files = packaged_files(root, package)?;
        faults.extend(check_files(package, &files));
        println!(
            "  cargo publish -p {:<28} {:>4} files",
            package.name,
            files.len()
        );
    }
    if faults.is_empty() {
        println!("\nnothing is in the way");
        Ok(())
    } else {
        Err(Failure::new(format!(
            "\nin the way:\n{}",
            faults.join("\n")
        )))
    }
}

/// All published crates are released together under one version.
fn one_version<'a>(packages: &[&'a Package]) -> Result<&'a str> {
    let first = packages
        .first()
        .context(|| "no package is publishable".to_owned())?;
    match packages
        .iter()
        .find(|package| package.version != first.version)
    {
        None => Ok(&first.version),
        Some(other) => fail!(
            "{} is {} and {} is {}",
            first.name,
            first.version,
            other.name,
            other.version
        ),
    }
}

fn check_changelog(root: &Path, version: &str) -> Result<Vec<String>> {
    let text = fs::read_to_string(root.join("CHANGELOG.md"))
        .context(|| "cannot read CHANGELOG.md".to_owned())?;
    Ok(match changelog::entry(&text, version) {
        Some(Entry::Released(date)) => {
            println!("CHANGELOG.md dates it {date}");
            vec![]
        }
        Some(Entry::Unreleased) => {
            println!("CHANGELOG.md calls it unreleased: put the date there before publishing");
            vec![]
        }
        None => vec![format!(
            "CHANGELOG.md has no `## {version} - DATE` with something below it"
        )],
    })
}

/// What the registry asks for, or what its page would lack.
fn check_manifest(package: &Package) -> Vec<String> {
    let mut faults = Vec::new();
    let fields = [
        ("description", &package.description),
        ("license", &package.license),
        ("repository", &package.repository),
        ("rust-version", &package.rust_version),
    ];
    for (field, value) in fields {
        if value.as_deref().is_none_or(str::is_empty) {
            faults.push(format!("{} has no {field}", package.name));
        }
    }
    for dependency in package
        .dependencies
        .iter()
        .filter(|on| on.kind.is_none() && on.req == "*")
    {
        faults.push(format!(
            "{} takes any version of {}",
            package.name, dependency.name
        ));
    }
    faults
}

/// What cargo would put into the package, as it lies in the working tree.
fn packaged_files(root: &Path, package: &Package) -> Result<Vec<String>> {
    let mut cargo = process::cargo(root);
    let list = process::output(cargo.args([
        "package",
        "--list",
        "--allow-dirty",
        "--package",
        &package.name,
    ]))?;
    Ok(list.lines().map(str::to_owned).collect())
}

fn check_files(package: &Package, files: &[String]) -> Vec<String> {
    let has = |name: &str| files.iter().any(|file| file == name);
    let mut faults = Vec::new();
    if !has("src/lib.rs") && !has("src/main.rs") {
        faults.push(format!(
            "{} would be published without its sources",
            package.name
        ));
    }
    if let Some(local) = files
        .iter()
        .find(|file| file.starts_with("target/") || file.ends_with(".sqlite"))
    {
        faults.push(format!("{} would be published with {local}", package.name));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::tests::workspace;

    #[test]
    fn different_versions_are_refused() {
        let mut metadata = workspace(&[("a", &[], &[]), ("b", &[], &[])]);
        assert_eq!(one_version(&metadata.members()).unwrap(), "0.1.0");
        metadata.packages[1].version = "0.2.0".into();
        let failure = one_version(&metadata.members()).unwrap_err().to_string();
        assert_eq!(failure, "a is 0.1.0 and b is 0.2.0");
    }

    #[test]
    fn what_the_registry_would_miss_is_found() {
        let mut package = workspace(&[("a", &["serde"], &[])]).packages.remove(0);
        assert_eq!(check_manifest(&package), [""; 0]);
        package.description = None;
        package.dependencies[0].req = "*".into();
        assert_eq!(
            check_manifest(&package),
            ["a has no description", "a takes any version of serde"]
        );
    }

    #[test]
    fn a_package_needs_sources_and_nothing_local() {
        let package = workspace(&[("a", &[], &[])]).packages.remove(0);
        let files = |names: &[&str]| {
            names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(check_files(&package, &files(&["src/lib.rs"])), [""; 0]);
        assert_eq!(
            check_files(&package, &files(&["Cargo.toml", "state.sqlite"])).len(),
            2
        );
    }
}
