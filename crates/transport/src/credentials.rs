//! Who the caller is, as a header, never as text.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};

use crate::error::TransportError;

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// What is sent to prove who calls. Its `Debug` text never shows the secret.
///
/// ```
/// use event_streamer_transport::Credentials;
///
/// assert_eq!(format!("{:?}", Credentials::bearer("abc")), "Bearer(redacted)");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials(Secret);

#[derive(Clone, Default, PartialEq, Eq)]
enum Secret {
    #[default]
    None,
    Bearer(String),
    ApiKey(String),
    Basic {
        user: String,
        password: String,
    },
}

impl Credentials {
    /// No credentials: what a client has by default.
    #[must_use]
    pub fn none() -> Self {
        Self(Secret::None)
    }

    /// `Authorization: Bearer <token>` (RFC 6750).
    #[must_use]
    pub fn bearer(token: impl Into<String>) -> Self {
        Self(Secret::Bearer(token.into()))
    }

    /// `X-API-Key: <key>`.
    #[must_use]
    pub fn api_key(key: impl Into<String>) -> Self {
        Self(Secret::ApiKey(key.into()))
    }

    /// `Authorization: Basic <user:password in base64>` (RFC 7617).
    #[must_use]
    pub fn basic(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self(Secret::Basic {
            user: user.into(),
            password: password.into(),
        })
    }

    /// The header to send, marked sensitive so that no `Debug` text shows it.
    pub(crate) fn header(&self) -> Result<Option<(HeaderName, HeaderValue)>, TransportError> {
        let (name, text) = match &self.0 {
            Secret::None => return Ok(None),
            Secret::Bearer(token) => (AUTHORIZATION, format!("Bearer {token}")),
            Secret::ApiKey(key) => (API_KEY, key.clone()),
            Secret::Basic { user, password } => (
                AUTHORIZATION,
                format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))),
            ),
        };
        let mut value = HeaderValue::try_from(text).map_err(|error| {
            TransportError::configuration(
                "the credentials hold a character that no header can carry, such as a line break",
            )
            .with_source(error)
        })?;
        value.set_sensitive(true);
        Ok(Some((name, value)))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Secret::None => "None",
            Secret::Bearer(_) => "Bearer(redacted)",
            Secret::ApiKey(_) => "ApiKey(redacted)",
            Secret::Basic { .. } => "Basic(redacted)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::TransportErrorKind;

    fn sent(credentials: &Credentials) -> Option<(String, String)> {
        let header = credentials.header().unwrap();
        header.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
    }

    #[test]
    fn become_the_headers_of_their_standards() {
        let pair = |name: &str, value: &str| Some((name.to_owned(), value.to_owned()));
        assert_eq!(sent(&Credentials::none()), None);
        assert_eq!(
            sent(&Credentials::bearer("t")),
            pair("authorization", "Bearer t")
        );
        assert_eq!(sent(&Credentials::api_key("k")), pair("x-api-key", "k"));
        // The example of RFC 7617, section 2.
        assert_eq!(
            sent(&Credentials::basic("Aladdin", "open sesame")),
            pair("authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
        );
    }

    #[test]
    fn never_show_their_secret() {
        for credentials in [
            Credentials::bearer("hunter2"),
            Credentials::api_key("hunter2"),
            Credentials::basic("hunter2", "hunter2"),
        ] {
            assert!(!format!("{credentials:?}").contains("hunter2"));
            assert!(!format!("{:?}", credentials.header().unwrap()).contains("hunter2"));
        }
    }

    #[test]
    fn that_no_header_can_carry_are_refused_without_being_quoted() {
        let error = Credentials::bearer("hunter2\r\nHost: evil")
            .header()
            .unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Configuration);
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}
