//! Makes an object from a schema: what another service might send.

use serde_json::{Map, Value, json};

use crate::schema::Schemas;

/// How much of a model an object has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Required fields only, and `null` and empty lists where these are allowed.
    Minimal,
    /// Every field, one entry in every list and map, and a field in every model that no version
    /// knows.
    Maximal,
}

/// The field that no version knows.
pub(crate) const UNKNOWN_FIELD: &str = "unknown_field";

/// Lists inside lists of the same model end at this depth.
const MAX_DEPTH: usize = 6;

/// An object of a model. The schemas say `string` for hashes and times; [`text_of`] knows more.
pub(crate) fn object(schemas: &Schemas, model: &str, extent: Extent) -> Value {
    let generator = Generator { schemas, extent };
    let mut object = generator.value(schemas.model(model), model, 0);
    // The schemas of these two call their type a string.
    match model {
        "StreamingHeartbeat" => object["type"] = json!("heartbeat"),
        "StreamingError" => object["type"] = json!("error"),
        _ => {}
    }
    object
}

struct Generator<'a> {
    schemas: &'a Schemas,
    extent: Extent,
}

impl Generator<'_> {
    fn value(&self, schema: &Value, field: &str, depth: usize) -> Value {
        let schema = self.schemas.resolve(schema);
        if let Some(alternatives) = schema.get("anyOf").and_then(Value::as_array) {
            return self.value(self.choose(alternatives, depth), field, depth);
        }
        if let Some(constant) = schema.get("const") {
            return constant.clone();
        }
        match schema.get("type").and_then(Value::as_str) {
            None => json!({"anything": [1, "a", null]}),
            Some("null") => Value::Null,
            Some("boolean") => json!(true),
            Some("integer") => {
                json!(schema.get("minimum").and_then(Value::as_u64).unwrap_or(7) + 1)
            }
            Some("number") => json!(0.5),
            Some("string") => json!(text_of(schema, field)),
            Some("array") => self.list(schema, field, depth),
            Some("object") => self.object(schema, field, depth),
            Some(other) => panic!("{field}: no value of type {other}"),
        }
    }

    /// The alternatives are a type and `null`.
    fn choose<'a>(&self, alternatives: &'a [Value], depth: usize) -> &'a Value {
        let null = alternatives
            .iter()
            .find(|schema| schema.get("type") == Some(&json!("null")));
        match (self.extent, null) {
            (Extent::Minimal, Some(null)) => null,
            (Extent::Maximal, Some(null)) if depth >= MAX_DEPTH => null,
            _ => &alternatives[0],
        }
    }

    fn list(&self, schema: &Value, field: &str, depth: usize) -> Value {
        match self.extent {
            Extent::Minimal => json!([]),
            Extent::Maximal if depth >= MAX_DEPTH => json!([]),
            Extent::Maximal => json!([self.value(&schema["items"], field, depth + 1)]),
        }
    }

    fn object(&self, schema: &Value, field: &str, depth: usize) -> Value {
        let mut object = Map::new();
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            let required = schema.get("required").and_then(Value::as_array);
            for (name, property) in properties {
                let is_required = required.is_some_and(|all| all.contains(&json!(name)));
                if is_required || self.extent == Extent::Maximal {
                    object.insert(name.clone(), self.value(property, name, depth + 1));
                }
            }
            if self.extent == Extent::Maximal {
                object.insert(UNKNOWN_FIELD.to_owned(), json!({"a": [1, null, "b"]}));
            }
        } else if self.extent == Extent::Maximal {
            let entry = self.value(&schema["additionalProperties"], field, depth + 1);
            object.insert(key_of(field).to_owned(), entry);
        }
        Value::Object(object)
    }
}

/// The text of a field that the schema only calls a string.
fn text_of(schema: &Value, field: &str) -> String {
    if let Some(default) = schema.get("default").and_then(Value::as_str) {
        return default.to_owned();
    }
    match field {
        "address" | "addresses" | "transaction_from" | "transaction_to" => {
            format!("0x{}", "a1".repeat(20))
        }
        "topic0" | "transaction_hash" => format!("0x{}", "b2".repeat(32)),
        "timestamp" | "server_timestamp" | "created_at" | "updated_at" | "established_at"
        | "last_failure_time" | "last_success_time" | "last_updated" | "last_refresh"
        | "last_heartbeat" => "2024-05-23T10:30:00.000Z".to_owned(),
        other => format!("any {other}"),
    }
}

/// Keys of maps are free, except of the one map that is keyed by chain id.
fn key_of(field: &str) -> &'static str {
    match field {
        "chains" => "8",
        _ => "any key",
    }
}
