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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Fields {
        #[serde(deserialize_with = "null_default")]
        count: u64,
        #[serde(deserialize_with = "present")]
        end: Option<Option<u64>>,
        #[serde(deserialize_with = "readable")]
        time: Option<Timestamp>,
    }

    fn read(json: &str) -> Fields {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn null_is_missing_unless_the_difference_counts() {
        assert_eq!(read("{}"), Fields::default());
        assert_eq!(read(r#"{"count": null}"#).count, 0);
        assert_eq!(read(r#"{"end": null}"#).end, Some(None));
        assert_eq!(read(r#"{"end": 7}"#).end, Some(Some(7)));
        assert!(serde_json::from_str::<Fields>(r#"{"count": "7"}"#).is_err());
    }

    #[test]
    fn what_only_informs_never_fails() {
        assert!(read(r#"{"time": "2024-05-23T10:30:00Z"}"#).time.is_some());
        for other in [
            "null",
            "\"soon\"",
            "1716460200",
            "{\"a\": [1]}",
            "[]",
            "true",
        ] {
            assert_eq!(
                read(&format!("{{\"time\": {other}, \"count\": 7}}")).time,
                None,
                "{other}"
            );
        }
    }
}
