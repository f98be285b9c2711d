//! Decoded values as JSON (`docs/protocol.md`, section 4).

use event_streamer_models::{I256, U256};

use super::decimal::{push_signed, push_unsigned, push_with_point};
use super::error::DecodeError;
use super::text::{push_address_string, push_hex_string, push_json_string};
use crate::types::WordType;
use crate::word::Word;

/// Writes values where they belong; between them the plan's prefixes are copied.
pub(super) struct JsonWriter<'out> {
    pub(super) out: &'out mut Vec<u8>,
}

impl JsonWriter<'_> {
    /// A value of one word. A word that is no value of its type is read as the EVM reads it, and
    /// integers are given whole; see [`Strictness::Lenient`](super::Strictness).
    pub(super) fn word(&mut self, ty: WordType, word: &Word) {
        match ty {
            WordType::Uint(_) => U256::from_be_bytes(*word).write_quoted_decimal(self.out),
            WordType::Int(_) => I256::from_be_bytes(*word).write_quoted_decimal(self.out),
            WordType::Ufixed(_, decimals) => {
                self.quoted(|out| push_with_point(out, word, decimals, push_unsigned));
            }
            WordType::Fixed(_, decimals) => {
                self.quoted(|out| push_with_point(out, word, decimals, push_signed));
            }
            WordType::Bool => {
                let is_true = word.iter().any(|byte| *byte != 0);
                self.out
                    .extend_from_slice(if is_true { b"true" } else { b"false" });
            }
            WordType::Address => {
                push_address_string(self.out, word.last_chunk().unwrap_or(&[0; 20]));
            }
            WordType::FixedBytes(length) => {
                push_hex_string(self.out, &word[..usize::from(length.min(32))]);
            }
            WordType::Function => push_hex_string(self.out, &word[..24]),
        }
    }

    fn quoted(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        self.out.push(b'"');
        write(self.out);
        self.out.push(b'"');
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        push_hex_string(self.out, bytes);
    }

    /// A string; if it is not UTF-8, an object that has its bytes.
    pub(super) fn string(&mut self, bytes: &[u8]) {
        match std::str::from_utf8(bytes) {
            Ok(text) => push_json_string(self.out, text),
            Err(_) => {
                self.raw(b"{\"hex\":");
                push_hex_string(self.out, bytes);
                self.out.push(b'}');
            }
        }
    }

    /// Punctuation and keys, ready as they are.
    pub(super) fn raw(&mut self, text: &[u8]) {
        self.out.extend_from_slice(text);
    }
}

/// The members that `write` appends, in braces.
pub(super) fn json_object(
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), DecodeError>,
) -> Result<String, DecodeError> {
    let mut out = b"{".to_vec();
    write(&mut out)?;
    out.push(b'}');
    // Only whole strings were written, so nothing is replaced here.
    Ok(String::from_utf8(out)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

/// Takes back what `write` appended if it fails.
pub(super) fn all_or_nothing(
    out: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    let before = out.len();
    let result = write(out);
    if result.is_err() {
        out.truncate(before);
    }
    result
}
