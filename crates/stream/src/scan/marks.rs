//! Where strings may end: a bit for each byte of a text, set where the byte has to be looked at.
//!
//! A text is looked through once, in blocks and without branches; whoever walks over it afterwards, the
//! reader of the line and every reader of an event, finds the end of a string by counting zeros.

use std::ops::Range;

use wide::u8x16;

/// Bytes that share a word of marks.
const BLOCK: usize = 64;

/// Bytes that are looked at together.
const LANES: usize = 16;

/// The marks of a text. They take an eighth of its size.
#[derive(Debug, Clone)]
pub(crate) struct Marks {
    words: Vec<u64>,
}

/// A text and its marks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Marked<'a> {
    pub(crate) text: &'a str,
    pub(super) marks: &'a [u64],
}

impl Marks {
    /// Marks every quote, every backslash, every control character, and the end of the text.
    pub(crate) fn of(text: &str) -> Self {
        let (blocks, rest) = text.as_bytes().as_chunks::<BLOCK>();
        let mut words = Vec::with_capacity(blocks.len() + 1);
        words.extend(blocks.iter().map(marks));
        // What is behind the end reads as control characters.
        let mut last = [0; BLOCK];
        if let Some(head) = last.get_mut(..rest.len()) {
            head.copy_from_slice(rest);
        }
        words.push(marks(&last));
        Self { words }
    }
}

impl<'a> Marked<'a> {
    pub(crate) fn new(text: &'a str, marks: &'a Marks) -> Self {
        let marks = &marks.words;
        Self { text, marks }
    }

    /// Where the text of a string lies whose quotes are at the ends of `value`. `None` if it holds
    /// escapes, or if the value is no string.
    #[inline]
    pub(crate) fn plain_text(self, value: &Range<usize>) -> Option<Range<usize>> {
        let end = super::plain::string_end(self.text.as_bytes(), self.marks, value.start)?;
        (end == value.end).then(|| value.start + 1..end - 1)
    }
}

/// The offset of the next marked byte from `at` on; the length of the text if there is none.
#[inline]
pub(super) fn next_mark(marks: &[u64], at: usize) -> usize {
    let mut word = at / BLOCK;
    let ahead = marks.get(word).map_or(0, |bits| bits >> (at % BLOCK));
    if ahead != 0 {
        return at + ahead.trailing_zeros() as usize;
    }
    loop {
        word += 1;
        match marks.get(word) {
            Some(0) => {}
            Some(bits) => return word * BLOCK + bits.trailing_zeros() as usize,
            // Behind the end, which is marked, nothing is asked for.
            None => return at,
        }
    }
}

/// A bit for each byte of a block, the lowest for the first.
#[inline(always)]
fn marks(block: &[u8; BLOCK]) -> u64 {
    let (lanes, _) = block.as_chunks::<LANES>();
    let marks = |nth: usize| {
        lanes
            .get(nth)
            .map_or(0, |lanes| u64::from(lane_marks(*lanes)))
    };
    // In pairs, as the halves of a word are had for nothing.
    let halves = (marks(0) | marks(1) << LANES, marks(2) | marks(3) << LANES);
    halves.0 | halves.1 << (2 * LANES)
}

#[inline(always)]
fn lane_marks(lanes: [u8; LANES]) -> u32 {
    // A bit flipped, the quote is where the control characters are: below 0x21.
    const FLIP: u8 = 0x02;
    let lanes = u8x16::new(lanes);
    let flipped = lanes ^ u8x16::splat(FLIP);
    let low = flipped.min(u8x16::splat(b'"' ^ FLIP)).simd_eq(flipped);
    let backslashes = lanes.simd_eq(u8x16::splat(b'\\'));
    (low | backslashes).to_bitmask()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_next_marked_byte_is_found(
            text in proptest::collection::vec(
                prop_oneof![
                    20 => 0x20u8..0x7f, 4 => 0u8..0x80, 1 => Just(b'"'), 1 => Just(b'\\'), 1 => Just(0x1f)
                ],
                0..300,
            ),
            wide in "[\\PC]{0,70}",
        ) {
            let text = wide + std::str::from_utf8(&text).unwrap();
            let marks = Marks::of(&text);
            for at in 0..=text.len() {
                let slow = text
                    .bytes()
                    .skip(at)
                    .position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
                prop_assert_eq!(next_mark(&marks.words, at), slow.map_or(text.len(), |nth| at + nth));
            }
        }
    }
}
