use std::io::ErrorKind;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;
use crate::{Gate, exchange};

const GET: &str = "GET /a HTTP/1.1\r\nhost: x\r\n\r\n";

async fn connect(server: &WireServer) -> TcpStream {
    TcpStream::connect(server.addr()).await.unwrap()
}

async fn read_exactly(stream: &mut TcpStream, expected: &str) {
    let mut bytes = vec![0; expected.len()];
    stream.read_exact(&mut bytes).await.unwrap();
    assert_eq!(String::from_utf8(bytes).unwrap(), expected);
}

#[tokio::test]
async fn each_connection_gets_its_script_and_requests_are_recorded() {
    let server = WireServer::scripted([
        Script::new().expect("GET /a").respond(200, "one"),
        Script::new()
            .expect("POST /b/*/c")
            .reply(&Reply::json(429, &serde_json::json!({"x": 1}))),
    ])
    .await;

    assert_eq!(
        exchange(server.addr(), GET).await,
        "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\none"
    );
    let second =
        "POST /b/7/c?token=a%2Bb&page=2 HTTP/1.1\r\nx-key: k\r\ncontent-length: 4\r\n\r\n[42]";
    assert_eq!(
        exchange(server.addr(), second).await,
        "HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json\r\n\
         content-length: 7\r\n\r\n{\"x\":1}"
    );

    server.finished().await;
    let request = server.request(1).await;
    assert_eq!((request.connection, request.path()), (1, "/b/7/c"));
    assert_eq!(
        (request.query("token"), request.query("page")),
        (Some("a%2Bb"), Some("2"))
    );
    assert_eq!(request.query("pag"), None);
    assert_eq!(request.header("X-Key"), Some("k"));
    assert_eq!(request.json(), serde_json::json!([42]));
}

#[tokio::test]
async fn gates_hold_a_script_and_tell_where_it_is() {
    let (go, reached) = (Gate::new(), Gate::new());
    let script = Script::new()
        .expect_any()
        .stream_head(&[])
        .chunk("first")
        .signal(&reached)
        .wait(&go)
        .chunk("second")
        .last_chunk();
    let server = WireServer::scripted([script]).await;

    let mut peer = connect(&server).await;
    peer.write_all(GET.as_bytes()).await.unwrap();
    reached.wait().await;
    read_exactly(
        &mut peer,
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
    )
    .await;
    read_exactly(&mut peer, "5\r\nfirst\r\n").await;
    assert_eq!(
        peer.try_read(&mut [0]).unwrap_err().kind(),
        ErrorKind::WouldBlock
    );
    go.open();
    read_exactly(&mut peer, "6\r\nsecond\r\n0\r\n\r\n").await;
    drop(peer);
    server.finished().await;
}

#[tokio::test]
async fn connections_end_as_the_script_says() {
    let server = WireServer::scripted([
        Script::new().reset(),
        Script::new().raw("x").close(),
        Script::new().expect_any().await_hang_up(),
    ])
    .await;

    let reset = connect(&server).await.read(&mut [0]).await;
    assert_eq!(reset.unwrap_err().kind(), ErrorKind::ConnectionReset);

    let mut closed = connect(&server).await;
    read_exactly(&mut closed, "x").await;
    assert_eq!(closed.read(&mut [0]).await.unwrap(), 0);

    let mut silent = connect(&server).await;
    silent.write_all(GET.as_bytes()).await.unwrap();
    server.request(0).await;
    assert_eq!(
        silent.try_read(&mut [0]).unwrap_err().kind(),
        ErrorKind::WouldBlock
    );
    drop(silent);
    server.finished().await;
    assert_eq!(server.accepted(), 3);
}

#[tokio::test]
async fn bytes_can_trickle() {
    let server =
        WireServer::scripted([Script::new().trickle("HTTP/1.1 204 No Content\r\n\r\n")]).await;
    assert_eq!(
        exchange(server.addr(), "").await,
        "HTTP/1.1 204 No Content\r\n\r\n"
    );
    server.finished().await;
}

#[tokio::test]
async fn routes_answer_by_path_over_one_connection() {
    let routes = Routes::new()
        .once("GET /a", Script::new().respond(503, "1"))
        .once("GET /a", Script::new().respond(200, "2"))
        .answer("GET /a", |request| {
            Script::new().respond(200, request.target.clone())
        })
        .always("POST /b", Reply::new(204, ""));
    let server = WireServer::routed(routes).await;
    let mut peer = connect(&server).await;
    for (request, answer) in [
        (
            "GET /a HTTP/1.1\r\n\r\n",
            "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 1\r\n\r\n1",
        ),
        (
            "POST /b HTTP/1.1\r\n\r\n",
            "HTTP/1.1 204 No Content\r\n\r\n",
        ),
        (
            "GET /a HTTP/1.1\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n2",
        ),
        (
            "GET /a?x HTTP/1.1\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n/a?x",
        ),
    ] {
        peer.write_all(request.as_bytes()).await.unwrap();
        read_exactly(&mut peer, answer).await;
    }
    drop(peer);
    server.finished().await;
    assert_eq!(server.accepted(), 1);
    assert_eq!(server.requests_to("GET /a", 2).await.len(), 2);
}

#[tokio::test]
async fn a_routed_script_may_expect_its_own_request_and_more() {
    let script = Script::new()
        .expect("GET /a")
        .respond(200, "")
        .expect("GET /a")
        .close();
    let server = WireServer::routed(Routes::new().once("GET /a", script)).await;
    assert_eq!(server.unused(), ["1 script(s) left for GET /a"]);
    let answer = exchange(server.addr(), &format!("{GET}{GET}")).await;
    assert_eq!(answer, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    server.finished().await;
}

#[tokio::test]
#[should_panic(expected = "connection 0: POST /b came where GET /a was expected")]
async fn another_request_than_expected_is_a_fault() {
    let server = WireServer::scripted([Script::new().expect("GET /a").respond(200, "")]).await;
    exchange(server.addr(), "POST /b HTTP/1.1\r\n\r\n").await;
    server.finished().await;
}

#[tokio::test]
#[should_panic(expected = "connection 1: no script left for it")]
async fn a_connection_too_many_is_a_fault() {
    let server = WireServer::scripted([Script::new().expect_any().respond(200, "")]).await;
    exchange(server.addr(), GET).await;
    exchange(server.addr(), "").await;
    // Without `finished` too, at the drop.
}

#[tokio::test]
#[should_panic(expected = "no route for GET /a")]
async fn a_request_without_a_route_is_a_fault() {
    let server = WireServer::routed(Routes::new()).await;
    assert!(
        exchange(server.addr(), GET)
            .await
            .starts_with("HTTP/1.1 500")
    );
    server.finished().await;
}

#[tokio::test(start_paused = true)]
async fn connections_in_memory_work_under_the_paused_clock() {
    const HOUR: Duration = Duration::from_secs(3600);
    let scripts = (0..100).map(|_| {
        let slow = Script::new().expect_any().delay(HOUR).raw("late");
        slow.delay(HOUR).raw("later").close()
    });
    let server = WireServer::scripted(scripts).await;
    let dial = server.dialer::<()>();
    for _ in 0..100 {
        let start = tokio::time::Instant::now();
        let exchange = async {
            let mut peer = dial(()).await.unwrap();
            peer.write_all(GET.as_bytes()).await.unwrap();
            let mut answer = String::new();
            peer.read_to_string(&mut answer).await.unwrap();
            answer
        };
        // A jump of the clock while bytes are on their way would end this.
        let answer = tokio::time::timeout(HOUR * 3, exchange).await.unwrap();
        assert_eq!(answer, "latelater");
        assert_eq!(start.elapsed().as_secs(), HOUR.as_secs() * 2);
    }
    server.finished().await;
}

#[tokio::test]
async fn connections_in_memory_are_reset_closed_and_refused_like_others() {
    let server = WireServer::scripted([
        Script::new().raw("lost").expect_any().reset(),
        Script::new().raw("kept").close(),
        Script::new().await_hang_up(),
    ])
    .await;
    let dial = server.dialer::<()>();

    let mut peer = dial(()).await.unwrap();
    peer.write_all(GET.as_bytes()).await.unwrap();
    let read = async {
        let mut answer = String::new();
        peer.read_to_string(&mut answer).await
    };
    assert_eq!(read.await.unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(
        peer.write(b"x").await.unwrap_err().kind(),
        ErrorKind::ConnectionReset
    );

    let mut answer = String::new();
    dial(())
        .await
        .unwrap()
        .read_to_string(&mut answer)
        .await
        .unwrap();
    assert_eq!(answer, "kept");

    drop(dial(()).await.unwrap());
    server.finished().await;
    drop(server);
    tokio::task::yield_now().await;
    assert_eq!(
        dial(()).await.unwrap_err().kind(),
        ErrorKind::ConnectionRefused
    );
}
