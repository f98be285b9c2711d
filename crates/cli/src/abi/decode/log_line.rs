//! One line as a log: `topics` and `data` are read, everything else is kept as it is.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::super::output::beginning;
use super::members::{MAX_MEMBERS, Members};

/// Most topics of a log.
const MAX_TOPICS: usize = 4;

/// What of a log is decoded; borrowed from the line.
pub(super) struct LogLine<'a> {
    pub(super) topics: Topics<'a>,
    pub(super) data: Text<'a>,
}

impl<'a> LogLine<'a> {
    /// Reads a line; `rest` gets what is neither `topics` nor `data`.
    ///
    /// # Errors
    /// What is wrong with it, for people: not JSON, or no log.
    pub(super) fn read(line: &'a [u8], rest: &mut Members) -> Result<Self, String> {
        rest.clear();
        let mut json = serde_json::Deserializer::from_slice(line);
        LogSeed(rest)
            .deserialize(&mut json)
            .and_then(|log| json.end().map(|()| log))
            .map_err(|error| explained(&error))
    }
}

/// The texts of the topics, not yet known to be hex.
#[derive(Default)]
pub(super) struct Topics<'a> {
    texts: [Text<'a>; MAX_TOPICS],
    len: usize,
}

impl<'a> Topics<'a> {
    pub(super) fn as_slice(&self) -> &[Text<'a>] {
        &self.texts[..self.len]
    }
}

/// A string, borrowed unless it has escapes.
#[derive(Default)]
pub(super) struct Text<'a>(Cow<'a, str>);

impl Text<'_> {
    /// As it stands between quotes. One that could be borrowed had no escapes and needs none.
    fn escaped(&self) -> Cow<'_, str> {
        match &self.0 {
            Cow::Borrowed(text) => Cow::Borrowed(text),
            Cow::Owned(text) => {
                let quoted = serde_json::Value::from(text.as_str()).to_string();
                Cow::Owned(quoted[1..quoted.len() - 1].to_owned())
            }
        }
    }
}

impl AsRef<str> for Text<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Reads a [`Text`]; what it is the text of is said where something else stands.
struct TextOf(&'static str);

impl<'de> DeserializeSeed<'de> for TextOf {
    type Value = Text<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Text<'de>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for TextOf {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} as a string", self.0)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }
}

struct LogSeed<'m>(&'m mut Members);

impl<'de> DeserializeSeed<'de> for LogSeed<'_> {
    type Value = LogLine<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for LogSeed<'_> {
    type Value = LogLine<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a log (an object with `topics` and `data`)")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut topics, mut data) = (None, None);
        while let Some(key) = map.next_key_seed(TextOf("a name"))? {
            match key.as_ref() {
                "topics" => set_once(&mut topics, map.next_value()?, "topics")?,
                "data" => set_once(&mut data, map.next_value_seed(TextOf("`data`"))?, "data")?,
                _ => {
                    let value: &RawValue = map.next_value()?;
                    self.0.push(&key.escaped(), value.get()).map_err(|_| {
                        A::Error::custom(format_args!("more than {MAX_MEMBERS} members"))
                    })?;
                }
            }
        }
        Ok(LogLine {
            topics: topics.ok_or_else(|| A::Error::missing_field("topics"))?,
            data: data.ok_or_else(|| A::Error::missing_field("data"))?,
        })
    }
}

fn set_once<T, E: Error>(place: &mut Option<T>, value: T, name: &'static str) -> Result<(), E> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(E::duplicate_field(name)),
    }
}

impl<'de> Deserialize<'de> for Topics<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TopicsVisitor;

        impl<'de> Visitor<'de> for TopicsVisitor {
            type Value = Topics<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "an array of at most {MAX_TOPICS} topics")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut topics = Topics::default();
                while let Some(text) = seq.next_element_seed(TextOf("a topic"))? {
                    let Some(room) = topics.texts.get_mut(topics.len) else {
                        return Err(A::Error::invalid_length(topics.len + 1, &self));
                    };
                    *room = text;
                    topics.len += 1;
                }
                Ok(topics)
            }
        }

        deserializer.deserialize_seq(TopicsVisitor)
    }
}

/// The fault and where in the line it is. Bounded: it may quote what somebody else wrote.
fn explained(error: &serde_json::Error) -> String {
    let text = error.to_string();
    // Every line is the first one to the parser.
    let fault = text
        .rsplit_once(" at line ")
        .map_or(&*text, |(fault, _)| fault);
    let shown = beginning(fault);
    let hint = match error.classify() {
        serde_json::error::Category::Data => "no log",
        _ => "not JSON",
    };
    format!("{hint}: {shown} (column {})", error.column())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(line: &str) -> String {
        match LogLine::read(line.as_bytes(), &mut Members::default()) {
            Ok(_) => panic!("{line} is a log"),
            Err(fault) => fault,
        }
    }

    #[test]
    fn everything_but_topics_and_data_is_kept_as_it_is() {
        let mut rest = Members::default();
        let line = r#" {"address":"0xAa", "topics":["0x01","\u0030x02"],"n": 1e400 ,"data":"0x","a\"\u0062":{"x":[1, 2]}} "#;
        let log = LogLine::read(line.as_bytes(), &mut rest).unwrap();
        let topics: Vec<&str> = log.topics.as_slice().iter().map(AsRef::as_ref).collect();
        assert_eq!((topics, log.data.as_ref()), (vec!["0x01", "0x02"], "0x"));
        assert_eq!(
            std::str::from_utf8(rest.text()).unwrap(),
            r#","address":"0xAa","n":1e400,"a\"b":{"x":[1, 2]}"#
        );
    }

    #[test]
    fn what_is_no_log_says_why_and_where() {
        for (line, expected) in [
            ("", "not JSON: EOF while parsing a value (column 0)"),
            ("{", "not JSON: EOF while parsing an object (column 1)"),
            ("nonsense", "not JSON: expected ident (column 2)"),
            ("{} {}", "no log: missing field `topics` (column 2)"),
            (
                r#"{"topics":[],"data":"0x"} x"#,
                "not JSON: trailing characters (column 27)",
            ),
            (
                "[]",
                "no log: invalid type: sequence, expected a log (an object with `topics` and `data`) (column 0)",
            ),
            (
                r#"{"topics":null,"data":"0x"}"#,
                "no log: invalid type: null, expected an array of at most 4 topics (column 14)",
            ),
            (
                r#"{"topics":[],"data":null}"#,
                "no log: invalid type: null, expected `data` as a string (column 24)",
            ),
            (
                r#"{"topics":[7],"data":"0x"}"#,
                "no log: invalid type: integer `7`, expected a topic as a string (column 12)",
            ),
            (
                r#"{"topics":["1","2","3","4","5"],"data":"0x"}"#,
                "no log: invalid length 5, expected an array of at most 4 topics (column 31)",
            ),
            (
                r#"{"topics":[],"topics":[],"data":"0x"}"#,
                "no log: duplicate field `topics` (column 24)",
            ),
            (
                r#"{"topics":[]}"#,
                "no log: missing field `data` (column 13)",
            ),
        ] {
            assert_eq!(fault(line), expected, "{line}");
        }
    }

    #[test]
    fn a_fault_is_bounded_however_long_the_line_is() {
        let long = format!("\"{}\"", "x".repeat(1 << 20));
        assert!(fault(&long).len() < 300);
        let many: Vec<String> = (0..100).map(|nth| format!("\"k{nth}\":0")).collect();
        let many = format!("{{{}}}", many.join(","));
        assert!(fault(&many).starts_with("no log: more than 64 members"));
        let deep = format!(r#"{{"x":{}"#, "[".repeat(100_000));
        assert!(fault(&deep).starts_with("not JSON: "));
    }
}
