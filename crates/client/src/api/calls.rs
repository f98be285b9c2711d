//! One call: a request from its parts, and what its answer means.

use std::time::Duration;

use bytes::Bytes;
use event_streamer_transport::{CallOptions, RetryMode};
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderName, Method, Request, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Api;
use crate::error::Error;

/// A request before it is sent. `operation` names it in errors: "get subscription 7".
pub(super) struct Call<'a> {
    pub(super) operation: String,
    method: Method,
    path: String,
    query: Vec<(&'a str, String)>,
    body: Option<Vec<u8>>,
    accept: &'static str,
    header: Option<(HeaderName, &'a str)>,
    also_read: Option<StatusCode>,
    options: CallOptions,
}

impl<'a> Call<'a> {
    pub(super) fn new(
        method: Method,
        path: impl Into<String>,
        operation: impl Into<String>,
    ) -> Self {
        Self {
            operation: operation.into(),
            method,
            path: path.into(),
            query: Vec::new(),
            body: None,
            accept: "application/json",
            header: None,
            also_read: None,
            options: CallOptions::default(),
        }
    }

    /// A call that only asks.
    pub(super) fn get(path: impl Into<String>, operation: impl Into<String>) -> Self {
        Self::new(Method::GET, path, operation)
    }

    pub(super) fn query(mut self, name: &'a str, value: &impl ToString) -> Self {
        self.query.push((name, value.to_string()));
        self
    }

    pub(super) fn json<T: Serialize>(mut self, body: &T) -> Result<Self, Error> {
        let json = serde_json::to_vec(body).map_err(|_| {
            Error::validation(format!("{}: the request has no json form", self.operation))
        })?;
        self.body = Some(json);
        Ok(self)
    }

    /// What the answer's body is to be, if not JSON.
    pub(super) fn accept(mut self, media_type: &'static str) -> Self {
        self.accept = media_type;
        self
    }

    pub(super) fn header(mut self, name: HeaderName, value: &'a str) -> Self {
        self.header = Some((name, value));
        self
    }

    /// Takes this status for an answer like a success: one whose body says more than the status.
    pub(super) fn also_read(mut self, status: StatusCode) -> Self {
        self.also_read = Some(status);
        self
    }

    pub(super) fn retry(mut self, mode: RetryMode) -> Self {
        self.options = self.options.with_retry(mode);
        self
    }

    pub(super) fn timeout(mut self, limit: Duration) -> Self {
        self.options = self.options.with_timeout(limit);
        self
    }
}

impl Api {
    /// Sends a call and reads the answer's body as JSON.
    pub(super) async fn call<T: DeserializeOwned>(&self, call: Call<'_>) -> Result<T, Error> {
        let operation = call.operation.clone();
        let response = self.send(call).await?;
        read(&operation, &response)
    }

    /// Sends a call whose answer says nothing but its status.
    pub(super) async fn call_for_nothing(&self, call: Call<'_>) -> Result<(), Error> {
        self.send(call).await.map(drop)
    }

    /// Sends a call and returns the answer if it is a success.
    pub(super) async fn send(&self, call: Call<'_>) -> Result<Response<Bytes>, Error> {
        let also_read = call.also_read;
        let operation = call.operation.clone();
        let response = self.exchange(call).await?;
        let status = response.status();
        if status.is_success() || also_read == Some(status) {
            return Ok(response);
        }
        Err(refusal(&operation, &response))
    }

    /// Sends a call and returns the answer, whatever it is.
    pub(super) async fn exchange(&self, call: Call<'_>) -> Result<Response<Bytes>, Error> {
        let query: Vec<(&str, &str)> = call
            .query
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let mut request = Request::builder()
            .method(call.method)
            .uri(self.url().join(&call.path, &query))
            .header(ACCEPT, call.accept);
        if call.body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        if let Some((name, value)) = call.header {
            request = request.header(name, value);
        }
        let request = request
            .body(Bytes::from(call.body.unwrap_or_default()))
            .map_err(|_| {
                Error::validation(format!("{}: the request is not valid", call.operation))
            })?;
        self.http
            .request(request, call.options)
            .await
            .map_err(|error| Error::transport(&call.operation, error))
    }
}

/// What an answer other than success means.
pub(super) fn refusal(operation: &str, response: &Response<Bytes>) -> Error {
    Error::response(
        operation,
        response.status(),
        response.headers(),
        response.body(),
    )
}

/// The body of an answer, read as JSON.
pub(super) fn read<T: DeserializeOwned>(
    operation: &str,
    response: &Response<Bytes>,
) -> Result<T, Error> {
    serde_json::from_slice(response.body()).map_err(|error| {
        Error::unreadable(
            operation,
            response.status(),
            response.headers(),
            response.body(),
            &error.to_string(),
        )
    })
}
