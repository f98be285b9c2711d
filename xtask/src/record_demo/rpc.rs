//! JSON-RPC 2.0 calls, one after another.

use std::net::SocketAddr;

use serde::Deserialize;
use serde_json::{Value, json};

use super::http::Connection;
use crate::error::{Context as _, Result, fail};

pub(crate) struct Rpc {
    connection: Connection,
    last_id: u64,
}

#[derive(Deserialize)]
struct Answer {
    id: u64,
    #[serde(default)]
    result: Value,
    error: Option<RpcError>,
}

#[derive(Deserialize)]
struct RpcError {
    code: i64,
    message: String,
}

impl Rpc {
    pub(crate) fn connect(address: SocketAddr) -> Result<Self> {
        Ok(Self {
            connection: Connection::open(address)?,
            last_id: 0,
        })
    }

    /// The result of one call; the node's error, named after the method, otherwise.
    pub(crate) fn call(&mut self, method: &str, params: &Value) -> Result<Value> {
        self.last_id += 1;
        let request =
            json!({"jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params});
        let body = self
            .connection
            .post(request.to_string().as_bytes())
            .context(|| method.to_owned())?;
        let answer: Answer = serde_json::from_slice(&body).context(|| method.to_owned())?;
        match answer.error {
            Some(error) => fail!(
                "{method}: the node answered {} {}",
                error.code,
                error.message
            ),
            None if answer.id != self.last_id => {
                fail!("{method}: the answer belongs to another call")
            }
            None => Ok(answer.result),
        }
    }

    /// The result of one call that is a hexadecimal quantity.
    pub(crate) fn quantity(&mut self, method: &str, params: &Value) -> Result<u64> {
        let result = self.call(method, params)?;
        quantity(&result).context(|| format!("{method}: not a quantity: {result}"))
    }
}

/// `26` of `"0x1a"`.
pub(crate) fn quantity(value: &Value) -> Option<u64> {
    u64::from_str_radix(value.as_str()?.strip_prefix("0x")?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_hexadecimal_strings() {
        assert_eq!(quantity(&json!("0x1a")), Some(26));
        assert_eq!(quantity(&json!("1a")), None);
        assert_eq!(quantity(&json!(26)), None);
    }
}
