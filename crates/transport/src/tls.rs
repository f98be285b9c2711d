//! Whom a client trusts, and how it proves itself: TLS settings from PEM texts.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use crate::error::TransportError;

/// A client's own certificate, with its key, as PEM texts. Never shown.
#[derive(Clone)]
pub(crate) struct Identity {
    pub(crate) certificates: Vec<u8>,
    pub(crate) key: Vec<u8>,
}

/// TLS 1.2 and 1.3 by ring, trusting Mozilla's roots and those of the PEM texts.
pub(crate) fn config(
    extra_roots: &[Vec<u8>],
    identity: Option<&Identity>,
) -> Result<ClientConfig, TransportError> {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    for pem in extra_roots {
        add_roots(&mut roots, pem)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| TransportError::configuration("TLS set-up").with_source(error))?
        .with_root_certificates(roots);
    match identity {
        None => Ok(config.with_no_client_auth()),
        Some(identity) => {
            let (chain, key) = identity.parse()?;
            config.with_client_auth_cert(chain, key).map_err(|_| {
                TransportError::configuration(
                    "the client certificate and its key cannot be used together",
                )
            })
        }
    }
}

fn add_roots(roots: &mut RootCertStore, pem: &[u8]) -> Result<(), TransportError> {
    for certificate in certificates(pem, "root certificate")? {
        roots.add(certificate).map_err(|error| {
            TransportError::configuration("the root certificate is not usable").with_source(error)
        })?;
    }
    Ok(())
}

impl Identity {
    fn parse(
        &self,
    ) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), TransportError> {
        let chain = certificates(&self.certificates, "client certificate")?;
        // The cause is left out: it may quote the text, and the text is the key.
        let key = PrivateKeyDer::from_pem_slice(&self.key).map_err(|_| {
            TransportError::configuration(
                "the client certificate's key is not readable PEM with a PRIVATE KEY section \
                 (PKCS#8, PKCS#1 or SEC1, not encrypted)",
            )
        })?;
        Ok((chain, key))
    }
}

/// The certificates of a PEM text, of which there is to be one at least.
fn certificates(pem: &[u8], whose: &str) -> Result<Vec<CertificateDer<'static>>, TransportError> {
    // A private key may have been put in by mistake, so the causes are not quoted here either.
    let found = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| TransportError::configuration(format!("the {whose} is not readable PEM")))?;
    if found.is_empty() {
        return Err(TransportError::configuration(format!(
            "the {whose} PEM holds no CERTIFICATE section"
        )));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::TransportErrorKind;

    const CERTIFICATE: &[u8] = include_bytes!("../tests/it/tls/client.pem");
    const KEY: &[u8] = include_bytes!("../tests/it/tls/client.key");
    const OTHER_KEY: &[u8] = include_bytes!("../tests/it/tls/localhost.key");

    #[test]
    fn unusable_roots_are_named() {
        let broken = b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n".to_vec();
        let empty = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_vec();
        for (pem, text) in [
            (b"not PEM".to_vec(), "no CERTIFICATE section"),
            (broken, "not readable PEM"),
            (empty, "not usable"),
        ] {
            let error = config(&[pem], None).unwrap_err();
            assert_eq!(error.kind(), TransportErrorKind::Configuration);
            assert!(error.to_string().contains(text), "{error}");
        }
    }

    #[test]
    fn an_unusable_identity_is_named_and_its_key_never_quoted() {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let secret = text(KEY).lines().nth(1).unwrap().to_owned();
        let damaged = text(KEY).replace(&secret, &format!("!{secret}"));
        for (certificates, key, expected) in [
            (CERTIFICATE, OTHER_KEY.to_vec(), "together"),
            (CERTIFICATE, damaged.into_bytes(), "key is not readable"),
            (CERTIFICATE, CERTIFICATE.to_vec(), "key is not readable"),
            (KEY, KEY.to_vec(), "no CERTIFICATE section"),
            (b"", KEY.to_vec(), "no CERTIFICATE section"),
        ] {
            let identity = Identity {
                certificates: certificates.to_vec(),
                key,
            };
            let error = config(&[], Some(&identity)).unwrap_err();
            assert_eq!(error.kind(), TransportErrorKind::Configuration);
            assert!(error.to_string().contains(expected), "{error}");
            assert!(!format!("{error} {error:?}").contains(&secret), "{error:?}");
        }
        let identity = Identity {
            certificates: CERTIFICATE.to_vec(),
            key: KEY.to_vec(),
        };
        config(&[], Some(&identity)).unwrap();
    }
}
