//! Several instances on one PostgreSQL database.

use event_streamer_server::{ChainApiConfig, DatabaseConfig, PostgresConfig};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, PgPool};

use super::support::{CHAIN, EVENTS, FIRST, LAST, World, expected, place, places};

/// A database of one test, on the server that the test command has started.
struct Database {
    server: String,
    name: String,
}

impl Database {
    async fn create() -> Self {
        let server = std::env::var("EVENT_STREAMER_POSTGRES")
            .expect("EVENT_STREAMER_POSTGRES: run `cargo xtask test`");
        let name = format!("service_{}", uuid::Uuid::new_v4().simple());
        let database = Self { server, name };
        database
            .run(format!("CREATE DATABASE {}", database.name))
            .await;
        database
    }

    async fn run(&self, sql: String) {
        let pool = PgPool::connect(&self.server).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&pool)
            .await
            .unwrap();
        pool.close().await;
    }

    async fn remove(self) {
        self.run(format!("DROP DATABASE {} WITH (FORCE)", self.name))
            .await;
    }

    fn config(&self) -> DatabaseConfig {
        let (server, _) = self.server.rsplit_once('/').unwrap();
        let url = format!("{server}/{}", self.name).parse().unwrap();
        DatabaseConfig::Postgres(PostgresConfig::new(url).with_max_connections(4))
    }

    /// An instance in front of a node of its own, with the same chain.
    async fn instance(&self) -> World {
        let database = self.config();
        World::tweaked(move |mut config| {
            config.database = database.clone();
            // Few events in a batch, so that a crash finds a stream in the midst of it.
            config.delivery.max_batch_events = 7;
            config
        })
        .await
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run `cargo xtask test`"]
async fn clients_of_a_killed_instance_go_on_at_the_others_without_loss() {
    let database = Database::create().await;
    let (mut one, two, three) = tokio::join!(
        database.instance(),
        database.instance(),
        database.instance()
    );
    let mut clients = Vec::new();
    for count in 3..6 {
        let id = two.subscribe(json!({})).await;
        let mut stream = one.stream(id, "", "complete").await;
        let (mut handled, mut acknowledged) = (Vec::new(), 0);
        for number in 0..count {
            let batch = stream.batch().await;
            handled.extend(places(std::slice::from_ref(&batch)));
            // The last one is handled, and its acknowledgement is not on its way yet.
            if number + 1 < count {
                assert_eq!(one.acknowledge(&batch).await.status, 200);
                acknowledged = handled.len();
            }
        }
        clients.push((id, stream, handled, acknowledged));
    }
    drop(one.service.take());

    for (number, (id, mut stream, mut handled, acknowledged)) in clients.into_iter().enumerate() {
        // Whatever was under way is cut off, or still arrives.
        while let Ok(Some(batch)) = stream.try_next().await {
            if batch["type"] == "event_batch" {
                handled.extend(places(&[batch]));
            }
        }
        let instance = if number % 2 == 0 { &two } else { &three };
        let mut stream = instance.stream(id, "", "complete").await;
        let lines = stream.rest().await;
        let rest = places(&lines);
        let all = expected(FIRST..=LAST);
        assert_eq!(
            rest,
            all[acknowledged..],
            "from the acknowledged position, and on"
        );
        assert_eq!(handled, all[..handled.len()]);
        for batch in lines.iter().filter(|line| line["type"] == "event_batch") {
            assert_eq!(instance.acknowledge(batch).await.status, 200);
        }
        // Every instance knows.
        for other in [&two, &three] {
            let subscription = other.subscription(id).await;
            assert_eq!(subscription["streaming_status"], "completed");
            assert_eq!(subscription["events_delivered"], all.len());
        }
    }
    for mut instance in [two, three] {
        instance.service.take().unwrap().shutdown().await;
    }
    database.remove().await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run `cargo xtask test`"]
async fn a_change_at_one_instance_reaches_the_streams_of_another() {
    let database = Database::create().await;
    let (mut one, mut two) = tokio::join!(database.instance(), database.instance());
    let error = |line: &Value| line["error_code"].as_str().unwrap().to_owned();

    let id = one.subscribe(json!({"end_block": FIRST})).await;
    let mut stream = one.stream(id, "", "").await;
    let mut seen: Vec<_> = places(&[stream.batch().await]);
    let path = format!("/subscriptions/{id}");
    let change = json!({"end_block": FIRST + 1});
    assert_eq!(two.call("PUT", &path, Some(&change)).await.status, 200);
    // The stream goes on in place, up to its new end.
    while seen.len() < expected(FIRST..=FIRST + 1).len() {
        seen.extend(places(&[stream.batch().await]));
    }
    assert_eq!(seen, expected(FIRST..=FIRST + 1));

    let pause = json!({"streaming_status": "paused"});
    assert_eq!(two.call("PUT", &path, Some(&pause)).await.status, 200);
    assert_eq!(
        error(&stream.rest().await.pop().unwrap()),
        "PROCESSING_STOPPED"
    );
    one.get(&format!("{path}/stream"))
        .await
        .is_error(409, "PROCESSING_STOPPED");

    let resume = json!({"streaming_status": "active"});
    assert_eq!(two.call("PUT", &path, Some(&resume)).await.status, 200);
    let mut stream = one.stream(id, "", "").await;
    assert_eq!(
        place(&stream.batch().await["events"]["Transfer"][0]).0,
        FIRST
    );
    let reset = json!({"start_block": FIRST + 1});
    assert_eq!(two.call("PUT", &path, Some(&reset)).await.status, 200);
    assert_eq!(
        error(&stream.rest().await.pop().unwrap()),
        "PROCESSING_STOPPED"
    );

    let mut stream = one.stream(id, "", "").await;
    assert_eq!(
        place(&stream.batch().await["events"]["Transfer"][0]).0,
        FIRST + 1
    );
    assert_eq!(two.call("DELETE", &path, None).await.status, 204);
    assert_eq!(
        error(&stream.rest().await.pop().unwrap()),
        "SUBSCRIPTION_NOT_FOUND"
    );

    for instance in [&mut one, &mut two] {
        instance.service.take().unwrap().shutdown().await;
    }
    database.remove().await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run `cargo xtask test`"]
async fn chains_that_one_instance_is_told_of_the_others_serve() {
    let database = Database::create().await;
    let config = database.config();
    let instance = async || {
        let database = config.clone();
        World::tweaked(move |mut config| {
            config.database = database.clone();
            config.chains.clear();
            config.with_chain_api(ChainApiConfig::default().with_allow_private_rpc(true))
        })
        .await
    };
    let (one, two) = (instance().await, instance().await);
    let chain = |world: &World| json!({"chain_id": CHAIN, "name": "Ours", "rpc_urls": [world.node.http_url()]});
    let made = chain(&one);
    assert_eq!(one.post("/api/chains", made.clone()).await.status, 201);
    let path = format!("/api/chains/{CHAIN}");
    // Told by the database: nobody asks for a refresh.
    while two.get(&path).await.status == 404 {}

    let id = two.subscribe(json!({"end_block": null})).await;
    let mut stream = two.stream(id, "", "").await;
    let mut batches = vec![stream.batch().await];
    // The stream at the other instance goes over to another node.
    let answer = one.call("PUT", &path, Some(&chain(&two))).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    while places(&batches).len() < EVENTS {
        batches.push(stream.batch().await);
    }
    assert_eq!(places(&batches), expected(FIRST..=LAST));
    assert_eq!(one.call("DELETE", &path, None).await.status, 200);
    let last = stream.rest().await.pop().unwrap();
    assert_eq!(last["error_code"], "CHAIN_DEACTIVATED");
    for world in [one, two] {
        world.service.unwrap().shutdown().await;
    }
    database.remove().await;
}
