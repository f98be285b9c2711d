use super::*;
use crate::{extract_abi_events, parse_event_signature};

fn generate(signatures: &[&str]) -> String {
    let events: Vec<_> = signatures
        .iter()
        .map(|text| parse_event_signature(text).unwrap())
        .collect();
    RustModule::new("test").generate(&events).unwrap()
}

#[test]
fn an_event_is_a_struct_and_how_it_is_read() {
    let code =
        generate(&["event Transfer(address indexed from, string indexed name, uint96 _value)"]);
    let expected = r#"/// Events of a contract.
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod test {
    use ::event_streamer_abi::typed as abi;

    /// `event Transfer(address indexed from, string indexed name, uint96 _value)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Transfer {
        /// `address indexed from`
        pub from: abi::Address,
        /// `string indexed name`
        pub name: abi::B256,
        /// `uint96 _value`
        pub value: u128,
    }

    impl abi::FromEvent for Transfer {
        const DECLARATION: &'static str =
            "event Transfer(address indexed from, string indexed name, uint96 _value)";
        const SIGNATURE: &'static str = "Transfer(address,string,uint96)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
"#;
    assert_eq!(&code[..expected.len()], expected);
    let expected = r#"        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                from: event.topic::<abi::Address>("from")?,
                name: event.topic::<abi::Hash>("name")?,
                value: event.data::<abi::Uint<96>>("_value")?,
            })
        }
    }
}
"#;
    assert!(code.ends_with(expected), "{code}");
}

#[test]
fn tuples_are_structs_named_after_the_source_and_shared() {
    let abi = r#"[{"type": "event", "name": "E", "inputs": [
        {"name": "a", "type": "tuple[2][]", "internalType": "struct IPool.Slot[2][]", "components": [
            {"name": "x", "type": "uint8"}, {"name": "inner", "type": "tuple", "components": [
                {"name": "", "type": "bool"}]}]},
        {"name": "b", "type": "tuple", "internalType": "struct Slot", "components": [
            {"name": "x", "type": "uint8"}, {"name": "inner", "type": "tuple", "components": [
                {"name": "", "type": "bool"}]}]},
        {"name": "c", "type": "tuple", "internalType": "struct E", "components": [
            {"name": "x", "type": "uint8"}]}
    ]}]"#;
    let code = RustModule::new("m")
        .generate(&extract_abi_events(abi).unwrap())
        .unwrap();
    for line in [
        "pub a: Vec<[Slot; 2]>,",
        "pub b: Slot,",
        "pub c: E2,",
        "pub inner: SlotInner,",
        "pub arg0: bool,",
        "a: event.data::<abi::Array<abi::FixedArray<Slot, 2>>>(\"a\")?,",
        "arg0: fields.next::<bool>(\"\")?,",
        "const HEAD: usize = 64;",
    ] {
        assert_eq!(code.matches(line).count(), 1, "{line}\n{code}");
    }
}

#[test]
fn names_that_rust_does_not_take_are_changed_and_never_twice_the_same() {
    let code = generate(&[
        "E(uint8 type, uint8 Type, uint8, uint8 _, uint8 arg2)",
        "E(uint16 a)",
        "E(uint16 a)",
        "_e(uint16 a)",
        "Vec()",
        "$()",
    ]);
    let structs: Vec<_> = code
        .lines()
        .filter(|line| line.contains("pub struct"))
        .collect();
    let names = ["E {", "E2 {", "E3 {", "Vec2 {}", "Event {}"];
    assert_eq!(structs, names.map(|name| format!("    pub struct {name}")));
    for field in ["type_:", "type__2:", "arg2_2:", "arg3:", "arg2:"] {
        assert!(
            code.contains(&format!("pub {field} u8,")),
            "{field}\n{code}"
        );
    }
}

#[test]
fn every_type_has_one_of_rust() {
    let code = generate(&[
        "E(uint8 a, uint24 b, int72 c, uint136 d, bytes32 e, bytes31 f, function g, fixed8x1 h, \
         bytes i, string[33] j, bool[32] k)",
    ]);
    for field in [
        "a: u8",
        "b: u32",
        "c: i128",
        "d: abi::U256",
        "e: abi::B256",
        "f: [u8; 31]",
        "g: [u8; 24]",
        "h: abi::I256",
        "i: abi::HexBytes",
        "j: Vec<String>",
        "k: [bool; 32]",
    ] {
        assert!(code.contains(&format!("pub {field},")), "{field}\n{code}");
    }
}

#[test]
fn what_is_very_long_may_be() {
    let parameters: Vec<String> = (0..60).map(|nth| format!("uint8 a{nth}")).collect();
    let code = generate(&[&format!("E({})", parameters.join(", "))]);
    assert!(
        code.contains("    clippy::too_many_lines\n)]\npub mod test {"),
        "{code}"
    );
}

#[test]
fn a_contract_without_events_is_an_empty_module() {
    let allow = "#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]";
    let expected = format!("/// Events of a contract.\n{allow}\npub mod test {{}}\n");
    assert_eq!(generate(&[]), expected);
}
