//! Batches that were refused for good.

use event_streamer_models::{SubscriptionId, Timestamp};

/// A batch to be kept, because its consumer has refused it as often as it may.
#[derive(Clone, Debug)]
pub(crate) struct NewLetter {
    pub(crate) subscription_id: SubscriptionId,
    pub(crate) at: Timestamp,
    /// The blocks of its first and last event.
    pub(crate) blocks: (u64, u64),
    pub(crate) events: u64,
    pub(crate) refusals: u32,
    /// What the consumer said the last time.
    pub(crate) reason: Option<String>,
    /// The events by name, as JSON.
    pub(crate) body: String,
}

/// A kept batch.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Letter {
    pub(crate) id: u64,
    pub(crate) at: Timestamp,
    pub(crate) blocks: (u64, u64),
    pub(crate) events: u64,
    pub(crate) refusals: u32,
    pub(crate) reason: Option<String>,
    /// Of the body.
    pub(crate) bytes: u64,
    /// `None` in lists.
    pub(crate) body: Option<String>,
}

/// How many a subscription may have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LetterLimits {
    pub(crate) count: u64,
    pub(crate) bytes: u64,
}

/// What became of a batch to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// By this number.
    As(u64),
    /// The subscription has as many, or as many bytes, as it may.
    Full,
    /// The subscription is gone.
    NotFound,
}

impl LetterLimits {
    /// Whether there is no room for one more of so many bytes.
    pub(crate) fn exceeded(&self, count: u64, bytes: u64, more: u64) -> bool {
        count >= self.count || bytes.saturating_add(more) > self.bytes
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::delivery::testing::{spec, transfer};
    use crate::store::Store;
    use crate::store::memory::MemoryDatabase;

    const NOW: Timestamp = Timestamp::from_unix_millis(1_716_460_200_000);
    const BODY: &str = r#"{"Transfer":[{"value":"1"}]}"#;

    fn letter(subscription_id: SubscriptionId, refusals: u32) -> NewLetter {
        NewLetter {
            subscription_id,
            at: NOW,
            blocks: (7, 9),
            events: 1,
            refusals,
            reason: (refusals > 1).then(|| "no such account".to_owned()),
            body: BODY.to_owned(),
        }
    }

    pub(crate) async fn are_kept_in_order_and_no_more_than_fit(store: &dyn Store) {
        let one = store.insert(&spec(transfer()), NOW).await.unwrap().id;
        let other = store.insert(&spec(transfer()), NOW).await.unwrap().id;
        let bytes = BODY.len() as u64;
        let limits = LetterLimits {
            count: 3,
            bytes: 100 * bytes,
        };
        let mut ids = Vec::new();
        for refusals in 1..=3 {
            let kept = store.keep_letter(&letter(one, refusals), limits).await;
            let Kept::As(id) = kept.unwrap() else {
                panic!("{refusals}")
            };
            ids.push(id);
        }
        assert!(ids.is_sorted());
        let full = store.keep_letter(&letter(one, 4), limits).await.unwrap();
        assert_eq!(full, Kept::Full, "by count");
        let small = LetterLimits {
            count: 10,
            bytes: 3 * bytes,
        };
        let full = store.keep_letter(&letter(one, 4), small).await.unwrap();
        assert_eq!(full, Kept::Full, "by bytes");
        // Each subscription by itself.
        let kept = store.keep_letter(&letter(other, 1), limits).await.unwrap();
        assert!(matches!(kept, Kept::As(_)));

        let page = store.letters(one, 0, 2).await.unwrap();
        let expected = |id, refusals: u32, body: Option<&str>| Letter {
            id,
            at: NOW,
            blocks: (7, 9),
            events: 1,
            refusals,
            reason: letter(one, refusals).reason,
            bytes,
            body: body.map(str::to_owned),
        };
        let first = [expected(ids[0], 1, None), expected(ids[1], 2, None)];
        assert_eq!(page, first);
        let rest = store.letters(one, ids[1], 2).await.unwrap();
        assert_eq!(rest, [expected(ids[2], 3, None)]);
        let whole = store.letter(one, ids[1]).await.unwrap();
        assert_eq!(whole, Some(expected(ids[1], 2, Some(BODY))));
        assert_eq!(store.letter(other, ids[1]).await.unwrap(), None);

        assert!(!store.delete_letter(other, ids[0]).await.unwrap());
        assert!(store.delete_letter(one, ids[0]).await.unwrap());
        assert!(!store.delete_letter(one, ids[0]).await.unwrap());
        let kept = store.keep_letter(&letter(one, 5), limits).await.unwrap();
        assert!(matches!(kept, Kept::As(id) if id > ids[2]), "{kept:?}");
        assert!(store.delete(one).await.unwrap());
        assert_eq!(store.letters(one, 0, 9).await.unwrap(), []);
        let gone = store.keep_letter(&letter(one, 1), limits).await.unwrap();
        assert_eq!(gone, Kept::NotFound);
        assert_eq!(store.letters(other, 0, 9).await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn memory_keeps_them_in_order_and_no_more_than_fit() {
        are_kept_in_order_and_no_more_than_fit(&MemoryDatabase::new()).await;
    }
}
