//! How a program talks to the chore that watches it: lines on standard output, an end of standard
//! input.

use std::io::{self, BufRead as _, Write as _};

/// Says a line. Whoever started this and went away is not waited for.
pub fn say(line: &str) {
    let mut stdout = io::stdout();
    let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}

/// Waits to be told to go on.
///
/// # Errors
///
/// If standard input cannot be read.
pub fn wait_for_line() -> io::Result<()> {
    io::stdin().lock().read_line(&mut String::new()).map(drop)
}

/// Waits for the end of standard input.
///
/// # Errors
///
/// If it cannot be read.
pub fn wait_for_end() -> io::Result<()> {
    io::copy(&mut io::stdin().lock(), &mut io::sink()).map(drop)
}
