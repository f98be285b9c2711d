use std::error::Error as _;

use http::{HeaderMap, HeaderValue};

use super::*;

fn response(status: u16, body: &[u8]) -> Error {
    let status = StatusCode::from_u16(status).unwrap();
    Error::response("get subscription 7", status, &HeaderMap::new(), body)
}

#[test]
fn the_services_own_words_are_in_the_text() {
    let body = br#"{"error":"subscription is invalid","detail":"addresses[3] is not an address; end_block is before start_block","code":"INVALID","timestamp":"2024-05-23T10:30:00.000Z"}"#;
    let error = response(422, body);
    assert_eq!(
        error.to_string(),
        "get subscription 7: the service answered 422: subscription is invalid (addresses[3] is not an \
         address; end_block is before start_block)"
    );
    assert_eq!(error.kind(), ErrorKind::Validation);
    assert_eq!(error.code().unwrap().as_str(), "INVALID");
    assert!(error.body().unwrap().starts_with("{\"error\""));
    assert!(!error.is_retryable());
}

#[test]
fn statuses_have_their_kinds() {
    for (status, kind, retryable) in [
        (301, ErrorKind::Protocol, false),
        (400, ErrorKind::Validation, false),
        (401, ErrorKind::Auth, false),
        (403, ErrorKind::Auth, false),
        (404, ErrorKind::NotFound, false),
        (408, ErrorKind::Timeout, true),
        (409, ErrorKind::Conflict, false),
        (410, ErrorKind::NotFound, false),
        (418, ErrorKind::Validation, false),
        (429, ErrorKind::RateLimited, true),
        (500, ErrorKind::Service, true),
        (599, ErrorKind::Service, true),
    ] {
        let error = response(status, b"");
        assert_eq!(
            (error.kind(), error.is_retryable()),
            (kind, retryable),
            "{status}"
        );
        assert_eq!(error.is_auth(), kind == ErrorKind::Auth);
        assert_eq!(error.is_not_found(), kind == ErrorKind::NotFound);
    }
}

#[test]
fn bodies_of_any_kind_are_bounded_and_on_one_line() {
    let page = "<html>\r\n\u{1b}[31mü".repeat(10_000);
    let error = response(502, page.as_bytes());
    assert!(
        error.body().unwrap().len() <= 520,
        "{}",
        error.body().unwrap().len()
    );
    let text = error.to_string();
    assert!(
        text.len() < 500 && !text.contains(['\n', '\r', '\u{1b}']),
        "{text}"
    );
    let words = format!(
        r#"{{"error":"{}","detail":"{}"}}"#,
        "e".repeat(9_000),
        "d".repeat(9_000)
    );
    assert!(response(500, words.as_bytes()).to_string().len() < 800);
    for body in [&b"\xff\xfe\x00"[..], b"", b"null", b"{\"error\":7}"] {
        assert!(
            response(500, body)
                .to_string()
                .starts_with("get subscription 7: the service answered 500")
        );
    }
}

#[test]
fn retry_after_is_read() {
    let mut headers = HeaderMap::new();
    headers.insert("retry-after", HeaderValue::from_static("17"));
    let error = Error::response("x", StatusCode::SERVICE_UNAVAILABLE, &headers, b"");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(17)));
}

#[test]
fn a_source_is_there_and_not_in_the_text() {
    let source: Arc<dyn StdError + Send + Sync> = Arc::new(std::io::Error::other("disk full"));
    let error = Error::handler("the handler failed", Some(source));
    assert_eq!(error.to_string(), "the handler failed");
    assert_eq!(error.source().unwrap().to_string(), "disk full");
    let given_up = error.clone().given_up(5);
    assert_eq!(
        given_up.to_string(),
        "the handler failed (given up after attempt 5)"
    );
    assert!(given_up.source().is_some());
    let gone = Error::connection_gone(error.with_code(ErrorCode::Internal));
    assert_eq!(gone.code(), Some(&ErrorCode::ConnectionLost));
}

#[test]
fn excerpts_end_at_characters() {
    assert_eq!(excerpt("ääää", 5), "ää…");
    assert_eq!(excerpt(" ok ", 10), "ok");
    assert_eq!(excerpt("a\nb", 10), "a b");
}
