//! Human-readable ABI: `event Transfer(address indexed from, address indexed to, uint256 value)`.

mod format;
mod parse;
#[cfg(test)]
mod tests;

pub(crate) use format::human_parameter;
pub use format::human_signature;
pub use parse::parse_event_signature;

/// Words that have a meaning where a name could stand.
fn is_reserved(word: &str) -> bool {
    matches!(
        word,
        "indexed" | "anonymous" | "payable" | "memory" | "calldata" | "storage"
    )
}
