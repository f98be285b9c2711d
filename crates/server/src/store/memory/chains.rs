//! Chains in memory.

use std::collections::{BTreeMap, VecDeque};

use event_streamer_models::Timestamp;

use crate::store::{ChainCreated, ChainSpec, CreationKey, StoredChain};

#[derive(Default)]
pub(super) struct Chains {
    by_id: BTreeMap<u64, StoredChain>,
    /// Oldest first.
    creations: VecDeque<Creation>,
}

/// A creation that may be asked for again.
struct Creation {
    hash: [u8; 32],
    request: [u8; 32],
    at: Timestamp,
}

impl Chains {
    pub(super) fn list(&self) -> Vec<StoredChain> {
        self.by_id.values().cloned().collect()
    }

    pub(super) fn insert(
        &mut self,
        spec: &ChainSpec,
        key: Option<&CreationKey>,
        max_chains: u32,
        now: Timestamp,
    ) -> ChainCreated {
        if let Some(key) = key {
            let oldest = key.forgotten_before(now);
            self.creations.retain(|it| it.at >= oldest);
            if let Some(found) = self.creations.iter().find(|it| it.hash == key.hash) {
                return if found.request == key.request {
                    ChainCreated::Before(found.at)
                } else {
                    ChainCreated::OtherRequest
                };
            }
        }
        let before = self.by_id.get(&spec.chain_id);
        if before.is_some_and(|it| it.active) {
            return ChainCreated::Exists;
        }
        let made = StoredChain {
            revision: before.map_or(0, |it| it.revision + 1),
            ..spec.stored(now)
        };
        if before.is_none() && !self.make_room(max_chains) {
            return ChainCreated::TooMany;
        }
        self.by_id.insert(spec.chain_id, made.clone());
        if let Some(key) = key {
            self.creations.push_back(Creation {
                hash: key.hash,
                request: key.request,
                at: now,
            });
            while self.creations.len() > key.max_count as usize {
                self.creations.pop_front();
            }
        }
        ChainCreated::New(Box::new(made))
    }

    /// Room for one more.
    fn make_room(&mut self, max_chains: u32) -> bool {
        while self.by_id.len() >= max_chains as usize {
            let inactive = self.by_id.values().filter(|it| !it.active);
            let Some(oldest) = inactive.min_by_key(|it| (it.updated_at.unix_millis(), it.chain_id))
            else {
                return false;
            };
            let oldest = oldest.chain_id;
            self.by_id.remove(&oldest);
        }
        true
    }

    pub(super) fn update(&mut self, spec: &ChainSpec, now: Timestamp) -> Option<StoredChain> {
        let found = self.by_id.get_mut(&spec.chain_id)?;
        *found = StoredChain {
            revision: found.revision + 1,
            created_at: found.created_at,
            ..spec.stored(now)
        };
        Some(found.clone())
    }

    pub(super) fn deactivate(&mut self, chain_id: u64, now: Timestamp) -> Option<StoredChain> {
        let found = self.by_id.get_mut(&chain_id)?;
        if found.active {
            found.active = false;
            found.revision += 1;
            found.updated_at = now;
        }
        Some(found.clone())
    }
}
