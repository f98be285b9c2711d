//! One delivered event as one line: JSON for programs, columns for people.

use std::borrow::Cow;

use event_streamer::models::StreamingEventData;
use serde_json::{Map, Value};

/// `{"event":NAME, ..the event's fields}`.
///
/// The fields are passed on as they came, in their order. A parameter that is
/// itself called `event` becomes `event_`, so that no key stands twice.
///
/// # Errors
/// When `fields` is not a JSON object.
pub(crate) fn json(name: &str, fields: &str) -> Result<String, serde_json::Error> {
    let name = Value::from(name).to_string();
    let members = fields
        .trim()
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    let has_own_event = fields.contains("\"event\"") || fields.contains("\\u");
    match members {
        Some("") => Ok(format!("{{\"event\":{name}}}")),
        Some(members) if !has_own_event => Ok(format!("{{\"event\":{name},{members}}}")),
        _ => renamed(&name, serde_json::from_str(fields)?),
    }
}

fn renamed(name: &str, fields: Map<String, Value>) -> Result<String, serde_json::Error> {
    let mut line = format!("{{\"event\":{name}");
    for (key, value) in fields {
        let key = if key == "event" {
            "event_".to_owned()
        } else {
            key
        };
        line.push(',');
        line.push_str(&serde_json::to_string(&key)?);
        line.push(':');
        line.push_str(&serde_json::to_string(&value)?);
    }
    line.push('}');
    Ok(line)
}

/// How much of an address or hash a person is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Everything, for files and pipes.
    Full,
    /// `0x1234…cdef`, so that a line fits a terminal.
    Short,
}

/// `block 17  Transfer  0xtoken  from 0x..  to 0x..  value 5`.
///
/// # Errors
/// When `fields` is not a JSON object.
pub(crate) fn text(name: &str, fields: &str, detail: Detail) -> Result<String, serde_json::Error> {
    let fields: Map<String, Value> = serde_json::from_str(fields)?;
    let shown = |key: &str| {
        fields
            .get(key)
            .map_or(Cow::Borrowed("?"), |value| shorten(plain(value), detail))
    };
    let mut line = format!(
        "block {:<9} {}  {}",
        shown("block_number"),
        printable(name),
        shown("address")
    );
    for (key, value) in &fields {
        if StreamingEventData::PLACE_KEYS.contains(&key.as_str())
            || (name == "$undecoded" && key != "reason")
        {
            continue;
        }
        line.push_str("  ");
        line.push_str(&printable(key));
        line.push(' ');
        line.push_str(&printable(&shorten(plain(value), detail)));
    }
    Ok(line)
}

/// A string without its quotes, anything else as JSON.
fn plain(value: &Value) -> Cow<'_, str> {
    value
        .as_str()
        .map_or_else(|| Cow::Owned(value.to_string()), Cow::Borrowed)
}

fn shorten(text: Cow<'_, str>, detail: Detail) -> Cow<'_, str> {
    match detail {
        Detail::Short if text.starts_with("0x") && text.is_ascii() && text.len() > 14 => {
            Cow::Owned(format!("{}…{}", &text[..6], &text[text.len() - 4..]))
        }
        Detail::Short if text.chars().count() > 48 => {
            Cow::Owned(text.chars().take(47).chain(['…']).collect())
        }
        _ => text,
    }
}

/// Text from a chain is anybody's text: control characters never reach the terminal.
fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().any(char::is_control) {
        Cow::Owned(text.chars().flat_map(char::escape_debug).collect())
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRANSFER: &str = r#"{"from":"0x00000000000000000000000000000000000000aa","to":"0x00000000000000000000000000000000000000bb","value":"5","block_number":7,"transaction_hash":"0x11","log_index":3,"address":"0x00000000000000000000000000000000000000cc","timestamp":null}"#;

    #[test]
    fn json_keeps_fields_and_order() {
        let line = json("Transfer", TRANSFER).unwrap();
        assert_eq!(line, format!("{{\"event\":\"Transfer\",{}", &TRANSFER[1..]));
        assert_eq!(json("Ping", "{}").unwrap(), r#"{"event":"Ping"}"#);
    }

    #[test]
    fn json_has_no_key_twice() {
        for fields in [r#"{"event":"x","a":1}"#, r#"{"\u0065vent":"x","a":1}"#] {
            assert_eq!(
                json("E", fields).unwrap(),
                r#"{"event":"E","event_":"x","a":1}"#
            );
        }
        let inside = r#"{"note":"an \"event\" inside","a":1}"#;
        assert_eq!(
            json("E", inside).unwrap(),
            format!("{{\"event\":\"E\",{}", &inside[1..])
        );
    }

    #[test]
    fn text_shows_parameters_only() {
        assert_eq!(
            text("Transfer", TRANSFER, Detail::Short).unwrap(),
            "block 7         Transfer  0x0000…00cc  from 0x0000…00aa  to 0x0000…00bb  value 5"
        );
        assert!(
            text("Transfer", TRANSFER, Detail::Full)
                .unwrap()
                .contains("00000000aa")
        );
    }

    #[test]
    fn text_of_an_undecoded_log_is_its_reason() {
        let fields = r#"{"topics":["0x1"],"data":"0x","reason":"4 topics, expected 3","block_number":1,"address":"0x2"}"#;
        let line = text("$undecoded", fields, Detail::Full).unwrap();
        assert_eq!(
            line,
            "block 1         $undecoded  0x2  reason 4 topics, expected 3"
        );
    }

    #[test]
    fn control_characters_are_escaped() {
        let line = text(
            "Note",
            r#"{"s":"a\u001b[31m\nb","block_number":1,"address":"0x2"}"#,
            Detail::Full,
        )
        .unwrap();
        assert!(line.ends_with("s a\\u{1b}[31m\\nb"), "{line}");
    }

    #[test]
    fn what_is_not_an_object_is_an_error() {
        assert!(json("E", "[1]").is_err());
        assert!(text("E", "7", Detail::Full).is_err());
    }
}
