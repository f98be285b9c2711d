//! Lists without doubles, told apart in constant time: an ABI may have a hundred thousand events
//! that differ in nothing but the names of their parameters.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash};

/// What a list has once.
pub(crate) trait Alike {
    /// What is equal in two that are alike, and differs in most that are not.
    fn likeness(&self) -> impl Hash;

    /// Whether both are interchangeable.
    fn is_like(&self, other: &Self) -> bool;
}

/// Items in the order of insertion, no two alike.
#[derive(Debug, Clone)]
pub(crate) struct Distinct<T> {
    items: Vec<T>,
    /// Where the items of a hash are.
    by_hash: HashMap<u64, Vec<usize>>,
}

impl<T> Default for Distinct<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            by_hash: HashMap::new(),
        }
    }
}

impl<T: Alike> Distinct<T> {
    /// `false`, and nothing changes, if one like it is there.
    pub(crate) fn insert(&mut self, item: T) -> bool {
        let hash = self.by_hash.hasher().hash_one(item.likeness());
        let candidates = self.by_hash.entry(hash).or_default();
        let mut others = candidates.iter().filter_map(|nth| self.items.get(*nth));
        if others.any(|other| other.is_like(&item)) {
            return false;
        }
        candidates.push(self.items.len());
        self.items.push(item);
        true
    }
}

impl<T> Distinct<T> {
    pub(crate) fn as_slice(&self) -> &[T] {
        &self.items
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Alike if both numbers are the same; only the first is told by the hash.
    impl Alike for (u8, u8) {
        fn likeness(&self) -> impl Hash {
            self.0
        }

        fn is_like(&self, other: &Self) -> bool {
            self == other
        }
    }

    #[test]
    fn what_is_alike_is_there_once_and_in_order() {
        let mut distinct = Distinct::default();
        let inserted = [(2, 1), (1, 1), (2, 1), (2, 2), (1, 1)].map(|item| distinct.insert(item));
        assert_eq!(inserted, [true, true, false, true, false]);
        assert_eq!(distinct.as_slice(), [(2, 1), (1, 1), (2, 2)]);
    }
}
