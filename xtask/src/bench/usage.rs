//! What a process has used so far, from `/proc`.

use std::fs;
use std::time::Duration;

use crate::error::{Context as _, Result};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Usage {
    /// User and system time of all its threads.
    pub(super) cpu: Duration,
    /// The most memory that was resident at once, in KiB.
    pub(super) peak_kib: u64,
}

impl Usage {
    /// # Errors
    /// Where there is no `/proc` as Linux has it, or no such process.
    pub(super) fn of(process: u32) -> Result<Self> {
        let read = |name: &str| {
            let path = format!("/proc/{process}/{name}");
            fs::read_to_string(&path).context(|| format!("cannot read {path} (Linux only)"))
        };
        let unknown = || format!("/proc/{process} is not as Linux has it");
        let cpu = cpu(&read("stat")?).context(unknown)?;
        let peak_kib = peak(&read("status")?).context(unknown)?;
        Ok(Self { cpu, peak_kib })
    }
}

/// Fields 14 and 15 of `stat`: user and system time in ticks, of which Linux shows a hundred to the
/// second on every machine.
fn cpu(stat: &str) -> Option<Duration> {
    const TICK: Duration = Duration::from_millis(10);
    // The name of the program, which may hold anything, ends with the last parenthesis.
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut times = fields.split(' ').skip(11);
    let user: u32 = times.next()?.parse().ok()?;
    let system: u32 = times.next()?.parse().ok()?;
    Some(TICK * (user + system))
}

fn peak(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_user_and_system() {
        let stat = "17 (a) b (c)) R 1 17 17 0 -1 4194304 100 0 0 0 150 25 7 8 20 0 1 0 99 1 2\n";
        assert_eq!(cpu(stat), Some(Duration::from_millis(1_750)));
        assert_eq!(cpu("17 (a) R 1"), None);
    }

    #[test]
    fn the_peak_is_the_high_water_mark() {
        let status = "Name:\tx\nVmPeak:\t 9999 kB\nVmHWM:\t   12345 kB\nVmRSS:\t 1 kB\n";
        assert_eq!(peak(status), Some(12_345));
        assert_eq!(peak("Name:\tx\n"), None);
    }
}
