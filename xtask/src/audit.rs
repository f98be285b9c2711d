//! `cargo xtask audit`: cargo-deny with the advisory database, where both are to be had.
//!
//! What needs neither (licences, sources, versions) is checked by `tidy` with every test.

use std::path::Path;
use std::process::Command;

use crate::error::Result;
use crate::process;

/// How an audit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audit {
    Clean,
    /// Something is vulnerable, yanked or against the policy.
    Faulty,
    /// Nothing was looked at: cargo-deny or the advisories are not there.
    NotToBeHad,
}

impl Audit {
    /// Its exit code: one of its own for what was not looked at, which is neither good nor bad.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Faulty => 1,
            Self::NotToBeHad => 3,
        }
    }
}

pub(crate) fn audit(root: &Path) -> Result<Audit> {
    let deny = |arguments: &[&str]| {
        let mut cargo = process::cargo(root);
        cargo.arg("deny").args(arguments);
        cargo
    };
    Ok(look(
        &mut deny(&["--version"]),
        &mut deny(&["fetch", "db"]),
        &mut deny(&["check"]),
    ))
}

fn look(version: &mut Command, fetch: &mut Command, check: &mut Command) -> Audit {
    if process::output(version).is_err() {
        println!(
            "NOT AUDITED: cargo-deny is not installed (`cargo install --locked cargo-deny`); exit \
             code {}",
            Audit::NotToBeHad.code()
        );
        return Audit::NotToBeHad;
    }
    if let Err(failure) = process::run(fetch) {
        println!(
            "NOT AUDITED: the advisory database cannot be fetched; exit code {}\n{failure}",
            Audit::NotToBeHad.code()
        );
        return Audit::NotToBeHad;
    }
    match process::run(check) {
        Ok(()) => {
            println!("nothing we depend on has an advisory against it");
            Audit::Clean
        }
        Err(failure) => {
            println!("{failure}");
            Audit::Faulty
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ending(code: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("exit {code}")]);
        command
    }

    #[test]
    fn what_could_not_be_looked_at_is_neither_good_nor_bad() {
        for (version, fetch, check, expected) in [
            ("0", "0", "0", Audit::Clean),
            ("0", "0", "1", Audit::Faulty),
            ("0", "1", "0", Audit::NotToBeHad),
            ("101", "0", "0", Audit::NotToBeHad),
        ] {
            let audit = look(&mut ending(version), &mut ending(fetch), &mut ending(check));
            assert_eq!(audit, expected);
        }
        let missing = &mut Command::new("/nowhere/cargo");
        let audit = look(missing, &mut ending("0"), &mut ending("0"));
        assert_eq!((audit, audit.code()), (Audit::NotToBeHad, 3));
    }
}
