//! Further events and values of indexed parameters.

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{AbiEvent, B256, Extra};

/// One more event on a subscription.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EventFilter {
    /// The event.
    pub event_signature: AbiEvent,
    /// The hash of its signature; computed by the service if it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic0: Option<B256>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl EventFilter {
    /// The event, its topic0 to be computed.
    #[must_use]
    pub fn new(event_signature: AbiEvent) -> Self {
        Self {
            event_signature,
            ..Self::default()
        }
    }
}

/// The values that topics 1 to 3 of a log must have, each position on its own.
///
/// On the wire a list of up to three: `null` is anything, a list is any of these hashes. Positions
/// at the end may be missing. An empty list is anything too, as in `eth_getLogs`.
///
/// ```
/// use event_streamer_models::{B256, TopicFilter};
///
/// let to = B256([7; 32]);
/// let filter = TopicFilter::any().with_topic(2, [to])?;
/// assert_eq!(serde_json::to_value(&filter).unwrap(), serde_json::json!([null, [to]]));
/// assert!(filter.matches(&[B256::ZERO, B256::ZERO, to]));
/// assert!(!filter.matches(&[B256::ZERO, to]));
/// # Ok::<(), event_streamer_models::TopicPositionError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TopicFilter(Vec<Option<Vec<B256>>>);

/// Topics after topic0.
const POSITIONS: usize = 3;

impl TopicFilter {
    /// Any values.
    #[must_use]
    pub const fn any() -> Self {
        Self(Vec::new())
    }

    /// Also asks for one of these values at a position, 1 to 3.
    ///
    /// # Errors
    ///
    /// [`TopicPositionError`] for any other position: topic0 belongs to the event.
    pub fn with_topic(
        mut self,
        position: usize,
        values: impl IntoIterator<Item = B256>,
    ) -> Result<Self, TopicPositionError> {
        if !(1..=POSITIONS).contains(&position) {
            return Err(TopicPositionError { position });
        }
        if self.0.len() < position {
            self.0.resize(position, None);
        }
        self.0[position - 1] = Some(values.into_iter().collect());
        Ok(self)
    }

    /// The values at a position, 1 to 3; empty is any.
    #[must_use]
    pub fn topic(&self, position: usize) -> &[B256] {
        let index = position.checked_sub(1);
        index
            .and_then(|index| self.0.get(index)?.as_deref())
            .unwrap_or_default()
    }

    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.0.iter().flatten().all(Vec::is_empty)
    }

    /// Whether a log with these topics, topic0 among them, is let through.
    #[must_use]
    pub fn matches(&self, topics: &[B256]) -> bool {
        (1..=POSITIONS).all(|position| {
            let accepted = self.topic(position);
            accepted.is_empty()
                || topics
                    .get(position)
                    .is_some_and(|topic| accepted.contains(topic))
        })
    }
}

impl<'de> Deserialize<'de> for TopicFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let positions = Vec::<Option<Vec<B256>>>::deserialize(deserializer)?;
        if positions.len() > POSITIONS {
            return Err(de::Error::invalid_length(
                positions.len(),
                &"up to 3 lists of topics: topic1, topic2 and topic3",
            ));
        }
        Ok(Self(positions))
    }
}

/// A position that is not 1, 2 or 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no topic filter at position {position}, only at 1, 2 and 3")]
pub struct TopicPositionError {
    position: usize,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const A: B256 = B256([0xa; 32]);
    const B: B256 = B256([0xb; 32]);

    #[test]
    fn each_position_stands_for_itself() {
        let filter: TopicFilter = serde_json::from_value(json!([null, [A, B], []])).unwrap();
        assert_eq!(filter.topic(1), []);
        assert_eq!(filter.topic(2), [A, B]);
        assert_eq!((filter.topic(0), filter.topic(4)), (&[][..], &[][..]));
        assert!(!filter.is_any());
        assert!(filter.matches(&[A, A, B]));
        assert!(filter.matches(&[A, A, A, A]));
        assert!(!filter.matches(&[B, B, B256::ZERO]));
        assert!(!filter.matches(&[A, A]));
        assert!(!filter.matches(&[]));
    }

    #[test]
    fn nothing_asked_for_lets_everything_through() {
        for json in [json!([]), json!([null, null, null]), json!([[], []])] {
            let filter: TopicFilter = serde_json::from_value(json).unwrap();
            assert!(filter.is_any() && filter.matches(&[]) && filter.matches(&[A, B]));
        }
    }

    #[test]
    fn a_fourth_position_is_refused() {
        let error = serde_json::from_value::<TopicFilter>(json!([null, null, null, [A]]));
        assert!(
            error
                .unwrap_err()
                .to_string()
                .contains("up to 3 lists of topics")
        );
        for position in [0, 4, usize::MAX] {
            let error = TopicFilter::any().with_topic(position, [A]).unwrap_err();
            assert!(error.to_string().contains(&position.to_string()));
        }
    }
}
