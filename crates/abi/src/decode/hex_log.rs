//! Logs as a node sends them: topics and data in hex digits.

use event_streamer_models::{B256, ParseError, hex};

use super::error::{DecodeError, DecodeErrorKind};

/// Most topics of a log.
const MAX_TOPICS: usize = 4;

/// A buffer for logs that come as hex text, the `topics` and the `data` of a JSON-RPC log.
///
/// One buffer serves any number of logs, one after the other: it grows to the longest data and is
/// not allocated again.
///
/// ```
/// use event_streamer_abi::{EventDecoder, HexLog, parse_event_signature};
///
/// let decoder = EventDecoder::new(&parse_event_signature("Paid(address indexed to, uint256 amount)")?)?;
/// let topic0 = decoder.topic0().unwrap().to_string();
/// let to = format!("0x{:0>64}", "aa");
/// let amount = format!("0x{:0>64}", "7");
///
/// let mut buffer = HexLog::new();
/// let (topics, data) = buffer.read(&[topic0.as_str(), &to], &amount)?;
/// assert!(decoder.decode_json(topics, data)?.ends_with(r#""amount":"7"}"#));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct HexLog {
    topics: [B256; MAX_TOPICS],
    data: Vec<u8>,
}

impl HexLog {
    /// An empty buffer; nothing is allocated yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Topics and data of a log as bytes.
    ///
    /// Every text has `0x` in front; digits of both cases are read.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Hex`] if a text is not hex or a topic not 32 bytes,
    /// [`DecodeErrorKind::TooManyTopics`] if there are more than four.
    pub fn read<T: AsRef<str>>(
        &mut self,
        topics: &[T],
        data: &str,
    ) -> Result<(&[B256], &[u8]), DecodeError> {
        let Some(room) = self.topics.get_mut(..topics.len()) else {
            return Err(DecodeError::new(DecodeErrorKind::TooManyTopics {
                found: topics.len(),
            }));
        };
        for (nth, (topic, room)) in topics.iter().zip(&mut *room).enumerate() {
            let text = topic.as_ref();
            let read = digits(text).is_some_and(|digits| hex::read(digits, &mut room.0));
            if !read {
                return Err(not_a_topic(nth, text));
            }
        }
        let Some(digits) = digits(data).filter(|digits| digits.len().is_multiple_of(2)) else {
            return Err(not_data(data));
        };
        self.data.resize(digits.len() / 2, 0);
        if !hex::read(digits, &mut self.data) {
            return Err(not_data(data));
        }
        Ok((room, &self.data))
    }
}

/// What follows the `0x`.
fn digits(text: &str) -> Option<&[u8]> {
    let text = text.as_bytes();
    text.strip_prefix(b"0x").or(text.strip_prefix(b"0X"))
}

#[cold]
fn not_a_topic(nth: usize, text: &str) -> DecodeError {
    let fault = text.parse::<B256>().err();
    hex_fault(format!("topics[{nth}]"), fault)
}

#[cold]
fn not_data(text: &str) -> DecodeError {
    hex_fault("data".to_owned(), hex::decode(text).err())
}

/// Both readers agree on what is hex, so that there is always a fault.
fn hex_fault(place: String, fault: Option<ParseError>) -> DecodeError {
    let fault = fault.map(|fault| fault.to_string()).unwrap_or_default();
    DecodeError::new(DecodeErrorKind::Hex { place, fault })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NO_TOPICS: [&str; 0] = [];

    fn fault(topics: &[&str], data: &str) -> String {
        HexLog::new().read(topics, data).unwrap_err().to_string()
    }

    #[test]
    fn what_is_not_hex_says_which_text_it_is() {
        let topic = B256::ZERO.to_string();
        assert_eq!(
            fault(&[&topic, &topic[..65]], "0x"),
            format!(
                "`topics[1]` is not hex: expected 32 bytes (0x and 64 hex digits), found 63 hex \
                 digits in \"{}…\"",
                &topic[..48]
            ),
        );
        for data in ["", "00", "0x0", "0xg0", "x", "0x0é"] {
            let text = fault(&[], data);
            assert!(
                text.starts_with("`data` is not hex: expected bytes"),
                "{text}"
            );
        }
        let error = HexLog::new().read(&[topic.as_str(); 5], "0x").unwrap_err();
        assert_eq!(*error.kind(), DecodeErrorKind::TooManyTopics { found: 5 });
    }

    #[test]
    fn a_buffer_forgets_what_it_held() {
        let mut buffer = HexLog::new();
        let topic = B256([0xab; 32]).to_string().to_uppercase();
        let topic = [topic.as_str(); 2];
        let (topics, data) = buffer.read(&topic, "0XaBcD").unwrap();
        assert_eq!(
            (topics, data),
            (&[B256([0xab; 32]); 2][..], &[0xab, 0xcd][..])
        );
        let (topics, data) = buffer.read(&NO_TOPICS, "0x").unwrap();
        assert!(topics.is_empty() && data.is_empty());
    }

    proptest! {
        #[test]
        fn data_is_read_as_it_was_written(bytes: Vec<u8>) {
            let mut buffer = HexLog::new();
            let text = hex::encode(&bytes);
            prop_assert_eq!(buffer.read(&NO_TOPICS, &text).unwrap().1, bytes);
        }

        #[test]
        fn every_text_is_read_as_models_reads_it(text in "0x[0-9a-fA-Fg]{0,8}|.{0,5}") {
            let mut buffer = HexLog::new();
            let ours = buffer.read(&NO_TOPICS, &text).ok().map(|(_, data)| data.to_vec());
            prop_assert_eq!(ours, hex::decode(&text).ok());
        }
    }
}
