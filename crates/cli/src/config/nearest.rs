//! What a misspelt name was meant to be.

/// The known name that is nearest, if one is near.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = (name.chars().count() / 3).max(2);
    known
        .into_iter()
        .map(|known| (distance(name, known), known))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, known)| known)
}

/// Letters to insert, take out or change (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<_> = other.chars().collect();
    let mut row: Vec<_> = (0..=other.len()).collect();
    for (index, c) in one.chars().enumerate() {
        let mut diagonal = index;
        let mut left = index + 1;
        for (cell, o) in row.iter_mut().skip(1).zip(&other) {
            let above = *cell;
            let changed = diagonal + usize::from(c != *o);
            *cell = changed.min(above + 1).min(left + 1);
            (diagonal, left) = (above, *cell);
        }
        if let Some(first) = row.first_mut() {
            *first = index + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (one, other, expected) in [
            ("", "", 0),
            ("abc", "", 3),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("max_socket", "max_sockets", 1),
        ] {
            assert_eq!(distance(one, other), expected, "{one} {other}");
        }
    }

    #[test]
    fn only_what_is_near_is_named() {
        let known = ["http.max_sockets", "http.max_headers", "listen"];
        assert_eq!(nearest("http.max_sokets", known), Some("http.max_sockets"));
        assert_eq!(nearest("lisen", known), Some("listen"));
        assert_eq!(nearest("telemetry", known), None);
    }
}
