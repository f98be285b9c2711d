//! The rules that the table stands for.

use super::table::Layer;
use crate::metadata::{Kind, Metadata, Package};

/// Every way in which the workspace is not as the table says, each as a sentence.
pub(crate) fn check(table: &[Layer], metadata: &Metadata) -> Vec<String> {
    let members = metadata.members();
    let mut violations = check_table(table);
    for layer in table {
        if !members.iter().any(|package| package.name == layer.package) {
            violations.push(format!(
                "{} is in the table and not in the workspace",
                layer.package
            ));
        }
    }
    for package in &members {
        match table.iter().find(|layer| layer.package == package.name) {
            Some(layer) => {
                violations.extend(check_manifest(layer, package, &members));
                violations.extend(check_below(layer, package, metadata));
            }
            None => violations.push(format!(
                "{} is in the workspace and not in the table",
                package.name
            )),
        }
    }
    violations
}

/// Arrows point down: a crate may only name those that stand before it.
fn check_table(table: &[Layer]) -> Vec<String> {
    let mut violations = Vec::new();
    for (place, layer) in table.iter().enumerate() {
        for ours in layer.ours {
            if !table[..place].iter().any(|below| below.package == *ours) {
                violations.push(format!(
                    "the table lets {} depend on {ours}, which is not below it",
                    layer.package
                ));
            }
        }
    }
    violations
}

/// What the manifest names itself.
fn check_manifest(layer: &Layer, package: &Package, members: &[&Package]) -> Vec<String> {
    let name = &package.name;
    let mut violations = Vec::new();
    for dependency in &package.dependencies {
        let on = &dependency.name;
        let member = members.iter().find(|member| member.name == *on);
        if dependency.kind == Some(Kind::Dev) {
            // Tests may look up and sideways, but a chore must run whatever is broken.
            if member.is_some() && name == "xtask" {
                violations.push(format!("the tests of xtask depend on {on}"));
            }
            continue;
        }
        let allowed = if member.is_some() {
            layer.ours
        } else {
            layer.theirs
        };
        if !allowed.contains(&on.as_str()) {
            violations.push(format!(
                "{name} depends on {on}, which the table does not allow"
            ));
        }
        if package.is_publishable() && member.is_some_and(|member| !member.is_publishable()) {
            violations.push(format!(
                "{name} is published and depends on {on}, which is not"
            ));
        }
    }
    violations
}

/// What comes with what it names.
fn check_below(layer: &Layer, package: &Package, metadata: &Metadata) -> Vec<String> {
    let built_from = metadata.built_from(package);
    let found = layer
        .never
        .iter()
        .filter_map(|never| built_from.get_key_value(never));
    let sentence = |(never, by): (&&str, &&str)| {
        format!(
            "{} is built from {never}, which must never be there; {by} asks for it",
            package.name
        )
    };
    found.map(sentence).collect()
}

#[cfg(test)]
mod tests {
    use super::super::LAYERS;
    use super::*;
    use crate::metadata::tests::workspace;

    const BOTTOM: Layer = Layer {
        package: "bottom",
        ours: &[],
        theirs: &["serde"],
        never: &["tokio"],
    };
    const TOP: Layer = Layer {
        package: "top",
        ours: &["bottom"],
        theirs: &[],
        never: &[],
    };

    fn violation(packages: &[(&str, &[&str], &[&str])]) -> String {
        let violations = check(&[BOTTOM, TOP], &workspace(packages));
        assert_eq!(violations.len(), 1, "{violations:?}");
        violations.into_iter().next().unwrap()
    }

    #[test]
    fn what_the_table_allows_passes() {
        let metadata = workspace(&[
            ("bottom", &["serde"], &["top", "proptest"]),
            ("top", &["bottom"], &[]),
        ]);
        assert_eq!(check(&[BOTTOM, TOP], &metadata), [""; 0]);
    }

    #[test]
    fn a_dependency_outside_the_table_is_found() {
        let found = violation(&[("bottom", &["hyper"], &[]), ("top", &[], &[])]);
        assert_eq!(
            found,
            "bottom depends on hyper, which the table does not allow"
        );
    }

    #[test]
    fn an_arrow_that_points_up_is_found() {
        let found = violation(&[("bottom", &["top"], &[]), ("top", &[], &[])]);
        assert_eq!(
            found,
            "bottom depends on top, which the table does not allow"
        );
        let upside_down = check(
            &[TOP, BOTTOM],
            &workspace(&[("bottom", &[], &[]), ("top", &[], &[])]),
        );
        assert_eq!(
            upside_down,
            ["the table lets top depend on bottom, which is not below it"]
        );
    }

    #[test]
    fn what_an_allowed_crate_brings_in_is_found() {
        let mut metadata = workspace(&[
            ("bottom", &["serde"], &[]),
            ("top", &[], &[]),
            ("serde", &["tokio"], &[]),
        ]);
        metadata
            .packages
            .iter_mut()
            .for_each(|package| package.dependencies.retain(|on| on.name != "tokio"));
        let serde = Layer {
            package: "serde",
            ours: &[],
            theirs: &[],
            never: &[],
        };
        let bottom = Layer {
            ours: &["serde"],
            theirs: &[],
            ..BOTTOM
        };
        let violations = check(&[serde, bottom, TOP], &metadata);
        assert_eq!(
            violations,
            ["bottom is built from tokio, which must never be there; serde asks for it"]
        );
    }

    #[test]
    fn a_published_crate_cannot_need_an_unpublished_one() {
        let mut metadata = workspace(&[("bottom", &[], &[]), ("top", &["bottom"], &[])]);
        metadata.packages[0].publish = Some(vec![]);
        let violations = check(&[BOTTOM, TOP], &metadata);
        assert_eq!(
            violations,
            ["top is published and depends on bottom, which is not"]
        );
    }

    #[test]
    fn a_crate_on_one_side_only_is_found() {
        assert_eq!(
            violation(&[("bottom", &[], &[])]),
            "top is in the table and not in the workspace"
        );
        let extra = violation(&[("bottom", &[], &[]), ("top", &[], &[]), ("extra", &[], &[])]);
        assert_eq!(extra, "extra is in the workspace and not in the table");
    }

    #[test]
    fn xtask_stays_alone_in_its_tests_too() {
        let xtask = Layer {
            package: "xtask",
            ours: &[],
            theirs: &[],
            never: &[],
        };
        let metadata = workspace(&[("bottom", &[], &[]), ("xtask", &[], &["bottom"])]);
        assert_eq!(
            check(&[BOTTOM, xtask], &metadata),
            ["the tests of xtask depend on bottom"]
        );
    }

    #[test]
    fn our_table_has_its_arrows_down_and_keeps_the_testkit_out() {
        assert_eq!(check_table(&LAYERS), [""; 0]);
        assert!(
            LAYERS
                .iter()
                .all(|layer| !layer.ours.contains(&"event-streamer-testkit"))
        );
        assert!(LAYERS.iter().all(|layer| !layer.ours.contains(&"xtask")));
    }
}
