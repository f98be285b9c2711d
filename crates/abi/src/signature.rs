//! Canonical signatures and the hashes made of them.

use event_streamer_models::{AbiEvent, B256};

use crate::error::AbiError;
use crate::keccak::keccak256;
use crate::path::Path;
use crate::resolve::resolve_event;
use crate::types::AbiType;

/// The signature that topic0 is the hash of: the name and the types, without spaces, names,
/// `indexed` and aliases.
///
/// # Errors
/// If the name is no identifier, a type is not Solidity's, or a bound is exceeded.
///
/// ```
/// use event_streamer_abi::{canonical_signature, parse_event_signature};
///
/// let event = parse_event_signature("event Filled((uint id, address[2] who)[] indexed orders, byte tag)")?;
/// assert_eq!(canonical_signature(&event)?, "Filled((uint256,address[2])[],bytes1)");
/// # Ok::<_, event_streamer_abi::AbiError>(())
/// ```
pub fn canonical_signature(event: &AbiEvent) -> Result<String, AbiError> {
    let types = resolve_event(event, &Path::of_single("event", &event.name))?;
    Ok(canonical(&event.name, &types))
}

/// The first topic of the event's logs: the hash of its [canonical signature](canonical_signature).
/// `None` for an anonymous event, whose logs carry no such topic.
///
/// # Errors
/// As [`canonical_signature`].
pub fn event_topic0(event: &AbiEvent) -> Result<Option<B256>, AbiError> {
    let signature = canonical_signature(event)?;
    Ok((!event.anonymous).then(|| keccak256(signature.as_bytes())))
}

/// `Transfer(address,address,uint256)`
pub(crate) fn canonical(name: &str, types: &[AbiType]) -> String {
    let types: Vec<String> = types.iter().map(ToString::to_string).collect();
    format!("{name}({})", types.join(","))
}

/// The first four bytes of the hash of a signature.
pub(crate) fn selector_of(signature: &str) -> [u8; 4] {
    let hash = keccak256(signature.as_bytes());
    let [a, b, c, d, ..] = *hash.as_bytes();
    [a, b, c, d]
}
