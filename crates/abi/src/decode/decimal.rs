//! Integers of one word in decimal: the most frequent and the dearest thing a decoder writes.

use crate::word::Word;

/// The largest power of ten in 64 bits, and its digits.
const CHUNK: u64 = 10_u64.pow(19);
const CHUNK_DIGITS: usize = 19;
/// Where the last digit ends: 2^256 - 1 has 78, and there may be a sign and a quote in front.
const END: usize = 80;

/// floor((2^128 - 1) / CHUNK) - 2^64: multiplying by it replaces dividing by [`CHUNK`] (Möller and
/// Granlund, "Improved division by invariant integers", 2011; it asks for a divisor whose highest
/// bit is set, as that of 10^19 is).
const RECIPROCAL: u64 = (u128::MAX / CHUNK as u128 - (1 << 64)) as u64;

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

/// Appends the word as an unsigned integer.
pub(super) fn push_unsigned(out: &mut Vec<u8>, word: &Word) {
    out.extend_from_slice(Decimal::unsigned(limbs(word)).as_bytes());
}

/// Appends the word as an integer in two's complement.
pub(super) fn push_signed(out: &mut Vec<u8>, word: &Word) {
    out.extend_from_slice(Decimal::signed(limbs(word)).as_bytes());
}

/// [`push_unsigned`] in quotes.
pub(super) fn push_quoted_unsigned(out: &mut Vec<u8>, word: &Word) {
    out.extend_from_slice(Decimal::unsigned(limbs(word)).in_quotes());
}

/// [`push_signed`] in quotes.
pub(super) fn push_quoted_signed(out: &mut Vec<u8>, word: &Word) {
    out.extend_from_slice(Decimal::signed(limbs(word)).in_quotes());
}

/// The word as 64-bit digits, the most significant first.
fn limbs(word: &Word) -> [u64; 4] {
    let mut limbs = [0; 4];
    for (limb, bytes) in limbs.iter_mut().zip(word.as_chunks::<8>().0) {
        *limb = u64::from_be_bytes(*bytes);
    }
    limbs
}

/// The two's complement.
fn negated(mut value: [u64; 4]) -> [u64; 4] {
    let mut carry = true;
    for limb in value.iter_mut().rev() {
        (*limb, carry) = (!*limb).overflowing_add(u64::from(carry));
    }
    value
}

/// Decimal digits, written from the last to the first. Behind them is room for a quote.
struct Decimal {
    buffer: [u8; END + 1],
    start: usize,
}

impl Decimal {
    fn unsigned(mut value: [u64; 4]) -> Self {
        let mut decimal = Self {
            buffer: [b'0'; END + 1],
            start: END,
        };
        // Leading zeros are most of most numbers.
        let mut first = value.iter().position(|limb| *limb != 0).unwrap_or(3);
        while first < 3 {
            let chunk_start = decimal.start - CHUNK_DIGITS;
            decimal.push_front(divide_by_chunk(&mut value[first..]));
            // Zeros inside the number are digits too; the buffer holds them already.
            decimal.start = chunk_start;
            first += usize::from(value[first] == 0);
        }
        let mut last = value[3];
        if last >= CHUNK {
            // 2^64 is less than two chunks.
            let chunk_start = decimal.start - CHUNK_DIGITS;
            decimal.push_front(last - CHUNK);
            decimal.start = chunk_start;
            last = 1;
        }
        // What is left is the most significant chunk; it is not 0 unless the number is.
        decimal.push_front(last);
        decimal
    }

    fn signed(value: [u64; 4]) -> Self {
        if value[0] >> 63 == 0 {
            return Self::unsigned(value);
        }
        let mut decimal = Self::unsigned(negated(value));
        decimal.push_byte(b'-');
        decimal
    }

    fn as_bytes(&self) -> &[u8] {
        &self.buffer[self.start..END]
    }

    fn in_quotes(&mut self) -> &[u8] {
        self.push_byte(b'"');
        self.buffer[END] = b'"';
        &self.buffer[self.start..]
    }

    fn push_byte(&mut self, byte: u8) {
        self.start -= 1;
        self.buffer[self.start] = byte;
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
fn divide_by_chunk(limbs: &mut [u64]) -> u64 {
    limbs.iter_mut().fold(0, |remainder, limb| {
        let (quotient, remainder) = divide_two_limbs(remainder, *limb);
        *limb = quotient;
        remainder
    })
}

/// `(high * 2^64 + low) / CHUNK` and the remainder; `high` is below [`CHUNK`].
fn divide_two_limbs(high: u64, low: u64) -> (u64, u64) {
    let estimate = u128::from(RECIPROCAL) * u128::from(high);
    let estimate = estimate.wrapping_add(u128::from(high) << 64 | u128::from(low));
    let mut quotient = ((estimate >> 64) as u64).wrapping_add(1);
    let mut remainder = low.wrapping_sub(quotient.wrapping_mul(CHUNK));
    if remainder > estimate as u64 {
        quotient = quotient.wrapping_sub(1);
        remainder = remainder.wrapping_add(CHUNK);
    }
    if remainder >= CHUNK {
        quotient = quotient.wrapping_add(1);
        remainder -= CHUNK;
    }
    (quotient, remainder)
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
    use event_streamer_models::{I256, U256};
    use proptest::prelude::*;

    fn check(word: &Word) {
        let mut ours = Vec::new();
        push_unsigned(&mut ours, word);
        ours.push(b' ');
        push_signed(&mut ours, word);
        let (unsigned, signed) = (U256::from_be_bytes(*word), I256::from_be_bytes(*word));
        push_quoted_unsigned(&mut ours, word);
        push_quoted_signed(&mut ours, word);
        let expected = format!("{unsigned} {signed}\"{unsigned}\"\"{signed}\"");
        assert_eq!(String::from_utf8(ours).unwrap(), expected);
    }

    #[test]
    fn numbers_at_the_edges_of_limbs_and_chunks_are_exact() {
        check(&[0; 32]);
        check(&[0xff; 32]);
        let near = |number: U256| {
            let one = U256::from(1_u64);
            let below = number.checked_sub(one).unwrap_or_default();
            let above = number.checked_add(one).unwrap_or_default();
            [below, number, above].map(|number| check(&number.to_be_bytes()))
        };
        for bit in 0..256 {
            let mut word = [0; 32];
            word[31 - bit / 8] = 1 << (bit % 8);
            near(U256::from_be_bytes(word));
        }
        for digits in 0..78 {
            near(format!("1{}", "0".repeat(digits)).parse().unwrap());
            near("9".repeat(digits + 1).parse().unwrap_or(U256::MAX));
        }
    }

    proptest! {
        #[test]
        fn numbers_of_every_length_are_exact(mut word: [u8; 32], zeros in 0_usize..32) {
            word[..zeros].fill(0);
            check(&word);
            word[..zeros].fill(0xff);
            check(&word);
        }

        #[test]
        fn a_division_is_exact(high in 0..CHUNK, low: u64) {
            let whole = u128::from(high) << 64 | u128::from(low);
            let (quotient, remainder) = divide_two_limbs(high, low);
            prop_assert_eq!(u128::from(quotient), whole / u128::from(CHUNK));
            prop_assert_eq!(u128::from(remainder), whole % u128::from(CHUNK));
        }
    }

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
