//! Refused batches.

use std::collections::BTreeMap;

use event_streamer_models::SubscriptionId;

use super::super::{Kept, Letter, LetterLimits, NewLetter};

/// Of all subscriptions.
#[derive(Debug, Default)]
pub(super) struct Letters {
    by_id: BTreeMap<u64, (SubscriptionId, Letter)>,
    last_id: u64,
}

impl Letters {
    pub(super) fn keep(&mut self, new: &NewLetter, limits: LetterLimits) -> Kept {
        let (mut count, mut bytes) = (0, 0);
        for (_, letter) in self.by_id.values().filter(|it| it.0 == new.subscription_id) {
            count += 1;
            bytes += letter.bytes;
        }
        let more = new.body.len() as u64;
        if limits.exceeded(count, bytes, more) {
            return Kept::Full;
        }
        self.last_id += 1;
        let letter = Letter {
            id: self.last_id,
            at: new.at,
            blocks: new.blocks,
            events: new.events,
            refusals: new.refusals,
            reason: new.reason.clone(),
            bytes: more,
            body: Some(new.body.clone()),
        };
        self.by_id
            .insert(self.last_id, (new.subscription_id, letter));
        Kept::As(self.last_id)
    }

    pub(super) fn list(&self, of: SubscriptionId, after: u64, limit: u32) -> Vec<Letter> {
        let behind = self.by_id.range(after.saturating_add(1)..);
        let ours = behind.filter(|(_, it)| it.0 == of).map(|(_, it)| Letter {
            body: None,
            ..it.1.clone()
        });
        ours.take(limit as usize).collect()
    }

    pub(super) fn get(&self, of: SubscriptionId, id: u64) -> Option<Letter> {
        let (subscription, letter) = self.by_id.get(&id)?;
        (*subscription == of).then(|| letter.clone())
    }

    pub(super) fn delete(&mut self, of: SubscriptionId, id: u64) -> bool {
        let is_ours = self.by_id.get(&id).is_some_and(|it| it.0 == of);
        is_ours && self.by_id.remove(&id).is_some()
    }

    pub(super) fn forget(&mut self, subscription: SubscriptionId) {
        self.by_id.retain(|_, it| it.0 != subscription);
    }
}
