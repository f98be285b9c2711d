//! Digits to bytes and back, many at once: in a form that compiles to vector instructions.

/// As many characters or bytes are handled at once.
const WIDE: usize = 32;

/// Fills `out`, which has twice the length of `bytes`, with digits.
#[inline]
pub(crate) fn encode_to_slice(bytes: &[u8], out: &mut [u8]) {
    let (wide, rest) = bytes.as_chunks::<WIDE>();
    let (wide_out, rest_out) = out.as_chunks_mut::<{ 2 * WIDE }>();
    for (bytes, out) in wide.iter().zip(wide_out) {
        out.copy_from_slice(bytes.map(pair).as_flattened());
    }
    for (byte, out) in rest.iter().zip(rest_out.as_chunks_mut().0) {
        *out = pair(*byte);
    }
}

#[inline]
fn pair(byte: u8) -> [u8; 2] {
    [byte >> 4, byte & 15].map(|digit| {
        let letter = if digit > 9 { b'a' - b'9' - 1 } else { 0 };
        b'0' + digit + letter
    })
}

/// Fills `out` with exactly that many bytes; false if the digits are others, or too many or few.
#[inline]
pub(super) fn decode_to_slice(digits: &[u8], out: &mut [u8]) -> bool {
    if digits.len() != out.len() * 2 {
        return false;
    }
    let (wide, rest) = digits.as_chunks::<WIDE>();
    let (wide_out, rest_out) = out.as_chunks_mut::<{ WIDE / 2 }>();
    let mut seen = 0;
    for (digits, out) in wide.iter().zip(wide_out) {
        seen |= fill_wide(digits, out);
    }
    for (pair, out) in rest.chunks_exact(2).zip(rest_out) {
        let (high, low) = (value_or_more(pair[0]), value_or_more(pair[1]));
        seen |= high | low;
        *out = high << 4 | (low & 15);
    }
    // A digit is below 16, so any higher bit betrays a character that is none.
    seen < 16
}

/// All values seen, or-ed. Written so that the compiler makes vector instructions of it.
#[inline]
fn fill_wide(digits: &[u8; WIDE], out: &mut [u8; WIDE / 2]) -> u8 {
    let values = digits.map(value_or_more);
    for (pair, out) in values.as_chunks::<2>().0.iter().zip(out) {
        *out = pair[0] << 4 | (pair[1] & 15);
    }
    values.iter().fold(0, |seen, value| seen | value)
}

/// The value of one hex digit, of either case.
pub(crate) fn value(character: u8) -> Option<u8> {
    Some(value_or_more(character)).filter(|value| *value < 16)
}

/// The same; of any other character more than 15.
#[inline]
fn value_or_more(character: u8) -> u8 {
    let number = character.wrapping_sub(b'0');
    let letter = (character | 0x20).wrapping_sub(b'a');
    if number < 10 {
        number
    } else if letter < 6 {
        letter + 10
    } else {
        0x80
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_character_but_a_digit_is_refused_in_every_place() {
        for place in 0..40 {
            for character in 0..=u8::MAX {
                let mut digits = [b'7'; 40];
                digits[place] = character;
                let filled = decode_to_slice(&digits, &mut [0; 20]);
                assert_eq!(
                    filled,
                    character.is_ascii_hexdigit(),
                    "{character} at {place}"
                );
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn bytes_and_back(bytes: Vec<u8>, is_upper: bool) {
            let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            let mut digits = vec![0; 2 * bytes.len()];
            encode_to_slice(&bytes, &mut digits);
            prop_assert_eq!(text.as_bytes(), digits);
            let text = if is_upper { text.to_uppercase() } else { text };
            let mut filled = vec![0; bytes.len()];
            prop_assert!(decode_to_slice(text.as_bytes(), &mut filled));
            prop_assert_eq!(filled, bytes);
        }
    }
}
