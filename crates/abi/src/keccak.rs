//! The hash of the EVM.

use event_streamer_models::B256;
use tiny_keccak::{Hasher, Keccak};

/// Keccak-256 as the EVM computes it (the original padding, not that of NIST's SHA-3).
///
/// ```
/// # use event_streamer_abi::keccak256;
/// assert_eq!(
///     keccak256(b"Transfer(address,address,uint256)").to_string(),
///     "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
/// );
/// ```
#[must_use]
pub fn keccak256(bytes: &[u8]) -> B256 {
    let mut hash = [0; 32];
    let mut keccak = Keccak::v256();
    keccak.update(bytes);
    keccak.finalize(&mut hash);
    B256::from(hash)
}
