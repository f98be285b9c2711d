//! JSON-RPC 2.0 over a connection of its own, for asking nodes about their chain in tests.

use std::fmt;
use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A JSON-RPC error object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RpcFailure {
    /// Its code.
    pub code: i64,
    /// Its text.
    pub message: String,
}

impl fmt::Display for RpcFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error {}: {}", self.code, self.message)
    }
}

/// Calls a method of the node that listens on an address.
///
/// # Errors
///
/// The error that the node answered.
///
/// # Panics
///
/// If nobody listens there, or the answer is not JSON-RPC over HTTP.
pub async fn json_rpc(addr: SocketAddr, method: &str, params: Value) -> Result<Value, RpcFailure> {
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).to_string();
    let answer = post(addr, &call)
        .await
        .unwrap_or_else(|error| panic!("{method}: no answer from {addr}: {error}"));
    let (_head, body) = answer
        .split_once("\r\n\r\n")
        .unwrap_or_else(|| panic!("{method}: not an HTTP answer: {answer:.200}"));
    let mut body: Value = serde_json::from_str(body)
        .unwrap_or_else(|error| panic!("{method}: not JSON ({error}): {answer:.400}"));
    match body.get("error") {
        Some(error) => Err(RpcFailure {
            code: error["code"].as_i64().unwrap_or_default(),
            message: error["message"].as_str().unwrap_or_default().to_owned(),
        }),
        None => Ok(body["result"].take()),
    }
}

/// The whole answer, head included.
pub(crate) async fn post(addr: SocketAddr, body: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(addr).await?;
    // HTTP/1.0: the body comes unchunked, and ends with the connection.
    let request = format!(
        "POST / HTTP/1.0\r\nhost: {addr}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    /// Answers one request with the body, and returns the body that was asked with.
    async fn answer_once(listener: TcpListener, body: &str) -> Value {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"}") {
            stream.read_buf(&mut request).await.unwrap();
        }
        let answer = format!("HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n{body}");
        stream.write_all(answer.as_bytes()).await.unwrap();
        let request = String::from_utf8(request).unwrap();
        serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap()
    }

    async fn ask(body: &str) -> (Result<Value, RpcFailure>, Value) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        tokio::join!(
            json_rpc(addr, "eth_chainId", json!([7])),
            answer_once(listener, body)
        )
    }

    #[tokio::test]
    async fn gives_the_result() {
        let (result, asked) = ask(r#"{"jsonrpc":"2.0","id":1,"result":"0x1"}"#).await;
        assert_eq!(result.unwrap(), "0x1");
        assert_eq!(
            asked,
            json!({"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": [7]})
        );
    }

    #[tokio::test]
    async fn gives_the_error() {
        let (result, _) =
            ask(r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no"}}"#).await;
        let failure = result.unwrap_err();
        assert_eq!(
            failure,
            RpcFailure {
                code: -32601,
                message: "no".to_owned()
            }
        );
        assert_eq!(failure.to_string(), "error -32601: no");
    }

    #[tokio::test]
    #[should_panic(expected = "eth_chainId: not JSON")]
    async fn an_answer_that_is_not_json_is_a_fault_of_the_test() {
        let _ = ask("<html>").await;
    }
}
