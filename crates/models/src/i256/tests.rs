use proptest::prelude::*;

use super::*;

const MIN: &str = "-57896044618658097711785492504343953926634992332820282019728792003956564819968";
const MAX: &str = "57896044618658097711785492504343953926634992332820282019728792003956564819967";

fn parse_error(text: &str) -> ParseError {
    text.parse::<I256>().expect_err(text)
}

#[test]
fn the_edges() {
    for (text, number) in [
        (MIN, I256::MIN),
        (MAX, I256::MAX),
        ("0", I256::ZERO),
        ("-1", I256::from(-1_i64)),
    ] {
        assert_eq!(number.to_string(), text);
        assert_eq!(text.parse(), Ok(number));
        let mut out = Vec::new();
        number.write_decimal(&mut out);
        assert_eq!(out, text.as_bytes());
        assert_eq!(
            serde_json::to_string(&number).unwrap(),
            format!("\"{text}\"")
        );
    }
    assert_eq!(I256::MIN.unsigned_abs().to_string(), MIN[1..]);
    assert_eq!("-0".parse(), Ok(I256::ZERO));
}

#[test]
fn beyond_the_edges_is_out_of_range() {
    let below = "-57896044618658097711785492504343953926634992332820282019728792003956564819969";
    let above = &MIN[1..];
    let all_ones = format!("0x{}", "f".repeat(64));
    let negative_max = format!("-{}", U256::MAX);
    for text in [below, above, &all_ones, &negative_max, &"9".repeat(5_000)] {
        assert_eq!(
            parse_error(text).kind(),
            ParseErrorKind::OutOfRange,
            "{text}"
        );
    }
}

#[test]
fn hex_is_a_magnitude_with_a_sign() {
    assert_eq!("0x10".parse(), Ok(I256::from(16_i64)));
    assert_eq!("-0X1f".parse(), Ok(I256::from(-31_i64)));
    assert_eq!(format!("-0x8{}", "0".repeat(63)).parse(), Ok(I256::MIN));
}

#[test]
fn what_is_no_number_is_named() {
    assert_eq!(parse_error("").kind(), ParseErrorKind::Empty);
    assert_eq!(parse_error("-").kind(), ParseErrorKind::Malformed);
    let strangers = [
        ("--1", '-', 2),
        ("+1", '+', 1),
        ("-1x", 'x', 3),
        ("-0x1g", 'g', 5),
    ];
    for (text, character, position) in strangers {
        assert_eq!(
            parse_error(text).kind(),
            ParseErrorKind::Digit {
                character,
                position
            },
            "{text}"
        );
    }
}

#[test]
fn json_integers_are_read() {
    let read = |json: &str| serde_json::from_str::<I256>(json);
    assert_eq!(read("-9223372036854775808").unwrap(), I256::from(i64::MIN));
    assert_eq!(
        read("18446744073709551615").unwrap(),
        I256::from(i128::from(u64::MAX))
    );
    for refused in ["-1.0", "1e3", "null", "\"one\"", "-9223372036854775809"] {
        assert!(read(refused).is_err(), "{refused}");
    }
}

#[test]
fn narrowing_is_checked() {
    for number in [i128::MIN, -1, 0, 1, i128::MAX] {
        assert_eq!(i128::try_from(I256::from(number)), Ok(number));
    }
    for number in [i64::MIN, -1, 0, i64::MAX] {
        assert_eq!(i64::try_from(I256::from(number)), Ok(number));
    }
    assert!(i64::try_from(I256::from(i128::from(i64::MIN) - 1)).is_err());
    let error = i128::try_from(I256::MIN).unwrap_err();
    assert_eq!(error.kind(), ParseErrorKind::OutOfRange);
    // One below i128::MIN: the magnitude fits into u128, the number does not fit.
    let below: I256 = "-170141183460469231731687303715884105729".parse().unwrap();
    assert!(i128::try_from(below).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn bytes_and_back(bytes: [u8; 32]) {
        let number = I256::from_be_bytes(bytes);
        prop_assert_eq!(number.to_be_bytes(), bytes);
        prop_assert_eq!(number.is_negative(), bytes[0] >= 0x80);
    }

    #[test]
    fn decimal_and_back(bytes: [u8; 32]) {
        let number = I256::from_be_bytes(bytes);
        prop_assert_eq!(number.to_string().parse(), Ok(number));
        let json = serde_json::to_string(&number).unwrap();
        prop_assert_eq!(serde_json::from_str::<I256>(&json).unwrap(), number);
    }

    #[test]
    fn small_ones_are_as_i128(a: i128, b: i128) {
        prop_assert_eq!(I256::from(a).to_string(), a.to_string());
        prop_assert_eq!(I256::from(a).cmp(&I256::from(b)), a.cmp(&b));
        prop_assert_eq!(a.to_string().parse(), Ok(I256::from(a)));
    }

    #[test]
    fn order_agrees_with_sign_and_magnitude(a: [u8; 32], b: [u8; 32]) {
        let (a, b) = (I256::from_be_bytes(a), I256::from_be_bytes(b));
        let expected = match (a.is_negative(), b.is_negative()) {
            (false, false) => a.unsigned_abs().cmp(&b.unsigned_abs()),
            (true, true) => b.unsigned_abs().cmp(&a.unsigned_abs()),
            (negative, _) => if negative { Ordering::Less } else { Ordering::Greater },
        };
        prop_assert_eq!(a.cmp(&b), expected);
    }

    #[test]
    fn any_text_is_an_answer(text in "-?(0x)?[0-9a-fA-F]{0,90}|.{0,40}") {
        let _ = text.parse::<I256>();
    }
}
