//! `docs/reference/reliability.md` names tests that are there.

use std::path::Path;

/// The texts between two marks of a line.
fn between(line: &str, mark: char) -> Vec<&str> {
    line.split(mark).skip(1).step_by(2).collect()
}

#[test]
fn the_page_of_reliability_checks_names_what_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |path: &str| {
        std::fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let page = read("docs/reference/reliability.md");
    let node_faults = read("docs/reference/node-faults.md");
    let (mut files, mut rows) = (0, 0);
    for line in page.lines().filter(|line| line.starts_with('|')) {
        let mut file: Option<String> = None;
        for code in between(line, '`') {
            if code.starts_with("crates/") {
                file = Some(read(code));
                files += 1;
            } else if let Some(text) = file.take() {
                assert!(text.contains(&format!("fn {code}")), "{code} is gone");
            }
        }
        let without_code: String = line.split('`').step_by(2).collect();
        for row in between(&without_code, '*') {
            assert!(
                node_faults.contains(&format!("| {row} |"))
                    || node_faults.contains(&format!("| {row}, ")),
                "node-faults.md has no row {row:?}"
            );
            rows += 1;
        }
    }
    assert!(files > 15 && rows > 25, "{files} files, {rows} rows");
}
