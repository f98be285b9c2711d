//! The order of publishing: what a crate needs must be in the registry before it.

use crate::error::{Result, fail};
use crate::metadata::Package;

/// Each package after all of `packages` that it depends on, alphabetically where that leaves a
/// choice. A development dependency counts where it has a version: the registry looks for it.
pub(crate) fn publish_order<'a>(packages: &[&'a Package]) -> Result<Vec<&'a Package>> {
    let mut waiting = packages.to_vec();
    let mut order = Vec::new();
    while !waiting.is_empty() {
        let names: Vec<_> = waiting
            .iter()
            .map(|package| package.name.as_str())
            .collect();
        let is_ready = |package: &&Package| {
            let mut needed = package
                .dependencies
                .iter()
                .filter(|on| on.kind.is_none() || on.req != "*");
            !needed.any(|on| names.contains(&on.name.as_str()))
        };
        let (ready, rest): (Vec<_>, Vec<_>) = waiting.iter().copied().partition(is_ready);
        if ready.is_empty() {
            return fail!(
                "these depend on each other and cannot be published: {}",
                names.join(", ")
            );
        }
        order.extend(ready);
        waiting = rest;
    }
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::tests::workspace;

    fn order(packages: &[(&str, &[&str], &[&str])]) -> Result<Vec<String>> {
        let metadata = workspace(packages);
        let order = publish_order(&metadata.members())?;
        Ok(order.iter().map(|package| package.name.clone()).collect())
    }

    #[test]
    fn what_is_needed_comes_first() {
        let packages: [(&str, &[&str], &[&str]); 3] = [
            ("a", &["c", "serde"], &[]),
            ("b", &[], &["a"]),
            ("c", &[], &[]),
        ];
        assert_eq!(order(&packages).unwrap(), ["c", "a", "b"]);
    }

    #[test]
    fn a_circle_is_refused() {
        let failure = order(&[("a", &["b"], &[]), ("b", &[], &["a"])])
            .unwrap_err()
            .to_string();
        assert!(failure.ends_with("a, b"), "{failure}");
    }
}
