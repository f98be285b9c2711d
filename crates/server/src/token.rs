//! Resume tokens: positions that clients carry, sealed so that nobody else can make one.
//!
//! `docs/protocol.md`, section 4: `rt_` and, in base64url without padding, a JSON object that
//! begins `{"subscription_id":123,`. The MAC also covers the chain and the epoch of the position, so
//! that a token outlives neither a subscription's move to another chain nor a reset of its
//! position.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use event_streamer_models::{B256, BlockRef, ChainId, ResumeToken, SubscriptionId};
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::ingest::Cursor;

const PREFIX: &str = "rt_";
/// Tokens of ours have about 300 bytes.
const MAX_TOKEN_BYTES: usize = 1024;
/// 128 bits: nobody can try forgeries offline.
const MAC_BYTES: usize = 16;
/// Each costs a MAC when a token is refused.
const REMEMBERED_RESETS: u64 = 16;
/// Keeps these MACs apart from anything else the key may one day seal.
const DOMAIN: &[u8] = b"event-streamer resume token 1\0";

/// The secret that seals the tokens of one store.
#[derive(Clone)]
pub(crate) struct TokenKey([u8; 32]);

/// What a token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TokenScope {
    pub(crate) subscription_id: SubscriptionId,
    pub(crate) chain_id: ChainId,
    /// See `Subscription::epoch`.
    pub(crate) epoch: u64,
}

/// Why a token was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TokenError {
    /// Not the shape of a token.
    #[error("it is not a resume token of this service")]
    Malformed,
    /// Names another subscription.
    #[error("it belongs to another subscription")]
    Foreign,
    /// The seal does not match: altered, of another service, of another chain, or from before a
    /// reset.
    #[error(
        "its seal is not of this service, not of this subscription's chain, or from before its position was reset"
    )]
    Forged,
}

/// The JSON inside a token. The order of the fields is part of the format.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    subscription_id: SubscriptionId,
    block_number: u64,
    block_hash: B256,
    log_index: Option<u32>,
    mac: String,
}

impl TokenKey {
    pub(crate) fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A token for a position.
    pub(crate) fn seal(&self, scope: TokenScope, cursor: &Cursor) -> ResumeToken {
        let mac = self.mac(scope, cursor).finalize().into_bytes();
        let payload = Payload {
            subscription_id: scope.subscription_id,
            block_number: cursor.block.number,
            block_hash: cursor.block.hash,
            log_index: cursor.log_index,
            mac: URL_SAFE_NO_PAD.encode(&mac[..MAC_BYTES]),
        };
        // Numbers and strings always have a JSON form.
        let json = serde_json::to_vec(&payload).unwrap_or_default();
        ResumeToken::from(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(json)))
    }

    /// The position inside a token, if the token is one of ours and for this scope.
    pub(crate) fn open(&self, scope: TokenScope, token: &str) -> Result<Cursor, TokenError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::Malformed);
        }
        let payload = token.strip_prefix(PREFIX).ok_or(TokenError::Malformed)?;
        let payload = URL_SAFE_NO_PAD
            .decode(payload)
            .map_err(|_| TokenError::Malformed)?;
        let payload: Payload =
            serde_json::from_slice(&payload).map_err(|_| TokenError::Malformed)?;
        if payload.subscription_id != scope.subscription_id {
            return Err(TokenError::Foreign);
        }
        let block = BlockRef {
            number: payload.block_number,
            hash: payload.block_hash,
        };
        let cursor = Cursor {
            block,
            log_index: payload.log_index,
        };
        let mac = URL_SAFE_NO_PAD
            .decode(&payload.mac)
            .map_err(|_| TokenError::Malformed)?;
        if mac.len() != MAC_BYTES {
            return Err(TokenError::Malformed);
        }
        // Compares in constant time.
        self.mac(scope, &cursor)
            .verify_truncated_left(&mac)
            .map_err(|_| TokenError::Forged)?;
        Ok(cursor)
    }

    /// Whether a token that is not good any more was so before one of the last resets of the
    /// position.
    pub(crate) fn is_expired(&self, scope: TokenScope, token: &str) -> bool {
        let first = scope.epoch.saturating_sub(REMEMBERED_RESETS);
        (first..scope.epoch).any(|epoch| self.open(TokenScope { epoch, ..scope }, token).is_ok())
    }

    fn mac(&self, scope: TokenScope, cursor: &Cursor) -> Hmac<Sha256> {
        // Padding a short key with zeros is what HMAC itself does (RFC 2104); done here, the
        // constructor cannot fail.
        let mut block = [0; 64];
        block[..self.0.len()].copy_from_slice(&self.0);
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
        mac.update(DOMAIN);
        mac.update(&scope.subscription_id.get().to_be_bytes());
        mac.update(&scope.chain_id.get().to_be_bytes());
        mac.update(&scope.epoch.to_be_bytes());
        mac.update(&cursor.block.number.to_be_bytes());
        mac.update(&cursor.block.hash.0);
        // One byte tells "the whole block" from "log 0", the index follows at fixed width.
        mac.update(&[u8::from(cursor.log_index.is_some())]);
        mac.update(&cursor.log_index.unwrap_or_default().to_be_bytes());
        mac
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scope(subscription: u64, chain: u64) -> TokenScope {
        TokenScope {
            subscription_id: SubscriptionId::new(subscription).unwrap(),
            chain_id: ChainId::new(chain),
            epoch: 0,
        }
    }

    fn cursor(number: u64, log_index: Option<u32>) -> Cursor {
        Cursor {
            block: BlockRef {
                number,
                hash: B256([7; 32]),
            },
            log_index,
        }
    }

    #[test]
    fn a_reset_voids_earlier_tokens() {
        let key = TokenKey::new([1; 32]);
        let before = scope(123, 1);
        let token = key.seal(before, &cursor(7, None));
        assert_eq!(key.open(before, token.as_str()), Ok(cursor(7, None)));
        let after = TokenScope { epoch: 1, ..before };
        assert_eq!(key.open(after, token.as_str()), Err(TokenError::Forged));
        assert!(key.is_expired(after, token.as_str()));
        assert!(!key.is_expired(before, token.as_str()));
        let other = TokenKey::new([2; 32]).seal(before, &cursor(7, None));
        assert!(!key.is_expired(after, other.as_str()));
    }

    #[test]
    fn the_payload_begins_with_the_subscription() {
        let key = TokenKey::new([1; 32]);
        let token = key.seal(scope(123, 1), &cursor(18_426_253, Some(0xffff_ffe2)));
        let payload = token.as_str().strip_prefix("rt_").unwrap();
        let json = String::from_utf8(URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
        assert!(
            json.starts_with(r#"{"subscription_id":123,"block_number":18426253,"#),
            "{json}"
        );
        assert!(json.contains(r#""log_index":4294967266,"mac":""#), "{json}");
    }

    #[test]
    fn a_token_is_good_for_its_subscription_chain_and_store_only() {
        let key = TokenKey::new([1; 32]);
        let token = key.seal(scope(7, 1), &cursor(5, None));
        let open = |key: &TokenKey, scope| key.open(scope, token.as_str());
        assert_eq!(open(&key, scope(7, 1)), Ok(cursor(5, None)));
        assert_eq!(open(&key, scope(8, 1)), Err(TokenError::Foreign));
        assert_eq!(open(&key, scope(7, 2)), Err(TokenError::Forged));
        assert_eq!(
            open(&TokenKey::new([2; 32]), scope(7, 1)),
            Err(TokenError::Forged)
        );
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let key = TokenKey::new([1; 32]);
        let good = key.seal(scope(7, 1), &cursor(5, Some(0)));
        let good = good.as_str();
        let without_mac = URL_SAFE_NO_PAD.encode(
            br#"{"subscription_id":7,"block_number":5,"block_hash":"0x0","log_index":null,"mac":""}"#,
        );
        let bad = [
            String::new(),
            " ".to_owned(),
            "rt_".to_owned(),
            "rt_+/=&#%".to_owned(),
            good.trim_start_matches("rt_").to_owned(),
            good[..good.len() - 2].to_owned(),
            format!("{good}="),
            format!("{good} "),
            format!("rt_{}", "A".repeat(64 * 1024)),
            format!("rt_{without_mac}"),
        ];
        for token in bad {
            let shown = &token[..token.len().min(80)];
            assert_eq!(
                key.open(scope(7, 1), &token),
                Err(TokenError::Malformed),
                "{shown:?}"
            );
        }
    }

    #[test]
    fn the_key_is_never_shown() {
        assert_eq!(format!("{:?}", TokenKey::new([0x5a; 32])), "TokenKey(..)");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn sealed_positions_come_back(
            number: u64,
            hash: [u8; 32],
            log_index: Option<u32>,
            subscription in 1..u64::MAX,
            chain: u64,
        ) {
            let key = TokenKey::new([3; 32]);
            let cursor = Cursor { block: BlockRef { number, hash: B256(hash) }, log_index };
            let token = key.seal(scope(subscription, chain), &cursor);
            prop_assert_eq!(key.open(scope(subscription, chain), token.as_str()), Ok(cursor));
        }

        /// A changed bit may leave the JSON inside as it means (white space, say), but never
        /// yields another position.
        #[test]
        fn no_bit_can_be_flipped(bit in 0..8_usize, at in 0..1_000_usize) {
            let key = TokenKey::new([3; 32]);
            let cursor = cursor(18_426_253, Some(77));
            let mut token = key.seal(scope(7, 1), &cursor).as_str().as_bytes().to_vec();
            let at = at % token.len();
            token[at] ^= 1 << bit;
            if let Ok(text) = std::str::from_utf8(&token)
                && let Ok(opened) = key.open(scope(7, 1), text)
            {
                prop_assert_eq!(opened, cursor);
            }
        }
    }
}
