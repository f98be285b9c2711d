//! Bad JSON at every endpoint that takes a body: a typed refusal, and a service that goes on.

use bytes::Bytes;
use serde_json::{Value, json};

use super::support::{World, with};

/// An endpoint with a body that it takes, and the fields without which it takes none.
struct Taker {
    method: &'static str,
    path: String,
    good: Value,
    required: &'static [&'static str],
}

async fn takers(world: &World) -> (Vec<Taker>, super::support::Stream) {
    let id = world.subscribe(json!({"end_block": null})).await;
    let mut stream = world.stream(id, "", "").await;
    let batch = stream.batch().await;
    let connection = batch["connection_id"].as_str().unwrap().to_owned();
    let under = format!("/subscriptions/{id}");
    let acks = format!("{under}/stream/{connection}/ack/batch");
    let chain = json!({"chain_id": 5, "name": "Five", "rpc_urls": ["https://node.invalid/"]});
    let time = "2024-05-23T10:30:00.000Z";
    let taker = |method, path: &str, good, required| Taker {
        method,
        path: path.to_owned(),
        good,
        required,
    };
    let subscription = super::support::transfers();
    let all = vec![
        taker(
            "POST",
            "/subscriptions",
            subscription,
            &[
                "event_signature",
                "start_block",
                "chain_id",
                "subscriber_id",
            ],
        ),
        taker("PUT", &under, json!({"addresses": []}), &[]),
        taker("PATCH", &under, json!({"addresses": []}), &[]),
        taker(
            "POST",
            &acks,
            json!({"batch_id": batch["batch_id"]}),
            &["batch_id"],
        ),
        taker(
            "POST",
            &format!("{acks}/bulk"),
            json!({"connection_id": connection, "batch_ids": [batch["batch_id"]]}),
            &["connection_id", "batch_ids"],
        ),
        taker(
            "POST",
            &format!("{under}/position"),
            json!({"resume_token": batch["resume_token"]}),
            &["resume_token"],
        ),
        taker(
            "POST",
            "/confirmations",
            json!({"subscription_id": id, "response_id": batch["response_id"]}),
            &["response_id"],
        ),
        taker(
            "POST",
            &format!("/stream/{connection}/heartbeat"),
            json!({"connection_id": connection, "timestamp": time}),
            &[],
        ),
        taker(
            "POST",
            "/api/chains",
            chain.clone(),
            &["chain_id", "name", "rpc_urls"],
        ),
        taker("PUT", "/api/chains/5", chain, &["name", "rpc_urls"]),
        taker(
            "POST",
            "/api/keys",
            json!({"name": "app", "admin": true}),
            &["name", "admin"],
        ),
    ];
    (all, stream)
}

/// Texts that are no JSON object, or none that can be read.
fn texts() -> Vec<(Bytes, &'static [u16])> {
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let utf16: Vec<u8> = "{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let large = format!("{{\"x\":\"{}\"}}", "y".repeat(5 * 1024 * 1024));
    let no_json: [&[u8]; 14] = [
        b"",
        b" ",
        b"{",
        b"}",
        b"{\"a\":1,}",
        b"{\"a\" 1}",
        b"{a:1}",
        b"// {}",
        b"NaN",
        b"{\"a\":1e999}",
        b"{\"a\":\"\\ud800\"}",
        b"{} {}",
        b"\xef\xbb\xbf{}",
        b"\"\xff\"",
    ];
    let other_kinds: [&[u8]; 6] = [b"null", b"[]", b"7", b"true", b"\"{}\"", b"[{}]"];
    let mut texts: Vec<(Bytes, &'static [u16])> = Vec::new();
    texts.extend(no_json.map(|it| (Bytes::from_static(it), &[400][..])));
    texts.extend(other_kinds.map(|it| (Bytes::from_static(it), &[422][..])));
    texts.push((deep.into(), &[400]));
    texts.push((utf16.into(), &[400]));
    texts.push((large.into(), &[413]));
    texts
}

const WRONG: [&str; 10] = [
    "[]",
    "{}",
    "-1",
    "1.5",
    "18446744073709551616",
    "1e400",
    "\"\\u0000\"",
    "\"\"",
    "[null]",
    "\"\\u202e\\u001b[31m\\n../'; DROP TABLE subscriptions; --\"",
];

#[tokio::test]
async fn every_body_that_is_bad_is_refused_by_name_and_the_service_goes_on() {
    let mut world = World::start().await;
    // One of the endpoints makes keys, and from the first one on everybody needs one.
    let key = json!({"name": "ops", "admin": true});
    let key = world.post("/api/keys", key).await.body["key"].clone();
    let key = format!("Bearer {}", key.as_str().unwrap());
    world.headers = vec![("authorization", key)];
    let (takers, _stream) = takers(&world).await;
    for taker in &takers {
        let at = format!("{} {}", taker.method, taker.path);
        for (text, expected) in texts() {
            let kind = "application/json";
            let start = text.slice(..text.len().min(40));
            let answer = world.raw(taker.method, &taker.path, Some(text), kind).await;
            assert!(
                expected.contains(&answer.status),
                "{at} {start:?}: {} {}",
                answer.status,
                answer.body
            );
            let code = answer.body["code"].as_str().unwrap().to_owned();
            answer.is_error(answer.status, &code);
        }
        for field in taker.required {
            for changed in [
                with(taker.good.clone(), json!({(*field): null})),
                without(&taker.good, field),
            ] {
                let answer = world.call(taker.method, &taker.path, Some(&changed)).await;
                answer.is_error(422, "VALIDATION_FAILED");
            }
        }
        // Of whatever kind a field is: it is taken, or refused for what it is.
        for field in taker.good.as_object().unwrap().keys() {
            for wrong in WRONG {
                let text = taker.good.to_string();
                let value = taker.good[field].to_string();
                let text = text.replacen(
                    &format!("\"{field}\":{value}"),
                    &format!("\"{field}\":{wrong}"),
                    1,
                );
                let body = Some(Bytes::from(text));
                let answer = world
                    .raw(taker.method, &taker.path, body, "application/json")
                    .await;
                assert!(
                    matches!(answer.status, 200 | 201 | 400 | 404 | 409 | 422),
                    "{at} {field} = {wrong}: {} {}",
                    answer.status,
                    answer.body
                );
                if answer.status >= 400 {
                    let code = answer.body["code"].as_str().unwrap().to_owned();
                    answer.is_error(answer.status, &code);
                    let text = answer.body.to_string();
                    assert!(text.len() < 8_000, "{at} {field}: {} bytes", text.len());
                    assert!(!text.contains('\u{1b}'), "{text}");
                }
            }
        }
        // Other fields, those of somebody else's ids too, change nothing.
        let more = json!({"id": 77, "__proto__": {}, "extra": [1, {"a": null}]});
        let answer = world
            .call(
                taker.method,
                &taker.path,
                Some(&with(taker.good.clone(), more)),
            )
            .await;
        let refuses_others = taker.path == "/api/keys";
        assert_eq!(
            answer.status == 422,
            refuses_others,
            "{at}: {}",
            answer.body
        );
    }
    // The chain that was made has no node; everything else is as it was.
    assert_eq!(
        world.call("DELETE", "/api/chains/5", None).await.status,
        200
    );
    let health = world.get("/health").await;
    assert_eq!(health.body["status"], "healthy", "{}", health.body);
}

#[tokio::test]
async fn every_endpoint_that_takes_a_body_is_in_the_table() {
    let world = World::start().await;
    let (takers, _stream) = takers(&world).await;
    let document = world.get("/openapi.json").await.body;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            if operation.get("requestBody").is_none() {
                continue;
            }
            let of_path: Vec<_> = path.split('/').collect();
            let fits = |it: &&Taker| {
                let segments: Vec<_> = it.path.split('/').collect();
                let pairs = of_path.iter().zip(&segments);
                it.method.eq_ignore_ascii_case(method)
                    && segments.len() == of_path.len()
                    && pairs.fold(true, |fit, (a, b)| fit && (a.starts_with('{') || a == b))
            };
            let found = takers.iter().find(fits);
            assert!(found.is_some(), "{method} {path} is not in the table");
        }
    }
}

fn without(body: &Value, field: &str) -> Value {
    let mut body = body.clone();
    body.as_object_mut().unwrap().remove(field);
    body
}
