//! Keccak-256 and hexadecimal text.

use tiny_keccak::{Hasher, Keccak};

pub(crate) fn keccak256(bytes: &[u8]) -> [u8; 32] {
    let mut keccak = Keccak::v256();
    keccak.update(bytes);
    let mut hash = [0; 32];
    keccak.finalize(&mut hash);
    hash
}

/// Lower case, without `0x`.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| {
            [
                DIGITS[usize::from(byte >> 4)],
                DIGITS[usize::from(byte & 15)],
            ]
        })
        .map(char::from)
        .collect()
}

/// `None` unless `text` is whole bytes of hexadecimal digits, with or without `0x`.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("0x").unwrap_or(text).as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits
        .chunks_exact(2)
        .map(|pair| Some(nibble(pair[0])? << 4 | nibble(pair[1])?))
        .collect()
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keccak_is_ethereums_and_not_sha3() {
        assert_eq!(
            to_hex(&keccak256(b"")),
            "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
        );
    }

    #[test]
    fn hex_goes_both_ways() {
        assert_eq!(from_hex("0x00fFa1"), Some(vec![0, 255, 0xa1]));
        assert_eq!(to_hex(&[0, 255, 0xa1]), "00ffa1");
        assert_eq!(from_hex("0x"), Some(vec![]));
        assert_eq!(from_hex("0x0"), None);
        assert_eq!(from_hex("0xgg"), None);
    }
}
