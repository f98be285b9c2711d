//! Real ABIs: 729 contracts with what four implementations say their topics are.

use std::collections::HashMap;

use ethabi::{ParamType, Token};
use event_streamer_abi::{
    ContractAbi, EventDecoder, canonical_signature, event_from_ethabi, event_to_ethabi,
    event_topic0, extract_abi_events, human_signature, parse_contract_abi, parse_event_signature,
};
use event_streamer_models::{AbiEvent, B256};

use crate::{oracle, test_data};

/// The corpus: its index, and the ABIs by file name.
fn corpus() -> Option<(String, HashMap<String, String>)> {
    let mut files: HashMap<String, String> = HashMap::new();
    for (name, text) in test_data::read_archive(&test_data::find("abis.tar.gz")?) {
        let (_, name) = name.rsplit_once('/').unwrap();
        files.insert(name.to_owned(), text);
    }
    Some((files.remove("index.csv").unwrap(), files))
}

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

fn mask(event: &AbiEvent) -> String {
    event
        .inputs
        .iter()
        .map(|input| if input.is_indexed() { '1' } else { '0' })
        .collect()
}

#[test]
fn every_event_has_the_signature_and_topic0_of_the_index() {
    let Some((index, files)) = corpus() else {
        return;
    };
    let mut rows: HashMap<String, Vec<Vec<String>>> = HashMap::new();
    for line in index.lines().skip(1) {
        let row = fields(line);
        rows.entry(row[0].clone()).or_default().push(row);
    }
    let mut events = 0;
    for (file, rows) in &rows {
        let mut found: Vec<_> = extract_abi_events(&files[file])
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
    let Some((_, files)) = corpus() else { return };
    let mut counts = [0; 6];
    for (file, text) in &files {
        let abi = parse_contract_abi(text).unwrap_or_else(|error| panic!("{file}: {error}"));
        for function in &abi.functions {
            function.selector().unwrap();
        }
        counts[0] += abi.events.len();
        counts[1] += abi.functions.len();
        counts[2] += abi.errors.len();
        counts[3] += usize::from(abi.constructor.is_some());
        counts[4] += usize::from(abi.fallback.is_some());
        counts[5] += usize::from(abi.receive.is_some());
    }
    assert_eq!(counts, [4_537, 11_588, 3_276, 240, 48, 105]);
}

#[test]
fn every_event_survives_its_human_readable_form() {
    let Some((_, files)) = corpus() else { return };
    for event in files
        .values()
        .flat_map(|text| extract_abi_events(text).unwrap())
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
fn every_contract_converts_to_ethabi_and_back() {
    let Some((_, files)) = corpus() else { return };
    for text in files.values() {
        let abi = parse_contract_abi(text).unwrap();
        let theirs = ethabi::Contract::try_from(&abi).unwrap();
        let back = ContractAbi::try_from(&theirs).unwrap();
        assert_eq!(ethabi::Contract::try_from(&back).unwrap(), theirs);
        for event in &abi.events {
            let theirs = event_to_ethabi(event).unwrap();
            assert_eq!(
                Some(B256::from(theirs.signature().0)),
                event_topic0(event).unwrap()
            );
            assert_eq!(
                event_to_ethabi(&event_from_ethabi(&theirs).unwrap()).unwrap(),
                theirs
            );
        }
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
    let Some((_, files)) = corpus() else { return };
    for (nth, event) in files
        .values()
        .flat_map(|text| extract_abi_events(text).unwrap())
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
