//! What Solidity means by `Panic(uint256)`.

use event_streamer_models::U256;

/// What went wrong in a contract that panicked with this code, if the code is one of Solidity's
/// (its documentation, "Panic via assert and Error via require").
///
/// ```
/// use event_streamer_abi::panic_reason;
///
/// assert_eq!(panic_reason(0x11_u64.into()), Some("arithmetic overflow or underflow"));
/// assert_eq!(panic_reason(0x99_u64.into()), None);
/// ```
#[must_use]
pub fn panic_reason(code: U256) -> Option<&'static str> {
    match u64::try_from(code).ok()? {
        0x00 => Some("generic compiler-inserted panic"),
        0x01 => Some("assertion failed"),
        0x11 => Some("arithmetic overflow or underflow"),
        0x12 => Some("division or modulo by zero"),
        0x21 => Some("value out of the range of an enum"),
        0x22 => Some("storage byte array that is encoded incorrectly"),
        0x31 => Some("pop on an empty array"),
        0x32 => Some("array index out of bounds"),
        0x41 => Some("too much memory allocated, or an array too large"),
        0x51 => Some("call of a zero-initialized function"),
        _ => None,
    }
}
