//! Broken and hostile requests over raw sockets: each has a clear end, none does any harm.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::http::ask;
use super::support::{World, transfers, with};

async fn world() -> World {
    World::tweaked(|mut config| {
        config.http.body_timeout = Duration::from_millis(100);
        config.http.header_timeout = Duration::from_millis(500);
        config
    })
    .await
}

fn address(world: &World) -> SocketAddr {
    world.service.as_ref().unwrap().local_addr()
}

/// A request whose head is closed by an empty line; `headers` end with `\r\n` each.
fn request(line: &str, headers: &str, body: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n{body}")
}

fn post(headers: &str, body: &str) -> String {
    request("POST /subscriptions", headers, body)
}

fn post_json(body: &str) -> String {
    let length = body.len();
    post(
        &format!("Content-Type: application/json\r\nContent-Length: {length}\r\n"),
        body,
    )
}

fn get(path: &str) -> String {
    request(&format!("GET {path}"), "", "")
}

/// The status of an answer; 0 if there was none.
fn status(answer: &str) -> u16 {
    let status = answer.strip_prefix("HTTP/1.1 ");
    status.map_or(0, |rest| rest[..3].parse().unwrap())
}

/// Sends each request; the status must be one of those beside it, an error in the API's shape or
/// without a body. A 200 keeps its meaning only if the service still answers at the end.
async fn hold(world: &World, cases: Vec<(&str, String, &[u16])>) {
    for (what, request, expected) in cases {
        let answer = ask(address(world), &request).await;
        let answer = answer.trim_start_matches("HTTP/1.1 100 Continue\r\n\r\n");
        let found = status(answer);
        assert!(expected.contains(&found), "{what}: {found}\n{answer}");
        assert!(found < 500, "{what}: {answer}");
        if let Some((_, body)) = answer.split_once("\r\n\r\n")
            && found >= 400
            && !body.is_empty()
        {
            let body: Value = serde_json::from_str(body).unwrap();
            assert!(
                body["code"].is_string() && body["error"].is_string(),
                "{what}: {body}"
            );
        }
    }
    assert_eq!(world.get("/health").await.status, 200);
}

#[tokio::test]
async fn bodies() {
    let world = world().await;
    let json = "Content-Type: application/json\r\n";
    let good = transfers().to_string();
    let chunked = |chunks: &str| post(&format!("{json}Transfer-Encoding: chunked\r\n"), chunks);
    let length =
        |length: &str, body: &str| post(&format!("{json}Content-Length: {length}\r\n"), body);
    let typed = |kind: &str| {
        let length = good.len();
        post(
            &format!("Content-Type: {kind}\r\nContent-Length: {length}\r\n"),
            &good,
        )
    };
    let encoded = |encoding: &str| {
        post(
            &format!("{json}Content-Encoding: {encoding}\r\nContent-Length: 4\r\n"),
            "\u{1f}xyz",
        )
    };
    hold(
        &world,
        vec![
            ("empty", length("0", ""), &[400]),
            ("without a length", post(json, ""), &[400]),
            (
                "without a type",
                post("Content-Length: 2\r\n", "{}"),
                &[415],
            ),
            ("another type", typed("text/plain"), &[415]),
            ("a form", typed("application/x-www-form-urlencoded"), &[415]),
            (
                "another charset",
                typed("application/json; charset=utf-16"),
                &[415],
            ),
            ("a length that is too short", length("5", &good), &[400]),
            ("a length that is too long", length("9999", "{}"), &[408]),
            ("a negative length", length("-1", "{}"), &[400]),
            (
                "a huge length",
                length("99999999999999999999", "{}"),
                &[400],
            ),
            (
                "a length above the limit",
                length("1000000000000", "{}"),
                &[413],
            ),
            (
                "lengths that differ",
                post(
                    &format!("{json}Content-Length: 2\r\nContent-Length: 3\r\n"),
                    "{}",
                ),
                &[400],
            ),
            ("a length in words", length("two", "{}"), &[400]),
            (
                "a length and chunks",
                post(
                    &format!("{json}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n"),
                    "2\r\n{}\r\n0\r\n\r\n",
                ),
                &[400, 422],
            ),
            (
                "chunks and a length",
                post(
                    &format!("{json}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n"),
                    "2\r\n{}\r\n0\r\n\r\n",
                ),
                &[400, 422],
            ),
            (
                "an unknown transfer encoding",
                post(&format!("{json}Transfer-Encoding: gzip\r\n"), "x"),
                &[400],
            ),
            (
                "a chunk without a size",
                chunked("zz\r\n{}\r\n0\r\n\r\n"),
                &[400],
            ),
            (
                "a chunk of a huge size",
                chunked("ffffffffffffffffff\r\n{}"),
                &[400],
            ),
            ("a chunk that is cut", chunked("10\r\n{}"), &[400, 408]),
            ("gzip", encoded("gzip"), &[415]),
            ("deflate", encoded("deflate"), &[415]),
            ("br", encoded("br"), &[415]),
            ("zstd", encoded("zstd"), &[415]),
            ("nested gzip", encoded("gzip, gzip"), &[415]),
            (
                "100-continue that is not followed",
                post(
                    &format!("{json}Expect: 100-continue\r\nContent-Length: 2\r\n"),
                    "",
                ),
                &[408],
            ),
        ],
    )
    .await;
    // Chunks count, and what a proxy may take for the next request is not answered.
    let smuggled = format!(
        "POST /subscriptions HTTP/1.1\r\nHost: x\r\n{json}Content-Length: 4\r\n\
         Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    );
    let answers = ask(address(&world), &smuggled).await;
    assert_eq!(answers.matches("HTTP/1.1 ").count(), 1, "{answers}");
    let mut large = "[".repeat(5 * 1024 * 1024);
    large.insert(0, ' ');
    hold(
        &world,
        vec![("larger than the limit", post_json(&large), &[413, 0])],
    )
    .await;
}

#[tokio::test]
async fn heads_and_targets() {
    let world = world().await;
    let header = |header: &str| request("GET /health", &format!("{header}\r\n"), "");
    let bare = |head: &str| format!("{head}\r\n\r\n");
    let many: String = (0..1_000)
        .map(|index| format!("X-{index}: y\r\n"))
        .collect();
    let long = "x".repeat(70_000);
    hold(
        &world,
        vec![
            ("a thousand headers", request("GET /health", &many, ""), &[431]),
            ("a header of 64 KB", header(&format!("X: {long}")), &[431, 0]),
            ("a URL of 64 KB", get(&format!("/{long}")), &[414, 431, 0]),
            ("a query of 60 KB", get(&format!("/subscriptions?page={}", &long[..60_000])), &[422]),
            ("a name with a space", header("X Y: z"), &[400]),
            ("a name with NUL", header("X\0Y: z"), &[400]),
            ("a value with NUL", header("X: a\0b"), &[400]),
            ("a value with a bare CR", header("X: a\rb"), &[400]),
            ("a folded line", header("X: a\r\n b"), &[400]),
            ("a line without a colon", header("nonsense"), &[400]),
            ("no Host", bare("GET /health HTTP/1.1\r\nConnection: close"), &[400]),
            ("two Hosts", header("Host: localhost"), &[400]),
            ("an unreadable Host", bare("GET /health HTTP/1.1\r\nHost: a b\r\nConnection: close"), &[400]),
            ("a Host that a page made up", bare("GET /health HTTP/1.1\r\nHost: evil.example\r\nConnection: close"), &[421]),
            ("absolute form", get("http://localhost/health"), &[200]),
            ("absolute form to somewhere else", get("http://evil.example/health"), &[421]),
            ("authority form", get("localhost:80"), &[400, 404]),
            ("CONNECT", request("CONNECT localhost:80", "", ""), &[400, 404, 405]),
            ("asterisk form", request("OPTIONS *", "", ""), &[400, 404, 405]),
            ("TRACE", request("TRACE /health", "", ""), &[405]),
            ("a method in lower case", request("get /health", "", ""), &[405]),
            ("an unknown method", request("FLY /health", "", ""), &[405]),
            ("no method", bare(" /health HTTP/1.1"), &[400]),
            ("HTTP/0.9", "GET /health\r\n\r\n".to_owned(), &[400]),
            ("HTTP/3.0", bare("GET /health HTTP/3.0\r\nHost: localhost"), &[400]),
            ("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), &[400, 0]),
            ("an upgrade to h2c", request("GET /health", "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n", ""), &[200]),
            ("a page of another origin", post("Origin: https://evil.example\r\nContent-Type: application/json\r\nContent-Length: 2\r\n", "{}"), &[403]),
            ("a page that asks whether it may", request("OPTIONS /subscriptions", "Origin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n", ""), &[405]),
            ("a range", request("GET /health", "Range: bytes=0-1\r\nIf-None-Match: *\r\nIf-Modified-Since: now\r\n", ""), &[200]),
            ("another type wanted", request("GET /health", "Accept: text/html\r\n", ""), &[200]),
            ("not HTTP", "\u{16}\u{3}\u{1}\u{2}\r\n\r\n".to_owned(), &[400]),
        ],
    )
    .await;
    let answer = ask(
        address(&world),
        &request(
            "OPTIONS /subscriptions",
            "Origin: https://evil.example\r\n",
            "",
        ),
    )
    .await;
    assert!(
        !answer.to_lowercase().contains("access-control-"),
        "{answer}"
    );
}

#[tokio::test]
async fn paths_have_one_spelling() {
    let world = world().await;
    world.subscribe(json!({})).await;
    for path in [
        "/../etc/passwd",
        "/health/../subscriptions/1",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/subscriptions/%00",
        "/subscriptions/1%00",
        "/subscriptions/%252e%252e",
        "//subscriptions/1",
        "/subscriptions//1",
        "/subscriptions/1/",
        "/health;a=b",
        "/subscriptions/1;a=b",
        "/HEALTH",
        "/subscriptions/0",
        "/subscriptions/-1",
        "/subscriptions/007",
        "/subscriptions/1e3",
        "/subscriptions/9223372036854775808",
        "/subscriptions/18446744073709551616",
        "/subscriptions/%D9%A1",
        "/subscriptions/%ff",
    ] {
        hold(&world, vec![(path, get(path), &[400, 404, 422])]).await;
    }
    for query in [
        "page=-1",
        "page=0",
        "page_size=0",
        "page_size=1000000000",
        "page=1&page=2",
        "page=",
        "page[]=1",
        "page=%D9%A1",
    ] {
        let allowed: &[u16] = if query == "page[]=1" {
            &[200, 422]
        } else {
            &[422]
        };
        hold(
            &world,
            vec![(query, get(&format!("/subscriptions?{query}")), allowed)],
        )
        .await;
    }
}

#[tokio::test]
async fn fields_that_are_not_what_they_should_be() {
    let world = world().await;
    let mut cases = Vec::new();
    for field in [
        "event_signature",
        "start_block",
        "chain_id",
        "subscriber_id",
    ] {
        let mut missing = transfers();
        missing.as_object_mut().unwrap().remove(field);
        cases.push((field, post_json(&missing.to_string()), &[422][..]));
        let null = with(transfers(), json!({field: null}));
        cases.push((field, post_json(&null.to_string()), &[422][..]));
    }
    for (field, _) in transfers().as_object().unwrap() {
        let wrong = with(transfers(), json!({field: {"a": [1]}}));
        cases.push(("of another type", post_json(&wrong.to_string()), &[422][..]));
    }
    let texts = [
        (
            "a lone surrogate",
            r#"{"subscriber_id": "\ud800"}"#,
            &[400][..],
        ),
        ("NaN", r#"{"start_block": NaN}"#, &[400]),
        ("infinity", r#"{"start_block": 1e999}"#, &[400]),
        ("null", "null", &[422]),
        ("an array", "[]", &[422]),
        ("a comment", "{} // {}", &[400]),
        ("two documents", "{}{}", &[400]),
        ("a comma too many", r#"{"a": 1,}"#, &[400]),
    ];
    for (what, text, expected) in texts {
        cases.push((what, post_json(text), expected));
    }
    let deep = "[".repeat(100_000);
    cases.push(("a hundred thousand levels", post_json(&deep), &[400]));
    let address = format!("0x{}", "ab".repeat(20));
    let values = [
        ("an integer with a point", json!({"start_block": 1.5})),
        ("a negative block", json!({"start_block": -1})),
        ("chain 0", json!({"chain_id": 0})),
        ("a negative chain", json!({"chain_id": -1})),
        ("an unknown chain", json!({"chain_id": u64::MAX})),
        ("a chain in words", json!({"chain_id": "ethereum"})),
        (
            "an end before its start",
            json!({"start_block": 110, "end_block": 105}),
        ),
        (
            "10,001 addresses",
            json!({"addresses": vec![address.clone(); 10_001]}),
        ),
        ("39 digits", json!({"addresses": [&address[..41]]})),
        ("41 digits", json!({"addresses": [format!("{address}a")]})),
        (
            "an address without 0x",
            json!({"addresses": [&address[2..]]}),
        ),
        (
            "a name for an address",
            json!({"addresses": ["vitalik.eth"]}),
        ),
        ("an ellipsis", json!({"addresses": ["0x..."]})),
        ("a short topic", json!({"topic0": "0xdd"})),
        (
            "a topic that is not hex",
            json!({"topic0": format!("0x{}", "zz".repeat(32))}),
        ),
        (
            "a topic of another event",
            json!({"topic0": format!("0x{}", "00".repeat(32))}),
        ),
        ("no subscriber", json!({"subscriber_id": ""})),
    ];
    for (what, change) in values {
        cases.push((
            what,
            post_json(&with(transfers(), change).to_string()),
            &[422],
        ));
    }
    // Odd, and legal or not: never a fault of ours.
    for (what, change) in [
        (
            "the last block there can be",
            json!({"end_block": u64::MAX}),
        ),
        ("an address twice", json!({"addresses": [address, address]})),
        (
            "fields of the answer",
            json!({"id": 7, "created_at": "never"}),
        ),
        ("a subscriber with NUL", json!({"subscriber_id": "a\0b"})),
        (
            "a subscriber with a newline",
            json!({"subscriber_id": "a\nb"}),
        ),
        (
            "a subscriber of ANSI",
            json!({"subscriber_id": "\u{1b}[31mred"}),
        ),
        (
            "a subscriber of SQL",
            json!({"subscriber_id": "'; DROP TABLE subscriptions; --"}),
        ),
        (
            "a subscriber of emoji",
            json!({"subscriber_id": "\u{1f980}\u{202e}abc"}),
        ),
        (
            "a subscriber that is a path",
            json!({"subscriber_id": "../../etc/passwd"}),
        ),
        (
            "a subscriber of 1 MB",
            json!({"subscriber_id": "x".repeat(1_000_000)}),
        ),
    ] {
        cases.push((
            what,
            post_json(&with(transfers(), change).to_string()),
            &[201, 422],
        ));
    }
    let mut twice = transfers().to_string();
    twice.insert_str(1, "\"chain_id\": 1, ");
    cases.push(("a key twice", post_json(&twice), &[201, 400, 422]));
    hold(&world, cases).await;
}

#[tokio::test]
async fn tokens_keys_and_ids() {
    let world = world().await;
    let id = world.subscribe(json!({"end_block": null})).await;
    let mut stream = world.stream(id, "", "").await;
    let batch = stream.batch().await;
    let token = batch["resume_token"].as_str().unwrap().to_owned();
    let connection = batch["connection_id"].as_str().unwrap().to_owned();
    let flipped = format!(
        "{}{}",
        &token[..token.len() - 3],
        if token.ends_with("AAA") { "BBB" } else { "AAA" }
    );
    let mut cases = Vec::new();
    let open = |token: &str| get(&format!("/subscriptions/{id}/stream?resume_token={token}"));
    for (what, token) in [
        ("an empty token", String::new()),
        ("white space", "%20".to_owned()),
        ("reserved characters", "%2B%2F%3D%26%23%25".to_owned()),
        ("encoded twice", token.replace('_', "%255F")),
        ("cut", token[..token.len() / 2].to_owned()),
        ("bits flipped", flipped),
        ("60 KB", "x".repeat(60_000)),
        ("another form", "rt_e30".to_owned()),
    ] {
        cases.push((what, open(&token), &[400, 422][..]));
    }
    let other = world.subscribe(json!({"end_block": null})).await;
    cases.push((
        "another subscription's token",
        get(&format!(
            "/subscriptions/{other}/stream?resume_token={token}"
        )),
        &[400],
    ));
    let post = |path: &str, body: &Value| {
        let body = body.to_string();
        let headers = format!(
            "Content-Type: application/json\r\nContent-Length: {}\r\n",
            body.len()
        );
        request(&format!("POST {path}"), &headers, &body)
    };
    let ack = format!("/subscriptions/{id}/stream/{connection}/ack/batch");
    let bulk = format!("{ack}/bulk");
    let beat = format!("/stream/{connection}/heartbeat");
    let heartbeat = |change: Value| {
        let good = json!({"connection_id": connection, "timestamp": "2026-01-01T00:00:00.000Z", "client_status": "active"});
        post(&beat, &with(good, change))
    };
    let many = vec!["batch_1".to_owned(); 70_000];
    cases.extend([
        (
            "a batch nobody sent",
            post(
                &ack,
                &json!({"batch_id": "batch_00000000-0000-0000-0000-000000000000"}),
            ),
            &[404][..],
        ),
        (
            "no batch id",
            post(&ack, &json!({"batch_id": ""})),
            &[404, 422],
        ),
        (
            "a batch id of 1 MB",
            post(&ack, &json!({"batch_id": "x".repeat(1_000_000)})),
            &[404, 422],
        ),
        (
            "no batch ids",
            post(&bulk, &json!({"batch_ids": []})),
            &[200, 422],
        ),
        (
            "70,000 batch ids",
            post(&bulk, &json!({"batch_ids": many})),
            &[422],
        ),
        (
            "a connection that is none",
            post(
                &format!("/subscriptions/{id}/stream/conn_x/ack/batch"),
                &json!({"batch_id": "b"}),
            ),
            &[404],
        ),
        (
            "another's connection",
            post(
                &format!("/subscriptions/{other}/stream/{connection}/ack/batch"),
                &json!({"batch_id": "b"}),
            ),
            &[404],
        ),
        (
            "a time that is none",
            heartbeat(json!({"timestamp": "yesterday"})),
            &[422],
        ),
        (
            "the time 1970",
            heartbeat(json!({"timestamp": "1970-01-01T00:00:00.000Z"})),
            &[200, 422],
        ),
        (
            "the time 9999",
            heartbeat(json!({"timestamp": "9999-12-31T23:59:59.999Z"})),
            &[200, 422],
        ),
    ]);
    hold(&world, cases).await;
}

#[tokio::test]
async fn keys_that_are_none() {
    let world = world().await;
    let created = world
        .post("/api/keys", json!({"name": "ops", "admin": true}))
        .await;
    let key = created.body["key"].as_str().unwrap();
    let with = |headers: &str| request("GET /subscriptions", headers, "");
    let bearer = |key: &str| with(&format!("Authorization: Bearer {key}\r\n"));
    let long = "x".repeat(10_000);
    let mut cases = vec![
        ("no key", with(""), &[401][..]),
        ("an empty key", bearer(""), &[401]),
        ("another prefix", bearer(&key.replace("es_", "xx_")), &[401]),
        ("a key that is cut", bearer(&key[..key.len() - 1]), &[401]),
        ("a key of 10 KB", bearer(&long), &[401]),
        ("a key that is not ASCII", bearer("es_1_\u{e9}"), &[401]),
        (
            "another scheme",
            with(&format!("Authorization: Basic {key}\r\n")),
            &[401],
        ),
        (
            "no scheme",
            with(&format!("Authorization: {key}\r\n")),
            &[401],
        ),
        (
            "a key in the query",
            get(&format!("/subscriptions?api_key={key}")),
            &[401],
        ),
        (
            "the scheme in lower case",
            with(&format!("authorization: bearer {key}\r\n")),
            &[200],
        ),
        ("the key", bearer(key), &[200]),
    ];
    cases.push((
        "two keys",
        with(&format!(
            "Authorization: Bearer {key}\r\nAuthorization: Bearer {key}\r\n"
        )),
        &[401],
    ));
    cases.push((
        "a key by two ways",
        with(&format!(
            "Authorization: Bearer {key}\r\nX-API-Key: {key}\r\n"
        )),
        &[401],
    ));
    hold(&world, cases).await;
}

#[tokio::test]
async fn a_connection_serves_as_many_requests_as_are_asked() {
    const REQUESTS: usize = 10_000;
    let world = World::start().await;
    let socket = TcpStream::connect(address(&world)).await.unwrap();
    let (mut reader, mut writer) = socket.into_split();
    let writing = async {
        let request = b"HEAD /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
        for _ in 1..REQUESTS {
            writer.write_all(request).await.unwrap();
        }
        let last = b"HEAD /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        writer.write_all(last).await.unwrap();
    };
    let reading = async {
        let mut answers = String::new();
        reader.read_to_string(&mut answers).await.unwrap();
        answers.matches("HTTP/1.1 200 OK").count()
    };
    let ((), answered) = tokio::join!(writing, reading);
    assert_eq!(answered, REQUESTS);
}
