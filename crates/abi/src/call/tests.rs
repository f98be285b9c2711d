use event_streamer_models::U256;

use super::*;
use crate::{AbiValue, ContractAbi, DecodeErrorKind, Strictness, parse_contract_abi};

fn abi(elements: &str) -> ContractAbi {
    parse_contract_abi(&format!("[{elements}]")).unwrap()
}

const TRANSFER: &str = r#"{"type": "function", "name": "transfer", "inputs": [
    {"name": "to", "type": "address"}, {"name": "address", "type": "uint256"}],
    "outputs": [{"type": "bool"}, {"name": "note", "type": "string"}]}"#;

fn transfer() -> FunctionDecoder {
    FunctionDecoder::new(&abi(TRANSFER).functions[0]).unwrap()
}

/// A selector and words that are numbers.
fn data(selector: [u8; 4], words: &[u8]) -> Vec<u8> {
    let mut data = selector.to_vec();
    for word in words {
        data.extend([0; 31]);
        data.push(*word);
    }
    data
}

#[test]
fn a_call_is_its_selector_and_its_arguments() {
    let function = transfer();
    let values = [AbiValue::Address([7; 20].into()), 1_u64.into()];
    let call = function.call().encode(&values).unwrap();
    assert_eq!(call[..4], [0xa9, 0x05, 0x9c, 0xbb]);
    assert_eq!(function.call().decode_values(&call).unwrap(), values);
    // Nothing stands beside the arguments, so that no name has to give way.
    assert_eq!(
        function.call().decode_json(&call).unwrap(),
        format!(r#"{{"to":"0x{}","address":"1"}}"#, "07".repeat(20)),
    );
    assert_eq!(
        function.call().keys().collect::<Vec<_>>(),
        ["to", "address"]
    );
    let (_, amount): (String, u8) = function.call().decode_as(&call).unwrap();
    assert_eq!(amount, 1);
}

#[test]
fn other_data_is_not_a_call() {
    let function = transfer();
    let expected = [0xa9, 0x05, 0x9c, 0xbb];
    for (data, found) in [(&[][..], None), (&[1, 2, 3, 4], Some([1, 2, 3, 4]))] {
        let error = function.call().decode_json(data).unwrap_err();
        let kind = DecodeErrorKind::Selector { found, expected };
        assert_eq!(*error.kind(), kind);
    }
    let error = function.call().decode_json(&[1, 2, 3, 4]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the data begins with another selector: 0xa9059cbb expected, 0x01020304 found",
    );
    let mut out = b"kept".to_vec();
    let short = data(expected, &[1]);
    let error = function.call().write_params(&short, &mut out).unwrap_err();
    assert_eq!((error.path().as_str(), &out[..]), ("address", &b"kept"[..]));
}

#[test]
fn an_answer_has_no_selector() {
    let function = transfer();
    let values = [true.into(), "done".into()];
    let answer = function.returns().encode(&values).unwrap();
    assert_eq!(
        function.returns().decode_json(&answer).unwrap(),
        r#"{"arg0":true,"note":"done"}"#
    );
    let longer = [&answer[..], &[0; 32]].concat();
    assert_eq!(function.returns().decode_values(&longer).unwrap(), values);
    let strict = function.with_strictness(Strictness::Strict);
    assert!(strict.returns().decode_values(&longer).is_err());
    assert!(
        strict
            .call()
            .decode_json(&data([0xa9, 0x05, 0x9c, 0xbb], &[1, 2, 3]))
            .is_err()
    );
}

#[test]
fn functions_are_found_by_their_selector() {
    let overloads = r#"{"type": "function", "name": "f", "inputs": []},
        {"type": "function", "name": "f", "inputs": [{"name": "a", "type": "uint"}]},
        {"type": "function", "name": "f", "inputs": [{"name": "a", "type": "uint256"}]}"#;
    let abi = abi(&format!("{TRANSFER}, {overloads}"));
    let registry = FunctionRegistry::from_functions(&abi.functions).unwrap();
    // Two of them are the same.
    assert_eq!((registry.len(), registry.iter().count()), (3, 3));
    for function in registry.iter() {
        let selector = function.call().selector().unwrap();
        let found = registry.resolve(&selector).unwrap();
        assert_eq!(found.signature(), function.signature());
    }
    let error = registry.resolve(&[1, 2]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the data has no selector: it has less than four bytes"
    );
    assert!(registry.candidates(&[1, 2, 3, 4]).is_empty());
    assert!(FunctionRegistry::new().is_empty());
}

/// Both have 0x42966c68.
const COLLISION: &str = r#"
    {"type": "function", "name": "burn", "inputs": [{"name": "amount", "type": "uint256"}]},
    {"type": "function", "name": "collate_propagate_storage", "inputs": [{"name": "x", "type": "bytes16"}]}"#;

#[test]
fn two_functions_of_one_selector_are_not_guessed() {
    let registry = FunctionRegistry::from_functions(&abi(COLLISION).functions).unwrap();
    let call = data([0x42, 0x96, 0x6c, 0x68], &[1]);
    assert_eq!(registry.candidates(&call).len(), 2);
    assert_eq!(
        registry.resolve(&call).unwrap_err().to_string(),
        "the selector has several meanings: `burn(uint256)`, `collate_propagate_storage(bytes16)`",
    );
}

#[test]
fn solidity_has_two_errors_of_its_own() {
    let decoder = RevertDecoder::default();
    assert!(matches!(decoder.decode(&[]).unwrap(), Revert::Empty));

    let message = data([0x08, 0xc3, 0x79, 0xa0], &[32, 2]);
    let text = [&message[..], b"no", &[0; 30]].concat();
    assert_eq!(decoder.decode(&text).unwrap().to_string(), "no");
    let invalid = [&message[..], &[0xff, 0xfe], &[0; 30]].concat();
    let revert = decoder.decode(&invalid).unwrap();
    assert!(revert.to_string().ends_with("not UTF-8"));
    let error = decoder.decode(&message).unwrap_err();
    assert_eq!(error.path(), "message");

    let panic = [0x4e, 0x48, 0x7b, 0x71];
    let Revert::Panic(code) = decoder.decode(&data(panic, &[0x32])).unwrap() else {
        panic!("a panic");
    };
    assert_eq!(code, U256::from(0x32_u64));
    assert_eq!(panic_reason(code), Some("array index out of bounds"));
    let unknown = decoder.decode(&data(panic, &[0x99])).unwrap();
    assert_eq!(
        unknown.to_string(),
        "panic 0x99: of a code that Solidity does not have"
    );
    assert_eq!(decoder.decode(&panic).unwrap_err().path(), "code");
}

#[test]
fn errors_of_the_contract_are_known_by_their_selector() {
    let errors = abi(r#"
        {"type": "error", "name": "Low", "inputs": [{"name": "by", "type": "uint8"}]},
        {"type": "error", "name": "burn", "inputs": [{"name": "amount", "type": "uint256"}]},
        {"type": "error", "name": "collate_propagate_storage", "inputs": [{"name": "x", "type": "bytes16"}]}
    "#);
    let decoder = RevertDecoder::new(&errors.errors).unwrap();
    let low = errors.errors[0].selector().unwrap();
    let Revert::Custom { error, values } = decoder.decode(&data(low, &[3])).unwrap().clone() else {
        panic!("an error of the contract");
    };
    assert_eq!((error.name(), values), ("Low", vec![3_u64.into()]));
    assert_eq!(decoder.decode(&low).unwrap_err().path(), "by");

    // The same selector: only one of the two can have written this, either could have written 0.
    let burn = [0x42, 0x96, 0x6c, 0x68];
    let revert = decoder.decode(&data(burn, &[1])).unwrap();
    assert_eq!(revert.to_string(), "burn(uint256)");
    let error = decoder.decode(&data(burn, &[0])).unwrap_err();
    assert!(matches!(
        error.kind(),
        DecodeErrorKind::AmbiguousSelector { more: 0, .. }
    ));

    for unknown in [&[1, 2, 3, 4][..], &[1, 2]] {
        assert!(matches!(decoder.decode(unknown).unwrap(), Revert::Unknown));
    }
}
