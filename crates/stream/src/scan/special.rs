//! Where a string may end: the byte that has to be looked at.

use wide::u8x16;

/// Bytes that are looked at together.
const BLOCK: usize = 16;

/// The offset of the next byte from `at` on that is a quote, a backslash or a control character;
/// the length of the text if there is none.
#[inline]
pub(super) fn special(bytes: &[u8], mut at: usize) -> usize {
    while let Some(block) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        let marks = marks(*block);
        if marks != 0 {
            return at + marks.trailing_zeros() as usize;
        }
        at += BLOCK;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let found = rest
        .iter()
        .position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
    at + found.unwrap_or(rest.len())
}

/// A bit for each byte of a block that is special.
#[inline]
fn marks(block: [u8; BLOCK]) -> u32 {
    let block = u8x16::new(block);
    let quotes = block.simd_eq(u8x16::splat(b'"'));
    let backslashes = block.simd_eq(u8x16::splat(b'\\'));
    let controls = block.min(u8x16::splat(0x1f)).simd_eq(block);
    (quotes | backslashes | controls).to_bitmask()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_next_special_byte_is_found(
            bytes in proptest::collection::vec(
                prop_oneof![20 => 0x20u8..0x7f, 4 => any::<u8>(), 1 => Just(b'"'), 1 => Just(b'\\'), 1 => Just(0x1f)],
                0..100,
            ),
        ) {
            for at in 0..=bytes.len() {
                let slow = bytes
                    .iter()
                    .skip(at)
                    .position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
                prop_assert_eq!(special(&bytes, at), slow.map_or(bytes.len(), |nth| at + nth));
            }
        }
    }
}
