use super::*;
use crate::error::AbiErrorKind;
use crate::limits::MAX_TUPLE_DEPTH;

/// The canonical name, or the kind of the fault and its text.
fn read(text: &str) -> Result<String, (AbiErrorKind, String)> {
    let parsed = parse_type(text, MAX_TUPLE_DEPTH).map_err(|fault| (fault.kind, fault.message))?;
    let base = parsed.base.clone().unwrap_or(AbiType::Tuple(Vec::new()));
    Ok(parsed.with_base(base).to_string())
}

#[test]
fn every_width_of_every_type_is_read() {
    for bits in (8..=256).step_by(8) {
        for base in ["uint", "int"] {
            assert_eq!(read(&format!("{base}{bits}")), Ok(format!("{base}{bits}")));
        }
        for decimals in [0, 1, 18, 80] {
            for base in ["fixed", "ufixed"] {
                let text = format!("{base}{bits}x{decimals}");
                assert_eq!(read(&text), Ok(text));
            }
        }
    }
    for length in 1..=32 {
        assert_eq!(
            read(&format!("bytes{length}")),
            Ok(format!("bytes{length}"))
        );
    }
    for text in ["bool", "address", "bytes", "string", "function"] {
        assert_eq!(read(text), Ok(text.to_owned()));
    }
}

#[test]
fn aliases_become_what_they_stand_for() {
    for (alias, canonical) in [
        ("uint", "uint256"),
        ("int", "int256"),
        ("byte", "bytes1"),
        ("fixed", "fixed128x18"),
        ("ufixed", "ufixed128x18"),
        ("address payable", "address"),
        ("uint[2][]", "uint256[2][]"),
        ("(uint,(byte[],bool)[3])", "(uint256,(bytes1[],bool)[3])"),
    ] {
        assert_eq!(read(alias), Ok(canonical.to_owned()));
    }
}

#[test]
fn what_is_no_type_is_refused_with_the_reason() {
    for (text, reason) in [
        ("", "missing"),
        ("uint257", "multiple of 8"),
        ("uint0", "multiple of 8"),
        ("uint08", "multiple of 8"),
        ("uint8 ", "multiple of 8"),
        ("int7", "multiple of 8"),
        ("int-8", "expected uintN"),
        ("uint٨", "expected uintN"),
        ("bytes0", "1 to 32"),
        ("bytes33", "1 to 32"),
        ("bytes032", "1 to 32"),
        ("fixed128", "fixedMxN"),
        ("fixed128x81", "fixedMxN"),
        ("fixed12x8", "fixedMxN"),
        ("float", "expected uintN"),
        ("Uint256", "did you mean `uint256`?"),
        (" uint256 ", "did you mean `uint256`?"),
        ("uint256[", "without `]`"),
        ("uint256]", "follows"),
        ("uint256[-1]", "decimal number"),
        ("uint256[ ]", "decimal number"),
        ("uint256[x]", "decimal number"),
        ("uint256[٣]", "decimal number"),
        ("uint256[0]", "no value"),
        ("uint256[01]", "leading zeros"),
        ("uint256[]x", "follows"),
        ("[]", "missing"),
        ("()", "at least one"),
        ("()[]", "at least one"),
        ("(uint256", "`,` or `)`"),
        ("(uint256,)", "missing"),
        ("uint256)", "follows"),
        ("(tuple)", "no components"),
        ("((uint256)", "`,` or `)`"),
    ] {
        let (kind, message) = read(text).unwrap_err();
        assert_eq!(kind, AbiErrorKind::Type, "{text}: {message}");
        assert!(message.contains(reason), "{text}: {message}");
    }
}

#[test]
fn bounds_are_named() {
    let dimensions = |count| format!("uint8{}", "[]".repeat(count));
    let depth = |count| format!("{}uint8{}", "(".repeat(count), ")".repeat(count));
    assert!(read(&dimensions(8)).is_ok());
    assert!(read(&depth(16)).is_ok());
    for (text, reason) in [
        (dimensions(9), "more than 8 array dimensions"),
        (dimensions(10_000), "20005 bytes long, more than 1024"),
        (depth(17), "more than 16 deep"),
        (depth(500), "more than 16 deep"),
        (depth(1_000_000), "more than 1024"),
        ("uint8[4294967296]".to_owned(), "at most 4294967295"),
        (
            "uint8[99999999999999999999]".to_owned(),
            "at most 4294967295",
        ),
    ] {
        let (kind, message) = read(&text).unwrap_err();
        assert_eq!(kind, AbiErrorKind::Limit, "{message}");
        assert!(message.contains(reason) && message.len() < 200, "{message}");
    }
}

#[test]
fn a_layout_knows_heads_and_bounds() {
    let layout = |text: &str| {
        let parsed = parse_type(text, MAX_TUPLE_DEPTH).unwrap();
        let base = parsed.base.clone().unwrap();
        parsed
            .with_base(base)
            .layout()
            .map(|layout| (layout.dynamic, layout.head()))
    };
    assert_eq!(layout("uint8"), Some((false, 32)));
    assert_eq!(layout("string"), Some((true, 32)));
    assert_eq!(layout("uint8[3][2]"), Some((false, 192)));
    assert_eq!(layout("string[3]"), Some((true, 32)));
    assert_eq!(layout("(uint8,bool[2],address)"), Some((false, 128)));
    assert_eq!(layout("(uint8,(bytes)[2])"), Some((true, 32)));
    assert_eq!(layout("uint8[134217727]"), Some((false, 4_294_967_264)));
    for too_large in [
        "uint8[134217728]",
        "uint8[65536][65536]",
        "uint8[4294967295][]",
        "(uint8[1000000000])[]",
    ] {
        assert_eq!(layout(too_large), None, "{too_large}");
    }
}
