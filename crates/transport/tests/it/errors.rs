//! The bodies of answers that went wrong: cut, and never the reason to lose the status.

use event_streamer_testkit::{Script, WireServer};
use event_streamer_transport::CallOptions;

use crate::{get, plain};

#[tokio::test]
async fn they_are_cut_and_may_be_broken() {
    let head = || {
        Script::new()
            .expect_any()
            .head(401, &[("content-length", "1000000")])
    };
    let server = WireServer::scripted([
        head().raw("x".repeat(200)).await_hang_up(),
        head().raw("broken off").close(),
        head().raw("broken off").reset(),
        Script::new()
            .expect_any()
            .head(401, &[("transfer-encoding", "chunked")])
            .raw("zz\r\n"),
    ])
    .await;
    let client = plain().max_error_body_bytes(100).build().unwrap();
    let mut bodies = Vec::new();
    for _ in 0..4 {
        let request = get(&server.url());
        let response = client
            .request(request, CallOptions::default())
            .await
            .unwrap();
        assert_eq!(response.status(), 401);
        bodies.push(response.into_body());
    }
    assert_eq!(bodies[0], "x".repeat(100));
    // A reset may take with it what was not read yet.
    assert!(
        bodies[1..3]
            .iter()
            .all(|body| b"broken off".starts_with(body))
    );
    assert_eq!(bodies[3], "");
    server.finished().await;
}

#[tokio::test(start_paused = true)]
async fn they_are_not_waited_for_long() {
    let script = Script::new()
        .expect_any()
        .head(404, &[("content-length", "10")])
        .raw("half")
        .await_hang_up();
    let server = WireServer::scripted([script]).await;
    let client = plain()
        .dialer(server.dialer())
        .max_idle_connections(0)
        .build()
        .unwrap();
    let start = tokio::time::Instant::now();
    let request = get("http://service.test/");
    let response = client
        .request(request, CallOptions::default())
        .await
        .unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.body()[..]),
        (404, &b"half"[..])
    );
    assert_eq!(start.elapsed().as_secs(), 5);
}
