//! Logs as structs of their own: what [generated code](crate::codegen) is made of.
//!
//! A struct that implements [`FromEvent`] reads its logs without a plan, a tree, or `serde`: the
//! compiler knows every position. It also reads the JSON of decoded events (`docs/protocol.md`,
//! section 4), by the same fields. What a log says is checked as everywhere else, leniently
//! ([`Strictness::Lenient`](crate::Strictness)), and a value that its field cannot hold is an error:
//! an integer beyond the width of its type, a string that is not UTF-8.
//!
//! ```
//! use event_streamer_abi::FromEvent;
//! use event_streamer_abi::typed as abi;
//!
//! /// `event Paid(address indexed to, uint64 amount)`
//! struct Paid {
//!     to: abi::Address,
//!     amount: u64,
//! }
//!
//! impl FromEvent for Paid {
//!     const DECLARATION: &'static str = "event Paid(address indexed to, uint64 amount)";
//!     const SIGNATURE: &'static str = "Paid(address,uint64)";
//!     const TOPIC0: Option<abi::B256> = Some(abi::B256([7; 32])); // the hash of the signature
//!     const INDEXED: usize = 1;
//!
//!     fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
//!         Ok(Self {
//!             to: event.topic::<abi::Address>("to")?,
//!             amount: event.data::<abi::Uint<64>>("amount")?,
//!         })
//!     }
//! }
//!
//! let topics = [Paid::TOPIC0.unwrap(), [0; 32].into()];
//! let mut data = [0; 32];
//! data[31] = 3;
//! let paid = Paid::from_log(&topics, &data)?;
//! assert_eq!((paid.to, paid.amount), (abi::Address::ZERO, 3));
//!
//! // The same struct, of an event as the stream delivers it.
//! let json = r#"{"to": "0x0000000000000000000000000000000000000000", "amount": "3", "log_index": 7}"#;
//! assert_eq!(Paid::from_json(json)?.amount, 3);
//! # Ok::<_, abi::DecodeError>(())
//! ```

mod arrays;
mod json;
mod log;
#[cfg(test)]
mod tests;
mod tuple;
mod words;

pub use event_streamer_models::{Address, B256, HexBytes, I256, U256};

pub use crate::decode::DecodeError;
pub use arrays::{Array, FixedArray, LongArray};
pub use json::Json;
pub use log::{EventReader, FromEvent, LogReader, Position, ValueReader};
pub use tuple::{FromTuple, TupleReader};
pub use words::{Fixed, FixedBytes, Hash, Int, Ufixed, Uint};

/// A type of the ABI: how its values are read, and what they are in Rust.
pub trait FromAbi {
    /// The Rust type of its values.
    type Value;

    /// Whether a value lies in the tail, and the head only says where.
    const DYNAMIC: bool;

    /// Bytes in the head of what encloses it, a multiple of 32.
    const HEAD: usize;

    /// Reads the value whose head is at `position`.
    ///
    /// # Errors
    /// If there is none, or the Rust type cannot hold it.
    fn read(reader: &mut ValueReader<'_>, position: Position) -> Result<Self::Value, DecodeError>;

    /// Reads the value from the JSON that the stream has for it.
    ///
    /// # Errors
    /// If the JSON is that of another type, or the Rust type cannot hold the value.
    fn from_json(json: Json<'_>) -> Result<Self::Value, DecodeError>;
}

/// A type of the ABI whose values are one word, and so stand in a topic as they are.
pub trait FromWord: FromAbi {
    /// The value of a word.
    ///
    /// # Errors
    /// If the Rust type cannot hold it.
    fn from_word(word: &[u8; 32]) -> Result<Self::Value, DecodeError>;
}
