//! To and from `ethabi`, where they differ.

use ethabi::{Event, EventParam, Param, ParamType};
use event_streamer_abi::{
    AbiConstructor, AbiCustomError, AbiErrorKind, AbiFunction, AbiItem, ContractAbi, EventDecoder,
    canonical_signature, event_from_ethabi, event_to_ethabi, parse_contract_abi,
    parse_error_signature, parse_event_signature,
};

fn theirs(kind: ParamType) -> Event {
    let inputs = vec![EventParam {
        name: String::new(),
        kind,
        indexed: false,
    }];
    Event {
        name: "E".to_owned(),
        inputs,
        anonymous: false,
    }
}

#[test]
fn what_ethabi_does_not_know_is_refused() {
    for ty in ["fixed", "ufixed8x1[]", "function", "(uint8,(function)[2])"] {
        let event = parse_event_signature(&format!("E({ty} a)")).unwrap();
        let error = event_to_ethabi(&event).unwrap_err();
        assert_eq!(error.kind(), AbiErrorKind::Unsupported, "{error}");
        assert!(error.to_string().contains("unknown to ethabi"), "{error}");
    }
}

#[test]
fn what_no_contract_can_have_is_refused() {
    let deep = |mut kind: ParamType, wrap: fn(ParamType) -> ParamType, times: usize| {
        for _ in 0..times {
            kind = wrap(kind);
        }
        kind
    };
    let array = |kind| ParamType::Array(Box::new(kind));
    let tuple = |kind| ParamType::Tuple(vec![kind]);
    for (kind, expected) in [
        (ParamType::Uint(7), AbiErrorKind::Type),
        (ParamType::Int(264), AbiErrorKind::Type),
        (ParamType::FixedBytes(33), AbiErrorKind::Type),
        (
            ParamType::FixedArray(Box::new(ParamType::Bool), 0),
            AbiErrorKind::Type,
        ),
        (ParamType::Tuple(Vec::new()), AbiErrorKind::Inputs),
        (deep(ParamType::Bool, array, 9), AbiErrorKind::Limit),
        (deep(ParamType::Bool, tuple, 17), AbiErrorKind::Limit),
        (deep(ParamType::Bool, array, 2_000), AbiErrorKind::Limit),
        (deep(ParamType::Bool, tuple, 2_000), AbiErrorKind::Limit),
    ] {
        let error = event_from_ethabi(&theirs(kind)).unwrap_err();
        assert_eq!(error.kind(), expected, "{error}");
    }
    for times in [8, 16] {
        let kind = if times == 8 {
            deep(ParamType::Bool, array, 8)
        } else {
            deep(ParamType::Bool, tuple, 16)
        };
        assert!(event_from_ethabi(&theirs(kind)).is_ok());
    }
}

#[test]
fn arrays_of_tuples_keep_the_order_of_their_dimensions() {
    let event = parse_event_signature("E((uint8,bytes[3][])[2][][5] indexed a) anonymous").unwrap();
    let converted = event_to_ethabi(&event).unwrap();
    let back = event_from_ethabi(&converted).unwrap();
    assert_eq!(
        canonical_signature(&back).unwrap(),
        "E((uint8,bytes[3][])[2][][5])"
    );
    assert_eq!(back.inputs[0].ty, "tuple[2][][5]");
    assert!(back.anonymous && back.inputs[0].is_indexed());
}

#[test]
fn a_decoder_is_made_of_an_ethabi_event() {
    let decoder = EventDecoder::try_from(&theirs(ParamType::Bool)).unwrap();
    assert_eq!(decoder.signature(), "E(bool)");
    assert_eq!(
        decoder
            .decode_json(decoder.topic0().as_slice(), &[0; 32])
            .unwrap(),
        r#"{"arg0":false}"#
    );
}

#[test]
fn functions_keep_mutability_and_internal_types() {
    let abi = parse_contract_abi(
        r#"[
        {"type":"function","name":"f","stateMutability":"pure",
            "inputs":[{"name":"k","type":"uint8","internalType":"enum Kind"}],"outputs":[{"name":"","type":"bool"}]},
        {"type":"error","name":"Denied","inputs":[{"name":"who","type":"address"}]},
        {"type":"constructor","inputs":[{"name":"owner","type":"address"}]},
        {"type":"fallback"},{"type":"receive","stateMutability":"payable"}
        ]"#,
    )
    .unwrap();
    let theirs = ethabi::Contract::try_from(&abi).unwrap();
    assert!(theirs.fallback && theirs.receive);
    let function = theirs.function("f").unwrap();
    assert_eq!(
        function.short_signature(),
        abi.functions[0].selector().unwrap()
    );
    assert_eq!(
        AbiFunction::try_from(function).unwrap().state_mutability,
        abi.functions[0].state_mutability
    );
    let internal_type = Some("enum Kind".to_owned());
    assert_eq!(
        function.inputs,
        [Param {
            name: "k".to_owned(),
            kind: ParamType::Uint(8),
            internal_type
        }]
    );

    let back = ContractAbi::try_from(&theirs).unwrap();
    assert_eq!(back.functions[0].signature(), abi.functions[0].signature());
    assert_eq!(back.errors[0].selector(), abi.errors[0].selector());
    assert_eq!(back.constructor.unwrap().inputs[0].ty, "address");
}

#[test]
fn errors_and_constructors_convert_by_themselves() {
    let error = parse_error_signature("Denied(address who, (uint8 a, bool)[2] why)").unwrap();
    let theirs = ethabi::AbiError::try_from(&error).unwrap();
    assert_eq!(theirs.signature().0[..4], error.selector().unwrap());
    let back = AbiCustomError::try_from(&theirs).unwrap();
    assert_eq!(back.signature(), error.signature());
    assert_eq!(ethabi::AbiError::try_from(&back).unwrap(), theirs);

    let item: AbiItem = "constructor(address owner, uint256[] amounts)"
        .parse()
        .unwrap();
    let AbiItem::Constructor(constructor) = item else {
        panic!("a constructor");
    };
    let theirs = ethabi::Constructor::try_from(&constructor).unwrap();
    assert_eq!(theirs.inputs[1].name, "amounts");
    let back = AbiConstructor::try_from(&theirs).unwrap();
    assert_eq!(back.human_signature(), constructor.human_signature());

    let error = parse_error_signature("E(fixed a)").unwrap();
    let fault = ethabi::AbiError::try_from(&error).unwrap_err();
    assert_eq!(fault.kind(), AbiErrorKind::Unsupported);
    assert_eq!(fault.path(), "error \"E\" inputs[0]");
    let unknown = ethabi::Constructor {
        inputs: vec![Param {
            name: String::new(),
            kind: ParamType::Uint(7),
            internal_type: None,
        }],
    };
    let fault = AbiConstructor::try_from(&unknown).unwrap_err();
    assert_eq!(
        (fault.kind(), fault.path()),
        (AbiErrorKind::Type, "constructor inputs[0]")
    );
}
