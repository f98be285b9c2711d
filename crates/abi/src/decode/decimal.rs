//! Fixed-point numbers: a decimal point inside the digits of an integer.

use event_streamer_models::{I256, U256};

use crate::word::Word;

/// Appends the word as an unsigned integer.
pub(super) fn push_unsigned(out: &mut Vec<u8>, word: &Word) {
    U256::from_be_bytes(*word).write_decimal(out);
}

/// Appends the word as an integer in two's complement.
pub(super) fn push_signed(out: &mut Vec<u8>, word: &Word) {
    I256::from_be_bytes(*word).write_decimal(out);
}

/// Appends what `push` does, divided by 10^`decimals`, exactly: all decimals are written.
pub(super) fn push_with_point(
    out: &mut Vec<u8>,
    word: &Word,
    decimals: u8,
    push: fn(&mut Vec<u8>, &Word),
) {
    let before = out.len();
    push(out, word);
    if decimals == 0 {
        return;
    }
    let decimals = usize::from(decimals);
    let first_digit = before + usize::from(out.get(before) == Some(&b'-'));
    // At least one digit stands before the point.
    let missing = (decimals + 1).saturating_sub(out.len() - first_digit);
    out.splice(first_digit..first_digit, std::iter::repeat_n(b'0', missing));
    out.insert(out.len() - decimals, b'.');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_point_number_has_all_its_decimals() {
        let pointed = |word: &Word, decimals, push| {
            let mut out = b"before-".to_vec();
            push_with_point(&mut out, word, decimals, push);
            String::from_utf8(out).unwrap().split_off("before-".len())
        };
        let mut fifteen = [0; 32];
        fifteen[31] = 15;
        assert_eq!(pointed(&fifteen, 1, push_unsigned), "1.5");
        assert_eq!(pointed(&fifteen, 2, push_signed), "0.15");
        assert_eq!(pointed(&fifteen, 4, push_unsigned), "0.0015");
        assert_eq!(pointed(&fifteen, 0, push_unsigned), "15");
        assert_eq!(pointed(&[0; 32], 2, push_signed), "0.00");
        assert_eq!(pointed(&[0xff; 32], 3, push_signed), "-0.001");
        assert_eq!(
            pointed(&[0xff; 32], 80, push_unsigned),
            "0.00115792089237316195423570985008687907853269984665640564039457584007913129639935",
        );
    }
}
