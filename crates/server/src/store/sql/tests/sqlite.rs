//! The suite over SQLite, and what is SQLite's alone.

use super::*;

super::for_every_test!(sqlite, tokio::test);

#[tokio::test]
async fn a_commit_is_there_without_a_close() {
    let database = Database::sqlite().await;
    let store = database.open().await;
    let id = insert(&store).await.id;
    store.advance(id, advance(7, 3)).await.unwrap();
    // A second connection sees what was committed: nothing waits in the process.
    let url = format!("sqlite://{}?mode=ro", database.path().display());
    let other = pool(1).connect(&url).await.unwrap();
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
    let database = Database::sqlite().await;
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
async fn a_database_of_another_program_is_left_alone() {
    let database = Database::sqlite().await;
    database.tamper("CREATE TABLE recipes (name TEXT)").await;
    let error = database.refused().await;
    assert_eq!(
        error.kind(),
        &StoreErrorKind::Foreign {
            database: database.name()
        }
    );
}

#[tokio::test]
async fn a_file_that_is_no_database_is_called_damaged() {
    let database = Database::sqlite().await;
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
    let database = Database::sqlite().await;
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
async fn a_missing_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("missing").join("events.db");
    let error = SqlStore::open_sqlite(&path).await.unwrap_err();
    assert_eq!(
        error.kind(),
        &StoreErrorKind::Open {
            database: path.display().to_string()
        }
    );
}

#[tokio::test]
async fn the_file_is_its_owner_s() {
    use std::os::unix::fs::PermissionsExt as _;
    let database = Database::sqlite().await;
    let store = database.open().await;
    insert(&store).await;
    for file in std::fs::read_dir(database.path().parent().unwrap()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?}", file.file_name());
    }
}
