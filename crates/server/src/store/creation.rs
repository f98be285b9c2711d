//! Creations that are carried out once however often they are asked for.

use std::time::Duration;

use event_streamer_models::Timestamp;

use crate::subscription::Subscription;

/// Names a creation among those of its subscriber.
#[derive(Clone, Debug)]
pub(crate) struct CreationKey {
    /// SHA-256 of what the client calls it.
    pub(crate) hash: [u8; 32],
    /// SHA-256 of what is asked for.
    pub(crate) request: [u8; 32],
    /// How long it is remembered.
    pub(crate) max_age: Duration,
    /// How many of one subscriber are remembered.
    pub(crate) max_count: u32,
}

/// What became of a creation.
#[derive(Debug, PartialEq)]
pub(crate) enum Created {
    New(Subscription),
    /// It was carried out before; the subscription as it was then.
    Before(Subscription),
    /// The key named another request before.
    OtherRequest,
}

impl CreationKey {
    /// Creations of before this moment are forgotten.
    pub(crate) fn forgotten_before(&self, now: Timestamp) -> Timestamp {
        let age = i64::try_from(self.max_age.as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_unix_millis(now.unix_millis().saturating_sub(age))
    }
}

/// What every store has to do, for the suites of all of them.
#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::delivery::testing::{spec, transfer};
    use crate::store::memory::MemoryDatabase;
    use crate::store::{PageQuery, Store};
    use crate::subscription::SubscriptionSpec;

    const NOW: Timestamp = Timestamp::from_unix_millis(1_716_460_200_000);
    const MAX_AGE: Duration = Duration::from_secs(10);

    fn later(time: Duration) -> Timestamp {
        let millis = i64::try_from(time.as_millis()).unwrap();
        Timestamp::from_unix_millis(NOW.unix_millis() + millis)
    }

    fn key(name: &str, request: u8) -> CreationKey {
        let mut hash = [0; 32];
        hash[..name.len()].copy_from_slice(name.as_bytes());
        CreationKey {
            hash,
            request: [request; 32],
            max_age: MAX_AGE,
            max_count: 3,
        }
    }

    pub(crate) async fn create(
        store: &dyn Store,
        name: &str,
        request: u8,
        now: Timestamp,
    ) -> Created {
        let spec = spec(transfer());
        store
            .insert_once(&spec, &key(name, request), now)
            .await
            .unwrap()
    }

    fn is_new(created: &Created) -> bool {
        matches!(created, Created::New(_))
    }

    async fn count(store: &dyn Store) -> u64 {
        let page = PageQuery {
            subscriber_id: None,
            chain_id: None,
            offset: 0,
            limit: 1,
        };
        store.list(page).await.unwrap().total
    }

    pub(crate) async fn is_carried_out_once(store: &dyn Store) {
        let first = create(store, "a", 1, NOW).await;
        let Created::New(made) = first else {
            panic!("{first:?}")
        };
        let soon = later(Duration::from_secs(1));
        // What was found out for the first request counts, not what is now.
        let moved = SubscriptionSpec {
            start_block: 99,
            ..made.spec.clone()
        };
        let again = store.insert_once(&moved, &key("a", 1), soon).await.unwrap();
        assert_eq!(again, Created::Before(made.clone()));
        assert_eq!(create(store, "a", 2, soon).await, Created::OtherRequest);
        assert_eq!(count(store).await, 1);

        // Another subscriber's keys are its own.
        let others = SubscriptionSpec {
            subscriber_id: "others".to_owned(),
            ..made.spec.clone()
        };
        let created = store.insert_once(&others, &key("a", 1), soon).await;
        assert!(is_new(&created.unwrap()));

        // Deleted, it does not come back.
        assert!(store.delete(made.id).await.unwrap());
        assert_eq!(create(store, "a", 1, soon).await, Created::Before(made));
        assert_eq!(count(store).await, 1);
    }

    pub(crate) async fn are_forgotten_by_age_and_count(store: &dyn Store) {
        assert!(is_new(&create(store, "a", 1, NOW).await));
        assert!(!is_new(&create(store, "a", 1, later(MAX_AGE)).await));
        let after = later(MAX_AGE + Duration::from_millis(1));
        assert!(is_new(&create(store, "a", 1, after).await));
        for name in ["b", "c", "d"] {
            assert!(is_new(&create(store, name, 1, after).await));
        }
        for name in ["b", "c", "d"] {
            assert!(!is_new(&create(store, name, 1, after).await), "{name}");
        }
        assert!(is_new(&create(store, "a", 1, after).await), "the oldest");
    }

    pub(crate) async fn at_once_make_one_subscription(store: &dyn Store) {
        let creations = (0..20).map(|_| create(store, "a", 1, NOW));
        let created = futures_util::future::join_all(creations).await;
        let new = created.iter().filter(|it| is_new(it)).count();
        assert_eq!((new, count(store).await), (1, 1));
        let ids = created.iter().map(|it| match it {
            Created::New(made) | Created::Before(made) => made.id,
            Created::OtherRequest => panic!("another request"),
        });
        let ids: std::collections::BTreeSet<_> = ids.collect();
        assert_eq!(ids.len(), 1);
    }

    #[tokio::test]
    async fn in_memory() {
        is_carried_out_once(&MemoryDatabase::new()).await;
        are_forgotten_by_age_and_count(&MemoryDatabase::new()).await;
        let slow = MemoryDatabase::new().with_write_time(Duration::from_micros(10));
        at_once_make_one_subscription(&slow).await;
    }
}
