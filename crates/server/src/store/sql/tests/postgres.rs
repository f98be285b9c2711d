//! The suite over PostgreSQL, and what is PostgreSQL's alone: several instances.

use sqlx::PgPool;
use uuid::Uuid;

use super::*;

super::for_every_test!(
    postgres,
    tokio::test,
    ignore = "needs PostgreSQL: run `cargo xtask test`"
);

/// The server that the test command has started.
fn server() -> String {
    std::env::var("EVENT_STREAMER_POSTGRES")
        .expect("EVENT_STREAMER_POSTGRES: run `cargo xtask test`")
}

async fn on_server(sql: String) {
    let pool = PgPool::connect(&server()).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .execute(&pool)
        .await
        .unwrap();
    pool.close().await;
}

impl Database {
    async fn postgres() -> Self {
        let name = format!("test_{}", Uuid::new_v4().simple());
        on_server(format!("CREATE DATABASE {name}")).await;
        let server = server();
        let (server, _) = server.rsplit_once('/').unwrap();
        let url = format!("{server}/{name}").parse().unwrap();
        Self::Postgres(PostgresConfig::new(url).with_max_connections(4))
    }

    /// Takes the database off the server.
    pub(super) async fn remove(self) {
        if let Self::Postgres(config) = self {
            let (_, name) = config.url.secret().rsplit_once('/').unwrap();
            on_server(format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run `cargo xtask test`"]
async fn instances_that_start_together_make_the_tables_once() {
    let database = Database::postgres().await;
    let (one, two, three) = tokio::join!(database.open(), database.open(), database.open());
    let id = insert(&one).await.id;
    for store in [&two, &three] {
        assert_eq!(store.get(id).await.unwrap().unwrap().id, id);
        let scope = one.get(id).await.unwrap().unwrap().token_scope();
        let token = one.token_key().seal(scope, &at(7));
        assert_eq!(store.token_key().open(scope, token.as_str()), Ok(at(7)));
    }
    for store in [one, two, three] {
        store.close().await.unwrap();
    }
    database.remove().await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run `cargo xtask test`"]
async fn instances_move_the_same_positions_and_none_back() {
    let database = Database::postgres().await;
    let stores = [database.open().await, database.open().await];
    let ids = [insert(&stores[0]).await.id, insert(&stores[0]).await.id];
    // Both move both, in opposite orders: neither waits for the other in a circle.
    let moves = stores.iter().enumerate().map(|(place, store)| async move {
        for number in 1..=50 {
            let pair = if place == 0 { ids } else { [ids[1], ids[0]] };
            let (first, second) = tokio::join!(
                store.advance(pair[0], advance(number, 1)),
                store.advance(pair[1], advance(number, 1))
            );
            for moved in [first.unwrap(), second.unwrap()] {
                let Advanced::To(acknowledged) = moved else {
                    panic!("{moved:?}")
                };
                assert!(acknowledged.cursor.unwrap().block.number >= number);
            }
        }
    });
    futures_util::future::join_all(moves).await;
    for id in ids {
        let acknowledged = stores[1].get(id).await.unwrap().unwrap().acknowledged;
        // Every batch was counted by whoever came first.
        assert_eq!(
            (acknowledged.cursor, acknowledged.events_delivered),
            (Some(at(50)), 50)
        );
    }
    for store in stores {
        store.close().await.unwrap();
    }
    database.remove().await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run `cargo xtask test`"]
async fn what_one_instance_changes_the_other_hears() {
    let database = Database::postgres().await;
    let (one, two) = (database.open().await, database.open().await);
    let subscription = insert(&one).await;
    let id = subscription.id;
    let change = Change {
        revision: 0,
        spec: subscription.spec,
        paused: true,
        reset_position: false,
        now: NOW,
    };
    one.update(id, &change).await.unwrap();
    assert_eq!(two.changed().await.unwrap(), StoreChange::Subscription(id));
    one.delete(id).await.unwrap();
    assert_eq!(two.changed().await.unwrap(), StoreChange::Subscription(id));
    for _ in 0..3 {
        let spec = crate::store::chain::tests::chain(1, "a");
        one.insert_chain(&spec, None, 9, NOW).await.unwrap();
        one.update_chain(&spec, NOW).await.unwrap();
        one.deactivate_chain(1, NOW).await.unwrap();
        for _ in 0..3 {
            assert_eq!(two.changed().await.unwrap(), StoreChange::Chains);
        }
    }
    // Whatever was missed meanwhile: a lost connection says so by itself.
    on_server(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
            .to_owned(),
    )
    .await;
    assert_eq!(two.changed().await.unwrap(), StoreChange::Anything);
    one.close().await.unwrap();
    two.close().await.unwrap();
    assert_eq!(
        two.changed().await.unwrap_err().kind(),
        &StoreErrorKind::Closed
    );
    database.remove().await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run `cargo xtask test`"]
async fn tables_of_another_program_are_left_alone() {
    let database = Database::postgres().await;
    database.tamper("CREATE TABLE recipes (name TEXT)").await;
    database.open().await.close().await.unwrap();
    database.tamper("DROP TABLE event_streamer_schema").await;
    let error = database.refused().await;
    let expected = StoreErrorKind::Foreign {
        database: database.name(),
    };
    assert_eq!(error.kind(), &expected);
    database.remove().await;
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_without_its_password() {
    let url = "postgres://me:secret@127.0.0.1:1/events".parse().unwrap();
    let database = Database::Postgres(PostgresConfig::new(url));
    let error = database.refused().await;
    let expected = StoreErrorKind::Unreachable {
        database: "postgres://127.0.0.1:1/events".to_owned(),
    };
    assert_eq!(error.kind(), &expected);
    assert!(
        !format!("{error} {error:?}").contains("secret"),
        "{error:?}"
    );
}
