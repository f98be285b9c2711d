//! Generated code: that it is formatted, that it compiles without a warning, and that what it reads
//! is what the decoder reads.

#[allow(dead_code, unreachable_pub, reason = "meant to be part of a public interface")]
#[rustfmt::skip]
mod awkward;

use std::collections::HashSet;
use std::fmt::Debug;
use std::path::Path;
use std::process::Command;

use event_streamer_abi::codegen::RustModule;
use event_streamer_abi::{
    AbiValue, EventDecoder, FromEvent, extract_abi_events, parse_event_signature,
};
use event_streamer_models::{AbiEvent, HexBytes};

use crate::abi_corpus;
use awkward::odd as generated;

/// Events that are hard to name, to nest and to break into lines.
fn awkward_events() -> Vec<AbiEvent> {
    let long = "a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else";
    let human = [
        "event Plain(address indexed from, address indexed to, uint256 value)",
        "event Plain(uint8 type, int24 self, bool, string indexed, bytes4 tag, function callback)",
        "event Empty()",
        "event Nameless(uint8 indexed, uint8) anonymous",
        "event Nested(((uint8 a, string[2] b)[] c, (bool, bytes)[3] d) order, uint8[40] many)",
        "event Fixed(fixed128x18 price, ufixed price, uint72 medium, int256 large, bytes32 hash)",
        &format!("event Long((uint256[][2][] {long}, uint8 {long}_) {long}, string[][] {long}__)"),
        &format!("event L{long}(address indexed {long}, (uint8 x)[] {long}_)"),
    ];
    let flags: Vec<String> = (0..50).map(|nth| format!("bool flag{nth}")).collect();
    let many = format!("event Many(({}) flags)", flags.join(", "));
    let mut events: Vec<AbiEvent> = human
        .into_iter()
        .chain([many.as_str()])
        .map(|text| parse_event_signature(text).unwrap())
        .collect();
    let json = r#"[{"type": "event", "name": "Order", "inputs": [
        {"name": "a\"`b\n", "type": "tuple[]", "internalType": "struct IShop.Order[]", "components": [
            {"name": "größe", "type": "uint8"}]},
        {"name": "order", "type": "tuple", "internalType": "struct IShop.Order", "components": [
            {"name": "größe", "type": "uint8"}]},
        {"name": "reader", "type": "tuple", "internalType": "struct R", "components": [
            {"name": "r", "type": "uint8[]"}]}]}]"#;
    events.extend(extract_abi_events(json).unwrap());
    events
}

fn module() -> RustModule {
    RustModule::new("odd").with_doc("Events that are hard to write down.")
}

/// The committed text is the generated one. To bring it up to date: run with `UPDATE_EXPECT=1`.
#[test]
fn awkward_events_become_the_code_that_is_compiled_here() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/codegen/awkward.rs");
    let code = module().generate(&awkward_events()).unwrap();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &code).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).unwrap() == code,
        "{path:?} is stale"
    );
    check_format(&path);
}

/// Reads the values from a log and, the same, from the JSON of the decoded event.
fn log<T: FromEvent + PartialEq + Debug>(values: &[AbiValue]) -> T {
    let event = parse_event_signature(T::DECLARATION).unwrap();
    let decoder = EventDecoder::new(&event).unwrap();
    assert_eq!(
        (decoder.signature(), decoder.topic0()),
        (T::SIGNATURE, T::TOPIC0)
    );
    assert_eq!(decoder.indexed_count(), T::INDEXED);
    let (topics, data) = decoder.encode_log(values).unwrap();
    if let Some(last) = data.len().checked_sub(32) {
        assert!(T::from_log(&topics, &data[..last]).is_err());
    }
    assert!(T::from_log(&vec![[1; 32].into(); topics.len() + 1], &data).is_err());
    let read = T::from_log(&topics, &data).unwrap();
    let json = decoder.decode_json(&topics, &data).unwrap();
    assert_eq!(T::from_json(&json).unwrap(), read, "{json}");
    let members = json.strip_suffix('}').unwrap();
    let comma = if members.len() > 1 { "," } else { "" };
    let with = |member: &str| T::from_json(&format!("{members}{comma}{member}}}"));
    assert_eq!(with("\"log_index\":7").unwrap(), read);
    assert!(with("\"of_another_event\":7").is_err());
    read
}

#[test]
fn json_that_is_not_of_the_event_is_an_error_that_says_where() {
    let fault = |json: &str| generated::Plain::from_json(json).unwrap_err().to_string();
    let of = |value: &str| {
        let address = "0x0101010101010101010101010101010101010101";
        format!(r#"{{"from":"{address}","to":"{address}","value":{value}}}"#)
    };
    let missing = of("1").replace("to", "dst");
    for (json, expected) in [
        (
            missing.as_str(),
            "parameter `to`: the json is not that of the event: it is not there",
        ),
        (
            &of("1, \"tokenId\": \"1\""),
            "`tokenId` is there, which belongs to something else",
        ),
        (&of("[1]"), "parameter `value`: "),
        (&of("\"-1\""), "parameter `value`: "),
        (&of("true"), "parameter `value`: "),
        ("[]", "an object"),
        ("{", "EOF"),
    ] {
        assert!(fault(json).contains(expected), "{json}: {}", fault(json));
    }
    assert_eq!(
        generated::Plain::from_json(&of("7")).unwrap().value,
        7_u64.into()
    );

    let nested = |c: &str| {
        let many = vec!["\"1\""; 40].join(",");
        let json = format!(r#"{{"order":{{"c":{c},"arg1":0}},"many":[{many}]}}"#);
        generated::Nested::from_json(&json).unwrap_err().to_string()
    };
    let error = nested(r#"[{"a":"300","b":["x","y"]}]"#);
    assert!(error.contains("300 does not fit into u8"), "{error}");
    let error = nested(r#"[{"a":"3","b":["x"]}]"#);
    assert!(error.contains("1 elements, 2 expected"), "{error}");
    let error = nested(r#"[{"a":"3","b":["x",{"hex":"0xff"}]}]"#);
    assert!(error.contains("the string is not UTF-8"), "{error}");
}

#[test]
fn generated_structs_are_read_from_logs() {
    let tuple = |values: &[AbiValue]| AbiValue::Tuple(values.to_vec());
    let array = |values: &[AbiValue]| AbiValue::Array(values.to_vec());
    let bytes = |bytes: &[u8]| HexBytes::from(bytes);

    let [from, to] = [[1; 20].into(), [2; 20].into()];
    let plain: generated::Plain =
        log(&[AbiValue::Address(from), AbiValue::Address(to), 3_u64.into()]);
    assert_eq!(
        (plain.from, plain.to, plain.value),
        (from, to, 3_u64.into())
    );

    let other: generated::Plain2 = log(&[
        1_u64.into(),
        (-2_i64).into(),
        true.into(),
        "hashed".into(),
        AbiValue::FixedBytes(bytes(&[1, 2, 3, 4])),
        AbiValue::Function([7; 24]),
    ]);
    assert_eq!((other.type_, other.self_, other.arg2), (1, -2, true));
    assert_eq!(other.arg3, event_streamer_abi::keccak256(b"hashed"));
    assert_eq!((other.tag, other.callback), ([1, 2, 3, 4], [7; 24]));

    assert_eq!(log::<generated::Empty>(&[]), generated::Empty {});
    let nameless: generated::Nameless = log(&[1_u64.into(), 2_u64.into()]);
    assert_eq!((nameless.arg0, nameless.arg1), (1, 2));

    let text = |text: &str| AbiValue::from(text);
    let pair = tuple(&[1_u64.into(), array(&[text("x"), text("y")])]);
    let flag = tuple(&[true.into(), AbiValue::Bytes(bytes(&[9]))]);
    let order = tuple(&[array(&[pair]), array(&[flag.clone(), flag.clone(), flag])]);
    let many: Vec<AbiValue> = (0..40_u64).map(AbiValue::from).collect();
    let nested: generated::Nested = log(&[order, array(&many)]);
    assert_eq!(nested.order.c[0].b, ["x", "y"]);
    assert_eq!(nested.order.d[2].arg1, bytes(&[9]));
    assert_eq!(nested.many, (0..40).collect::<Vec<u8>>());
}

/// Every event of every real ABI.
#[test]
fn the_code_of_real_abis_is_formatted() {
    let Some(modules) = real_modules() else {
        return;
    };
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("real_abis.rs");
    std::fs::write(&path, modules).unwrap();
    check_format(&path);
}

/// A crate of all of them, held to every pedantic lint: takes about a minute.
#[test]
#[ignore = "builds a crate of all real ABIs with clippy"]
fn the_code_of_real_abis_compiles_without_a_warning() {
    let Some(modules) = real_modules() else {
        return;
    };
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("real_abis");
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::create_dir_all(root.join("src")).unwrap();
    let manifest = format!(
        "[package]\nname = \"real-abis\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n\
         [dependencies]\nevent-streamer-abi = {{ path = {own:?}, default-features = false }}\n",
    );
    std::fs::write(root.join("Cargo.toml"), manifest).unwrap();
    std::fs::copy(own.join("../../Cargo.lock"), root.join("Cargo.lock")).unwrap();
    std::fs::write(root.join("src/lib.rs"), format!("//! All.\n{modules}")).unwrap();
    let status = Command::new(env!("CARGO"))
        .args([
            "clippy",
            "--offline",
            "--quiet",
            "--",
            "-D",
            "warnings",
            "-D",
            "clippy::pedantic",
        ])
        .current_dir(&root)
        .env("CARGO_TARGET_DIR", root.join("target"))
        .status()
        .unwrap();
    assert!(status.success());
}

/// A module for every ABI of the corpora; of those that have the same code but for its name, one.
fn real_modules() -> Option<String> {
    let mut modules = String::new();
    let mut seen = HashSet::new();
    for (name, text) in abi_corpus::all().iter().flat_map(|corpus| &corpus.abis) {
        let events = extract_abi_events(text).unwrap();
        let code = RustModule::new("m").generate(&events).unwrap();
        if !seen.insert(code) {
            continue;
        }
        if !modules.is_empty() {
            modules.push('\n');
        }
        let name = name.rsplit('/').next().unwrap_or_default();
        let module = RustModule::new(&format!("abi{}", seen.len())).with_doc(format!("`{name}`"));
        modules.push_str(&module.generate(&events).unwrap());
    }
    eprintln!("{} different modules", seen.len());
    (!modules.is_empty()).then_some(modules)
}

/// That rustfmt changes nothing. It is asked for the text, not to check: its own comparison of large
/// files takes more memory than there is.
fn check_format(path: &Path) {
    let Ok(file) = std::fs::File::open(path) else {
        panic!("{path:?} cannot be read");
    };
    let format = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .stdin(file)
        .output();
    let Ok(output) = format else {
        eprintln!("runs without rustfmt: the format of {path:?} is not checked");
        return;
    };
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let (own, formatted) = (std::fs::read_to_string(path).unwrap(), output.stdout);
    let formatted = String::from_utf8(formatted).unwrap();
    if own == formatted {
        return;
    }
    let mut lines = own.lines().zip(formatted.lines()).zip(1..);
    let different = lines.find(|((own, formatted), _)| own != formatted);
    panic!("rustfmt wants something else, first at {different:?}");
}
