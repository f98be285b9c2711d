//! Any bytes as a stream, in any chunks, with anything happening between them.

#![no_main]

mod run;

use libfuzzer_sys::fuzz_target;
use run::Run;

fuzz_target!(|input: &[u8]| {
    let end = input.iter().position(|byte| *byte == b'\n');
    let (script, stream) = match end {
        Some(end) => (&input[..end], &input[end + 1..]),
        None => (&b""[..], input),
    };
    Run::new(script).play(stream);
});
