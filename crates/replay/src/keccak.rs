//! Keccak-256, and the bloom of logs that is made with it.

use event_streamer_models::{B256, Log, LogsBloom};
use tiny_keccak::{Hasher, Keccak};

/// Keccak-256 over the parts, one after the other.
pub(crate) fn keccak256(parts: &[&[u8]]) -> B256 {
    let mut hasher = Keccak::v256();
    for part in parts {
        hasher.update(part);
    }
    let mut hash = [0; 32];
    hasher.finalize(&mut hash);
    B256(hash)
}

/// The bloom over the addresses and topics of logs (Ethereum yellow paper, section 4.3.1):
/// what a header's `logsBloom` must be for a block with exactly these logs.
///
/// ```
/// use event_streamer_models::LogsBloom;
///
/// assert_eq!(event_streamer_replay::bloom_of(&[]), LogsBloom::ZERO);
/// ```
#[must_use]
pub fn bloom_of<'a>(logs: impl IntoIterator<Item = &'a Log>) -> LogsBloom {
    let mut bloom = LogsBloom::ZERO;
    for log in logs {
        bloom.insert_hash(&keccak256(&[log.address.as_bytes()]));
        for topic in &log.topics {
            bloom.insert_hash(&keccak256(&[topic.as_bytes()]));
        }
    }
    bloom
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keccak_is_that_of_ethereum() {
        let cases: [(&[&[u8]], &str); 2] = [
            (
                &[],
                "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
            ),
            (
                &[b"Transfer(address,", b"address,uint256)"],
                "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
            ),
        ];
        for (parts, hash) in cases {
            assert_eq!(keccak256(parts).to_string(), hash);
        }
    }

    #[test]
    fn a_bloom_holds_addresses_and_topics_and_little_else() {
        let log = Log {
            address: [0x11; 20].into(),
            topics: vec![[0x22; 32].into(), [0x33; 32].into()],
            ..Log::default()
        };
        let bloom = bloom_of([&log]);
        assert!(bloom.contains_hash(&keccak256(&[&[0x11; 20]])));
        assert!(bloom.contains_hash(&keccak256(&[&[0x22; 32]])));
        assert!(bloom.contains_hash(&keccak256(&[&[0x33; 32]])));
        assert!(!bloom.contains_hash(&keccak256(&[&[0x44; 32]])));
        assert_eq!(bloom_of([]), LogsBloom::ZERO);
    }
}
