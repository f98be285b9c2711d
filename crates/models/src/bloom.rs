//! The bloom filter in a block header.

use std::fmt;

use crate::{B256, bytes::fixed_bytes};

/// The 2048-bit filter of a block header over the addresses and topics of its logs
/// (Yellow Paper, section 4.3.1).
///
/// It can say that something is certainly absent, never that it is present. This crate computes no
/// hashes: the methods take the keccak-256 of the address or topic.
///
/// ```
/// use event_streamer_models::{B256, LogsBloom};
///
/// let hash = B256([0x5a; 32]);
/// let mut bloom = LogsBloom::ZERO;
/// assert!(!bloom.contains_hash(&hash));
/// bloom.insert_hash(&hash);
/// assert!(bloom.contains_hash(&hash));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogsBloom(pub [u8; 256]);

fixed_bytes!(LogsBloom, 256, "a logs bloom (0x and 512 hex digits)");

impl LogsBloom {
    /// Whether the thing with this keccak-256 may be in the filter; `false` is certain.
    #[must_use]
    pub fn contains_hash(&self, hash: &B256) -> bool {
        bits(hash)
            .into_iter()
            .all(|(byte, mask)| self.0[byte] & mask != 0)
    }

    /// Puts the thing with this keccak-256 into the filter.
    pub fn insert_hash(&mut self, hash: &B256) {
        for (byte, mask) in bits(hash) {
            self.0[byte] |= mask;
        }
    }

    /// Whether no bit is set: the block has no logs at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|byte| *byte == 0)
    }
}

/// The number of set bits; the bits themselves say nothing to a reader.
impl fmt::Debug for LogsBloom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits: u32 = self.0.iter().map(|byte| byte.count_ones()).sum();
        write!(f, "LogsBloom({bits} bits set)")
    }
}

/// Byte and mask of the three bits of a hash: the low 11 bits of its first three byte pairs,
/// counted from the end of the filter.
fn bits(hash: &B256) -> [(usize, u8); 3] {
    [0, 2, 4].map(|pair| {
        let bit = usize::from(u16::from_be_bytes([hash.0[pair], hash.0[pair + 1]]) & 0x7ff);
        (255 - bit / 8, 1 << (bit % 8))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// keccak-256 of nothing. Its first three byte pairs, 0xc5d2, 0x4601 and 0x86f7, end in the
    /// 11-bit numbers 0x5d2, 0x601 and 0x6f7.
    const HASH: &str = "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";

    #[test]
    fn the_bits_of_a_hash_are_where_the_yellow_paper_puts_them() {
        let mut bloom = LogsBloom::ZERO;
        bloom.insert_hash(&HASH.parse().unwrap());
        let set: Vec<usize> = (0..2048)
            .filter(|bit| bloom.0[255 - bit / 8] >> (bit % 8) & 1 == 1)
            .collect();
        assert_eq!(set, [0x5d2, 0x601, 0x6f7]);
        assert_eq!(format!("{bloom:?}"), "LogsBloom(3 bits set)");
    }

    #[test]
    fn one_missing_bit_is_certain_absence() {
        let hash: B256 = HASH.parse().unwrap();
        let mut bloom = LogsBloom::ZERO;
        assert!(bloom.is_empty());
        bloom.insert_hash(&hash);
        assert!(bloom.contains_hash(&hash) && !bloom.is_empty());
        for byte in 0..256 {
            let mut damaged = bloom;
            damaged.0[byte] = 0;
            assert_eq!(
                damaged.contains_hash(&hash),
                bloom.0[byte] == 0,
                "byte {byte}"
            );
        }
        assert!(LogsBloom([0xff; 256]).contains_hash(&B256([0x17; 32])));
    }

    #[test]
    fn json_has_512_digits() {
        let mut bloom = LogsBloom::ZERO;
        bloom.insert_hash(&HASH.parse().unwrap());
        let json = serde_json::to_string(&bloom).unwrap();
        assert_eq!(json.len(), 2 + 2 + 512);
        assert_eq!(serde_json::from_str::<LogsBloom>(&json).unwrap(), bloom);
    }
}
