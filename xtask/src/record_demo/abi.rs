//! Call data for the contracts of the recording: the ABI's encoding, one way.
//!
//! xtask depends on no crate of the workspace, so that a broken one cannot take the chores with
//! it; this is the small part of the [ABI specification] that the recording needs.
//!
//! [ABI specification]: https://docs.soliditylang.org/en/latest/abi-spec.html

use std::fmt;

use crate::hash::{from_hex, keccak256, to_hex};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Address([u8; 20]);

impl Address {
    pub(crate) const ZERO: Self = Self([0; 20]);

    pub(crate) fn parse(text: &str) -> Option<Self> {
        from_hex(text)?.try_into().ok().map(Self)
    }

    /// The address in the last 20 bytes of a word, such as a call's returned one.
    pub(crate) fn from_word(word: &[u8; 32]) -> Self {
        let mut address = [0; 20];
        address.copy_from_slice(&word[12..]);
        Self(address)
    }

    /// Where the `nonce`-th transaction of `creator` puts the contract it creates: the hash of
    /// the RLP list of the two. Nonces up to 127 are their own RLP, except 0.
    pub(crate) fn of_contract(creator: Self, nonce: u8) -> Self {
        let mut list = vec![0xc0 + 22, 0x80 + 20];
        list.extend_from_slice(&creator.0);
        list.push(if nonce == 0 { 0x80 } else { nonce });
        Self::from_word(&keccak256(&list))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{}", to_hex(&self.0))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// A value as the encoding sees it: types of one word do not differ, nor do `bytes` and `string`.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Word([u8; 32]),
    Bytes(Vec<u8>),
    Array(Vec<Value>),
    Tuple(Vec<Value>),
}

impl Value {
    /// 2²⁵⁶-1: an allowance without end.
    pub(crate) const MAX: Self = Self::Word([0xff; 32]);

    pub(crate) fn string(text: &str) -> Self {
        Self::Bytes(text.as_bytes().to_vec())
    }

    pub(crate) fn array<T: Into<Self>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::Array(items.into_iter().map(Into::into).collect())
    }

    fn is_dynamic(&self) -> bool {
        match self {
            Self::Word(_) => false,
            Self::Bytes(_) | Self::Array(_) => true,
            Self::Tuple(parts) => parts.iter().any(Self::is_dynamic),
        }
    }

    fn encode(&self) -> Vec<u8> {
        match self {
            Self::Word(word) => word.to_vec(),
            Self::Bytes(bytes) => {
                let mut encoded = length_word(bytes.len()).to_vec();
                encoded.extend_from_slice(bytes);
                encoded.resize(32 + bytes.len().next_multiple_of(32), 0);
                encoded
            }
            Self::Array(items) => [length_word(items.len()).to_vec(), encode(items)].concat(),
            Self::Tuple(parts) => encode(parts),
        }
    }
}

impl From<u128> for Value {
    fn from(number: u128) -> Self {
        let mut word = [0; 32];
        word[16..].copy_from_slice(&number.to_be_bytes());
        Self::Word(word)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        u128::from(number).into()
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        (number as u128).into()
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        let mut word = [if number < 0 { 0xff } else { 0 }; 32];
        word[28..].copy_from_slice(&number.to_be_bytes());
        Self::Word(word)
    }
}

impl From<Address> for Value {
    fn from(address: Address) -> Self {
        let mut word = [0; 32];
        word[12..].copy_from_slice(&address.0);
        Self::Word(word)
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

/// The values of a list of different types, each by its own `From`.
macro_rules! values {
    ($($value:expr),* $(,)?) => { [$($crate::record_demo::abi::Value::from($value)),*] };
}
pub(crate) use values;

/// A function's selector, then its arguments.
pub(crate) fn call(signature: &str, arguments: &[Value]) -> Vec<u8> {
    let mut data = keccak256(signature.as_bytes())[..4].to_vec();
    data.extend(encode(arguments));
    data
}

/// Heads, then tails: a dynamic value's head is the offset of its tail.
pub(crate) fn encode(values: &[Value]) -> Vec<u8> {
    let parts: Vec<_> = values
        .iter()
        .map(|value| (value.is_dynamic(), value.encode()))
        .collect();
    let head_length: usize = parts
        .iter()
        .map(|(dynamic, part)| if *dynamic { 32 } else { part.len() })
        .sum();
    let (mut heads, mut tails) = (Vec::new(), Vec::new());
    for (dynamic, part) in parts {
        if dynamic {
            heads.extend(length_word(head_length + tails.len()));
            tails.extend(part);
        } else {
            heads.extend(part);
        }
    }
    heads.extend(tails);
    heads
}

fn length_word(length: usize) -> [u8; 32] {
    let mut word = [0; 32];
    word[24..].copy_from_slice(&(length as u64).to_be_bytes());
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(data: &[u8]) -> Vec<String> {
        data.chunks(32).map(to_hex).collect()
    }

    fn word(hex: &str) -> String {
        format!("{hex:0>64}")
    }

    // The examples of the ABI specification.
    #[test]
    fn static_arguments_stand_in_place() {
        let data = call("baz(uint32,bool)", &values![69_u32, 1_u32]);
        assert_eq!(to_hex(&data[..4]), "cdcd77c0");
        assert_eq!(words(&data[4..]), [word("45"), word("1")]);
    }

    #[test]
    fn dynamic_arguments_stand_behind_their_offsets() {
        let data = call(
            "sam(bytes,bool,uint256[])",
            &[
                Value::string("dave"),
                1_u32.into(),
                Value::array([1_u32, 2, 3]),
            ],
        );
        assert_eq!(to_hex(&data[..4]), "a5643bf2");
        let dave = format!("{:0<64}", to_hex(b"dave"));
        let rest = ["3", "1", "2", "3"].map(word);
        assert_eq!(
            words(&data[4..]),
            [
                vec![word("60"), word("1"), word("a0"), word("4"), dave],
                rest.to_vec()
            ]
            .concat()
        );
    }

    #[test]
    fn a_tuple_is_in_place_unless_it_holds_something_dynamic() {
        let fixed = Value::Tuple(values![1_u32, 2_u32].to_vec());
        assert_eq!(words(&encode(&[fixed])), ["1", "2"].map(word));
        let dynamic = Value::Tuple(vec![Value::Bytes(vec![]), 2_u32.into()]);
        assert_eq!(words(&encode(&[dynamic])), ["20", "40", "2", "0"].map(word));
    }

    #[test]
    fn negative_numbers_fill_the_word() {
        assert_eq!(words(&encode(&values![-2_i32])), ["f".repeat(63) + "e"]);
        assert_eq!(words(&encode(&[Value::MAX])), ["f".repeat(64)]);
    }

    #[test]
    fn created_addresses_are_those_of_the_chain() {
        // The first contracts of anvil's first account, known from every tutorial.
        let creator = Address::parse("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266").unwrap();
        let created = |nonce| Address::of_contract(creator, nonce).to_string();
        assert_eq!(created(0), "0x5fbdb2315678afecb367f032d93f642f64180aa3");
        assert_eq!(created(1), "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512");
    }
}
