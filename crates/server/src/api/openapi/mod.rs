//! What the API is, for machines (`/openapi.json`) and for people (`/docs`).

mod document;
mod endpoint;
mod page;

use std::sync::OnceLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};

pub(super) use endpoint::{Endpoint, Method, Tag};

use super::routes::endpoints;

/// The document, made once.
fn json() -> &'static str {
    static JSON: OnceLock<String> = OnceLock::new();
    JSON.get_or_init(|| {
        let document = document::document(&endpoints());
        let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
        text.push('\n');
        text
    })
}

fn html() -> &'static str {
    static HTML: OnceLock<String> = OnceLock::new();
    HTML.get_or_init(|| page::page(&document::document(&endpoints())))
}

/// `GET /openapi.json`
pub(super) async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], json()).into_response()
}

/// `GET /docs`: one page that needs nothing else, no script and no other host.
pub(super) async fn docs() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, html()).into_response()
}

#[cfg(test)]
mod tests;
