use super::*;
use crate::error::AbiErrorKind;

fn both_ways(text: &str) -> String {
    human_signature(&parse_event_signature(text).unwrap()).unwrap()
}

#[test]
fn what_is_written_is_read_back() {
    for text in [
        "event Transfer(address indexed from, address indexed to, uint256 value)",
        "event Empty()",
        "event Anon(bytes32 indexed, string note) anonymous",
        "event Deep(((uint8 a, bool)[2] inner, bytes tail)[] indexed list)",
        "event event(function f)",
    ] {
        assert_eq!(both_ways(text), text);
    }
}

#[test]
fn notation_is_free() {
    for (text, normal) in [
        (
            "Transfer(address,address,uint256)",
            "event Transfer(address, address, uint256)",
        ),
        (
            "  event\n\tA ( uint indexed x ,address payable y ) anonymous ; ",
            "event A(uint256 indexed x, address y) anonymous",
        ),
        (
            "event A(tuple(uint a, byte b)[3] [] indexed t);",
            "event A((uint256 a, bytes1 b)[3][] indexed t)",
        ),
        ("event(bool)", "event event(bool)"),
    ] {
        assert_eq!(both_ways(text), normal);
    }
}

#[test]
fn names_that_would_not_be_read_back_are_left_out() {
    let mut event = parse_event_signature("A(uint256 a, bool b)").unwrap();
    event.inputs[0].name = Some("indexed".to_owned());
    event.inputs[1].name = Some("no name".to_owned());
    assert_eq!(human_signature(&event).unwrap(), "event A(uint256, bool)");
}

#[test]
fn only_parameters_can_be_indexed() {
    let event = parse_event_signature("A((uint8 a)[] indexed t, bool b)").unwrap();
    assert_eq!(event.inputs[0].indexed, Some(true));
    assert_eq!(event.inputs[0].ty, "tuple[]");
    assert_eq!(
        event.inputs[0].components.as_ref().unwrap()[0].indexed,
        None
    );
    assert_eq!(event.inputs[1].indexed, Some(false));
}

#[test]
fn faults_say_where_and_what_was_expected() {
    for (text, offset, message) in [
        (
            "",
            0,
            "expected the name of an event at byte 0, found the end",
        ),
        (
            "event",
            5,
            "expected the name of an event at byte 5, found the end",
        ),
        ("Transfer", 8, "expected `(`"),
        ("A(uint8", 7, "expected `,` or `)` at byte 7, found the end"),
        ("A(uint8,", 8, "expected a type at byte 8"),
        ("A(,)", 2, "expected a type at byte 2, found `,)`"),
        (
            "A(uint8 a b)",
            10,
            "expected `,` or `)` at byte 10, found `b)`",
        ),
        ("A(uint8 memory)", 8, "expected a name, `,` or `)`"),
        ("A((uint8 indexed a) b)", 9, "expected a name, `,` or `)`"),
        ("A(uint8 1a)", 8, "expected a name, `,` or `)`"),
        ("A(uint8[2) x", 9, "expected `]`"),
        (
            "A() sealed",
            4,
            "expected `anonymous` or the end at byte 4, found `sealed`",
        ),
        ("A() anonymous x", 14, "expected the end at byte 14"),
        ("A(())", 3, "expected a type at byte 3"),
        ("Ä()", 0, "expected the name of an event"),
    ] {
        let error = parse_event_signature(text).unwrap_err();
        assert_eq!(
            error.kind(),
            AbiErrorKind::Signature { offset },
            "{text}: {error}"
        );
        assert!(error.to_string().contains(message), "{text}: {error}");
    }
}

#[test]
fn types_and_bounds_are_checked() {
    let deep = |count| format!("A({}uint8{})", "(".repeat(count), ")".repeat(count));
    assert!(parse_event_signature(&deep(16)).is_ok());
    for (text, kind, message) in [
        (
            "A(uint257 x)".to_owned(),
            AbiErrorKind::Type,
            "type `uint257` is not a Solidity type",
        ),
        (
            "A(uint8[0] x)".to_owned(),
            AbiErrorKind::Type,
            "no value, at byte 2",
        ),
        (
            "A(tuple x)".to_owned(),
            AbiErrorKind::Inputs,
            "without components",
        ),
        (
            "A(uint8 indexed,uint8 indexed,uint8 indexed,uint8 indexed)".to_owned(),
            AbiErrorKind::Indexed,
            "at most 3",
        ),
        (deep(17), AbiErrorKind::Limit, "more than 16 deep"),
        (deep(5_000), AbiErrorKind::Limit, "more than 16 deep"),
        (
            "(".repeat(1 << 20),
            AbiErrorKind::Limit,
            "1048576 bytes long",
        ),
        (
            format!("A(uint8{})", "[]".repeat(500)),
            AbiErrorKind::Limit,
            "more than 8 array dimensions",
        ),
        (
            format!("{}()", "a".repeat(300)),
            AbiErrorKind::Limit,
            "300 bytes long",
        ),
    ] {
        let error = parse_event_signature(&text).unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(message), "{error}");
        assert!(error.to_string().len() < 300, "{error}");
    }
}

#[test]
fn every_part_of_a_contract_is_read_back() {
    for text in [
        "event Paused(address indexed account)",
        "function transfer(address to, uint256 value) returns (bool)",
        "function balanceOf(address) view returns (uint256 balance, (uint8 a, bool)[] list)",
        "function deposit() payable",
        "function add(uint256, uint256) pure returns (uint256)",
        "function function(function f)",
        "error InsufficientBalance(uint256 available, uint256 required)",
        "error error((address who, bytes4)[2] list)",
        "constructor(address owner, uint256[] amounts) payable",
        "constructor()",
        "fallback() payable",
        "fallback()",
        "receive() payable",
    ] {
        let item: AbiItem = text.parse().unwrap();
        assert_eq!(item.human_signature().unwrap(), text);
        // The same by way of JSON.
        let json = format!("[{}]", item.to_json());
        let abi = crate::parse_contract_abi(&json).unwrap();
        assert_eq!(abi.human_signatures().unwrap(), [text], "{json}");
        assert_eq!(abi, parse_human_abi(text).unwrap());
    }
}

#[test]
fn words_of_the_source_make_no_difference() {
    for (text, normal) in [
        (
            "function f(bytes calldata data, string memory) external virtual override(A, B) view \
             returns (uint[] memory list);",
            "function f(bytes data, string) view returns (uint256[] list)",
        ),
        (
            "function f() returns (bool) public",
            "function f() returns (bool)",
        ),
        ("function f() constant", "function f() view"),
        ("function f() nonpayable override", "function f()"),
        (
            "constructor(string memory name) public",
            "constructor(string name)",
        ),
        (
            "fallback(bytes calldata input) external payable returns (bytes memory output)",
            "fallback() payable",
        ),
        ("receive() external", "receive() payable"),
        (
            "event /* of ERC-20 */ Paid(address to) // nobody\n anonymous",
            "event Paid(address to) anonymous",
        ),
    ] {
        let item: AbiItem = text.parse().unwrap();
        assert_eq!(item.human_signature().unwrap(), normal);
    }
    let function = parse_function_signature("transfer(address,uint)").unwrap();
    assert_eq!(function.signature().unwrap(), "transfer(address,uint256)");
    let error = parse_error_signature("Panic(uint256 code)").unwrap();
    assert_eq!(error.selector().unwrap(), [0x4e, 0x48, 0x7b, 0x71]);
}

#[test]
fn faults_of_other_items_say_where_and_what_was_expected() {
    for (text, offset, message) in [
        (
            "",
            0,
            "expected `event`, `function`, `error`, `constructor`, `fallback` or `receive`",
        ),
        ("Transfer(address)", 0, "found `Transfer(address)`"),
        ("function (uint8)", 9, "expected the name of a function"),
        ("function f", 10, "expected `(` at byte 10, found the end"),
        (
            "function f() internal",
            13,
            "expected `external`, `public`, `pure`, `view`, `payable`, `returns` or the end",
        ),
        ("function f() view pure", 18, "found `pure`"),
        ("function f() public external", 20, "found `external`"),
        ("function f() returns", 20, "expected `(`"),
        (
            "function f() returns () returns ()",
            24,
            "found `returns ()`",
        ),
        (
            "function f(uint8 indexed a)",
            17,
            "expected a name, `,` or `)`",
        ),
        (
            "function f(uint8 storage a)",
            17,
            "expected a name, `,` or `)`",
        ),
        (
            "function f() override(",
            22,
            "expected the name of a contract",
        ),
        (
            "error E(string memory a)",
            15,
            "expected a name, `,` or `)`",
        ),
        (
            "error E() view",
            10,
            "expected the end at byte 10, found `view`",
        ),
        (
            "constructor() view",
            18,
            "expected a constructor that is neither `pure` nor `view`",
        ),
        (
            "constructor() returns (bool)",
            14,
            "expected `public`, `payable` or the end",
        ),
        ("receive(bytes)", 8, "expected `)`"),
        (
            "receive() view",
            14,
            "expected a receive function that is `payable`",
        ),
        (
            "fallback(uint8)",
            15,
            "expected a fallback that takes and returns nothing but `bytes`",
        ),
        ("event A() event B()", 10, "expected the end at byte 10"),
        ("event A() /* endless", 10, "found `/* endless`"),
    ] {
        let error = text.parse::<AbiItem>().unwrap_err();
        let kind = AbiErrorKind::Signature { offset };
        assert_eq!(error.kind(), kind, "{text}: {error}");
        assert!(error.to_string().contains(message), "{text}: {error}");
    }
    for (text, kind, message) in [
        (
            "function f(IERC20 token)",
            AbiErrorKind::Type,
            "type `IERC20` is not a Solidity type",
        ),
        (
            "function f() returns (tuple a)",
            AbiErrorKind::Inputs,
            "function \"f\" outputs[0]",
        ),
        (
            "error 1st()",
            AbiErrorKind::Name,
            "error \"1st\": the name of an error is `1st`",
        ),
        (
            "constructor(tuple)",
            AbiErrorKind::Inputs,
            "constructor inputs[0]: type `tuple`",
        ),
    ] {
        let error = text.parse::<AbiItem>().unwrap_err();
        assert_eq!(error.kind(), kind, "{text}: {error}");
        assert!(error.to_string().contains(message), "{text}: {error}");
    }
}

#[test]
fn a_contract_is_read_from_lines_in_any_layout() {
    let abi = parse_human_abi(
        "\u{feff}// SPDX-License-Identifier: MIT
        event A(uint8 a)  event B(
            uint8 b // second
        );;
        constructor(address owner)
        function f()
            external
            view
            returns (bool);
        /* the end */ receive() external payable",
    )
    .unwrap();
    let lines = [
        "event A(uint8 a)",
        "event B(uint8 b)",
        "function f() view returns (bool)",
        "constructor(address owner)",
        "receive() payable",
    ];
    assert_eq!(abi.human_signatures().unwrap(), lines);
    assert_eq!(abi.raw.len(), 5);

    let json = serde_json::Value::from(lines.map(serde_json::Value::from).to_vec());
    let again = parse_human_abi(&json.to_string()).unwrap();
    assert_eq!(again.human_signatures().unwrap(), lines);
    let artefact = format!(r#"{{"abi": {json}}}"#);
    assert_eq!(parse_human_abi(&artefact).unwrap(), again);
}

#[test]
fn a_fault_in_a_contract_names_its_line_or_its_element() {
    for (text, message) in [
        ("", "the ABI has no line"),
        (" // nothing\n;", "the ABI has no line"),
        (
            "event A()\nevent B(uint8 a,\n)",
            "line 2: signature: expected a type at byte 17, found `)`",
        ),
        (
            "event A();\n\nTransfer()",
            "line 3: signature: expected `event`",
        ),
        (
            "event A()\nfunction f(uint7 a)",
            "line 2: type `uint7` is not a Solidity type",
        ),
        (
            "receive()\nconstructor()\nreceive()",
            "line 3, receive: a second receive function",
        ),
        (
            r#"["event A()", "event B(uint7)"]"#,
            "abi element 1: type `uint7` is not a Solidity type",
        ),
        (
            r#"["event A()", "event B(uint8 indexed, uint8 indexed, uint8 indexed, uint8 indexed)"]"#,
            "abi element 1, event \"B\": 4 indexed parameters",
        ),
        (
            r#"["event A()", 7]"#,
            "abi element 1: expected an object, found a number",
        ),
        (
            r#"["receive()", {"type": "receive"}]"#,
            "abi element 1, receive: a second receive function",
        ),
    ] {
        let error = parse_human_abi(text).unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
}

#[test]
fn a_long_contract_is_read_and_a_long_line_is_not() {
    let line = "event Transfer(address indexed from, address indexed to, uint256 value)\n";
    let abi = parse_human_abi(&line.repeat(2_000)).unwrap();
    assert_eq!(abi.events.len(), 2_000);
    let long = format!("{line}event Long({}uint8)", "uint8, ".repeat(4_000));
    let error = parse_human_abi(&long).unwrap_err();
    assert_eq!(error.kind(), AbiErrorKind::Limit);
    assert!(
        error
            .to_string()
            .starts_with("line 2: the signature is longer"),
        "{error}"
    );
    let spaces = format!("event A({}uint8)\n{line}", " ".repeat(20_000));
    assert_eq!(
        parse_human_abi(&spaces).unwrap_err().kind(),
        AbiErrorKind::Limit
    );
    let apart = format!("{line}{}{line}", " // far\n".repeat(4_000));
    assert_eq!(parse_human_abi(&apart).unwrap().events.len(), 2);
    let error = parse_human_abi(&line.repeat(20_000)).unwrap_err();
    assert_eq!(error.kind(), AbiErrorKind::Limit);
}

#[test]
fn a_receive_function_is_payable_whatever_the_json_leaves_out() {
    let abi = crate::parse_contract_abi(r#"[{"type": "receive"}]"#).unwrap();
    let lines = abi.human_signatures().unwrap();
    assert_eq!(lines, ["receive() payable"]);
    let read = parse_human_abi(&lines[0]).unwrap();
    assert_eq!(read.human_signatures().unwrap(), lines);
}
