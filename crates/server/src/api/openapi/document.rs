//! The OpenAPI 3.1 document of a list of endpoints.

use event_streamer_models::ErrorResponse;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::endpoint::{Endpoint, Parameter, Tag};

/// Where the schemas stand.
const DEFINITIONS: &str = "/components/schemas";
/// What a model is called as part of a request, where that differs from what answers show.
const SUFFIX: &str = "Input";

pub(super) fn document(endpoints: &[Endpoint]) -> Value {
    let settings = |mut settings: SchemaSettings| {
        settings.definitions_path = DEFINITIONS.into();
        settings.meta_schema = None;
        SchemaGenerator::new(settings)
    };
    let openapi = SchemaSettings::draft2020_12;
    let mut answers = settings(openapi().for_serialize());
    let mut requests = settings(openapi().for_deserialize());

    let mut paths = Map::new();
    for endpoint in endpoints {
        let operation = operation(endpoint, &mut requests, &mut answers);
        let path = paths
            .entry(endpoint.path)
            .or_insert_with(|| Value::Object(Map::new()));
        path[endpoint.method.name()] = operation;
    }
    let error = answers.subschema_for::<ErrorResponse>();
    let mut schemas = answers.take_definitions(true);
    let renamed = add_requests(&mut schemas, requests.take_definitions(true));
    let mut paths = Value::Object(paths);
    for schema in schemas.values_mut() {
        describe(schema);
    }
    // Of the paths, only bodies of requests speak of what requests have.
    for operation in operations(&mut paths) {
        if let Some(body) = operation.get_mut("requestBody") {
            rename(body, &renamed);
        }
    }
    schemas.sort_keys();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Event Streamer",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Receive the events of EVM contracts: every event, decoded, in order, \
                none lost. Fields beyond those that are described are ignored in requests, and may \
                appear in answers.",
            "license": {"name": "MIT OR Apache-2.0"},
        },
        "tags": Tag::ALL.map(|tag| json!({"name": tag.name()})),
        "security": [{"bearer": []}, {"header": []}, {}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": {
                "Error": {
                    "description": "What was wrong; all faults of a body at once.",
                    "content": {"application/json": {"schema": error}},
                },
            },
            "securitySchemes": {
                "bearer": {
                    "type": "http", "scheme": "bearer",
                    "description": "An API key; asked for from the first key on.",
                },
                "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
            },
        },
    })
}

fn operation(
    endpoint: &Endpoint,
    requests: &mut SchemaGenerator,
    answers: &mut SchemaGenerator,
) -> Value {
    let mut responses = Map::new();
    for answer in &endpoint.answers {
        let mut response = json!({"description": description(answer.status)});
        if let Some(schema) = answer.schema {
            response["content"] = json!({answer.media_type: {"schema": schema(answers)}});
        }
        responses.insert(answer.status.to_string(), response);
    }
    responses.insert(
        "default".to_owned(),
        json!({"$ref": "#/components/responses/Error"}),
    );
    let mut operation = json!({
        "summary": endpoint.summary,
        "tags": [endpoint.tag.name()],
        "operationId": operation_id(endpoint),
        "responses": responses,
    });
    let mut parameters: Vec<Value> = path_parameters(endpoint.path).collect();
    let mut more = |place: &str, list: &[Parameter]| {
        for it in list {
            parameters.push(json!({
                "name": it.name, "in": place, "required": false, "description": it.about,
                "schema": (it.schema)(requests),
            }));
        }
    };
    more("query", &endpoint.query);
    more("header", &endpoint.headers);
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if let Some(schema) = endpoint.body {
        operation["requestBody"] = json!({
            "required": true,
            "content": {"application/json": {"schema": schema(requests)}},
        });
    }
    if endpoint.open {
        operation["security"] = json!([]);
    }
    operation
}

fn description(status: u16) -> &'static str {
    match status {
        201 => "Made.",
        204 => "Done.",
        503 => "Not ready.",
        _ => "As asked for.",
    }
}

/// `get_subscriptions_id_stream`
fn operation_id(endpoint: &Endpoint) -> String {
    let words = endpoint.path.split(|c: char| !c.is_ascii_alphanumeric());
    let words = words.filter(|it| !it.is_empty());
    let all: Vec<&str> = std::iter::once(endpoint.method.name())
        .chain(words)
        .collect();
    all.join("_")
}

/// The parameters in the braces of a path.
fn path_parameters(path: &str) -> impl Iterator<Item = Value> {
    let names = path
        .split('{')
        .skip(1)
        .filter_map(|it| it.split('}').next());
    names.map(|name| {
        let schema = match name {
            "id" | "chain_id" | "key_id" => json!({"type": "integer", "minimum": 0}),
            _ => json!({"type": "string"}),
        };
        json!({"name": name, "in": "path", "required": true, "schema": schema})
    })
}

fn operations(paths: &mut Value) -> impl Iterator<Item = &mut Value> {
    let paths = paths.as_object_mut().into_iter();
    paths
        .flat_map(Map::values_mut)
        .filter_map(Value::as_object_mut)
        .flat_map(Map::values_mut)
}

/// Adds the schemas of requests, and gives those that have another name there.
fn add_requests(schemas: &mut Map<String, Value>, mut requests: Map<String, Value>) -> Vec<String> {
    let mut renamed: Vec<String> = Vec::new();
    // A schema differs also if one that it speaks of does.
    loop {
        let before = renamed.len();
        for (name, schema) in &requests {
            let differs = schemas.get(name).is_some_and(|it| it != schema);
            let mut under_other_names = schema.clone();
            rename(&mut under_other_names, &renamed);
            let speaks_of_one = schemas.contains_key(name) && under_other_names != *schema;
            if (differs || speaks_of_one) && !renamed.contains(name) {
                renamed.push(name.clone());
            }
        }
        if renamed.len() == before {
            break;
        }
    }
    for schema in requests.values_mut() {
        describe(schema);
        rename(schema, &renamed);
    }
    for (name, schema) in requests {
        let name = if renamed.contains(&name) {
            format!("{name}{SUFFIX}")
        } else {
            name
        };
        schemas.insert(name, schema);
    }
    renamed
}

/// Descriptions are documentation of Rust code: what only its readers can use is taken out.
fn describe(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            for (key, value) in object {
                match value {
                    Value::String(text) if key == "description" => {
                        let prose = text.split("```").next().unwrap_or_default();
                        *text = prose
                            .replace("[`", "`")
                            .replace("`]", "`")
                            .trim()
                            .to_owned();
                    }
                    _ => describe(value),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(describe),
        _ => {}
    }
}

fn rename(schema: &mut Value, renamed: &[String]) {
    match schema {
        Value::Object(object) => {
            for (key, value) in object {
                let target = match value {
                    Value::String(text) if key == "$ref" => text.rsplit('/').next(),
                    _ => None,
                };
                if target.is_some_and(|it| renamed.iter().any(|name| name == it)) {
                    let text = value.as_str().unwrap_or_default();
                    *value = format!("{text}{SUFFIX}").into();
                } else {
                    rename(value, renamed);
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|it| rename(it, renamed)),
        _ => {}
    }
}
