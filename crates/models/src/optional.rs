//! Reading fields that may be missing, `null` or unreadable.

use serde::{Deserialize, Deserializer, de::IgnoredAny};

/// `null` is as good as a missing field: the type's default.
pub(crate) fn null_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// `null` is as good as a missing field: `true`.
pub(crate) fn null_true<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or(true))
}

pub(crate) const fn yes() -> bool {
    true
}

/// Tells a missing field (`None`, by `default`) from `null` (`Some(None)`).
pub(crate) fn present<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// A value that only informs: one that cannot be read is as good as none.
pub(crate) fn readable<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Attempt<T> {
        Readable(T),
        Other(IgnoredAny),
    }

    Ok(match Option::deserialize(deserializer)? {
        Some(Attempt::Readable(value)) => Some(value),
        Some(Attempt::Other(IgnoredAny)) | None => None,
    })
}
