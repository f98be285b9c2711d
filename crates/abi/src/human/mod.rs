//! Human-readable ABI: `event Transfer(address indexed from, address indexed to, uint256 value)`,
//! `function transfer(address to, uint256 value) returns (bool)`, and whole contracts of such lines.

mod contract;
mod format;
mod item;
mod modifiers;
mod parameters;
mod parse;
mod scanner;
#[cfg(test)]
mod tests;

pub use contract::parse_human_abi;
pub(crate) use format::human_parameter;
pub use format::human_signature;
pub use item::AbiItem;
pub use parse::{parse_error_signature, parse_event_signature, parse_function_signature};

/// Words that have a meaning where a name could stand.
fn is_reserved(word: &str) -> bool {
    matches!(
        word,
        "indexed" | "anonymous" | "payable" | "memory" | "calldata" | "storage"
    )
}
