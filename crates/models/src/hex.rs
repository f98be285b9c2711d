//! Hexadecimal text, as Ethereum's JSON-RPC writes bytes: `0x`, then two digits a byte.
//!
//! Output is lower case; input is taken in any case. EIP-55 checksums are not enforced.

use crate::{ParseError, ParseErrorKind};

const DIGITS: &[u8; 16] = b"0123456789abcdef";
const NOT_A_DIGIT: u8 = 0xff;

/// The value of each ASCII character as a hex digit.
const VALUES: [u8; 256] = {
    let mut values = [NOT_A_DIGIT; 256];
    let mut digit = 0;
    while digit < 16 {
        let character = DIGITS[digit];
        values[character as usize] = digit as u8;
        values[character.to_ascii_uppercase() as usize] = digit as u8;
        digit += 1;
    }
    values
};

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
    let mut text = String::with_capacity(2 + bytes.len() * 2);
    text.push_str("0x");
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
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
    decode_to_slice(digits, &mut bytes).map_err(|()| bad_digit(text, EXPECTED))?;
    Ok(bytes)
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
    decode_to_slice(digits, &mut bytes).map_err(|()| bad_digit(text, expected))?;
    Ok(bytes)
}

/// The value of one hex digit.
pub(crate) fn digit_value(character: u8) -> Option<u8> {
    match VALUES[usize::from(character)] {
        NOT_A_DIGIT => None,
        value => Some(value),
    }
}

/// Fills `out`, which has twice the length of `bytes`, with digits.
pub(crate) fn encode_to_slice(bytes: &[u8], out: &mut [u8]) {
    for (byte, pair) in bytes.iter().zip(out.chunks_exact_mut(2)) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
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

/// Fills `out`, which has half the length of `digits`.
fn decode_to_slice(digits: &str, out: &mut [u8]) -> Result<(), ()> {
    let mut seen = 0;
    for (pair, byte) in digits.as_bytes().chunks_exact(2).zip(out) {
        let (high, low) = (VALUES[usize::from(pair[0])], VALUES[usize::from(pair[1])]);
        // A digit is below 16, so any higher bit betrays a character that is none.
        seen |= high | low;
        *byte = high << 4 | (low & 15);
    }
    if seen < 16 { Ok(()) } else { Err(()) }
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
