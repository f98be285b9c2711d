//! JSON-RPC 2.0 as bytes: requests out, answers in, each matched to its request by id.
//!
//! <https://www.jsonrpc.org/specification>

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// One call before it has an id.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: &'static str,
    pub(crate) params: Value,
}

impl Call {
    pub(crate) fn new(method: &'static str, params: Value) -> Self {
        Self { method, params }
    }

    fn to_json(&self, id: u64) -> Value {
        serde_json::json!({ "jsonrpc": "2.0", "id": id, "method": self.method, "params": self.params })
    }
}

/// The body of a single request.
pub(crate) fn encode(id: u64, call: &Call) -> Vec<u8> {
    call.to_json(id).to_string().into_bytes()
}

/// The body of a batch; the calls get the ids `first_id`, `first_id + 1`, ...
pub(crate) fn encode_batch(first_id: u64, calls: &[Call]) -> Vec<u8> {
    let calls = calls
        .iter()
        .zip(first_id..)
        .map(|(call, id)| call.to_json(id));
    Value::Array(calls.collect()).to_string().into_bytes()
}

/// What a node answered to one call: its result, which may be the JSON text `null`, or a fault.
pub(crate) type Answer<'a> = Result<&'a RawValue, Fault>;

/// Why one call has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The node says no.
    Node {
        code: i64,
        /// The message, and the `data` if that is a text too.
        message: String,
    },
    /// What came is no answer to the call.
    Protocol(String),
}

impl Fault {
    fn protocol(message: impl Into<String>) -> Self {
        Self::Protocol(message.into())
    }
}

/// The answer to a single request.
pub(crate) fn decode(id: u64, body: &[u8]) -> Answer<'_> {
    let envelope: Envelope<'_> =
        serde_json::from_slice(body).map_err(|error| Fault::protocol(error.to_string()))?;
    match envelope.id() {
        Some(answered) if answered == id => envelope.into_answer(),
        // A node that could not read the request answers with the id null.
        None if envelope.error.is_some() => envelope.into_answer(),
        _ => Err(Fault::protocol("the answer's id is not the request's")),
    }
}

/// The answers to a batch, in the order of its calls whatever the order of the answers.
///
/// # Errors
///
/// If the batch was refused as a whole, or the body is no array.
pub(crate) fn decode_batch(
    first_id: u64,
    count: usize,
    body: &[u8],
) -> Result<Vec<Answer<'_>>, Fault> {
    let is_array = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    if !is_array {
        let refusal: Envelope<'_> =
            serde_json::from_slice(body).map_err(|error| Fault::protocol(error.to_string()))?;
        return Err(refusal
            .into_answer()
            .err()
            .unwrap_or_else(|| Fault::protocol("a batch was answered by a single result")));
    }
    let envelopes: Vec<Envelope<'_>> =
        serde_json::from_slice(body).map_err(|error| Fault::protocol(error.to_string()))?;

    let mut answers: Vec<Option<Answer<'_>>> = Vec::new();
    answers.resize_with(count, || None);
    for envelope in envelopes {
        let index = envelope.id().and_then(|id| id.checked_sub(first_id));
        let slot = index
            .and_then(|it| usize::try_from(it).ok())
            .and_then(|it| answers.get_mut(it));
        // An answer to a question that was not asked helps nobody.
        let Some(slot) = slot else { continue };
        *slot = Some(match slot {
            None => envelope.into_answer(),
            Some(_) => Err(Fault::protocol("a batch's call was answered twice")),
        });
    }
    let missing = || Err(Fault::protocol("a batch's call was not answered"));
    Ok(answers
        .into_iter()
        .map(|it| it.unwrap_or_else(missing))
        .collect())
}

/// True if the body is a JSON-RPC error, which some nodes send with an HTTP error status.
pub(crate) fn is_error(body: &[u8]) -> bool {
    serde_json::from_slice::<Envelope<'_>>(body).is_ok_and(|it| it.error.is_some())
}

/// One answer, as lenient as is safe: unknown members are passed over.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    /// `Some` also for the value `null`, which is a result.
    #[serde(borrow, default, deserialize_with = "even_null")]
    result: Option<&'a RawValue>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
}

fn even_null<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<&'de RawValue>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}

impl<'a> Envelope<'a> {
    /// The id, which some nodes give back as a text.
    fn id(&self) -> Option<u64> {
        self.id?.get().trim_matches('"').parse().ok()
    }

    fn into_answer(self) -> Answer<'a> {
        match (self.result, self.error) {
            (_, Some(error)) => Err(fault_of(error)),
            (Some(result), None) => Ok(result),
            (None, None) => Err(Fault::protocol("the answer has neither result nor error")),
        }
    }
}

/// Reads an error object; nodes leave members out and give the code as a text.
fn fault_of(error: &RawValue) -> Fault {
    /// What is larger is no message for people.
    const MAX_BYTES: usize = 64 * 1024;
    if error.get().len() > MAX_BYTES {
        return Fault::protocol("the error object is larger than 64 KiB");
    }
    let Ok(error) = serde_json::from_str::<Value>(error.get()) else {
        return Fault::protocol("the error object is not valid JSON");
    };
    let code = match &error["code"] {
        Value::String(code) => code.parse().unwrap_or(0),
        code => code.as_i64().unwrap_or(0),
    };
    let mut message = match (&error["message"], &error) {
        (Value::String(message), _) | (_, Value::String(message)) => message.clone(),
        _ => String::new(),
    };
    if let Value::String(data) = &error["data"] {
        message.push_str(": ");
        message.push_str(data);
    }
    Fault::Node { code, message }
}

#[cfg(test)]
mod tests;
