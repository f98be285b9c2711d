//! Nothing secret in any text that this crate makes.

use std::error::Error;

use event_streamer_testkit::{RefusedPort, Script, WireServer};
use event_streamer_transport::{CallOptions, Credentials, HttpClient, TransportErrorKind};

use crate::{get, plain};

const SECRET: &str = "hunter2";

fn client_full_of_secrets() -> HttpClient {
    plain()
        .credentials(Credentials::bearer(SECRET))
        .default_header("x-node-key", SECRET)
        .origin(format!(
            "http://{SECRET}:{SECRET}@own.example/{SECRET}?key={SECRET}"
        ))
        .max_body_bytes(4)
        .build()
        .unwrap()
}

/// All that an error says, in both forms, down to its last cause.
fn everything(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    causes
        .map(|error| format!("{error} {error:?} {error:#?}\n"))
        .collect()
}

#[test]
fn debug_of_client_and_builder_shows_settings_without_values() {
    let text = format!("{:?}", client_full_of_secrets());
    assert!(
        text.contains("x-node-key") && text.contains("Bearer(redacted)"),
        "{text}"
    );
    assert!(text.contains("own.example"), "{text}");
    assert!(!text.contains(SECRET), "{text}");
    let broken = plain()
        .origin(format!("not a URL {SECRET}"))
        .credentials(Credentials::api_key(SECRET));
    assert!(!format!("{broken:?}").contains(SECRET));
}

#[test]
fn unusable_settings_are_named_and_not_quoted() {
    for (builder, name) in [
        (plain().origin(format!("{SECRET} nowhere")), "origin"),
        (
            plain().credentials(Credentials::bearer(format!("{SECRET}\n"))),
            "credentials",
        ),
        (
            plain().default_header("x-node-key", format!("{SECRET}\n")),
            "x-node-key",
        ),
        (
            plain().default_header(format!("{SECRET} name"), "x"),
            "default header",
        ),
        (plain().user_agent(format!("{SECRET}\0")), "user-agent"),
        (plain().root_certificates_pem(SECRET), "root certificate"),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Configuration);
        assert!(error.to_string().contains(name), "{error}");
        assert!(
            !everything(&error).contains(SECRET),
            "{}",
            everything(&error)
        );
    }
}

#[tokio::test]
async fn errors_show_the_origin_and_nothing_else_of_request_and_answer() {
    let head = || {
        Script::new()
            .expect_any()
            .head(200, &[("x-answer", SECRET), ("content-length", "64")])
    };
    let server = WireServer::scripted([
        Script::new().expect_any().reset(),
        Script::new().expect_any().raw(format!("{SECRET}\r\n\r\n")),
        head().raw(SECRET).close(),
        Script::new()
            .expect_any()
            .stream_head(&[])
            .raw(format!("{SECRET}\r\n"))
            .close(),
        Script::new()
            .expect_any()
            .stream_head(&[])
            .chunk(SECRET)
            .close(),
    ])
    .await;
    let refused = RefusedPort::new();
    let client = client_full_of_secrets();
    let places = [server.addr(); 5].into_iter().chain([refused.addr()]);
    for (number, place) in places.enumerate() {
        let url = format!("http://{SECRET}:{SECRET}@{place}/v2/{SECRET}?key={SECRET}");
        let error = client
            .request(get(&url), CallOptions::default())
            .await
            .unwrap_err();
        assert!(
            error.to_string().contains(&format!("http://{place}")),
            "{number}: {error}"
        );
        assert!(
            !everything(&error).contains(SECRET),
            "{number}: {}",
            everything(&error)
        );
    }
    server.finished().await;
}
