//! How a client ends: closed or dropped, it leaves no task behind.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use event_streamer_testkit::{Gate, Reply, Routes, Script, WireServer};
use event_streamer_transport::{CallOptions, HttpClient, TransportErrorKind};
use tokio::runtime::{Builder, Runtime};

use crate::{client, get, plain};

/// Two runtimes: the tasks of the second are the client's.
fn runtimes() -> (Runtime, Runtime) {
    let one = |workers| {
        let mut builder = Builder::new_multi_thread();
        builder
            .worker_threads(workers)
            .enable_all()
            .build()
            .unwrap()
    };
    (
        one(1),
        Builder::new_current_thread().enable_all().build().unwrap(),
    )
}

fn tasks() -> usize {
    tokio::runtime::Handle::current()
        .metrics()
        .num_alive_tasks()
}

/// Lets what was woken run until nothing of the client is left.
async fn no_task_is_left() {
    while tasks() > 0 {
        tokio::task::yield_now().await;
    }
}

fn routes() -> Routes {
    Routes::new()
        .always("GET /", Reply::new(200, "whole"))
        .answer("GET /stream", |_| {
            Script::new().stream_head(&[]).chunk("x").await_hang_up()
        })
}

/// A client with an idle connection in its pool.
async fn used_client(server: &WireServer) -> HttpClient {
    let client = client();
    client
        .request(get(&server.url()), CallOptions::default())
        .await
        .unwrap();
    assert!(tasks() > 0, "connections have tasks");
    client
}

#[test]
fn closing_ends_connections_and_streams_and_returns_when_no_task_is_left() {
    let (servers, clients) = runtimes();
    let server = servers.block_on(WireServer::routed(routes()));
    clients.block_on(async {
        let client = used_client(&server).await;
        let url = format!("{}/stream", server.url());
        let mut body = client.stream(get(&url)).await.unwrap().into_body();
        assert_eq!(body.chunk().await.unwrap().unwrap(), "x");
        client.close().await;
        // The bodies' tasks are gone before; only the pool's timer may still be about to see it.
        no_task_is_left().await;
        let error = body.chunk().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Closed, "{error:?}");
        assert!(body.chunk().await.is_none());

        let again = client.clone();
        for error in [
            client
                .request(get(&url), CallOptions::default())
                .await
                .unwrap_err(),
            again.stream(get(&url)).await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), TransportErrorKind::Closed);
            assert_eq!(error.to_string(), "the client is closed");
            assert!(!error.is_retryable());
        }
        again.close().await;
    });
    servers.block_on(server.finished());
}

#[tokio::test]
async fn closing_lets_calls_under_way_end() {
    let (asked, answer) = (Gate::new(), Gate::new());
    let script = Script::new()
        .expect_any()
        .signal(&asked)
        .wait(&answer)
        .respond(200, "whole");
    let server = WireServer::scripted([script]).await;
    let client = client();
    let call = tokio::spawn({
        let (client, request) = (client.clone(), get(&server.url()));
        async move { client.request(request, CallOptions::default()).await }
    });
    asked.wait().await;
    let mut closing = pin!(client.close());
    poll_fn(|context| {
        assert!(
            closing.as_mut().poll(context).is_pending(),
            "a call is under way"
        );
        Poll::Ready(())
    })
    .await;
    // No new call once closing has begun, whatever is under way.
    let late = client.request(get(&server.url()), CallOptions::default());
    assert_eq!(late.await.unwrap_err().kind(), TransportErrorKind::Closed);
    answer.open();
    assert_eq!(call.await.unwrap().unwrap().body(), "whole");
    closing.await;
    server.finished().await;
}

#[test]
fn dropping_the_last_handle_leaves_no_task() {
    let (servers, clients) = runtimes();
    let server = servers.block_on(WireServer::routed(routes()));
    clients.block_on(async {
        let client = used_client(&server).await;
        let url = format!("{}/stream", server.url());
        let mut body = client.stream(get(&url)).await.unwrap().into_body();
        drop(client);
        // A body outlives its client.
        assert_eq!(body.chunk().await.unwrap().unwrap(), "x");
        drop(body);
        no_task_is_left().await;
    });
    servers.block_on(server.finished());
}

#[test]
fn a_call_that_is_dropped_leaves_no_task() {
    let (servers, clients) = runtimes();
    let asked = Gate::new();
    let script = Script::new().expect_any().signal(&asked).await_hang_up();
    let server = servers.block_on(WireServer::scripted([script]));
    clients.block_on(async {
        let client = plain().build().unwrap();
        let request = get(&server.url());
        tokio::select! {
            _ = client.request(request, CallOptions::default()) => panic!("it never answers"),
            () = asked.wait() => {}
        }
        drop(client);
        no_task_is_left().await;
    });
    servers.block_on(server.finished());
}
