//! Answers and streams in a compressed form.

use std::time::Duration;

use bytes::Bytes;
use event_streamer_server::{DeliveryConfig, HttpConfig};
use event_streamer_transport::{Compression, HttpClient};
use http::Request;
use serde_json::json;

use super::support::{World, expected, places};

fn asks(coding: &str) -> Vec<(&'static str, String)> {
    vec![("accept-encoding", coding.to_owned())]
}

/// A client that undoes what it is sent, unless a request says itself what it accepts.
async fn world(tweak: impl Fn(HttpConfig) -> HttpConfig + 'static) -> World {
    let mut world = World::tweaked(move |mut config| {
        config.http = tweak(config.http);
        config.with_delivery(
            DeliveryConfig::default().with_heartbeat_interval(Duration::from_millis(50)),
        )
    })
    .await;
    let client = HttpClient::builder().compression(Compression::On);
    world.client = client.build().unwrap();
    world
}

#[tokio::test]
async fn a_stream_is_the_same_in_every_form() {
    let mut world = world(|http| http).await;
    let id = world.subscribe(json!({})).await;
    for coding in ["zstd", "gzip", "zstd;q=0.1, gzip;q=0.2", "identity"] {
        world.headers = asks(coding);
        let mut stream = world.stream(id, "", "complete").await;
        // Its end is read as well: a compressed form without one is an error.
        let lines = stream.rest().await;
        assert_eq!(places(&lines), expected(100..=139), "{coding}");
        assert_eq!(lines.last().unwrap()["type"], "complete");
        assert_eq!(stream.headers["vary"], "accept-encoding");
        assert!(stream.headers.get("content-length").is_none());
    }
}

#[tokio::test]
async fn an_idle_stream_says_so_at_once() {
    let mut world = world(|http| http).await;
    let id = world.subscribe(json!({"end_block": null})).await;
    for coding in ["zstd", "gzip"] {
        world.headers = asks(coding);
        let mut stream = world.stream(id, "", "").await;
        stream.batch().await;
        // The first would come with the second if it were not flushed; the third would not come.
        for _ in 0..3 {
            stream.line_of("heartbeat").await;
        }
    }
}

/// How an answer is coded.
async fn coding_of(world: &World, path: &str) -> Option<String> {
    let mut request = Request::get(format!("{}{path}", world.url()));
    for (name, value) in &world.headers {
        request = request.header(*name, value);
    }
    // This one leaves answers as they are.
    let client = HttpClient::builder().build().unwrap();
    let answer = client.stream(request.body(Bytes::new()).unwrap()).await;
    let headers = answer.unwrap().headers().clone();
    let coding = headers.get("content-encoding")?;
    Some(coding.to_str().unwrap().to_owned())
}

#[tokio::test]
async fn the_preferred_form_is_taken_where_it_is_worth_it() {
    let mut world = world(|http| http).await;
    let id = world.subscribe(json!({})).await;
    for _ in 0..3 {
        world.subscribe(json!({})).await;
    }
    let (stream, one) = (
        format!("/subscriptions/{id}/stream"),
        format!("/subscriptions/{id}/last-processed-block"),
    );
    for (asked, given) in [
        ("gzip, deflate, br", Some("gzip")),
        ("zstd, gzip", Some("zstd")),
        ("zstd;q=0, gzip;q=0.1", Some("gzip")),
        ("identity", None),
    ] {
        world.headers = asks(asked);
        for path in [&stream, "/subscriptions", "/metrics"] {
            let coding = coding_of(&world, path).await;
            assert_eq!(coding.as_deref(), given, "{path}: {asked}");
        }
        assert_eq!(coding_of(&world, &one).await, None, "it is short");
    }
    world.headers.clear();
    assert_eq!(coding_of(&world, &stream).await, None, "nobody asked");
}

#[tokio::test]
async fn answers_are_the_same_in_every_form() {
    let mut world = world(|http| http).await;
    for _ in 0..20 {
        world.subscribe(json!({})).await;
    }
    world.headers = asks("identity");
    let plain = world.get("/subscriptions").await.body;
    for coding in ["zstd", "gzip"] {
        world.headers = asks(coding);
        assert_eq!(world.get("/subscriptions").await.body, plain, "{coding}");
    }
}

#[tokio::test]
async fn codecs_are_bounded_and_can_be_turned_off() {
    let limited = |max| {
        move |http| HttpConfig {
            max_compressed: max,
            ..http
        }
    };
    let mut one = world(limited(1)).await;
    let id = one.subscribe(json!({"end_block": null})).await;
    one.headers = asks("zstd");
    let mut open = one.stream(id, "", "").await;
    open.batch().await;
    let path = format!("/subscriptions/{id}/stream");
    assert_eq!(coding_of(&one, &path).await, None, "the codec is in use");
    drop(open);
    while coding_of(&one, &path).await.is_none() {
        tokio::task::yield_now().await;
    }

    let mut off = world(limited(0)).await;
    off.headers = asks("zstd, gzip");
    let id = off.subscribe(json!({})).await;
    let path = format!("/subscriptions/{id}/stream");
    assert_eq!(coding_of(&off, &path).await, None);
}
