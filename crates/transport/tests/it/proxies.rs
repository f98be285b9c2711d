//! Through an HTTP proxy.

use event_streamer_testkit::{RefusedPort, Script, WireServer};
use event_streamer_transport::{CallOptions, Credentials, HttpClient, TransportErrorKind};

use crate::{get, plain};

const SECRET: &str = "hunter2";
/// `proxy:hunter2` in base64.
const PROXY_AUTHORIZATION: &str = "Basic cHJveHk6aHVudGVyMg==";

fn through(proxy: &WireServer) -> HttpClient {
    plain()
        .proxy(format!("http://proxy:{SECRET}@{}", proxy.addr()))
        .credentials(Credentials::bearer("token"))
        .build()
        .unwrap()
}

#[tokio::test]
async fn http_requests_are_passed_on_in_absolute_form() {
    let answer = || {
        Script::new()
            .expect("GET http://service.test:8000/health")
            .respond(200, "fine")
    };
    let proxy = WireServer::scripted([answer()]).await;
    let url = "http://service.test:8000/health?x=1";
    let response = through(&proxy)
        .request(get(url), CallOptions::default())
        .await;
    assert_eq!(response.unwrap().body(), "fine");
    let seen = proxy.request(0).await;
    assert_eq!(seen.target, url);
    assert_eq!(seen.header("host"), Some("service.test:8000"));
    assert_eq!(
        seen.header("proxy-authorization"),
        Some(PROXY_AUTHORIZATION)
    );
    assert_eq!(seen.header("authorization"), Some("Bearer token"));
    proxy.finished().await;
}

#[tokio::test]
async fn https_goes_through_a_tunnel_that_sees_no_credentials_of_the_service() {
    let script = Script::new()
        .expect_any()
        .raw("HTTP/1.1 200 Connection established\r\n\r\n")
        // The beginning of a TLS handshake is not answered.
        .close();
    let proxy = WireServer::scripted([script]).await;
    let error = through(&proxy)
        .request(get("https://service.test/"), CallOptions::default())
        .await
        .unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    let seen = proxy.request(0).await;
    assert_eq!(
        (seen.method.as_str(), seen.target.as_str()),
        ("CONNECT", "service.test:443")
    );
    assert_eq!(
        seen.header("proxy-authorization"),
        Some(PROXY_AUTHORIZATION)
    );
    assert_eq!(seen.header("authorization"), None);
}

#[tokio::test]
async fn a_proxy_that_does_not_open_the_way_is_named_without_its_credentials() {
    let refusals = [
        "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
        "HTTP/1.1 502 Bad Gateway\r\n\r\n",
        "nonsense\r\n\r\n",
    ];
    for refusal in refusals {
        let proxy = WireServer::scripted([Script::new().expect_any().raw(refusal).close()]).await;
        let error = through(&proxy)
            .request(get("https://service.test/"), CallOptions::default())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Proxy, "{error:?}");
        assert!(error.is_connect() && error.is_retryable());
        let text = format!("{error} {error:?}");
        assert!(text.contains(&proxy.addr().to_string()), "{text}");
        assert!(
            !text.contains(SECRET) && !text.contains(PROXY_AUTHORIZATION),
            "{text}"
        );
    }
    let refused = RefusedPort::new();
    let client = plain().proxy(refused.url()).build().unwrap();
    for url in ["http://service.test/", "https://service.test/"] {
        let error = client
            .request(get(url), CallOptions::default())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Proxy, "{url}: {error:?}");
    }
}

#[test]
fn a_proxy_is_set_or_there_is_none_and_its_password_is_never_shown() {
    let client = plain().proxy(format!("http://{SECRET}:{SECRET}@proxy.test:3128"));
    let shown = format!("{client:?} {:?}", client.clone().build().unwrap());
    assert!(
        shown.contains("proxy.test") && !shown.contains(SECRET),
        "{shown}"
    );
    let error = plain().proxy(format!("{SECRET}:1")).build().unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Configuration);
    assert!(!format!("{error} {error:?}").contains(SECRET));
}
