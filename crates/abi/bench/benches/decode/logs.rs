//! What is decoded.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use event_streamer_abi::{
    AbiValue, CATALOGUE, Candidates, EventDecoder, FromEvent, Registry, catalogue,
    parse_event_signature,
};
use event_streamer_models::{AbiEvent, B256, U256};

/// A log, and which of the subject's events it is one of.
pub struct RawLog {
    pub event: usize,
    pub topics: Vec<B256>,
    pub data: Vec<u8>,
}

pub struct Subject {
    pub name: &'static str,
    pub events: Vec<AbiEvent>,
    pub logs: Vec<RawLog>,
    pub kind: Kind,
}

/// Which of the static decoders there are for it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Transfer,
    Swap,
    Order,
    Mix,
}

pub fn subjects() -> Result<Vec<Subject>, Box<dyn Error>> {
    let mut subjects = vec![
        synthetic::<catalogue::erc20::Transfer>("ERC-20 `Transfer`", Kind::Transfer, transfer)?,
        synthetic::<catalogue::uniswap_v3::Swap>("Uniswap V3 `Swap`", Kind::Swap, swap)?,
        synthetic::<catalogue::seaport::OrderFulfilled>(
            "Seaport `OrderFulfilled`, two arrays of tuples",
            Kind::Order,
            order,
        )?,
    ];
    match recording() {
        Some(path) => subjects.push(mix(&path)?),
        None => println!("runs without real logs: no EVENT_STREAMER_TEST_DATA, no ../shared/data"),
    }
    Ok(subjects)
}

/// A thousand logs of one event, of different values.
fn synthetic<T: FromEvent>(
    name: &'static str,
    kind: Kind,
    values: fn(&mut Numbers) -> Vec<AbiValue>,
) -> Result<Subject, Box<dyn Error>> {
    let event = parse_event_signature(T::DECLARATION)?;
    let decoder = EventDecoder::new(&event)?;
    let mut numbers = Numbers(1);
    let mut logs = Vec::new();
    for _ in 0..1_000 {
        let (topics, data) = decoder.encode_log(&values(&mut numbers))?;
        logs.push(RawLog {
            event: 0,
            topics,
            data,
        });
    }
    Ok(Subject {
        name,
        events: vec![event],
        logs,
        kind,
    })
}

fn transfer(numbers: &mut Numbers) -> Vec<AbiValue> {
    vec![numbers.address(), numbers.address(), numbers.below(80)]
}

fn swap(numbers: &mut Numbers) -> Vec<AbiValue> {
    let amount = |numbers: &mut Numbers| AbiValue::Int(i128::from(numbers.next() as i64).into());
    vec![
        numbers.address(),
        numbers.address(),
        amount(numbers),
        amount(numbers),
        numbers.below(160),
        numbers.below(100),
        AbiValue::from(numbers.next() as i64 % 880_000),
    ]
}

fn order(numbers: &mut Numbers) -> Vec<AbiValue> {
    let hash = AbiValue::FixedBytes(vec![7; 32].into());
    let mut item = |with_recipient: bool| {
        let mut fields = vec![
            2_u64.into(),
            numbers.address(),
            numbers.below(64),
            1_u64.into(),
        ];
        if with_recipient {
            fields.push(numbers.address());
        }
        AbiValue::Tuple(fields)
    };
    let offer = AbiValue::Array(vec![item(false)]);
    let consideration = AbiValue::Array(vec![item(true), item(true), item(true)]);
    let [a, b, c] = [numbers.address(), numbers.address(), numbers.address()];
    vec![hash, a, b, c, offer, consideration]
}

/// Every log of the recording that one event of the catalogue explains.
fn mix(path: &Path) -> Result<Subject, Box<dyn Error>> {
    let mut events = Vec::new();
    for line in CATALOGUE.lines().filter(|line| line.starts_with("event ")) {
        events.push(parse_event_signature(line)?);
    }
    let registry = Registry::from_events(&events)?;
    let mut logs = Vec::new();
    let file = std::fs::File::open(path)?;
    for line in BufReader::new(flate2::read::GzDecoder::new(file)).lines() {
        let line: serde_json::Value = serde_json::from_str(&line?)?;
        let Some(log) = line.get("log") else { continue };
        let log: event_streamer_models::Log = serde_json::from_value(log.clone())?;
        let decoder = match registry.candidates(&log.topics) {
            Candidates::Event(decoder) | Candidates::Ambiguous([decoder, ..]) => decoder,
            _ => continue,
        };
        let event = events.iter().position(|event| event == decoder.event());
        if decoder
            .decode_values(&log.topics, log.data.as_bytes())
            .is_ok()
        {
            let event = event.ok_or("the event of a decoder")?;
            logs.push(RawLog {
                event,
                topics: log.topics,
                data: log.data.0,
            });
        }
    }
    Ok(Subject {
        name: "The mix of real logs",
        events,
        logs,
        kind: Kind::Mix,
    })
}

fn recording() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data");
    let folder = std::env::var_os("EVENT_STREAMER_TEST_DATA").map_or(beside, PathBuf::from);
    let path = folder.join("mainnet-18426253-18426303.ndjson.gz");
    path.exists().then_some(path)
}

/// Numbers that look random and are the same in every run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn bytes<const LENGTH: usize>(&mut self) -> [u8; LENGTH] {
        std::array::from_fn(|_| self.next() as u8)
    }

    fn address(&mut self) -> AbiValue {
        AbiValue::Address(self.bytes::<20>().into())
    }

    /// Below 2^bits, a multiple of 8.
    fn below(&mut self, bits: usize) -> AbiValue {
        let mut word = self.bytes::<32>();
        word[..32 - bits / 8].fill(0);
        AbiValue::Uint(U256::from_be_bytes(word))
    }
}
