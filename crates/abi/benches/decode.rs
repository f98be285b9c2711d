//! `cargo bench -p event-streamer-abi`: runs the benchmark, which is a workspace of its own in
//! `bench/`, so that nothing else builds what we are compared with. Arguments are passed on.

use std::ffi::OsString;
use std::io;
use std::process::{Command, ExitCode};

const MANIFEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/bench/Cargo.toml");

fn main() -> io::Result<ExitCode> {
    let (bench, arguments): (Vec<OsString>, Vec<OsString>) = std::env::args_os()
        .skip(1)
        .partition(|argument| argument == "--bench");
    // Cargo says so when it is asked to measure, and not when it runs every target as a test.
    if bench.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let status = Command::new(env!("CARGO"))
        .args(["bench", "--manifest-path", MANIFEST, "--"])
        .args(arguments)
        .status()?;
    Ok(ExitCode::from(u8::from(!status.success())))
}
