//! The text of a module, broken into lines as rustfmt does it.

use std::fmt::Write as _;

use event_streamer_models::B256;

use super::items::{Field, Items, Kind, Struct};

/// Longest line of rustfmt, in characters.
const WIDTH: usize = 100;

/// The names, and how many there are, are the contract's.
const ALLOW: &str = "#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]";

/// With more fields than that, reading them may take more lines than clippy likes.
const MANY_FIELDS: usize = 40;

const ALLOW_LONG: &str = "\
#[allow(
    clippy::struct_excessive_bools,
    clippy::struct_field_names,
    clippy::too_many_lines
)]";

/// Writing to a string does not fail.
macro_rules! line {
    ($out:expr) => { writeln!($out).unwrap_or_default() };
    ($out:expr, $($format:tt)*) => { writeln!($out, $($format)*).unwrap_or_default() };
}

pub(super) fn module(name: &str, doc: &str, abi_path: &str, items: &Items) -> String {
    let mut out = String::new();
    for text in doc.lines() {
        line!(out, "{}", format!("/// {text}").trim_end());
    }
    let is_long = items.0.iter().any(|item| item.fields.len() > MANY_FIELDS);
    line!(out, "{}", if is_long { ALLOW_LONG } else { ALLOW });
    if items.0.is_empty() {
        line!(out, "pub mod {name} {{}}");
        return out;
    }
    line!(out, "pub mod {name} {{");
    line!(out, "    use {abi_path}::typed as abi;");
    for item in &items.0 {
        line!(out);
        definition(&mut out, item);
        line!(out);
        implementation(&mut out, item);
    }
    line!(out, "}}");
    out
}

fn definition(out: &mut String, item: &Struct) {
    match &item.kind {
        Kind::Event { declaration, .. } => line!(out, "    /// `{declaration}`"),
        Kind::Tuple { ty, .. } => line!(out, "    /// `{ty}`"),
    }
    line!(out, "    #[derive(Debug, Clone, PartialEq, Eq, Hash)]");
    if item.fields.is_empty() {
        line!(out, "    pub struct {} {{}}", item.name);
        return;
    }
    line!(out, "    pub struct {} {{", item.name);
    for field in &item.fields {
        line!(out, "        /// `{}`", field.declaration);
        let (start, ty) = (format!("        pub {}:", field.name), &field.ty.value);
        if start.len() + ty.len() + 2 <= WIDTH {
            line!(out, "{start} {ty},");
        } else {
            line!(out, "{start}\n            {ty},");
        }
    }
    line!(out, "    }}");
}

fn implementation(out: &mut String, item: &Struct) {
    match &item.kind {
        Kind::Event {
            declaration,
            signature,
            topic0,
            indexed,
        } => {
            line!(out, "    impl abi::FromEvent for {} {{", item.name);
            text_constant(out, "DECLARATION", declaration);
            text_constant(out, "SIGNATURE", signature);
            topic_constant(out, topic0.as_ref().map(B256::as_bytes));
            line!(out, "        const INDEXED: usize = {indexed};");
            line!(out);
            let event = if item.fields.is_empty() { "_" } else { "event" };
            line!(
                out,
                "        fn read<R: abi::EventReader>({event}: &mut R) -> Result<Self, abi::DecodeError> {{"
            );
        }
        Kind::Tuple { dynamic, head, .. } => {
            line!(out, "    impl abi::FromTuple for {} {{", item.name);
            line!(out, "        const DYNAMIC: bool = {dynamic};");
            line!(out, "        const HEAD: usize = {};", grouped(*head));
            line!(out);
            line!(
                out,
                "        fn read<R: abi::TupleReader>(fields: &mut R) -> Result<Self, abi::DecodeError> {{"
            );
        }
    }
    if item.fields.is_empty() {
        line!(out, "            Ok(Self {{}})");
    } else {
        line!(out, "            Ok(Self {{");
        for field in &item.fields {
            read(out, field, &item.kind);
        }
        line!(out, "            }})");
    }
    line!(out, "        }}");
    line!(out, "    }}");
}

/// `from: event.topic::<abi::Address>("from")?,`
fn read(out: &mut String, field: &Field, kind: &Kind) {
    let (object, method) = match (kind, field.is_topic) {
        (Kind::Tuple { .. }, _) => ("fields", "next"),
        (Kind::Event { .. }, true) => ("event", "topic"),
        (Kind::Event { .. }, false) => ("event", "data"),
    };
    let (name, reader, key) = (&field.name, &field.ty.reader, &field.key);
    let start = format!("                {name}: {object}");
    let call = format!(".{method}::<{reader}>({key:?})?,");
    // rustfmt breaks a chain of calls two characters early, and a call of a chain one early.
    if start.chars().count() + call.chars().count() <= WIDTH - 2 {
        line!(out, "{start}{call}");
        return;
    }
    line!(out, "{start}");
    // An argument goes to a line of its own if that helps; what cannot be broken stays long.
    let (open, argument) = (format!(".{method}::<{reader}>("), format!("{key:?},"));
    let fits = |indent: usize, text: &str| indent + text.chars().count() < WIDTH;
    if !fits(20, &call) && fits(21, &open) && fits(24, &argument) {
        line!(out, "                    {open}");
        line!(out, "                        {argument}");
        line!(out, "                    )?,");
    } else {
        line!(out, "                    {call}");
    }
}

fn text_constant(out: &mut String, name: &str, text: &str) {
    let start = format!("        const {name}: &'static str =");
    // A text that does not fit into a line of its own stays where it is.
    let (here, below) = (start.len() + text.len() + 4, 12 + text.len() + 3);
    if here <= WIDTH || below > WIDTH {
        line!(out, "{start} {text:?};");
    } else {
        line!(out, "{start}\n            {text:?};");
    }
}

fn topic_constant(out: &mut String, topic0: Option<&[u8; 32]>) {
    let start = "        const TOPIC0: Option<abi::B256> =";
    let Some(topic0) = topic0 else {
        line!(out, "{start} None;");
        return;
    };
    line!(out, "{start} Some(abi::B256([");
    // As many as fit beside each other.
    for bytes in topic0.chunks(14) {
        let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:#04x},")).collect();
        line!(out, "            {}", bytes.join(" "));
    }
    line!(out, "        ]));");
}

/// `1_000_000`
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) && digits.len() > 4 {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    grouped
}
