//! Decimal digits of 256-bit numbers, both ways, 19 digits at a time.

use crate::ParseErrorKind;

/// The largest power of ten in 64 bits, and its digits.
const CHUNK: u64 = 10_u64.pow(CHUNK_DIGITS as u32);
const CHUNK_DIGITS: usize = 19;
/// 2^256 - 1 has 78 digits.
const MAX_DIGITS: usize = 78;

/// The digits `00` to `99`, so that a division yields two of them.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut number = 0;
    while number < 100 {
        pairs[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    pairs
};

/// The decimal form of a number, without an allocation.
pub(super) struct Digits {
    buffer: [u8; MAX_DIGITS],
    start: usize,
}

impl Digits {
    /// The digits of a number given as limbs, least significant first.
    pub(super) fn of(mut limbs: [u64; 4]) -> Self {
        let mut digits = Self {
            buffer: [b'0'; MAX_DIGITS],
            start: MAX_DIGITS,
        };
        while limbs[1..] != [0, 0, 0] {
            let chunk_start = digits.start - CHUNK_DIGITS;
            digits.push_front(divide_by_chunk(&mut limbs));
            // Zeros inside the number are digits too; the buffer holds them already.
            digits.start = chunk_start;
        }
        // What is left is the most significant chunk; it is not 0 unless the number is.
        digits.push_front(limbs[0]);
        digits
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    pub(super) fn as_str(&self) -> &str {
        // Only ASCII digits are ever written.
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// Writes a number before what is there, without leading zeros; 0 is one digit.
    fn push_front(&mut self, mut number: u64) {
        while number >= 100 {
            self.start -= 2;
            self.buffer[self.start..self.start + 2]
                .copy_from_slice(&PAIRS[(number % 100) as usize]);
            number /= 100;
        }
        let [tens, ones] = PAIRS[number as usize];
        self.start -= 1;
        self.buffer[self.start] = ones;
        if number >= 10 {
            self.start -= 1;
            self.buffer[self.start] = tens;
        }
    }
}

/// Divides by 10^19 in place and returns the remainder.
fn divide_by_chunk(limbs: &mut [u64; 4]) -> u64 {
    let mut remainder = 0;
    for limb in limbs.iter_mut().rev() {
        let dividend = u128::from(remainder) << 64 | u128::from(*limb);
        *limb = (dividend / u128::from(CHUNK)) as u64;
        remainder = (dividend % u128::from(CHUNK)) as u64;
    }
    remainder
}

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
