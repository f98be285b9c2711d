//! Events out of a contract's ABI.

use event_streamer_models::{AbiEvent, AbiInput};

use super::document::read_elements;
use super::element::Element;
use crate::error::{AbiError, AbiErrorKind, excerpt_of, quoted};
use crate::human::{human_signature, parse_event_signature};
use crate::signature::canonical_signature;

/// Every event of an ABI, in the order of the file, overloads kept.
///
/// `json` is the array of ABI elements, or an artefact of Hardhat, Foundry or Truffle that has it
/// under `abi`, or an explorer's answer that has it as a string in `result`.
///
/// # Errors
/// If the document is not one of these, or an event in it is faulty: the error names the element
/// and the place in it. Elements other than events need a `type` and nothing else.
///
/// ```
/// use event_streamer_abi::extract_abi_events;
///
/// let artefact = r#"{"contractName": "Vault", "bytecode": "0x60", "abi": [
///     {"type": "constructor", "inputs": []},
///     {"type": "event", "name": "Paused", "inputs": []},
///     {"type": "event", "name": "Paid", "inputs": [{"name": "to", "type": "address", "indexed": true}]}
/// ]}"#;
/// let names: Vec<_> = extract_abi_events(artefact)?.into_iter().map(|event| event.name).collect();
/// assert_eq!(names, ["Paused", "Paid"]);
/// # Ok::<_, event_streamer_abi::AbiError>(())
/// ```
pub fn extract_abi_events(json: &str) -> Result<Vec<AbiEvent>, AbiError> {
    let elements = read_elements(json)?;
    let mut events = Vec::new();
    for (index, value) in elements.iter().enumerate() {
        let element = Element::new(index, value)?;
        if element.kind == "event" {
            events.push(element.read_event(events.len())?);
        }
    }
    Ok(events)
}

/// The event called `name`.
///
/// Of overloaded events one is chosen by its signature, `Dup(uint256,address)`; where even that is
/// shared by events that index different parameters, by `Dup(uint256 indexed, address)`.
///
/// # Errors
/// As [`extract_abi_events`]; [`AbiErrorKind::NotFound`] lists the events that there are, and
/// [`AbiErrorKind::Ambiguous`] the ones that `name` could mean.
///
/// ```
/// use event_streamer_abi::{AbiErrorKind, extract_abi_event};
///
/// let abi = r#"[
///     {"type": "event", "name": "Dup", "inputs": [{"name": "a", "type": "uint256"}]},
///     {"type": "event", "name": "Dup", "inputs": [{"name": "b", "type": "address"}]}
/// ]"#;
/// assert_eq!(extract_abi_event(abi, "Dup(address)")?.inputs[0].name.as_deref(), Some("b"));
/// assert_eq!(extract_abi_event(abi, "Dup").unwrap_err().kind(), AbiErrorKind::Ambiguous);
/// # Ok::<_, event_streamer_abi::AbiError>(())
/// ```
pub fn extract_abi_event(json: &str, name: &str) -> Result<AbiEvent, AbiError> {
    let events = extract_abi_events(json)?;
    let mut found = Candidates::matching(&events, name)?;
    found.drop_repeated();
    match found.0.as_slice() {
        [event] => Ok((*event).clone()),
        [] => {
            let message = format!(
                "no event {} in the ABI; it has {}",
                quoted(name),
                listed(events.iter())?
            );
            Err(AbiError::new(AbiErrorKind::NotFound, message))
        }
        several => {
            let several = listed(several.iter().copied())?;
            let message = format!(
                "{} stands for several events, name one by its signature: {several}",
                quoted(name)
            );
            Err(AbiError::new(AbiErrorKind::Ambiguous, message))
        }
    }
}

/// The events that a name may stand for.
struct Candidates<'a>(Vec<&'a AbiEvent>);

impl<'a> Candidates<'a> {
    fn matching(events: &'a [AbiEvent], name: &str) -> Result<Self, AbiError> {
        if !name.contains('(') {
            return Ok(Self(
                events
                    .iter()
                    .filter(|event| event.name == name.trim())
                    .collect(),
            ));
        }
        let wanted = parse_event_signature(name)?;
        let signature = canonical_signature(&wanted)?;
        let mut found = Vec::new();
        for event in events.iter().filter(|event| event.name == wanted.name) {
            if canonical_signature(event)? == signature {
                found.push(event);
            }
        }
        // Only a signature that says `indexed` somewhere can say it of the right parameters.
        if found.len() > 1 && indexed_mask(&wanted).contains(&true) {
            found.retain(|event| indexed_mask(event) == indexed_mask(&wanted));
        }
        Ok(Self(found))
    }

    /// Merged ABIs (proxies, diamonds) carry one event several times: any of them will do.
    fn drop_repeated(&mut self) {
        if let Some((first, rest)) = self.0.split_first() {
            let same = |event: &&AbiEvent| {
                event.anonymous == first.anonymous
                    && indexed_mask(event) == indexed_mask(first)
                    && canonical_signature(event) == canonical_signature(first)
            };
            if rest.iter().all(same) {
                self.0.truncate(1);
            }
        }
    }
}

fn indexed_mask(event: &AbiEvent) -> Vec<bool> {
    event.inputs.iter().map(AbiInput::is_indexed).collect()
}

/// The events by their signatures, as far as a message has room.
fn listed<'a>(events: impl ExactSizeIterator<Item = &'a AbiEvent>) -> Result<String, AbiError> {
    const SHOWN: usize = 20;
    // Long enough to copy and choose by.
    const LONGEST: usize = 400;
    let more = events.len().saturating_sub(SHOWN);
    let mut signatures = Vec::new();
    for event in events.take(SHOWN) {
        let signature = human_signature(event)?;
        let signature = signature.trim_start_matches("event ");
        signatures.push(format!("`{}`", excerpt_of(signature, LONGEST)));
    }
    Ok(match (signatures.len(), more) {
        (0, _) => "no events".to_owned(),
        (_, 0) => signatures.join(", "),
        (_, more) => format!("{} and {more} more", signatures.join(", ")),
    })
}
