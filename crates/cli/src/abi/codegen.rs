//! `abi codegen`: Rust structs for the events of an ABI.

use std::fs;
use std::path::{Path, PathBuf};

use event_streamer::abi::codegen::RustModule;
use event_streamer::abi::extract_abi_event;
use serde_json::Value;

use super::args::CodegenArgs;
use super::output::{Halt, Output};
use super::source;
use crate::exit::Failure;

pub(super) fn run(args: &CodegenArgs) -> Result<(), Halt> {
    let in_file = |error| Failure::because(source::shown(&args.file), &error);
    let abi = source::read_abi(&args.file)?;
    let events = if args.events.is_empty() {
        abi.events
    } else {
        let json = Value::from(abi.raw).to_string();
        let wanted = args.events.iter();
        wanted
            .map(|name| extract_abi_event(&json, name))
            .collect::<Result<_, _>>()
            .map_err(in_file)?
    };
    if events.is_empty() {
        return Err(Failure::job(format!("{}: no events", source::shown(&args.file))).into());
    }
    let code = RustModule::new(&module_name(args))
        .with_abi_path(&args.abi_path)
        .generate(&events)
        .map_err(in_file)?;
    match &args.output {
        Some(path) => Ok(replace(path, &code)?),
        None => {
            let mut output = Output::new();
            output.write(code.as_bytes())?;
            output.flush()
        }
    }
}

/// The one asked for, else the name of the file up to its first dot.
fn module_name(args: &CodegenArgs) -> String {
    if let Some(module) = &args.module {
        return module.clone();
    }
    let name = args.file.file_name().unwrap_or_default().to_string_lossy();
    name.split('.').next().unwrap_or_default().to_owned()
}

/// Writes beside the file and moves over it: a reader sees the old text or the new one.
fn replace(path: &Path, code: &str) -> Result<(), Failure> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    fs::write(&part, code)
        .and_then(|()| fs::rename(&part, path))
        .map_err(|error| Failure::because(format!("cannot write {}", path.display()), &error))
}
