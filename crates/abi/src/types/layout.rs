//! How much room a type takes in the head of what encloses it.

use super::AbiType;
use crate::limits::MAX_HEAD_BYTES;

/// The extent of a type, known without any data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Whether the value lies in the tail, and the head only says where.
    pub(crate) dynamic: bool,
    /// Bytes that the heads of the parts take together: a multiple of 32, at most
    /// [`MAX_HEAD_BYTES`]; 32 for a type without parts of a known number.
    parts: usize,
}

impl Layout {
    /// Where a tuple begins.
    pub(crate) const NOTHING: Self = Self {
        dynamic: false,
        parts: 0,
    };
    /// A value of one word.
    pub(crate) const WORD: Self = Self {
        dynamic: false,
        parts: 32,
    };
    /// `bytes`, `string`, `T[]`.
    pub(crate) const TAIL: Self = Self {
        dynamic: true,
        parts: 32,
    };

    /// Bytes in the head of what encloses it: the value itself, or an offset.
    pub(crate) fn head(self) -> usize {
        if self.dynamic { 32 } else { self.parts }
    }

    /// Where the head of the next part of a tuple begins.
    pub(crate) fn end(self) -> usize {
        self.parts
    }

    /// `length` times the same; `None` beyond [`MAX_HEAD_BYTES`].
    pub(crate) fn repeated(self, length: u32) -> Option<Self> {
        Self::bounded(
            self.dynamic,
            self.head().checked_mul(usize::try_from(length).ok()?)?,
        )
    }

    /// A tuple that has one more part; `None` beyond [`MAX_HEAD_BYTES`].
    pub(crate) fn followed_by(self, part: Self) -> Option<Self> {
        Self::bounded(
            self.dynamic || part.dynamic,
            self.parts.checked_add(part.head())?,
        )
    }

    fn bounded(dynamic: bool, parts: usize) -> Option<Self> {
        (parts <= MAX_HEAD_BYTES).then_some(Self { dynamic, parts })
    }
}

impl AbiType {
    /// The layout; `None` if the type, or one inside it, is beyond [`MAX_HEAD_BYTES`].
    pub(crate) fn layout(&self) -> Option<Layout> {
        match self {
            Self::Word(_) => Some(Layout::WORD),
            Self::Bytes | Self::String => Some(Layout::TAIL),
            Self::Array(element) => element.layout().map(|_| Layout::TAIL),
            Self::FixedArray(element, length) => element.layout()?.repeated(*length),
            Self::Tuple(fields) => fields.iter().try_fold(Layout::NOTHING, |tuple, field| {
                tuple.followed_by(field.ty.layout()?)
            }),
        }
    }
}
