//! The API over TLS: an authority of the tests' own, renewals, HTTP/2 and its floods by raw frames.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use event_streamer_server::{Service, ServiceConfig, ServiceErrorKind, TlsConfig};
use event_streamer_testkit::certificates;
use event_streamer_transport::HttpClient;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::support::{World, expected, places};

fn write(folder: &Path, (certificate, key): (&str, &str)) {
    std::fs::write(folder.join("tls.crt"), certificate).unwrap();
    std::fs::write(folder.join("tls.key"), key).unwrap();
}

/// A service with the first certificate, whose files stand in the world's folder.
async fn world(tweak: impl Fn(ServiceConfig) -> ServiceConfig + 'static) -> World {
    let files = tempfile::tempdir().unwrap();
    write(files.path(), certificates::FIRST);
    let folder = files.keep();
    let mut world = World::tweaked(move |config| {
        let tls = TlsConfig::new(folder.join("tls.crt"), folder.join("tls.key"))
            .with_reload_interval(Duration::from_millis(20));
        tweak(config.with_tls(tls))
    })
    .await;
    world.client = HttpClient::builder()
        .root_certificates_pem(certificates::AUTHORITY)
        .build()
        .unwrap();
    world
}

fn folder(world: &World) -> std::path::PathBuf {
    let tls = world.config().tls.unwrap();
    tls.certificate.parent().unwrap().to_owned()
}

/// A connection that offers these protocols.
pub(super) async fn connect(address: SocketAddr, protocols: &[&[u8]]) -> TlsStream<TcpStream> {
    try_connect(address, protocols).await.unwrap()
}

async fn try_connect(
    address: SocketAddr,
    protocols: &[&[u8]],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    let authority = CertificateDer::from_pem_slice(certificates::AUTHORITY.as_bytes()).unwrap();
    roots.add(authority).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    let socket = TcpStream::connect(address).await?;
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config))
        .connect(name, socket)
        .await
}

/// The certificate that new connections are shown.
async fn shown(address: SocketAddr) -> Vec<u8> {
    let connection = connect(address, &[]).await;
    connection.get_ref().1.peer_certificates().unwrap()[0].to_vec()
}

fn certificate(of: (&str, &str)) -> Vec<u8> {
    CertificateDer::from_pem_slice(of.0.as_bytes())
        .unwrap()
        .to_vec()
}

#[tokio::test]
async fn a_stream_over_tls() {
    let world = world(|config| config).await;
    assert!(world.url().starts_with("https://127.0.0.1:"));
    let id = world.subscribe(json!({})).await;
    let lines = world.stream(id, "", "complete").await.rest().await;
    assert_eq!(places(&lines), expected(100..=139));
}

#[tokio::test]
async fn a_renewed_certificate_is_used_and_a_broken_one_is_not() {
    let world = world(|config| config).await;
    let address = world.service.as_ref().unwrap().local_addr();
    let files = folder(&world);
    assert_eq!(shown(address).await, certificate(certificates::FIRST));
    // What is open stays open.
    let mut open = connect(address, &[]).await;

    write(&files, certificates::SECOND);
    while shown(address).await != certificate(certificates::SECOND) {
        tokio::task::yield_now().await;
    }
    open.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    let mut answer = String::new();
    open.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");

    // The key of another certificate, no PEM at all, no file.
    write(&files, (certificates::FIRST.0, certificates::SECOND.1));
    looked_at_again().await;
    assert_eq!(shown(address).await, certificate(certificates::SECOND));
    write(&files, ("nonsense", "nonsense"));
    looked_at_again().await;
    assert_eq!(shown(address).await, certificate(certificates::SECOND));
    std::fs::remove_file(files.join("tls.key")).unwrap();
    looked_at_again().await;
    assert_eq!(shown(address).await, certificate(certificates::SECOND));

    write(&files, certificates::FIRST);
    while shown(address).await != certificate(certificates::FIRST) {
        tokio::task::yield_now().await;
    }
}

/// Lets some of the service's looks at the files go by. Too few could only hide a fault, not make one.
async fn looked_at_again() {
    tokio::time::sleep(Duration::from_millis(100)).await;
}

#[tokio::test]
async fn a_certificate_that_cannot_be_used_stops_the_start_and_is_named() {
    let world = World::start().await;
    let files = tempfile::tempdir().unwrap();
    let (cert, key) = (files.path().join("tls.crt"), files.path().join("tls.key"));
    let secret = certificates::SECOND.1.lines().nth(1).unwrap();
    let other = tempfile::tempdir().unwrap();
    for (texts, expected) in [
        (None, "tls.crt: No such file"),
        (
            Some(("", certificates::FIRST.1)),
            "holds no CERTIFICATE section",
        ),
        (
            Some((certificates::FIRST.0, "")),
            "tls.key is not readable PEM",
        ),
        (
            Some((certificates::FIRST.0, certificates::SECOND.1)),
            "cannot be used together",
        ),
    ] {
        if let Some(texts) = texts {
            write(files.path(), texts);
        }
        let mut config = world.config().with_tls(TlsConfig::new(&cert, &key));
        config.database =
            event_streamer_server::DatabaseConfig::Sqlite(other.path().join("events.db"));
        let error = Service::start(config).await.unwrap_err();
        assert_eq!(error.kind(), ServiceErrorKind::Tls);
        assert!(error.to_string().contains(expected), "{error}");
        assert!(!format!("{error:?}").contains(secret));
    }
}

#[tokio::test]
async fn tls_does_not_make_keys_needless() {
    let world = world(|config| config).await;
    let mut config = world.config().with_listen(([0, 0, 0, 0], 0).into());
    let other = tempfile::tempdir().unwrap();
    config.database = event_streamer_server::DatabaseConfig::Sqlite(other.path().join("events.db"));
    let error = Service::start(config).await.unwrap_err();
    assert_eq!(error.kind(), ServiceErrorKind::Unprotected);
}

#[tokio::test]
async fn what_does_not_speak_tls_harms_nobody() {
    let world = world(|mut config| {
        config.http.header_timeout = Duration::from_millis(200);
        config
    })
    .await;
    let address = world.service.as_ref().unwrap().local_addr();
    // Nothing at all, plain HTTP, half a greeting: each is closed.
    for bytes in [
        &b""[..],
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
    ] {
        let mut socket = TcpStream::connect(address).await.unwrap();
        socket.write_all(bytes).await.unwrap();
        let _ = socket.read_to_end(&mut Vec::new()).await;
    }
    assert_eq!(world.get("/health").await.status, 200);
}

/// One HTTP/2 frame.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;
const ACK: u8 = 1;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
/// RFC 9113, section 7.
const REFUSED_STREAM: u32 = 7;

/// `GET path` by https, as a block of HPACK (RFC 7541): indexed fields, then literal ones.
fn get(path: &str) -> Vec<u8> {
    let mut block = vec![0x82, 0x87, 0x41, 9];
    block.extend(b"localhost");
    block.extend([0x44, u8::try_from(path.len()).unwrap()]);
    block.extend(path.as_bytes());
    block
}

/// The client's end of an HTTP/2 connection.
struct Http2(TlsStream<TcpStream>);

impl Http2 {
    async fn connect(world: &World) -> Self {
        let address = world.service.as_ref().unwrap().local_addr();
        let mut socket = connect(address, &[b"h2"]).await;
        assert_eq!(socket.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let preface = [
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
            frame(SETTINGS, 0, 0, &[]),
        ];
        socket.write_all(&preface.concat()).await.unwrap();
        Self(socket)
    }

    /// Sends what the other side still takes.
    async fn send(&mut self, frame: &[u8]) -> bool {
        self.0.write_all(frame).await.is_ok()
    }

    /// The next frame: kind, stream, payload; `None` when the connection has ended. Pings are
    /// answered.
    async fn next(&mut self) -> Option<(u8, u32, Vec<u8>)> {
        loop {
            let mut head = [0; 9];
            self.0.read_exact(&mut head).await.ok()?;
            let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
            let mut payload = vec![0; usize::try_from(length).unwrap()];
            self.0.read_exact(&mut payload).await.ok()?;
            let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
            if head[3] != PING {
                return Some((head[3], stream, payload));
            }
            self.send(&frame(PING, ACK, 0, &payload)).await;
        }
    }

    async fn next_of(&mut self, kind: u8) -> Option<(u32, Vec<u8>)> {
        loop {
            let (found, stream, payload) = self.next().await?;
            if found == kind {
                return Some((stream, payload));
            }
        }
    }
}

fn http2(tweak: impl Fn(&mut ServiceConfig) + 'static) -> impl Future<Output = World> {
    world(move |mut config| {
        tweak(&mut config);
        config
    })
}

#[tokio::test]
async fn http2_is_spoken_where_it_is_offered() {
    let world = http2(|_| {}).await;
    let mut client = Http2::connect(&world).await;
    for stream in [1, 3] {
        let request = frame(HEADERS, END_STREAM | END_HEADERS, stream, &get("/health"));
        assert!(client.send(&request).await);
        let (of, block) = client.next_of(HEADERS).await.unwrap();
        // `:status: 200` is entry 8 of the static table.
        assert_eq!((of, block[0]), (stream, 0x88));
        let (of, body) = client.next_of(DATA).await.unwrap();
        assert_eq!(of, stream);
        assert!(body.starts_with(b"{\"status\":"), "{body:?}");
    }
}

#[tokio::test]
async fn http2_can_be_left_out() {
    let world = http2(|config| config.http.http2 = false).await;
    let address = world.service.as_ref().unwrap().local_addr();
    let both = connect(address, &[b"h2", b"http/1.1"]).await;
    assert_eq!(both.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    assert!(try_connect(address, &[b"h2"]).await.is_err());
}

#[tokio::test]
async fn http2_streams_beyond_the_limit_are_refused() {
    let world = http2(|config| config.http.max_http2_streams = 2).await;
    let id = world.subscribe(json!({"end_block": null})).await;
    let mut client = Http2::connect(&world).await;
    for stream in [1, 3, 5] {
        let block = get(&format!("/subscriptions/{id}/stream"));
        let request = frame(HEADERS, END_STREAM | END_HEADERS, stream, &block);
        assert!(client.send(&request).await);
    }
    let (stream, reason) = client.next_of(RST_STREAM).await.unwrap();
    assert_eq!((stream, reason), (5, REFUSED_STREAM.to_be_bytes().to_vec()));
}

#[tokio::test]
async fn a_flood_of_resets_ends_the_connection() {
    let world = http2(|_| {}).await;
    let mut client = Http2::connect(&world).await;
    let mut sent = 0_u32;
    loop {
        let stream = 2 * sent + 1;
        let request = frame(HEADERS, END_STREAM | END_HEADERS, stream, &get("/health"));
        let reset = frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes());
        if !client.send(&[request, reset].concat()).await {
            break;
        }
        sent += 1;
        assert!(sent < 100_000, "resets are taken for ever");
    }
    assert_eq!(world.get("/health").await.status, 200);
}

#[tokio::test]
async fn a_flood_of_continuations_ends_the_connection() {
    let world = http2(|_| {}).await;
    let mut client = Http2::connect(&world).await;
    assert!(
        client
            .send(&frame(HEADERS, END_STREAM, 1, &get("/health")))
            .await
    );
    // A field that is not indexed, `x: yyy..`, and never the end of the head.
    let mut field = vec![0x00, 1, b'x', 100];
    field.extend([b'y'; 100]);
    let more = frame(CONTINUATION, 0, 1, &field.repeat(150));
    let mut sent = 0;
    while client.send(&more).await {
        sent += 1;
        assert!(sent < 10_000, "continuations are taken for ever");
    }
    assert_eq!(world.get("/health").await.status, 200);
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused_on_http2_too() {
    let world = http2(|config| config.http.max_head_bytes = 8 * 1024).await;
    let mut client = Http2::connect(&world).await;
    let mut block = get("/health");
    for _ in 0..100 {
        block.extend([0x00, 1, b'x', 100]);
        block.extend([b'y'; 100]);
    }
    assert!(
        client
            .send(&frame(HEADERS, END_STREAM | END_HEADERS, 1, &block))
            .await
    );
    // 431, which stands in no table of HPACK; or the stream's end.
    loop {
        let (kind, _, payload) = client.next().await.expect("an answer");
        if kind == HEADERS {
            assert_ne!(payload[0], 0x88, "a head of 10 KB was taken");
            return;
        }
        if kind == RST_STREAM || kind == GOAWAY {
            return;
        }
    }
}

#[tokio::test]
async fn an_http2_connection_without_requests_is_told_to_go() {
    let world = http2(|config| config.http.idle_timeout = Duration::from_millis(100)).await;
    let mut client = Http2::connect(&world).await;
    let request = frame(HEADERS, END_STREAM | END_HEADERS, 1, &get("/health"));
    assert!(client.send(&request).await);
    client.next_of(DATA).await.unwrap();
    assert!(client.next_of(GOAWAY).await.is_some());
    while client.next().await.is_some() {}
}

#[tokio::test]
async fn a_shutdown_ends_http2_connections() {
    let mut world = http2(|_| {}).await;
    let id = world.subscribe(json!({"end_block": null})).await;
    let mut client = Http2::connect(&world).await;
    let block = get(&format!("/subscriptions/{id}/stream"));
    assert!(
        client
            .send(&frame(HEADERS, END_STREAM | END_HEADERS, 1, &block))
            .await
    );
    client.next_of(DATA).await.unwrap();
    let service = world.service.take().unwrap();
    let (_, last) = tokio::join!(service.shutdown(), async {
        let mut last = Vec::new();
        while let Some((_, data)) = client.next_of(DATA).await {
            if !data.is_empty() {
                last = data;
            }
        }
        String::from_utf8(last).unwrap()
    });
    assert!(last.contains("SERVER_SHUTDOWN"), "{last}");
}

#[tokio::test]
async fn the_second_http_version_is_no_request_without_tls() {
    let world = World::start().await;
    let address = world.service.as_ref().unwrap().local_addr();
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        .await
        .unwrap();
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer);
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
        "{answer}"
    );
}
