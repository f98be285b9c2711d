//! What is sent, what comes back, and what happens when nothing proper does.

use bytes::Bytes;
use event_streamer_testkit::{RefusedPort, Reply, Routes, Script, WireServer};
use event_streamer_transport::{CallOptions, Credentials, TransportErrorKind};
use http::{Request, StatusCode};

use crate::{client, get, plain};

#[tokio::test]
async fn sends_the_request_with_the_standard_headers_and_no_others() {
    let server =
        WireServer::scripted([Script::new().expect("POST /a/b").respond(201, "made")]).await;
    let client = plain()
        .user_agent("tester/1")
        .default_header("x-team", "a")
        .default_header("x-team", "b")
        .credentials(Credentials::bearer("token"))
        .build()
        .unwrap();
    let request = Request::post(format!("{}/a/b?c=d%2B", server.url()))
        .body(Bytes::from("body"))
        .unwrap();

    let response = client
        .request(request, CallOptions::default())
        .await
        .unwrap();

    assert_eq!(response.status(), StatusCode::CREATED);
    assert_eq!(response.body(), "made");
    let seen = server.request(0).await;
    assert_eq!(
        (seen.target.as_str(), &seen.body[..]),
        ("/a/b?c=d%2B", &b"body"[..])
    );
    let mut headers: Vec<_> = seen
        .headers
        .iter()
        .map(|(n, v)| (n.as_str(), v.to_str().unwrap()))
        .collect();
    headers.sort_unstable();
    let host = server.addr().to_string();
    assert_eq!(
        headers,
        [
            ("authorization", "Bearer token"),
            ("content-length", "4"),
            ("host", host.as_str()),
            ("user-agent", "tester/1"),
            ("x-team", "a"),
            ("x-team", "b"),
        ]
    );
}

#[tokio::test]
async fn a_stream_is_asked_for_with_the_same_headers() {
    let server = WireServer::scripted([Script::new().expect("GET /s").respond(200, "")]).await;
    let client = plain()
        .origin(server.url())
        .default_header("x-team", "a")
        .credentials(Credentials::bearer("token"))
        .build()
        .unwrap();
    let request = get(&format!("{}/s", server.url()));
    client.stream(request).await.unwrap();
    let seen = server.request(0).await;
    assert_eq!(seen.header("authorization"), Some("Bearer token"));
    assert_eq!(seen.header("x-team"), Some("a"));
}

#[tokio::test]
async fn credentials_stay_at_their_origin() {
    let reply = || Routes::new().always("GET /", Reply::new(200, ""));
    let (own, other) = (
        WireServer::routed(reply()).await,
        WireServer::routed(reply()).await,
    );
    let client = plain()
        .origin(own.url())
        .credentials(Credentials::api_key("key"))
        .build()
        .unwrap();
    for server in [&own, &other] {
        client
            .request(get(&server.url()), CallOptions::default())
            .await
            .unwrap();
    }
    assert_eq!(own.request(0).await.header("x-api-key"), Some("key"));
    assert_eq!(other.request(0).await.header("x-api-key"), None);
}

#[tokio::test]
async fn user_info_of_the_url_is_sent_as_basic_authorization() {
    let server = WireServer::scripted([Script::new().expect("GET /").respond(200, "")]).await;
    let url = format!("http://Aladdin:open%20sesame@{}/", server.addr());
    client()
        .request(get(&url), CallOptions::default())
        .await
        .unwrap();
    let seen = server.request(0).await;
    assert_eq!(
        seen.header("authorization"),
        Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
    );
    assert_eq!(
        seen.header("host"),
        Some(server.addr().to_string().as_str())
    );
}

#[tokio::test]
async fn every_status_is_an_answer_and_its_body_comes_along() {
    let html = "<html><body>502 Bad Gateway</body></html>";
    let statuses = [
        200, 204, 304, 400, 401, 403, 404, 409, 410, 413, 422, 429, 500, 502, 503,
    ];
    let scripts = statuses.map(|status| {
        let body = if matches!(status, 204 | 304) {
            ""
        } else {
            html
        };
        Script::new()
            .expect_any()
            .reply(&Reply::new(status, body).with_header("content-type", "text/html"))
    });
    let server = WireServer::scripted(scripts).await;
    let client = plain().max_idle_connections(0).build().unwrap();
    for status in statuses {
        let response = client
            .request(get(&server.url()), CallOptions::default())
            .await
            .unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(
            response.body().is_empty(),
            matches!(status, 204 | 304),
            "{status}"
        );
    }
    server.finished().await;
}

#[tokio::test]
async fn redirects_are_answers_and_not_followed() {
    let target = WireServer::scripted([]).await;
    let location = format!("{}/stolen", target.url());
    let statuses = [301, 302, 303, 307, 308];
    let scripts = statuses.map(|status| {
        Script::new()
            .expect_any()
            .reply(&Reply::new(status, "").with_header("location", &location))
    });
    let server = WireServer::scripted(scripts).await;
    let client = plain().max_idle_connections(0).build().unwrap();
    for status in statuses {
        let response = client
            .request(get(&server.url()), CallOptions::default())
            .await
            .unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["location"], location);
    }
    server.finished().await;
    assert_eq!(target.accepted(), 0);
}

#[tokio::test]
async fn informational_answers_come_before_the_real_one() {
    let server = WireServer::scripted([Script::new()
        .expect_any()
        .raw("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n")
        .respond(200, "real")])
    .await;
    let response = client()
        .request(get(&server.url()), CallOptions::default())
        .await
        .unwrap();
    assert_eq!(
        (response.status(), &response.body()[..]),
        (StatusCode::OK, &b"real"[..])
    );
}

#[tokio::test]
async fn connections_are_used_again() {
    let server = WireServer::routed(Routes::new().always("GET /", Reply::new(200, "x"))).await;
    let client = client();
    for _ in 0..5 {
        client
            .request(get(&server.url()), CallOptions::default())
            .await
            .unwrap();
    }
    assert_eq!((server.requests().len(), server.accepted()), (5, 1));
}

#[tokio::test]
async fn a_refused_connection_is_a_connect_error() {
    let port = RefusedPort::new();
    let error = client()
        .request(get(&port.url()), CallOptions::default())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Connect);
    assert!(error.is_connect() && error.is_retryable() && !error.is_timeout());
    assert_eq!(error.origin().unwrap().to_string(), port.url());
}

#[tokio::test]
async fn a_connection_that_ends_before_the_head_is_interrupted() {
    let half_a_head = "HTTP/1.1 200 OK\r\ncontent-le";
    let server = WireServer::scripted([
        Script::new().expect_any().reset(),
        Script::new().expect_any().close(),
        Script::new().expect_any().raw(half_a_head).close(),
    ])
    .await;
    for case in ["reset", "closed", "half a head"] {
        let error = client()
            .request(get(&server.url()), CallOptions::default())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Interrupted, "{case}");
        assert!(error.is_retryable() && !error.is_connect());
    }
    server.finished().await;
}

#[tokio::test]
async fn what_is_not_http_is_a_protocol_error() {
    let long_header = format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "a".repeat(1 << 20));
    let many_headers = format!("HTTP/1.1 200 OK\r\n{}\r\n", "x: y\r\n".repeat(1000));
    let server = WireServer::scripted([
        Script::new()
            .expect_any()
            .raw("SSH-2.0-OpenSSH_9.6\r\n\r\n"),
        Script::new()
            .expect_any()
            .raw("HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n"),
        Script::new()
            .expect_any()
            .raw("HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab"),
        Script::new().expect_any().raw(long_header),
        Script::new().expect_any().raw(many_headers),
    ])
    .await;
    for case in [
        "another protocol",
        "negative length",
        "two lengths",
        "long header",
        "many headers",
    ] {
        let error = client()
            .request(get(&server.url()), CallOptions::default())
            .await
            .unwrap_err();
        assert_eq!(
            error.kind(),
            TransportErrorKind::Protocol,
            "{case}: {error:?}"
        );
    }
    server.finished().await;
}

#[tokio::test]
async fn a_request_that_cannot_be_sent_is_refused_before_connecting() {
    for url in ["/relative", "ftp://127.0.0.1/", "unix://socket"] {
        let error = client()
            .request(get(url), CallOptions::default())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::InvalidRequest, "{url}");
        assert!(!error.is_retryable());
    }
}
