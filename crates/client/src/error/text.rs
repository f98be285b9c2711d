//! What an error quotes of texts that others wrote: one line, bounded.

/// The most of one text of the service that an error message quotes, in bytes.
pub(super) const TEXT_EXCERPT: usize = 300;

/// The most of a web page that is looked through for its title, in bytes.
const TITLE_WITHIN: usize = 4_096;

/// The beginning of a text on one line, cut at a character.
pub(crate) fn excerpt(text: &str, most: usize) -> String {
    let end = text.floor_char_boundary(most);
    let kept = text.get(..end).unwrap_or_default().trim();
    let mut excerpt: String = kept
        .chars()
        .map(|c| if is_invisible(c) { ' ' } else { c })
        .collect();
    if end < text.len() {
        excerpt.push('…');
    }
    excerpt
}

/// Characters that move the cursor or turn the direction of what follows.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What a web page says in short: that it is one, and its title.
pub(super) fn web_page(body: &str) -> Option<String> {
    let start = body.trim_start().get(..9)?.to_ascii_lowercase();
    if !start.starts_with("<!doctype") && !start.starts_with("<html") {
        return None;
    }
    let end = body.floor_char_boundary(TITLE_WITHIN);
    let head = body.get(..end)?.to_ascii_lowercase();
    // Lower case in ASCII alone: the places are the same in both.
    let title = head
        .find("<title>")
        .map(|at| at + "<title>".len())
        .and_then(|from| Some(from..from + head.get(from..)?.find("</title>")?))
        .and_then(|range| body.get(range))
        .map(str::trim)
        .filter(|title| !title.is_empty());
    Some(match title {
        Some(title) => format!("a web page: {}", excerpt(title, TEXT_EXCERPT)),
        None => "a web page".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_the_cursor_or_turns_the_text_is_taken_out() {
        assert_eq!(excerpt("a\u{1b}[31m\u{202e}b", 20), "a [31m b");
    }

    #[test]
    fn web_pages_are_told_by_their_title() {
        for (page, told) in [
            (
                "<html><head><title> 502\nBad Gateway </title>",
                Some("a web page: 502 Bad Gateway"),
            ),
            ("\n<!DOCTYPE html><TITLE>x</TITLE>", Some("a web page: x")),
            ("<!doctype html><title></title>", Some("a web page")),
            ("<html>ü<title>never closed", Some("a web page")),
            ("<html>", None),
            ("<html lang=ü>", Some("a web page")),
            ("{\"error\":\"<html>\"}", None),
            ("ääääääää", None),
            ("", None),
        ] {
            assert_eq!(web_page(page).as_deref(), told, "{page}");
        }
    }
}
