//! One step of the tests: a heading, the work, the time it took and how it ended.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::tally::Tally;
use crate::error::{Context as _, Result, fail};
use crate::process;

pub(crate) struct Outcome {
    pub(crate) name: &'static str,
    pub(crate) took: Duration,
    /// The tests that ran in the step, whether it failed or not.
    pub(crate) tally: Tally,
    pub(crate) passed: bool,
}

/// Does `work` under a heading. What it fails with is shown, and is no reason to stop.
pub(crate) fn step(name: &'static str, work: impl FnOnce(&mut Tally) -> Result<()>) -> Outcome {
    println!("\n== {name}");
    let (start, mut tally) = (Instant::now(), Tally::default());
    let result = work(&mut tally);
    if let Err(failure) = &result {
        println!("{failure}");
    }
    let passed = result.is_ok();
    let outcome = Outcome {
        name,
        took: start.elapsed(),
        tally,
        passed,
    };
    println!("== {}", outcome.line());
    outcome
}

impl Outcome {
    /// `ok` or `FAILED`, the name, the time, and the tests where there were some.
    pub(crate) fn line(&self) -> String {
        let end = if self.passed { "ok" } else { "FAILED" };
        let line = format!(
            "{end:<6}  {:<40} {:>6.1} s",
            self.name,
            self.took.as_secs_f64()
        );
        if self.tally == Tally::default() {
            line
        } else {
            format!("{line}  {}", self.tally)
        }
    }
}

/// Runs `cargo test`, writes what it writes to `terminal` as it comes, and counts the tests.
pub(crate) fn cargo_test(
    command: &mut Command,
    tally: &mut Tally,
    terminal: &mut impl Write,
) -> Result<()> {
    let shown = process::shown(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context(|| format!("cannot start `{shown}`"))?;
    // Read to the end before waiting: a full pipe would keep the child from ending.
    let copied = child
        .stdout
        .take()
        .map(|output| copy_and_count(BufReader::new(output), tally, terminal));
    let status = child.wait().context(|| format!("waiting for `{shown}`"))?;
    copied
        .transpose()
        .context(|| format!("reading what `{shown}` writes"))?;
    if status.success() {
        Ok(())
    } else {
        fail!("`{shown}` failed: {status}")
    }
}

fn copy_and_count(
    mut from: impl BufRead,
    tally: &mut Tally,
    to: &mut impl Write,
) -> std::io::Result<()> {
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line)? > 0 {
        to.write_all(&line)?;
        if let Some(counted) = Tally::from_line(String::from_utf8_lossy(&line).trim_end()) {
            *tally += counted;
        }
        line.clear();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the script writes stays here: a run of these tests is itself counted by its lines.
    fn shell(script: &str) -> (Result<()>, Tally, String) {
        let (mut tally, mut written) = (Tally::default(), Vec::new());
        let result = cargo_test(
            Command::new("sh").args(["-c", script]),
            &mut tally,
            &mut written,
        );
        (result, tally, String::from_utf8(written).unwrap())
    }

    #[test]
    fn the_counts_of_all_programs_are_added_up() {
        let (result, tally, written) = shell(
            "echo 'test result: ok. 2 passed; 0 failed; 1 ignored'; echo; \
             echo 'test result: ok. 3 passed; 0 failed; 0 ignored'",
        );
        result.unwrap();
        assert_eq!(written.lines().count(), 3, "{written}");
        assert_eq!(
            tally,
            Tally {
                passed: 5,
                failed: 0,
                ignored: 1
            }
        );
    }

    #[test]
    fn a_failure_keeps_the_counts() {
        let (result, tally, _) =
            shell("echo 'test result: FAILED. 2 passed; 1 failed; 0 ignored'; exit 101");
        assert!(result.unwrap_err().to_string().contains("failed"));
        assert_eq!(
            tally,
            Tally {
                passed: 2,
                failed: 1,
                ignored: 0
            }
        );
    }

    #[test]
    fn the_line_of_an_outcome_says_how_it_ended() {
        let outcome = step("unit tests", |tally| {
            tally.failed = 1;
            fail!("no")
        });
        assert!(!outcome.passed);
        let line = outcome.line();
        assert!(
            line.starts_with("FAILED  unit tests ") && line.ends_with("0 passed, 1 failed"),
            "{line}"
        );
    }
}
