//! What the store does in whichever database.

use event_streamer_models::ChainId;

use super::*;
use crate::keys::{self, KeyScope};
use crate::subscription::Acknowledged;

pub(super) async fn everything_is_there_after_a_restart(database: &Database) {
    let store = database.open().await;
    let mut wanted = spec(transfer());
    wanted.end_block = Some(u64::MAX);
    let inserted = store.insert(&wanted, NOW).await.unwrap();
    let advanced = store.advance(inserted.id, advance(7, 3)).await.unwrap();
    let key = store.token_key().seal(inserted.token_scope(), &at(7));
    store.close().await.unwrap();
    drop(store);

    let store = database.open().await;
    let found = store.get(inserted.id).await.unwrap().unwrap();
    assert_eq!(found.spec, wanted);
    assert_eq!(found.created_at, NOW);
    assert_eq!(advanced, Advanced::To(found.acknowledged.clone()));
    assert_eq!(found.acknowledged.cursor, Some(at(7)));
    assert_eq!(found.acknowledged.events_delivered, 3);
    assert_eq!(
        store.token_key().seal(found.token_scope(), &at(7)),
        key,
        "tokens stay good"
    );
}

pub(super) async fn a_newer_schema_is_refused(database: &Database) {
    database.open().await.close().await.unwrap();
    database
        .tamper("UPDATE event_streamer_schema SET version = 99")
        .await;
    let error = database.refused().await;
    let expected = StoreErrorKind::NewerSchema {
        database: database.name(),
        found: 99,
        supported: schema_version(),
    };
    assert_eq!(error.kind(), &expected);
    // And untouched: the newer version finds its file as it was.
    database
        .tamper("DELETE FROM event_streamer_schema WHERE version = 99")
        .await;
    database
        .tamper(&format!(
            "INSERT INTO event_streamer_schema VALUES ({})",
            schema_version()
        ))
        .await;
    database.open().await.close().await.unwrap();
}

pub(super) async fn a_changed_position_does_not_pass_for_a_position(database: &Database) {
    let store = database.open().await;
    let id = insert(&store).await.id;
    store.advance(id, advance(7, 3)).await.unwrap();
    store.close().await.unwrap();
    drop(store);
    database
        .tamper("UPDATE positions SET block_number = 8")
        .await;
    let store = database.open().await;
    let error = store.get(id).await.unwrap_err();
    assert!(
        matches!(error.kind(), StoreErrorKind::Damaged { .. }),
        "{error}"
    );
    let error = store.advance(id, advance(9, 1)).await.unwrap_err();
    assert!(
        matches!(error.kind(), StoreErrorKind::Damaged { .. }),
        "{error}"
    );
}

pub(super) async fn an_update_needs_the_revision_it_was_made_from(database: &Database) {
    let store = database.open().await;
    let subscription = insert(&store).await;
    let id = subscription.id;
    store.advance(id, advance(7, 3)).await.unwrap();
    store.set_failure(id, 0, Some("too deep")).await.unwrap();
    let mut change = Change {
        revision: subscription.revision,
        spec: subscription.spec.clone(),
        paused: true,
        reset_position: false,
        now: NOW,
    };
    change.spec.end_block = Some(99);
    let Updated::Done(updated) = store.update(id, &change).await.unwrap() else {
        panic!()
    };
    assert_eq!(
        (updated.spec.end_block, updated.paused, updated.revision),
        (Some(99), true, 1)
    );
    assert_eq!(updated.failure, None, "a change is a new attempt");
    assert_eq!(updated.acknowledged.cursor, Some(at(7)));
    assert!(matches!(
        store.update(id, &change).await.unwrap(),
        Updated::Conflict
    ));

    change.revision = 1;
    change.reset_position = true;
    let Updated::Done(updated) = store.update(id, &change).await.unwrap() else {
        panic!()
    };
    assert_eq!(
        (updated.epoch, updated.acknowledged),
        (1, Acknowledged::default())
    );
    let late = store.advance(id, advance(9, 1)).await.unwrap();
    assert_eq!(late, Advanced::Stale, "sent before the reset");
}

pub(super) async fn what_is_deleted_is_gone_and_its_id_never_comes_back(database: &Database) {
    let store = database.open().await;
    let subscription = insert(&store).await;
    let id = subscription.id;
    store.advance(id, advance(7, 3)).await.unwrap();
    assert!(store.delete(id).await.unwrap());
    assert!(!store.delete(id).await.unwrap());
    assert_eq!(store.get(id).await.unwrap(), None);
    assert_eq!(
        store.advance(id, advance(8, 1)).await.unwrap(),
        Advanced::NotFound
    );
    assert!(insert(&store).await.id > id);
}

pub(super) async fn pages_are_cut_from_one_order(database: &Database) {
    let store = database.open().await;
    for number in 0..5 {
        let mut wanted = spec(transfer());
        wanted.chain_id = ChainId::new(number / 2 + 1);
        wanted.subscriber_id = if number % 2 == 0 { "even" } else { "odd" }.to_owned();
        store.insert(&wanted, NOW).await.unwrap();
    }
    let page = |subscriber_id, offset| PageQuery {
        subscriber_id,
        chain_id: None,
        offset,
        limit: 2,
    };
    let ids = |page: &Page| {
        page.subscriptions
            .iter()
            .map(|it| it.id.get())
            .collect::<Vec<_>>()
    };
    let all = store.list(page(None, 2)).await.unwrap();
    assert_eq!((ids(&all), all.total), (vec![3, 4], 5));
    let even = store.list(page(Some("even"), 1)).await.unwrap();
    assert_eq!((ids(&even), even.total), (vec![3, 5], 3));
    let of_chain = PageQuery {
        chain_id: Some(2),
        ..page(None, 0)
    };
    let of_chain = store.list(of_chain).await.unwrap();
    assert_eq!((ids(&of_chain), of_chain.total), (vec![3, 4], 2));
    let beyond = store.list(page(Some("odd"), u64::MAX)).await.unwrap();
    assert_eq!((ids(&beyond), beyond.total), (vec![], 2));
}

pub(super) async fn many_acknowledgements_at_once_each_get_their_answer(database: &Database) {
    let store = std::sync::Arc::new(database.open().await);
    let mut waiting = Vec::new();
    for _ in 0..20 {
        let id = insert(&store).await.id;
        for number in 1..=10 {
            let store = std::sync::Arc::clone(&store);
            waiting.push(tokio::spawn(async move {
                let answer = store.advance(id, advance(number, 1)).await.unwrap();
                let Advanced::To(acknowledged) = answer else {
                    panic!()
                };
                assert!(acknowledged.cursor.unwrap().block.number >= number);
            }));
        }
    }
    for waiting in waiting {
        waiting.await.unwrap();
    }
    let page = PageQuery {
        subscriber_id: None,
        chain_id: None,
        offset: 0,
        limit: 100,
    };
    for subscription in store.list(page).await.unwrap().subscriptions {
        assert_eq!(subscription.acknowledged.cursor, Some(at(10)));
    }
}

pub(super) async fn a_closed_store_says_so(database: &Database) {
    let store = database.open().await;
    let id = insert(&store).await.id;
    store.close().await.unwrap();
    let error = store.advance(id, advance(1, 1)).await.unwrap_err();
    assert_eq!(error.kind(), &StoreErrorKind::Closed);
    assert_eq!(
        store.get(id).await.unwrap_err().kind(),
        &StoreErrorKind::Closed
    );
}

fn schema_version() -> i64 {
    i64::try_from(crate::store::sql::sqlite::MIGRATIONS.len()).unwrap()
}

pub(super) async fn an_older_schema_is_brought_up_to_date(database: &Database) {
    database.tamper(database.first_schema()).await;
    database
        .tamper("INSERT INTO event_streamer_schema (version) VALUES (1)")
        .await;
    let store = database.open().await;
    let id = insert(&store).await.id;
    store.advance(id, advance(7, 3)).await.unwrap();
    store.close().await.unwrap();
    drop(store);
    // Once: a step that is taken twice fails on its tables.
    let store = database.open().await;
    assert!(store.get(id).await.unwrap().is_some());
    store.close().await.unwrap();
}

pub(super) async fn a_failure_of_before_a_reset_is_not_noted(database: &Database) {
    let store = database.open().await;
    let subscription = insert(&store).await;
    let id = subscription.id;
    let change = Change {
        revision: 0,
        spec: subscription.spec,
        paused: false,
        reset_position: true,
        now: NOW,
    };
    store.update(id, &change).await.unwrap();
    store
        .set_failure(id, 0, Some("of the old stream"))
        .await
        .unwrap();
    assert_eq!(store.get(id).await.unwrap().unwrap().failure, None);
    store
        .set_failure(id, 1, Some("of the new one"))
        .await
        .unwrap();
    let failure = store.get(id).await.unwrap().unwrap().failure;
    assert_eq!(failure.as_deref(), Some("of the new one"));
    store.close().await.unwrap();
}

pub(super) async fn a_late_wish_does_not_move_a_position_back(database: &Database) {
    let store = database.open().await;
    let id = insert(&store).await.id;
    store.advance(id, advance(7, 3)).await.unwrap();
    // An instance that fell behind acknowledges what it sent long ago.
    let moved = store.advance(id, advance(5, 1)).await.unwrap();
    let Advanced::To(acknowledged) = moved else {
        panic!("{moved:?}")
    };
    assert_eq!(
        (acknowledged.cursor, acknowledged.events_delivered),
        (Some(at(7)), 3)
    );
    // Nor does a reorg that replaces a position which is not there any more.
    let mut late = advance(5, 1);
    late.replaces = Some(at(6));
    store.advance(id, late).await.unwrap();
    let stored = store.get(id).await.unwrap().unwrap().acknowledged;
    assert_eq!(stored.cursor, Some(at(7)));
    store.close().await.unwrap();
}

pub(super) async fn keys_are_kept_and_taken_back(database: &Database) {
    let store = database.open().await;
    let new = |name: &str, scope| NewKey {
        name: name.to_owned(),
        scope,
        expires_at: Some(NOW),
        hash: keys::hash("secret"),
        now: NOW,
    };
    let admin = store
        .insert_key(&new("ops", KeyScope::Admin))
        .await
        .unwrap();
    let scope = KeyScope::Subscriber("billing".to_owned());
    let billing = store.insert_key(&new("billing", scope)).await.unwrap();
    assert_eq!(
        store.list_keys(0, 9).await.unwrap(),
        [admin.clone(), billing.clone()]
    );
    assert_eq!(
        store.list_keys(admin.id, 9).await.unwrap(),
        std::slice::from_ref(&billing)
    );
    assert_eq!(store.list_keys(0, 1).await.unwrap(), [admin]);

    let found = store.find_key(billing.id).await.unwrap().unwrap();
    assert_eq!(found.key, billing);
    assert!(found.hash.matches(&keys::hash("secret")));
    assert!(store.find_key(99).await.unwrap().is_none());

    assert!(store.revoke_key(billing.id, NOW).await.unwrap());
    assert!(!store.revoke_key(billing.id, NOW).await.unwrap());
    let revoked = store.find_key(billing.id).await.unwrap().unwrap().key;
    assert_eq!(revoked.revoked_at, Some(NOW));
    store.close().await.unwrap();
}

pub(super) async fn the_audit_log_tells_the_newest_first(database: &Database) {
    let store = database.open().await;
    let entry = |subject: u32| AuditEntry {
        at: NOW,
        actor: "key 1: ops".to_owned(),
        action: "chain.create".to_owned(),
        subject: subject.to_string(),
    };
    for subject in 0..3 {
        store.note(&entry(subject)).await.unwrap();
    }
    assert_eq!(store.audit(2).await.unwrap(), [entry(2), entry(1)]);
    store.close().await.unwrap();
}

pub(super) async fn a_creation_is_carried_out_once(database: &Database) {
    let store = database.open().await;
    creations::is_carried_out_once(&store).await;
    let made = creations::create(&store, "kept", 1, NOW).await;
    let Created::New(made) = made else {
        panic!("{made:?}")
    };
    store.close().await.unwrap();
    drop(store);

    let store = database.open().await;
    let again = creations::create(&store, "kept", 1, NOW).await;
    assert_eq!(again, Created::Before(made));
    store.close().await.unwrap();
}

pub(super) async fn creations_are_forgotten_by_age_and_count(database: &Database) {
    let store = database.open().await;
    creations::are_forgotten_by_age_and_count(&store).await;
    store.close().await.unwrap();
}

pub(super) async fn creations_at_once_make_one_subscription(database: &Database) {
    let store = database.open().await;
    creations::at_once_make_one_subscription(&store).await;
    store.close().await.unwrap();
}

pub(super) async fn chains_are_kept_changed_and_deactivated(database: &Database) {
    let store = database.open().await;
    chains::are_kept_changed_and_deactivated(&store).await;
    let before = store.chains().await.unwrap();
    store.close().await.unwrap();
    drop(store);

    let store = database.open().await;
    assert_eq!(store.chains().await.unwrap(), before);
    store.close().await.unwrap();
    drop(store);

    // What cannot be read is not quoted: it holds keys.
    database
        .tamper("UPDATE chains SET settings = '{\"rpc_urls\": 5, \"secret\": 1}'")
        .await;
    let store = database.open().await;
    let error = store.chains().await.unwrap_err();
    let damaged = matches!(error.kind(), StoreErrorKind::Damaged { .. });
    assert!(
        damaged && !format!("{error:?}").contains("secret"),
        "{error:?}"
    );
    store.close().await.unwrap();
}

pub(super) async fn chains_are_no_more_than_there_may_be(database: &Database) {
    let store = database.open().await;
    chains::are_no_more_than_there_may_be(&store).await;
    store.close().await.unwrap();
}

pub(super) async fn chains_are_created_once(database: &Database) {
    let store = database.open().await;
    chains::are_created_once(&store).await;
    store.close().await.unwrap();
}

pub(super) async fn dead_letters_are_kept_in_order_and_no_more_than_fit(database: &Database) {
    let store = database.open().await;
    letters::are_kept_in_order_and_no_more_than_fit(&store).await;
    store.close().await.unwrap();
}
