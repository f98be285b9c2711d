//! One request of the JSON-RPC 2.0, taken apart.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use super::error::RpcError;
use crate::error::excerpt;

/// A request whose envelope is right.
pub(super) struct Request<'a> {
    /// The JSON text of the id, given back as it came; `None` for a notification.
    pub(super) id: Option<&'a str>,
    pub(super) method: String,
    params: Option<&'a RawValue>,
}

impl<'a> Request<'a> {
    /// Takes a JSON text apart. A fault comes with the id as far as it is known.
    pub(super) fn parse(text: &'a str) -> Result<Self, (Option<&'a str>, RpcError)> {
        let members: BTreeMap<String, &'a RawValue> = serde_json::from_str(text)
            .map_err(|_| (None, RpcError::request("the request is not an object")))?;
        let id = members.get("id").map(|id| id.get());
        if id.is_some_and(|id| !is_id(id)) {
            return Err((
                None,
                RpcError::request("`id` is neither a string nor a number nor null"),
            ));
        }
        let fault = |message| (id, RpcError::request(message));
        if members.get("jsonrpc").map(|version| version.get()) != Some(r#""2.0""#) {
            return Err(fault(r#"`jsonrpc` is not "2.0""#));
        }
        let method = members
            .get("method")
            .and_then(|method| serde_json::from_str(method.get()).ok())
            .ok_or_else(|| fault("`method` is not a string"))?;
        Ok(Self {
            id,
            method,
            params: members.get("params").copied(),
        })
    }

    pub(super) fn params(&self) -> Result<Params, RpcError> {
        match self.params.map(RawValue::get) {
            None | Some("null") => Ok(Params(Vec::new())),
            Some(text) => serde_json::from_str(text)
                .map(Params)
                .map_err(|_| RpcError::params("`params` is not an array")),
        }
    }
}

fn is_id(text: &str) -> bool {
    text == "null"
        || text.starts_with(|first: char| first == '"' || first == '-' || first.is_ascii_digit())
}

/// Parameters by position.
pub(super) struct Params(Vec<Value>);

impl Params {
    pub(super) fn at_most(&self, count: usize) -> Result<(), RpcError> {
        if self.0.len() > count {
            return Err(RpcError::params(format!(
                "too many arguments, want at most {count}"
            )));
        }
        Ok(())
    }

    pub(super) fn required(&self, index: usize) -> Result<&Value, RpcError> {
        self.optional(index)
            .ok_or_else(|| RpcError::params(format!("missing value for required argument {index}")))
    }

    /// A parameter that may be missing or null.
    pub(super) fn optional(&self, index: usize) -> Option<&Value> {
        self.0.get(index).filter(|value| !value.is_null())
    }

    pub(super) fn required_text(&self, index: usize) -> Result<&str, RpcError> {
        let value = self.required(index)?;
        value
            .as_str()
            .ok_or_else(|| not_a("string", &format!("argument {index}"), value))
    }
}

/// The error for a value of the wrong JSON type.
pub(super) fn not_a(expected: &str, what: &str, value: &Value) -> RpcError {
    RpcError::params(format!(
        "{what} is not a {expected}: {}",
        excerpt(&value.to_string())
    ))
}
