//! The types that are one word of the type grammar: `uint256`, `bytes4`, `address`.

use super::{AbiType, WordType};

/// Reads an elementary type or one of its aliases. The error says what such a type must be like.
pub(super) fn parse(name: &str) -> Result<AbiType, String> {
    let split = name
        .find(|c: char| c.is_ascii_digit())
        .unwrap_or(name.len());
    let (base, size) = name.split_at(split);
    match (base, size) {
        ("address" | "address payable", "") => Ok(WordType::Address.into()),
        ("bool", "") => Ok(WordType::Bool.into()),
        ("string", "") => Ok(AbiType::String),
        ("function", "") => Ok(WordType::Function.into()),
        ("bytes", "") => Ok(AbiType::Bytes),
        ("byte", "") => Ok(WordType::FixedBytes(1).into()),
        ("bytes", _) => fixed_bytes(size),
        ("uint", "") => Ok(WordType::Uint(256).into()),
        ("int", "") => Ok(WordType::Int(256).into()),
        ("uint", _) => integer_width(size).map(|bits| WordType::Uint(bits).into()),
        ("int", _) => integer_width(size).map(|bits| WordType::Int(bits).into()),
        ("fixed", "") => Ok(WordType::Fixed(128, 18).into()),
        ("ufixed", "") => Ok(WordType::Ufixed(128, 18).into()),
        ("fixed", _) => {
            fixed_point(size).map(|(bits, decimals)| WordType::Fixed(bits, decimals).into())
        }
        ("ufixed", _) => {
            fixed_point(size).map(|(bits, decimals)| WordType::Ufixed(bits, decimals).into())
        }
        _ => Err(unknown(name)),
    }
}

impl From<WordType> for AbiType {
    fn from(word: WordType) -> Self {
        Self::Word(word)
    }
}

fn fixed_bytes(size: &str) -> Result<AbiType, String> {
    match number::<u8>(size) {
        Some(length @ 1..=32) => Ok(WordType::FixedBytes(length).into()),
        _ => Err("the length of fixed bytes is 1 to 32".to_owned()),
    }
}

fn integer_width(size: &str) -> Result<u16, String> {
    number::<u16>(size)
        .filter(|bits| (8..=256).contains(bits) && bits % 8 == 0)
        .ok_or_else(|| "the width of an integer is a multiple of 8 from 8 to 256".to_owned())
}

/// `128x18`: bits and decimals.
fn fixed_point(size: &str) -> Result<(u16, u8), String> {
    size.split_once('x')
        .and_then(|(bits, decimals)| {
            let decimals = number::<u8>(decimals).filter(|decimals| *decimals <= 80)?;
            Some((integer_width(bits).ok()?, decimals))
        })
        .ok_or_else(|| {
            "a fixed-point number is fixedMxN with M a multiple of 8 from 8 to 256 and N from 0 to 80".to_owned()
        })
}

/// A number in ASCII digits without sign and leading zeros; `None` also if it does not fit.
pub(super) fn number<T: std::str::FromStr>(digits: &str) -> Option<T> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = digits.len() > 1 && digits.starts_with('0');
    (plain && !leading_zero)
        .then(|| digits.parse().ok())
        .flatten()
}

fn unknown(name: &str) -> String {
    let normal = name.trim().to_ascii_lowercase();
    if normal != name && parse(&normal).is_ok() {
        return format!("did you mean `{normal}`?");
    }
    "expected uintN, intN, fixedMxN, ufixedMxN, bool, address, bytesN, bytes, string, function, \
     a tuple, or an array of these"
        .to_owned()
}
