//! Any bytes as a log of any event.

#![no_main]

use event_streamer_abi::{EventDecoder, HexLog, Strictness, parse_event_signature};
use event_streamer_models::{B256, hex};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|input: &[u8]| {
    let Some((decoder, topics, data)) = log(input) else {
        return;
    };
    let texts: Vec<String> = topics.iter().map(ToString::to_string).collect();
    let mut buffer = HexLog::new();
    let text = hex::encode(data);
    let (same_topics, same_data) = buffer.read(&texts, &text).expect("hex that was written");
    assert_eq!((same_topics, same_data), (&topics[..], data));

    let strict = decoder.clone().with_strictness(Strictness::Strict);
    for decoder in [&decoder, &strict] {
        let json = decoder.decode_json(&topics, data);
        let values = decoder.decode_values(&topics, data);
        let typed = decoder.decode_as::<Value>(&topics, data);
        assert_eq!(json.as_ref().err(), values.as_ref().err());
        assert_eq!(json.as_ref().err(), typed.as_ref().err());
        if let (Ok(json), Ok(typed)) = (json, typed) {
            let parsed: Value = serde_json::from_str(&json).expect("JSON");
            assert_eq!(parsed, typed);
        }
    }
    if let Ok(values) = strict.decode_values(&topics, data) {
        let lenient = decoder.decode_values(&topics, data);
        assert_eq!(lenient.as_ref(), Ok(&values));
        let encoded = strict
            .encode_log(&values)
            .expect("values that were decoded");
        assert_eq!(encoded.0, topics);
        // Tails may lie in another order than ours, but what they say is the same.
        assert_eq!(strict.decode_values(&encoded.0, &encoded.1), Ok(values));
    }
});

/// A signature, a line break, the number of topics, the topics, the data. The first topic is made
/// that of the event.
fn log(input: &[u8]) -> Option<(EventDecoder, Vec<B256>, &[u8])> {
    let end = input.iter().position(|byte| *byte == b'\n')?;
    let (signature, rest) = (input.get(..end)?, input.get(end + 1..)?);
    let event = parse_event_signature(std::str::from_utf8(signature).ok()?).ok()?;
    let decoder = EventDecoder::new(&event).ok()?;
    let (count, mut rest) = rest.split_first()?;
    let mut topics = Vec::new();
    for _ in 0..count % 5 {
        let (topic, behind) = rest.split_first_chunk()?;
        topics.push(B256::from(*topic));
        rest = behind;
    }
    if let (Some(first), Some(topic0)) = (topics.first_mut(), decoder.topic0()) {
        *first = topic0;
    }
    Some((decoder, topics, rest))
}
