//! Reading decimal digits, 19 at a time.

use crate::ParseErrorKind;

/// The digits of the largest power of ten in 64 bits.
const CHUNK_DIGITS: usize = 19;
/// The limbs of a decimal text: ASCII digits only, leading zeros allowed.
pub(super) fn parse(text: &str) -> Result<[u64; 4], ParseErrorKind> {
    if text.is_empty() {
        return Err(ParseErrorKind::Empty);
    }
    let stranger = text
        .chars()
        .enumerate()
        .find(|(_, character)| !character.is_ascii_digit());
    if let Some((index, character)) = stranger {
        return Err(ParseErrorKind::Digit {
            character,
            position: index + 1,
        });
    }
    let mut limbs = [0; 4];
    for chunk in text.trim_start_matches('0').as_bytes().chunks(CHUNK_DIGITS) {
        let mut factor = 1;
        let mut value = 0;
        for digit in chunk {
            factor *= 10;
            value = value * 10 + u64::from(digit - b'0');
        }
        multiply_add(&mut limbs, factor, value).ok_or(ParseErrorKind::OutOfRange)?;
    }
    Ok(limbs)
}

/// `limbs * factor + addend` in place, or `None` beyond 256 bits.
fn multiply_add(limbs: &mut [u64; 4], factor: u64, addend: u64) -> Option<()> {
    let mut carry = addend;
    for limb in limbs {
        let product = u128::from(*limb) * u128::from(factor) + u128::from(carry);
        *limb = product as u64;
        carry = (product >> 64) as u64;
    }
    (carry == 0).then_some(())
}
