//! The data of a call, of what it returned, of why it reverted: one JSON object each.

use std::path::Path;

use event_streamer::abi::{
    AbiError, ContractAbi, FunctionDecoder, FunctionRegistry, ParamsDecoder, Revert, RevertDecoder,
    Strictness,
};
use event_streamer::models::{AbiInput, hex};
use serde_json::{Value, json};

use super::super::output::{Halt, Output};
use super::super::source;
use crate::exit::Failure;

/// Longest hex text that is read from standard input.
const MAX_TEXT_BYTES: usize = 64 << 20;

pub(super) fn call(abis: &[ContractAbi], text: &str, strictness: Strictness) -> Result<(), Halt> {
    let data = read(text, "--call")?;
    let (functions, uncallable) = functions(abis, strictness);
    let mut registry = FunctionRegistry::new();
    for function in functions {
        registry.insert(function);
    }
    let function = registry.resolve(&data).map_err(|error| {
        let mut message = format!("--call: {error}");
        if uncallable > 0 {
            message.push_str(&format!(
                " ({uncallable} functions of libraries, whose selectors an ABI does not tell, were left out)"
            ));
        }
        Failure::job(message)
    })?;
    let params = function
        .call()
        .decode_json(&data)
        .map_err(|error| of_function("--call", function, &error))?;
    print(&format!(
        r#"{{"function":"{}","signature":"{}","params":{params}}}"#,
        function.name(),
        function.signature()
    ))
}

pub(super) fn returns(
    abis: &[ContractAbi],
    text: &str,
    name: &str,
    strictness: Strictness,
) -> Result<(), Halt> {
    let data = read(text, "--returns")?;
    let (functions, _) = functions(abis, strictness);
    let function = named(&functions, name)?;
    let returns = function
        .returns()
        .decode_json(&data)
        .map_err(|error| of_function("--returns", function, &error))?;
    print(&format!(
        r#"{{"function":"{}","signature":"{}","returns":{returns}}}"#,
        function.name(),
        function.signature()
    ))
}

pub(super) fn revert(abis: &[ContractAbi], text: &str) -> Result<(), Halt> {
    let data = read(text, "--revert")?;
    let errors = abis.iter().flat_map(|abi| &abi.errors);
    let decoder = RevertDecoder::new(errors).map_err(|error| Failure::because("--abi", &error))?;
    let failed = |error| Failure::because("--revert", &error);
    let revert = decoder.decode(&data).map_err(failed)?;
    let object = match &revert {
        Revert::Custom { error, .. } => {
            let params = error.decode_json(&data).map_err(failed)?;
            let (name, signature) = (error.name(), error.signature());
            format!(r#"{{"error":"{name}","signature":"{signature}","params":{params}}}"#)
        }
        Revert::Message(_) => of_solidity("Error", "string", "message", &data, &revert)?,
        Revert::Panic(_) => of_solidity("Panic", "uint256", "code", &data, &revert)?,
        Revert::Empty => json!({ "error": null, "reason": revert.to_string() }).to_string(),
        _ => {
            let selector = hex::encode(data.get(..4).unwrap_or(&data));
            return Err(Failure::job(format!(
                "--revert: no error is known with the selector {selector}; name the contract's ABI with --abi"
            ))
            .into());
        }
    };
    print(&object)
}

/// An error of the language itself, which has one parameter and a meaning that can be said.
fn of_solidity(
    name: &str,
    ty: &str,
    key: &str,
    data: &[u8],
    revert: &Revert<'_>,
) -> Result<String, Failure> {
    let failed = |error: &(dyn std::error::Error + 'static)| Failure::because("--revert", error);
    let decoder = ParamsDecoder::new(&[AbiInput::new(key, ty)]).map_err(|error| failed(&error))?;
    // The selector said which error it is.
    let params = data.get(4..).unwrap_or_default();
    let params = decoder
        .decode_json(params)
        .map_err(|error| failed(&error))?;
    let reason = Value::from(revert.to_string());
    Ok(format!(
        r#"{{"error":"{name}","signature":"{name}({ty})","params":{params},"reason":{reason}}}"#
    ))
}

fn read(text: &str, option: &str) -> Result<Vec<u8>, Failure> {
    let read;
    let text = if text == "-" {
        read = source::read_text(Path::new("-"), MAX_TEXT_BYTES)?;
        read.trim()
    } else {
        text.trim()
    };
    hex::decode(text).map_err(|error| Failure::usage(format!("{option}: {error}")))
}

/// Every function that can be called from outside, and how many cannot.
fn functions(abis: &[ContractAbi], strictness: Strictness) -> (Vec<FunctionDecoder>, usize) {
    let all = abis.iter().flat_map(|abi| &abi.functions);
    let compiled: Vec<Result<_, AbiError>> = all.map(FunctionDecoder::new).collect();
    let total = compiled.len();
    let callable: Vec<_> = compiled
        .into_iter()
        .flatten()
        .map(|function| function.with_strictness(strictness))
        .collect();
    let uncallable = total - callable.len();
    (callable, uncallable)
}

fn named<'f>(functions: &'f [FunctionDecoder], name: &str) -> Result<&'f FunctionDecoder, Failure> {
    const SHOWN: usize = 8;
    let name = name.trim();
    let mut found: Vec<_> = functions
        .iter()
        .filter(|function| function.name() == name || function.signature() == name)
        .collect();
    // Several ABIs may have the same function.
    found.dedup_by(|one, other| {
        let (own, others) = (one.returns(), other.returns());
        one.signature() == other.signature()
            && own.signature() == others.signature()
            && own.keys().eq(others.keys())
    });
    match found.as_slice() {
        [function] => Ok(function),
        [] => Err(Failure::usage(format!(
            "--function: no function {name:?} in the ABIs"
        ))),
        several => {
            let signatures: Vec<_> = several
                .iter()
                .take(SHOWN)
                .map(|function| function.signature())
                .collect();
            Err(Failure::usage(format!(
                "--function: {name:?} stands for several functions, name one by its signature: {}",
                signatures.join(", ")
            )))
        }
    }
}

fn of_function(
    option: &str,
    function: &FunctionDecoder,
    error: &(dyn std::error::Error + 'static),
) -> Failure {
    Failure::because(format!("{option}: {}", function.signature()), error)
}

fn print(line: &str) -> Result<(), Halt> {
    let mut output = Output::new();
    output.line(line)?;
    output.flush()
}
