//! The document as a page to read.

use std::fmt::Write as _;

use serde_json::Value;

const HEAD: &str = include_str!("page_head.html");

pub(super) fn page(document: &Value) -> String {
    let mut page = HEAD.to_owned();
    let info = &document["info"];
    let _ = write!(
        page,
        "<h1>{} <small>{}</small></h1><p>{}</p><p><a href=\"/openapi.json\">openapi.json</a></p>",
        escaped(text(&info["title"])),
        escaped(text(&info["version"])),
        escaped(text(&info["description"])),
    );
    page.push_str("<nav>");
    for tag in list(&document["tags"]) {
        let name = text(&tag["name"]);
        let _ = write!(page, "<a href=\"#{}\">{}</a>", anchor(name), escaped(name));
    }
    page.push_str("<a href=\"#schemas\">Schemas</a></nav>");
    for tag in list(&document["tags"]) {
        let name = text(&tag["name"]);
        let _ = write!(page, "<h2 id=\"{}\">{}</h2>", anchor(name), escaped(name));
        for (path, methods) in entries(&document["paths"]) {
            for (method, operation) in entries(methods) {
                if list(&operation["tags"]).any(|it| it == name) {
                    self::operation(&mut page, path, method, operation);
                }
            }
        }
    }
    page.push_str("<h2 id=\"schemas\">Schemas</h2>");
    for (name, schema) in entries(&document["components"]["schemas"]) {
        let _ = write!(
            page,
            "<details id=\"{}\"><summary><b>{}</b></summary>",
            schema_anchor(name),
            escaped(name)
        );
        self::schema(&mut page, schema);
        page.push_str("</details>");
    }
    page.push_str("</main></body></html>\n");
    page
}

fn operation(page: &mut String, path: &str, method: &str, operation: &Value) {
    let _ = write!(
        page,
        "<details class=\"op\" id=\"{}\"><summary><span class=\"method {method}\">{}</span> \
         <code>{}</code> <span class=\"about\">{}</span></summary>",
        escaped(text(&operation["operationId"])),
        method.to_uppercase(),
        escaped(path),
        escaped(text(&operation["summary"])),
    );
    if list(&operation["parameters"]).next().is_some() {
        page.push_str("<h3>Parameters</h3><table>");
        for it in list(&operation["parameters"]) {
            let _ = write!(
                page,
                "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>",
                escaped(text(&it["name"])),
                escaped(text(&it["in"])),
                kind(&it["schema"]),
                escaped(text(&it["description"])),
            );
        }
        page.push_str("</table>");
    }
    for (_, content) in entries(&operation["requestBody"]["content"]) {
        let _ = write!(page, "<h3>Body</h3><p>{}</p>", kind(&content["schema"]));
    }
    page.push_str("<h3>Answers</h3><table>");
    for (status, answer) in entries(&operation["responses"]) {
        let mut contents = entries(&answer["content"]);
        let shown = match contents.next() {
            Some((media_type, content)) => {
                format!("{} ({})", kind(&content["schema"]), escaped(media_type))
            }
            None if answer.get("$ref").is_some() => link("ErrorResponse"),
            None => String::new(),
        };
        let _ = write!(
            page,
            "<tr><td><code>{}</code></td><td>{}</td><td>{shown}</td></tr>",
            escaped(status),
            escaped(text(&answer["description"])),
        );
    }
    page.push_str("</table></details>");
}

fn schema(page: &mut String, schema: &Value) {
    let _ = write!(page, "<p>{}</p>", escaped(text(&schema["description"])));
    let required: Vec<_> = list(&schema["required"]).collect();
    let properties: Vec<_> = entries(&schema["properties"]).collect();
    if properties.is_empty() {
        let _ = write!(page, "<p>{}</p>", kind(schema));
        return;
    }
    page.push_str("<table>");
    for (name, property) in properties {
        let mark = if required.iter().any(|it| *it == name) {
            " <span class=\"required\" title=\"always there\">*</span>"
        } else {
            ""
        };
        let _ = write!(
            page,
            "<tr><td><code>{}</code>{mark}</td><td>{}</td><td>{}</td></tr>",
            escaped(name),
            kind(property),
            escaped(text(&property["description"])),
        );
    }
    page.push_str("</table>");
}

/// The type of a value, with links to schemas.
fn kind(schema: &Value) -> String {
    if let Some(target) = schema["$ref"].as_str() {
        return link(target.rsplit('/').next().unwrap_or_default());
    }
    for keyword in ["anyOf", "oneOf"] {
        let kinds: Vec<_> = list(&schema[keyword]).map(kind).collect();
        if !kinds.is_empty() {
            return kinds.join(" or ");
        }
    }
    if let Some(value) = schema.get("const") {
        return format!("<code>{}</code>", escaped(&value.to_string()));
    }
    let types: Vec<_> = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        several => list(several).filter_map(Value::as_str).collect(),
    };
    let mut shown = Vec::new();
    for name in types {
        shown.push(match name {
            "array" => format!("list of {}", kind(&schema["items"])),
            "object" if schema["additionalProperties"].is_object() => {
                format!("map to {}", kind(&schema["additionalProperties"]))
            }
            other => escaped(other),
        });
    }
    if shown.is_empty() {
        return "anything".to_owned();
    }
    let mut shown = shown.join(" or ");
    if let Some(format) = schema["format"].as_str() {
        let _ = write!(shown, " <small>{}</small>", escaped(format));
    }
    shown
}

fn link(schema: &str) -> String {
    format!(
        "<a href=\"#{}\">{}</a>",
        schema_anchor(schema),
        escaped(schema)
    )
}

fn schema_anchor(name: &str) -> String {
    format!("schema-{}", anchor(name))
}

fn anchor(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let entries = value.as_object().into_iter().flatten();
    entries.map(|(name, value)| (name.as_str(), value))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}
