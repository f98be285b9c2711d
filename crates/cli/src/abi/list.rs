//! `abi events`, `abi functions`, `abi errors`: what an ABI has, in the order of the file.

use event_streamer::abi::{
    AbiCustomError, AbiError, AbiFunction, EventDecoder, FunctionDecoder, ParamsDecoder,
    human_signature,
};
use event_streamer::models::{AbiEvent, AbiInput, hex};
use serde_json::json;

use super::args::ListArgs;
use super::output::{Halt, Output};
use super::source;
use crate::exit::Failure;

pub(super) fn events(args: &ListArgs) -> Result<(), Halt> {
    let abi = source::read_abi(&args.file)?;
    list(args, &abi.events, event)
}

pub(super) fn functions(args: &ListArgs) -> Result<(), Halt> {
    let abi = source::read_abi(&args.file)?;
    list(args, &abi.functions, function)
}

pub(super) fn errors(args: &ListArgs) -> Result<(), Halt> {
    let abi = source::read_abi(&args.file)?;
    list(args, &abi.errors, custom_error)
}

/// One element: as a line for programs, and as one for people.
struct Row {
    json: serde_json::Value,
    text: String,
}

type Described = Result<Row, AbiError>;

fn list<T>(args: &ListArgs, elements: &[T], describe: fn(&T) -> Described) -> Result<(), Halt> {
    let mut output = Output::new();
    for element in elements {
        let row = describe(element)
            .map_err(|error| Failure::because(source::shown(&args.file), &error))?;
        if args.json {
            output.line(&row.json.to_string())?;
        } else {
            output.line(&row.text)?;
        }
    }
    output.flush()
}

fn event(event: &AbiEvent) -> Described {
    const HASH: usize = 66;
    let decoder = EventDecoder::new(event)?;
    let topic0 = decoder.topic0().map(|topic0| topic0.to_string());
    let indexed: Vec<bool> = event.inputs.iter().map(AbiInput::is_indexed).collect();
    let shown = topic0.as_deref().unwrap_or("anonymous");
    let text = format!("{shown:<HASH$}  {}", human_signature(event)?);
    let json = json!({
        "name": event.name,
        "signature": decoder.signature(),
        "topic0": topic0,
        "anonymous": event.anonymous,
        "indexed": indexed,
    });
    Ok(Row { json, text })
}

fn function(function: &AbiFunction) -> Described {
    let mutability = function.state_mutability.as_str();
    let decoder = match FunctionDecoder::new(function) {
        Ok(decoder) => decoder,
        Err(error) => return Ok(library_function(function, &error)),
    };
    let selector = hex::encode(&function.selector()?);
    let json = json!({
        "name": function.name,
        "signature": decoder.signature(),
        "selector": selector,
        "mutability": mutability,
        "outputs": types(&function.outputs)?,
    });
    let text = format!("{selector}  {}", function.human_signature()?);
    Ok(Row { json, text })
}

/// One that takes references to storage, whose names in the ABI are not those in its signature:
/// there is no selector that could be worked out.
fn library_function(function: &AbiFunction, error: &AbiError) -> Row {
    Row {
        text: format!("{:<10}  {}: {error}", "-", function.name),
        json: json!({
            "name": function.name,
            "signature": null,
            "selector": null,
            "mutability": function.state_mutability.as_str(),
            "outputs": null,
            "reason": error.to_string(),
        }),
    }
}

fn custom_error(error: &AbiCustomError) -> Described {
    let signature = error.signature()?;
    let selector = hex::encode(&error.selector()?);
    Ok(Row {
        text: format!("{selector}  {}", error.human_signature()?),
        json: json!({ "name": error.name, "signature": signature, "selector": selector }),
    })
}

/// The canonical type of each parameter.
fn types(inputs: &[AbiInput]) -> Result<Vec<String>, AbiError> {
    let type_of = |input| {
        // The signature of one parameter without a name is its type in parentheses.
        let decoder = ParamsDecoder::new(std::slice::from_ref(input))?;
        let signature = decoder.signature();
        Ok(signature[1..signature.len() - 1].to_owned())
    };
    inputs.iter().map(type_of).collect()
}
