//! The certificate that the API shows.

use std::path::PathBuf;
use std::time::Duration;

/// TLS of the API: a certificate and its key, in PEM files. Plain data.
///
/// The files are looked at again and again; what they hold anew is used for the connections that
/// begin from then on. Files that cannot be used change nothing, and are told in the log.
///
/// ```
/// use event_streamer_server::TlsConfig;
///
/// let tls = TlsConfig::new("/etc/tls/tls.crt", "/etc/tls/tls.key");
/// assert_eq!(tls.reload_interval.as_secs(), 10);
/// ```
#[derive(Clone, Debug)]
pub struct TlsConfig {
    /// The certificate, and behind it those that lead to a root, as PEM.
    pub certificate: PathBuf,
    /// Its key, as PEM: PKCS#8, PKCS#1 or SEC1, not encrypted.
    pub key: PathBuf,
    /// How often the files are looked at. Default 10 s.
    pub reload_interval: Duration,
}

impl TlsConfig {
    /// A certificate and its key, looked at every 10 s.
    #[must_use]
    pub fn new(certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        Self {
            certificate: certificate.into(),
            key: key.into(),
            reload_interval: Duration::from_secs(10),
        }
    }

    /// Sets how often the files are looked at.
    #[must_use]
    pub fn with_reload_interval(mut self, interval: Duration) -> Self {
        self.reload_interval = interval;
        self
    }

    pub(crate) fn fault(&self) -> Option<String> {
        let too_often = self.reload_interval < Duration::from_millis(10);
        too_often.then(|| "tls: the files cannot be looked at more often than every 10 ms".into())
    }
}
