//! The types of external functions of libraries, some of which only Solidity knows.
//!
//! Everywhere else the compiler writes what a type is encoded as. In functions of libraries it writes
//! the names of contracts and enums, and of what lies in storage: `IERC20[2][]`, `Lib.Kind`,
//! `mapping(address => Lib.Set storage pointer) storage`.

use event_streamer_models::AbiInput;

use crate::error::AbiError;
use crate::limits::{MAX_TUPLE_DEPTH, MAX_TYPE_BYTES};
use crate::path::Path;
use crate::resolve::{is_identifier, resolve_parameter};
use crate::types::parse_type;

/// That the type of a function's parameter is one of the ABI, or one that only libraries have. The
/// recursion is as deep as the type, which is bounded.
pub(super) fn check_function_type(parameter: &AbiInput, path: &Path<'_>) -> Result<(), AbiError> {
    if is_library_type(parameter) {
        return Ok(());
    }
    let components = parameter.components.as_deref().unwrap_or_default();
    if !components.iter().any(has_library_type) {
        return resolve_parameter(parameter, path).map(drop);
    }
    parse_type(&parameter.ty, MAX_TUPLE_DEPTH)
        .map_err(|fault| AbiError::at(fault.kind, path, fault.message))?;
    let mut components = components.iter().enumerate();
    components.try_for_each(|(nth, component)| check_function_type(component, &path.component(nth)))
}

fn has_library_type(parameter: &AbiInput) -> bool {
    let components = parameter.components.as_deref().unwrap_or_default();
    is_library_type(parameter) || components.iter().any(has_library_type)
}

fn is_library_type(parameter: &AbiInput) -> bool {
    let ty = parameter.ty.as_str();
    if ty.len() > MAX_TYPE_BYTES {
        return false;
    }
    let name = without_dimensions(ty);
    let is_qualified = name.contains('.') && name.split('.').all(is_identifier);
    let is_plain = is_identifier(name) && is_declared(parameter);
    ty.ends_with(" storage") || is_qualified || is_plain
}

/// Whether `internalType` says that a plain word is the name of a contract or an enum. Without it the
/// word is as likely a slip.
fn is_declared(parameter: &AbiInput) -> bool {
    let internal = parameter.internal_type.as_deref().unwrap_or_default();
    ["contract ", "enum "]
        .iter()
        .any(|kind| internal.strip_prefix(kind) == Some(&parameter.ty))
}

/// `IERC20` of `IERC20[2][]`.
fn without_dimensions(ty: &str) -> &str {
    let mut name = ty;
    while let Some((element, length)) = name.strip_suffix(']').and_then(|ty| ty.rsplit_once('['))
        && length.bytes().all(|byte| byte.is_ascii_digit())
    {
        name = element;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AbiErrorKind, AbiFunction, parse_contract_abi};

    /// A function with these inputs.
    fn function(inputs: &str) -> Result<AbiFunction, AbiError> {
        let abi = format!(r#"[{{"type":"function","name":"f","inputs":[{inputs}]}}]"#);
        parse_contract_abi(&abi).map(|mut abi| abi.functions.remove(0))
    }

    /// As solc 0.8 writes them.
    #[test]
    fn contracts_enums_and_storage_of_libraries_are_read() {
        for (ty, internal) in [
            ("IERC20", "contract IERC20"),
            ("IERC20[2][]", "contract IERC20[2][]"),
            ("lower[]", "enum lower[]"),
            ("L.K", "enum L.K"),
            ("L.K[3]", "enum L.K[3]"),
            ("L.S storage", "struct L.S"),
            ("uint256[] storage", "uint256[]"),
            (
                "mapping(uint256 => L.S storage pointer) storage",
                "mapping(uint256 => struct L.S)",
            ),
        ] {
            let input = format!(r#"{{"name":"x","type":"{ty}","internalType":"{internal}"}}"#);
            let read = function(&input).unwrap();
            assert_eq!(read.inputs[0].ty, ty);
            assert_eq!(read.signature().unwrap_err().kind(), AbiErrorKind::Type);
            let tuple = format!(
                r#"{{"type":"bool"}},{{"type":"tuple[]","components":[{{"type":"bool"}},{input}]}}"#
            );
            assert!(function(&tuple).is_ok(), "{tuple}");
        }
    }

    #[test]
    fn a_name_that_nothing_declares_is_refused() {
        for ty in [
            "IERC20",
            "Uint256",
            "UINT256[]",
            "float",
            "Two words",
            "IERC20[x]",
        ] {
            let error = function(&format!(r#"{{"type":"{ty}"}}"#)).unwrap_err();
            assert_eq!(error.kind(), AbiErrorKind::Type, "{error}");
        }
        let lie = r#"{"type":"IERC20","internalType":"contract IERC721"}"#;
        assert_eq!(function(lie).unwrap_err().kind(), AbiErrorKind::Type);
    }

    #[test]
    fn what_stands_beside_a_library_type_is_checked_all_the_same() {
        let error = function(
            r#"{"type":"tuple","components":[{"type":"L.K"},
                {"type":"tuple[2]","components":[{"type":"L.K"},{"type":"uint7"}]}]}"#,
        )
        .unwrap_err();
        assert_eq!(
            error.path(),
            r#"functions[0] "f" inputs[0].components[1].components[1]"#
        );
        let error = function(r#"{"type":"tuple[0]","components":[{"type":"L.K"}]}"#).unwrap_err();
        assert_eq!(error.kind(), AbiErrorKind::Type);
    }
}
