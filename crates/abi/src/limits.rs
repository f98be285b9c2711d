//! The bounds every input is held to.
//!
//! An ABI is often somebody else's: a subscriber's, an explorer's, a package's. Each bound is far
//! above what a Solidity or Vyper compiler emits and low enough that nothing here recurses deeply,
//! multiplies, or keeps more than a small multiple of what it was given.

/// Longest ABI document read, in bytes: artefacts with their syntax tree stay below it.
pub const MAX_DOCUMENT_BYTES: usize = 64 << 20;

/// Most JSON values (objects, arrays, strings, numbers) in the ABI array of a document.
pub const MAX_DOCUMENT_VALUES: usize = 1 << 20;

/// Longest type string, `tuple[2][]` or `(uint256,address)[]`, in bytes.
pub const MAX_TYPE_BYTES: usize = 1 << 10;

/// Longest human-readable signature, in bytes.
pub const MAX_SIGNATURE_BYTES: usize = 16 << 10;

/// Longest human-readable ABI that is not JSON, in bytes.
pub const MAX_HUMAN_ABI_BYTES: usize = 1 << 20;

/// Longest name of an event, a function, a parameter or a component, in bytes.
pub const MAX_NAME_BYTES: usize = 256;

/// Most array dimensions of one type: `uint8[][2][3]` has three.
pub const MAX_ARRAY_DIMENSIONS: usize = 8;

/// Deepest nesting of tuples: `((uint8))` has two.
pub const MAX_TUPLE_DEPTH: usize = 16;

/// Largest head of a type, in bytes. The Solidity compiler holds arrays to the same bound ("type is
/// too large for memory").
pub const MAX_HEAD_BYTES: usize = u32::MAX as usize;

/// How often a decoder may visit each 32-byte word of a log's data, on average.
///
/// Data as a compiler lays it out is visited once. Offsets may legally point at shared words, so a
/// few kilobytes could otherwise stand for billions of values.
pub const MAX_VISITS_PER_WORD: usize = 8;
