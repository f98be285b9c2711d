//! TLS by rustls: the certificate is read again when its files change.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::{Arc, Mutex};

use event_streamer_transport::Link;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::time::{MissedTickBehavior, interval};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::config::TlsConfig;
use crate::error::ServiceError;
use crate::sync::lock;

/// A longer file holds something else.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

const HTTP1: &[u8] = b"http/1.1";
const HTTP2: &[u8] = b"h2";

/// What a client and the service have agreed to speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    Http1,
    Http2,
}

/// The certificate in use.
#[derive(Clone, Debug)]
pub(crate) struct Tls {
    files: TlsConfig,
    offers_http2: bool,
    current: Arc<Mutex<Current>>,
}

#[derive(Debug)]
struct Current {
    config: Arc<ServerConfig>,
    /// What the files held when they were last looked at, good or not.
    seen: Result<Pem, String>,
}

/// The texts of both files. Never shown.
#[derive(Clone, PartialEq, Eq)]
struct Pem {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl std::fmt::Debug for Pem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pem(..)")
    }
}

impl Tls {
    /// Reads both files.
    pub(crate) fn load(files: TlsConfig, offers_http2: bool) -> Result<Self, ServiceError> {
        let pem = Pem::read(&files).map_err(|fault| ServiceError::tls(&fault))?;
        let config =
            server_config(&files, &pem, offers_http2).map_err(|fault| ServiceError::tls(&fault))?;
        Ok(Self {
            files,
            offers_http2,
            current: Arc::new(Mutex::new(Current {
                config: Arc::new(config),
                seen: Ok(pem),
            })),
        })
    }

    /// Makes a plain connection one of TLS.
    pub(super) async fn accept<T: Link>(&self, socket: T) -> io::Result<(Protocol, TlsStream<T>)> {
        let config = Arc::clone(&lock(&self.current).config);
        let stream = TlsAcceptor::from(config).accept(socket).await?;
        let protocol = match stream.get_ref().1.alpn_protocol() {
            Some(HTTP2) => Protocol::Http2,
            _ => Protocol::Http1,
        };
        Ok((protocol, stream))
    }

    /// Looks at the files again and again, for ever.
    pub(crate) async fn follow(self) {
        let mut ticks = interval(self.files.reload_interval);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let tls = self.clone();
            // Reading may take its time, on a network's file system for instance.
            if tokio::task::spawn_blocking(move || tls.reload())
                .await
                .is_err()
            {
                tracing::error!("the TLS certificate could not be looked at");
            }
        }
    }

    /// Looks at the files once. The contents are compared, not their times: a renewal may swap a
    /// link, and a copy may keep the time.
    fn reload(&self) {
        let read = Pem::read(&self.files);
        if lock(&self.current).seen == read {
            return;
        }
        let certificate = self.files.certificate.display();
        let made = read
            .clone()
            .and_then(|pem| server_config(&self.files, &pem, self.offers_http2));
        let mut current = lock(&self.current);
        current.seen = read;
        match made {
            Ok(config) => {
                current.config = Arc::new(config);
                tracing::info!(%certificate, "TLS certificate renewed");
            }
            // Between the renewal of one file and that of the other they do not belong together:
            // said, and over with the next look.
            Err(fault) => tracing::error!(
                %certificate,
                "the new TLS certificate cannot be used, the one before stays: {fault}"
            ),
        }
    }
}

impl Pem {
    fn read(files: &TlsConfig) -> Result<Self, String> {
        Ok(Self {
            certificate: read(&files.certificate)?,
            key: read(&files.key)?,
        })
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let cannot = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let mut text = Vec::new();
    let file = File::open(path).map_err(|error| cannot(&error))?;
    file.take(MAX_FILE_BYTES + 1)
        .read_to_end(&mut text)
        .map_err(|error| cannot(&error))?;
    if text.len() as u64 > MAX_FILE_BYTES {
        return Err(cannot(&"longer than 1 MiB, which no PEM file is"));
    }
    Ok(text)
}

/// TLS 1.2 and 1.3 by ring. The causes of unreadable PEM are left out: they may quote a key.
fn server_config(files: &TlsConfig, pem: &Pem, offers_http2: bool) -> Result<ServerConfig, String> {
    let certificate = files.certificate.display();
    let chain = CertificateDer::pem_slice_iter(&pem.certificate)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| format!("{certificate} is not readable PEM"))?;
    if chain.is_empty() {
        return Err(format!("{certificate} holds no CERTIFICATE section"));
    }
    let key = PrivateKeyDer::from_pem_slice(&pem.key).map_err(|_| {
        format!(
            "{} is not readable PEM with a PRIVATE KEY section (PKCS#8, PKCS#1 or SEC1, not \
             encrypted)",
            files.key.display()
        )
    })?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| {
            format!(
                "{certificate} and {} cannot be used together: {error}",
                files.key.display()
            )
        })?;
    config.alpn_protocols = vec![HTTP1.to_vec()];
    if offers_http2 {
        config.alpn_protocols.insert(0, HTTP2.to_vec());
    }
    Ok(config)
}
