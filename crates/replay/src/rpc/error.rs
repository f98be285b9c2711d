//! Errors as the JSON-RPC has them.

use serde::Serialize;

/// The `error` of an answer.
#[derive(Debug, Serialize)]
pub(crate) struct RpcError {
    code: i32,
    message: String,
}

impl RpcError {
    /// The body is not JSON (JSON-RPC 2.0, section 5.1).
    pub(crate) fn parse(message: impl Into<String>) -> Self {
        Self::new(-32700, message)
    }

    /// The JSON is not a request.
    pub(crate) fn request(message: impl Into<String>) -> Self {
        Self::new(-32600, message)
    }

    /// There is no such method, or not here.
    pub(crate) fn method(message: impl Into<String>) -> Self {
        Self::new(-32601, message)
    }

    /// The parameters do not fit the method.
    pub(crate) fn params(message: impl Into<String>) -> Self {
        Self::new(-32602, message)
    }

    /// The request is fine, what it asks for is not there.
    pub(crate) fn server(message: impl Into<String>) -> Self {
        Self::new(-32000, message)
    }

    /// The answer would be too long (geth's code).
    pub(crate) fn response_too_large(limit: usize) -> Self {
        Self::new(
            -32003,
            format!("response too large: more than {limit} bytes, ask for fewer blocks"),
        )
    }

    /// The request asks for more than the node gives (EIP-1474).
    pub(crate) fn limit(message: impl Into<String>) -> Self {
        Self::new(-32005, message)
    }

    fn new(code: i32, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}
