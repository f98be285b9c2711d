//! The table, as it stands in docs/performance.md.

use std::fmt::Write as _;

use super::{Contender, Measured};

pub(super) struct Row {
    pub(super) contender: Contender,
    pub(super) measured: Measured,
}

const HEAD: &str = "\
| from the node's bytes | logs/s | CPU s per million | peak MiB |
|---|---:|---:|---:|
";

#[allow(
    clippy::cast_precision_loss,
    reason = "far fewer than 2^52 of anything"
)]
pub(super) fn table(rows: &[Row], logs: u64) -> String {
    let mut text = HEAD.to_owned();
    let logs = logs as f64;
    for Row {
        contender,
        measured,
    } in rows
    {
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "| {} | {:.0} k | {:.2} | {:.0} |",
            contender.name(),
            logs / measured.took.as_secs_f64() / 1e3,
            measured.cpu.as_secs_f64() * 1e6 / logs,
            measured.peak_kib as f64 / 1024.0,
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn figures_are_of_a_second_and_of_a_million() {
        let row = Row {
            contender: Contender::AlloyStatic,
            measured: Measured {
                took: Duration::from_secs(4),
                cpu: Duration::from_millis(3_500),
                peak_kib: 100 * 1024,
            },
        };
        let text = table(&[row], 500_000);
        assert!(
            text.ends_with("| alloy `sol!`, to JSON | 125 k | 7.00 | 100 |\n"),
            "{text}"
        );
    }
}
