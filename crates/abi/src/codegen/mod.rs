//! Rust structs from an ABI.
//!
//! [`RustModule`] writes a module that has a struct per event, one per tuple, and how they are read
//! from a log ([`FromEvent`](crate::FromEvent)). The text is formatted as rustfmt does it and needs
//! nothing but this crate. In a build script:
//!
//! ```no_run
//! use event_streamer_abi::codegen::RustModule;
//! use event_streamer_abi::extract_abi_events;
//!
//! let abi = std::fs::read_to_string("abi/Pool.json")?;
//! let code = RustModule::new("pool").generate(&extract_abi_events(&abi)?)?;
//! std::fs::write(format!("{}/pool.rs", std::env::var("OUT_DIR")?), code)?;
//! println!("cargo::rerun-if-changed=abi/Pool.json");
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
//!
//! and in the crate `include!(concat!(env!("OUT_DIR"), "/pool.rs"));`.
//!
//! | Solidity | Rust |
//! |---|---|
//! | `uintN`, `intN` | the smallest of `u8` to `u128`, `i8` to `i128` that holds it, else `U256`, `I256` |
//! | `ufixedMxN`, `fixedMxN` | `U256`, `I256`: the number times 10^N |
//! | `bool` | `bool` |
//! | `address` | `Address` |
//! | `bytes32` | `B256` |
//! | `bytesN`, `function` | `[u8; N]`, `[u8; 24]` |
//! | `bytes` | `HexBytes` |
//! | `string` | `String`; a log whose string is not UTF-8 is an error |
//! | `T[]` | `Vec<T>` |
//! | `T[n]` | `[T; n]`, beyond 32 elements `Vec<T>` |
//! | tuple | a struct, of the name that `internalType` has, or else its event and field have |
//! | indexed string, bytes, array, tuple | `B256`: the hash |
//!
//! Names are those of the ABI in Rust's notation: `sqrtPriceX96` is `sqrt_price_x96`. Keywords get a
//! trailing underscore, and what would be there twice is numbered, overloaded events too
//! (`Transfer2`).

mod items;
mod list;
mod names;
mod rust_type;
#[cfg(test)]
mod tests;
mod text;

use event_streamer_models::AbiEvent;

use crate::error::AbiError;
pub use list::generate_list;

use items::Items;

/// A module of Rust that is to be written.
///
/// ```
/// use event_streamer_abi::codegen::RustModule;
/// use event_streamer_abi::parse_event_signature;
///
/// let event = parse_event_signature("event Paid(address indexed to, uint64 amount)")?;
/// let code = RustModule::new("shop").generate(&[event])?;
/// assert!(code.contains("pub mod shop {"));
/// assert!(code.contains("        pub amount: u64,"));
/// # Ok::<_, event_streamer_abi::AbiError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RustModule {
    name: String,
    doc: String,
    abi_path: String,
}

impl RustModule {
    /// One of this name, brought into Rust's notation.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: names::snake_case(name).unwrap_or_else(|| "events".to_owned()),
            doc: "Events of a contract.".to_owned(),
            abi_path: "::event_streamer_abi".to_owned(),
        }
    }

    /// What the module's documentation says, one line or several.
    #[must_use]
    pub fn with_doc(mut self, doc: impl Into<String>) -> Self {
        self.doc = doc.into();
        self
    }

    /// Where this crate is found; by default `::event_streamer_abi`.
    #[must_use]
    pub fn with_abi_path(mut self, path: impl Into<String>) -> Self {
        self.abi_path = path.into();
        self
    }

    /// The text of the module. Events that are there twice are written once.
    ///
    /// # Errors
    /// If an event is faulty.
    pub fn generate(&self, events: &[AbiEvent]) -> Result<String, AbiError> {
        let items = Items::of(events)?;
        Ok(text::module(&self.name, &self.doc, &self.abi_path, &items))
    }
}
