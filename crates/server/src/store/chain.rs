//! Chains that were set through the API.

use event_streamer_models::{ChainSettings, Timestamp};

/// A chain as it is stored. Its URLs hold keys: they are in the database in clear, because they are
/// needed to connect, and shown nowhere.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StoredChain {
    pub(crate) chain_id: u64,
    pub(crate) name: String,
    pub(crate) settings: ChainSettings,
    /// Deactivated chains are kept, and not read.
    pub(crate) active: bool,
    /// Counts its changes.
    pub(crate) revision: u64,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// A chain as it is to be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChainSpec {
    pub(crate) chain_id: u64,
    pub(crate) name: String,
    pub(crate) settings: ChainSettings,
}

/// What became of the creation of a chain.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ChainCreated {
    New(Box<StoredChain>),
    /// The same request was carried out before, at that time.
    Before(Timestamp),
    /// The key named another request before.
    OtherRequest,
    /// There is an active chain with this id.
    Exists,
    /// There are as many active chains as there may be.
    TooMany,
}

impl ChainSpec {
    /// The chain as it was just made.
    pub(crate) fn stored(&self, now: Timestamp) -> StoredChain {
        StoredChain {
            chain_id: self.chain_id,
            name: self.name.clone(),
            settings: self.settings.clone(),
            active: true,
            revision: 0,
            created_at: now,
            updated_at: now,
        }
    }
}

/// What every store has to do, for the suites of all of them.
#[cfg(test)]
pub(crate) mod tests {
    use std::time::Duration;

    use super::*;
    use crate::store::memory::MemoryDatabase;
    use crate::store::{CreationKey, Store};

    const NOW: Timestamp = Timestamp::from_unix_millis(1_716_460_200_000);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_unix_millis(NOW.unix_millis() + second * 1000)
    }

    pub(crate) fn chain(chain_id: u64, path: &str) -> ChainSpec {
        ChainSpec {
            chain_id,
            name: format!("chain of {path}"),
            settings: ChainSettings {
                rpc_urls: vec![format!("https://node.example/{path}").into()],
                average_block_time: Some(0.25),
                ..ChainSettings::default()
            },
        }
    }

    fn key(name: u8, request: u8) -> CreationKey {
        CreationKey {
            hash: [name; 32],
            request: [request; 32],
            max_age: Duration::from_secs(10),
            max_count: 2,
        }
    }

    async fn insert(store: &dyn Store, spec: &ChainSpec, second: i64) -> ChainCreated {
        store.insert_chain(spec, None, 3, at(second)).await.unwrap()
    }

    pub(crate) async fn are_kept_changed_and_deactivated(store: &dyn Store) {
        // An id that uses the sign of the column.
        let spec = chain(u64::MAX, "a");
        let made = insert(store, &spec, 0).await;
        assert_eq!(made, ChainCreated::New(Box::new(spec.stored(NOW))));
        assert_eq!(insert(store, &spec, 1).await, ChainCreated::Exists);
        assert_eq!(store.chains().await.unwrap(), [spec.stored(NOW)]);

        let other = chain(u64::MAX, "b");
        let changed = store.update_chain(&other, at(2)).await.unwrap().unwrap();
        let expected = StoredChain {
            revision: 1,
            updated_at: at(2),
            ..other.stored(NOW)
        };
        assert_eq!(changed, expected);
        assert_eq!(
            store.chains().await.unwrap(),
            std::slice::from_ref(&expected)
        );
        let missing = store.update_chain(&chain(7, "c"), NOW).await.unwrap();
        assert_eq!(missing, None);

        let expected = StoredChain {
            active: false,
            revision: 2,
            updated_at: at(3),
            ..expected
        };
        for second in [3, 4] {
            let gone = store.deactivate_chain(u64::MAX, at(second)).await.unwrap();
            assert_eq!(gone, Some(expected.clone()), "once only");
        }
        assert_eq!(store.deactivate_chain(7, NOW).await.unwrap(), None);
        assert_eq!(
            store.chains().await.unwrap(),
            std::slice::from_ref(&expected)
        );

        // Both bring it back.
        let back = store.update_chain(&spec, at(5)).await.unwrap().unwrap();
        assert!(back.active && back.revision == 3, "{back:?}");
        store.deactivate_chain(u64::MAX, at(6)).await.unwrap();
        let ChainCreated::New(back) = insert(store, &other, 7).await else {
            panic!()
        };
        // A revision that no earlier state had: other instances compare them.
        assert!(back.active && back.revision == 5, "{back:?}");
        assert_eq!(back.created_at, at(7));
    }

    pub(crate) async fn are_no_more_than_there_may_be(store: &dyn Store) {
        for chain_id in 1..=3 {
            insert(store, &chain(chain_id, "a"), 0).await;
        }
        let fourth = chain(4, "a");
        assert_eq!(insert(store, &fourth, 1).await, ChainCreated::TooMany);
        assert_eq!(store.chains().await.unwrap().len(), 3);
        store.deactivate_chain(2, at(3)).await.unwrap();
        store.deactivate_chain(3, at(2)).await.unwrap();
        // The one that was deactivated first makes room.
        let made = insert(store, &fourth, 4).await;
        assert!(matches!(made, ChainCreated::New(_)), "{made:?}");
        let chains = store.chains().await.unwrap();
        let ids: Vec<_> = chains.iter().map(|it| it.chain_id).collect();
        assert_eq!(ids, [1, 2, 4]);
    }

    pub(crate) async fn are_created_once(store: &dyn Store) {
        let create = async |name: u8, request: u8, chain_id: u64, second: i64| {
            let key = key(name, request);
            let spec = chain(chain_id, "a");
            store
                .insert_chain(&spec, Some(&key), 9, at(second))
                .await
                .unwrap()
        };
        let first = create(1, 1, 1, 0).await;
        assert!(matches!(first, ChainCreated::New(_)), "{first:?}");
        assert_eq!(create(1, 1, 1, 5).await, ChainCreated::Before(NOW));
        assert_eq!(create(1, 2, 2, 5).await, ChainCreated::OtherRequest);
        // A refused request uses no key up.
        assert_eq!(create(2, 2, 1, 5).await, ChainCreated::Exists);
        assert!(matches!(create(2, 3, 2, 5).await, ChainCreated::New(_)));
        // Deactivated, it does not come back by a late repetition.
        store.deactivate_chain(1, at(6)).await.unwrap();
        assert_eq!(create(1, 1, 1, 10).await, ChainCreated::Before(NOW));
        // By age, and by count.
        assert!(matches!(create(1, 1, 1, 11).await, ChainCreated::New(_)));
        assert!(matches!(create(3, 3, 3, 11).await, ChainCreated::New(_)));
        assert_eq!(create(2, 3, 2, 11).await, ChainCreated::Exists);
    }

    #[tokio::test]
    async fn in_memory() {
        are_kept_changed_and_deactivated(&MemoryDatabase::new()).await;
        are_no_more_than_there_may_be(&MemoryDatabase::new()).await;
        are_created_once(&MemoryDatabase::new()).await;
    }
}
