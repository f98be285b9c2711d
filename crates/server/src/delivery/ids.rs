//! The ids of a connection's batches.
//!
//! A batch id is a UUID (version 8, RFC 9562: free form) of random bits of the connection and the
//! batch's sequence number. So which batch an id means is arithmetic: a connection remembers no
//! ids, however many batches it has sent, and still tells a repeated acknowledgement from an
//! unknown batch.

use event_streamer_models::{BatchId, ResponseId};
use uuid::{Builder, Uuid, Variant, Version};

const BATCH_PREFIX: &str = "batch_";
/// The two highest bits of the lower half belong to the UUID's variant.
const SEQUENCE_BITS: u64 = u64::MAX >> 2;

/// Makes and recognises the ids of one connection.
#[derive(Debug)]
pub(crate) struct MessageIds {
    batches: u64,
    responses: u64,
}

impl MessageIds {
    pub(crate) fn random() -> Self {
        let random = || Uuid::new_v4().as_u64_pair().0;
        Self {
            batches: random(),
            responses: random(),
        }
    }

    pub(crate) fn batch_id(&self, sequence: u64) -> BatchId {
        BatchId::from(format!(
            "{BATCH_PREFIX}{}",
            numbered(self.batches, sequence)
        ))
    }

    pub(crate) fn response_id(&self, sequence: u64) -> ResponseId {
        ResponseId::from(numbered(self.responses, sequence).to_string())
    }

    /// The sequence number in a batch id, if it is one of this connection's.
    pub(crate) fn sequence_of_batch(&self, id: &str) -> Option<u64> {
        number(self.batches, id.strip_prefix(BATCH_PREFIX)?)
    }

    /// The sequence number in a response id, if it is one of this connection's.
    pub(crate) fn sequence_of_response(&self, id: &str) -> Option<u64> {
        number(self.responses, id)
    }
}

fn numbered(seed: u64, sequence: u64) -> Uuid {
    let bits = (u128::from(seed) << 64) | u128::from(sequence & SEQUENCE_BITS);
    Builder::from_u128(bits)
        .with_version(Version::Custom)
        .with_variant(Variant::RFC4122)
        .into_uuid()
}

fn number(seed: u64, text: &str) -> Option<u64> {
    let uuid = Uuid::try_parse(text).ok()?;
    let sequence = uuid.as_u64_pair().1 & SEQUENCE_BITS;
    (numbered(seed, sequence) == uuid).then_some(sequence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_recognised_by_their_connection_only() {
        let (ours, theirs) = (MessageIds::random(), MessageIds::random());
        for sequence in [1, 2, 77, SEQUENCE_BITS] {
            let (batch, response) = (ours.batch_id(sequence), ours.response_id(sequence));
            assert_eq!(ours.sequence_of_batch(batch.as_str()), Some(sequence));
            assert_eq!(ours.sequence_of_response(response.as_str()), Some(sequence));
            assert_eq!(theirs.sequence_of_batch(batch.as_str()), None);
            assert_eq!(ours.sequence_of_response(batch.as_str()), None);
            assert_eq!(ours.sequence_of_batch(&format!("batch_{response}")), None);
        }
    }

    #[test]
    fn a_batch_id_is_a_prefixed_uuid() {
        let id = MessageIds::random().batch_id(5);
        let uuid = Uuid::parse_str(id.as_str().strip_prefix("batch_").unwrap()).unwrap();
        assert_eq!(uuid.get_version_num(), 8);
        assert_eq!(uuid.get_variant(), Variant::RFC4122);
        assert!(id.as_str().ends_with("-8000-000000000005"), "{id}");
    }

    #[test]
    fn other_texts_are_no_ids() {
        let ids = MessageIds::random();
        for text in [
            "",
            "batch_",
            "batch_7",
            "conn_00000000-0000-4000-8000-000000000000",
        ] {
            assert_eq!(ids.sequence_of_batch(text), None, "{text:?}");
        }
    }
}
