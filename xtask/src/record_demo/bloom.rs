//! The filter that every block header carries over its logs' addresses and topics: three bits of
//! 2048 for each, as the Yellow Paper's section 4.4.1 says.

use crate::hash::keccak256;

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Bloom([u8; 256]);

impl Bloom {
    pub(crate) const EMPTY: Self = Self([0; 256]);

    pub(crate) fn add(&mut self, item: &[u8]) {
        let hash = keccak256(item);
        for pair in hash[..6].chunks_exact(2) {
            let bit = usize::from(u16::from_be_bytes([pair[0], pair[1]]) % 2048);
            // Bit 0 is the lowest bit of the last byte.
            self.0[255 - bit / 8] |= 1 << (bit % 8);
        }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}
