//! Things that are told apart by four bytes, which is few enough for two to have the same.

use std::collections::HashMap;

use crate::decode::{DecodeError, DecodeErrorKind};
use crate::distinct::{Alike, Distinct};
use crate::error::excerpt_of;

pub(super) type Selector = [u8; 4];

/// Entries by selector, each list in the order of insertion and never empty.
#[derive(Debug, Clone)]
pub(super) struct Selectors<T>(HashMap<Selector, Distinct<T>>);

impl<T> Default for Selectors<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T: Alike> Selectors<T> {
    /// `false`, and nothing changes, if an entry like it is there.
    pub(super) fn insert(&mut self, selector: Selector, entry: T) -> bool {
        self.0.entry(selector).or_default().insert(entry)
    }

    /// The entries for data that begins with a selector.
    pub(super) fn candidates(&self, data: &[u8]) -> &[T] {
        data.first_chunk()
            .and_then(|selector| self.0.get(selector))
            .map_or(&[], Distinct::as_slice)
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &T> {
        self.0.values().flat_map(Distinct::as_slice)
    }
}

/// The error for data that can be read in several ways.
#[cold]
pub(super) fn ambiguous<'a>(signatures: impl ExactSizeIterator<Item = &'a str>) -> DecodeError {
    const SHOWN: usize = 8;
    // Long enough to tell them apart by.
    const LONGEST: usize = 400;
    let more = signatures.len().saturating_sub(SHOWN);
    let shown = signatures.take(SHOWN);
    DecodeError::new(DecodeErrorKind::AmbiguousSelector {
        candidates: shown.map(|text| excerpt_of(text, LONGEST)).collect(),
        more,
    })
}
