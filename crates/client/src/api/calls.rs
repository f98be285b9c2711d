//! One call: a request from its parts, and what its answer means.

use std::time::Duration;

use bytes::Bytes;
use event_streamer_transport::{CallOptions, RetryMode};
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{Method, Request, Response};
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
            options: CallOptions::default(),
        }
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
        serde_json::from_slice(response.body()).map_err(|error| {
            Error::unreadable(&operation, response.status(), response.body(), &error)
        })
    }

    /// Sends a call whose answer says nothing but its status.
    pub(super) async fn call_for_nothing(&self, call: Call<'_>) -> Result<(), Error> {
        self.send(call).await.map(drop)
    }

    async fn send(&self, call: Call<'_>) -> Result<Response<Bytes>, Error> {
        let query: Vec<(&str, &str)> = call
            .query
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let mut request = Request::builder()
            .method(call.method)
            .uri(self.url.join(&call.path, &query))
            .header(ACCEPT, "application/json");
        if call.body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        let request = request
            .body(Bytes::from(call.body.unwrap_or_default()))
            .map_err(|_| {
                Error::validation(format!("{}: the request is not valid", call.operation))
            })?;
        let response = self
            .http
            .request(request, call.options)
            .await
            .map_err(|error| Error::transport(&call.operation, error))?;
        if response.status().is_success() {
            return Ok(response);
        }
        Err(Error::response(
            &call.operation,
            response.status(),
            response.headers(),
            response.body(),
        ))
    }
}
