use proptest::prelude::*;

use super::*;
use crate::scan::Marks;

fn read(json: &str) -> Result<Value, Unreadable> {
    super::read(Marked::new(json, &Marks::of(json)), 0)
}

#[test]
fn only_integers_beyond_64_bits_are_quoted() {
    let json = r#"{"a":18446744073709551615,"b":18446744073709551616,"c":-9223372036854775809,"d":1.5,"s":"\"123456789012345678901234","l":[115792089237316195423570985008687907853269984665640564039457584007913129639935]}"#;
    let expected = r#"{"a":18446744073709551615,"b":"18446744073709551616","c":"-9223372036854775809","d":1.5,"s":"\"123456789012345678901234","l":["115792089237316195423570985008687907853269984665640564039457584007913129639935"]}"#;
    assert_eq!(read(json).unwrap().to_string(), expected);
}

#[test]
fn integers_of_5000_digits_stay_exact() {
    let digits = "7".repeat(5000);
    let value = read(&format!("[{digits}]")).unwrap();
    assert_eq!(value[0], digits);
}

#[test]
fn a_number_that_is_none_of_64_bits_stays_its_text() {
    assert_eq!(read("[1e999]").unwrap()[0], "1e999");
    assert_eq!(read("[-0]").unwrap()[0].as_f64(), Some(0.0));
}

#[test]
fn a_key_that_occurs_twice_is_an_error_at_any_depth() {
    for json in [r#"{"a":1,"a":1}"#, r#"{"a":[{"b":1,"\u0062":2}]}"#] {
        let error = read(json).unwrap_err().within("it").to_string();
        assert!(
            error.contains("a key that occurs twice at column"),
            "{error}"
        );
    }
}

#[test]
fn nesting_is_bounded_as_by_serde_json() {
    for levels in [126, 127, 128, 129, 50_000] {
        let json = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        let theirs = serde_json::from_str::<Value>(&json);
        assert_eq!(read(&json).is_ok(), theirs.is_ok(), "{levels}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_needs_no_exactness_reads_as_by_serde_json(
        texts in proptest::collection::vec(("\\PC{0,8}", any::<f64>(), any::<i64>(), any::<u64>()), 0..5),
    ) {
        let list: Vec<Value> = texts
            .into_iter()
            .map(|(text, float, signed, unsigned)| serde_json::json!([text, {&text: float}, signed, unsigned]))
            .collect();
        let json = serde_json::to_string(&list).unwrap();
        let theirs: Value = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(read(&json).unwrap(), theirs);
    }
}
