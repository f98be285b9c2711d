use super::*;
use crate::error::AbiErrorKind;

const PAUSED: &str = r#"{"type":"event","name":"Paused","inputs":[]}"#;

#[test]
fn every_place_an_abi_is_kept_in() {
    let array = format!("[{PAUSED}]");
    let quoted = serde_json::to_string(&array).unwrap();
    for document in [
        array.clone(),
        format!("\u{feff} {array}\n"),
        // Hardhat, Foundry, Truffle
        format!(
            r#"{{"_format":"hh-sol-artifact-1","contractName":"A","abi":{array},"bytecode":"0x"}}"#
        ),
        format!(
            r#"{{"abi":{array},"bytecode":{{"object":"0x","linkReferences":{{}}}},"ast":{{"a":[{{}}]}}}}"#
        ),
        format!(r#"{{"contractName":"A","abi":{array},"networks":{{}},"result":null}}"#),
        // explorers
        format!(r#"{{"status":"1","message":"OK","result":{quoted}}}"#),
        format!(r#"{{"status":"1","message":"OK","result":{array}}}"#),
        // encoded twice
        quoted.clone(),
        format!(r#"{{"abi":{quoted}}}"#),
    ] {
        let events = extract_abi_events(&document).unwrap();
        assert_eq!(events.len(), 1, "{document}");
        assert_eq!(events[0].name, "Paused");
    }
}

#[test]
fn the_rest_of_an_artefact_is_skipped_at_any_depth() {
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let document = format!(r#"{{"ast":{deep},"abi":[{PAUSED}]}}"#);
    assert_eq!(extract_abi_events(&document).unwrap().len(), 1);
}

#[test]
fn overloads_are_chosen_by_signature() {
    let event = |inputs: &str| format!(r#"{{"type":"event","name":"Dup","inputs":[{inputs}]}}"#);
    let plain = event(r#"{"name":"a","type":"uint256","indexed":false}"#);
    let indexed = event(r#"{"name":"b","type":"uint256","indexed":true}"#);
    let other = event(r#"{"name":"c","type":"uint256"},{"name":"d","type":"uint"}"#);
    let abi = format!("[{PAUSED},{plain},{indexed},{other},{other}]");
    let name_of_first = |name: &str| {
        extract_abi_event(&abi, name).unwrap().inputs[0]
            .name
            .clone()
            .unwrap()
    };

    assert_eq!(extract_abi_event(&abi, " Paused ").unwrap().name, "Paused");
    assert_eq!(name_of_first("Dup(uint256,uint256)"), "c");
    assert_eq!(name_of_first("event Dup(uint, uint256 x)"), "c");
    assert_eq!(name_of_first("Dup(uint256 indexed)"), "b");

    let error = extract_abi_event(&abi, "Dup(uint256)").unwrap_err();
    assert_eq!(error.kind(), AbiErrorKind::Ambiguous);
    assert_eq!(
        error.to_string(),
        "`Dup(uint256)` stands for several events, name one by its signature: \
         `Dup(uint256 a)`, `Dup(uint256 indexed b)`",
    );
    let error = extract_abi_event(&abi, "Dup").unwrap_err();
    assert!(
        error.to_string().contains("`Dup(uint256 c, uint256 d)`"),
        "{error}"
    );
}

#[test]
fn an_event_that_is_not_there_is_answered_with_those_that_are() {
    let abi = format!(r#"[{PAUSED},{{"type":"function","name":"Swap","inputs":[]}}]"#);
    for name in ["Swap", "paused", "Paused(bool)", ""] {
        let error = extract_abi_event(&abi, name).unwrap_err();
        assert!(error.is_not_found());
        assert_eq!(
            error.to_string(),
            format!("no event `{name}` in the ABI; it has `Paused()`")
        );
    }
    let error = extract_abi_event(&abi, "Paused(").unwrap_err();
    assert_eq!(error.kind(), AbiErrorKind::Signature { offset: 7 });

    let many: Vec<String> = (0..500)
        .map(|n| PAUSED.replace("Paused", &format!("E{n}")))
        .collect();
    let error = extract_abi_event(&format!("[{}]", many.join(",")), "X")
        .unwrap_err()
        .to_string();
    assert!(
        error.ends_with("`E19()` and 480 more") && error.len() < 400,
        "{error}"
    );
    let none = extract_abi_event(r#"[{"type":"receive"}]"#, "X").unwrap_err();
    assert_eq!(
        none.to_string(),
        "no event `X` in the ABI; it has no events"
    );
}

#[test]
fn a_contract_has_all_its_parts() {
    let abi = parse_contract_abi(
        r#"[
        {"type":"constructor","inputs":[{"name":"owner","type":"address"}],"payable":true},
        {"type":"function","name":"f","inputs":[],"outputs":[{"name":"","type":"uint"}],"stateMutability":"view"},
        {"type":"function","name":"f","inputs":[{"name":"a","type":"tuple[]","internalType":"struct L.S[]",
            "components":[{"name":"x","type":"int8","internalType":"int8"}]}],"constant":true},
        {"type":"function","name":"g","inputs":[{"name":"set","type":"L.Set storage"},{"name":"k","type":"L.Kind"}]},
        {"type":"error","name":"Denied","inputs":[{"name":"who","type":"address"}]},
        {"type":"fallback","stateMutability":"nonpayable"},
        {"type":"receive","stateMutability":"payable"},
        {"type":"something new","name":7}
        ]"#,
    )
    .unwrap();
    assert_eq!(
        abi.constructor.unwrap().state_mutability,
        StateMutability::Payable
    );
    assert_eq!(abi.functions.len(), 3);
    assert_eq!(abi.functions[0].outputs[0].ty, "uint");
    assert_eq!(abi.functions[0].state_mutability, StateMutability::View);
    assert_eq!(abi.functions[1].state_mutability, StateMutability::View);
    assert_eq!(abi.functions[1].signature().unwrap(), "f((int8)[])");
    assert_eq!(
        abi.functions[1].inputs[0].internal_type.as_deref(),
        Some("struct L.S[]")
    );
    assert_eq!(
        abi.functions[2].signature().unwrap_err().kind(),
        AbiErrorKind::Type
    );
    assert_eq!(abi.errors[0].signature().unwrap(), "Denied(address)");
    assert_eq!(abi.fallback, Some(StateMutability::NonPayable));
    assert_eq!(abi.receive, Some(StateMutability::Payable));
    assert_eq!(abi.raw.len(), 8);
    assert_eq!(abi.raw[7]["name"], 7);
}

#[test]
fn faults_of_a_contract_name_the_part() {
    for (elements, message) in [
        (
            r#"{"type":"event","name":"E"},{"type":"function","name":"f","outputs":[{"type":"uint7"}]}"#,
            "abi element 1, functions[0] \"f\" outputs[0]: type `uint7` is not a Solidity type",
        ),
        (
            r#"{"type":"function","name":"f","inputs":[{"type":"L.Set"},{"type":"L Set"}]}"#,
            "abi element 0, functions[0] \"f\" inputs[1]: type `L Set` is not",
        ),
        (
            r#"{"type":"function","inputs":[]}"#,
            "abi element 0, functions[0]: function without `name`",
        ),
        (
            r#"{"type":"error","name":"a b"}"#,
            "errors[0] \"a b\": the name of an error is `a b`, which is not",
        ),
        (
            r#"{"type":"error","name":"E","inputs":[{"type":"L.Kind"}]}"#,
            "errors[0] \"E\" inputs[0]: type `L.Kind`",
        ),
        (
            r#"{"type":"constructor","inputs":{}}"#,
            "abi element 0, constructor: `inputs` is an object",
        ),
        (
            r#"{"type":"receive"},{"type":"receive"}"#,
            "abi element 1, receive: a second receive function",
        ),
        (
            r#"{"type":"fallback","stateMutability":"free"}"#,
            "`stateMutability` is `free`, expected pure",
        ),
    ] {
        let error = parse_contract_abi(&format!("[{elements}]"))
            .unwrap_err()
            .to_string();
        assert!(error.contains(message), "{error}");
    }
}
