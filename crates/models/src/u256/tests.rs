use proptest::prelude::*;

use super::*;

const MAX: &str = "115792089237316195423570985008687907853269984665640564039457584007913129639935";

fn parse_error(text: &str) -> ParseError {
    text.parse::<U256>().expect_err(text)
}

#[test]
fn the_edges_of_each_limb() {
    let known = [
        ("0", U256::ZERO),
        ("18446744073709551615", U256::from(u64::MAX)),
        ("18446744073709551616", U256::from(1_u128 << 64)),
        (
            "340282366920938463463374607431768211455",
            U256::from(u128::MAX),
        ),
        (
            "340282366920938463463374607431768211456",
            U256 {
                limbs: [0, 0, 1, 0],
            },
        ),
        (
            "6277101735386680763835789423207666416102355444464034512896",
            U256 {
                limbs: [0, 0, 0, 1],
            },
        ),
        (MAX, U256::MAX),
    ];
    for (text, number) in known {
        assert_eq!(number.to_string(), text);
        assert_eq!(text.parse(), Ok(number));
    }
}

#[test]
fn zeros_inside_the_number_are_written() {
    for exponent in 0..78_usize {
        let text = format!("1{}", "0".repeat(exponent));
        let number: U256 = text.parse().unwrap();
        assert_eq!(number.to_string(), text);
        let mut out = b"[".to_vec();
        number.write_decimal(&mut out);
        assert_eq!(out, format!("[{text}").into_bytes());
    }
}

#[test]
fn one_more_than_the_largest_is_out_of_range() {
    let above = "115792089237316195423570985008687907853269984665640564039457584007913129639936";
    assert_eq!(parse_error(above).kind(), ParseErrorKind::OutOfRange);
    assert_eq!(
        parse_error(&"9".repeat(5_000)).kind(),
        ParseErrorKind::OutOfRange
    );
    let too_wide = format!("0x1{}", "0".repeat(64));
    assert_eq!(parse_error(&too_wide).kind(), ParseErrorKind::OutOfRange);
    assert_eq!(format!("{}{MAX}", "0".repeat(5_000)).parse(), Ok(U256::MAX));
    assert_eq!(format!("0x000{}", "f".repeat(64)).parse(), Ok(U256::MAX));
}

#[test]
fn what_is_no_number_is_named() {
    assert_eq!(parse_error("").kind(), ParseErrorKind::Empty);
    assert_eq!(
        parse_error("0x").kind(),
        ParseErrorKind::Length { digits: 0 }
    );
    let strangers = [
        ("-1", '-', 1),
        ("1_0", '_', 2),
        (" 1", ' ', 1),
        ("1.0", '.', 2),
    ];
    let foreign = [
        ("1e3", 'e', 2),
        ("0xfg", 'g', 4),
        ("١", '١', 1),
        ("0x１", '１', 3),
        ("+1", '+', 1),
    ];
    for (text, character, position) in strangers.into_iter().chain(foreign) {
        assert_eq!(
            parse_error(text).kind(),
            ParseErrorKind::Digit {
                character,
                position
            },
            "{text}"
        );
    }
    assert_eq!(
        parse_error("12x").to_string(),
        "expected an unsigned 256-bit integer (decimal, or 0x and hex digits), \
         found 'x' at character 3 of \"12x\""
    );
}

#[test]
fn json_is_a_decimal_string_and_integers_are_read() {
    assert_eq!(
        serde_json::to_string(&U256::MAX).unwrap(),
        format!("\"{MAX}\"")
    );
    let read = |json: &str| serde_json::from_str::<U256>(json);
    assert_eq!(read("\"0xFF\"").unwrap(), U256::from(255_u64));
    assert_eq!(read("18446744073709551615").unwrap(), U256::from(u64::MAX));
    for refused in [
        "-1",
        "1.0",
        "1e3",
        "18446744073709551616",
        "null",
        "true",
        "\"\"",
        "[1]",
    ] {
        assert!(read(refused).is_err(), "{refused}");
    }
}

#[test]
fn checked_arithmetic_ends_at_the_edges() {
    let one = U256::from(1_u64);
    assert_eq!(U256::MAX.checked_add(one), None);
    assert_eq!(U256::ZERO.checked_sub(one), None);
    assert_eq!(U256::MAX.checked_sub(U256::MAX), Some(U256::ZERO));
    let carried = U256::from(u128::MAX).checked_add(one).unwrap();
    assert_eq!(carried.limbs, [0, 0, 1, 0]);
    assert_eq!(carried.checked_sub(one), Some(U256::from(u128::MAX)));
}

#[test]
fn narrowing_is_checked() {
    assert_eq!(u64::try_from(U256::from(u64::MAX)), Ok(u64::MAX));
    assert_eq!(u128::try_from(U256::from(u128::MAX)), Ok(u128::MAX));
    assert!(u64::try_from(U256::from(1_u128 << 64)).is_err());
    let error = u128::try_from(U256::MAX).unwrap_err();
    assert_eq!(error.kind(), ParseErrorKind::OutOfRange);
    assert!(error.to_string().contains("below 2^128"), "{error}");
}

#[test]
fn display_pads_as_a_number() {
    assert_eq!(format!("{:>5}", U256::from(42_u64)), "   42");
    assert_eq!(format!("{:05}", U256::from(42_u64)), "00042");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn bytes_and_back(bytes: [u8; 32]) {
        prop_assert_eq!(U256::from_be_bytes(bytes).to_be_bytes(), bytes);
    }

    #[test]
    fn decimal_and_back(bytes: [u8; 32], shift in 0..32_usize) {
        let number = U256::from_be_bytes(shifted(bytes, shift));
        let text = number.to_string();
        prop_assert_eq!(text.parse(), Ok(number));
        prop_assert!(text == "0" || !text.starts_with('0'));
        let json = serde_json::to_string(&number).unwrap();
        prop_assert_eq!(serde_json::from_str::<U256>(&json).unwrap(), number);
    }

    #[test]
    fn hex_and_back(bytes: [u8; 32]) {
        prop_assert_eq!(hex::encode(&bytes).parse(), Ok(U256::from_be_bytes(bytes)));
    }

    #[test]
    fn small_ones_are_as_u128(a: u128, b: u128) {
        let (wide_a, wide_b) = (U256::from(a), U256::from(b));
        prop_assert_eq!(wide_a.to_string(), a.to_string());
        prop_assert_eq!(wide_a.cmp(&wide_b), a.cmp(&b));
        prop_assert_eq!(wide_a.checked_sub(wide_b), a.checked_sub(b).map(U256::from));
        prop_assert_eq!(u128::try_from(wide_a), Ok(a));
    }

    #[test]
    fn order_is_that_of_the_bytes(a: [u8; 32], b: [u8; 32]) {
        prop_assert_eq!(U256::from_be_bytes(a).cmp(&U256::from_be_bytes(b)), a.cmp(&b));
    }

    #[test]
    fn adding_and_taking_away(a: [u8; 32], b: [u8; 32]) {
        let (a, b) = (U256::from_be_bytes(a), U256::from_be_bytes(b));
        match a.checked_add(b) {
            Some(sum) => prop_assert_eq!(sum.checked_sub(b), Some(a)),
            None => prop_assert!(U256::MAX.checked_sub(a).unwrap() < b),
        }
    }

    #[test]
    fn any_text_is_an_answer(text in "(0x)?[0-9a-fA-F]{0,90}|.{0,40}") {
        let _ = text.parse::<U256>();
    }
}

/// Numbers of every width, not only those near the top.
fn shifted(bytes: [u8; 32], shift: usize) -> [u8; 32] {
    let mut out = [0; 32];
    out[shift..].copy_from_slice(&bytes[..32 - shift]);
    out
}
