//! TLS: whom the client trusts.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener};
use std::sync::Arc;

use event_streamer_testkit::{Script, WireServer};
use event_streamer_transport::{CallOptions, TransportErrorKind};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use crate::{get, plain};

const AUTHORITY: &str = include_str!("tls/ca.pem");
const CLIENT: &str = include_str!("tls/client.pem");
const CLIENT_KEY: &str = include_str!("tls/client.key");

/// A TLS server with the certificate of `localhost` that answers `connections` times.
fn server(connections: usize) -> SocketAddr {
    serve(connections, WebPkiClientVerifier::no_client_auth())
}

/// The same, for clients with the certificate of the tests' client only.
fn mutual_server(connections: usize) -> SocketAddr {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(CLIENT.as_bytes()).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
        .build()
        .unwrap();
    serve(connections, verifier)
}

fn serve(connections: usize, clients: Arc<dyn ClientCertVerifier>) -> SocketAddr {
    let chain = CertificateDer::pem_slice_iter(include_bytes!("tls/localhost.pem"));
    let chain = chain.collect::<Result<Vec<_>, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/localhost.key")).unwrap();
    let config =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(clients)
            .with_single_cert(chain, key)
            .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for _ in 0..connections {
            let (socket, _) = listener.accept().unwrap();
            let session = ServerConnection::new(config.clone()).unwrap();
            let mut stream = StreamOwned::new(session, socket);
            // A client that does not trust us leaves here.
            if stream.read(&mut [0; 4096]).is_ok_and(|count| count > 0) {
                stream
                    .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nsafe")
                    .unwrap();
                stream.conn.send_close_notify();
                let _ = stream.flush();
            } else {
                // What the peer still sends is read, so that it sees the alert and no reset.
                let _ = stream.sock.shutdown(Shutdown::Write);
                let _ = std::io::copy(&mut stream.sock, &mut std::io::sink());
            }
        }
    });
    addr
}

#[tokio::test]
async fn a_certificate_of_an_added_authority_is_trusted() {
    let addr = server(1);
    let client = plain().root_certificates_pem(AUTHORITY).build().unwrap();
    let url = format!("https://localhost:{}/", addr.port());
    let response = client
        .request(get(&url), CallOptions::default())
        .await
        .unwrap();
    assert_eq!(response.body(), "safe");
}

#[tokio::test]
async fn an_unknown_authority_is_not_trusted() {
    let addr = server(1);
    let url = format!("https://localhost:{}/", addr.port());
    let error = plain()
        .build()
        .unwrap()
        .request(get(&url), CallOptions::default())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Tls, "{error:?}");
    assert!(error.is_connect());
    assert_eq!(
        error.origin().unwrap().to_string(),
        format!("https://localhost:{}", addr.port())
    );
}

#[tokio::test]
async fn a_certificate_of_another_name_is_not_trusted() {
    let addr = server(1);
    let client = plain().root_certificates_pem(AUTHORITY).build().unwrap();
    let error = client
        .request(get(&format!("https://{addr}/")), CallOptions::default())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Tls, "{error:?}");
}

#[tokio::test]
async fn a_peer_without_tls_is_never_talked_to_in_plain() {
    let server =
        WireServer::scripted([Script::new().respond(400, "plain text").await_hang_up()]).await;
    let url = format!("https://{}/", server.addr());
    let error = plain()
        .build()
        .unwrap()
        .request(get(&url), CallOptions::default())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Tls, "{error:?}");
    server.finished().await;
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_client_certificate_is_shown_to_servers_that_want_one() {
    let addr = mutual_server(2);
    let url = format!("https://localhost:{}/", addr.port());
    let builder = || plain().root_certificates_pem(AUTHORITY);
    let known = builder().client_certificate_pem(CLIENT, CLIENT_KEY);
    let response = known
        .clone()
        .build()
        .unwrap()
        .request(get(&url), CallOptions::default())
        .await;
    assert_eq!(response.unwrap().body(), "safe");
    let shown = format!("{known:?}");
    assert!(
        !shown.contains(CLIENT_KEY.lines().nth(1).unwrap()),
        "{shown}"
    );

    let unknown = builder().build().unwrap();
    let error = unknown
        .request(get(&url), CallOptions::default())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Tls, "{error:?}");
    assert!(
        format!("{error:?}").contains("CertificateRequired"),
        "{error:?}"
    );
}
