//! Closed or dropped, a client leaves nothing behind.

use std::time::Duration;

use event_streamer_client::{ErrorKind, EventStreamer};
use event_streamer_testkit::{Routes, StreamLines, WireServer, event};
use tokio::runtime::{Builder, Handle, Runtime};

use crate::harness::*;

/// A runtime of the server's own, so that the tasks of the other are the client's.
fn server_runtime() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(1).enable_all().build().unwrap()
}

fn client_runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

async fn no_task_is_left() {
    while Handle::current().metrics().num_alive_tasks() > 0 {
        tokio::task::yield_now().await;
    }
}

fn routes() -> Routes {
    let mut lines = StreamLines::new(7, "c1");
    let stream = stream_head("c1")
        .chunk(lines.batch(&[event(10, 0)]))
        .await_hang_up();
    agreeable(Routes::new().once(STREAM, stream)).always(
        "GET /health",
        event_streamer_testkit::Reply::new(200, r#"{"status":"healthy"}"#),
    )
}

#[test]
fn closing_ends_calls_connections_and_streams_and_says_so() {
    let servers = server_runtime();
    let server = servers.block_on(WireServer::routed(routes()));
    client_runtime().block_on(async {
        let client = EventStreamer::new(server.url(), "tester").unwrap();
        assert!(client.health_check().await);
        let mut seen = Seen::new();
        let mut stream = client.create_streaming_client(subscription(), options());
        stream.on_all_events(seen.handler());
        stream.start_streaming().await.unwrap();
        seen.next(1).await;
        client.clone().close().await;
        let error = tokio::time::timeout(Duration::from_secs(60), stream.finished()).await;
        let error = error.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Stopped, "{error}");
        assert!(
            error.to_string().contains("the client is closed"),
            "{error}"
        );
        let error = client.get_health().await.unwrap_err();
        assert_eq!(error.to_string(), "get health: the client is closed");
        assert!(!error.is_retryable());
        no_task_is_left().await;
    });
    assert_eq!(
        servers.block_on(async { server.requests_to(STREAM, 1).await.len() }),
        1
    );
}

#[test]
fn dropping_client_and_stream_leaves_no_task() {
    let servers = server_runtime();
    let server = servers.block_on(WireServer::routed(routes()));
    client_runtime().block_on(async {
        let client = EventStreamer::new(server.url(), "tester").unwrap();
        let mut seen = Seen::new();
        let mut stream = client.create_streaming_client(subscription(), options());
        stream.on_all_events(seen.handler());
        stream.start_streaming().await.unwrap();
        seen.next(1).await;
        drop(client);
        drop(stream);
        no_task_is_left().await;
    });
}
