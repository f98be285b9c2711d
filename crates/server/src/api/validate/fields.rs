//! The plain fields of a subscription's body.

use std::ops::RangeInclusive;

use event_streamer_models::{Finality, StartBlock};
use serde_json::{Map, Value};

use super::faults::{Faults, kind, quoted};

/// Long enough for every name, and short enough to print.
const MAX_SUBSCRIBER_ID: usize = 256;

/// A body, and what is wrong with it so far.
pub(super) struct Fields<'a> {
    pub(super) body: &'a Map<String, Value>,
    pub(super) faults: &'a mut Faults,
}

impl<'a> Fields<'a> {
    /// A field that is there and not null.
    pub(super) fn given(&self, name: &str) -> Option<&'a Value> {
        self.body.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn integer(&mut self, name: &str, bounds: RangeInclusive<u64>) -> Option<u64> {
        let value = self.given(name)?;
        let number = value.as_u64().filter(|number| bounds.contains(number));
        if number.is_none() {
            let (least, most) = (bounds.start(), bounds.end());
            let what = format!(
                "expected an integer from {least} to {most}, got {}",
                shown(value)
            );
            self.faults.add(name, what);
        }
        number
    }

    pub(super) fn subscriber_id(&mut self) -> Option<String> {
        let value = self.given("subscriber_id")?;
        let fault = match value.as_str() {
            None => format!("expected a string, got {}", kind(value)),
            Some(text) if text.trim().is_empty() => "must not be empty".to_owned(),
            Some(text) if text.len() > MAX_SUBSCRIBER_ID => {
                format!("must not be longer than {MAX_SUBSCRIBER_ID} bytes")
            }
            // It stands in logs, where a line break would start a forged line.
            Some(text) if text.chars().any(char::is_control) => {
                "must not have control characters".to_owned()
            }
            Some(text) => return Some(text.to_owned()),
        };
        self.faults.add("subscriber_id", fault);
        None
    }

    pub(super) fn start_block(&mut self) -> Option<StartBlock> {
        match self.given("start_block")? {
            Value::String(text) if text == "latest" => Some(StartBlock::Latest),
            value => {
                let number = value.as_u64();
                if number.is_none() {
                    let what = format!(
                        "expected a block number or \"latest\", got {}",
                        shown(value)
                    );
                    self.faults.add("start_block", what);
                }
                number.map(StartBlock::Number)
            }
        }
    }

    /// Null says something here: no end.
    pub(super) fn end_block(&mut self) -> Option<Option<u64>> {
        match self.body.get("end_block")? {
            Value::Null => Some(None),
            _ => self.integer("end_block", 0..=u64::MAX).map(Some),
        }
    }

    pub(super) fn finality(&mut self) -> Option<Finality> {
        let value = self.given("finality")?;
        let finality = match value {
            Value::String(text) => match text.as_str() {
                "latest" => Some(Finality::Latest),
                "safe" => Some(Finality::Safe),
                "finalized" => Some(Finality::Finalized),
                _ => None,
            },
            Value::Object(object) if object.len() == 1 => object
                .get("confirmations")
                .and_then(Value::as_u64)
                .map(Finality::Confirmations),
            _ => None,
        };
        if finality.is_none() {
            let what = "expected \"latest\", \"safe\", \"finalized\" or {\"confirmations\": n}";
            self.faults
                .add("finality", format!("{what}, got {}", shown(value)));
        }
        finality
    }

    /// Of an update: `is_streaming` and `streaming_status` say one thing in two ways.
    pub(super) fn paused(&mut self) -> Option<bool> {
        let by_flag = self.given("is_streaming").and_then(|value| {
            if !value.is_boolean() {
                self.faults.add(
                    "is_streaming",
                    format!("expected a boolean, got {}", kind(value)),
                );
            }
            value.as_bool().map(|streaming| !streaming)
        });
        let by_status = self
            .given("streaming_status")
            .and_then(|value| match value.as_str() {
                Some("paused") => Some(true),
                Some("active") => Some(false),
                _ => {
                    let what = "only \"paused\" and \"active\" can be set, got ";
                    self.faults
                        .add("streaming_status", format!("{what}{}", shown(value)));
                    None
                }
            });
        if let (Some(flag), Some(status)) = (by_flag, by_status)
            && flag != status
        {
            self.faults
                .add("is_streaming", "says the opposite of streaming_status");
        }
        by_status.or(by_flag)
    }
}

/// A value for an error message: small ones as they are, others by kind.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        _ => kind(value).to_owned(),
    }
}
