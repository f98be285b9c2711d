//! Brackets, and which of them are open.

/// The two kinds of brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Brackets {
    Object,
    Array,
}

/// Which brackets are open: a bit each, so that deep nesting takes an eighth of its text.
#[derive(Debug, Default)]
pub(super) struct OpenBrackets {
    /// The innermost up to 64; the lowest bit is the innermost of all.
    bits: u64,
    depth: usize,
    /// The others, in full words.
    outer: Vec<u64>,
}

impl OpenBrackets {
    #[inline]
    pub(super) fn push(&mut self, brackets: Brackets) {
        if self.depth > 0 && self.depth.is_multiple_of(64) {
            self.outer.push(self.bits);
        }
        self.bits = self.bits << 1 | u64::from(brackets == Brackets::Object);
        self.depth += 1;
    }

    #[inline]
    pub(super) fn pop(&mut self) {
        self.depth -= 1;
        self.bits >>= 1;
        if self.depth > 0 && self.depth.is_multiple_of(64) {
            self.bits = self.outer.pop().unwrap_or_default();
        }
    }

    #[inline]
    pub(super) fn last(&self) -> Option<Brackets> {
        match (self.depth, self.bits & 1) {
            (0, _) => None,
            (_, 1) => Some(Brackets::Object),
            _ => Some(Brackets::Array),
        }
    }
}
