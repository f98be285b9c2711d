//! The logs of one event.

use std::hash::Hash;
use std::sync::Arc;

use event_streamer_models::{AbiEvent, B256};
use serde::Deserialize;

use super::error::{DecodeError, DecodeErrorKind};
use super::json::{all_or_nothing, json_object};
use super::parameters::Parameters;
use super::strictness::Strictness;
use crate::distinct::Alike;
use crate::encode::EncodeError;
use crate::error::AbiError;
use crate::keccak::keccak256;
use crate::path::Path;
use crate::resolve::resolve_event;
use crate::signature::canonical;
use crate::value::AbiValue;

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
    parameters: Parameters,
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
            parameters: Parameters::of_event(&event.inputs, types, &path)?,
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
        self.compiled.parameters.indexed()
    }

    /// The key of each parameter in the JSON, in order, and whether the parameter is a topic.
    pub fn parameters(&self) -> impl ExactSizeIterator<Item = (&str, bool)> {
        self.compiled.parameters.keys()
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
        all_or_nothing(out, |out| self.write(topics, data, out))
    }

    /// The parameters of a log as a JSON object.
    ///
    /// # Errors
    /// As [`write_params`](Self::write_params).
    pub fn decode_json(&self, topics: &[B256], data: &[u8]) -> Result<String, DecodeError> {
        json_object(|out| self.write(topics, data, out))
    }

    /// The values of a log's parameters in order.
    ///
    /// ```
    /// use event_streamer_abi::{AbiValue, EventDecoder, parse_event_signature};
    ///
    /// let event = parse_event_signature("Named(uint8 indexed id, string name)")?;
    /// let decoder = EventDecoder::new(&event)?;
    /// let values = [AbiValue::from(7_u64), AbiValue::from("seven")];
    /// # let mut data = [0; 96];
    /// # data[31] = 32;
    /// # data[63] = 5;
    /// # data[64..69].copy_from_slice(b"seven");
    /// # let mut id = [0; 32];
    /// # id[31] = 7;
    /// # let topics = [decoder.topic0().unwrap(), id.into()];
    /// assert_eq!(decoder.decode_values(&topics, &data)?, values);
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`write_params`](Self::write_params).
    pub fn decode_values(
        &self,
        topics: &[B256],
        data: &[u8],
    ) -> Result<Vec<AbiValue>, DecodeError> {
        let topics = self.own_topics(topics)?;
        self.compiled
            .parameters
            .values(topics, data, self.strictness)
    }

    /// The parameters of a log as any type that `serde` can fill.
    ///
    /// A struct or map gets them by their keys, a tuple by position. Strings and `bytes` can be
    /// borrowed from the data (`&str`, `&[u8]`); integers go into the machine's integers if they fit,
    /// and into texts; `bytesN` and addresses into arrays of bytes too. Every other type gets what
    /// the JSON has. Parameters that the type has no place for are checked and left out.
    ///
    /// # Errors
    /// As [`write_params`](Self::write_params), and [`DecodeErrorKind::Target`] if the type does not
    /// take a value.
    ///
    /// ```
    /// use event_streamer_abi::{EventDecoder, parse_event_signature};
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Named<'a> {
    ///     id: u32,
    ///     name: &'a str,
    /// }
    ///
    /// let decoder = EventDecoder::new(&parse_event_signature("Named(uint32 id, string name)")?)?;
    /// let mut data = [0; 128];
    /// data[31] = 7;
    /// data[63] = 64; // where the string begins
    /// data[95] = 5; // how long it is
    /// data[96..101].copy_from_slice(b"seven");
    /// let topics = [decoder.topic0().unwrap()];
    /// let named: Named<'_> = decoder.decode_as(&topics, &data)?;
    /// assert_eq!((named.id, named.name), (7, "seven"));
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn decode_as<'de, T: Deserialize<'de>>(
        &self,
        topics: &'de [B256],
        data: &'de [u8],
    ) -> Result<T, DecodeError> {
        let topics = self.own_topics(topics)?;
        self.compiled
            .parameters
            .deserialize(topics, data, self.strictness)
    }

    /// The topics, with topic0 unless the event is anonymous, and the data of a log with these
    /// values, as a contract would emit it. Decoding gives the values back, except that of an
    /// indexed string, bytes, array or tuple only the [hash](AbiValue::Hash) is left; a hash may
    /// also be given for one.
    ///
    /// # Errors
    /// If there are more or fewer values than parameters, or one is not of its parameter's type.
    ///
    /// ```
    /// use event_streamer_abi::{AbiValue, EventDecoder, parse_event_signature};
    ///
    /// let decoder = EventDecoder::new(&parse_event_signature("Named(uint8 indexed id, string name)")?)?;
    /// let values = [AbiValue::from(7_u64), AbiValue::from("seven")];
    /// let (topics, data) = decoder.encode_log(&values)?;
    /// assert_eq!((topics.len(), data.len()), (2, 96));
    /// assert_eq!(decoder.decode_values(&topics, &data)?, values);
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn encode_log(&self, values: &[AbiValue]) -> Result<(Vec<B256>, Vec<u8>), EncodeError> {
        let (indexed, data) = self.compiled.parameters.encode(values)?;
        let mut topics = Vec::from(self.compiled.topic0.as_slice());
        topics.extend(indexed);
        Ok((topics, data))
    }

    /// The topics that logs of this event have whose indexed parameters have one of these values,
    /// by position, as `eth_getLogs` takes them: an empty list is any topic.
    ///
    /// A parameter that is given several times may have any of its values. The first position is
    /// topic0, unless the event is anonymous.
    ///
    /// # Errors
    /// If the event has no indexed parameter of a name, or a value is not of its type.
    ///
    /// ```
    /// use event_streamer_abi::{EventDecoder, parse_event_signature};
    /// use event_streamer_models::Address;
    ///
    /// let decoder = EventDecoder::new(&parse_event_signature(
    ///     "Transfer(address indexed from, address indexed to, uint256 value)",
    /// )?)?;
    /// let [alice, bob] = [Address::from([0xa; 20]), Address::from([0xb; 20])];
    /// let topics = decoder.topics_for([("to", alice.into()), ("to", bob.into())])?;
    /// assert_eq!(topics.each_ref().map(Vec::len), [1, 0, 2, 0]);
    /// assert_eq!(topics[0], [decoder.topic0().unwrap()]);
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn topics_for<'a>(
        &self,
        values: impl IntoIterator<Item = (&'a str, AbiValue)>,
    ) -> Result<[Vec<B256>; 4], EncodeError> {
        let mut topics = <[Vec<B256>; 4]>::default();
        topics[0].extend(self.compiled.topic0);
        let first = topics[0].len();
        for (key, value) in values {
            let (nth, topic) = self.compiled.parameters.topic(key, &value)?;
            // No event compiles that has more indexed parameters than a log has topics.
            if let Some(accepted) = topics.get_mut(first + nth)
                && !accepted.contains(&topic)
            {
                accepted.push(topic);
            }
        }
        Ok(topics)
    }

    fn write(&self, topics: &[B256], data: &[u8], out: &mut Vec<u8>) -> Result<(), DecodeError> {
        let topics = self.own_topics(topics)?;
        self.compiled
            .parameters
            .write_json(topics, data, self.strictness, out)
    }

    /// The topics of the parameters, as many as there are indexed ones.
    fn own_topics<'a>(&self, topics: &'a [B256]) -> Result<&'a [B256], DecodeError> {
        let indexed = self.compiled.parameters.indexed();
        indexed_topics(topics, self.compiled.topic0, indexed)
    }
}

/// Alike are decoders that make the same of every log.
impl Alike for EventDecoder {
    fn likeness(&self) -> impl Hash {
        self.compiled.parameters.likeness()
    }

    fn is_like(&self, other: &Self) -> bool {
        let (own, others) = (&*self.compiled, &*other.compiled);
        own.topic0 == others.topic0
            && own.signature == others.signature
            && own.parameters.likeness() == others.parameters.likeness()
            && self.strictness == other.strictness
    }
}

/// The topics of the parameters, `indexed` of them, if the log is one of an event with this topic0.
#[inline]
pub(crate) fn indexed_topics(
    topics: &[B256],
    topic0: Option<B256>,
    indexed: usize,
) -> Result<&[B256], DecodeError> {
    let own = match (topic0, topics) {
        (None, own) => own,
        (Some(expected), [found, own @ ..]) if *found == expected => own,
        (Some(expected), _) => return Err(other_event(topics, expected, indexed)),
    };
    if own.len() == indexed {
        Ok(own)
    } else {
        let expected = indexed + usize::from(topic0.is_some());
        Err(topic_count(topics.len(), expected))
    }
}

#[cold]
fn other_event(topics: &[B256], expected: B256, indexed: usize) -> DecodeError {
    match topics.first() {
        Some(found) => DecodeError::new(DecodeErrorKind::OtherEvent {
            found: *found,
            expected,
        }),
        None => topic_count(0, indexed + 1),
    }
}

#[cold]
fn topic_count(found: usize, expected: usize) -> DecodeError {
    DecodeError::new(DecodeErrorKind::TopicCount { found, expected })
}
