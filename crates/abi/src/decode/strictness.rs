//! What is asked of data that a contract wrote carelessly.

use super::words::Word;
use crate::types::WordType;

/// How a decoder takes data that no compiler would write.
///
/// A contract that emits logs by hand can write anything. What can be read is read the same way by
/// both; they differ in what they let pass:
///
/// | the data | `Lenient` | `Strict` |
/// |---|---|---|
/// | `uintN`, `intN` beyond its width | the number that the whole word is, nothing cut off | error |
/// | `bool` of 2 or more | `true`, as every EVM takes it | error |
/// | `address`, `bytesN`, `function` with bits beyond its size | the value; the EVM does not see such bits | error |
/// | padding after `bytes` and `string` not zero, or cut off | the value; padding is not part of it | error |
/// | more data after the last value | ignored | error |
/// | offsets in another order, shared or overlapping | followed, within a bound on the work | the same |
/// | a string that is not UTF-8 | `{"hex": "0x.."}` | the same |
/// | too short, offsets and lengths out of range | error | error |
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strictness {
    /// As nodes, explorers and wallets read logs.
    #[default]
    Lenient,
    /// Only what is encoded as the ABI specification says.
    Strict,
}

/// Whether the word is a value of its type, padding included.
pub(super) fn is_value_of(ty: WordType, word: &Word) -> bool {
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
