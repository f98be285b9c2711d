//! Real ABIs: 729 contracts with what four implementations say their topics are, and the packages
//! of the test command, held against `ethabi`.

use std::collections::HashMap;

use ethabi::{ParamType, Token};
use event_streamer_abi::{
    AbiCustomError, AbiFunction, ContractAbi, EventDecoder, canonical_signature, event_from_ethabi,
    event_to_ethabi, event_topic0, extract_abi_events, human_signature, parse_contract_abi,
    parse_event_signature, parse_human_abi,
};
use event_streamer_models::B256;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::abi_corpus::{self, mask};
use crate::{oracle, properties};

/// The fields of a line; quoted ones may hold commas.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            _ => fields.last_mut().unwrap().push(c),
        }
    }
    fields
}

#[test]
fn every_event_has_the_signature_and_topic0_of_the_index() {
    let corpora = abi_corpus::all();
    let Some(corpus) = corpora.iter().find(|corpus| corpus.index.is_some()) else {
        return;
    };
    let files: HashMap<&str, &str> = corpus
        .abis
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let index = corpus.index.as_deref().unwrap_or_default();
    let mut rows: HashMap<String, Vec<Vec<String>>> = HashMap::new();
    for line in index.lines().skip(1) {
        let row = fields(line);
        rows.entry(row[0].clone()).or_default().push(row);
    }
    let mut events = 0;
    for (file, rows) in &rows {
        let mut found: Vec<_> = extract_abi_events(files[file.as_str()])
            .unwrap()
            .iter()
            .map(|event| {
                let topic0 = event_topic0(event)
                    .unwrap()
                    .map_or(String::new(), |topic0| topic0.to_string());
                (
                    event.name.clone(),
                    canonical_signature(event).unwrap(),
                    mask(event),
                    topic0,
                )
            })
            .collect();
        let mut expected: Vec<_> = rows
            .iter()
            .map(|row| {
                (
                    row[3].clone(),
                    row[4].clone(),
                    row[5].clone(),
                    row[6].clone(),
                )
            })
            .collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{file}");
        events += found.len();
    }
    assert_eq!((files.len(), events), (729, 4_537));
}

#[test]
fn every_contract_is_read_whole() {
    for corpus in abi_corpus::all() {
        let mut counts = [0; 6];
        for (file, text) in &corpus.abis {
            let abi = parse_contract_abi(text).unwrap_or_else(|error| panic!("{file}: {error}"));
            counts[0] += abi.events.len();
            counts[1] += abi.functions.len();
            counts[2] += abi.errors.len();
            counts[3] += usize::from(abi.constructor.is_some());
            counts[4] += usize::from(abi.fallback.is_some());
            counts[5] += usize::from(abi.receive.is_some());
        }
        if corpus.index.is_some() {
            assert_eq!(counts, [4_537, 11_588, 3_276, 240, 48, 105]);
        }
        eprintln!("events, functions, errors, constructors, fallbacks, receives: {counts:?}");
    }
}

/// Library functions take types that have no canonical name: neither do we give them one, nor does
/// `ethabi` read them.
#[test]
fn every_topic0_and_selector_is_that_of_ethabi() {
    for corpus in abi_corpus::all() {
        let mut counts = [0; 4];
        for (file, text) in &corpus.abis {
            let abi = parse_contract_abi(text).unwrap();
            for event in &abi.events {
                let theirs = event_to_ethabi(event).unwrap();
                let theirs = (!event.anonymous).then(|| B256::from(theirs.signature().0));
                assert_eq!(
                    event_topic0(event).unwrap(),
                    theirs,
                    "{file} {}",
                    event.name
                );
                counts[0] += 1;
            }
            for function in &abi.functions {
                let Ok(selector) = function.selector() else {
                    assert!(ethabi::Function::try_from(function).is_err());
                    counts[3] += 1;
                    continue;
                };
                let theirs = ethabi::Function::try_from(function).unwrap();
                assert_eq!(
                    selector,
                    theirs.short_signature(),
                    "{file} {}",
                    function.name
                );
                counts[1] += 1;
            }
            for error in &abi.errors {
                let theirs = ethabi::AbiError::try_from(error).unwrap();
                assert_eq!(error.selector().unwrap(), theirs.signature().0[..4]);
                counts[2] += 1;
            }
        }
        eprintln!("events, functions, errors, functions of libraries: {counts:?}");
    }
}

#[test]
fn every_event_survives_its_human_readable_form() {
    for event in abi_corpus::all()
        .iter()
        .flat_map(abi_corpus::Corpus::different_events)
    {
        let text = human_signature(&event).unwrap();
        let read = parse_event_signature(&text).unwrap();
        assert_eq!(human_signature(&read).unwrap(), text);
        assert_eq!(canonical_signature(&read), canonical_signature(&event));
        assert_eq!(
            (mask(&read), read.anonymous),
            (mask(&event), event.anonymous)
        );
    }
}

#[test]
fn every_contract_survives_its_human_readable_form() {
    for corpus in abi_corpus::all() {
        let mut contracts = 0;
        for (file, text) in &corpus.abis {
            let mut abi = parse_contract_abi(text).unwrap();
            // Types that only the source knows cannot be written.
            abi.functions
                .retain(|function| function.human_signature().is_ok());
            let lines = abi.human_signatures().unwrap();
            if lines.is_empty() {
                continue;
            }
            let read = parse_human_abi(&lines.join("\n")).unwrap();
            assert_eq!(read.human_signatures().unwrap(), lines, "{file}");
            let json = serde_json::Value::from(read.raw).to_string();
            let again = parse_contract_abi(&json).unwrap();
            assert_eq!(again.human_signatures().unwrap(), lines, "{file}");
            let selectors = |abi: &ContractAbi| -> Vec<[u8; 4]> {
                let functions = abi.functions.iter().map(AbiFunction::selector);
                let errors = abi.errors.iter().map(AbiCustomError::selector);
                functions.chain(errors).map(Result::unwrap).collect()
            };
            assert_eq!(selectors(&again), selectors(&abi), "{file}");
            contracts += 1;
        }
        assert!(contracts > 100, "{contracts} of {}", corpus.origin);
    }
}

#[test]
fn every_contract_converts_to_ethabi_and_back() {
    for (file, text) in abi_corpus::all().iter().flat_map(|corpus| &corpus.abis) {
        let mut abi = parse_contract_abi(text).unwrap();
        // Types that only the source knows are unknown to `ethabi` too.
        abi.functions.retain(|function| function.selector().is_ok());
        let theirs = ethabi::Contract::try_from(&abi).unwrap();
        let back = ContractAbi::try_from(&theirs).unwrap();
        assert_eq!(ethabi::Contract::try_from(&back).unwrap(), theirs, "{file}");
        for event in &abi.events {
            let theirs = event_to_ethabi(event).unwrap();
            assert_eq!(
                event_to_ethabi(&event_from_ethabi(&theirs).unwrap()).unwrap(),
                theirs
            );
        }
    }
}

#[test]
fn random_values_of_every_event_are_encoded_as_ethabi_does_and_decode_to_the_same() {
    const TIMES: usize = 3;
    let mut runner = TestRunner::deterministic();
    for corpus in abi_corpus::all() {
        let events = corpus.different_events();
        for event in &events {
            let theirs = event_to_ethabi(event).unwrap();
            let kinds = theirs.inputs.iter().map(|input| &input.kind);
            let tokens: Vec<_> = kinds.map(properties::token).collect();
            for _ in 0..TIMES {
                let tokens = tokens.new_tree(&mut runner).unwrap().current();
                properties::assert_round_trip(&properties::log(event, &tokens));
            }
        }
        eprintln!("{} different events of {}", events.len(), corpus.origin);
        assert!(events.len() > 100);
    }
}

/// Some value of the type; with another `salt`, another one.
fn sample(kind: &ParamType, salt: u8) -> Token {
    let word = |bits: usize| ethabi::Uint::MAX >> (256 - bits + usize::from(salt) % bits);
    match kind {
        ParamType::Address => Token::Address([salt; 20].into()),
        ParamType::Bytes => Token::Bytes(vec![salt; usize::from(salt)]),
        ParamType::Int(bits) if salt.is_multiple_of(2) => Token::Int(word(*bits) >> 1),
        ParamType::Int(bits) => Token::Int(!(word(*bits) >> 1)),
        ParamType::Uint(bits) => Token::Uint(word(*bits)),
        ParamType::Bool => Token::Bool(salt.is_multiple_of(2)),
        ParamType::String => Token::String("\u{e9}\"\n".repeat(usize::from(salt % 20))),
        ParamType::FixedBytes(length) => Token::FixedBytes(vec![salt; *length]),
        ParamType::Array(kind) => {
            Token::Array((0..salt % 4).map(|nth| sample(kind, salt + nth)).collect())
        }
        ParamType::FixedArray(kind, length) => Token::FixedArray(
            (0..*length as u8)
                .map(|nth| sample(kind, salt ^ nth))
                .collect(),
        ),
        ParamType::Tuple(kinds) => Token::Tuple(
            kinds
                .iter()
                .zip(salt..)
                .map(|(kind, salt)| sample(kind, salt))
                .collect(),
        ),
    }
}

#[test]
fn a_log_of_every_event_decodes_as_ethabi_does() {
    for (nth, event) in abi_corpus::all()
        .iter()
        .flat_map(abi_corpus::Corpus::different_events)
        .enumerate()
    {
        let salt = (nth % 100) as u8;
        let decoder = EventDecoder::new(&event).unwrap();
        let theirs = event_to_ethabi(&event).unwrap();
        let mut topics = Vec::from(decoder.topic0().as_slice());
        topics.resize(
            topics.len() + decoder.indexed_count(),
            B256::from([salt; 32]),
        );
        let data: Vec<Token> = theirs
            .inputs
            .iter()
            .zip(salt..)
            .filter(|(input, _)| !input.indexed)
            .map(|(input, salt)| sample(&input.kind, salt))
            .collect();
        let data = ethabi::encode(&data);
        // A topic of any bytes is no bool; `ethabi` reads it as false.
        if theirs
            .inputs
            .iter()
            .any(|input| input.indexed && input.kind == ParamType::Bool)
        {
            topics
                .iter_mut()
                .skip(1)
                .for_each(|topic| *topic = B256::ZERO);
        }
        let ours = decoder.decode_json(&topics, &data).unwrap();
        let theirs = oracle::values(&event, &topics, &data).unwrap();
        assert_eq!(oracle::values_of(&ours), theirs, "{}", decoder.signature());
    }
}
