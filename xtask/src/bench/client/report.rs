//! The tables, as they stand in docs/performance.md.

use std::fmt::Write as _;

use super::contender::Measured;

/// One stream and one handler, measured with both clients.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) ours: Measured,
    pub(super) theirs: Measured,
}

/// Our client on a stream whose handler is never done.
pub(super) struct Stalled {
    pub(super) name: String,
    pub(super) peak: u64,
}

const HEAD: &str = "\
| events a batch, handler | client | events/s | CPU s per million | peak MiB | times the events/s | times less CPU |
|---|---|---:|---:|---:|---:|---:|
";

pub(super) fn tables(cases: &[Case], stalled: &[Stalled]) -> String {
    let mut text = HEAD.to_owned();
    // Writing to a string does not fail.
    for case in cases {
        let (ours, theirs) = (&case.ours, &case.theirs);
        let faster = ours.events_per_second / theirs.events_per_second;
        let cheaper = theirs.cpu_seconds_per_million / ours.cpu_seconds_per_million;
        let name = &case.name;
        let _ = writeln!(text, "| {name} | Python 0.5.0 {} | | |", figures(theirs));
        let _ = writeln!(
            text,
            "| | **ours** {} | **{faster:.1}** | **{cheaper:.1}** |",
            figures(ours)
        );
    }
    text.push_str("\n| events a batch, handler stalled | peak MiB |\n|---|---:|\n");
    for stalled in stalled {
        let _ = writeln!(text, "| {} | {:.1} |", stalled.name, mib(stalled.peak));
    }
    text
}

fn figures(measured: &Measured) -> String {
    format!(
        "| {:.0} k | {:.2} | {:.1}",
        measured.events_per_second / 1e3,
        measured.cpu_seconds_per_million,
        mib(measured.peak_kib)
    )
}

#[allow(clippy::cast_precision_loss, reason = "far fewer than 2^52 KiB")]
fn mib(kib: u64) -> f64 {
    kib as f64 / 1024.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_ours_to_theirs() {
        let measured = |events_per_second, cpu_seconds_per_million| Measured {
            events_per_second,
            cpu_seconds_per_million,
            peak_kib: 10 * 1024,
        };
        let case = Case {
            name: "100, reads every field".to_owned(),
            ours: measured(3_000_000.0, 0.25),
            theirs: measured(150_000.0, 7.5),
        };
        let stalled = Stalled {
            name: "100".to_owned(),
            peak: 12 * 1024,
        };
        let text = tables(&[case], &[stalled]);
        assert!(
            text.contains("| 100, reads every field | Python 0.5.0 | 150 k | 7.50 | 10.0 | | |\n"),
            "{text}"
        );
        assert!(
            text.contains("| | **ours** | 3000 k | 0.25 | 10.0 | **20.0** | **30.0** |\n"),
            "{text}"
        );
        assert!(text.ends_with("| 100 | 12.0 |\n"), "{text}");
    }
}
