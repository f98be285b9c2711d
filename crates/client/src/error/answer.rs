//! Errors of calls: no answer, one that is no success, one that cannot be read.

use std::sync::Arc;
use std::time::SystemTime;

use event_streamer_models::ErrorResponse;
use event_streamer_transport::{TimeoutKind, TransportError, TransportErrorKind, retry_after};
use http::header::CONTENT_ENCODING;
use http::{HeaderMap, StatusCode};

use super::text::{TEXT_EXCERPT, excerpt, web_page};
use super::{Error, ErrorKind, Inner};

/// The most of a response body that an error keeps, in bytes.
const BODY_EXCERPT: usize = 512;

/// The most of a body that is made text of, in bytes: enough for a web page's title.
const TEXT_WITHIN: usize = 8 << 10;

/// The most of a request id that an error keeps, in bytes.
const REQUEST_ID_EXCERPT: usize = 128;

impl Error {
    /// There was no answer to `operation`.
    pub(crate) fn transport(operation: &str, error: TransportError) -> Self {
        let (kind, what) = match error.kind() {
            TransportErrorKind::Configuration => {
                // What the setting is, and what is wrong with it.
                (ErrorKind::Validation, error.to_string())
            }
            TransportErrorKind::InvalidRequest => (
                ErrorKind::Validation,
                "the request cannot be sent".to_owned(),
            ),
            TransportErrorKind::Timeout(TimeoutKind::Pool) => (
                ErrorKind::Timeout,
                "all of the client's connections are in use".to_owned(),
            ),
            TransportErrorKind::Timeout(_) => (ErrorKind::Timeout, "no answer in time".to_owned()),
            TransportErrorKind::Protocol
            | TransportErrorKind::BodyTooLarge { .. }
            | TransportErrorKind::Compression => (
                ErrorKind::Protocol,
                "the answer is not one to be read".to_owned(),
            ),
            TransportErrorKind::Proxy => (
                ErrorKind::Connection,
                "the service could not be reached through the proxy".to_owned(),
            ),
            TransportErrorKind::Connect | TransportErrorKind::Tls => (
                ErrorKind::Connection,
                "the service could not be reached".to_owned(),
            ),
            TransportErrorKind::Closed => (ErrorKind::Stopped, "the client is closed".to_owned()),
            _ => (ErrorKind::Connection, "the connection broke".to_owned()),
        };
        Self::from_inner(Inner {
            kind,
            message: format!("{operation}: {what}"),
            source: Some(Arc::new(error)),
            ..Inner::default()
        })
    }

    /// The service answered `operation` with something else than success.
    pub(crate) fn response(
        operation: &str,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Self {
        let said: Option<ErrorResponse> = serde_json::from_slice(body).ok();
        let request_id = request_id(headers);
        let text = body_text(headers, body);
        let mut message = format!("{operation}: the service answered {}", status.as_u16());
        match &said {
            Some(said) => {
                message += ": ";
                message += &excerpt(&said.error, TEXT_EXCERPT);
                if let Some(detail) = &said.detail {
                    message += &format!(" ({})", excerpt(detail, TEXT_EXCERPT));
                }
            }
            None if status.is_redirection() => {
                message += ", a redirect, which is not followed; use the address it leads to";
            }
            None => {
                let words = web_page(&text).unwrap_or_else(|| excerpt(&text, TEXT_EXCERPT));
                if !words.is_empty() {
                    message += &format!(": {words}");
                }
            }
        }
        if let Some(id) = &request_id {
            message += &format!(" [request {id}]");
        }
        Self::from_inner(Inner {
            kind: kind_of(status),
            message,
            status: Some(status),
            code: said.and_then(|said| said.code),
            request_id,
            body: Some(excerpt(&text, BODY_EXCERPT)),
            retry_after: retry_after(headers, SystemTime::now()),
            source: None,
        })
    }

    /// The service answered `operation` with success and a body that cannot be read.
    pub(crate) fn unreadable(
        operation: &str,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
        reason: &str,
    ) -> Self {
        let reason = excerpt(reason, TEXT_EXCERPT);
        Self::from_inner(Inner {
            kind: ErrorKind::Protocol,
            message: format!("{operation}: the answer cannot be read: {reason}"),
            status: Some(status),
            request_id: request_id(headers),
            body: Some(excerpt(&body_text(headers, body), BODY_EXCERPT)),
            ..Inner::default()
        })
    }
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get("x-request-id")?.to_str().ok()?;
    let id = excerpt(id, REQUEST_ID_EXCERPT);
    (!id.is_empty()).then_some(id)
}

/// The beginning of a body as text; nothing if it is in an encoding that is not read.
fn body_text(headers: &HeaderMap, body: &[u8]) -> String {
    if headers.contains_key(CONTENT_ENCODING) {
        return String::new();
    }
    let start = body.get(..TEXT_WITHIN).unwrap_or(body);
    String::from_utf8_lossy(start).into_owned()
}

fn kind_of(status: StatusCode) -> ErrorKind {
    match status.as_u16() {
        401 | 403 | 407 => ErrorKind::Auth,
        404 | 410 => ErrorKind::NotFound,
        408 => ErrorKind::Timeout,
        409 => ErrorKind::Conflict,
        429 => ErrorKind::RateLimited,
        400..=499 => ErrorKind::Validation,
        500..=599 => ErrorKind::Service,
        _ => ErrorKind::Protocol,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, headers: &[(&'static str, &str)], body: &str) -> Error {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        let status = StatusCode::from_u16(status).unwrap();
        Error::response("get chain 1", status, &map, body.as_bytes())
    }

    #[test]
    fn the_request_id_is_told_and_bounded() {
        let error = response(500, &[("x-request-id", "req-1")], r#"{"error":"no"}"#);
        assert_eq!(error.request_id(), Some("req-1"));
        assert_eq!(
            error.to_string(),
            "get chain 1: the service answered 500: no [request req-1]"
        );
        assert!(format!("{error:?}").contains("request_id: \"req-1\""));
        let long = "r".repeat(10_000);
        let error = response(500, &[("x-request-id", &long)], "");
        assert!(error.request_id().unwrap().len() < 140);
        assert_eq!(
            response(500, &[("x-request-id", " ")], "").request_id(),
            None
        );
    }

    #[test]
    fn a_web_page_is_told_by_its_title() {
        let page = "<html><head><title>502 Bad Gateway</title></head><body>\u{1b}[2J";
        let error = response(502, &[], page);
        assert_eq!(
            error.to_string(),
            "get chain 1: the service answered 502: a web page: 502 Bad Gateway"
        );
        assert!(error.body().unwrap().contains("<body> [2J"));
    }

    #[test]
    fn a_body_in_an_unread_encoding_is_not_quoted() {
        let error = response(503, &[("content-encoding", "br")], "\u{b}\u{2}binary");
        assert_eq!(error.to_string(), "get chain 1: the service answered 503");
        assert_eq!(error.body(), Some(""));
    }

    #[test]
    fn a_proxy_that_wants_credentials_is_an_auth_error() {
        assert_eq!(response(407, &[], "").kind(), ErrorKind::Auth);
    }
}
