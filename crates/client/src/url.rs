//! The service's address, and paths under it.

use std::fmt::Write as _;

use event_streamer_transport::Origin;
use http::Uri;

use crate::error::Error;

/// Where the service is: an origin and perhaps a path before the API's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServiceUrl {
    /// Without a slash at the end.
    base: String,
}

impl ServiceUrl {
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let uri: Uri = text
            .parse()
            .map_err(|_| Error::validation("the service url is not a url"))?;
        Origin::of(&uri).map_err(|error| Error::validation(format!("the service url: {error}")))?;
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        if authority.contains('@') {
            return Err(Error::validation(
                "the service url holds credentials; give them to `api_key` or `bearer_token`",
            ));
        }
        if uri.query().is_some() || text.contains('#') {
            return Err(Error::validation(
                "the service url has a query or fragment; give the address alone",
            ));
        }
        Ok(Self {
            base: text.trim_end_matches('/').to_owned(),
        })
    }

    /// The URL of a path with query parameters; `path` begins with a slash and is encoded already.
    pub(crate) fn join(&self, path: &str, query: &[(&str, &str)]) -> String {
        let mut url = format!("{}{path}", self.base);
        for (index, (name, value)) in query.iter().enumerate() {
            url.push(if index == 0 { '?' } else { '&' });
            url.push_str(name);
            url.push('=');
            url.push_str(&encode(value));
        }
        url
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.base
    }
}

/// A text as a path segment or query value: every byte but RFC 3986's unreserved ones as `%XX`.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn paths_and_queries_are_put_behind_the_address() {
        for (address, expected) in [
            ("http://localhost:8000", "http://localhost:8000/health"),
            ("https://host/", "https://host/health"),
            (
                "https://host/streams/v1//",
                "https://host/streams/v1/health",
            ),
            ("http://[::1]:80", "http://[::1]:80/health"),
        ] {
            let url = ServiceUrl::parse(address).unwrap();
            assert_eq!(url.join("/health", &[]), expected);
        }
        let url = ServiceUrl::parse("http://h").unwrap();
        assert_eq!(
            url.join("/a", &[("x", "+/=&#% ü"), ("y", "rt_a-b~.")]),
            "http://h/a?x=%2B%2F%3D%26%23%25%20%C3%BC&y=rt_a-b~."
        );
    }

    #[test]
    fn unusable_addresses_are_refused_without_being_quoted() {
        for address in [
            "",
            "localhost:8000",
            "/subscriptions",
            "ftp://secret",
            "file:///secret",
            "ws://secret",
            "http://",
            "http://user:secret@host",
            "http://host?key=secret",
            "http://host/#secret",
            "http://ho st/secret",
        ] {
            let error = ServiceUrl::parse(address).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Validation, "{address}");
            assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
        }
    }
}
