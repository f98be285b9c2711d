//! Modules from a list of events as one writes them in Solidity.

use event_streamer_models::AbiEvent;

use super::RustModule;
use crate::error::{AbiError, AbiErrorKind, quoted};
use crate::human::parse_event_signature;
use crate::keccak::keccak256;

/// The text of a file with a module per section of a list of events.
///
/// A section begins with `[name]: what the module's documentation says`; each line after it is an
/// event as [`parse_event_signature`] reads it. Empty lines and those that begin with `#` are passed
/// over. `source` is what the list is called in the first line of the text, where its hash stands
/// too; `abi_path` is where this crate is found.
///
/// # Errors
/// If a line is no event, or an event is faulty: the path begins with the line, `line 3`.
///
/// ```
/// use event_streamer_abi::codegen::generate_list;
///
/// let list = "[shop]: The shop.\nevent Paid(address indexed to, uint64 amount)\n";
/// let code = generate_list("events.txt", list, "::event_streamer_abi")?;
/// assert!(code.starts_with("// @generated from events.txt, keccak256 0x"));
/// assert!(code.contains("/// The shop.\n"));
///
/// let error = generate_list("events.txt", "[shop]\n", "::event_streamer_abi").unwrap_err();
/// assert_eq!(error.path(), "line 1");
/// # Ok::<_, event_streamer_abi::AbiError>(())
/// ```
pub fn generate_list(source: &str, list: &str, abi_path: &str) -> Result<String, AbiError> {
    let hash = keccak256(list.as_bytes());
    let mut text = format!("// @generated from {source}, keccak256 {hash}\n");
    for (section, events) in sections(list)? {
        let module = section.with_abi_path(abi_path);
        text.push('\n');
        text.push_str(&module.generate(&events)?);
    }
    Ok(text)
}

fn sections(list: &str) -> Result<Vec<(RustModule, Vec<AbiEvent>)>, AbiError> {
    let mut sections: Vec<(RustModule, Vec<AbiEvent>)> = Vec::new();
    for (line, number) in list.lines().map(str::trim).zip(1..) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let fault = |message: String| {
            let kind = AbiErrorKind::Signature { offset: 0 };
            AbiError::new(kind, message).in_line(number)
        };
        if let Some(header) = line.strip_prefix('[') {
            let (name, doc) = header
                .split_once("]:")
                .ok_or_else(|| fault(format!("expected `[name]: doc`, found {}", quoted(line))))?;
            let module = RustModule::new(name).with_doc(doc.trim());
            sections.push((module, Vec::new()));
            continue;
        }
        let event = parse_event_signature(line).map_err(|error| error.in_line(number))?;
        match sections.last_mut() {
            Some((_, events)) => events.push(event),
            None => return Err(fault("an event before the first section".to_owned())),
        }
    }
    Ok(sections)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_is_a_module() {
        let list = "# a list\n\n[a]: First.\nevent A()\n\n[bC]: Second.\nB(uint8 x)\n";
        let text = generate_list("list", list, "crate").unwrap();
        let lines: Vec<_> = text
            .lines()
            .filter(|line| line.starts_with("pub mod"))
            .collect();
        assert_eq!(lines, ["pub mod a {", "pub mod b_c {"]);
        assert!(text.contains("use crate::typed as abi;"));
        let other = generate_list("list", &format!("{list}#"), "crate").unwrap();
        assert_ne!(text.lines().next(), other.lines().next());
    }

    #[test]
    fn a_fault_names_its_line() {
        for (list, expected) in [
            ("A()", "line 1: an event before the first section"),
            ("\n[a] x", "line 2: expected `[name]: doc`, found `[a] x`"),
            (
                "[a]: x\nA(uint7)",
                "line 2: type `uint7` is not a Solidity type: the width of an integer is a multiple of 8 \
                 from 8 to 256, at byte 2",
            ),
            (
                "[a]: x\nA(uint8 indexed a, uint8 indexed b, uint8 indexed c, uint8 indexed d)",
                "line 2, event \"A\": 4 indexed parameters, an event has at most 3",
            ),
        ] {
            let error = generate_list("list", list, "crate").unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
    }
}
