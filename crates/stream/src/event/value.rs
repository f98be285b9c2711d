//! The text of an event as a JSON value, with every digit.

use serde_json::{Map, Number, Value};

use super::reader::MAX_DEPTH;
use crate::scan::{Brackets, Marked, Scanner, StringSpan, Unreadable};

/// Reads the object that starts at an offset of its line, which was walked over before.
///
/// # Errors
///
/// [`Unreadable`] beyond 128 levels, for an escape that is no character, and for a key that occurs
/// twice in one object, of which a [`Value`] would silently keep the last.
pub(super) fn read(line: Marked<'_>, start: usize) -> Result<Value, Unreadable> {
    let scanner = Scanner::new(line, start);
    let json = line.text;
    Reader { json, scanner }.value(MAX_DEPTH)
}

struct Reader<'a> {
    json: &'a str,
    scanner: Scanner<'a>,
}

impl Reader<'_> {
    fn value(&mut self, depth: u32) -> Result<Value, Unreadable> {
        match self.scanner.peek()? {
            b'"' => {
                let string = self.scanner.string("expected a string")?;
                self.text(&string).map(Value::String)
            }
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            _ => {
                let range = self.scanner.value()?;
                Ok(scalar(self.json.get(range).unwrap_or_default()))
            }
        }
    }

    fn object(&mut self, depth: u32) -> Result<Value, Unreadable> {
        let inner = self.deeper(depth)?;
        let mut object = Map::new();
        let mut more = self.scanner.open(Brackets::Object)?;
        while more {
            let key = self.scanner.key()?;
            let name = self.text(&key)?;
            let value = self.value(inner)?;
            if object.insert(name, value).is_some() {
                return Err(Unreadable::new("a key that occurs twice", key.range.start));
            }
            more = self.scanner.more(Brackets::Object)?;
        }
        Ok(Value::Object(object))
    }

    fn array(&mut self, depth: u32) -> Result<Value, Unreadable> {
        let inner = self.deeper(depth)?;
        let mut array = Vec::new();
        let mut more = self.scanner.open(Brackets::Array)?;
        while more {
            array.push(self.value(inner)?);
            more = self.scanner.more(Brackets::Array)?;
        }
        Ok(Value::Array(array))
    }

    fn deeper(&self, depth: u32) -> Result<u32, Unreadable> {
        match depth {
            0 | 1 => Err(self.scanner.unreadable("more than 128 levels of nesting")),
            depth => Ok(depth - 1),
        }
    }

    fn text(&self, string: &StringSpan) -> Result<String, Unreadable> {
        let text = string.text(self.json).ok_or_else(|| string.no_text())?;
        Ok(text.into_owned())
    }
}

/// A literal or a number. An integer that does not fit 64 bits is the string of its digits.
fn scalar(text: &str) -> Value {
    match text {
        "null" => return Value::Null,
        "true" => return Value::Bool(true),
        "false" => return Value::Bool(false),
        _ => {}
    }
    if let Ok(number) = text.parse::<u64>() {
        return Value::Number(number.into());
    }
    let integer = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'-');
    match text.parse::<i64>() {
        Ok(number) if text != "-0" => Value::Number(number.into()),
        _ if integer && text != "-0" => Value::String(text.to_owned()),
        // One that is no floating point number of 64 bits either stays what it was: text.
        _ => text
            .parse::<Number>()
            .map_or_else(|_| Value::String(text.to_owned()), Value::Number),
    }
}

#[cfg(test)]
mod tests;
