use std::io::ErrorKind;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;
use crate::{Gate, RefusedPort, Routes, Script, WireServer, exchange};

const GET: &str = "GET / HTTP/1.1\r\n\r\n";

/// A server that sends `first`, waits for the gate, sends `second`, and stays.
async fn server_in_two_parts(gate: &Gate) -> WireServer {
    let routes = Routes::new().answer("GET /", {
        let gate = gate.clone();
        move |_| {
            Script::new()
                .raw("first")
                .wait(&gate)
                .raw("second")
                .await_hang_up()
        }
    });
    WireServer::routed(routes).await
}

async fn connect(proxy: &FaultProxy) -> TcpStream {
    let mut client = TcpStream::connect(proxy.addr()).await.unwrap();
    client.write_all(GET.as_bytes()).await.unwrap();
    client
}

async fn read_exactly(client: &mut TcpStream, expected: &str) {
    let mut bytes = vec![0; expected.len()];
    client.read_exact(&mut bytes).await.unwrap();
    assert_eq!(bytes, expected.as_bytes());
}

async fn read_error(client: &mut TcpStream) -> ErrorKind {
    client.read(&mut [0; 64]).await.unwrap_err().kind()
}

#[tokio::test]
async fn forwards_both_ways_and_ends_with_its_sides() {
    let body = "x".repeat(1 << 20);
    let server =
        WireServer::scripted([Script::new().expect_any().respond(200, body.clone())]).await;
    let proxy = FaultProxy::before(server.addr());
    let request = format!(
        "POST /a HTTP/1.1\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = exchange(proxy.addr(), &request).await;
    assert!(answer.ends_with(&body));
    assert_eq!(server.request(0).await.body, body);
    server.finished().await;
    assert_eq!(proxy.accepted(), 1);
}

#[tokio::test]
async fn resets_and_ends_on_command() {
    for reset in [true, false] {
        let gate = Gate::new();
        let server = server_in_two_parts(&gate).await;
        let proxy = FaultProxy::before(server.addr());
        let mut client = connect(&proxy).await;
        read_exactly(&mut client, "first").await;
        if reset {
            proxy.reset().await;
            assert_eq!(read_error(&mut client).await, ErrorKind::ConnectionReset);
        } else {
            proxy.end().await;
            assert_eq!(client.read(&mut [0; 64]).await.unwrap(), 0);
        }
        assert_eq!(proxy.open(), 0);
        gate.open();
        server.finished().await;
    }
}

#[tokio::test]
async fn resets_after_a_number_of_bytes() {
    let server = WireServer::scripted([
        Script::new().expect_any().raw("0123456789").await_hang_up(),
        Script::new().expect_any().raw("whole").close(),
    ])
    .await;
    let proxy = FaultProxy::before(server.addr());
    proxy.reset_after(4);
    let mut client = connect(&proxy).await;
    let mut got = Vec::new();
    let error = client.read_to_end(&mut got).await.unwrap_err();
    assert_eq!(
        (error.kind(), got.as_slice()),
        (ErrorKind::ConnectionReset, &b"0123"[..])
    );
    // Once.
    assert_eq!(exchange(proxy.addr(), GET).await, "whole");
    server.finished().await;
}

#[tokio::test]
async fn refuses_and_accepts_on_the_same_port() {
    let server =
        WireServer::scripted([0; 3].map(|_| Script::new().expect_any().raw("ok").close())).await;
    let proxy = FaultProxy::before(server.addr());
    for _ in 0..3 {
        assert_eq!(exchange(proxy.addr(), GET).await, "ok");
        proxy.refuse().await;
        let refused = TcpStream::connect(proxy.addr()).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
        proxy.accept().await;
    }
    server.finished().await;
}

#[tokio::test]
async fn an_upstream_that_is_gone_shows_as_a_reset_until_there_is_another() {
    let proxy = {
        let nobody = RefusedPort::new();
        let proxy = FaultProxy::before(nobody.addr());
        let mut client = TcpStream::connect(proxy.addr()).await.unwrap();
        assert_eq!(read_error(&mut client).await, ErrorKind::ConnectionReset);
        proxy
    };
    let server = WireServer::scripted([Script::new().expect_any().raw("new").close()]).await;
    proxy.set_upstream(server.addr());
    assert_eq!(exchange(proxy.addr(), GET).await, "new");
    proxy.accepted_at_least(2).await;
}

#[tokio::test]
async fn stalls_and_resumes_without_losing_a_byte() {
    let gate = Gate::new();
    let server = server_in_two_parts(&gate).await;
    let proxy = FaultProxy::before(server.addr());
    let mut client = connect(&proxy).await;
    read_exactly(&mut client, "first").await;
    proxy.stall();
    gate.open();
    // Another connection is accepted meanwhile, and as silent.
    let other = TcpStream::connect(proxy.addr()).await.unwrap();
    proxy.accepted_at_least(2).await;
    for silent in [&client, &other] {
        assert_eq!(
            silent.try_read(&mut [0]).unwrap_err().kind(),
            ErrorKind::WouldBlock
        );
    }
    proxy.resume();
    read_exactly(&mut client, "second").await;
    drop((client, other));
    server.finished().await;
}

#[tokio::test(start_paused = true)]
async fn delays_each_piece() {
    let server = WireServer::scripted([Script::new().expect_any().raw("late").close()]).await;
    let proxy = FaultProxy::before(server.addr());
    let delay = Duration::from_secs(3);
    proxy.delay(delay);
    let start = tokio::time::Instant::now();
    assert_eq!(exchange(proxy.addr(), GET).await, "late");
    // Request and answer.
    assert!(start.elapsed() >= delay * 2, "{:?}", start.elapsed());
}
