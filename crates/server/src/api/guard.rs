//! Requests that are refused whatever they ask for: because of whom they come from, or by which way.

use std::net::IpAddr;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use event_streamer_models::ErrorCode;

use super::AppState;
use super::error::{ApiError, ApiResult};
use crate::http::Peer;

/// How long a client waits that has too many requests under way.
const RETRY_AFTER: Duration = Duration::from_secs(10);

/// Passes on what is not refused.
pub(super) async fn guard(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let names = Names {
        allowed: &app.config.http.allowed_hosts,
        // A browser on this machine brings in whatever page its user looks at, and there is no key
        // that such a page would lack.
        is_exposed: is_from_here(&request) && !app.keys_required(),
    };
    match check(&request, names, app.config.http.max_head_bytes) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

fn is_from_here(request: &Request) -> bool {
    let peer = request.extensions().get::<Peer>();
    peer.and_then(|peer| peer.client)
        .is_some_and(|client| client.is_loopback())
}

fn check(request: &Request, names: Names<'_>, max_head_bytes: usize) -> ApiResult<()> {
    let peer = request.extensions().get::<Peer>();
    if peer.is_some_and(|peer| peer.is_crowded) {
        let error = "this address has as many requests under way as it may";
        let error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::RateLimited, error);
        return Err(error.with_retry_after(RETRY_AFTER));
    }
    if head_bytes(request) > max_head_bytes {
        return Err(ApiError::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "HEAD_TOO_LARGE",
            format!("the request's head is larger than {max_head_bytes} bytes"),
        ));
    }
    let host = host(request)?;
    if let Some(host) = &host
        && !names.allow(host.host())
    {
        return Err(ApiError::new(
            StatusCode::MISDIRECTED_REQUEST,
            "HOST_NOT_ALLOWED",
            "the service is not to be asked under this name; http.allowed_hosts lists those it has",
        ));
    }
    check_origin(request.method(), request.headers(), host.as_ref())
}

/// About what the head took on the wire. What reads it has a limit too, which it only keeps from one
/// read to the next.
fn head_bytes(request: &Request) -> usize {
    let headers = request.headers().iter();
    let headers = headers.map(|(name, value)| name.as_str().len() + value.len() + 4);
    let target = request.uri().path().len() + request.uri().query().map_or(0, str::len);
    target + headers.sum::<usize>()
}

/// The name under which the service is asked. HTTP/1.1 demands exactly one (RFC 9112, section 3.2).
fn host(request: &Request) -> ApiResult<Option<Authority>> {
    let bad = |error: &str| ApiError::new(StatusCode::BAD_REQUEST, "INVALID_HOST", error);
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let given = hosts.next();
    if hosts.next().is_some() {
        return Err(bad("the request has several Host headers"));
    }
    if given.is_none() && request.version() == Version::HTTP_11 {
        return Err(bad("the request has no Host header"));
    }
    // A target in absolute form counts, whatever the header says.
    if let Some(authority) = request.uri().authority() {
        return Ok(Some(authority.clone()));
    }
    let Some(given) = given else { return Ok(None) };
    Authority::try_from(given.as_bytes())
        .map(Some)
        .map_err(|_| bad("the Host header is not a name with or without a port"))
}

/// A browser says where a page comes from that makes it change something. Pages of others have no
/// business here.
fn check_origin(method: &Method, headers: &HeaderMap, host: Option<&Authority>) -> ApiResult<()> {
    if method.is_safe() {
        return Ok(());
    }
    let Some(origin) = headers.get(header::ORIGIN) else {
        return Ok(());
    };
    let authority = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.split_once("://"))
        .map(|(_, authority)| authority);
    if authority.is_some_and(|origin| host.is_some_and(|host| host.as_str() == origin)) {
        return Ok(());
    }
    let error = "web pages of other origins cannot use the service";
    Err(ApiError::new(
        StatusCode::FORBIDDEN,
        "ORIGIN_NOT_ALLOWED",
        error,
    ))
}

/// The names that the service goes by.
#[derive(Clone, Copy)]
struct Names<'a> {
    allowed: &'a [String],
    is_exposed: bool,
}

impl Names<'_> {
    fn allow(self, host: &str) -> bool {
        let host = host.trim_end_matches('.');
        if self.allowed.is_empty() && !self.is_exposed {
            return true;
        }
        // An address cannot be made to mean another one, and a name without a dot is nobody's out
        // there.
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        bare.parse::<IpAddr>().is_ok()
            || !host.contains('.')
            || is_below_localhost(host)
            || self
                .allowed
                .iter()
                .any(|allowed| allowed.eq_ignore_ascii_case(host))
    }
}

fn is_below_localhost(host: &str) -> bool {
    host.rsplit('.')
        .next()
        .is_some_and(|last| last.eq_ignore_ascii_case("localhost"))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn status(request: axum::http::request::Builder, names: Names<'_>) -> u16 {
        let request = request.body(Body::empty()).unwrap();
        check(&request, names, 8192)
            .map_or_else(|error| error.into_response().status().as_u16(), |()| 200)
    }

    fn get(host: &str) -> axum::http::request::Builder {
        Request::get("/health").header("host", host)
    }

    const CLOSED: Names<'_> = Names {
        allowed: &[],
        is_exposed: false,
    };
    const EXPOSED: Names<'_> = Names {
        allowed: &[],
        is_exposed: true,
    };

    #[test]
    fn a_page_cannot_come_in_by_a_name_of_its_own() {
        for host in [
            "127.0.0.1:8000",
            "[::1]:8000",
            "localhost",
            "app.localhost:1",
            "localhost.",
            "service:8000",
        ] {
            assert_eq!(status(get(host), EXPOSED), 200, "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:8000",
            "localhost.evil.example",
            "127.0.0.1.nip.io",
        ] {
            assert_eq!(status(get(host), EXPOSED), 421, "{host}");
            assert_eq!(status(get(host), CLOSED), 200, "{host}");
        }
        let absolute = Request::get("http://evil.example/health").header("host", "localhost");
        assert_eq!(status(absolute, EXPOSED), 421);
    }

    #[test]
    fn listed_names_are_the_only_ones() {
        let allowed = ["Events.example".to_owned()];
        for is_exposed in [true, false] {
            let names = Names {
                allowed: &allowed,
                is_exposed,
            };
            assert_eq!(status(get("events.example:443"), names), 200);
            assert_eq!(status(get("other.example"), names), 421);
        }
    }

    #[test]
    fn one_host_is_given() {
        assert_eq!(status(Request::get("/"), CLOSED), 400);
        assert_eq!(
            status(Request::get("/").version(Version::HTTP_10), CLOSED),
            200
        );
        assert_eq!(status(get("a").header("host", "a"), CLOSED), 400);
        assert_eq!(status(get("a b"), CLOSED), 400);
    }

    #[test]
    fn pages_of_others_change_nothing() {
        let post = |origin: &str| {
            Request::post("/api/circuit-breakers/reset")
                .header("host", "localhost:8000")
                .header("origin", origin)
        };
        assert_eq!(status(post("http://localhost:8000"), EXPOSED), 200);
        for origin in ["http://localhost", "https://evil.example", "null"] {
            assert_eq!(status(post(origin), EXPOSED), 403, "{origin}");
            assert_eq!(status(post(origin), CLOSED), 403, "{origin}");
        }
        let read = get("localhost:8000").header("origin", "https://evil.example");
        assert_eq!(status(read, EXPOSED), 200);
    }

    #[test]
    fn a_head_has_a_size() {
        let head = |bytes: usize| get("a").header("x", "y".repeat(bytes));
        assert_eq!(status(head(8_000), CLOSED), 200);
        assert_eq!(status(head(8_192), CLOSED), 431);
        let target = Request::get(format!("/{}?x={}", "y".repeat(4_096), "z".repeat(4_096)));
        assert_eq!(status(target.header("host", "a"), CLOSED), 431);
    }

    #[test]
    fn a_crowded_client_is_told_to_wait() {
        let peer = Peer {
            connection: 1,
            client: None,
            is_crowded: true,
        };
        assert_eq!(status(get("a").extension(peer), CLOSED), 429);
    }
}
