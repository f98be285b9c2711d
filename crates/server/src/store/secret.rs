//! The secrets that a store makes.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// 256 bits from the operating system's generator, which is what fills version 4 UUIDs: three
/// hold 366 random bits.
pub(crate) fn random_key() -> [u8; 32] {
    let mut hash = Sha256::new();
    for _ in 0..3 {
        hash.update(Uuid::new_v4().as_bytes());
    }
    hash.finalize().into()
}
