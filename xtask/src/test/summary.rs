//! The end of the test command: every step in a line, what failed, and the count.

use std::fmt;

use super::Interop;
use super::step::Outcome;
use super::tally::Tally;

pub(crate) struct Summary<'a> {
    outcomes: &'a [Outcome],
    interop: Interop,
}

impl<'a> Summary<'a> {
    pub(crate) fn new(outcomes: &'a [Outcome], interop: Interop) -> Self {
        Self { outcomes, interop }
    }

    pub(crate) fn is_good(&self) -> bool {
        self.outcomes.iter().all(|outcome| outcome.passed)
    }

    /// All tests together. A step that fails without a failing test (clippy, a crate that does
    /// not compile) counts as one, so that the last line never reads `0 failed` after a failure.
    fn tally(&self) -> Tally {
        let mut total = Tally::default();
        for outcome in self.outcomes {
            total += outcome.tally;
            if !outcome.passed && outcome.tally.failed == 0 {
                total.failed += 1;
            }
        }
        total
    }
}

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "== summary")?;
        for outcome in self.outcomes {
            writeln!(f, "{}", outcome.line())?;
        }
        let failed: Vec<_> = self
            .outcomes
            .iter()
            .filter(|outcome| !outcome.passed)
            .map(|outcome| outcome.name)
            .collect();
        if !failed.is_empty() {
            writeln!(f, "failing steps: {}", failed.join("; "))?;
        }
        if self.interop == Interop::LeaveOut {
            writeln!(
                f,
                "left out by --no-interop: the tests against the anvil node and the Python client"
            )?;
        }
        write!(f, "{}", self.tally())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn outcome(name: &'static str, passed: bool, counts: [u64; 3]) -> Outcome {
        let [passed_tests, failed, ignored] = counts;
        let tally = Tally {
            passed: passed_tests,
            failed,
            ignored,
        };
        Outcome {
            name,
            took: Duration::ZERO,
            tally,
            passed,
        }
    }

    fn last_line(outcomes: &[Outcome], interop: Interop) -> String {
        let text = Summary::new(outcomes, interop).to_string();
        text.lines().next_back().unwrap().to_owned()
    }

    #[test]
    fn the_last_line_is_the_count() {
        let outcomes = [
            outcome("tests", true, [5, 0, 0]),
            outcome("interop", true, [2, 0, 0]),
        ];
        assert_eq!(last_line(&outcomes, Interop::Run), "7 passed, 0 failed");
        let outcomes = [
            outcome("tests", true, [5, 0, 2]),
            outcome("doc tests", true, [1, 0, 1]),
        ];
        assert_eq!(
            last_line(&outcomes, Interop::LeaveOut),
            "6 passed, 0 failed, 3 skipped"
        );
    }

    #[test]
    fn a_failing_step_counts_even_without_a_failing_test() {
        let outcomes = [
            outcome("clippy", false, [0; 3]),
            outcome("tests", false, [5, 2, 0]),
        ];
        assert_eq!(last_line(&outcomes, Interop::Run), "5 passed, 3 failed");
        let summary = Summary::new(&outcomes, Interop::Run);
        assert!(!summary.is_good());
        assert!(
            summary
                .to_string()
                .contains("failing steps: clippy; tests\n"),
            "{summary}"
        );
    }

    #[test]
    fn what_is_left_out_is_said_before_the_count() {
        let text =
            Summary::new(&[outcome("tests", true, [1, 0, 0])], Interop::LeaveOut).to_string();
        let lines: Vec<_> = text.lines().collect();
        assert!(lines[lines.len() - 2].contains("--no-interop"), "{text}");
    }
}
