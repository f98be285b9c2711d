//! Who decodes, and into what.

use std::error::Error;
use std::hint::black_box;

use alloy_dyn_abi::{DynSolEvent, Specifier};
use alloy_sol_types::{SolEvent, sol};
use event_streamer_abi::catalogue::{erc20, seaport, uniswap_v3};
use event_streamer_abi::{EventDecoder, FromEvent, event_to_ethabi};
use event_streamer_models::B256;

use crate::ethabi_json;
use crate::logs::{Kind, RawLog, Subject};

/// What everything is compared with.
pub const REFERENCE: &str = "ethabi to JSON";

pub struct Contender<'a> {
    pub name: &'static str,
    /// Decodes every log of the subject once.
    pub decode_all: Box<dyn Fn() + 'a>,
}

sol! {
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick);
    struct SpentItem { uint8 itemType; address token; uint256 identifier; uint256 amount; }
    struct ReceivedItem { uint8 itemType; address token; uint256 identifier; uint256 amount; address recipient; }
    event OrderFulfilled(bytes32 orderHash, address indexed offerer, address indexed zone, address recipient, SpentItem[] offer, ReceivedItem[] consideration);
}

pub fn all(subject: &Subject) -> Result<Vec<Contender<'_>>, Box<dyn Error>> {
    let mut contenders = ethabi(subject)?;
    contenders.extend(alloy(subject)?);
    contenders.extend(ours(subject)?);
    Ok(contenders)
}

fn ethabi(subject: &Subject) -> Result<Vec<Contender<'_>>, Box<dyn Error>> {
    let events: Result<Vec<_>, _> = subject.events.iter().map(event_to_ethabi).collect();
    let events = events?;
    let parse = move |log: &RawLog| {
        let topics = log.topics.iter().map(|topic| topic.0.into()).collect();
        let data = log.data.clone();
        events[log.event]
            .parse_log(ethabi::RawLog { topics, data })
            .expect("a log of the event")
    };
    let parse_too = parse.clone();
    Ok(vec![
        contender("ethabi `parse_log`", subject, move |log| {
            black_box(parse(log));
        }),
        contender(REFERENCE, subject, move |log| {
            black_box(ethabi_json::object(&parse_too(log)));
        }),
    ])
}

fn alloy(subject: &Subject) -> Result<Vec<Contender<'_>>, Box<dyn Error>> {
    let mut events: Vec<DynSolEvent> = Vec::new();
    for event in &subject.events {
        let mut event = event.clone();
        for input in &mut event.inputs {
            input.name.get_or_insert_default();
        }
        let event: alloy_json_abi::Event = serde_json::from_value(serde_json::to_value(event)?)?;
        events.push(event.resolve()?);
    }
    let mut contenders = vec![contender("alloy `DynSolEvent`", subject, move |log| {
        let decoded = events[log.event].decode_log_parts(topics(log), &log.data);
        black_box(decoded.expect("a log of the event"));
    })];
    contenders.extend(match subject.kind {
        Kind::Transfer => Some(alloy_static::<Transfer>(subject)),
        Kind::Swap => Some(alloy_static::<Swap>(subject)),
        Kind::Order => Some(alloy_static::<OrderFulfilled>(subject)),
        Kind::Mix => None,
    });
    Ok(contenders)
}

fn alloy_static<T: SolEvent>(subject: &Subject) -> Contender<'_> {
    contender("alloy `sol!`", subject, |log| {
        let decoded = T::decode_raw_log(topics(log), &log.data);
        black_box(decoded.expect("a log of the event"));
    })
}

fn topics(log: &RawLog) -> impl ExactSizeIterator<Item = alloy_primitives::B256> + Clone + '_ {
    log.topics
        .iter()
        .map(|topic| alloy_primitives::B256::from(topic.0))
}

fn ours(subject: &Subject) -> Result<Vec<Contender<'_>>, Box<dyn Error>> {
    let decoders: Result<Vec<_>, _> = subject.events.iter().map(EventDecoder::new).collect();
    let decoders = decoders?;
    let decoders_too = decoders.clone();
    let out = std::cell::RefCell::new(Vec::new());
    let mut contenders = vec![
        contender("ours, values", subject, move |log| {
            let values = decoders_too[log.event].decode_values(&log.topics, &log.data);
            black_box(values.expect("a log of the event"));
        }),
        contender("ours, to JSON", subject, move |log| {
            let mut out = out.borrow_mut();
            out.clear();
            let written = decoders[log.event].write_params(&log.topics, &log.data, &mut out);
            written.expect("a log of the event");
            black_box(&*out);
        }),
    ];
    contenders.extend(match subject.kind {
        Kind::Transfer => Some(ours_static::<erc20::Transfer>(subject)),
        Kind::Swap => Some(ours_static::<uniswap_v3::Swap>(subject)),
        Kind::Order => Some(ours_static::<seaport::OrderFulfilled>(subject)),
        Kind::Mix => None,
    });
    Ok(contenders)
}

fn ours_static<T: FromEvent>(subject: &Subject) -> Contender<'_> {
    contender("ours, typed", subject, |log| {
        let topics: &[B256] = &log.topics;
        black_box(T::from_log(topics, &log.data).expect("a log of the event"));
    })
}

fn contender<'a>(
    name: &'static str,
    subject: &'a Subject,
    decode: impl Fn(&RawLog) + 'a,
) -> Contender<'a> {
    let decode_all = Box::new(move || subject.logs.iter().for_each(&decode));
    Contender { name, decode_all }
}
