//! Random events and random logs: what `ethabi` encodes decodes to the same, and no change to it
//! makes the decoder panic or work without bound.

use ethabi::{ParamType, Token};
use event_streamer_abi::{
    AbiValue, EventDecoder, HexLog, ParamsDecoder, Strictness, canonical_signature,
    event_from_ethabi, event_to_ethabi, extract_abi_events, human_signature, parse_event_signature,
};
use event_streamer_models::{AbiEvent, AbiInput, Address, B256, HexBytes, I256, U256, hex};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::oracle;

/// A type as `ethabi` has it; names are added later.
fn kind() -> impl Strategy<Value = ParamType> {
    let word = prop_oneof![
        (1_usize..=32).prop_map(|bytes| ParamType::Uint(8 * bytes)),
        (1_usize..=32).prop_map(|bytes| ParamType::Int(8 * bytes)),
        (1_usize..=32).prop_map(ParamType::FixedBytes),
        Just(ParamType::Bool),
        Just(ParamType::Address),
        Just(ParamType::Bytes),
        Just(ParamType::String),
    ];
    word.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            inner
                .clone()
                .prop_map(|kind| ParamType::Array(Box::new(kind))),
            (inner.clone(), 1_usize..4)
                .prop_map(|(kind, length)| ParamType::FixedArray(Box::new(kind), length)),
            vec(inner, 1..4).prop_map(ParamType::Tuple),
        ]
    })
}

/// A value of the type.
pub(crate) fn token(kind: &ParamType) -> BoxedStrategy<Token> {
    match kind {
        ParamType::Address => any::<[u8; 20]>()
            .prop_map(|bytes| Token::Address(bytes.into()))
            .boxed(),
        ParamType::Bytes => vec(any::<u8>(), 0..70).prop_map(Token::Bytes).boxed(),
        ParamType::Int(bits) => {
            let bits = *bits;
            number(bits)
                .prop_map(move |value| Token::Int(sign_extended(value, bits)))
                .boxed()
        }
        ParamType::Uint(bits) => number(*bits).prop_map(Token::Uint).boxed(),
        ParamType::Bool => any::<bool>().prop_map(Token::Bool).boxed(),
        ParamType::String => any::<String>().prop_map(Token::String).boxed(),
        ParamType::FixedBytes(length) => vec(any::<u8>(), *length)
            .prop_map(Token::FixedBytes)
            .boxed(),
        ParamType::Array(kind) => vec(token(kind), 0..4).prop_map(Token::Array).boxed(),
        ParamType::FixedArray(kind, length) => vec(token(kind), *length)
            .prop_map(Token::FixedArray)
            .boxed(),
        ParamType::Tuple(kinds) => kinds
            .iter()
            .map(token)
            .collect::<Vec<_>>()
            .prop_map(Token::Tuple)
            .boxed(),
    }
}

/// A number below 2^bits, small ones more often than chance has it.
fn number(bits: usize) -> impl Strategy<Value = ethabi::Uint> {
    (any::<[u8; 32]>(), 0..bits)
        .prop_map(move |(bytes, shift)| (ethabi::Uint::from(bytes) >> (256 - bits)) >> shift)
}

/// The number of that width in two's complement, filled up to 256 bits. A shift by all 256 is 0.
fn sign_extended(value: ethabi::Uint, bits: usize) -> ethabi::Int {
    if value.bit(bits - 1) {
        value | (ethabi::Uint::MAX << bits)
    } else {
        value
    }
}

/// An event, and a log of it as `ethabi` encodes it.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    event: AbiEvent,
    tokens: Vec<Token>,
    topics: Vec<B256>,
    data: Vec<u8>,
}

/// An event, and a log of it.
fn sample() -> impl Strategy<Value = Sample> {
    let parameter = (kind(), any::<bool>(), prop::option::of("[a-c]{1,2}"));
    (vec(parameter, 0..5), any::<bool>()).prop_flat_map(|(parameters, anonymous)| {
        let event = event(&parameters, anonymous);
        let tokens: Vec<_> = parameters.iter().map(|(kind, ..)| token(kind)).collect();
        tokens.prop_map(move |tokens| log(&event, &tokens))
    })
}

fn event(parameters: &[(ParamType, bool, Option<String>)], anonymous: bool) -> AbiEvent {
    let mut indexed_left = if anonymous { 4 } else { 3 };
    let mut inputs = Vec::new();
    for (kind, indexed, name) in parameters {
        let indexed = *indexed && indexed_left > 0;
        indexed_left -= usize::from(indexed);
        let name = name.clone().unwrap_or_default();
        inputs.push(ethabi::EventParam {
            name,
            kind: kind.clone(),
            indexed,
        });
    }
    let mut event = event_from_ethabi(&ethabi::Event {
        name: "E".to_owned(),
        inputs,
        anonymous,
    })
    .unwrap();
    name_components(&mut event.inputs, &mut 0);
    event
}

/// Gives most components names, some of them twice.
fn name_components(inputs: &mut [AbiInput], counter: &mut usize) {
    for input in inputs {
        let components = input.components.as_deref_mut().unwrap_or_default();
        for component in &mut *components {
            *counter += 1;
            component.name = (!counter.is_multiple_of(7)).then(|| format!("n{}", *counter % 5));
        }
        name_components(components, counter);
    }
}

pub(crate) fn log(event: &AbiEvent, tokens: &[Token]) -> Sample {
    let decoder = EventDecoder::new(event).unwrap();
    let mut topics = Vec::from(decoder.topic0().as_slice());
    let mut data = Vec::new();
    for (input, token) in event.inputs.iter().zip(tokens) {
        if input.is_indexed() {
            let encoded = ethabi::encode(std::slice::from_ref(token));
            let hash = event_streamer_abi::keccak256(&encoded);
            topics.push(if is_word(token) {
                B256::from(*encoded.first_chunk().unwrap())
            } else {
                hash
            });
        } else {
            data.push(token.clone());
        }
    }
    Sample {
        event: event.clone(),
        tokens: tokens.to_vec(),
        topics,
        data: ethabi::encode(&data),
    }
}

/// The token as a value of ours.
fn value(token: &Token) -> AbiValue {
    let word = |number: &ethabi::Uint| {
        let mut word = [0; 32];
        number.to_big_endian(&mut word);
        word
    };
    match token {
        Token::Address(address) => AbiValue::Address(Address::from(address.0)),
        Token::FixedBytes(bytes) => AbiValue::FixedBytes(HexBytes(bytes.clone())),
        Token::Bytes(bytes) => AbiValue::Bytes(HexBytes(bytes.clone())),
        Token::Int(number) => AbiValue::Int(I256::from_be_bytes(word(number))),
        Token::Uint(number) => AbiValue::Uint(U256::from_be_bytes(word(number))),
        Token::Bool(value) => AbiValue::Bool(*value),
        Token::String(text) => AbiValue::String(text.clone()),
        Token::Array(items) | Token::FixedArray(items) => {
            AbiValue::Array(items.iter().map(value).collect())
        }
        Token::Tuple(fields) => AbiValue::Tuple(fields.iter().map(value).collect()),
    }
}

/// Whether the value of such a parameter stands in its topic as it is.
fn is_word(token: &Token) -> bool {
    matches!(
        token,
        Token::Address(_) | Token::Uint(_) | Token::Int(_) | Token::Bool(_) | Token::FixedBytes(_)
    )
}

/// What we encode is what `ethabi` encodes, and decodes to the same values.
pub(crate) fn assert_round_trip(sample: &Sample) {
    let Sample {
        event,
        tokens,
        topics: expected,
        data,
    } = sample;
    let decoder = EventDecoder::new(event)
        .unwrap()
        .with_strictness(Strictness::Strict);
    let values: Vec<AbiValue> = tokens.iter().map(value).collect();
    let (topics, encoded) = decoder.encode_log(&values).unwrap();
    assert_eq!(
        hex::encode(&encoded),
        hex::encode(data),
        "{}",
        decoder.signature()
    );

    let decoded = decoder.decode_values(&topics, &encoded).unwrap();
    let known = tokens.iter().zip(&values).zip(&decoded).zip(&event.inputs);
    let mut next_topic = usize::from(!event.anonymous);
    for (((token, value), decoded), input) in known {
        if input.is_indexed() && !is_word(token) {
            // Of what is hashed `ethabi` knows no hash; the zoo has those of the compiler.
            assert_eq!(*decoded, AbiValue::Hash(topics[next_topic]));
        } else {
            assert_eq!(decoded, value);
        }
        if input.is_indexed() {
            if is_word(token) {
                assert_eq!(topics[next_topic], expected[next_topic]);
            }
            next_topic += 1;
        }
    }
    assert_eq!(decoder.encode_log(&decoded), Ok((topics, encoded)));

    let params = ParamsDecoder::new(&event.inputs).unwrap();
    let encoded = params.encode(&values).unwrap();
    assert_eq!(encoded, ethabi::encode(tokens));
    assert_eq!(params.decode_values(&encoded), Ok(values));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_ethabi_encodes_decodes_to_the_same(sample in sample()) {
        let Sample { event, topics, data, .. } = sample;
        let decoder = EventDecoder::new(&event).unwrap();
        let ours = decoder.decode_json(&topics, &data).unwrap();
        let expected = oracle::values(&event, &topics, &data);
        prop_assert_eq!(Some(oracle::values_of(&ours)), expected, "{}", decoder.signature());
        let strict = decoder.with_strictness(Strictness::Strict).decode_json(&topics, &data);
        prop_assert_eq!(strict.as_deref(), Ok(ours.as_str()));
    }

    #[test]
    fn what_we_encode_is_what_ethabi_encodes_and_decodes_to_the_same(sample in sample()) {
        assert_round_trip(&sample);
    }

    /// JSON, values and types are three ways through one log: none sees what another does not.
    #[test]
    fn every_way_to_decode_agrees(
        sample in sample(),
        flips in vec((any::<prop::sample::Index>(), 0_u32..8), 0..4),
        strict: bool,
    ) {
        let Sample { event, topics, mut data, .. } = sample;
        for (at, bit) in flips.iter().filter(|_| !data.is_empty()).collect::<Vec<_>>() {
            let at = at.index(data.len());
            data[at] ^= 1 << bit;
        }
        let strictness = if strict { Strictness::Strict } else { Strictness::Lenient };
        let decoder = EventDecoder::new(&event).unwrap().with_strictness(strictness);
        let texts: Vec<String> = topics.iter().map(ToString::to_string).collect();
        let mut buffer = HexLog::new();
        let text = hex::encode(&data);
        let (hex_topics, hex_data) = buffer.read(&texts, &text).unwrap();
        let json = decoder.decode_json(hex_topics, hex_data);

        let values = decoder.decode_values(&topics, &data);
        prop_assert_eq!(values.as_ref().err(), json.as_ref().err());
        let ignored = decoder.decode_as::<serde::de::IgnoredAny>(&topics, &data);
        prop_assert_eq!(ignored.as_ref().err(), json.as_ref().err());
        let typed = decoder.decode_as::<serde_json::Value>(&topics, &data);
        prop_assert_eq!(typed.as_ref().err(), json.as_ref().err());
        if let (Ok(json), Ok(typed)) = (json, typed) {
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap(), typed);
        }
    }

    #[test]
    fn a_changed_log_is_an_error_or_valid_json(
        sample in sample(),
        flips in vec((any::<prop::sample::Index>(), 0_u32..8), 0..8),
        cut in prop::option::of(any::<prop::sample::Index>()),
        strict: bool,
    ) {
        let Sample { event, topics, mut data, .. } = sample;
        for (at, bit) in flips.iter().filter(|_| !data.is_empty()).collect::<Vec<_>>() {
            let at = at.index(data.len());
            data[at] ^= 1 << bit;
        }
        if let Some(cut) = cut {
            data.truncate(cut.index(data.len() + 1));
        }
        let decoder = EventDecoder::new(&event).unwrap();
        let strictly = decoder.clone().with_strictness(Strictness::Strict);
        let lenient = decoder.decode_json(&topics, &data);
        if let Ok(json) = &lenient {
            serde_json::from_str::<serde_json::Value>(json).unwrap();
            // Every visited word is 78 digits at most, with its key, quotes and comma.
            let most = 1_000 + 128 * 8 * (data.len() / 32 + 1);
            prop_assert!(json.len() < most, "{} of {}", json.len(), most);
        }
        // Who is strict either sees the same or nothing.
        if let Ok(json) = strictly.decode_json(&topics, &data) {
            prop_assert_eq!(lenient.as_ref(), Ok(&json));
        }
        if strict {
            prop_assert!(lenient.is_ok() || strictly.decode_json(&topics, &data).is_err());
        }
    }

    #[test]
    fn random_data_never_panics(kinds in vec(kind(), 1..4), data in vec(any::<u8>(), 0..400)) {
        let parameters: Vec<_> = kinds.into_iter().map(|kind| (kind, false, None)).collect();
        let decoder = EventDecoder::new(&event(&parameters, true)).unwrap();
        let _ = decoder.decode_json(&[], &data);
    }

    /// Words that are plausible offsets and lengths reach deeper than random bytes.
    #[test]
    fn random_offsets_never_panic(kinds in vec(kind(), 1..4), words in vec(0_u8..16, 0..64)) {
        let parameters: Vec<_> = kinds.into_iter().map(|kind| (kind, false, None)).collect();
        let decoder = EventDecoder::new(&event(&parameters, true)).unwrap();
        let data: Vec<u8> = words.iter().flat_map(|word| {
            let mut bytes = [0; 32];
            bytes[31] = if *word < 8 { 32 * word } else { word - 8 };
            bytes
        }).collect();
        let _ = decoder.decode_json(&[], &data);
    }

    #[test]
    fn topic0_is_that_of_ethabi_in_every_notation(sample in sample()) {
        let event = sample.event;
        let theirs = event_to_ethabi(&event).unwrap();
        let decoder = EventDecoder::new(&event).unwrap();
        if let Some(topic0) = decoder.topic0() {
            prop_assert_eq!(*topic0.as_bytes(), theirs.signature().0);
        }
        let human = human_signature(&event).unwrap();
        let read = parse_event_signature(&human).unwrap();
        prop_assert_eq!(canonical_signature(&read), canonical_signature(&event));
        let json = format!("[{}]", serde_json::to_string(&event).unwrap());
        prop_assert_eq!(&extract_abi_events(&json).unwrap()[0], &event);
    }

    #[test]
    fn no_text_panics(text in r#"[\[\](){},;"': a-z0-9]{0,60}|.{0,40}"#) {
        let _ = parse_event_signature(&text);
        let _ = extract_abi_events(&text);
        let _ = EventDecoder::new(&AbiEvent::new("E", vec![AbiInput::new("a", text)]));
    }
}
