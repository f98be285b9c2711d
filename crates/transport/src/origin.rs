//! Scheme, host and port: all of a URL that may be shown, and what credentials are bound to.

use std::fmt;
use std::str::FromStr;

use http::Uri;

use crate::error::TransportError;

/// The origin of a URL (RFC 6454): scheme, host in lower case, port.
///
/// Two URLs of one origin compare equal whatever their path, query and user info. Its text
/// carries nothing secret.
///
/// ```
/// use event_streamer_transport::Origin;
///
/// let origin: Origin = "https://user:key@Node.example/v2/key?token=key".parse()?;
/// assert_eq!(origin.to_string(), "https://node.example:443");
/// assert_eq!(origin, "https://node.example".parse()?);
/// # Ok::<(), event_streamer_transport::TransportError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    scheme: Scheme,
    host: Box<str>,
    port: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Scheme {
    Http,
    Https,
}

impl Origin {
    /// The origin of an absolute `http` or `https` URL.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::TransportErrorKind::InvalidRequest) for a relative URL, another
    /// scheme, or a URL without host. The text does not show the URL.
    pub fn of(uri: &Uri) -> Result<Self, TransportError> {
        let scheme = match uri.scheme_str() {
            Some("http") => Scheme::Http,
            Some("https") => Scheme::Https,
            Some(_) => {
                return Err(TransportError::invalid_request(
                    "the URL's scheme is neither http nor https",
                ));
            }
            None => {
                return Err(TransportError::invalid_request(
                    "the URL is relative; give it with scheme and host",
                ));
            }
        };
        let host = uri.host().unwrap_or_default();
        if host.is_empty() {
            return Err(TransportError::invalid_request("the URL has no host"));
        }
        let port = uri.port_u16().unwrap_or(match scheme {
            Scheme::Http => 80,
            Scheme::Https => 443,
        });
        Ok(Self {
            scheme,
            host: host.to_ascii_lowercase().into(),
            port,
        })
    }

    /// The host: a name, an IPv4 address, or an IPv6 address in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, the scheme's own (80, 443) if the URL had none.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Whether the scheme is https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.scheme == Scheme::Https
    }
}

impl FromStr for Origin {
    type Err = TransportError;

    fn from_str(url: &str) -> Result<Self, TransportError> {
        // `InvalidUri` says what is wrong without quoting the text.
        let uri: Uri = url.parse().map_err(|error: http::uri::InvalidUri| {
            TransportError::invalid_request("not a URL").with_source(error)
        })?;
        Self::of(&uri)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        };
        write!(f, "{scheme}://{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::TransportErrorKind;

    fn origin(url: &str) -> Origin {
        url.parse().unwrap()
    }

    #[test]
    fn shows_scheme_host_and_port_only() {
        for (url, shown) in [
            ("http://127.0.0.1:8545/key", "http://127.0.0.1:8545"),
            ("https://u:p@HOST.example?k=1", "https://host.example:443"),
            ("http://[::1]/", "http://[::1]:80"),
        ] {
            assert_eq!(origin(url).to_string(), shown);
        }
    }

    #[test]
    fn differs_by_scheme_host_and_port() {
        let one = origin("https://a.example");
        assert_eq!(one, origin("https://A.example:443/x"));
        for other in [
            "http://a.example:443",
            "https://b.example",
            "https://a.example:444",
        ] {
            assert_ne!(one, origin(other));
        }
    }

    #[test]
    fn refuses_what_has_no_origin_without_quoting_it() {
        for url in [
            "/secret",
            "ftp://host/secret",
            "secret",
            "http://:80/secret",
            "",
            "ht tp://secret",
        ] {
            let error = url.parse::<Origin>().unwrap_err();
            assert_eq!(error.kind(), TransportErrorKind::InvalidRequest, "{url}");
            assert!(
                !format!("{error} {error:?}").contains("secret"),
                "{error:?}"
            );
        }
    }
}
