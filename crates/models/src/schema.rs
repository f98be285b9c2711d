//! The JSON Schemas of the scalars, for the documents that describe an API.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::{
    Address, B256, BatchId, ConnectionId, EventId, HexBytes, ResponseId, ResumeToken, StartBlock,
    SubscriptionId, Timestamp,
};

/// The schema of a scalar.
macro_rules! scalar {
    ($name:ident, $schema:tt) => {
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

scalar!(Timestamp, {
    "description": "RFC 3339, UTC, milliseconds.",
    "type": "string",
    "format": "date-time",
    "examples": ["2024-05-23T10:30:00.000Z"]
});
scalar!(B256, {
    "description": "32 bytes in hex.",
    "type": "string",
    "pattern": "^0[xX][0-9a-fA-F]{64}$"
});
scalar!(Address, {
    "description": "An address: 20 bytes in hex. Checksums of EIP-55 are not enforced.",
    "type": "string",
    "pattern": "^0[xX][0-9a-fA-F]{40}$"
});
scalar!(HexBytes, {
    "description": "Bytes in hex.",
    "type": "string",
    "pattern": "^0[xX]([0-9a-fA-F]{2})*$"
});
scalar!(SubscriptionId, {
    "description": "The number of a subscription.",
    "type": "integer",
    "format": "uint64",
    "minimum": 1
});
scalar!(ConnectionId, {
    "description": "A stream: `conn_` and a UUID.",
    "type": "string"
});
scalar!(BatchId, {
    "description": "A batch: `batch_` and a UUID.",
    "type": "string"
});
scalar!(ResponseId, {
    "description": "A batch, as older clients call it: a UUID.",
    "type": "string"
});
scalar!(EventId, {
    "description": "`{chain_id}-{block_hash}-{log_index}`",
    "type": "string"
});
scalar!(ResumeToken, {
    "description": "A position, opaque to clients.",
    "type": "string"
});
scalar!(StartBlock, {
    "description": "The first block, or the one after the head at the time of the creation.",
    "oneOf": [
        {"type": "integer", "format": "uint64", "minimum": 0},
        {"type": "string", "const": "latest"}
    ]
});
