//! HTTP/2 where both sides want it, and only there.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use event_streamer_transport::{CallOptions, Http2, Origin, TransportErrorKind};
use http::{Request, Response, Version};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::DuplexStream;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;

use crate::{get, plain};

const AUTHORITY: &str = include_str!("tls/ca.pem");
const URL: &str = "https://localhost/";
/// Larger than the windows.
const LARGE: usize = 12 << 20;

/// A TLS server in memory that takes these protocols.
#[derive(Clone)]
struct Server {
    tls: TlsAcceptor,
    connections: Arc<AtomicUsize>,
    /// So many connections, the first ones, die silently with the first request.
    dead: usize,
}

impl Server {
    fn new(protocols: &[&str], dead: usize) -> Self {
        let chain = CertificateDer::pem_slice_iter(include_bytes!("tls/localhost.pem"));
        let chain = chain.collect::<Result<Vec<_>, _>>().unwrap();
        let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/localhost.key")).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        config.alpn_protocols = protocols.iter().map(|it| it.as_bytes().to_vec()).collect();
        Self {
            tls: TlsAcceptor::from(Arc::new(config)),
            connections: Arc::default(),
            dead,
        }
    }

    /// The client's end of a new connection.
    fn connect(&self) -> DuplexStream {
        let (ours, theirs) = tokio::io::duplex(64 << 10);
        let nth = self.connections.fetch_add(1, Ordering::Relaxed);
        let (server, dies) = (self.clone(), nth < self.dead);
        tokio::spawn(async move {
            let stream = server.tls.accept(theirs).await.unwrap();
            let (asked, mut was_asked) = mpsc::unbounded_channel();
            let answer = service_fn(move |request| {
                asked.send(()).unwrap();
                answer(request)
            });
            let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
            let io = TokioIo::new(stream);
            if is_http2 {
                let builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
                let mut connection = std::pin::pin!(builder.serve_connection(io, answer));
                tokio::select! {
                    biased;
                    _ = was_asked.recv(), if dies => {}
                    _ = &mut connection => return,
                }
                // Open, but nobody reads or answers a ping.
                std::future::pending::<()>().await;
            } else {
                let builder = hyper::server::conn::http1::Builder::new();
                let _ = builder.serve_connection(io, answer).await;
            }
        });
        ours
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    fn client(&self, http2: Http2) -> event_streamer_transport::HttpClient {
        let server = self.clone();
        plain()
            .root_certificates_pem(AUTHORITY)
            .dialer(move |_: Origin| {
                let link = server.connect();
                async move { Ok(link) }
            })
            .http2(http2)
            .build()
            .unwrap()
    }
}

/// Says which version came; a large body where that is asked for.
async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let body = match request.uri().path() {
        "/large" => Bytes::from(vec![b'x'; LARGE]),
        _ if request.version() == Version::HTTP_2 => Bytes::from_static(b"2"),
        _ => Bytes::from_static(b"1.1"),
    };
    Ok(Response::new(Full::new(body)))
}

async fn version(server: &Server, http2: Http2) -> Bytes {
    let client = server.client(http2);
    let response = client.request(get(URL), CallOptions::default()).await;
    response.unwrap().into_body()
}

#[tokio::test]
async fn it_is_spoken_where_both_sides_want_it() {
    let (both, old) = (
        Server::new(&["h2", "http/1.1"], 0),
        Server::new(&["http/1.1"], 0),
    );
    assert_eq!(version(&both, Http2::Offered).await, "2");
    assert_eq!(version(&both, Http2::Off).await, "1.1");
    assert_eq!(version(&old, Http2::Offered).await, "1.1");
    assert_eq!(version(&Server::new(&[], 0), Http2::Offered).await, "1.1");
}

#[tokio::test]
async fn many_calls_and_large_answers_share_one_connection() {
    let server = Server::new(&["h2"], 0);
    let client = server.client(Http2::Offered);
    client
        .request(get(URL), CallOptions::default())
        .await
        .unwrap();
    let calls = (0..16).map(|nth| {
        let client = client.clone();
        let path = if nth % 8 == 0 { "large" } else { "" };
        tokio::spawn(async move {
            let request = get(&format!("{URL}{path}"));
            let response = client.request(request, CallOptions::default()).await;
            (nth, response.unwrap().into_body().len())
        })
    });
    for call in calls.collect::<Vec<_>>() {
        let (nth, length) = call.await.unwrap();
        assert_eq!(length, if nth % 8 == 0 { LARGE } else { 1 });
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_died_silently_is_found_before_its_calls_run_out_of_time() {
    let server = Server::new(&["h2"], 1);
    let client = server.client(Http2::Offered);
    let began = Instant::now();
    let lost = client.request(get(URL), CallOptions::default()).await;
    assert_eq!(lost.unwrap_err().kind(), TransportErrorKind::Interrupted);
    assert!(began.elapsed() < Duration::from_secs(15));
    // Nobody is sent there any more.
    let next = client.request(get(URL), CallOptions::default()).await;
    assert_eq!(next.unwrap().body(), "2");
    assert_eq!(server.connections(), 2);
}
