//! The members of a log that are copied through.

use std::ops::Range;

/// Names of what is put in front of them.
const TAKEN: [&str; 4] = ["event", "signature", "params", "reason"];

/// Most members of one log; nodes send a dozen.
pub(super) const MAX_MEMBERS: usize = 64;

/// JSON members `,"key":value`, with no key twice: one that is taken, by us or by an earlier member,
/// gets underscores until it is free.
#[derive(Default)]
pub(super) struct Members {
    text: Vec<u8>,
    keys: Vec<Range<usize>>,
}

/// There are more than [`MAX_MEMBERS`].
#[derive(Debug)]
pub(super) struct TooMany;

impl Members {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.keys.clear();
    }

    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// `key` is what stands between the quotes, escaped where it must be; `value` is JSON.
    pub(super) fn push(&mut self, key: &str, value: &str) -> Result<(), TooMany> {
        if self.keys.len() == MAX_MEMBERS {
            return Err(TooMany);
        }
        self.text.extend_from_slice(b",\"");
        let start = self.text.len();
        self.text.extend_from_slice(key.as_bytes());
        while self.is_taken(&self.text[start..]) {
            self.text.push(b'_');
        }
        self.keys.push(start..self.text.len());
        self.text.extend_from_slice(b"\":");
        self.text.extend_from_slice(value.as_bytes());
        Ok(())
    }

    fn is_taken(&self, key: &[u8]) -> bool {
        TAKEN.iter().any(|taken| taken.as_bytes() == key)
            || self
                .keys
                .iter()
                .any(|range| &self.text[range.clone()] == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_stands_twice() {
        let mut members = Members::default();
        for (key, value) in [("a", "1"), ("event", "2"), ("event_", "3"), ("a", "4")] {
            members.push(key, value).unwrap();
        }
        assert_eq!(members.text(), br#","a":1,"event_":2,"event__":3,"a_":4"#);
        members.clear();
        for _ in 0..MAX_MEMBERS {
            members.push("reason", "0").unwrap();
        }
        assert!(members.push("b", "0").is_err());
    }
}
