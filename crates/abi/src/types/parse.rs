//! Reading type strings: `uint256`, `tuple[2][]`, `(uint256,address)[]`.

use super::elementary::{self, number};
use super::{AbiType, TupleField};
use crate::error::{AbiErrorKind, quoted};
use crate::limits::{MAX_ARRAY_DIMENSIONS, MAX_TUPLE_DEPTH, MAX_TYPE_BYTES};

/// A type string, read. What `tuple` stands for is said elsewhere, in its components.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ParsedType {
    /// `None` is the word `tuple`.
    pub(crate) base: Option<AbiType>,
    /// From the innermost: `T[2][]` is `[Some(2), None]`.
    pub(crate) dimensions: Vec<Option<u32>>,
}

/// Why a type string was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TypeFault {
    pub(crate) kind: AbiErrorKind,
    pub(crate) message: String,
}

impl ParsedType {
    /// The whole type, given what its base is.
    pub(crate) fn with_base(self, base: AbiType) -> AbiType {
        self.dimensions
            .into_iter()
            .fold(base, |element, length| match length {
                None => AbiType::Array(Box::new(element)),
                Some(length) => AbiType::FixedArray(Box::new(element), length),
            })
    }
}

/// Reads a type string. Tuples written out as `(..)` may nest `depth_left` deep.
pub(crate) fn parse_type(text: &str, depth_left: usize) -> Result<ParsedType, TypeFault> {
    if text.len() > MAX_TYPE_BYTES {
        return Err(TypeFault {
            kind: AbiErrorKind::Limit,
            message: format!(
                "type {} is {} bytes long, more than {MAX_TYPE_BYTES}",
                quoted(text),
                text.len()
            ),
        });
    }
    let mut parser = Parser { text, at: 0 };
    let parsed = parser.whole(depth_left)?;
    match parser.rest() {
        "" => Ok(parsed),
        rest => Err(parser.fault(&format!(
            "{} follows where the type is complete",
            quoted(rest)
        ))),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn eat(&mut self, token: char) -> bool {
        let found = self.rest().starts_with(token);
        self.at += usize::from(found) * token.len_utf8();
        found
    }

    fn fault(&self, why: &str) -> TypeFault {
        TypeFault {
            kind: AbiErrorKind::Type,
            message: format!("type {} is not a Solidity type: {why}", quoted(self.text)),
        }
    }

    fn limit(&self, why: &str) -> TypeFault {
        TypeFault {
            kind: AbiErrorKind::Limit,
            message: format!("type {}: {why}", quoted(self.text)),
        }
    }

    fn whole(&mut self, depth_left: usize) -> Result<ParsedType, TypeFault> {
        let base = if self.eat('(') {
            Some(self.tuple(depth_left)?)
        } else {
            self.word()?
        };
        Ok(ParsedType {
            base,
            dimensions: self.dimensions()?,
        })
    }

    /// After the opening parenthesis.
    fn tuple(&mut self, depth_left: usize) -> Result<AbiType, TypeFault> {
        let Some(depth_left) = depth_left.checked_sub(1) else {
            return Err(self.limit(&format!("tuples nest more than {MAX_TUPLE_DEPTH} deep")));
        };
        let mut fields = Vec::new();
        if self.rest().starts_with(')') {
            return Err(self.fault("a tuple has at least one component"));
        }
        loop {
            let component = self.whole(depth_left)?;
            let base = component.base.clone();
            let base =
                base.ok_or_else(|| self.fault("`tuple` inside parentheses has no components"))?;
            fields.push(TupleField {
                name: None,
                ty: component.with_base(base),
            });
            if self.eat(')') {
                return Ok(AbiType::Tuple(fields));
            }
            if !self.eat(',') {
                return Err(self.fault("expected `,` or `)` in a tuple"));
            }
        }
    }

    fn word(&mut self) -> Result<Option<AbiType>, TypeFault> {
        let rest = self.rest();
        let length = rest.find(['[', ']', '(', ')', ',']).unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or_default();
        self.at += length;
        match word {
            "tuple" => Ok(None),
            "" => Err(self.fault("a type is missing")),
            _ => elementary::parse(word)
                .map(Some)
                .map_err(|why| self.fault(&why)),
        }
    }

    fn dimensions(&mut self) -> Result<Vec<Option<u32>>, TypeFault> {
        let mut dimensions = Vec::new();
        while self.eat('[') {
            if dimensions.len() == MAX_ARRAY_DIMENSIONS {
                return Err(self.limit(&format!(
                    "more than {MAX_ARRAY_DIMENSIONS} array dimensions"
                )));
            }
            let rest = self.rest();
            let Some(end) = rest.find(']') else {
                return Err(self.fault("`[` without `]`"));
            };
            let digits = rest.get(..end).unwrap_or_default();
            self.at += end + 1;
            dimensions.push(self.length(digits)?);
        }
        Ok(dimensions)
    }

    /// What stands between brackets.
    fn length(&self, digits: &str) -> Result<Option<u32>, TypeFault> {
        if digits.is_empty() {
            return Ok(None);
        }
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.fault("the length of an array is a decimal number"));
        }
        match number::<u32>(digits) {
            Some(0) => Err(self.fault("an array of length 0 has no value")),
            Some(length) => Ok(Some(length)),
            None if digits.starts_with('0') => {
                Err(self.fault("the length of an array has no leading zeros"))
            }
            None => Err(self.limit("the length of an array is at most 4294967295")),
        }
    }
}
