//! Integers too wide for 64 bits, kept exact on their way into a JSON value.

use std::borrow::Cow;

/// Integers of up to this many digits fit an `i64`, whatever their sign.
const SAFE_DIGITS: usize = 18;

/// `json` with every integer literal that does not fit 64 bits put into quotes.
///
/// `serde_json::Value` would round such a literal to a floating point number. One pass; the text is
/// copied only if there is such a literal. `json` must be valid JSON.
pub(crate) fn quote(json: &[u8]) -> Cow<'_, [u8]> {
    let mut out = Vec::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(&byte) = json.get(at) {
        match byte {
            b'"' => at = end_of_string(json, at + 1),
            b'-' | b'0'..=b'9' => {
                let end = end_of_number(json, at);
                if is_wide(&json[at..end]) {
                    out.extend_from_slice(&json[copied..at]);
                    out.push(b'"');
                    out.extend_from_slice(&json[at..end]);
                    out.push(b'"');
                    copied = end;
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    if copied == 0 {
        return Cow::Borrowed(json);
    }
    out.extend_from_slice(&json[copied..]);
    Cow::Owned(out)
}

/// The offset behind the closing quote of the string whose text begins at `at`.
fn end_of_string(json: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = json.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    json.len()
}

fn end_of_number(json: &[u8], at: usize) -> usize {
    let rest = json.get(at..).unwrap_or_default();
    let length = rest
        .iter()
        .position(|byte| !matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'));
    at + length.unwrap_or(rest.len())
}

fn is_wide(literal: &[u8]) -> bool {
    if literal.len() <= SAFE_DIGITS {
        return false;
    }
    let Ok(text) = std::str::from_utf8(literal) else {
        return false;
    };
    let integer = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'-');
    integer && text.parse::<u64>().is_err() && text.parse::<i64>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_integers_beyond_64_bits_are_quoted() {
        let json = br#"{"a":18446744073709551615,"b":18446744073709551616,"c":-9223372036854775809,"d":1.5,"s":"\"123456789012345678901234","l":[115792089237316195423570985008687907853269984665640564039457584007913129639935]}"#;
        let expected = r#"{"a":18446744073709551615,"b":"18446744073709551616","c":"-9223372036854775809","d":1.5,"s":"\"123456789012345678901234","l":["115792089237316195423570985008687907853269984665640564039457584007913129639935"]}"#;
        assert_eq!(std::str::from_utf8(&quote(json)).unwrap(), expected);
    }

    #[test]
    fn a_text_without_wide_integers_is_not_copied() {
        let json = br#"{"a":1,"b":"115792089237316195423570985008687907853269984665640564039457584007913129639935"}"#;
        assert!(matches!(quote(json), Cow::Borrowed(_)));
    }

    #[test]
    fn integers_of_5000_digits_stay_exact() {
        let digits = "7".repeat(5000);
        let json = format!("[{digits}]");
        let quoted = quote(json.as_bytes());
        let values: Vec<String> = serde_json::from_slice(&quoted).unwrap();
        assert_eq!(values, [digits]);
    }
}
