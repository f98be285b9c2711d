//! The headers that every request of a client carries.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, PROXY_AUTHORIZATION,
    USER_AGENT,
};
use http::uri::Authority;
use http::{Request, Uri};

use crate::error::TransportError;
use crate::origin::Origin;

/// User agent, default headers and credentials, and whom the latter two are for.
pub(crate) struct StandardHeaders {
    pub(crate) user_agent: HeaderValue,
    pub(crate) accept_encoding: Option<HeaderValue>,
    /// What a proxy wants to see with requests that it passes on; in a tunnel it sees none.
    pub(crate) proxy_authorization: Option<HeaderValue>,
    pub(crate) defaults: HeaderMap,
    pub(crate) credentials: Option<(HeaderName, HeaderValue)>,
    /// If set, default headers and credentials go to this origin only.
    pub(crate) origin: Option<Origin>,
}

impl StandardHeaders {
    /// Adds what the request does not bring itself: a header set by the caller stays.
    pub(crate) fn add_to<B>(&self, request: &mut Request<B>, origin: &Origin) {
        let headers = request.headers_mut();
        headers
            .entry(USER_AGENT)
            .or_insert_with(|| self.user_agent.clone());
        if let Some(encodings) = &self.accept_encoding {
            headers
                .entry(ACCEPT_ENCODING)
                .or_insert_with(|| encodings.clone());
        }
        if let Some(authorization) = &self.proxy_authorization
            && !origin.is_https()
        {
            headers.insert(PROXY_AUTHORIZATION, authorization.clone());
        }
        if self.origin.as_ref().is_some_and(|own| own != origin) {
            return;
        }
        for name in self.defaults.keys() {
            if headers.contains_key(name) {
                continue;
            }
            for value in self.defaults.get_all(name) {
                headers.append(name.clone(), value.clone());
            }
        }
        if let Some((name, value)) = &self.credentials {
            headers.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
}

impl fmt::Debug for StandardHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names only: any value may be a key.
        f.debug_struct("StandardHeaders")
            .field("defaults", &self.defaults.keys().collect::<Vec<_>>())
            .field(
                "credentials",
                &self.credentials.as_ref().map(|(name, _)| name),
            )
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

/// Moves the user info of `https://user:password@host/` into a Basic `Authorization` header.
///
/// hyper would drop it silently. It belongs to that URL's origin by nature, so it is sent there
/// whatever the configured origin is, and takes precedence over the client's credentials.
pub(crate) fn user_info_to_header<B>(request: &mut Request<B>) -> Result<(), TransportError> {
    let Some((user_info, host)) = request
        .uri()
        .authority()
        .and_then(|authority| authority.as_str().rsplit_once('@'))
    else {
        return Ok(());
    };
    let mut value = HeaderValue::try_from(format!(
        "Basic {}",
        STANDARD.encode(percent_decode(user_info))
    ))
    .map_err(|error| TransportError::invalid_request("user info").with_source(error))?;
    value.set_sensitive(true);

    let rejected =
        |error: http::Error| TransportError::invalid_request("not a URL").with_source(error);
    let authority = Authority::try_from(host).map_err(|error| rejected(error.into()))?;
    let mut parts = request.uri().clone().into_parts();
    parts.authority = Some(authority);
    *request.uri_mut() = Uri::from_parts(parts).map_err(|error| rejected(error.into()))?;
    request.headers_mut().entry(AUTHORIZATION).or_insert(value);
    Ok(())
}

/// RFC 3986, section 2.1; a percent sign without two hex digits behind it stands for itself.
fn percent_decode(text: &str) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if let Some(byte) = escaped_byte(rest) {
            decoded.push(byte);
            rest = &rest[3..];
        } else {
            decoded.push(*first);
            rest = tail;
        }
    }
    decoded
}

fn escaped_byte(text: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = text else {
        return None;
    };
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    u8::try_from(digit(high)? << 4 | digit(low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "hunter2";

    fn request(url: &str) -> Request<()> {
        Request::get(url).body(()).unwrap()
    }

    fn standard(origin: Option<&str>) -> StandardHeaders {
        let mut defaults = HeaderMap::new();
        defaults.append("x-key", HeaderValue::from_static(SECRET));
        StandardHeaders {
            user_agent: HeaderValue::from_static("agent"),
            accept_encoding: None,
            proxy_authorization: None,
            defaults,
            credentials: Some((AUTHORIZATION, HeaderValue::from_static(SECRET))),
            origin: origin.map(|url| url.parse().unwrap()),
        }
    }

    fn with_standard(standard: &StandardHeaders, mut request: Request<()>) -> HeaderMap {
        let origin = Origin::of(request.uri()).unwrap();
        standard.add_to(&mut request, &origin);
        request.headers().clone()
    }

    #[test]
    fn secrets_go_to_the_configured_origin_only() {
        let standard = standard(Some("https://own.example/base"));
        let own = with_standard(&standard, request("https://OWN.example:443/path"));
        assert_eq!(own["authorization"], SECRET);
        assert_eq!(own["x-key"], SECRET);
        for url in [
            "http://own.example",
            "https://own.example:444",
            "https://own.example.evil",
        ] {
            let other = with_standard(&standard, request(url));
            assert_eq!(other.keys().collect::<Vec<_>>(), ["user-agent"], "{url}");
        }
    }

    #[test]
    fn without_an_origin_they_go_everywhere() {
        let headers = with_standard(&standard(None), request("http://any.example"));
        assert_eq!(headers.len(), 3);
    }

    #[test]
    fn the_headers_of_a_request_win() {
        let mut request = request("http://any.example");
        request
            .headers_mut()
            .insert("x-key", HeaderValue::from_static("mine"));
        request
            .headers_mut()
            .insert(USER_AGENT, HeaderValue::from_static("mine"));
        let headers = with_standard(&standard(None), request);
        assert_eq!(
            headers.get_all("x-key").iter().collect::<Vec<_>>(),
            ["mine"]
        );
        assert_eq!(headers[USER_AGENT], "mine");
    }

    #[test]
    fn debug_shows_names_only() {
        let text = format!("{:?}", standard(Some("http://own.example/path")));
        assert!(
            text.contains("x-key") && text.contains("own.example"),
            "{text}"
        );
        assert!(!text.contains(SECRET) && !text.contains("path"), "{text}");
    }

    #[test]
    fn user_info_becomes_basic_authorization() {
        // The example of RFC 7617, section 2, percent-encoded.
        let mut request = request("https://Aladdin:open%20sesame@node.example:8545/path?query");
        user_info_to_header(&mut request).unwrap();
        assert_eq!(request.uri(), "https://node.example:8545/path?query");
        assert_eq!(
            request.headers()[AUTHORIZATION],
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        );
        assert!(request.headers()[AUTHORIZATION].is_sensitive());
    }

    #[test]
    fn a_url_without_user_info_stays() {
        let mut request = request("https://node.example/a@b");
        user_info_to_header(&mut request).unwrap();
        assert_eq!(request.uri(), "https://node.example/a@b");
        assert!(request.headers().is_empty());
    }

    #[test]
    fn percent_decoding_keeps_what_is_not_an_escape() {
        for (text, decoded) in [
            ("a%3Ab", "a:b"),
            ("%", "%"),
            ("%4", "%4"),
            ("%zz", "%zz"),
            ("%25%41", "%A"),
            ("", ""),
        ] {
            assert_eq!(percent_decode(text), decoded.as_bytes(), "{text}");
        }
    }
}
