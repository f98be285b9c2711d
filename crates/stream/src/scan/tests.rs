//! The walk beside serde_json: the same texts, and the same ends of values.

use proptest::prelude::*;
use serde_json::value::RawValue;

use super::*;

/// The end of the value, if the whole text is one.
fn walk(text: &str) -> Option<Range<usize>> {
    let marks = Marks::of(text);
    let mut scanner = Scanner::new(Marked::new(text, &marks), 0);
    let range = scanner.value().ok()?;
    scanner.end().ok()?;
    Some(range)
}

fn agrees(text: &str) {
    let raw: Result<&RawValue, _> = serde_json::from_str(text);
    let ours = walk(text).map(|range| &text[range]);
    assert_eq!(ours, raw.ok().map(RawValue::get), "{text:?}");
}

#[test]
fn the_grammar_is_that_of_serde_json() {
    let texts = [
        "",
        " ",
        "null",
        "nul",
        "nulls",
        "true",
        "false",
        "tru",
        "TRUE",
        "NaN",
        "Infinity",
        "-",
        "0",
        "-0",
        "00",
        "01",
        "-01",
        "1.",
        "1.5",
        ".5",
        "1e",
        "1e5",
        "1E+5",
        "1e-",
        "1.5e-7x",
        "+1",
        "1 2",
        "\"\"",
        "\"",
        "\"a",
        "\"\\\"",
        "\"\\\\\"",
        "\"\\q\"",
        "\"\\u00e9\"",
        "\"\\u00g9\"",
        "\"\\u00",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\/\\b\\f\\n\\r\\t\"",
        "\"\u{1f}\"",
        "\"\u{7f}\"",
        "\"é\"",
        "[]",
        "[ ]",
        "[",
        "]",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 1]",
        "[1,2]",
        "[[],{}]",
        "[}",
        "[]]",
        "{}",
        "{ }",
        "{",
        "}",
        "{1:2}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1",
        "{\"a\":1,}",
        "{,}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":1,\"b\":2}",
        "{\"a\":{\"b\":[{}]}}",
        "{\"a\":1]",
        "{\"a\" : 1 }\t\r\n",
        "\u{feff}{}",
        "\u{a0}{}",
        "'a'",
        "{a:1}",
        "// x\n1",
        "[1e999]",
        "\u{0}",
    ];
    texts.into_iter().for_each(agrees);
}

#[test]
fn brackets_are_told_apart_at_any_depth() {
    for depth in [1, 63, 64, 65, 127, 128, 129, 192, 193, 1_000] {
        // Both kinds in a pattern that no word repeats.
        let kinds: Vec<bool> = (0..depth).map(|nth| nth % 3 == 0 || nth % 7 == 0).collect();
        let opening: String = kinds
            .iter()
            .map(|object| if *object { "{\"k\":" } else { "[" })
            .collect();
        let closing = |swapped: usize| -> String {
            let nested = kinds.iter().enumerate().rev();
            nested
                .map(|(nth, object)| {
                    if *object != (nth == swapped) {
                        '}'
                    } else {
                        ']'
                    }
                })
                .collect()
        };
        let good = format!("{opening}1{}", closing(usize::MAX));
        assert_eq!(walk(&good), Some(0..good.len()));
        for swapped in 0..depth {
            let bad = format!("{opening}1{}", closing(swapped));
            assert_eq!(walk(&bad), None, "depth {depth}, {swapped}");
        }
    }
}

#[test]
fn an_end_is_an_end_whatever_was_expected() {
    for text in [
        "{", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":1", "[", "[1", "[1,", "\"\\u00", "-", "1e",
    ] {
        let marks = Marks::of(text);
        let mut scanner = Scanner::new(Marked::new(text, &marks), 0);
        let error = scanner.value().unwrap_err();
        assert!(error.what.starts_with("EOF"), "{text}: {error:?}");
        assert_eq!(error.at.min(text.len()), error.at);
    }
}

/// Pieces that make a JSON text often, and nearly one at other times.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{".to_owned()),
        Just("}".to_owned()),
        Just("[".to_owned()),
        Just("]".to_owned()),
        Just("\"k\":".to_owned()),
        Just(",".to_owned()),
        Just(":".to_owned()),
        Just("\"".to_owned()),
        Just("\\".to_owned()),
        Just("\\u00e9".to_owned()),
        Just("\"v\"".to_owned()),
        Just("-1.5e3".to_owned()),
        Just("0".to_owned()),
        Just("true".to_owned()),
        Just("null".to_owned()),
        Just(" ".to_owned()),
        "[ -~é\\x00-\\x1f]{0,20}",
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// A valid text.
fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        "\\PC{0,40}".prop_map(Into::into),
        "[\\x00-\\x7f]{0,20}".prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            proptest::collection::vec((".{0,18}", inner), 0..6)
                .prop_map(|fields| serde_json::Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_is_taken_or_refused_as_by_serde_json(text in text()) {
        agrees(&text);
    }

    #[test]
    fn a_valid_text_with_a_byte_changed_too(value in value(), at in any::<usize>(), byte in 0u8..0x80, pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        let text = text.unwrap();
        agrees(&text);
        let mut bytes = text.into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        if let Ok(text) = String::from_utf8(bytes.clone()) {
            agrees(&text);
        }
        bytes.truncate(at);
        if let Ok(text) = String::from_utf8(bytes) {
            agrees(&text);
        }
    }
}
