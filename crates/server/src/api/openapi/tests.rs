use std::path::Path;

use serde_json::Value;

use super::*;

/// The committed document is the one that is served. `UPDATE_EXPECT=1` writes it anew.
#[test]
fn the_committed_document_is_the_code_s() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/openapi.json");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&file, json()).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == json(),
        "docs/reference/openapi.json is not what the code says: run this test with UPDATE_EXPECT=1"
    );
}

#[test]
fn every_reference_leads_somewhere() {
    fn check(document: &Value, value: &Value) {
        if let Some(target) = value["$ref"].as_str() {
            let target = target.strip_prefix('#').unwrap();
            assert!(document.pointer(target).is_some(), "{target}");
        }
        match value {
            Value::Object(object) => object.values().for_each(|it| check(document, it)),
            Value::Array(values) => values.iter().for_each(|it| check(document, it)),
            _ => {}
        }
    }
    let document: Value = serde_json::from_str(json()).unwrap();
    check(&document, &document);
    assert!(document["components"]["schemas"].as_object().unwrap().len() > 40);
}

#[test]
fn every_operation_is_described_and_has_an_id_of_its_own() {
    let document: Value = serde_json::from_str(json()).unwrap();
    let mut ids = std::collections::BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            assert!(
                operation["summary"].as_str().unwrap().len() > 3,
                "{method} {path}"
            );
            assert!(
                operation["responses"].as_object().unwrap().len() > 1,
                "{method} {path}"
            );
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id.to_owned()), "{id}");
        }
    }
}

#[test]
fn the_page_holds_everything_and_needs_nothing_else() {
    let document: Value = serde_json::from_str(json()).unwrap();
    for path in document["paths"].as_object().unwrap().keys() {
        assert!(html().contains(&format!("<code>{path}</code>")), "{path}");
    }
    // No other host, and nothing to run.
    for foreign in ["href=\"http", "src=", "<script", "<link", "@import", "url("] {
        assert!(!html().contains(foreign), "{foreign}");
    }
    // Each link within the page has its target.
    for link in html().split("href=\"#").skip(1) {
        let target = link.split('"').next().unwrap();
        assert!(html().contains(&format!("id=\"{target}\"")), "{target}");
    }
    for tag in ["details", "table", "tr", "td", "p", "nav", "h3"] {
        let opened = html().matches(&format!("<{tag}>")).count()
            + html().matches(&format!("<{tag} ")).count();
        assert_eq!(
            opened,
            html().matches(&format!("</{tag}>")).count(),
            "{tag}"
        );
    }
}
