//! The faults of one request.

use std::fmt::Display;

use crate::api::error::{ApiError, ApiResult};

/// More would not help anybody, and 10,000 bad addresses would make a megabyte of them.
const MAX_SHOWN: usize = 50;
/// The most of one fault that is shown.
const MAX_TEXT: usize = 400;

/// Faults in the order they were found, each with the path of its field.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    shown: Vec<(String, String)>,
    more: usize,
}

impl Faults {
    pub(crate) fn add(&mut self, path: &str, what: impl Display) {
        if self.shown.len() < MAX_SHOWN {
            let mut what = what.to_string();
            if what.len() > MAX_TEXT {
                what.truncate(what.floor_char_boundary(MAX_TEXT));
                what.push('…');
            }
            self.shown.push((path.to_owned(), what));
        } else {
            self.more += 1;
        }
    }

    /// Whether a field, or a part of it, is at fault.
    pub(crate) fn knows(&self, field: &str) -> bool {
        self.shown.iter().any(|(path, _)| {
            path.strip_prefix(field)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['[', '.']))
        })
    }

    /// Adds a fault of a field of which none is known yet.
    pub(crate) fn add_unless_known(&mut self, field: &str, what: &str) {
        if !self.knows(field) {
            self.add(field, what);
        }
    }

    /// `path: what; path: what`, as a 422, if there is any.
    pub(crate) fn into_result(self) -> ApiResult<()> {
        if self.shown.is_empty() {
            return Ok(());
        }
        let mut texts: Vec<_> = self
            .shown
            .into_iter()
            .map(|(path, what)| format!("{path}: {what}"))
            .collect();
        if self.more > 0 {
            texts.push(format!("and {} more", self.more));
        }
        Err(ApiError::invalid(&texts.join("; ")))
    }
}

/// What a value is, for "expected x, got y".
pub(crate) fn kind(value: &serde_json::Value) -> &'static str {
    use serde_json::Value;
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "another number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// A quoted beginning of outside text.
pub(crate) fn quoted(text: &str) -> String {
    const MAX: usize = 80;
    let end = text.floor_char_boundary(MAX);
    let dots = if end < text.len() { "…" } else { "" };
    format!("{:?}", format_args!("{}{dots}", &text[..end]).to_string())
}
