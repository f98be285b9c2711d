//! Many events: which of them a log is one of.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use event_streamer_models::{AbiEvent, B256};

use crate::decode::{DecodeError, DecodeErrorKind, EventDecoder};
use crate::distinct::Distinct;
use crate::error::{AbiError, excerpt_of};
use crate::human::human_signature;

/// Most topics of a log.
const MAX_TOPICS: usize = 4;

/// Finds the decoder of a log among those of many events.
///
/// A log says two things about its event: topic0, and by the number of its topics how many
/// parameters are indexed. ERC-20 and ERC-721 `Transfer` share the one and differ in the other. Which
/// parameters are indexed, and what they are called, a log does not say: events that differ in
/// nothing else are ambiguous, and that is a [result](Candidates), never a guess.
///
/// ```
/// use event_streamer_abi::{Candidates, Registry, parse_event_signature};
///
/// let erc20 = parse_event_signature("Transfer(address indexed from, address indexed to, uint256 value)")?;
/// let erc721 = parse_event_signature(
///     "Transfer(address indexed from, address indexed to, uint256 indexed tokenId)",
/// )?;
/// let registry = Registry::from_events([&erc20, &erc721])?;
///
/// let topic0 = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef".parse()?;
/// let topics = [topic0, [0; 32].into(), [0; 32].into(), [0; 32].into()];
/// let decoder = registry.resolve(&topics)?;
/// assert_eq!(decoder.event(), &erc721);
/// assert!(decoder.decode_json(&topics, &[])?.ends_with(r#""tokenId":"0"}"#));
/// assert!(matches!(registry.candidates(&topics[..2]), Candidates::Unknown));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Registry {
    /// By topic0 and the number of indexed parameters; no list is empty.
    named: HashMap<(B256, usize), Distinct<EventDecoder>>,
    /// By the number of indexed parameters, which is all that their logs say.
    anonymous: [Distinct<EventDecoder>; MAX_TOPICS + 1],
    len: usize,
}

/// Which events of a [`Registry`] a log can be one of.
///
/// Several stand in the order in which they were inserted.
#[derive(Debug, Clone, Copy)]
pub enum Candidates<'a> {
    /// None.
    Unknown,
    /// This one.
    Event(&'a EventDecoder),
    /// Any of these: same signature, equally many indexed parameters, but not the same ones or not
    /// of the same names.
    Ambiguous(&'a [EventDecoder]),
    /// The log has no topic0 that is known, but as many topics as these anonymous events (one or
    /// more). Nothing in it says whether it is one of them.
    Anonymous(&'a [EventDecoder]),
}

impl Registry {
    /// One without events.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Compiles these events.
    ///
    /// # Errors
    /// As [`EventDecoder::new`].
    pub fn from_events<'a>(
        events: impl IntoIterator<Item = &'a AbiEvent>,
    ) -> Result<Self, AbiError> {
        let mut registry = Self::new();
        for event in events {
            registry.insert(EventDecoder::new(event)?);
        }
        Ok(registry)
    }

    /// Adds a decoder, with the strictness that it has. `false`, and nothing changes, if an event is
    /// there already that reads every log the same way: equal in signature, names and what is
    /// indexed.
    pub fn insert(&mut self, decoder: EventDecoder) -> bool {
        let indexed = decoder.indexed_count();
        let group = match decoder.topic0() {
            Some(topic0) => self.named.entry((topic0, indexed)).or_default(),
            // An event with more indexed parameters than that does not compile.
            None => &mut self.anonymous[indexed.min(MAX_TOPICS)],
        };
        let added = group.insert(decoder);
        self.len += usize::from(added);
        added
    }

    /// The events that a log with these topics can be one of.
    #[must_use]
    pub fn candidates(&self, topics: &[B256]) -> Candidates<'_> {
        let named = topics
            .split_first()
            .and_then(|(topic0, indexed)| self.named.get(&(*topic0, indexed.len())));
        match named.map(Distinct::as_slice) {
            Some([decoder]) => return Candidates::Event(decoder),
            Some(decoders @ [_, ..]) => return Candidates::Ambiguous(decoders),
            Some([]) | None => {}
        }
        match self.anonymous.get(topics.len()).map(Distinct::as_slice) {
            Some(decoders @ [_, ..]) => Candidates::Anonymous(decoders),
            Some([]) | None => Candidates::Unknown,
        }
    }

    /// The one event that a log with these topics can be one of.
    ///
    /// An anonymous event counts if no other one has as many topics and topic0 is not known: whoever
    /// registers anonymous events knows that the logs come from contracts that emit them.
    ///
    /// # Errors
    /// [`DecodeErrorKind::UnknownEvent`] if there is none, [`DecodeErrorKind::AmbiguousEvent`] if
    /// there are several.
    pub fn resolve(&self, topics: &[B256]) -> Result<&EventDecoder, DecodeError> {
        match self.candidates(topics) {
            Candidates::Event(decoder) | Candidates::Anonymous([decoder]) => Ok(decoder),
            Candidates::Ambiguous(decoders) | Candidates::Anonymous(decoders) => {
                Err(ambiguous(decoders))
            }
            Candidates::Unknown => Err(DecodeError::new(DecodeErrorKind::UnknownEvent {
                topic0: topics.first().copied(),
                topics: topics.len(),
            })),
        }
    }

    /// How many different events there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All decoders, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = &EventDecoder> {
        let groups = self.named.values().chain(&self.anonymous);
        groups.flat_map(Distinct::as_slice)
    }
}

#[cold]
fn ambiguous(decoders: &[EventDecoder]) -> DecodeError {
    const SHOWN: usize = 8;
    // Long enough to tell them apart by.
    const LONGEST: usize = 400;
    let written = |decoder: &EventDecoder| {
        // What was compiled can be written down.
        let human = human_signature(decoder.event());
        excerpt_of(human.as_deref().unwrap_or(decoder.signature()), LONGEST)
    };
    DecodeError::new(DecodeErrorKind::AmbiguousEvent {
        candidates: decoders.iter().take(SHOWN).map(written).collect(),
        more: decoders.len().saturating_sub(SHOWN),
    })
}
