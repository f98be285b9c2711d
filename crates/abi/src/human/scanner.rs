//! Words and signs of a signature, spaces and comments passed over.

use crate::error::{AbiError, AbiErrorKind, quoted};

/// A text, and how far it has been read.
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Bytes that have been read.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Goes back to where it was before.
    pub(super) fn back_to(&mut self, before: usize) {
        self.at = before;
    }

    /// Goes on behind what was read elsewhere.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&mut self) -> Option<char> {
        self.skip_space();
        self.rest().chars().next()
    }

    pub(super) fn eat(&mut self, token: char) -> bool {
        let found = self.peek() == Some(token);
        self.at += usize::from(found) * token.len_utf8();
        found
    }

    /// Reads the word if it is the next one.
    pub(super) fn eat_word(&mut self, expected: &str) -> bool {
        let before = self.at;
        let found = self.word() == expected;
        if !found {
            self.at = before;
        }
        found
    }

    pub(super) fn expect(&mut self, token: char) -> Result<(), AbiError> {
        if self.eat(token) {
            Ok(())
        } else {
            Err(self.fault(&format!("`{token}`")))
        }
    }

    /// The next name, keyword, type or number; empty if something else is next.
    pub(super) fn word(&mut self) -> &'a str {
        self.skip_space();
        let rest = self.rest();
        let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '$'));
        let word = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
        self.at += word.len();
        word
    }

    /// That something else was expected than what is next.
    pub(super) fn fault(&mut self, expected: &str) -> AbiError {
        let found = match self.peek() {
            None => "the end".to_owned(),
            Some(_) => quoted(self.rest()),
        };
        let message = format!(
            "signature: expected {expected} at byte {}, found {found}",
            self.at
        );
        AbiError::new(AbiErrorKind::Signature { offset: self.at }, message)
    }

    fn skip_space(&mut self) {
        loop {
            let rest = self.rest();
            let length = if rest.starts_with(char::is_whitespace) {
                rest.len() - rest.trim_start().len()
            } else if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("/*")
                && let Some(end) = rest.find("*/")
            {
                end + 2
            } else {
                return;
            };
            self.at += length;
        }
    }
}
