//! URLs of nodes, which hold keys.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The URL of a node. Providers put their keys into user, path or query.
///
/// `Debug` and `Display` show scheme, host and port only, so that it can stand in a log or an
/// answer. It serialises whole, because a request that configures a chain must carry it; a service
/// answers with [`EndpointUrl::redacted`]. The URL is not checked here.
///
/// ```
/// use event_streamer_models::EndpointUrl;
///
/// let url = EndpointUrl::new("https://user:secret@node.example:8545/v2/key?token=1");
/// assert_eq!(url.to_string(), "https://node.example:8545/…");
/// assert_eq!(EndpointUrl::new("http://127.0.0.1:8545").to_string(), "http://127.0.0.1:8545");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EndpointUrl(String);

impl EndpointUrl {
    /// The URL with this text.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    /// The whole URL with its keys, for connecting only.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The URL with an ellipsis for everything that may be a secret.
    #[must_use]
    pub fn redacted(&self) -> Self {
        Self(self.to_string())
    }

    /// Whether it is for a WebSocket: `ws://` or `wss://`.
    #[must_use]
    pub fn is_websocket(&self) -> bool {
        self.0.split_once("://").is_some_and(|(scheme, _)| {
            scheme.eq_ignore_ascii_case("ws") || scheme.eq_ignore_ascii_case("wss")
        })
    }
}

impl From<&str> for EndpointUrl {
    fn from(url: &str) -> Self {
        Self::new(url)
    }
}

impl From<String> for EndpointUrl {
    fn from(url: String) -> Self {
        Self(url)
    }
}

impl fmt::Display for EndpointUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without a scheme there is no telling which part is the host.
        let Some((scheme, rest)) = self.0.split_once("://") else {
            return f.write_str("…");
        };
        let (authority, path) =
            rest.split_at(rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len()));
        let host = authority
            .rsplit_once('@')
            .map_or(authority, |(_, host)| host);
        write!(f, "{scheme}://{host}")?;
        if matches!(path, "" | "/") {
            Ok(())
        } else {
            f.write_str("/…")
        }
    }
}

impl fmt::Debug for EndpointUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_is_shown() {
        let shown = [
            ("https://node.example/v2/secret", "https://node.example/…"),
            ("https://node.example?key=secret", "https://node.example/…"),
            ("https://node.example#secret", "https://node.example/…"),
            ("https://secret@node.example", "https://node.example"),
            ("https://user:se@cret@node.example/", "https://node.example"),
            ("https:\\\\node.example\\secret", "…"),
            ("wss://node.example\\secret", "wss://node.example/…"),
            ("node.example/secret", "…"),
            ("secret", "…"),
            ("", "…"),
            ("ws://[::1]:8546/secret", "ws://[::1]:8546/…"),
        ];
        for (url, expected) in shown {
            let url = EndpointUrl::new(url);
            assert_eq!(url.to_string(), expected);
            assert_eq!(format!("{url:?}"), expected);
            assert_eq!(url.redacted().expose(), expected);
        }
    }

    #[test]
    fn a_websocket_is_told_by_its_scheme() {
        assert!(EndpointUrl::new("wss://node.example").is_websocket());
        assert!(EndpointUrl::new("WS://node.example").is_websocket());
        assert!(!EndpointUrl::new("https://node.example").is_websocket());
        assert!(!EndpointUrl::new("ws").is_websocket());
    }
}
