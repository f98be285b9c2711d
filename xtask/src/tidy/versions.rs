//! The oldest versions that we may be built with: those that past advisories demand.

use crate::metadata::Metadata;

/// A crate that is not in the lock file needs nothing.
const OLDEST: [(&str, [u64; 3]); 7] = [
    ("bytes", [1, 11, 1]),
    ("h2", [0, 4, 16]),
    ("ruint", [1, 20, 0]),
    ("rustls", [0, 23, 18]),
    ("rustls-webpki", [0, 103, 13]),
    ("tokio", [1, 44, 2]),
    ("tracing-subscriber", [0, 3, 20]),
];

pub(crate) fn check(metadata: &Metadata) -> Vec<String> {
    let mut faults = Vec::new();
    for package in &metadata.packages {
        for (_, oldest) in OLDEST.iter().filter(|(name, _)| *name == package.name) {
            if parse(&package.version).is_none_or(|version| version < *oldest) {
                let [major, minor, patch] = oldest;
                faults.push(format!(
                    "{} {} is older than {major}.{minor}.{patch}, which an advisory demands",
                    package.name, package.version
                ));
            }
        }
    }
    faults
}

/// `None` for a pre-release: it may be older than the repair it is named after.
fn parse(version: &str) -> Option<[u64; 3]> {
    let release = version
        .split_once('+')
        .map_or(version, |(release, _)| release);
    let numbers: Option<Vec<_>> = release
        .split('.')
        .map(|number| number.parse().ok())
        .collect();
    numbers?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::tests::workspace;

    #[test]
    fn an_old_version_is_found() {
        let mut metadata = workspace(&[("a", &["tokio"], &[])]);
        let mut faults = |version: &str| {
            metadata.packages[1].version = version.to_owned();
            check(&metadata)
        };
        assert_eq!(
            faults("1.44.1"),
            ["tokio 1.44.1 is older than 1.44.2, which an advisory demands"]
        );
        assert_eq!(faults("1.44.2-rc.1").len(), 1);
        assert_eq!(faults("1.44.2+build.5"), [""; 0]);
        assert_eq!(faults("1.100.0"), [""; 0]);
    }
}
