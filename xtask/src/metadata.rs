//! The workspace and its dependencies as `cargo metadata` tells them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::{Context as _, Result};
use crate::process;

/// Cargo joins the features of the whole workspace, and so tells of dependencies that a package
/// has only beside others: who depends on what, and in the line's comment who draws it.
const DRAWN_BY_OTHERS: [(&str, &str); 1] = [
    // sqlx-postgres
    ("smallvec", "serde"),
];

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    workspace_members: Vec<String>,
    resolve: Resolve,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) description: Option<String>,
    pub(crate) license: Option<String>,
    pub(crate) repository: Option<String>,
    pub(crate) rust_version: Option<String>,
    /// `None`: a path inside the workspace.
    pub(crate) source: Option<String>,
    pub(crate) manifest_path: PathBuf,
    /// `None`: anywhere. An empty list: nowhere.
    pub(crate) publish: Option<Vec<String>>,
    pub(crate) dependencies: Vec<Dependency>,
}

/// A dependency as the manifest states it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// `None`: a normal one.
    pub(crate) kind: Option<Kind>,
    /// The version's requirement; `*` for a path alone.
    pub(crate) req: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Dev,
    Build,
}

/// What cargo resolved, for all targets, with the features that the whole workspace asks for.
#[derive(Clone, Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Clone, Debug, Deserialize)]
struct Node {
    id: String,
    deps: Vec<Link>,
}

#[derive(Clone, Debug, Deserialize)]
struct Link {
    pkg: String,
    dep_kinds: Vec<LinkKind>,
}

#[derive(Clone, Debug, Deserialize)]
struct LinkKind {
    kind: Option<Kind>,
}

impl Metadata {
    /// Asks cargo about the workspace at `root`.
    pub(crate) fn load(root: &Path) -> Result<Self> {
        let text = process::output(process::cargo(root).args(["metadata", "--format-version=1"]))?;
        Self::parse(&text)
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text).context(|| "reading cargo's metadata".to_owned())
    }

    /// The workspace's own packages, by name.
    pub(crate) fn members(&self) -> Vec<&Package> {
        let is_member = |package: &&Package| self.workspace_members.contains(&package.id);
        let mut members: Vec<_> = self.packages.iter().filter(is_member).collect();
        members.sort_by_key(|package| &package.name);
        members
    }

    /// Names of all packages that `package` is built from, itself left out, each with the name of
    /// the one that asks for it. Development dependencies do not count.
    pub(crate) fn built_from(&self, package: &Package) -> BTreeMap<&str, &str> {
        let nodes: BTreeMap<_, _> = self
            .resolve
            .nodes
            .iter()
            .map(|node| (node.id.as_str(), node))
            .collect();
        let names: BTreeMap<_, _> = self
            .packages
            .iter()
            .map(|package| (package.id.as_str(), package.name.as_str()))
            .collect();
        let name = |id: &str| names.get(id).copied().unwrap_or("?");
        let mut found = BTreeMap::new();
        let mut waiting = vec![package.id.as_str()];
        while let Some(id) = waiting.pop() {
            for link in nodes.get(id).into_iter().flat_map(|node| &node.deps) {
                let counts = link
                    .dep_kinds
                    .iter()
                    .any(|link| link.kind != Some(Kind::Dev));
                let ours = !DRAWN_BY_OTHERS.contains(&(name(id), name(&link.pkg)));
                if counts && ours && !found.contains_key(name(&link.pkg)) {
                    found.insert(name(&link.pkg), name(id));
                    waiting.push(&link.pkg);
                }
            }
        }
        found
    }
}

impl Package {
    pub(crate) fn is_publishable(&self) -> bool {
        self.publish
            .as_ref()
            .is_none_or(|registries| !registries.is_empty())
    }

    /// The folder of the package, below the workspace's root.
    pub(crate) fn folder<'a>(&'a self, root: &Path) -> &'a Path {
        let folder = self.manifest_path.parent().unwrap_or(&self.manifest_path);
        folder.strip_prefix(root).unwrap_or(folder)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// A workspace of packages, each given with its normal and development dependencies. What is
    /// depended on and not given comes from a registry.
    pub(crate) fn workspace(packages: &[(&str, &[&str], &[&str])]) -> Metadata {
        let package = |name: &str, source: Value, dependencies: Value| {
            json!({
                "id": name, "name": name, "version": "0.1.0", "description": format!("what {name} is"),
                "license": "MIT", "source": source, "publish": null, "dependencies": dependencies,
                "repository": "r", "rust_version": "1.0", "manifest_path": format!("/w/crates/{name}/Cargo.toml"),
            })
        };
        let (mut listed, mut nodes) = (Vec::new(), Vec::new());
        for (name, normal, dev) in packages {
            let with_kind = || {
                let dev = dev.iter().map(|name| (*name, json!("dev")));
                normal.iter().map(|name| (*name, Value::Null)).chain(dev)
            };
            let dependencies =
                with_kind().map(|(name, kind)| json!({"name": name, "kind": kind, "req": "^1"}));
            listed.push(package(name, Value::Null, dependencies.collect()));
            let deps =
                with_kind().map(|(name, kind)| json!({"pkg": name, "dep_kinds": [{"kind": kind}]}));
            nodes.push(json!({"id": name, "deps": deps.collect::<Vec<_>>()}));
        }
        let members: Vec<_> = packages.iter().map(|(name, ..)| *name).collect();
        let strangers = packages
            .iter()
            .flat_map(|(_, normal, dev)| normal.iter().chain(*dev));
        for stranger in strangers.filter(|name| !members.contains(name)) {
            listed.push(package(stranger, json!("registry+somewhere"), json!([])));
        }
        let metadata =
            json!({"packages": listed, "workspace_members": members, "resolve": {"nodes": nodes}});
        Metadata::parse(&metadata.to_string()).unwrap()
    }

    #[test]
    fn what_a_package_is_built_from_leaves_development_dependencies_out() {
        let metadata = workspace(&[
            ("top", &["middle"], &["only-tests"]),
            ("middle", &["bottom"], &[]),
            ("bottom", &[], &["far"]),
        ]);
        let members = metadata.members();
        let top = members
            .iter()
            .find(|package| package.name == "top")
            .unwrap();
        let built_from = metadata.built_from(top);
        assert_eq!(
            built_from,
            BTreeMap::from([("middle", "top"), ("bottom", "middle")])
        );
    }

    #[test]
    fn what_only_another_package_draws_is_not_counted() {
        let metadata = workspace(&[
            ("top", &["smallvec"], &[]),
            ("smallvec", &["serde", "other"], &[]),
        ]);
        let members = metadata.members();
        let top = members
            .iter()
            .find(|package| package.name == "top")
            .unwrap();
        let built_from = metadata.built_from(top);
        assert!(built_from.contains_key("other") && !built_from.contains_key("serde"));
    }

    #[test]
    fn an_empty_list_of_registries_is_not_publishable() {
        let mut package = workspace(&[("a", &[], &[])]).packages.remove(0);
        assert!(package.is_publishable());
        package.publish = Some(vec![]);
        assert!(!package.is_publishable());
    }
}
