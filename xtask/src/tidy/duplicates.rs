//! One version of each crate, but for those that `deny.toml` gives a reason for.

use std::collections::{BTreeMap, BTreeSet};

use crate::metadata::Metadata;

/// `skip` are entries of `deny.toml`: `NAME@` and the beginning of a version.
pub(crate) fn check(skip: &[String], metadata: &Metadata) -> Vec<String> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in &metadata.packages {
        let of = versions.entry(&package.name).or_default();
        of.insert(&package.version);
    }
    versions.retain(|_, versions| versions.len() > 1);
    let mut faults = Vec::new();
    for (name, versions) in &versions {
        let explained = |version: &&&str| skip.iter().any(|entry| matches(entry, name, version));
        let unexplained: Vec<_> = versions.iter().filter(|it| !explained(it)).collect();
        if unexplained.len() > 1 {
            faults.push(format!(
                "{name} is there in several versions, {unexplained:?}: see `cargo tree -i`, and \
                 bring them together or say in deny.toml (bans.skip) why not"
            ));
        }
    }
    for entry in skip {
        let needed = versions.iter().any(|(name, versions)| {
            let mut versions = versions.iter();
            versions.any(|version| matches(entry, name, version))
        });
        if !needed {
            faults.push(format!("deny.toml skips {entry}, which needs it no longer"));
        }
    }
    faults
}

fn matches(entry: &str, name: &str, version: &str) -> bool {
    entry.split_once('@').is_some_and(|(of, begin)| {
        let rest = version.strip_prefix(begin);
        of == name && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::tests::workspace;

    fn faults(versions: &[&str], skip: &[&str]) -> Vec<String> {
        let mut metadata = workspace(&[("a", &["b"], &[])]);
        let package = metadata.packages.remove(1);
        for version in versions {
            let mut package = package.clone();
            package.version = (*version).to_owned();
            metadata.packages.push(package);
        }
        let skip: Vec<_> = skip.iter().map(|entry| (*entry).to_owned()).collect();
        check(&skip, &metadata)
    }

    #[test]
    fn a_second_version_needs_a_reason() {
        assert_eq!(faults(&["1.2.0"], &[]), [""; 0]);
        assert!(faults(&["1.2.0", "2.0.0"], &[])[0].starts_with("b is there in several versions"));
        assert_eq!(faults(&["1.2.0", "2.0.0"], &["b@1"]), [""; 0]);
        assert_eq!(faults(&["1.2.0", "2.0.0", "3.0.0"], &["b@1"]).len(), 1);
        assert_eq!(
            faults(&["1.2.0", "2.0.0", "3.0.0"], &["b@1", "b@2.0"]),
            [""; 0]
        );
    }

    #[test]
    fn a_reason_that_is_not_needed_is_found() {
        for (versions, skip) in [
            (&["1.2.0"][..], "b@1"),
            (&["10.0.0", "2.0.0"], "b@1"),
            (&["1.2.0", "2.0.0"], "c@1"),
        ] {
            let faults = faults(versions, &[skip]);
            assert!(
                faults.iter().any(|it| it.contains("needs it no longer")),
                "{faults:?}"
            );
        }
    }
}
