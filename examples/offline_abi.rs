//! Decodes a log with a contract's ABI. No network, no runtime.
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use event_streamer::abi::{EventDecoder, extract_abi_event, parse_event_signature};
use event_streamer::models::{B256, HexBytes};

const ABI: &str = r#"[{"type": "event", "name": "Transfer", "inputs": [
    {"name": "from", "type": "address", "indexed": true},
    {"name": "to", "type": "address", "indexed": true},
    {"name": "value", "type": "uint256", "indexed": false}]}]"#;

fn main() -> Result<(), Box<dyn Error>> {
    let event = extract_abi_event(ABI, "Transfer")?;
    let decoder = EventDecoder::new(&event)?;
    println!(
        "{} has topic0 {}",
        decoder.signature(),
        decoder.topic0().unwrap_or(B256::ZERO)
    );

    // The same event, written as in Solidity.
    let written = parse_event_signature(
        "event Transfer(address indexed from, address indexed to, uint256 value)",
    )?;
    assert_eq!(EventDecoder::new(&written)?.topic0(), decoder.topic0());

    let topics: Vec<B256> = [
        "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
        "0x000000000000000000000000858820e17acc20c2a83bdce72f6a117b9d95247d",
        "0x0000000000000000000000002dfee82f4250dd3f3c6811c5d2926ede8b37a7d5",
    ]
    .iter()
    .map(|text| text.parse())
    .collect::<Result<_, _>>()?;
    let data: HexBytes =
        "0x00000000000000000000000000000000000000000000348fa5e4ec91f816dd44".parse()?;
    println!("{}", decoder.decode_json(&topics, data.as_bytes())?);
    Ok(())
}
