//! More seeds of the simulation than the tests run.

use std::path::Path;

use crate::error::{Result, fail};
use crate::process;

/// Which seeds: `--seeds N --from S`, in either order; 1,000 from 1 if nothing is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seeds {
    count: u64,
    from: u64,
}

impl Seeds {
    pub(crate) fn parse(arguments: &[&str]) -> Result<Self> {
        let mut seeds = Self {
            count: 1_000,
            from: 1,
        };
        for pair in arguments.chunks(2) {
            let number = |text: &str| text.parse::<u64>().ok().filter(|number| *number > 0);
            match *pair {
                ["--seeds", text] if number(text).is_some() => {
                    seeds.count = number(text).unwrap_or_default();
                }
                ["--from", text] if number(text).is_some() => {
                    seeds.from = number(text).unwrap_or_default();
                }
                _ => return fail!("`{}`: expected --seeds N --from S", arguments.join(" ")),
            }
        }
        Ok(seeds)
    }
}

/// Runs the seeds; each that fails is named, with the command that repeats it.
pub(crate) fn simulate(root: &Path, seeds: Seeds) -> Result<()> {
    process::run(
        process::cargo(root)
            .args([
                "test",
                "--quiet",
                "--package",
                "event-streamer-cli",
                "--test",
                "it",
                "--",
            ])
            .args([
                "--nocapture",
                "--exact",
                "simulation::every_seed_keeps_the_promises",
            ])
            .env("SIMULATE_SEEDS", seeds.count.to_string())
            .env("SIMULATE_FROM", seeds.from.to_string()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_numbers_may_be_given_in_either_order_or_not_at_all() {
        let seeds = |count, from| Seeds { count, from };
        for (arguments, expected) in [
            (&[][..], seeds(1_000, 1)),
            (&["--seeds", "5"], seeds(5, 1)),
            (&["--from", "7", "--seeds", "1"], seeds(1, 7)),
        ] {
            assert_eq!(Seeds::parse(arguments).unwrap(), expected);
        }
        for wrong in [
            &["--seeds"][..],
            &["--seeds", "0"],
            &["--from", "x"],
            &["5"],
        ] {
            let error = Seeds::parse(wrong).unwrap_err().to_string();
            assert!(error.contains(wrong[0]), "{error}");
        }
    }
}
