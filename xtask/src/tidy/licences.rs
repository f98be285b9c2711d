//! What we depend on comes from the registry, under a licence that we can pass on.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::spdx;
use crate::error::{Context as _, Result};
use crate::metadata::Metadata;

/// The part of `deny.toml` that is read here.
#[derive(Deserialize)]
pub(crate) struct Policy {
    licenses: Licences,
    #[serde(default)]
    bans: Bans,
}

#[derive(Default, Deserialize)]
struct Bans {
    #[serde(default)]
    skip: Vec<String>,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
}

impl Policy {
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let text = fs::read_to_string(root.join("deny.toml"))
            .context(|| "cannot read deny.toml".to_owned())?;
        toml::from_str(&text).context(|| "deny.toml".to_owned())
    }

    /// Versions that may stand beside another one of the same crate.
    pub(crate) fn skipped(&self) -> &[String] {
        &self.bans.skip
    }
}

pub(crate) fn check(policy: &Policy, metadata: &Metadata) -> Vec<String> {
    let allowed = |licence: &str| {
        policy
            .licenses
            .allow
            .iter()
            .any(|allowed| allowed == licence)
    };
    let mut faults = Vec::new();
    for package in &metadata.packages {
        let named = format!("{} {}", package.name, package.version);
        match &package.license {
            None => faults.push(format!("{named} states no licence")),
            Some(expression) => match spdx::is_satisfied(expression, &allowed) {
                Some(true) => {}
                Some(false) => {
                    faults.push(format!(
                        "{named} is under {expression}, which deny.toml does not allow"
                    ));
                }
                None => faults.push(format!(
                    "{named}: {expression:?} is not a licence expression"
                )),
            },
        }
        // Whatever the registry's address is: a git repository or a file is not it.
        if package
            .source
            .as_ref()
            .is_some_and(|source| !source.starts_with("registry+"))
        {
            faults.push(format!("{named} does not come from the registry"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::tests::workspace;

    fn policy() -> Policy {
        toml::from_str("[licenses]\nallow = ['MIT']\n[bans]\nother = 1\n").unwrap()
    }

    fn fault(change: impl FnOnce(&mut crate::metadata::Package)) -> String {
        let mut metadata = workspace(&[("a", &["dependency"], &[])]);
        assert_eq!(check(&policy(), &metadata), [""; 0]);
        change(&mut metadata.packages[1]);
        let faults = check(&policy(), &metadata);
        assert_eq!(faults.len(), 1, "{faults:?}");
        faults.into_iter().next().unwrap()
    }

    #[test]
    fn another_licence_is_found() {
        let found = fault(|package| package.license = Some("GPL-3.0-only".into()));
        assert_eq!(
            found,
            "dependency 0.1.0 is under GPL-3.0-only, which deny.toml does not allow"
        );
        assert!(fault(|package| package.license = None).contains("states no licence"));
        assert!(
            fault(|package| package.license = Some("MIT OR".into()))
                .contains("not a licence expression")
        );
    }

    #[test]
    fn another_source_is_found() {
        let found = fault(|package| package.source = Some("git+somewhere".into()));
        assert!(found.contains("does not come from the registry"), "{found}");
    }
}
