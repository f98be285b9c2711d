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
