//! The sockets: what a client can do to them, and what it cannot.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use event_streamer_server::{Accept, Service};
use event_streamer_testkit::exchange;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::support::World;

/// Sends a request and reads until the service closes. Unlike [`exchange`] it keeps its own side
/// open, as clients do that want an answer. A service that refuses a request may close before it has
/// read all of it; what it said until then is the answer.
pub(super) async fn ask(address: SocketAddr, request: &str) -> String {
    let mut socket = TcpStream::connect(address).await.unwrap();
    let closed = |error: &io::Error| {
        let kind = error.kind();
        matches!(
            kind,
            io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset
        )
    };
    if let Err(error) = socket.write_all(request.as_bytes()).await {
        assert!(closed(&error), "{error}");
    }
    let mut answer = Vec::new();
    if let Err(error) = socket.read_to_end(&mut answer).await {
        assert!(closed(&error), "{error}");
    }
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn half_a_request_does_not_hold_a_socket_for_ever() {
    let world = World::tweaked(|mut config| {
        config.http.header_timeout = Duration::from_millis(50);
        config
    })
    .await;
    let address = world.service.as_ref().unwrap().local_addr();
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket
        .write_all(b"GET /health HTTP/1.1\r\nHost:")
        .await
        .unwrap();
    let mut answer = Vec::new();
    // Ends when the service closes the socket.
    let _ = socket.read_to_end(&mut answer).await;
    assert_eq!(world.get("/health").await.status, 200);
}

#[tokio::test]
async fn a_body_that_never_comes_is_not_waited_for() {
    let world = World::tweaked(|mut config| {
        config.http.body_timeout = Duration::from_millis(50);
        config
    })
    .await;
    let address = world.service.as_ref().unwrap().local_addr();
    let mut socket = TcpStream::connect(address).await.unwrap();
    let head = "POST /subscriptions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                Content-Length: 10\r\n\r\n{";
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4096];
    let length = socket.read(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..length]);
    assert!(
        answer.starts_with("HTTP/1.1 408 ") && answer.contains("REQUEST_TIMEOUT"),
        "{answer}"
    );
}

#[tokio::test]
async fn sockets_beyond_the_limit_wait_for_their_turn() {
    let world = World::tweaked(|mut config| {
        config.http.max_sockets = 1;
        config
    })
    .await;
    let address = world.service.as_ref().unwrap().local_addr();
    let idle = TcpStream::connect(address).await.unwrap();
    let waiting = ask(
        address,
        "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    );
    let mut waiting = std::pin::pin!(waiting);
    assert!(futures_util::poll!(waiting.as_mut()).is_pending());
    drop(idle);
    assert!(waiting.await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn broken_requests_are_answered_and_harm_nobody() {
    let world = World::start().await;
    let address = world.service.as_ref().unwrap().local_addr();
    let many: String = (0..1_000)
        .map(|index| format!("X-{index}: y\r\n"))
        .collect();
    let long = "x".repeat(100_000);
    let cases = [
        "NONSENSE\r\n\r\n".to_owned(),
        "GET / HTTP/9.9\r\n\r\n".to_owned(),
        "GET /health HTTP/1.1\r\nBad Name: y\r\n\r\n".to_owned(),
        "GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n".to_owned(),
        "POST /subscriptions HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"
            .to_owned(),
        format!("GET /health HTTP/1.1\r\n{many}\r\n"),
        format!("GET /{long} HTTP/1.1\r\n\r\n"),
    ];
    for case in cases {
        let answer = exchange(address, &case).await;
        let status = answer.split(' ').nth(1).unwrap_or_default();
        assert!(
            answer.is_empty() || status.starts_with('4'),
            "{}: {answer}",
            &case[..20.min(case.len())]
        );
    }
    assert_eq!(world.get("/health").await.status, 200);
}

#[tokio::test]
async fn a_head_request_does_not_open_a_stream() {
    let world = World::start().await;
    let id = world.subscribe(json!({})).await;
    let address = world.service.as_ref().unwrap().local_addr();
    let request =
        format!("HEAD /subscriptions/{id}/stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    let answer = ask(address, &request).await;
    assert!(answer.starts_with("HTTP/1.1 405 "), "{answer}");
    assert_eq!(world.get("/api/connections").await.body, json!([]));
}

#[tokio::test]
async fn streams_are_limited() {
    let world = World::tweaked(|mut config| {
        config.delivery.max_connections = 2;
        config.delivery.max_connections_per_subscription = 1;
        config
    })
    .await;
    let first = world.subscribe(json!({"end_block": null})).await;
    let second = world.subscribe(json!({"end_block": null})).await;
    let third = world.subscribe(json!({"end_block": null})).await;
    let path = |id: u64| format!("/subscriptions/{id}/stream");
    let _open = world.stream(first, "", "").await;
    let refused = world.get(&path(first)).await;
    refused.is_error(429, "RATE_LIMITED");
    assert!(refused.headers.contains_key("retry-after"));
    let _open = world.stream(second, "", "").await;
    let refused = world.get(&path(third)).await;
    refused.is_error(503, "RATE_LIMITED");
    assert!(refused.headers.contains_key("retry-after"));
}

const HEALTH: &str = "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

#[tokio::test]
async fn hundreds_of_slow_clients_are_closed_and_harm_nobody() {
    let world = World::tweaked(|mut config| {
        config.http.header_timeout = Duration::from_millis(300);
        config
    })
    .await;
    let address = world.service.as_ref().unwrap().local_addr();
    let mut slow = tokio::task::JoinSet::new();
    for index in 0..400 {
        // One by one: what is too much for the system's queue would never reach the service.
        let mut socket = TcpStream::connect(address).await.unwrap();
        slow.spawn(async move {
            // Some say nothing, some half a head, some never stop with it, some begin again behind
            // a request that was answered.
            let begin = match index % 4 {
                0 => "",
                3 => "GET /health HTTP/1.1\r\nHost: x\r\n\r\nGET /health HTTP/1.1\r\n",
                _ => "GET /health HTTP/1.1\r\nHost: x\r\n",
            };
            socket.write_all(begin.as_bytes()).await.unwrap();
            let (mut reader, mut writer) = socket.split();
            let trickle = async {
                while index % 4 >= 2 && writer.write_all(b"X-More: y\r\n").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                std::future::pending::<()>().await;
            };
            let mut answer = Vec::new();
            tokio::select! {
                // Closed, or reset because what was sent last was not read.
                _ = reader.read_to_end(&mut answer) => {}
                () = trickle => {}
            }
        });
    }
    // Served at once while they hold on.
    for _ in 0..20 {
        assert!(ask(address, HEALTH).await.starts_with("HTTP/1.1 200 "));
    }
    slow.join_all().await;
    assert!(ask(address, HEALTH).await.starts_with("HTTP/1.1 200 "));
}

/// Connections over loopback, as if they came from elsewhere: each second one from another address.
struct Elsewhere(TcpListener, u8);

/// What looks like the other end of a socket.
struct From(TcpStream, IpAddr);

impl Accept for Elsewhere {
    type Socket = From;

    async fn accept(&mut self) -> io::Result<From> {
        let (socket, _) = self.0.accept().await?;
        self.1 += 1;
        Ok(From(socket, [192, 0, 2, self.1 / 2].into()))
    }

    fn peer(socket: &From) -> Option<IpAddr> {
        Some(socket.1)
    }
}

impl tokio::io::AsyncRead for From {
    fn poll_read(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
        buffer: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<io::Result<()>> {
        std::pin::Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl tokio::io::AsyncWrite for From {
    fn poll_write(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
        bytes: &[u8],
    ) -> std::task::Poll<io::Result<usize>> {
        std::pin::Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<io::Result<()>> {
        std::pin::Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<io::Result<()>> {
        std::pin::Pin::new(&mut self.0).poll_shutdown(context)
    }
}

#[tokio::test]
async fn one_address_has_so_many_sockets() {
    let mut world = World::tweaked(|mut config| {
        config.http.max_sockets_per_address = 1;
        config
    })
    .await;
    world.service.take().unwrap().shutdown().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let config = world.config().with_listen(address);
    let service = Service::start_on(Elsewhere(listener, 1), config)
        .await
        .unwrap();

    // Both of one address; then both of another.
    for _ in 0..2 {
        let mut first = TcpStream::connect(address).await.unwrap();
        let second = ask(address, HEALTH).await;
        assert!(second.starts_with("HTTP/1.1 429 "), "{second}");
        assert!(second.contains("Retry-After: 10"), "{second}");
        first.write_all(HEALTH.as_bytes()).await.unwrap();
        let mut answer = String::new();
        first.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
    service.shutdown().await;
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_has_its_own_share() {
    let world = World::tweaked(|mut config| {
        config.http.max_sockets_per_address = 1;
        config.http.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        config
    })
    .await;
    let id = world.subscribe(json!({"end_block": null})).await;
    let address = world.service.as_ref().unwrap().local_addr();
    let stream = |client: &str| {
        format!(
            "GET /subscriptions/{id}/stream HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {client}\r\n\r\n"
        )
    };
    let mut open = TcpStream::connect(address).await.unwrap();
    open.write_all(stream("192.0.2.1").as_bytes())
        .await
        .unwrap();
    let mut head = [0; 12];
    open.read_exact(&mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 200");

    let health =
        |client: &str| HEALTH.replace("Host: x", &format!("Host: x\r\nX-Forwarded-For: {client}"));
    let refused = ask(address, &health("192.0.2.1")).await;
    assert!(refused.starts_with("HTTP/1.1 429 "), "{refused}");
    assert!(
        refused.contains("\"RATE_LIMITED\"") && refused.contains("retry-after: 10"),
        "{refused}"
    );
    // Somebody else, and the proxy itself.
    assert!(
        ask(address, &health("192.0.2.2"))
            .await
            .starts_with("HTTP/1.1 200 ")
    );
    assert!(ask(address, HEALTH).await.starts_with("HTTP/1.1 200 "));

    drop(open);
    while !ask(address, &health("192.0.2.1"))
        .await
        .starts_with("HTTP/1.1 200 ")
    {
        tokio::task::yield_now().await;
    }
}
