//! `abi`: contract ABIs, offline: list, hash, decode, generate. Needs no node and no service.

mod args;
mod codegen;
mod decode;
mod list;
mod output;
mod source;
mod topic0;

pub(crate) use args::AbiArgs;
use args::AbiCommand;

use crate::exit::Failure;
use output::Halt;

/// Does it, and ends quietly when nobody reads the output any more.
///
/// # Errors
/// When a file cannot be read or written, or holds something else than it should.
pub(crate) fn run(args: AbiArgs) -> Result<(), Failure> {
    let outcome = match args.command {
        AbiCommand::Events(args) => list::events(&args),
        AbiCommand::Functions(args) => list::functions(&args),
        AbiCommand::Errors(args) => list::errors(&args),
        AbiCommand::Topic0(args) => topic0::run(&args),
        AbiCommand::Decode(args) => decode::run(&args),
        AbiCommand::Codegen(args) => codegen::run(&args),
    };
    match outcome {
        Ok(()) | Err(Halt::NobodyReads) => Ok(()),
        Err(Halt::Failed(failure)) => Err(failure),
    }
}
