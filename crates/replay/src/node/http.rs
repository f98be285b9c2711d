//! Requests over HTTP: a POST is JSON-RPC, a GET may become a WebSocket.

use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::serve::Connection;
use super::websocket;
use crate::rpc;

/// Every path and method ends here.
pub(super) async fn handle(State(connection): State<Connection>, request: Request) -> Response {
    match *request.method() {
        Method::POST => call(&connection, request).await,
        Method::GET => upgrade(connection, request).await,
        _ => not_allowed(),
    }
}

/// Answers a JSON-RPC request. Its content type is not looked at: many programs send none.
async fn call(connection: &Connection, request: Request) -> Response {
    let server = &connection.server;
    match Bytes::from_request(request, &()).await {
        Ok(body) => match rpc::answer(&server.chain, &server.limits, None, &body) {
            Some(answer) => json(StatusCode::OK, answer),
            None => StatusCode::NO_CONTENT.into_response(),
        },
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => json(
            StatusCode::PAYLOAD_TOO_LARGE,
            rpc::answer_too_large(&server.limits),
        ),
        Err(rejection) => BytesRejection::into_response(rejection),
    }
}

async fn upgrade(connection: Connection, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => websocket::upgrade(connection, upgrade),
        // A GET that does not ask for an upgrade at all.
        Err(WebSocketUpgradeRejection::InvalidConnectionHeader(_)) => not_allowed(),
        Err(rejection) => rejection.into_response(),
    }
}

fn json(status: StatusCode, body: Vec<u8>) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json")];
    (status, headers, Body::from(body)).into_response()
}

fn not_allowed() -> Response {
    (
        StatusCode::METHOD_NOT_ALLOWED,
        [(header::ALLOW, "POST")],
        "send JSON-RPC requests by POST, or connect a WebSocket\n",
    )
        .into_response()
}
