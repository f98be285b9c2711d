//! Decoding logs: a plan compiled once per event, then one pass from a log to its JSON.

mod decimal;
mod error;
mod json;
mod names;
mod plan;
mod strictness;
#[cfg(test)]
mod tests;
mod text;
mod walk;
mod words;

use std::sync::Arc;

use event_streamer_models::{AbiEvent, B256};

pub use error::{DecodeError, DecodeErrorKind};
pub use strictness::Strictness;

use crate::error::AbiError;
use crate::keccak::keccak256;
use crate::path::Path;
use crate::resolve::resolve_event;
use crate::signature::canonical;
use crate::types::AbiType;
use json::JsonWriter;
use plan::{EventPlan, Source};
use walk::{Head, Walk};
use words::Words;

/// Turns the logs of one event into JSON.
///
/// Compiled once; cheap to clone, and shared between threads. Decoding takes one pass over the log,
/// builds no values in between, and allocates nothing but what the output needs to grow. Whatever
/// the log says, the work is linear in its size ([`limits`](crate::limits)).
///
/// | Solidity | JSON |
/// |---|---|
/// | `uint*`, `int*` | decimal string, every width |
/// | `fixed*`, `ufixed*` | decimal string with all its decimals: `"1.50"` |
/// | `bool` | `true`, `false` |
/// | `address` | `0x` and 40 lower-case digits |
/// | `bytes`, `bytesN`, `function` | `0x` and hex digits |
/// | `string` | string; bytes that are not UTF-8: `{"hex": "0x.."}` |
/// | `T[]`, `T[n]` | array |
/// | tuple | object by component name if all are named and distinct, else array |
/// | indexed string, bytes, array, tuple | the 32-byte topic; the value is not on the chain |
///
/// An unnamed parameter is `arg0`, `arg1` by position; a repeated name gets `_2`, `_3`; the name of
/// a metadata field (`block_number`, `transaction_hash`, `log_index`, `address`, `timestamp`,
/// `block_hash`, `transaction_index`, `chain_id`, `event_id`) gets a trailing underscore
/// (`docs/protocol.md`, section 4).
///
/// ```
/// use event_streamer_abi::{EventDecoder, parse_event_signature};
/// use event_streamer_models::B256;
///
/// let transfer = parse_event_signature(
///     "event Transfer(address indexed from, address indexed to, uint256 value)",
/// )?;
/// let decoder = EventDecoder::new(&transfer)?;
///
/// let topics: [B256; 3] = [
///     "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef".parse()?,
///     "0x00000000000000000000000000000000000000000000000000000000000000aa".parse()?,
///     "0x00000000000000000000000000000000000000000000000000000000000000bb".parse()?,
/// ];
/// let mut data = [0; 32];
/// data[31] = 7;
/// assert_eq!(
///     decoder.decode_json(&topics, &data)?,
///     concat!(
///         r#"{"from":"0x00000000000000000000000000000000000000aa","#,
///         r#""to":"0x00000000000000000000000000000000000000bb","value":"7"}"#,
///     ),
/// );
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct EventDecoder {
    compiled: Arc<Compiled>,
    strictness: Strictness,
}

#[derive(Debug)]
struct Compiled {
    event: AbiEvent,
    signature: String,
    topic0: Option<B256>,
    types: Vec<AbiType>,
    plan: EventPlan,
}

impl EventDecoder {
    /// Compiles an event.
    ///
    /// # Errors
    /// If the event is not one that a contract can have: its name is no identifier, a type is not
    /// Solidity's, more parameters are indexed than a log has topics, or a bound is exceeded.
    pub fn new(event: &AbiEvent) -> Result<Self, AbiError> {
        let path = Path::of_single("event", &event.name);
        let types = resolve_event(event, &path)?;
        let signature = canonical(&event.name, &types);
        let compiled = Compiled {
            event: event.clone(),
            topic0: (!event.anonymous).then(|| keccak256(signature.as_bytes())),
            signature,
            plan: plan::compile(event, &types, &path)?,
            types,
        };
        Ok(Self {
            compiled: Arc::new(compiled),
            strictness: Strictness::default(),
        })
    }

    /// The same decoder, more or less strict. The default is [`Strictness::Lenient`].
    #[must_use]
    pub fn with_strictness(mut self, strictness: Strictness) -> Self {
        self.strictness = strictness;
        self
    }

    /// The event it was compiled from.
    #[must_use]
    pub fn event(&self) -> &AbiEvent {
        &self.compiled.event
    }

    /// Name of the event.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.compiled.event.name
    }

    /// The canonical signature: `Transfer(address,address,uint256)`.
    #[must_use]
    pub fn signature(&self) -> &str {
        &self.compiled.signature
    }

    /// The first topic of its logs; `None` if the event is anonymous.
    #[must_use]
    pub fn topic0(&self) -> Option<B256> {
        self.compiled.topic0
    }

    /// How many parameters are topics; topic0 is not counted.
    #[must_use]
    pub fn indexed_count(&self) -> usize {
        self.compiled.plan.indexed
    }

    /// Appends the parameters of a log, without braces: `"from":"0x..","to":"0x..","value":"1"`.
    /// Of an event without parameters, nothing.
    ///
    /// `topics` has topic0 in front unless the event is anonymous.
    ///
    /// # Errors
    /// If the log is not one of this event. `out` is then as it was before.
    pub fn write_params(
        &self,
        topics: &[B256],
        data: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), DecodeError> {
        let before = out.len();
        let result = self.write(topics, data, out);
        if result.is_err() {
            out.truncate(before);
        }
        result
    }

    /// The parameters of a log as a JSON object.
    ///
    /// # Errors
    /// As [`write_params`](Self::write_params).
    pub fn decode_json(&self, topics: &[B256], data: &[u8]) -> Result<String, DecodeError> {
        let mut out = b"{".to_vec();
        self.write_params(topics, data, &mut out)?;
        out.push(b'}');
        // Only whole strings were written, so nothing is replaced here.
        Ok(String::from_utf8(out)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }

    /// Whether both make the same of every log: the types with the names in them, the keys, and
    /// which parameters are topics.
    pub(crate) fn reads_like(&self, other: &Self) -> bool {
        let (own, others) = (&*self.compiled, &*other.compiled);
        own.topic0 == others.topic0
            && own.signature == others.signature
            && own.types == others.types
            && own.plan.is_laid_out_like(&others.plan)
            && self.strictness == other.strictness
    }

    fn write(&self, topics: &[B256], data: &[u8], out: &mut Vec<u8>) -> Result<(), DecodeError> {
        let indexed = self.own_topics(topics)?;
        let mut walk = Walk {
            words: Words::new(data),
            json: JsonWriter { out },
            strictness: self.strictness,
        };
        for parameter in &self.compiled.plan.parameters {
            walk.json.raw(&parameter.prefix);
            match &parameter.source {
                Source::Topic { nth, word } => walk.word(*word, indexed[*nth].as_bytes()),
                Source::Data { head, value } => walk.value(value, Head { base: 0, at: *head }),
            }
            .map_err(|error| error.in_parameter(&parameter.key))?;
        }
        walk.finish()
    }

    /// The topics of the parameters, as many as there are indexed ones.
    fn own_topics<'a>(&self, topics: &'a [B256]) -> Result<&'a [B256], DecodeError> {
        let indexed = match (self.compiled.topic0, topics.split_first()) {
            (None, _) => topics,
            (Some(expected), Some((found, indexed))) if *found == expected => indexed,
            (Some(expected), Some((found, _))) => {
                return Err(DecodeError::new(DecodeErrorKind::OtherEvent {
                    found: *found,
                    expected,
                }));
            }
            (Some(_), None) => return Err(self.topic_count(topics.len())),
        };
        if indexed.len() == self.compiled.plan.indexed {
            Ok(indexed)
        } else {
            Err(self.topic_count(topics.len()))
        }
    }

    #[cold]
    fn topic_count(&self, found: usize) -> DecodeError {
        let expected = self.compiled.plan.indexed + usize::from(self.compiled.topic0.is_some());
        DecodeError::new(DecodeErrorKind::TopicCount { found, expected })
    }
}
