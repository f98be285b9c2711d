//! Under what a position is kept.

use std::fmt;

use event_streamer_models::SubscriptionId;

use crate::error::{Error, excerpt};

/// The longest name, in bytes.
const MAX_NAME: usize = 100;

/// Under what a position is kept: a subscription, and the name of who consumes it.
///
/// Two consumers of one subscription that each want every event take different names. The service is
/// not part of it, so that its address may change; a token of another service is refused by that.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CheckpointKey {
    subscription_id: SubscriptionId,
    name: String,
}

impl CheckpointKey {
    /// A key.
    ///
    /// # Errors
    ///
    /// [`Validation`](crate::ErrorKind::Validation) for a name that is empty, longer than 100
    /// characters, or has others than ASCII letters, digits, `-`, `_` and `.`, or begins with `.`: it
    /// names files and rows.
    pub fn new(subscription_id: SubscriptionId, name: impl Into<String>) -> Result<Self, Error> {
        let name = name.into();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if name.is_empty()
            || name.len() > MAX_NAME
            || name.starts_with('.')
            || !name.bytes().all(plain)
        {
            return Err(Error::validation(format!(
                "the checkpoint name `{}` is not one: up to {MAX_NAME} letters, digits, `-`, `_` and `.`",
                excerpt(&name, MAX_NAME)
            )));
        }
        Ok(Self {
            subscription_id,
            name,
        })
    }

    /// The subscription.
    #[must_use]
    pub fn subscription_id(&self) -> SubscriptionId {
        self.subscription_id
    }

    /// The name of the consumer.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for CheckpointKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` of subscription {}",
            self.name, self.subscription_id
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_files_and_rows() {
        let id = SubscriptionId::new(7).unwrap();
        let key = CheckpointKey::new(id, "billing-2.eu").unwrap();
        assert_eq!(key.to_string(), "`billing-2.eu` of subscription 7");
        for bad in ["", ".", "..", "a/b", "ü", "a b", &"x".repeat(101)] {
            let error = CheckpointKey::new(id, bad).unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::Validation, "{bad}");
        }
    }
}
