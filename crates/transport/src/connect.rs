//! How connections are made: dialing and TLS, under one time limit.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::rt::TokioIo;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tower::Service;

use crate::dial::{Dialer, Link};
use crate::error::TransportError;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The connector of the pool: plain or TLS by the URL's scheme.
#[derive(Clone)]
pub(crate) struct Connector {
    https: HttpsConnector<Dialer>,
    time_limit: Duration,
}

impl Connector {
    pub(crate) fn new(dialer: Dialer, tls: ClientConfig, time_limit: Duration) -> Self {
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(dialer);
        Self { https, time_limit }
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<TokioIo<Box<dyn Link>>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.https.poll_ready(cx)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = tokio::time::timeout(self.time_limit, self.https.call(uri));
        Box::pin(async move {
            connecting
                .await
                .unwrap_or_else(|_| Err(ConnectTimedOut.into()))
        })
    }
}

/// The connect time limit passed. Found again in the chain of causes by its type.
#[derive(Debug, thiserror::Error)]
#[error("name lookup, TCP and TLS were not done within the connect time-out")]
pub(crate) struct ConnectTimedOut;

/// TLS 1.2 and 1.3 by ring, trusting Mozilla's roots and those of the PEM texts.
pub(crate) fn tls_config(extra_roots: &[Vec<u8>]) -> Result<ClientConfig, TransportError> {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    for pem in extra_roots {
        add_roots(&mut roots, pem)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| TransportError::configuration("TLS set-up").with_source(error))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

fn add_roots(roots: &mut RootCertStore, pem: &[u8]) -> Result<(), TransportError> {
    let mut found = 0;
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| {
            TransportError::configuration("the root certificate is not readable PEM")
                .with_source(error)
        })?;
        roots.add(certificate).map_err(|error| {
            TransportError::configuration("the root certificate is not usable").with_source(error)
        })?;
        found += 1;
    }
    if found == 0 {
        return Err(TransportError::configuration(
            "the root certificate PEM holds no CERTIFICATE section",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::TransportErrorKind;

    #[test]
    fn unusable_roots_are_named() {
        let broken = b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n".to_vec();
        let empty = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_vec();
        for (pem, text) in [
            (b"not PEM".to_vec(), "no CERTIFICATE section"),
            (broken, "not readable PEM"),
            (empty, "not usable"),
        ] {
            let error = tls_config(&[pem]).unwrap_err();
            assert_eq!(error.kind(), TransportErrorKind::Configuration);
            assert!(error.to_string().contains(text), "{error}");
        }
    }
}
