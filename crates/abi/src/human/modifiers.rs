//! What stands behind the parameters of a function: `external view returns (uint256)`.

use event_streamer_models::AbiInput;

use super::parameters::{self, Owner};
use super::scanner::Scanner;
use crate::error::AbiError;
use crate::json::StateMutability;

/// The words behind a list of parameters, in any order, and the list after `returns`.
#[derive(Default)]
pub(super) struct Modifiers {
    /// `None` if none is written.
    pub(super) mutability: Option<StateMutability>,
    pub(super) outputs: Vec<AbiInput>,
}

/// Whether something may be returned.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Returns {
    Allowed,
    Never,
}

impl Modifiers {
    /// Reads as many as there are, each at most once.
    pub(super) fn read(scanner: &mut Scanner<'_>, returns: Returns) -> Result<Self, AbiError> {
        let mut modifiers = Self::default();
        let (mut is_visible, mut has_returned) = (false, false);
        loop {
            let before = scanner.at();
            let word = scanner.word();
            let mutability = StateMutability::of_word(word);
            match word {
                "external" | "public" if !is_visible => is_visible = true,
                // Of the source, and nothing to a caller.
                "virtual" => {}
                "override" => skip_overridden(scanner)?,
                "returns" if returns == Returns::Allowed && !has_returned => {
                    modifiers.outputs = parameters::read(scanner, Owner::Function)?;
                    has_returned = true;
                }
                _ if mutability.is_some() && modifiers.mutability.is_none() => {
                    modifiers.mutability = mutability;
                }
                _ => {
                    scanner.back_to(before);
                    return Ok(modifiers);
                }
            }
        }
    }
}

impl StateMutability {
    /// `constant` is what Solidity called `view` before 0.5.
    fn of_word(word: &str) -> Option<Self> {
        match word {
            "pure" => Some(Self::Pure),
            "view" | "constant" => Some(Self::View),
            "nonpayable" => Some(Self::NonPayable),
            "payable" => Some(Self::Payable),
            _ => None,
        }
    }
}

/// `override(A, B)`
fn skip_overridden(scanner: &mut Scanner<'_>) -> Result<(), AbiError> {
    if !scanner.eat('(') {
        return Ok(());
    }
    loop {
        if scanner.word().is_empty() {
            return Err(scanner.fault("the name of a contract"));
        }
        if scanner.eat(')') {
            return Ok(());
        }
        scanner.expect(',')?;
    }
}
