//! The configuration file: TOML, every key known, every fault with its place.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::chain_table::CHAIN_SETTINGS;
use super::layers::{Fault, Given, Layer, Origin};
use super::nearest::nearest;
use super::setting::FILE;
use super::table::SETTINGS;

/// A longer file is something else.
pub(super) const MAX_BYTES: u64 = 1024 * 1024;
/// The section of the chains.
const CHAINS: &str = "chains";

/// Reads the text of a file called `name`. `variable` gives the environment's.
pub(super) fn read(
    name: &str,
    text: &str,
    variable: &dyn Fn(&str) -> Option<String>,
) -> (Layer, Vec<Fault>) {
    let mut reader = Reader {
        name,
        text,
        variable,
        layer: Layer::default(),
        faults: Vec::new(),
    };
    match DeTable::parse(text) {
        Ok(table) => reader.section("", table.get_ref()),
        Err(error) => {
            let at = error.span().unwrap_or_default();
            // The message alone: what it is about may be a secret.
            let message = error
                .message()
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned();
            reader.fault(&at, &format!("not TOML: {message}"));
        }
    }
    (reader.layer, reader.faults)
}

struct Reader<'a> {
    name: &'a str,
    text: &'a str,
    variable: &'a dyn Fn(&str) -> Option<String>,
    layer: Layer,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    /// A table, whose keys stand below `path`.
    fn section(&mut self, path: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let path = if path.is_empty() {
                key.get_ref().to_string()
            } else {
                format!("{path}.{}", key.get_ref())
            };
            match value.get_ref() {
                DeValue::Table(table) if is_section(&path) => self.section(&path, table),
                value_of if is_known(&path) => self.value(&path, value.span(), value_of),
                _ => self.unknown(&path, &key.span()),
            }
        }
    }

    fn value(&mut self, path: &str, span: Range<usize>, value: &DeValue<'_>) {
        let texts = match value {
            DeValue::Array(items) => items.iter().map(|item| self.text_of(item)).collect(),
            value => self.scalar(value, &span).map(|text| vec![text]),
        };
        if let Some(texts) = texts {
            let origin = self.origin(&span);
            self.layer.insert(path.to_owned(), Given { texts, origin });
        }
    }

    fn text_of(&mut self, item: &Spanned<DeValue<'_>>) -> Option<String> {
        self.scalar(item.get_ref(), &item.span())
    }

    fn scalar(&mut self, value: &DeValue<'_>, span: &Range<usize>) -> Option<String> {
        match value {
            DeValue::String(text) => match expand(text, self.variable) {
                Ok(text) => Some(text),
                Err(fault) => {
                    self.fault(span, &fault);
                    None
                }
            },
            DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
            DeValue::Boolean(value) => Some(value.to_string()),
            other => {
                let fault = format!("a {} is no value of any setting", other.type_str());
                self.fault(span, &fault);
                None
            }
        }
    }

    fn unknown(&mut self, path: &str, span: &Range<usize>) {
        let shown: String = path.chars().take(100).collect();
        let meant = match in_chain(path) {
            Some((id, key)) => {
                let known = CHAIN_SETTINGS.iter().map(|setting| setting.key);
                nearest(key, known).map(|key| format!("{CHAINS}.{id}.{key}"))
            }
            None => {
                let known = SETTINGS.iter().map(|setting| setting.key);
                nearest(path, known.chain([CHAINS])).map(ToOwned::to_owned)
            }
        };
        let hint = meant.map_or_else(
            || "`event-streamer config reference` lists all there are".to_owned(),
            |meant| format!("did you mean `{meant}`?"),
        );
        self.fault(span, &format!("`{shown}` is no setting; {hint}"));
    }

    fn fault(&mut self, span: &Range<usize>, what: &str) {
        self.faults.push(Fault::new(&self.origin(span), what));
    }

    fn origin(&self, span: &Range<usize>) -> Origin {
        let (line, column) = place(self.text, span.start);
        Origin::File {
            name: self.name.to_owned(),
            line,
            column,
        }
    }
}

/// Line and column of a byte, from 1.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before.get(start..).unwrap_or_default().chars().count() + 1;
    (line, column)
}

/// Whether other keys stand below this one.
fn is_section(path: &str) -> bool {
    let below = format!("{path}.");
    let is_chain = path.strip_prefix("chains.").is_some_and(is_id);
    path == CHAINS || is_chain || SETTINGS.iter().any(|it| it.key.starts_with(&below))
}

/// Whether it is a setting, or the file of a secret one.
pub(super) fn is_known(path: &str) -> bool {
    fn has<T>(settings: &[super::setting::Setting<T>], path: &str) -> bool {
        settings.iter().any(|setting| {
            setting.key == path || setting.is_secret && path.strip_suffix(FILE) == Some(setting.key)
        })
    }
    match in_chain(path) {
        Some((id, key)) => is_id(id) && has(CHAIN_SETTINGS, key),
        None => has(SETTINGS, path),
    }
}

/// The id and the key of a chain's setting.
pub(super) fn in_chain(path: &str) -> Option<(&str, &str)> {
    path.strip_prefix("chains.")?.split_once('.')
}

fn is_id(text: &str) -> bool {
    text.parse::<u64>().is_ok_and(|id| id.to_string() == text)
}

/// Puts variables of the environment in: `${NAME}`. `$${` stands for `${`.
fn expand(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (before, from) = rest.split_at(at);
        if let Some(before) = before.strip_suffix('$') {
            expanded.push_str(before);
            expanded.push_str("${");
            rest = &from[2..];
            continue;
        }
        expanded.push_str(before);
        let (name, after) = from[2..]
            .split_once('}')
            .ok_or("`${` without a `}`; `$${` stands for the text `${`")?;
        let name_is_plain = name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !name_is_plain {
            return Err("between `${` and `}` stands the name of a variable".to_owned());
        }
        let value = variable(name).ok_or_else(|| format!("the variable {name} is not set"))?;
        expanded.push_str(&value);
        rest = after;
    }
    expanded.push_str(rest);
    Ok(expanded)
}
