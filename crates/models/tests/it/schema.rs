//! A checker for the part of JSON Schema that the reference schemas use.

use serde_json::{Map, Value};

/// The reference schemas: `$defs` by model name.
pub(crate) struct Schemas {
    definitions: Map<String, Value>,
}

impl Schemas {
    pub(crate) fn reference() -> Self {
        let text = include_str!("../data/reference-schemas.json");
        let mut root: Value = serde_json::from_str(text).unwrap();
        let Value::Object(definitions) = root["$defs"].take() else {
            panic!("the reference schemas have no $defs");
        };
        Self { definitions }
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.definitions.keys().map(String::as_str)
    }

    pub(crate) fn model(&self, name: &str) -> &Value {
        self.definitions
            .get(name)
            .unwrap_or_else(|| panic!("the reference has no model {name}"))
    }

    /// The names of the fields of a model.
    pub(crate) fn fields(&self, name: &str) -> impl Iterator<Item = &str> {
        self.model(name)["properties"]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
    }

    /// The fields of a model that must be there.
    pub(crate) fn required(&self, name: &str) -> impl Iterator<Item = &str> {
        let required = self.model(name)["required"].as_array();
        required.into_iter().flatten().filter_map(Value::as_str)
    }

    /// What a `$ref` points to; any other schema is itself.
    pub(crate) fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(reference) => self.model(reference.strip_prefix("#/$defs/").unwrap()),
            None => schema,
        }
    }

    /// Every fault of a value as the model, each with its path.
    pub(crate) fn faults(&self, model: &str, value: &Value) -> Vec<String> {
        let mut faults = Vec::new();
        self.check(self.model(model), value, model, &mut faults);
        faults
    }

    fn check(&self, schema: &Value, value: &Value, path: &str, faults: &mut Vec<String>) {
        let schema = self.resolve(schema);
        let Some(keywords) = schema.as_object() else {
            // `true` allows everything.
            assert_eq!(schema, &Value::Bool(true), "{path}: not a schema");
            return;
        };
        for (keyword, argument) in keywords {
            let fault = match keyword.as_str() {
                "default" | "properties" | "additionalProperties" | "items" => None,
                "type" => wrong_type(argument, value),
                "const" => (argument != value).then(|| format!("is not {argument}")),
                "required" => missing_fields(argument, value),
                "anyOf" => self.no_alternative(argument, value, path),
                "minimum" | "maximum" | "minLength" | "maxLength" => {
                    outside(keyword, argument, value)
                }
                other => panic!("{path}: the checker does not know {other}"),
            };
            faults.extend(fault.map(|fault| format!("{path} {fault}: {value}")));
        }
        self.check_children(keywords, value, path, faults);
    }

    fn check_children(
        &self,
        keywords: &Map<String, Value>,
        value: &Value,
        path: &str,
        faults: &mut Vec<String>,
    ) {
        for (index, item) in value.as_array().into_iter().flatten().enumerate() {
            if let Some(schema) = keywords.get("items") {
                self.check(schema, item, &format!("{path}[{index}]"), faults);
            }
        }
        for (name, field) in value.as_object().into_iter().flatten() {
            let known = keywords.get("properties").and_then(|all| all.get(name));
            if let Some(schema) = known.or_else(|| keywords.get("additionalProperties")) {
                self.check(schema, field, &format!("{path}.{name}"), faults);
            }
        }
    }

    fn no_alternative(&self, alternatives: &Value, value: &Value, path: &str) -> Option<String> {
        let fits = |schema: &Value| {
            let mut faults = Vec::new();
            self.check(schema, value, path, &mut faults);
            faults.is_empty()
        };
        let any = alternatives.as_array().unwrap().iter().any(fits);
        (!any).then(|| "is none of the alternatives".to_owned())
    }
}

fn wrong_type(expected: &Value, value: &Value) -> Option<String> {
    let expected = expected.as_str().unwrap();
    let right = match expected {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the checker does not know the type {other}"),
    };
    (!right).then(|| format!("is no {expected}"))
}

fn missing_fields(required: &Value, value: &Value) -> Option<String> {
    let object = value.as_object()?;
    let required = required.as_array().unwrap().iter();
    let missing: Vec<_> = required
        .filter_map(Value::as_str)
        .filter(|name| !object.contains_key(*name))
        .collect();
    (!missing.is_empty()).then(|| format!("lacks {}", missing.join(", ")))
}

fn outside(keyword: &str, bound: &Value, value: &Value) -> Option<String> {
    let bound = bound.as_i64().unwrap();
    let measured = match keyword {
        "minimum" | "maximum" => value.as_i64()?,
        _ => i64::try_from(value.as_str()?.chars().count()).unwrap(),
    };
    let outside = if keyword.starts_with("min") {
        measured < bound
    } else {
        measured > bound
    };
    outside.then(|| format!("is outside of {keyword} {bound}"))
}

mod tests {
    use serde_json::json;

    use super::*;

    fn faults(schema: &Value, value: &Value) -> Vec<String> {
        let schemas = Schemas::reference();
        let mut faults = Vec::new();
        schemas.check(schema, value, "$", &mut faults);
        faults
    }

    #[test]
    fn the_checker_finds_every_kind_of_fault() {
        let wrong = [
            (json!({"type": "integer"}), json!(1.5), "$ is no integer"),
            (json!({"type": "string"}), json!(null), "$ is no string"),
            (
                json!({"const": "event"}),
                json!("error"),
                "$ is not \"event\"",
            ),
            (json!({"minimum": 1}), json!(0), "$ is outside of minimum 1"),
            (json!({"maximum": 1}), json!(2), "$ is outside of maximum 1"),
            (
                json!({"minLength": 3}),
                json!("äö"),
                "$ is outside of minLength 3",
            ),
            (
                json!({"maxLength": 1}),
                json!("ab"),
                "$ is outside of maxLength 1",
            ),
            (
                json!({"required": ["a", "b"]}),
                json!({"a": 1}),
                "$ lacks b",
            ),
            (
                json!({"anyOf": [{"type": "string"}, {"type": "null"}]}),
                json!(1),
                "$ is none of the alternatives",
            ),
            (
                json!({"items": {"type": "null"}}),
                json!([null, 1]),
                "$[1] is no null",
            ),
            (
                json!({"properties": {"a": {"type": "null"}}}),
                json!({"a": 1, "b": 2}),
                "$.a is no null",
            ),
            (
                json!({"properties": {"a": true}, "additionalProperties": {"type": "null"}}),
                json!({"a": 1, "b": 2}),
                "$.b is no null",
            ),
            (
                json!({"$ref": "#/$defs/ABIInput"}),
                json!({}),
                "$ lacks type",
            ),
        ];
        for (schema, value, expected) in wrong {
            let faults = faults(&schema, &value);
            assert_eq!(faults.len(), 1, "{schema} {value}: {faults:?}");
            assert!(faults[0].starts_with(expected), "{faults:?}");
        }
    }

    #[test]
    #[should_panic(expected = "does not know pattern")]
    fn a_keyword_that_would_be_passed_over_stops_the_test() {
        faults(&json!({"pattern": "^0x"}), &json!("x"));
    }
}
