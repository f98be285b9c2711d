//! Decoded values as JSON (`docs/protocol.md`, section 4).

use super::decimal::{push_signed, push_unsigned, push_with_point};
use super::text::{push_hex_string, push_json_string};
use super::words::Word;
use crate::types::WordType;

/// Writes values where they belong; between them the plan's prefixes are copied.
pub(super) struct JsonWriter<'out> {
    pub(super) out: &'out mut Vec<u8>,
}

impl JsonWriter<'_> {
    /// A value of one word. A word that is no value of its type is read as the EVM reads it, and
    /// integers are given whole; see [`Strictness::Lenient`](super::Strictness).
    pub(super) fn word(&mut self, ty: WordType, word: &Word) {
        match ty {
            WordType::Uint(_) => self.quoted(|out| push_unsigned(out, word)),
            WordType::Int(_) => self.quoted(|out| push_signed(out, word)),
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
            WordType::Address => push_hex_string(self.out, &word[12..]),
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
