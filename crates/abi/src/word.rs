//! Words of the EVM, and which of them are values of a type.

use crate::types::WordType;

/// Bytes of a word.
pub(crate) const WORD: usize = 32;

/// A word of the EVM, big-endian.
pub(crate) type Word = [u8; WORD];

/// Whether the word is a value of its type, padding included.
pub(crate) fn is_value_of(ty: WordType, word: &Word) -> bool {
    let zero = |bytes: &[u8]| bytes.iter().all(|byte| *byte == 0);
    match ty {
        WordType::Uint(bits) | WordType::Ufixed(bits, _) => zero(&word[..unused_bytes(bits)]),
        WordType::Int(bits) | WordType::Fixed(bits, _) => {
            let (padding, value) = word.split_at(unused_bytes(bits));
            let sign = if value.first().is_some_and(|byte| *byte >= 0x80) {
                0xff
            } else {
                0
            };
            padding.iter().all(|byte| *byte == sign)
        }
        WordType::Bool => zero(&word[..31]) && word[31] <= 1,
        WordType::Address => zero(&word[..12]),
        WordType::FixedBytes(length) => zero(&word[usize::from(length.min(32))..]),
        WordType::Function => zero(&word[24..]),
    }
}

/// Bytes of a word in front of an integer of this width.
fn unused_bytes(bits: u16) -> usize {
    32_usize.saturating_sub(usize::from(bits / 8))
}
