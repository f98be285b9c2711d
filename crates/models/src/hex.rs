//! Hexadecimal text, as Ethereum's JSON-RPC writes bytes: `0x`, then two digits a byte.
//!
//! Output is lower case; input is taken in any case. EIP-55 checksums are not enforced.

use crate::{ParseError, ParseErrorKind};

mod digits;

pub(crate) use digits::{encode_to_slice, value as digit_value};

/// Appends the digits of `bytes` to `out`: lower case, without `0x`.
///
/// ```
/// let mut out = b"0x".to_vec();
/// event_streamer_models::hex::write(&[0xde, 0xad], &mut out);
/// assert_eq!(out, b"0xdead");
/// ```
pub fn write(bytes: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + bytes.len() * 2, 0);
    encode_to_slice(bytes, &mut out[start..]);
}

/// `0x` and the lower-case digits of `bytes`.
///
/// ```
/// assert_eq!(event_streamer_models::hex::encode(&[0xde, 0xad]), "0xdead");
/// ```
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut text = b"0x".to_vec();
    write(bytes, &mut text);
    // Digits are ASCII, so nothing is replaced here.
    String::from_utf8(text)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Reads digits, without `0x`, into exactly as many bytes as `out` has; `false` if they are not
/// twice as many, or some character is no digit. What `out` holds then is of no use.
///
/// The quick way for those who have a place for the bytes and no use for an error's words.
///
/// ```
/// let mut bytes = [0; 2];
/// assert!(event_streamer_models::hex::read(b"DEad", &mut bytes));
/// assert_eq!(bytes, [0xde, 0xad]);
/// assert!(!event_streamer_models::hex::read(b"dead00", &mut bytes));
/// ```
#[must_use]
#[inline]
pub fn read(digits: &[u8], out: &mut [u8]) -> bool {
    digits::decode_to_slice(digits, out)
}

/// The bytes of `0x` and an even number of digits.
///
/// # Errors
///
/// [`ParseError`] if `0x` is missing, the number of digits is odd or a character is no digit.
///
/// ```
/// assert_eq!(event_streamer_models::hex::decode("0xDEad").unwrap(), [0xde, 0xad]);
/// ```
pub fn decode(text: &str) -> Result<Vec<u8>, ParseError> {
    const EXPECTED: &str = "bytes (0x and an even number of hex digits)";
    let digits = digits_of(text, EXPECTED)?;
    if !digits.len().is_multiple_of(2) {
        return Err(wrong_length(text, digits, EXPECTED));
    }
    let mut bytes = vec![0; digits.len() / 2];
    if read(digits.as_bytes(), &mut bytes) {
        Ok(bytes)
    } else {
        Err(bad_digit(text, EXPECTED))
    }
}

/// Exactly `N` bytes.
pub(crate) fn decode_array<const N: usize>(
    text: &str,
    expected: &'static str,
) -> Result<[u8; N], ParseError> {
    let digits = digits_of(text, expected)?;
    if digits.len() != N * 2 {
        return Err(wrong_length(text, digits, expected));
    }
    let mut bytes = [0; N];
    if read(digits.as_bytes(), &mut bytes) {
        Ok(bytes)
    } else {
        Err(bad_digit(text, expected))
    }
}

/// What follows the `0x`.
pub(crate) fn digits_of<'a>(text: &'a str, expected: &'static str) -> Result<&'a str, ParseError> {
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return Ok(digits);
    }
    let kind = if text.is_empty() {
        ParseErrorKind::Empty
    } else {
        ParseErrorKind::MissingPrefix
    };
    Err(ParseError::new(kind, expected, text))
}

/// The error for a text in which some character after `0x` is no hex digit.
pub(crate) fn bad_digit(text: &str, expected: &'static str) -> ParseError {
    let kind = text
        .chars()
        .enumerate()
        .skip(2)
        .find(|(_, character)| !character.is_ascii_hexdigit())
        .map_or(ParseErrorKind::Malformed, |(index, character)| {
            ParseErrorKind::Digit {
                character,
                position: index + 1,
            }
        });
    ParseError::new(kind, expected, text)
}

/// A wrong number of digits; but a character that is no digit at all is the better message.
fn wrong_length(text: &str, digits: &str, expected: &'static str) -> ParseError {
    if digits
        .bytes()
        .all(|character| character.is_ascii_hexdigit())
    {
        ParseError::new(
            ParseErrorKind::Length {
                digits: digits.len(),
            },
            expected,
            text,
        )
    } else {
        bad_digit(text, expected)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn any_case_goes_in_and_lower_case_comes_out() {
        for text in ["0xdeadbeef", "0xDEADBEEF", "0XDeAdBeEf"] {
            assert_eq!(decode(text), Ok(vec![0xde, 0xad, 0xbe, 0xef]));
        }
        assert_eq!(encode(&[0xde, 0xad, 0xbe, 0xef]), "0xdeadbeef");
        assert_eq!(decode("0x"), Ok(vec![]));
        assert_eq!(encode(&[]), "0x");
    }

    #[test]
    fn errors_say_what_is_wrong() {
        let wrong = [
            ("", "an empty text"),
            ("dead", "no 0x in front of \"dead\""),
            ("0xdea", "3 hex digits in \"0xdea\""),
            ("0xdegd", "'g' at character 5 of \"0xdegd\""),
            ("0xde d", "' ' at character 5 of \"0xde d\""),
            ("0x...", "'.' at character 3 of \"0x...\""),
            ("0xｄｅ", "'ｄ' at character 3 of \"0xｄｅ\""),
            ("0x-1", "'-' at character 3 of \"0x-1\""),
        ];
        for (text, found) in wrong {
            let message = decode(text).unwrap_err().to_string();
            let expected =
                format!("expected bytes (0x and an even number of hex digits), found {found}");
            assert_eq!(message, expected);
        }
    }

    #[test]
    fn every_character_but_a_digit_is_refused() {
        for character in (0..=0x2ff).filter_map(char::from_u32) {
            let text = format!("0x{character}0");
            let is_digit = character.is_ascii_hexdigit();
            assert_eq!(decode(&text).is_ok(), is_digit, "{character:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn bytes_and_back(bytes: Vec<u8>) {
            let text = encode(&bytes);
            prop_assert_eq!(decode(&text), Ok(bytes.clone()));
            prop_assert_eq!(decode(&text.to_uppercase()), Ok(bytes.clone()));
            let mut written = b"0x".to_vec();
            write(&bytes, &mut written);
            prop_assert_eq!(written, text.into_bytes());
        }

        #[test]
        fn any_text_is_an_answer(text in "(0[xX])?[0-9a-fA-F]{0,80}|.{0,40}") {
            let _ = decode(&text);
            let _ = decode_array::<20>(&text, "twenty bytes");
        }
    }
}
