//! Keys that make a creation safe to repeat.

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};

use crate::error::Error;

/// The longest key, in bytes.
const MAX_BYTES: usize = 255;

/// Names one creation, whatever number of times it is asked for: the `Idempotency-Key` header
/// (draft-ietf-httpapi-idempotency-key-header). A service that knows the header creates once and gives
/// the same answer again.
///
/// ```
/// use event_streamer_client::IdempotencyKey;
///
/// // One of one's own, kept beside what it is for, survives a restart of the program.
/// let key = IdempotencyKey::new("order-4711")?;
/// assert_eq!(key.as_str(), "order-4711");
/// assert!(IdempotencyKey::new("two\nlines").is_err());
/// assert_ne!(IdempotencyKey::random(), IdempotencyKey::random());
/// # Ok::<(), event_streamer_client::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// A key of one's own: 1 to 255 visible ASCII characters.
    ///
    /// # Errors
    ///
    /// [`Validation`](crate::ErrorKind::Validation) for any other text.
    pub fn new(key: impl Into<String>) -> Result<Self, Error> {
        let key = key.into();
        let usable = !key.is_empty()
            && key.len() <= MAX_BYTES
            && key.bytes().all(|byte| byte.is_ascii_graphic());
        if usable {
            Ok(Self(key))
        } else {
            Err(Error::validation(format!(
                "the idempotency key is not 1 to {MAX_BYTES} visible ascii characters"
            )))
        }
    }

    /// A key that nobody else has: 128 bits by way of the standard library's hash keys, which the
    /// operating system seeds.
    #[must_use]
    pub fn random() -> Self {
        let half = || RandomState::new().build_hasher().finish();
        Self(format!("{:016x}{:016x}", half(), half()))
    }

    /// The key as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("IdempotencyKey").field(&self.0).finish()
    }
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
