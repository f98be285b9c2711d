//! The address of a node, which usually holds a key and is therefore never shown whole.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use http::{HeaderValue, Uri};

/// The URL of an EVM node's JSON-RPC interface: `http`, `https`, `ws` or `wss`.
///
/// Providers put keys into the path, the query, or `user:password@`. So `Debug` and `Display` show
/// only scheme, host and port; the whole text is behind [`RpcUrl::expose`].
///
/// ```
/// use event_streamer_server::rpc::RpcUrl;
///
/// let url: RpcUrl = "https://me:secret@node.example:8545/v3/0123456789abcdef?key=k".parse()?;
/// assert_eq!(url.to_string(), "https://node.example:8545");
/// assert_eq!(format!("{url:?}"), "RpcUrl(https://node.example:8545)");
/// assert!(!url.is_websocket());
/// # Ok::<(), event_streamer_server::rpc::RpcUrlError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RpcUrl {
    /// As it was given.
    text: String,
    /// Without `user:password@`, which belongs into a header.
    uri: Uri,
    /// What `user:password@` becomes on the wire.
    authorization: Option<HeaderValue>,
    websocket: bool,
}

impl RpcUrl {
    /// The whole URL with its secrets: to store it, or to hand it to a client. Never log it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// True for `ws` and `wss`: an endpoint that announces heads instead of answering queries.
    #[must_use]
    pub fn is_websocket(&self) -> bool {
        self.websocket
    }

    /// Scheme, host and port: what may be shown.
    #[must_use]
    pub fn origin(&self) -> String {
        let scheme = self.uri.scheme_str().unwrap_or_default();
        let authority = self.uri.authority().map_or("", |it| it.as_str());
        format!("{scheme}://{authority}")
    }

    pub(crate) fn uri(&self) -> &Uri {
        &self.uri
    }

    pub(crate) fn authorization(&self) -> Option<&HeaderValue> {
        self.authorization.as_ref()
    }

    /// `text` with everything taken out that this URL keeps secret: nodes like to quote the key
    /// they refuse.
    pub(crate) fn redact(&self, text: &str) -> String {
        // Shorter pieces (`v3`, `rpc`) are no keys, and would maim ordinary words.
        const KEY_LENGTH: usize = 8;
        let tail = self.uri.path_and_query().map_or("", |it| it.as_str());
        let user = self.text.split_once("://").and_then(|(_, rest)| {
            let authority = rest.split(['/', '?']).next().unwrap_or_default();
            authority.rsplit_once('@').map(|(user, _)| user)
        });
        let pieces = tail
            .split(['/', '?', '&', '='])
            .chain(user.unwrap_or_default().split(':'));
        let mut shown = text.to_owned();
        for piece in pieces.filter(|it| it.len() >= KEY_LENGTH) {
            if shown.contains(piece) {
                shown = shown.replace(piece, "[redacted]");
            }
        }
        shown
    }
}

impl FromStr for RpcUrl {
    type Err = RpcUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let uri: Uri = text.parse().map_err(|_| RpcUrlError::NotAUrl)?;
        let websocket = match uri.scheme_str() {
            Some("http" | "https") => false,
            Some("ws" | "wss") => true,
            Some(_) => return Err(RpcUrlError::Scheme),
            None => return Err(RpcUrlError::NotAUrl),
        };
        let authority = uri.authority().ok_or(RpcUrlError::NotAUrl)?;
        if authority.host().is_empty() {
            return Err(RpcUrlError::NotAUrl);
        }
        let (user, host) = match authority.as_str().rsplit_once('@') {
            Some((user, host)) => (Some(user.to_owned()), host.to_owned()),
            None => (None, authority.as_str().to_owned()),
        };
        let authorization = user.as_deref().map(basic_authorization).transpose()?;

        let mut parts = uri.into_parts();
        parts.authority = Some(host.parse().map_err(|_| RpcUrlError::NotAUrl)?);
        if parts.path_and_query.is_none() {
            parts.path_and_query = Some(http::uri::PathAndQuery::from_static("/"));
        }
        let uri = Uri::from_parts(parts).map_err(|_| RpcUrlError::NotAUrl)?;
        Ok(Self {
            text: text.to_owned(),
            uri,
            authorization,
            websocket,
        })
    }
}

/// `user:password` of a URL as the header of RFC 7617.
fn basic_authorization(user: &str) -> Result<HeaderValue, RpcUrlError> {
    let plain = percent_decode(user).ok_or(RpcUrlError::NotAUrl)?;
    let value = format!(
        "Basic {}",
        base64::engine::general_purpose::STANDARD.encode(plain)
    );
    let mut value = HeaderValue::from_str(&value).map_err(|_| RpcUrlError::NotAUrl)?;
    value.set_sensitive(true);
    Ok(value)
}

fn percent_decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let high = char::from(bytes.next()?).to_digit(16)?;
        let low = char::from(bytes.next()?).to_digit(16)?;
        out.push(u8::try_from(high * 16 + low).ok()?);
    }
    Some(out)
}

impl fmt::Debug for RpcUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RpcUrl({})", self.origin())
    }
}

impl fmt::Display for RpcUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin())
    }
}

/// Why a text is not the URL of a node. It does not quote the text, which may hold a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RpcUrlError {
    /// Not a URL with scheme and host.
    #[error("not a URL: expected scheme://host[:port][/path]")]
    NotAUrl,
    /// A scheme no node is spoken to by.
    #[error("unsupported scheme of a node's URL: expected http, https, ws or wss")]
    Scheme,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_only_the_origin() {
        let url: RpcUrl = "wss://u%3A1:p@Node.example:8546/ws/0123456789ab?x=1"
            .parse()
            .unwrap();
        assert_eq!(url.to_string(), "wss://Node.example:8546");
        assert_eq!(format!("{url:?}"), "RpcUrl(wss://Node.example:8546)");
        assert!(url.is_websocket());
        assert_eq!(
            url.expose(),
            "wss://u%3A1:p@Node.example:8546/ws/0123456789ab?x=1"
        );
    }

    #[test]
    fn user_and_password_become_a_header() {
        let url: RpcUrl = "http://user:p%40ss@127.0.0.1:1".parse().unwrap();
        let header = url.authorization().unwrap();
        assert_eq!(header, "Basic dXNlcjpwQHNz");
        assert!(header.is_sensitive());
        assert_eq!(url.uri().to_string(), "http://127.0.0.1:1/");
    }

    #[test]
    fn takes_its_secrets_out_of_a_text() {
        let url: RpcUrl = "https://user:longpassword@node.example/v3/abcdef012345?key=topsecret"
            .parse()
            .unwrap();
        assert_eq!(
            url.redact("project abcdef012345 with topsecret of longpassword refused at v3"),
            "project [redacted] with [redacted] of [redacted] refused at v3"
        );
    }

    #[test]
    fn refuses_what_is_no_node() {
        for (text, error) in [
            ("", RpcUrlError::NotAUrl),
            ("node.example", RpcUrlError::NotAUrl),
            ("/path", RpcUrlError::NotAUrl),
            ("http://", RpcUrlError::NotAUrl),
            ("http://a b/", RpcUrlError::NotAUrl),
            ("http://u%zz@host/", RpcUrlError::NotAUrl),
            ("file:///etc/passwd", RpcUrlError::NotAUrl),
            ("ftp://host/", RpcUrlError::Scheme),
            ("gopher://host/", RpcUrlError::Scheme),
        ] {
            assert_eq!(text.parse::<RpcUrl>(), Err(error), "{text}");
        }
    }
}
