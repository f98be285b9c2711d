//! The batches seen lately, to recognise them when they come again.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher as _, BuildHasherDefault, Hasher};
use std::sync::Arc;

use foldhash::quality::RandomState;

/// How many batches are remembered.
const REMEMBERED: usize = 4_096;

/// The ids of the last batches.
#[derive(Debug, Default)]
pub(crate) struct RecentBatches {
    /// Seeded, so that nobody can choose ids that meet.
    seed: RandomState,
    /// The hashes of the ids, the oldest first.
    order: VecDeque<u64>,
    by_hash: HashMap<u64, Arc<str>, BuildHasherDefault<Hashed>>,
}

impl RecentBatches {
    /// What an id is looked up by here.
    pub(crate) fn hash_of(&self, id: &str) -> u64 {
        self.seed.hash_one(id)
    }

    /// Whether an id, of which this is the hash, was remembered.
    pub(crate) fn contains(&self, hash: u64, id: &str) -> bool {
        self.by_hash.get(&hash).is_some_and(|known| **known == *id)
    }

    /// Remembers an id in place of the oldest. Of two with one hash the later is remembered.
    pub(crate) fn remember(&mut self, hash: u64, id: Arc<str>) {
        match self.by_hash.entry(hash) {
            Entry::Occupied(mut known) => {
                known.insert(id);
                return;
            }
            Entry::Vacant(place) => place.insert(id),
        };
        self.order.push_back(hash);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_hash.remove(&oldest);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.order.clear();
        self.by_hash.clear();
    }
}

/// The hash of what is a hash already.
#[derive(Debug, Default)]
pub(crate) struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        // Only `u64`s are hashed here.
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn see(recent: &mut RecentBatches, id: &str) -> bool {
        let hash = recent.hash_of(id);
        let known = recent.contains(hash, id);
        recent.remember(hash, id.into());
        known
    }

    #[test]
    fn the_last_batches_are_known_and_no_others() {
        let mut recent = RecentBatches::default();
        let id = |nth: usize| format!("batch_{nth}");
        for nth in 0..2 * REMEMBERED {
            assert!(!see(&mut recent, &id(nth)));
            assert!(see(&mut recent, &id(nth)), "again, it takes no place");
        }
        let known =
            |recent: &RecentBatches, nth| recent.contains(recent.hash_of(&id(nth)), &id(nth));
        assert!(known(&recent, REMEMBERED));
        assert!(!known(&recent, REMEMBERED - 1));
        assert_eq!(recent.by_hash.len(), REMEMBERED);
        recent.clear();
        assert!(!known(&recent, 2 * REMEMBERED - 1));
    }

    #[test]
    fn ids_with_one_hash_are_not_taken_for_each_other() {
        let mut recent = RecentBatches::default();
        recent.remember(7, "one".into());
        assert!(!recent.contains(7, "other"));
        recent.remember(7, "other".into());
        assert!(recent.contains(7, "other"));
        assert_eq!(recent.order.len(), 1);
    }
}
