//! The short way beside serde_json: the same values, and the same errors.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Debug;

use event_streamer_models::{Address, B256, I256, Timestamp, U256};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::*;
use crate::scan::Marks;

/// The value at `span` of a line, by both.
fn agree<'de, T: Deserialize<'de> + Debug>((line, span): &(Marked<'de>, Range<usize>)) {
    let json = &line.text[span.clone()];
    let ours = read::<T>(*line, span.clone()).map_err(|error| error.to_string());
    let theirs = serde_json::from_str::<T>(json).map_err(|error| error.to_string());
    assert_eq!(format!("{ours:?}"), format!("{theirs:?}"), "{json}");
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "they are shown")]
struct Borrowed<'a> {
    a: &'a str,
    #[serde(borrow)]
    b: Option<Cow<'a, str>>,
    #[serde(default)]
    c: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "they are shown")]
struct Strict {
    a: String,
    b: Option<Box<Self>>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "they are shown")]
enum Choice {
    A,
    #[serde(rename = "k")]
    K(u8),
    Struct {
        a: bool,
    },
    Tuple(u8, u8),
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
#[allow(dead_code, reason = "they are shown")]
enum Untagged {
    Number(i32),
    Text(String),
    List(Vec<Self>),
    Map(BTreeMap<String, Self>),
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "they are shown")]
struct Flat {
    a: Value,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize)]
struct Unit;

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "they are shown")]
struct Pair(u8, Option<i64>);

fn all_agree(json: &str) {
    // A value among others, without the white space around it: so the reader of a line finds it.
    let text = format!("[0,{json},\"\"]");
    let start = 3 + json.len() - json.trim_start().len();
    let span = start..start + json.trim().len();
    let marks = Marks::of(&text);
    let json = &(Marked::new(&text, &marks), span);
    agree::<Value>(json);
    agree::<Borrowed<'_>>(json);
    agree::<Strict>(json);
    agree::<Flat>(json);
    agree::<Choice>(json);
    agree::<Untagged>(json);
    agree::<Unit>(json);
    agree::<Pair>(json);
    agree::<BTreeMap<String, Value>>(json);
    agree::<BTreeMap<i32, Value>>(json);
    agree::<BTreeMap<bool, Value>>(json);
    agree::<BTreeMap<Cow<'_, str>, Option<u8>>>(json);
    agree::<Vec<Option<i8>>>(json);
    agree::<(u8, String)>(json);
    agree::<[u16; 2]>(json);
    agree::<Box<RawValue>>(json);
    agree::<BTreeMap<&str, &RawValue>>(json);
    agree::<bool>(json);
    agree::<char>(json);
    agree::<i8>(json);
    agree::<u64>(json);
    agree::<i64>(json);
    agree::<u128>(json);
    agree::<i128>(json);
    agree::<f32>(json);
    agree::<f64>(json);
    agree::<&str>(json);
    agree::<String>(json);
    agree::<&[u8]>(json);
    agree::<()>(json);
    agree::<Option<Option<()>>>(json);
    agree::<serde::de::IgnoredAny>(json);
    agree::<(Address, B256)>(json);
    agree::<BTreeMap<String, U256>>(json);
    agree::<BTreeMap<String, I256>>(json);
    agree::<Timestamp>(json);
}

#[test]
fn every_kind_of_value_reads_the_same() {
    let deep = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let objects = |levels| format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels));
    let texts = [
        "null",
        "true",
        "false",
        "0",
        "-0",
        "7",
        "-7",
        "300",
        "-300",
        "1.5",
        "-0.0",
        "1e3",
        "1e999",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "-9223372036854775809",
        "340282366920938463463374607431768211456",
        r#""""#,
        r#""A""#,
        r#""é""#,
        r#""a\"b""#,
        r#""\u0041""#,
        r#""\ud83d\ude00""#,
        r#""\ud800""#,
        r#""k""#,
        "[]",
        "[1,2]",
        r#"[1,"x"]"#,
        "[1,null]",
        "[1]",
        "[1,2,3]",
        "{}",
        r#"{"a":"x"}"#,
        r#"{"a":"x","b":"y","c":1}"#,
        r#"{"a":"x","a":"y"}"#,
        r#"{"a":"x\n","b":"\\"}"#,
        r#"{"\u0061":"x"}"#,
        r#"{"a":"x","b":null,"zzz":{"deep":[1,{"q":2.5}]}}"#,
        r#"{"a":"x","b":{"a":"y"}}"#,
        r#"{"k":3}"#,
        r#"{"Struct":{"a":true}}"#,
        r#"{"Tuple":[1,2]}"#,
        r#"{"1":2,"-3":4}"#,
        r#"{"true":1}"#,
        r#"{"v":"115792089237316195423570985008687907853269984665640564039457584007913129639935"}"#,
        r#"{"v":7}"#,
        r#"{"v":"0xff"}"#,
        r#""2023-10-25T10:00:11.000Z""#,
        " { \"a\" : \"x\" , \"c\" : 3 } ",
        "[ ]",
        "[ 1 , 2 ]",
        &deep(126),
        &deep(127),
        &deep(128),
        &objects(127),
        &objects(128),
    ];
    texts.into_iter().for_each(all_agree);
    let pair = format!(r#"["0x{}","0x{}"]"#, "Ab".repeat(20), "cd".repeat(32));
    all_agree(&pair);
}

#[test]
fn an_event_of_ours_needs_no_second_reading() {
    let json = r#"{"a":"x","b":"y","c":18446744073709551615,"unknown":[{"d":1.5}]}"#;
    let marks = Marks::of(json);
    let mut reader = Reader::new(Marked::new(json, &marks), 0);
    let borrowed = Borrowed::deserialize(&mut reader).unwrap();
    assert_eq!(borrowed.c, u64::MAX);
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Into::into),
        (-300i64..300).prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        "[a-cA-K\"\\\\é]{0,3}".prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            proptest::collection::vec(("[abck1\"]{1,2}", inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_value_reads_the_same_as_any_type(value in json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        all_agree(&text.unwrap());
    }
}
