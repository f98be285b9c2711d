//! Creating a subscription once, whatever happens to the answers.

use event_streamer_client::{Error, ErrorKind, EventStreamer, IdempotencyKey};
use event_streamer_models::{AbiEvent, ChainId, SubscriptionCreate};
use event_streamer_testkit::{Reply, Routes, Script, WireServer, answers};

const CREATE: &str = "POST /subscriptions";

fn wanted() -> SubscriptionCreate {
    SubscriptionCreate::new(AbiEvent::new("Paused", vec![]), ChainId::new(1), 5)
}

/// A client that repeats what is safe to repeat.
fn repeating(server: &WireServer) -> EventStreamer {
    let dialer = server.dialer();
    EventStreamer::builder("http://events.test", "tester")
        .with_http(|http| http.dialer(dialer))
        .build()
        .unwrap()
}

fn keys(server: &WireServer) -> Vec<String> {
    let key = |request: &event_streamer_testkit::RecordedRequest| {
        request.header("idempotency-key").unwrap().to_owned()
    };
    server.requests().iter().map(key).collect()
}

/// A service that knows keys, which are echoed: what it answers, and whether the answer arrives.
fn echoing(replies: impl IntoIterator<Item = Option<u16>>) -> Routes {
    let mut replies: Vec<Option<u16>> = replies.into_iter().collect();
    replies.reverse();
    Routes::new().answer(CREATE, move |request| {
        let key = request.header("idempotency-key").unwrap().to_owned();
        match replies.pop().unwrap() {
            Some(status) => Script::new().reply(
                &Reply::new(status, answers::SUBSCRIPTION).with_header("idempotency-key", &key),
            ),
            None => Script::new().reset(),
        }
    })
}

fn says_unclear(error: &Error) -> bool {
    error.to_string().contains("may have been created")
}

#[tokio::test(start_paused = true)]
async fn each_creation_has_a_key_of_its_own() {
    let server = WireServer::answering(CREATE, answers::SUBSCRIPTION).await;
    let client = repeating(&server);
    for _ in 0..3 {
        client.create_subscription(wanted()).await.unwrap();
    }
    let keys = keys(&server);
    assert!(keys[0] != keys[1] && keys[1] != keys[2], "{keys:?}");
    assert!(keys.iter().all(|key| key.len() == 32), "{keys:?}");

    let own = IdempotencyKey::new("vault-12").unwrap();
    client
        .create_subscription_with_key(wanted(), &own)
        .await
        .unwrap();
    assert_eq!(self::keys(&server)[3], "vault-12");
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_an_error_where_the_service_may_not_know_keys() {
    for script in [
        Script::new().reset(),
        Script::new().close(),
        Script::new().respond(500, ""),
        Script::new().respond(502, ""),
        Script::new().respond(504, ""),
        Script::new().respond(201, "<html>"),
        Script::new()
            .head(201, &[("content-length", "1000")])
            .raw("{")
            .close(),
    ] {
        let server = WireServer::routed(Routes::new().once(CREATE, script)).await;
        let error = repeating(&server)
            .create_subscription(wanted())
            .await
            .unwrap_err();
        assert!(says_unclear(&error), "{error}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_certainly_not_carried_out_is_repeated_under_the_same_key() {
    let routes = Routes::new()
        .once(CREATE, Script::new().respond(429, ""))
        .once(CREATE, Script::new().respond(503, ""))
        .once(CREATE, Script::new().respond(201, answers::SUBSCRIPTION));
    let server = WireServer::routed(routes).await;
    repeating(&server)
        .create_subscription(wanted())
        .await
        .unwrap();
    let keys = keys(&server);
    assert!(
        keys.len() == 3 && keys[0] == keys[1] && keys[1] == keys[2],
        "{keys:?}"
    );

    for (status, kind) in [(409, ErrorKind::Conflict), (422, ErrorKind::Validation)] {
        let server = WireServer::routed(Routes::new().always(CREATE, Reply::new(status, ""))).await;
        let error = repeating(&server)
            .create_subscription(wanted())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), kind);
        assert!(!says_unclear(&error), "{error}");
    }
    let unreachable = EventStreamer::builder("http://events.test", "tester")
        .with_http(|http| {
            http.dialer(|_| async {
                Err::<tokio::io::DuplexStream, _>(std::io::ErrorKind::ConnectionRefused.into())
            })
        })
        .build()
        .unwrap();
    let error = unreachable.create_subscription(wanted()).await.unwrap_err();
    assert!(!says_unclear(&error), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_service_that_echoes_keys_is_asked_again_with_the_same_one() {
    // Even a refusal shows that it knows them.
    let server = WireServer::routed(echoing([Some(422), None, Some(502), Some(201)])).await;
    let client = repeating(&server);
    client.create_subscription(wanted()).await.unwrap_err();
    // What one clone has learned, all know.
    client.clone().create_subscription(wanted()).await.unwrap();
    let keys = keys(&server);
    assert_eq!(keys.len(), 4);
    assert_ne!(keys[0], keys[1]);
    assert!(keys[1] == keys[2] && keys[2] == keys[3], "{keys:?}");
}

#[tokio::test(start_paused = true)]
async fn an_echo_of_another_key_shows_nothing() {
    let reply = Reply::new(201, answers::SUBSCRIPTION).with_header("idempotency-key", "constant");
    let routes = Routes::new()
        .once(CREATE, Script::new().reply(&reply))
        .once(CREATE, Script::new().reset());
    let server = WireServer::routed(routes).await;
    let client = repeating(&server);
    client.create_subscription(wanted()).await.unwrap();
    let error = client.create_subscription(wanted()).await.unwrap_err();
    assert!(says_unclear(&error), "{error}");
}
