//! `events`, `functions`, `errors`, `topic0`.

use super::{Files, abi, refused, well};

const ABI: &str = r#"{"contractName": "Thing", "abi": [
    {"type": "constructor", "inputs": []},
    {"type": "event", "name": "Transfer", "anonymous": false, "inputs": [
        {"name": "from", "type": "address", "indexed": true},
        {"name": "to", "type": "address", "indexed": true},
        {"name": "value", "type": "uint256", "indexed": false}]},
    {"type": "event", "name": "Hidden", "anonymous": true, "inputs": [
        {"name": "orders", "type": "tuple[]", "indexed": false, "components": [
            {"name": "id", "type": "uint"}, {"name": "", "type": "bytes"}]}]},
    {"type": "function", "name": "quote", "stateMutability": "view",
        "inputs": [{"name": "amount", "type": "uint256"}],
        "outputs": [{"name": "", "type": "uint256"}, {"name": "path", "type": "tuple[2]", "components": [
            {"name": "pool", "type": "address"}, {"name": "fee", "type": "uint24"}]}]},
    {"type": "function", "name": "ping", "inputs": [], "outputs": []},
    {"type": "function", "name": "insert", "inputs": [{"name": "set", "type": "Lib.Set storage"}], "outputs": []},
    {"type": "error", "name": "OwnableUnauthorizedAccount", "inputs": [{"name": "who", "type": "address"}]}
]}"#;
const TRANSFER: &str = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

#[test]
fn events_are_lines_of_json() {
    let files = Files::new();
    let file = files.with("Thing.json", ABI);
    let transfer = format!(
        r#"{{"name":"Transfer","signature":"Transfer(address,address,uint256)","topic0":"{TRANSFER}","anonymous":false,"indexed":[true,true,false]}}"#
    );
    let hidden = r#"{"name":"Hidden","signature":"Hidden((uint256,bytes)[])","topic0":null,"anonymous":true,"indexed":[false]}"#;
    let expected = format!("{transfer}\n{hidden}\n");
    assert_eq!(well(&["events", &file, "--json"], b""), expected);
    assert_eq!(well(&["events", "-", "--json"], ABI.as_bytes()), expected);
}

#[test]
fn events_are_a_table_for_people() {
    let anonymous = format!("{:<66}", "anonymous");
    assert_eq!(
        well(&["events", "-"], ABI.as_bytes()),
        format!(
            "{TRANSFER}  event Transfer(address indexed from, address indexed to, uint256 value)\n\
             {anonymous}  event Hidden((uint256 id, bytes)[] orders) anonymous\n"
        )
    );
}

#[test]
fn lines_of_solidity_are_an_abi_too() {
    let lines = "event Transfer(address indexed from, address indexed to, uint value);\nerror OwnableUnauthorizedAccount(address who)";
    assert_eq!(
        well(&["events", "-"], lines.as_bytes()),
        format!(
            "{TRANSFER}  event Transfer(address indexed from, address indexed to, uint256 value)\n"
        )
    );
    let ran = abi(&["events", "-"], b"event A(uint8 a)\nevent B(uint7 b)\n");
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("standard input: line 2"),
        "{}",
        ran.stderr
    );
}

#[test]
fn functions_have_selectors_unless_only_their_source_knows_them() {
    let lines = well(&["functions", "-", "--json"], ABI.as_bytes());
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(
        lines[..2],
        [
            r#"{"name":"quote","signature":"quote(uint256)","selector":"0xed1bd76c","mutability":"view","outputs":["uint256","(address,uint24)[2]"]}"#,
            r#"{"name":"ping","signature":"ping()","selector":"0x5c36b186","mutability":"nonpayable","outputs":[]}"#,
        ]
    );
    assert!(
        lines[2].starts_with(r#"{"name":"insert","signature":null,"selector":null,"mutability":"nonpayable","outputs":null,"reason":"#),
        "{}",
        lines[2]
    );
    let table = well(&["functions", "-"], ABI.as_bytes());
    assert!(
        table.starts_with(
            "0xed1bd76c  function quote(uint256 amount) view returns (uint256, (address pool, uint24 fee)[2] path)\n\
             0x5c36b186  function ping()\n\
             -           insert: "
        ),
        "{table}"
    );
}

#[test]
fn errors_have_selectors() {
    let line = well(&["errors", "-", "--json"], ABI.as_bytes());
    assert_eq!(
        line,
        "{\"name\":\"OwnableUnauthorizedAccount\",\"signature\":\"OwnableUnauthorizedAccount(address)\",\"selector\":\"0x118cdaa7\"}\n"
    );
    let line = well(&["errors", "-"], ABI.as_bytes());
    assert_eq!(
        line,
        "0x118cdaa7  error OwnableUnauthorizedAccount(address who)\n"
    );
}

#[test]
fn what_holds_no_abi_is_refused_and_named() {
    let files = Files::new();
    let faulty = files.with(
        "Faulty.json",
        r#"[{"type": "event", "name": "A", "inputs": 1}]"#,
    );
    let (code, message) = refused(&["events", &faulty], b"");
    assert_eq!(code, 1);
    assert!(
        message.contains("Faulty.json: ") && message.contains("events[0] \"A\""),
        "{message}"
    );
    for (content, said) in [
        (&b""[..], "standard input: the ABI has no line"),
        (b"[]", "array without elements"),
        (b"{}", "standard input: "),
        (b"[1", "standard input: not JSON"),
        (b"\xff\xfe[\0", "standard input is not UTF-8, at byte 0"),
    ] {
        let (code, message) = refused(&["events", "-"], content);
        assert_eq!(code, 1, "{message}");
        assert!(message.contains(said), "{message}");
    }
    let nowhere = files.path("nowhere.json");
    let (code, message) = refused(&["functions", nowhere.to_str().unwrap()], b"");
    assert_eq!(code, 1);
    assert!(
        message.starts_with("event-streamer: cannot read ") && message.contains("nowhere.json"),
        "{message}"
    );
}

#[test]
fn topic0_is_the_hash_of_the_canonical_signature() {
    for text in [
        "Transfer(address,address,uint256)",
        "event Transfer(address indexed from, address indexed to, uint value);",
    ] {
        assert_eq!(well(&["topic0", text], b""), format!("{TRANSFER}\n"));
    }
    for (text, said) in [
        (
            "event A(uint256 a) anonymous",
            "A is anonymous: its logs have no topic0",
        ),
        ("Transfer", "expected `(`"),
        ("A(uint7)", "not a Solidity type"),
        (&*"A".repeat(20_000), "20000 bytes long, more than 16384"),
    ] {
        let (code, message) = refused(&["topic0", text], b"");
        assert!(message.len() < 1_000, "{message}");
        assert_eq!(code, 2, "{message}");
        assert!(message.contains(said), "{message}");
    }
}
