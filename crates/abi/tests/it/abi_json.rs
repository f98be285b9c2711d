//! ABIs that are wrong, odd, or meant to do harm: each is a typed, bounded error, or accepted where
//! it is legal. The numbers are those of the list of bad input that the project tests against.

use event_streamer_abi::{
    AbiError, AbiErrorKind, EventDecoder, canonical_signature, extract_abi_event,
    extract_abi_events, human_signature, keccak256, parse_contract_abi, parse_human_abi,
};

/// The first event of an ABI with one event of these inputs.
fn signature(inputs: &str) -> Result<String, AbiError> {
    let abi = format!(r#"[{{"type":"event","name":"E","inputs":{inputs}}}]"#);
    let event = extract_abi_event(&abi, "E")?;
    // What is read can be decoded.
    EventDecoder::new(&event)?;
    canonical_signature(&event)
}

/// One parameter of that type.
fn of_type(ty: &str) -> Result<String, AbiError> {
    signature(&format!(
        "[{{\"name\":\"a\",\"type\":{}}}]",
        serde_json::to_string(ty).unwrap()
    ))
}

/// One event of that name, without parameters.
fn of_name(name: &str) -> Result<String, AbiError> {
    let abi = format!(
        r#"[{{"type":"event","name":{},"inputs":[]}}]"#,
        serde_json::to_string(name).unwrap()
    );
    human_signature(&extract_abi_events(&abi)?[0])
}

fn refused<T: std::fmt::Debug>(result: Result<T, AbiError>, kind: AbiErrorKind, message: &str) {
    let error = result.unwrap_err();
    assert_eq!(error.kind(), kind, "{error}");
    assert!(
        error.to_string().contains(message),
        "{error}\nlacks: {message}"
    );
    assert!(
        error.to_string().len() < 400,
        "an error of {} bytes",
        error.to_string().len()
    );
    let path = error.path().to_owned();
    assert!(error.to_string().contains(&path));
}

/// Nested deeper than JSON itself is read; where exactly is not ours to say.
fn too_deep_for_json<T: std::fmt::Debug>(result: Result<T, AbiError>) {
    let kind = result.as_ref().unwrap_err().kind();
    assert!(matches!(kind, AbiErrorKind::Json { .. }), "{kind:?}");
    refused(result, kind, "recursion limit exceeded");
}

fn not_json(line: usize, column: usize) -> AbiErrorKind {
    AbiErrorKind::Json { line, column }
}

#[test]
fn rows_1_to_9_documents() {
    let read = extract_abi_events;
    refused(read(""), not_json(1, 0), "EOF");
    refused(read("{"), not_json(1, 1), "EOF");
    refused(read("abi"), not_json(1, 1), "expected value");
    refused(read("[\n  nope"), not_json(2, 4), "line 2 column 4");
    assert!(read("\u{feff}[{\"type\":\"receive\"}]").is_ok());
    let utf16: String = "[]"
        .encode_utf16()
        .map(|unit| format!("{}\0", char::from(unit as u8)))
        .collect();
    refused(read(&utf16), not_json(1, 2), "expected value");
    refused(
        read(r#"{"contractName":"A","bytecode":"0x"}"#),
        AbiErrorKind::Document,
        "`contractName`, `bytecode`",
    );
    refused(read("{}"), AbiErrorKind::Document, "its first keys: none");
    refused(
        read(r#"{"abi":{}}"#),
        AbiErrorKind::Document,
        "`abi` is an object, expected an array",
    );
    refused(
        read(r#"{"status":"0","message":"NOTOK","result":"Contract source code not verified"}"#),
        AbiErrorKind::Document,
        "`result` holds no ABI but the text `Contract source code not verified`",
    );
    refused(
        read(r#"{"result":"[{]"}"#),
        not_json(1, 3),
        "the text in `result` is not JSON",
    );
    assert!(read(r#""[{\"type\":\"receive\"}]""#).is_ok());
    refused(
        read(r#""\"[]\"""#),
        AbiErrorKind::Document,
        "a string, expected an array",
    );
    refused(read(r#""text""#), not_json(1, 2), "the text in the string");
    for (document, what) in [
        ("null", "null"),
        ("7", "a number"),
        ("-7", "a number"),
        ("7.5", "a number"),
        ("true", "a boolean"),
    ] {
        refused(
            read(document),
            AbiErrorKind::Document,
            &format!("the ABI is {what}, expected an array"),
        );
    }
    refused(
        read("[]"),
        AbiErrorKind::Empty,
        "the ABI is an array without elements",
    );
    refused(
        read(r#"{"abi":[]}"#),
        AbiErrorKind::Empty,
        "`abi` is an array without elements",
    );
    refused(
        read(r#"[{"type":"receive"},]"#),
        not_json(1, 21),
        "trailing comma",
    );
    refused(read("[] // none"), not_json(1, 4), "trailing characters");
}

#[test]
fn rows_10_to_13_keys_depth_and_size() {
    let read = extract_abi_events;
    let twice = r#"[{"type":"event","name":"A","name":"B","inputs":[]}]"#;
    refused(read(twice), not_json(1, 34), "key `name` twice");
    refused(
        read(r#"{"abi":[],"abi":[]}"#),
        not_json(1, 15),
        "key `abi` twice",
    );

    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    too_deep_for_json(read(&deep));
    let deep = format!(
        r#"{}{{"type":"tuple"}}{}"#,
        r#"{"components":["#.repeat(100_000),
        "]}".repeat(100_000)
    );
    too_deep_for_json(read(&format!("[{deep}]")));

    let padding = "x".repeat(10 << 20);
    let abi = read(&format!(
        r#"[{{"type":"event","name":"E","notice":"{padding}"}}]"#
    ))
    .unwrap();
    assert_eq!(abi.len(), 1);
    let million = format!("[{}{{}}]", "{},".repeat(1 << 20));
    refused(
        read(&million),
        AbiErrorKind::Limit,
        "more than 1048576 JSON values",
    );
    let zeros = format!(r#"{{"abi":[[{}0]]}}"#, "0,".repeat(1 << 20));
    refused(
        read(&zeros),
        AbiErrorKind::Limit,
        "more than 1048576 JSON values",
    );
}

#[test]
fn rows_14_to_18_names() {
    let nameless = r#"[{"type":"function"},{"type":"event","inputs":[]}]"#;
    refused(
        extract_abi_events(nameless),
        AbiErrorKind::Name,
        "abi element 1, events[0]: event without `name`",
    );
    let null = r#"[{"type":"event","name":null}]"#;
    refused(
        extract_abi_events(null),
        AbiErrorKind::Name,
        "`name` is null, expected a string",
    );
    refused(
        of_name(""),
        AbiErrorKind::Name,
        "the name of an event is empty",
    );
    for name in [
        "Two words",
        "Trаnsfer",
        "🚀",
        "Bell\u{7}",
        "N\0L",
        "A(uint256)",
        "1st",
        "a-b",
        "a.b",
    ] {
        refused(
            of_name(name),
            AbiErrorKind::Name,
            "which is not an identifier",
        );
    }
    refused(of_name("Bell\u{7}"), AbiErrorKind::Name, r"`Bell\u{7}`");
    refused(
        of_name("Trаnsfer"),
        AbiErrorKind::Name,
        r"(letters, digits, `_`, `$`): `\u{430}` at byte 2",
    );
    refused(of_name("1st"), AbiErrorKind::Name, "`1` at byte 0");
    refused(
        of_name(&"N".repeat(1 << 20)),
        AbiErrorKind::Limit,
        "1048576 bytes long, more than 256",
    );
    for name in [
        "block_number",
        "address",
        "__proto__",
        "type",
        "event",
        "$",
        "_",
    ] {
        assert_eq!(of_name(name).unwrap(), format!("event {name}()"));
    }
    let long = format!(r#"[{{"name":"{}","type":"bool"}}]"#, "p".repeat(1 << 20));
    refused(
        signature(&long),
        AbiErrorKind::Limit,
        "the name of a parameter is 1048576 bytes long",
    );
    // Names of parameters are keys and nothing else: any text will do.
    let free = r#"[{"name":"Two words \u0000 🚀","type":"bool"}]"#;
    assert_eq!(signature(free).unwrap(), "E(bool)");
}

#[test]
fn rows_19_to_21_inputs() {
    assert!(extract_abi_events(r#"[{"type":"event","name":"E"}]"#).is_ok());
    refused(
        signature("null"),
        AbiErrorKind::Inputs,
        "events[0] \"E\": `inputs` is null, expected an array",
    );
    refused(
        signature("{}"),
        AbiErrorKind::Inputs,
        "`inputs` is an object, expected an array",
    );
    refused(
        signature("[7]"),
        AbiErrorKind::Inputs,
        "inputs[0]: expected an object, found a number",
    );
    refused(
        signature(r#"[{"type":"bool"},{"name":"b"}]"#),
        AbiErrorKind::Inputs,
        "inputs[1]: no `type`",
    );
    refused(
        signature(r#"[{"type":7}]"#),
        AbiErrorKind::Inputs,
        "`type` is a number, expected a string",
    );
    refused(
        signature(r#"[{"type":"bool","name":7}]"#),
        AbiErrorKind::Inputs,
        "`name` is a number",
    );
}

#[test]
fn rows_22_to_26_types() {
    for ty in [
        "uint257",
        "int7",
        "uint0",
        "bytes0",
        "bytes33",
        "float",
        "Uint256",
        " uint256 ",
        "",
        "uint٨",
        "tuple8",
    ] {
        refused(of_type(ty), AbiErrorKind::Type, "is not a Solidity type");
    }
    for (alias, canonical) in [
        ("uint", "uint256"),
        ("int", "int256"),
        ("byte", "bytes1"),
        ("fixed", "fixed128x18"),
        ("function", "function"),
        ("address payable", "address"),
        ("uint8[1000000]", "uint8[1000000]"),
    ] {
        assert_eq!(of_type(alias).unwrap(), format!("E({canonical})"));
    }
    for ty in [
        "uint8[0]",
        "uint8[-1]",
        "uint8[ ]",
        "uint8[",
        "uint8]",
        "uint8)",
        "(uint8",
        "((uint8)",
        "()",
        "()[]",
    ] {
        refused(of_type(ty), AbiErrorKind::Type, "is not a Solidity type");
    }
    for ty in [
        "uint8[1000000000]",
        "uint8[99999999999999999999]",
        "uint8[65536][65536]",
    ] {
        refused(of_type(ty), AbiErrorKind::Limit, "type `uint8[");
    }
    refused(
        of_type(&format!("uint8{}", "[]".repeat(10_000))),
        AbiErrorKind::Limit,
        "20005 bytes long",
    );
    refused(
        of_type(&format!("uint8{}", "[]".repeat(9))),
        AbiErrorKind::Limit,
        "more than 8 array dimensions",
    );
    refused(
        of_type(&"(".repeat(1_000)),
        AbiErrorKind::Limit,
        "more than 16 deep",
    );
}

#[test]
fn rows_27_to_31_tuples() {
    refused(of_type("tuple"), AbiErrorKind::Inputs, "without components");
    refused(
        of_type("tuple[]"),
        AbiErrorKind::Inputs,
        "without components",
    );
    refused(
        signature(r#"[{"type":"tuple","components":[]}]"#),
        AbiErrorKind::Inputs,
        "at least one",
    );
    refused(
        signature(r#"[{"type":"tuple","components":{}}]"#),
        AbiErrorKind::Inputs,
        "`components` is an object",
    );
    let on_word = r#"[{"type":"uint8","components":[{"type":"bool"}]}]"#;
    refused(
        signature(on_word),
        AbiErrorKind::Inputs,
        "type `uint8` does not have the components (bool)",
    );
    assert!(
        signature(r#"[{"type":"uint8","components":[]},{"type":"bool","components":null}]"#)
            .is_ok()
    );

    let components = r#""components":[{"name":"a","type":"uint"},{"name":"b","type":"address"}]"#;
    for (ty, expected) in [
        ("tuple[2]", "E((uint256,address)[2])"),
        ("(uint256,address)", "E((uint256,address))"),
        ("(uint256,address)[]", "E((uint256,address)[])"),
    ] {
        assert_eq!(
            signature(&format!(r#"[{{"type":"{ty}",{components}}}]"#)).unwrap(),
            expected
        );
    }
    assert_eq!(
        of_type("(uint256,address)").unwrap(),
        "E((uint256,address))"
    );
    let other = format!(r#"[{{"type":"(uint256,bool)",{components}}}]"#);
    refused(
        signature(&other),
        AbiErrorKind::Inputs,
        "does not have the components (uint256,address)",
    );

    let nested = |depth: usize| {
        let open = r#"{"type":"tuple","components":["#.repeat(depth);
        format!(r#"[{open}{{"type":"uint257"}}{}]"#, "]}".repeat(depth))
    };
    refused(
        signature(&nested(3)),
        AbiErrorKind::Type,
        r#"abi element 0, events[0] "E" inputs[0].components[0].components[0].components[0]: type `uint257`"#,
    );
    assert!(signature(&nested(16).replace("uint257", "uint8")).is_ok());
    refused(
        signature(&nested(17)),
        AbiErrorKind::Limit,
        "more than 16 deep",
    );
    too_deep_for_json(signature(&nested(1_000)));
}

#[test]
fn rows_32_to_38_indexed_names_and_overloads() {
    let indexed = |count: usize| {
        let inputs = vec![r#"{"type":"uint8","indexed":true}"#; count].join(",");
        format!("[{inputs}]")
    };
    assert!(signature(&indexed(3)).is_ok());
    refused(
        signature(&indexed(4)),
        AbiErrorKind::Indexed,
        "4 indexed parameters, an event has at most 3",
    );
    let anonymous = |count: usize| {
        extract_abi_events(&format!(
            r#"[{{"type":"event","name":"E","anonymous":true,"inputs":{}}}]"#,
            indexed(count)
        ))
    };
    assert_eq!(
        EventDecoder::new(&anonymous(4).unwrap()[0])
            .unwrap()
            .topic0(),
        None
    );
    refused(
        anonymous(5),
        AbiErrorKind::Indexed,
        "5 indexed parameters, an anonymous event has at most 4",
    );

    refused(
        signature(r#"[{"type":"bool","indexed":"true"}]"#),
        AbiErrorKind::Inputs,
        "`indexed` is a string",
    );
    refused(
        signature(r#"[{"type":"bool","indexed":1}]"#),
        AbiErrorKind::Inputs,
        "`indexed` is a number",
    );
    assert!(
        signature(r#"[{"type":"bool","indexed":null},{"type":"string[]","indexed":true}]"#).is_ok()
    );
    let not_bool = r#"[{"type":"event","name":"E","anonymous":0}]"#;
    refused(
        extract_abi_events(not_bool),
        AbiErrorKind::Element,
        "`anonymous` is a number, expected true or false",
    );

    assert!(signature(r#"[{"type":"bool"},{"name":"","type":"bool"},{"name":"a","type":"bool"},{"name":"a","type":"bool"}]"#).is_ok());
    let event = |ty: &str| format!(r#"{{"type":"event","name":"E","inputs":[{{"type":"{ty}"}}]}}"#);
    let overloads = format!("[{},{},{}]", event("bool"), event("address"), event("bool"));
    assert_eq!(extract_abi_events(&overloads).unwrap().len(), 3);
    refused(
        extract_abi_event(&overloads, "E"),
        AbiErrorKind::Ambiguous,
        "`E(bool)`, `E(address)`",
    );
    assert!(extract_abi_event(&overloads, "E(bool)").is_ok());
}

#[test]
fn rows_39_to_44_elements() {
    let read = extract_abi_events;
    refused(
        read("[null]"),
        AbiErrorKind::Element,
        "abi element 0: expected an object, found null",
    );
    refused(
        read(r#"[{"name":"E"}]"#),
        AbiErrorKind::Element,
        "abi element 0: no `type`",
    );
    refused(
        read(r#"[{"type":"event","name":"E"},{"type":7}]"#),
        AbiErrorKind::Element,
        "abi element 1: `type` is a number",
    );
    refused(
        read(r#"["event E()"]"#),
        AbiErrorKind::Element,
        "found a string; a human-readable signature",
    );
    let kinds = r#"[{"type":"error","name":"E"},{"type":"modifier"},{"type":"struct","name":{}},{"type":"Event"}]"#;
    assert!(read(kinds).unwrap().is_empty());
    assert_eq!(parse_contract_abi(kinds).unwrap().raw.len(), 4);

    let lie = r#"[{"type":"uint8","internalType":"contract Bomb[99]"}]"#;
    assert_eq!(signature(lie).unwrap(), "E(uint8)");
    refused(
        signature(r#"[{"type":"uint8","internalType":7}]"#),
        AbiErrorKind::Inputs,
        "`internalType` is a number",
    );

    // What tools write beside an element is not asked: the hash is that of the signature.
    let claims = r#"[{"type":"event","name":"E","inputs":[],"topic0":"0x00","signature":"0x01"}]"#;
    let event = extract_abi_event(claims, "E").unwrap();
    let topic0 = EventDecoder::new(&event).unwrap().topic0().unwrap();
    assert_eq!(topic0, keccak256(b"E()"));

    // By themselves, or beside objects, lines are read by the function for them.
    let mixed = r#"["event E()", {"type":"event","name":"F"}]"#;
    assert_eq!(parse_human_abi(mixed).unwrap().events.len(), 2);

    let diamond: Vec<String> = (0..500)
        .map(|n| format!(r#"{{"type":"event","name":"E{n}","inputs":[{{"type":"uint256"}}]}}"#))
        .collect();
    assert_eq!(
        read(&format!("[{}]", diamond.join(","))).unwrap().len(),
        500
    );
}

#[test]
fn paths_count_events_and_elements() {
    let abi = r#"[
        {"type":"function","name":"f"},
        {"type":"event","name":"A","inputs":[]},
        {"type":"event","name":"Swap","inputs":[{"type":"bool"},{"type":"tuple","components":[{"type":"uint"},{"type":"uint1"}]}]}
    ]"#;
    let error = extract_abi_events(abi).unwrap_err();
    assert_eq!(error.element(), Some(2));
    assert_eq!(error.path(), r#"events[1] "Swap" inputs[1].components[1]"#);
}
