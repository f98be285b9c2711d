//! API keys: who may call, and for whom.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use event_streamer_models::Timestamp;
use sha2::{Digest as _, Sha256};

const PREFIX: &str = "es_";
/// Keys of ours have about 60 bytes.
const MAX_BYTES: usize = 128;

/// What a key is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyScope {
    /// Everything: all subscriptions, chains, breakers and keys.
    Admin,
    /// The subscriptions of one subscriber, by its id.
    Subscriber(String),
}

/// An API key as it is listed: everything but the key itself, of which only a hash is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiKey {
    /// Its number.
    pub id: u64,
    /// What people call it.
    pub name: String,
    /// What it is good for.
    pub scope: KeyScope,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself, if it does.
    pub expires_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

/// The key that a stream was opened with, and lives as long as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HeldKey {
    pub(crate) id: u64,
    pub(crate) expires_at: Option<Timestamp>,
}

impl HeldKey {
    pub(crate) fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at
            .is_some_and(|end| now.unix_millis() >= end.unix_millis())
    }
}

/// A key that was just made. This is the only time its text is there.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CreatedKey {
    /// What is kept of it.
    pub key: ApiKey,
    /// The text to send as `Authorization: Bearer ..` or `X-API-Key`.
    pub text: String,
}

/// What the store keeps, and what comes out of it.
#[derive(Clone, Debug)]
pub(crate) struct StoredKey {
    pub(crate) key: ApiKey,
    pub(crate) hash: KeyHash,
}

/// A key that is to be stored.
#[derive(Clone, Debug)]
pub(crate) struct NewKey {
    pub(crate) name: String,
    pub(crate) scope: KeyScope,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) hash: KeyHash,
    pub(crate) now: Timestamp,
}

/// SHA-256 of a key's secret part. The secret is 256 random bits: nothing slower is needed.
#[derive(Clone, Copy)]
pub(crate) struct KeyHash(pub(crate) [u8; 32]);

impl KeyHash {
    /// Whether both are the same, in a time that does not tell where they differ.
    pub(crate) fn matches(&self, other: &Self) -> bool {
        let differences = self
            .0
            .iter()
            .zip(&other.0)
            .fold(0, |found, (ours, theirs)| found | (ours ^ theirs));
        std::hint::black_box(differences) == 0
    }
}

impl fmt::Debug for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyHash(..)")
    }
}

impl fmt::Debug for CreatedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreatedKey")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

impl ApiKey {
    /// Whether it may be used at `now`.
    pub(crate) fn is_good(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none()
            && self
                .expires_at
                .is_none_or(|end| now.unix_millis() < end.unix_millis())
    }
}

/// The secret part of a new key, from 256 random bits.
pub(crate) fn secret_text(random: [u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(random)
}

pub(crate) fn hash(secret: &str) -> KeyHash {
    KeyHash(Sha256::digest(secret.as_bytes()).into())
}

/// The whole text of a key: its number, which finds it, and its secret, which proves it.
pub(crate) fn text(id: u64, secret: &str) -> String {
    format!("{PREFIX}{id}_{secret}")
}

/// Takes a key's text apart; `None` for what cannot be one.
pub(crate) fn parse(text: &str) -> Option<(u64, KeyHash)> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let (id, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
    let canonical = id.bytes().all(|byte| byte.is_ascii_digit()) && !id.starts_with('0');
    let id = id.parse().ok().filter(|_| canonical)?;
    Some((id, hash(secret)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_by_its_number_and_proved_by_its_secret() {
        let secret = secret_text([7; 32]);
        let (id, found) = parse(&text(12, &secret)).unwrap();
        assert_eq!(id, 12);
        assert!(found.matches(&hash(&secret)));
        assert!(!found.matches(&hash(&secret_text([8; 32]))));
    }

    #[test]
    fn other_texts_are_no_keys() {
        let long = format!("es_1_{}", "a".repeat(10_000));
        for text in [
            "", "es_", "es_1", "sk_1_x", "es_x_y", "es_01_x", "es_+1_x", "es_-1_x", &long,
        ] {
            assert!(parse(text).is_none(), "{text:.20?}");
        }
    }

    #[test]
    fn keys_end_when_they_are_revoked_or_expire() {
        let at = Timestamp::from_unix_millis;
        let key = ApiKey {
            id: 1,
            name: "ci".to_owned(),
            scope: KeyScope::Admin,
            created_at: at(0),
            expires_at: Some(at(100)),
            revoked_at: None,
        };
        assert!(key.is_good(at(99)) && !key.is_good(at(100)));
        let revoked = ApiKey {
            revoked_at: Some(at(5)),
            expires_at: None,
            ..key
        };
        assert!(!revoked.is_good(at(1)));
    }
}
