//! What the service is compared with: `peer raw|logs|dynamic|static NODE_URL LAST_BLOCK STEP` asks
//! for the logs of `1..=LAST_BLOCK`, `STEP` blocks at a time, and says `ready`, waits for a line,
//! and says `last COUNT` with the logs it had, or with `raw` the bytes.
//!
//! The others than `raw` write JSON lines, to nowhere: the service's go through a socket.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::net::TcpStream;

use alloy::dyn_abi::{DynSolEvent, DynSolValue};
use alloy::json_abi::Event;
use alloy::providers::{Provider, ProviderBuilder};
use alloy::rpc::types::{Filter, Log};
use alloy::sol;
use alloy::sol_types::SolEvent;
use event_streamer_models::quantity;
use event_streamer_server_bench::{Result, chain, contender, http};
use serde_json::{Value, json};

sol! {
    event Transfer(address indexed from, address indexed to, uint256 value);
}

/// The blocks to ask for, a piece at a time.
#[derive(Clone, Copy)]
struct Blocks {
    last: u64,
    step: u64,
}

impl Blocks {
    fn pieces(self) -> impl Iterator<Item = (u64, u64)> {
        let step = usize::try_from(self.step).unwrap_or(usize::MAX);
        (1..=self.last)
            .step_by(step)
            .map(move |from| (from, self.last.min(from + self.step - 1)))
    }
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [kind, url, last, step] = arguments.as_slice() else {
        return Err("usage: peer raw|logs|dynamic|static NODE_URL LAST_BLOCK STEP".into());
    };
    let blocks = Blocks {
        last: last.parse()?,
        step: step.parse()?,
    };
    contender::say("ready");
    contender::wait_for_line()?;
    let count = match kind.as_str() {
        "raw" => raw(url, blocks)?,
        "logs" => alloy(url, blocks, |log, out| {
            Ok(serde_json::to_writer(out, &log)?)
        })?,
        "dynamic" => {
            let event: DynSolEvent = {
                use alloy::dyn_abi::Specifier as _;
                Event::parse(chain::EVENT)?.resolve()?
            };
            alloy(url, blocks, move |log, out| {
                let values = event.decode_log_data(log.data())?;
                let value = |it: &DynSolValue| match it {
                    DynSolValue::Address(it) => json!(it),
                    DynSolValue::Uint(it, _) => json!(it.to_string()),
                    _ => Value::Null,
                };
                let [from, to] = [&values.indexed[0], &values.indexed[1]].map(value);
                write_line(log, &from, &to, &value(&values.body[0]), out)
            })?
        }
        "static" => alloy(url, blocks, |log, out| {
            let Transfer { from, to, value } = Transfer::decode_log(&log.inner)?.data;
            write_line(log, &from, &to, &value.to_string(), out)
        })?,
        other => return Err(format!("no peer {other}").into()),
    };
    contender::say(&format!("last {count}"));
    contender::wait_for_end()?;
    Ok(())
}

/// The same fields as the service writes, by what serde makes of them.
fn write_line(
    log: &Log,
    from: &impl serde::Serialize,
    to: &impl serde::Serialize,
    value: &impl serde::Serialize,
    out: &mut impl Write,
) -> Result<()> {
    #[derive(serde::Serialize)]
    struct Line<'a, F, T, V> {
        from: &'a F,
        to: &'a T,
        value: &'a V,
        block_number: Option<u64>,
        transaction_hash: Option<alloy::primitives::B256>,
        log_index: Option<u64>,
        address: alloy::primitives::Address,
        timestamp: Option<u64>,
    }
    let line = Line {
        from,
        to,
        value,
        block_number: log.block_number,
        transaction_hash: log.transaction_hash,
        log_index: log.log_index,
        address: log.address(),
        timestamp: log.block_timestamp,
    };
    Ok(serde_json::to_writer(out, &line)?)
}

/// `eth_getLogs` as a user of alloy calls it, each log written by `write`.
fn alloy(
    url: &str,
    blocks: Blocks,
    write: impl Fn(&Log, &mut BufWriter<File>) -> Result<()>,
) -> Result<u64> {
    let mut out = BufWriter::new(File::create("/dev/null")?);
    let url = url.parse()?;
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let provider = ProviderBuilder::new().connect_http(url);
            let mut count = 0;
            for (from, to) in blocks.pieces() {
                let filter = Filter::new()
                    .from_block(from)
                    .to_block(to)
                    .event_signature(Transfer::SIGNATURE_HASH);
                let logs = provider.get_logs(&filter).await?;
                for log in &logs {
                    write(log, &mut out)?;
                    out.write_all(b"\n")?;
                }
                count += logs.len() as u64;
            }
            Ok(count)
        })
}

/// The same answers, read and forgotten.
fn raw(url: &str, blocks: Blocks) -> Result<u64> {
    let address = url.strip_prefix("http://").ok_or("expected http://")?;
    let socket = TcpStream::connect(address.trim_end_matches('/'))?;
    socket.set_nodelay(true)?;
    let mut input = BufReader::with_capacity(64 << 10, &socket);
    let mut count = 0;
    for (from, to) in blocks.pieces() {
        let filter = json!({
            "fromBlock": quantity::format(from),
            "toBlock": quantity::format(to),
            "topics": [Transfer::SIGNATURE_HASH],
        });
        let body = json!({"jsonrpc": "2.0", "id": 1, "method": "eth_getLogs", "params": [filter]});
        let body = body.to_string();
        let head = format!(
            "POST / HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n",
            body.len()
        );
        (&socket).write_all(&[head.as_bytes(), body.as_bytes()].concat())?;
        input.read_line(&mut String::new())?;
        let length = http::read_headers(&mut input)?.ok_or("an answer without Content-Length")?;
        let mut left = length;
        while left > 0 {
            let buffered = input.fill_buf()?;
            let taken = buffered.len().min(usize::try_from(left)?);
            if taken == 0 {
                return Err("the answer does not end".into());
            }
            input.consume(taken);
            left -= taken as u64;
        }
        count += length;
    }
    Ok(count)
}
