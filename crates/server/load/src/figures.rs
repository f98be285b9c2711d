//! What was measured, beside what is to be reached.

use std::fmt::Write as _;
use std::time::Duration;

/// One line of the table.
pub struct Figure {
    pub what: &'static str,
    pub goal: String,
    pub measured: String,
    pub reached: bool,
}

/// The table, as it stands in docs/performance.md.
#[must_use]
pub fn table(figures: &[Figure]) -> String {
    let mut text = "| what | goal | measured | |\n|---|---:|---:|---|\n".to_owned();
    for Figure {
        what,
        goal,
        measured,
        reached,
    } in figures
    {
        let verdict = if *reached { "" } else { "missed" };
        // Writing to a string does not fail.
        let _ = writeln!(text, "| {what} | {goal} | {measured} | {verdict} |");
    }
    text
}

/// Some durations, sorted.
pub struct Times(Vec<Duration>);

impl Times {
    #[must_use]
    pub fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The time that so many thousandths do not exceed.
    #[must_use]
    pub fn quantile(&self, thousandths: usize) -> Duration {
        let index = (self.0.len() * thousandths)
            .div_ceil(1_000)
            .saturating_sub(1);
        self.0.get(index).copied().unwrap_or_default()
    }

    #[must_use]
    pub fn summary(&self) -> String {
        let [half, most, max] = [500, 990, 1_000].map(|it| milliseconds(self.quantile(it)));
        format!("p50 {half}, p99 {most}, max {max}")
    }
}

#[must_use]
pub fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

#[must_use]
#[allow(clippy::cast_precision_loss, reason = "far fewer than 2^52 bytes")]
pub fn kib(bytes: u64) -> String {
    format!("{:.1} KiB", bytes as f64 / 1024.0)
}

#[must_use]
#[allow(clippy::cast_precision_loss, reason = "far fewer than 2^52 bytes")]
pub fn mib(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / 1024.0 / 1024.0)
}
