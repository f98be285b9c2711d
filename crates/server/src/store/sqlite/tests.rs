use event_streamer_models::{B256, BlockRef};
use tempfile::TempDir;

use super::*;
use crate::delivery::testing::{spec, transfer};
use crate::ingest::Cursor;
use crate::store::AdvanceStep;
use crate::subscription::Acknowledged;

struct Database {
    folder: TempDir,
}

impl Database {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("events.db")
    }

    async fn open(&self) -> SqliteStore {
        SqliteStore::open(&self.path()).await.unwrap()
    }

    async fn refused(&self) -> StoreError {
        SqliteStore::open(&self.path()).await.unwrap_err()
    }

    /// Runs a statement behind the store's back.
    async fn tamper(&self, sql: &'static str) {
        let options = SqliteConnectOptions::new()
            .filename(self.path())
            .create_if_missing(true);
        let pool = pool(1).connect_with(options).await.unwrap();
        sqlx::raw_sql(sql).execute(&pool).await.unwrap();
        pool.close().await;
    }
}

fn at(number: u64) -> Cursor {
    Cursor::after_block(BlockRef {
        number,
        hash: B256([number.to_be_bytes()[7]; 32]),
    })
}

fn advance(number: u64, events: u64) -> Advance {
    Advance {
        epoch: 0,
        cursor: at(number),
        last_event_id: Some(format!("1-{number}").into()),
        steps: vec![AdvanceStep {
            end: at(number),
            events,
            after_reorg: false,
        }],
        replaces: None,
    }
}

const NOW: Timestamp = Timestamp::from_unix_millis(1_716_460_200_000);

async fn insert(store: &SqliteStore) -> Subscription {
    store.insert(&spec(transfer()), NOW).await.unwrap()
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let database = Database::new();
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

#[tokio::test]
async fn a_commit_is_there_without_a_close() {
    let database = Database::new();
    let store = database.open().await;
    let id = insert(&store).await.id;
    store.advance(id, advance(7, 3)).await.unwrap();
    // A second connection sees what was committed: nothing waits in the process.
    let options = SqliteConnectOptions::new()
        .filename(database.path())
        .read_only(true);
    let other = pool(1).connect_with(options).await.unwrap();
    let seen = subscriptions::get(&other, id).await.unwrap().unwrap();
    assert_eq!(seen.acknowledged.cursor, Some(at(7)));
    let mode: (String, i64) = sqlx::query_as(
        "SELECT journal_mode, synchronous FROM pragma_journal_mode, pragma_synchronous",
    )
    .fetch_one(&store.write)
    .await
    .unwrap();
    assert_eq!(mode, ("wal".to_owned(), 2), "2 is FULL");
    other.close().await;
}

#[tokio::test]
async fn a_second_process_is_told_who_has_the_file() {
    let database = Database::new();
    let store = database.open().await;
    let error = database.refused().await;
    let holder = Some(std::process::id());
    assert_eq!(
        error.kind(),
        &StoreErrorKind::Locked {
            path: database.path(),
            holder
        }
    );
    assert!(
        error.to_string().contains("is in use by process"),
        "{error}"
    );
    store.close().await.unwrap();
    drop(store);
    database.open().await;
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let database = Database::new();
    database.open().await.close().await.unwrap();
    database
        .tamper("UPDATE event_streamer_schema SET version = 99")
        .await;
    let error = database.refused().await;
    let expected = StoreErrorKind::NewerSchema {
        path: database.path(),
        found: 99,
        supported: 1,
    };
    assert_eq!(error.kind(), &expected);
    // And untouched: the newer version finds its file as it was.
    database
        .tamper("UPDATE event_streamer_schema SET version = 1 WHERE version = 99")
        .await;
    database.open().await;
}

#[tokio::test]
async fn a_database_of_another_program_is_left_alone() {
    let database = Database::new();
    database.tamper("CREATE TABLE recipes (name TEXT)").await;
    let error = database.refused().await;
    assert_eq!(
        error.kind(),
        &StoreErrorKind::Foreign {
            path: database.path()
        }
    );
}

#[tokio::test]
async fn a_file_that_is_no_database_is_called_damaged() {
    let database = Database::new();
    std::fs::write(
        database.path(),
        "not a database at all, but long enough to be one".repeat(99),
    )
    .unwrap();
    let error = database.refused().await;
    assert!(
        matches!(error.kind(), StoreErrorKind::Damaged { .. }),
        "{error}"
    );
    assert!(error.to_string().contains("events.db"), "{error}");
}

#[tokio::test]
async fn a_damaged_page_is_found_when_the_file_is_opened() {
    let database = Database::new();
    let store = database.open().await;
    for _ in 0..200 {
        insert(&store).await;
    }
    store.close().await.unwrap();
    drop(store);
    let mut bytes = std::fs::read(database.path()).unwrap();
    let half = bytes.len() / 2;
    bytes[half..half + 8192].fill(0xff);
    std::fs::write(database.path(), bytes).unwrap();
    let error = database.refused().await;
    assert!(
        matches!(error.kind(), StoreErrorKind::Damaged { .. }),
        "{error}"
    );
}

#[tokio::test]
async fn a_changed_position_does_not_pass_for_a_position() {
    let database = Database::new();
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

#[tokio::test]
async fn a_missing_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("missing").join("events.db");
    let error = SqliteStore::open(&path).await.unwrap_err();
    assert_eq!(error.kind(), &StoreErrorKind::Open { path });
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_its_owner_s() {
    use std::os::unix::fs::PermissionsExt as _;
    let database = Database::new();
    let store = database.open().await;
    insert(&store).await;
    for file in std::fs::read_dir(database.folder.path()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?}", file.file_name());
    }
}

#[tokio::test]
async fn an_update_needs_the_revision_it_was_made_from() {
    let database = Database::new();
    let store = database.open().await;
    let subscription = insert(&store).await;
    let id = subscription.id;
    store.advance(id, advance(7, 3)).await.unwrap();
    store.set_failure(id, Some("too deep")).await.unwrap();
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

#[tokio::test]
async fn what_is_deleted_is_gone_and_its_id_never_comes_back() {
    let database = Database::new();
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

#[tokio::test]
async fn pages_are_cut_from_one_order() {
    let database = Database::new();
    let store = database.open().await;
    for number in 0..5 {
        let mut wanted = spec(transfer());
        wanted.subscriber_id = if number % 2 == 0 { "even" } else { "odd" }.to_owned();
        store.insert(&wanted, NOW).await.unwrap();
    }
    let page = |subscriber_id, offset| PageQuery {
        subscriber_id,
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
    let beyond = store.list(page(Some("odd"), u64::MAX)).await.unwrap();
    assert_eq!((ids(&beyond), beyond.total), (vec![], 2));
}

#[tokio::test]
async fn many_acknowledgements_at_once_each_get_their_answer() {
    let database = Database::new();
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
        offset: 0,
        limit: 100,
    };
    for subscription in store.list(page).await.unwrap().subscriptions {
        assert_eq!(subscription.acknowledged.cursor, Some(at(10)));
    }
}

#[tokio::test]
async fn a_closed_store_says_so() {
    let database = Database::new();
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
