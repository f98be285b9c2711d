//! Who takes part: accounts that sign, and addresses that only receive.

use crate::error::{Context as _, Result};
use crate::hash::keccak256;
use crate::record_demo::abi::Address;
use crate::record_demo::random::Random;

/// How many accounts the node is asked for.
pub(crate) const ACCOUNTS: usize = 50;
const MAKERS: usize = 4;
const TRADERS: usize = 12;
/// Addresses without a known key, as most holders of a token are to an observer.
const COLD: usize = 1_500;

pub(crate) struct People {
    accounts: Vec<Address>,
    cold: Vec<Address>,
}

impl People {
    pub(crate) fn new(accounts: &[Address]) -> Result<Self> {
        let accounts = accounts
            .get(..ACCOUNTS)
            .context(|| format!("the node has fewer than {ACCOUNTS} accounts"))?;
        let cold = (0..COLD)
            .map(|i| Address::from_word(&keccak256(format!("demo holder {i}").as_bytes())));
        Ok(Self {
            accounts: accounts.to_vec(),
            cold: cold.collect(),
        })
    }

    /// All that sign, the others below among them.
    pub(crate) fn accounts(&self) -> &[Address] {
        &self.accounts
    }

    /// Deploys the contracts and owns what they start with.
    pub(crate) fn founder(&self) -> Address {
        self.accounts[0]
    }

    /// Provide liquidity.
    pub(crate) fn makers(&self) -> &[Address] {
        &self.accounts[1..=MAKERS]
    }

    /// Swap.
    pub(crate) fn traders(&self) -> &[Address] {
        &self.accounts[1 + MAKERS..][..TRADERS]
    }

    pub(crate) fn account(&self, random: &mut Random) -> Address {
        self.accounts[random.index(ACCOUNTS)]
    }

    pub(crate) fn maker(&self, random: &mut Random) -> Address {
        self.makers()[random.index(MAKERS)]
    }

    pub(crate) fn trader(&self, random: &mut Random) -> Address {
        self.traders()[random.index(TRADERS)]
    }

    /// Somebody to send to: often an account, else a cold address, some far more popular than
    /// others.
    pub(crate) fn recipient(&self, random: &mut Random) -> Address {
        if random.chance(35) {
            return self.account(random);
        }
        let popular = random
            .index(COLD)
            .min(random.index(COLD))
            .min(random.index(COLD));
        self.cold[popular]
    }
}
