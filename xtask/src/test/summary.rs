//! The end of the test command: every step in a line, what failed, and the count.

use std::fmt;

use super::step::Outcome;
use super::tally::Tally;

/// What was not run, and is said so that nobody takes it for passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LeftOut {
    Nothing,
    /// PostgreSQL is not installed.
    Postgres,
    /// By `--no-interop`.
    Interop,
}

pub(crate) struct Summary<'a> {
    outcomes: &'a [Outcome],
    left_out: LeftOut,
}

impl<'a> Summary<'a> {
    pub(crate) fn new(outcomes: &'a [Outcome], left_out: LeftOut) -> Self {
        Self { outcomes, left_out }
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
        match self.left_out {
            LeftOut::Nothing => {}
            LeftOut::Postgres => writeln!(
                f,
                "left out: the tests against PostgreSQL, which is not installed (Debian and \
                 Ubuntu: `apt-get install postgresql`)"
            )?,
            LeftOut::Interop => writeln!(
                f,
                "left out by --no-interop: the tests against the anvil node, PostgreSQL and the \
                 Python client"
            )?,
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

    fn last_line(outcomes: &[Outcome], left_out: LeftOut) -> String {
        let text = Summary::new(outcomes, left_out).to_string();
        text.lines().next_back().unwrap().to_owned()
    }

    #[test]
    fn the_last_line_is_the_count() {
        let outcomes = [
            outcome("tests", true, [5, 0, 0]),
            outcome("interop", true, [2, 0, 0]),
        ];
        assert_eq!(last_line(&outcomes, LeftOut::Nothing), "7 passed, 0 failed");
        let outcomes = [
            outcome("tests", true, [5, 0, 2]),
            outcome("doc tests", true, [1, 0, 1]),
        ];
        assert_eq!(
            last_line(&outcomes, LeftOut::Interop),
            "6 passed, 0 failed, 3 skipped"
        );
    }

    #[test]
    fn a_failing_step_counts_even_without_a_failing_test() {
        let outcomes = [
            outcome("clippy", false, [0; 3]),
            outcome("tests", false, [5, 2, 0]),
        ];
        assert_eq!(last_line(&outcomes, LeftOut::Nothing), "5 passed, 3 failed");
        let summary = Summary::new(&outcomes, LeftOut::Nothing);
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
        for (left_out, said) in [
            (LeftOut::Interop, "--no-interop"),
            (LeftOut::Postgres, "apt-get install postgresql"),
        ] {
            let text = Summary::new(&[outcome("tests", true, [1, 0, 0])], left_out).to_string();
            let lines: Vec<_> = text.lines().collect();
            assert!(lines[lines.len() - 2].contains(said), "{text}");
        }
    }
}
