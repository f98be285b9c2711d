//! Who may do what.

use event_streamer_server::{ApiKeys, DatabaseConfig, KeyScope, Service, ServiceErrorKind};
use serde_json::{Value, json};

use super::support::World;

impl World {
    fn with_key(&mut self, key: &str) {
        self.headers = vec![("authorization", format!("Bearer {key}"))];
    }

    async fn new_key(&self, body: Value) -> String {
        let answer = self.post("/api/keys", body).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body["key"].as_str().unwrap().to_owned()
    }
}

/// A service with the keys of an administrator and of two subscribers.
async fn guarded() -> (World, [String; 3]) {
    let mut world = World::start().await;
    let admin = world.new_key(json!({"name": "ops", "admin": true})).await;
    world.with_key(&admin);
    let mut keys = vec![admin];
    for subscriber in ["tests", "others"] {
        let key = json!({"name": "app", "subscriber_id": subscriber});
        keys.push(world.new_key(key).await);
    }
    (world, keys.try_into().unwrap())
}

#[tokio::test]
async fn from_the_first_key_on_everybody_needs_one() {
    let (mut world, [admin, tests, _]) = guarded().await;
    let long = "a".repeat(10_000);
    let wrong = format!("{}x", &admin[..admin.len() - 1]);
    let bad = [
        vec![],
        vec![("authorization", String::new())],
        vec![("authorization", format!("Basic {admin}"))],
        vec![("authorization", admin.clone())],
        vec![("authorization", format!("Bearer sk{admin}"))],
        vec![("authorization", format!("Bearer {wrong}"))],
        vec![("authorization", format!("Bearer {long}"))],
        vec![("authorization", "Bearer sch\u{f6}n".to_owned())],
        vec![("x-api-key", wrong.clone())],
        vec![
            ("authorization", format!("Bearer {admin}")),
            ("x-api-key", tests),
        ],
        vec![("authorization", format!("Bearer {admin}")); 2],
    ];
    for headers in bad {
        world.headers = headers;
        for path in ["/subscriptions", "/api/chains", "/api/keys", "/nowhere"] {
            world.get(path).await.is_error(401, "UNAUTHORIZED");
        }
    }
    let in_query = format!("/subscriptions?api_key={admin}");
    world.headers.clear();
    world.get(&in_query).await.is_error(401, "UNAUTHORIZED");
    // Whether it is alive, anybody may ask.
    assert_eq!(world.get("/health").await.status, 200);
    assert_eq!(world.get("/ready").await.status, 200);
    for header in [
        ("authorization", format!("Bearer {admin}")),
        ("authorization", format!("bearer {admin}")),
        ("x-api-key", admin.clone()),
    ] {
        world.headers = vec![header];
        assert_eq!(world.get("/subscriptions").await.status, 200);
    }
}

#[tokio::test]
async fn another_subscriber_s_things_do_not_exist() {
    let (mut world, [admin, tests, others]) = guarded().await;
    world.with_key(&tests);
    let id = world.subscribe(json!({})).await;
    let mut stream = world.stream(id, "", "").await;
    let batch = stream.batch().await;
    let connection = batch["connection_id"].as_str().unwrap().to_owned();

    world.with_key(&others);
    let path = format!("/subscriptions/{id}");
    let not_found = "SUBSCRIPTION_NOT_FOUND";
    for suffix in ["", "/stream", "/processing-status", "/last-processed-block"] {
        world
            .get(&format!("{path}{suffix}"))
            .await
            .is_error(404, not_found);
    }
    let change = json!({"end_block": null});
    world
        .call("PUT", &path, Some(&change))
        .await
        .is_error(404, not_found);
    world
        .call("DELETE", &path, None)
        .await
        .is_error(404, not_found);
    let position = json!({"resume_token": batch["resume_token"]});
    world
        .post(&format!("{path}/position"), position)
        .await
        .is_error(404, not_found);
    world.acknowledge(&batch).await.is_error(404, not_found);
    let confirmation = json!({"subscription_id": id, "response_id": batch["response_id"]});
    world
        .post("/confirmations", confirmation)
        .await
        .is_error(404, not_found);
    let heartbeat = json!({"connection_id": connection, "timestamp": "2024-05-23T10:30:00.000Z"});
    let beat = format!("/stream/{connection}/heartbeat");
    world
        .post(&beat, heartbeat)
        .await
        .is_error(404, "CONNECTION_NOT_FOUND");
    assert_eq!(world.get("/subscriptions").await.body["total"], 0);
    assert_eq!(world.get("/api/connections").await.body, json!([]));
    // In somebody else's name nothing can be made, found or given away.
    world
        .get("/subscriptions?subscriber_id=tests")
        .await
        .is_error(403, "FORBIDDEN");
    world
        .post("/subscriptions", super::support::transfers())
        .await
        .is_error(403, "FORBIDDEN");
    world.with_key(&tests);
    let given = json!({"subscriber_id": "others"});
    world
        .call("PUT", &path, Some(&given))
        .await
        .is_error(403, "FORBIDDEN");

    assert_eq!(world.acknowledge(&batch).await.status, 200);
    assert_eq!(world.get("/subscriptions").await.body["total"], 1);
    world.with_key(&admin);
    assert_eq!(world.subscription(id).await["subscriber_id"], "tests");
    assert_eq!(
        world.get("/api/connections").await.body[0]["subscription_id"],
        id
    );
}

#[tokio::test]
async fn only_administrators_administer_and_it_is_noted() {
    let (mut world, [admin, tests, _]) = guarded().await;
    world.with_key(&tests);
    world.get("/api/keys").await.is_error(403, "FORBIDDEN");
    world.get("/api/audit").await.is_error(403, "FORBIDDEN");
    world
        .call("DELETE", "/api/keys/1", None)
        .await
        .is_error(403, "FORBIDDEN");
    let key = json!({"name": "mine", "admin": true});
    world
        .post("/api/keys", key)
        .await
        .is_error(403, "FORBIDDEN");

    world.with_key(&admin);
    let listed = world.get("/api/keys").await.body;
    assert_eq!(listed["keys"].as_array().unwrap().len(), 3);
    assert!(!listed.to_string().contains(&admin), "shown once");
    assert_eq!(world.call("DELETE", "/api/keys/2", None).await.status, 204);
    world
        .call("DELETE", "/api/keys/2", None)
        .await
        .is_error(404, "KEY_NOT_FOUND");
    let expired = json!({"name": "old", "admin": true, "expires_at": "2020-01-01T00:00:00.000Z"});
    let expired = world.new_key(expired).await;
    for bad in [
        json!({}),
        json!({"name": "", "admin": true}),
        json!({"name": "x"}),
        json!({"name": "x", "admin": true, "subscriber_id": "y"}),
        json!({"name": "x", "admin": true, "scope": "more"}),
    ] {
        world
            .post("/api/keys", bad)
            .await
            .is_error(422, "VALIDATION_FAILED");
    }
    for gone in [&tests, &expired] {
        world.with_key(gone);
        world
            .get("/subscriptions")
            .await
            .is_error(401, "UNAUTHORIZED");
    }
    world.with_key(&admin);
    let entries = world.get("/api/audit?limit=3").await.body["entries"].clone();
    let told = |entry: &Value| {
        (
            entry["action"].clone(),
            entry["subject"].clone(),
            entry["actor"].clone(),
        )
    };
    assert_eq!(
        told(&entries[0]),
        (json!("key.create"), json!("4"), json!("key 1: ops"))
    );
    assert_eq!(
        told(&entries[1]),
        (json!("key.revoke"), json!("2"), json!("key 1: ops"))
    );
    // The last key that is taken back opens nothing.
    assert_eq!(world.call("DELETE", "/api/keys/1", None).await.status, 204);
    world.restart().await;
    world.headers.clear();
    world
        .get("/subscriptions")
        .await
        .is_error(401, "UNAUTHORIZED");
}

#[tokio::test]
async fn an_open_address_needs_a_key_or_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let database = DatabaseConfig::Sqlite(folder.path().join("events.db"));
    let config = || {
        event_streamer_server::ServiceConfig::new(database.clone())
            .with_listen(([0, 0, 0, 0], 0).into())
    };
    let error = Service::start(config()).await.unwrap_err();
    assert_eq!(error.kind(), ServiceErrorKind::Unprotected);
    Service::start(config().with_insecure(true))
        .await
        .unwrap()
        .shutdown()
        .await;

    let keys = ApiKeys::open(&database).await.unwrap();
    let created = keys.create("ops", KeyScope::Admin, None).await.unwrap();
    assert!(!format!("{created:?}").contains(&created.text));
    keys.close().await.unwrap();
    Service::start(config()).await.unwrap().shutdown().await;
}

#[tokio::test]
async fn streams_end_with_the_key_they_were_opened_with() {
    let (mut world, [admin, tests, _]) = guarded().await;
    world.with_key(&admin);
    let id = world.subscribe(json!({"end_block": null})).await;
    let mut of_admin = world.stream(id, "", "").await;
    world.with_key(&tests);
    let mut of_tests = world.stream(id, "", "").await;
    of_admin.batch().await;
    let batch = of_tests.batch().await;

    world.with_key(&admin);
    assert_eq!(world.call("DELETE", "/api/keys/2", None).await.status, 204);
    let last = of_tests.rest().await.pop().unwrap();
    assert_eq!(
        (&last["error_code"], &last["recoverable"]),
        (&json!("UNAUTHORIZED"), &json!(false))
    );
    // Nothing is wrong with the subscription, and others are not affected.
    assert_eq!(world.acknowledge(&batch).await.status, 200);
    assert_eq!(world.subscription(id).await["streaming_status"], "live");
    let open = world.get("/api/connections").await.body;
    assert_eq!(open.as_array().unwrap().len(), 1, "{open}");
}
