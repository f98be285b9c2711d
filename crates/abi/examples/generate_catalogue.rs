//! Writes `src/generated/catalogue.rs`: `cargo run -p event-streamer-abi --example generate_catalogue`.
//!
//! With `-- --check` it writes nothing and fails if the file is not up to date.

use std::path::Path;
use std::process::ExitCode;

use event_streamer_abi::CATALOGUE;
use event_streamer_abi::codegen::generate_list;

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/generated/catalogue.rs");
    let text = generate_list("crates/abi/catalogue/events.txt", CATALOGUE, "crate")?;
    if std::env::args().any(|argument| argument == "--check") {
        let is_current = std::fs::read_to_string(&path).is_ok_and(|current| current == text);
        return Ok(ExitCode::from(u8::from(!is_current)));
    }
    std::fs::write(path, text)?;
    Ok(ExitCode::SUCCESS)
}
