//! Any text as an ABI.

#![no_main]

use event_streamer_abi::codegen::RustModule;
use event_streamer_abi::{
    EventDecoder, FunctionRegistry, Registry, RevertDecoder, canonical_signature,
    extract_abi_events, human_signature, parse_contract_abi, parse_event_signature,
    parse_human_abi,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = parse_event_signature(text);
    if let Ok(abi) = parse_human_abi(text)
        && let Ok(lines) = abi.human_signatures()
        // Elements of unknown types are no lines.
        && !lines.is_empty()
    {
        let again = parse_human_abi(&lines.join("\n")).expect("what was written can be read");
        assert_eq!(again.human_signatures().as_ref(), Ok(&lines));
        let json = serde_json::Value::from(abi.raw).to_string();
        let again = parse_contract_abi(&json).expect("an ABI that was read is one in JSON");
        assert_eq!(again.human_signatures(), Ok(lines));
    }
    if let Ok(abi) = parse_contract_abi(text) {
        let _ = FunctionRegistry::from_functions(&abi.functions);
        RevertDecoder::new(&abi.errors).expect("errors that were read compile");
    }
    let Ok(events) = extract_abi_events(text) else {
        return;
    };
    for event in &events {
        let human = human_signature(event).expect("an event that was read can be written");
        let again = parse_event_signature(&human).expect("what was written can be read");
        assert_eq!(canonical_signature(&again), canonical_signature(event));
    }
    // Both refuse an event only if its parameters together are too large.
    let compiled = events.iter().all(|event| EventDecoder::new(event).is_ok());
    assert_eq!(Registry::from_events(&events).is_ok(), compiled);
    assert_eq!(RustModule::new("fuzz").generate(&events).is_ok(), compiled);
});
