//! 256-bit numbers in decimal, without an allocation: the dearest thing a decoder of logs writes.

#[cfg(test)]
mod tests;

/// The largest power of ten in 64 bits, and its digits.
const CHUNK: u64 = 10_u64.pow(CHUNK_DIGITS as u32);
const CHUNK_DIGITS: usize = 19;

/// floor((2^128 - 1) / CHUNK) - 2^64: multiplying by it replaces dividing by [`CHUNK`] (Möller and
/// Granlund, "Improved division by invariant integers", 2011; it asks for a divisor whose highest
/// bit is set, as that of 10^19 is).
const RECIPROCAL: u64 = (u128::MAX / CHUNK as u128 - (1 << 64)) as u64;

const EIGHT_DIGITS: u64 = 100_000_000;

/// The digits `00` to `99`, so that a division yields two of them. The length is what a number
/// can be cut to without a division.
const PAIRS: [[u8; 2]; 128] = {
    let mut pairs = [[0; 2]; 128];
    let mut number = 0;
    while number < 100 {
        pairs[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    pairs
};

/// Where the last digit ends: before it is room for four chunks and the 20 digits of a limb.
const END: usize = 4 * CHUNK_DIGITS + 20;

/// Texts are copied in one of two sizes, whatever their length: copies whose size the compiler
/// knows are a few instructions, others are calls.
const SHORT: usize = 32;
/// 78 digits of 2^256 - 1, a sign, and two quotes.
const LONG: usize = 81;

/// The longest copy from the last place where it may begin.
const ROOM: usize = END - SHORT + LONG;

/// The decimal form of a number, written from the last digit to the first.
pub(crate) struct Digits {
    buffer: [u8; ROOM],
    start: usize,
}

impl Digits {
    /// The digits of a number given as limbs, the least significant first.
    #[inline]
    pub(crate) fn of([a, b, c, d]: [u64; 4]) -> Self {
        Self::of_limbs(a, b, c, d)
    }

    /// One by one they stay in registers.
    fn of_limbs(a: u64, b: u64, c: u64, d: u64) -> Self {
        let mut limbs = [a, b, c, d];
        let mut digits = Self {
            buffer: [b'0'; ROOM],
            start: END,
        };
        // Leading zeros are most of most numbers.
        let mut used = match (b, c, d) {
            (_, _, 1..) => 4,
            (_, 1.., 0) => 3,
            (1.., 0, 0) => 2,
            (0, 0, 0) => 1,
        };
        while used > 1 {
            digits.push_chunk(divide_by_chunk(&mut limbs[..used]));
            used -= usize::from(limbs[used - 1] == 0);
        }
        // What is left is the most significant chunk; it is not 0 unless the number is.
        digits.push_last(limbs[0]);
        digits
    }

    /// Puts a minus in front.
    #[inline]
    pub(crate) fn negate(&mut self) {
        self.push_front(b'-');
    }

    pub(crate) fn as_str(&self) -> &str {
        // Only ASCII characters are ever written.
        std::str::from_utf8(&self.buffer[self.start..END]).unwrap_or_default()
    }

    #[inline]
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        self.append(END - self.start, out);
    }

    #[inline]
    pub(crate) fn write_quoted(&mut self, out: &mut Vec<u8>) {
        self.push_front(b'"');
        self.buffer[END] = b'"';
        self.append(END + 1 - self.start, out);
    }

    /// Writes the 19 digits of a chunk in front, and a 0 where the next digit will be.
    #[inline]
    fn push_chunk(&mut self, chunk: u64) {
        if let Some(place) = self.buffer[self.start - 20..].first_chunk_mut::<20>() {
            let (high, low) = (chunk / EIGHT_DIGITS, chunk % EIGHT_DIGITS);
            let (top, middle) = (high / EIGHT_DIGITS, high % EIGHT_DIGITS);
            let [_, _, a, b] = pairs(top as u32);
            let [c, d, e, f] = pairs(middle as u32);
            let [g, h, i, j] = pairs(low as u32);
            place.copy_from_slice([a, b, c, d, e, f, g, h, i, j].as_flattened());
        }
        self.start -= CHUNK_DIGITS;
    }

    /// Writes a number in front, without leading zeros; 0 is one digit.
    #[inline]
    fn push_last(&mut self, number: u64) {
        let end = self.start;
        if number >= EIGHT_DIGITS {
            // All 20 digits, whatever the number has.
            self.push_chunk(number);
        } else if let Some(place) = self.buffer[end - 8..].first_chunk_mut::<8>() {
            place.copy_from_slice(pairs(number as u32).as_flattened());
        }
        self.start = end - 1 - number.checked_ilog10().unwrap_or(0) as usize;
    }

    fn push_front(&mut self, byte: u8) {
        self.start -= 1;
        self.buffer[self.start] = byte;
    }

    #[inline]
    fn append(&self, length: usize, out: &mut Vec<u8>) {
        let before = out.len();
        let text = &self.buffer[self.start..];
        // One of the two is there, and no text is longer than the long one.
        match (text.first_chunk::<SHORT>(), text.first_chunk::<LONG>()) {
            (Some(short), _) if length <= SHORT => out.extend_from_slice(short),
            (_, Some(long)) => out.extend_from_slice(long),
            _ => {}
        }
        out.truncate(before + length);
    }
}

/// The eight digits of a number below 10^8: divisions that do not wait for each other.
#[inline]
fn pairs(number: u32) -> [[u8; 2]; 4] {
    let (high, low) = (number / 10_000, number % 10_000);
    [high / 100, high % 100, low / 100, low % 100].map(|pair| PAIRS[pair as usize % PAIRS.len()])
}

/// Divides by 10^19 in place and returns the remainder.
#[inline]
fn divide_by_chunk(limbs: &mut [u64]) -> u64 {
    limbs.iter_mut().rev().fold(0, |remainder, limb| {
        let (quotient, remainder) = divide_two_limbs(remainder, *limb);
        *limb = quotient;
        remainder
    })
}

/// `(high * 2^64 + low) / CHUNK` and the remainder; `high` is below [`CHUNK`].
#[inline]
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
