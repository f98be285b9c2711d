//! Checksums that find damage, not malice.

/// The CRC-32 (IEEE 802.3) of some bytes as eight hex digits.
pub(crate) fn crc32_hex(bytes: &[u8]) -> String {
    format!("{:08x}", crc32fast::hash(bytes))
}
