//! What `CHANGELOG.md` says of a version: `## 1.2.3 - 2026-01-31`, then text.

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Entry<'a> {
    Released(&'a str),
    Unreleased,
}

/// `None` when the version has no heading with a date (or `unreleased`), or nothing below it.
pub(crate) fn entry<'a>(changelog: &'a str, version: &str) -> Option<Entry<'a>> {
    let mut lines = changelog.lines();
    let when = lines.find_map(|line| {
        line.strip_prefix("## ")?
            .strip_prefix(version)?
            .strip_prefix(" - ")
    })?;
    let says_something = lines
        .take_while(|line| !line.starts_with("## "))
        .any(|line| !line.trim().is_empty());
    match when {
        _ if !says_something => None,
        "unreleased" => Some(Entry::Unreleased),
        date if is_date(date) => Some(Entry::Released(date)),
        _ => None,
    }
}

fn is_date(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([4, 2, 2])
        && parts
            .iter()
            .all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "# Changelog\n\n## 0.2.0 - unreleased\n\n- new\n\n## 0.1.0 - 2026-01-31\n\n- first\n";

    #[test]
    fn a_version_is_found_by_its_heading() {
        assert_eq!(entry(TEXT, "0.2.0"), Some(Entry::Unreleased));
        assert_eq!(entry(TEXT, "0.1.0"), Some(Entry::Released("2026-01-31")));
        assert_eq!(entry(TEXT, "0.1"), None);
    }

    #[test]
    fn an_empty_or_undated_entry_is_none() {
        assert_eq!(
            entry(
                "## 0.2.0 - 2026-01-31\n\n## 0.1.0 - unreleased\n- x",
                "0.2.0"
            ),
            None
        );
        assert_eq!(entry("## 0.2.0 - soon\n- x", "0.2.0"), None);
        assert_eq!(entry("## 0.2.0\n- x", "0.2.0"), None);
    }
}
