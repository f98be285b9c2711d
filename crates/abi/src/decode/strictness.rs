//! What is asked of data that a contract wrote carelessly.

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
