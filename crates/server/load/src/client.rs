//! Clients of the service that cost little.

use std::net::SocketAddr;

use event_streamer_models::Address;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::Result;
use crate::http::{Response, Socket, header};
use crate::node::{CHAIN, CONTRACT, TRANSFER};

/// A connection for calls.
pub struct Caller(Socket);

/// An open stream.
pub struct Stream {
    pub socket: TcpStream,
    pub connection_id: String,
    /// What came behind the head already.
    pub rest: Vec<u8>,
}

/// # Errors
/// The service does not listen.
pub async fn connect(address: SocketAddr) -> Result<TcpStream> {
    let socket = TcpStream::connect(address).await?;
    socket.set_nodelay(true)?;
    Ok(socket)
}

impl Caller {
    /// # Errors
    /// As [`connect`].
    pub async fn connect(address: SocketAddr) -> Result<Self> {
        Ok(Self(Socket::new(connect(address).await?)))
    }

    /// # Errors
    /// The socket's.
    pub async fn call(&mut self, method: &str, path: &str, body: &str) -> Result<Response> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.0.socket.write_all(request.as_bytes()).await?;
        self.0.response().await
    }

    /// Subscribes to the transfers of the contract, or of one that has none, and gives the id.
    ///
    /// # Errors
    /// The service refuses.
    pub async fn subscribe(&mut self, contract: Address, start_block: Value) -> Result<u64> {
        let request = json!({
            "topic0": TRANSFER,
            "event_signature": {"type": "event", "name": "Transfer", "anonymous": false, "inputs": [
                {"name": "from", "type": "address", "indexed": true},
                {"name": "to", "type": "address", "indexed": true},
                {"name": "value", "type": "uint256", "indexed": false},
            ]},
            "addresses": [contract], "start_block": start_block, "chain_id": CHAIN,
            "subscriber_id": "bench",
        });
        let answer = self
            .call("POST", "/subscriptions", &request.to_string())
            .await?;
        if answer.status != 201 {
            return Err(String::from_utf8_lossy(&answer.body).into_owned().into());
        }
        let answer: Value = serde_json::from_slice(&answer.body)?;
        Ok(answer["id"].as_u64().ok_or("no id")?)
    }
}

/// Makes `count` subscriptions of the contract, from a block on, over a few connections.
///
/// # Errors
/// The service refuses.
pub async fn subscriptions(
    address: SocketAddr,
    count: usize,
    contract: Option<Address>,
    start_block: Value,
) -> Result<Vec<u64>> {
    const AT_ONCE: usize = 16;
    let tasks: Vec<_> = (0..AT_ONCE.min(count))
        .map(|number| {
            let start_block = start_block.clone();
            tokio::spawn(async move {
                let mut caller = Caller::connect(address).await?;
                let mut ids = Vec::new();
                for _ in (number..count).step_by(AT_ONCE) {
                    let contract = contract.unwrap_or(CONTRACT);
                    ids.push(caller.subscribe(contract, start_block.clone()).await?);
                }
                Result::Ok(ids)
            })
        })
        .collect();
    let mut ids = Vec::new();
    for task in tasks {
        ids.extend(task.await??);
    }
    Ok(ids)
}

impl Stream {
    /// Opens a stream with more headers, each with its line end.
    ///
    /// # Errors
    /// The service refuses.
    pub async fn open(address: SocketAddr, subscription: u64, headers: &str) -> Result<Self> {
        let mut socket = Socket::new(connect(address).await?);
        let request = format!(
            "GET /subscriptions/{subscription}/stream HTTP/1.1\r\nHost: bench\r\n{headers}\r\n"
        );
        socket.socket.write_all(request.as_bytes()).await?;
        let head = socket.head().await?.ok_or("the service hung up")?;
        if !head.starts_with("HTTP/1.1 200") {
            return Err(head.into());
        }
        let id = header(&head, "x-connection-id")
            .ok_or("no connection id")?
            .to_owned();
        let (socket, rest) = socket.into_parts();
        Ok(Self {
            socket,
            connection_id: id,
            rest,
        })
    }
}
