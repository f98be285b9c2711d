//! The committed OpenAPI document, held against everything these tests send and get.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use jsonschema::Validator;
use serde_json::{Value, json};

use super::support::{Answer, World};

const DOCUMENT: &str = include_str!("../../../../../docs/reference/openapi.json");

fn document() -> &'static Value {
    static READ: OnceLock<Value> = OnceLock::new();
    READ.get_or_init(|| serde_json::from_str(DOCUMENT).unwrap())
}

/// The operation that a request is meant for, if there is one.
fn operation(method: &str, target: &str) -> Option<&'static Value> {
    let path = target.split('?').next().unwrap_or_default();
    let segments: Vec<_> = path.split('/').collect();
    let fits = |template: &str| {
        let of_template: Vec<_> = template.split('/').collect();
        let fits =
            |(expected, found): (&&str, &&str)| expected.starts_with('{') || expected == found;
        of_template.len() == segments.len() && of_template.iter().zip(&segments).all(fits)
    };
    let paths = document()["paths"].as_object().unwrap();
    let mut fitting: Vec<_> = paths.iter().filter(|(path, _)| fits(path)).collect();
    // What is written out comes before what stands for anything.
    fitting.sort_by_key(|(path, _)| path.matches('{').count());
    fitting.first()?.1.get(method.to_lowercase())
}

fn check(schema: &Value, value: &Value, what: &str) {
    static VALIDATORS: OnceLock<Mutex<BTreeMap<String, Validator>>> = OnceLock::new();
    let mut validators = VALIDATORS.get_or_init(Mutex::default).lock().unwrap();
    let validator = validators.entry(schema.to_string()).or_insert_with(|| {
        let mut whole = schema.clone();
        whole["components"] = document()["components"].clone();
        jsonschema::draft202012::new(&whole).unwrap()
    });
    let faults: Vec<_> = validator
        .iter_errors(value)
        .map(|it| format!("{}: {it}", it.instance_path()))
        .collect();
    drop(validators);
    assert!(faults.is_empty(), "{what}: {}\n{value}", faults.join("; "));
}

/// Holds a call against the document: what was answered, and what was taken.
pub(crate) fn hold(method: &str, target: &str, body: Option<&Value>, answer: &Answer) {
    let what = format!("{method} {target}: {}", answer.status);
    let Some(operation) = operation(method, target) else {
        assert!(
            matches!(answer.status, 401 | 404 | 405),
            "{what} is not in the document"
        );
        return;
    };
    let responses = &operation["responses"];
    let status = answer.status.to_string();
    if !answer.body.is_null() {
        let content = match responses.get(&status) {
            Some(response) => &response["content"],
            None => &document()["components"]["responses"]["Error"]["content"],
        };
        check(&content["application/json"]["schema"], &answer.body, &what);
    } else if answer.status != 204 {
        assert!(
            answer.status >= 300 || responses.get(&status).is_some(),
            "{what}"
        );
    }
    if let Some(body) = body
        && answer.status < 300
    {
        let content = &operation["requestBody"]["content"]["application/json"];
        check(&content["schema"], body, &what);
    }
}

#[tokio::test]
async fn the_document_has_the_routes_and_no_others() {
    let world = World::start().await;
    let served = world.get("/openapi.json").await;
    assert_eq!(&served.body, document());
    let methods = ["get", "post", "put", "patch", "delete"];
    for (path, operations) in document()["paths"].as_object().unwrap() {
        // Nothing of this exists: what is there says so in its own words.
        let path: Vec<_> = path
            .split('/')
            .map(|it| if it.starts_with('{') { "77" } else { it })
            .collect();
        let path = path.join("/");
        for method in methods {
            if path == "/docs" || path == "/metrics" {
                continue;
            }
            let answer = world.call(&method.to_uppercase(), &path, None).await;
            let code = answer.body["code"].as_str();
            let is_routed = code != Some("METHOD_NOT_ALLOWED") && code != Some("NOT_FOUND");
            assert_eq!(
                is_routed,
                operations.get(method).is_some(),
                "{method} {path}: {}",
                answer.body
            );
        }
    }
}

#[test]
fn a_body_that_is_not_as_described_is_noticed() {
    let caught = |schema: Value, value: Value| {
        std::panic::catch_unwind(|| check(&schema, &value, "")).is_err()
    };
    let subscription = json!({"$ref": "#/components/schemas/SubscriptionResponse"});
    assert!(caught(subscription, json!({"id": 0})));
    let health = json!({"$ref": "#/components/schemas/HealthResponse"});
    let good = json!({"status": "healthy", "timestamp": "2024-05-23T10:30:00.000Z"});
    assert!(!caught(health, good));
    assert!(
        operation("GET", "/api/chains/stats").unwrap()["summary"]
            != operation("GET", "/api/chains/1").unwrap()["summary"]
    );
}
