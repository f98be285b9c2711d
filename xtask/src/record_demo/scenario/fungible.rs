//! ERC-20 tokens and wrapped ether: the bulk of the recording.

use super::Stage;
use crate::error::Result;
use crate::record_demo::abi::{Address, Value, values};
use crate::record_demo::artefacts::{ERC20_FIXED_SUPPLY, ERC20_MINTER_PAUSER, WETH9};
use crate::record_demo::chain::Call;

/// One token of 18 decimals in its smallest units.
pub(crate) const UNIT: u128 = 10_u128.pow(18);
const SUPPLY: u128 = 1_000_000_000 * UNIT;
/// What each account is given of each token: more than it can spend in the whole recording.
const PURSE: u128 = 1_000_000 * UNIT;
/// What each account wraps of its ether, for the same reason.
const WRAPPED_PURSE: u128 = 10_000 * UNIT;

pub(crate) struct Fungible {
    pub(crate) dollar: Address,
    pub(crate) euro: Address,
    pub(crate) harbour: Address,
    pub(crate) kelp: Address,
    pub(crate) reef: Address,
    pub(crate) weth: Address,
    /// Minted while the recording runs, and burnt.
    tide: Address,
}

impl Fungible {
    pub(crate) fn deploy(stage: &mut Stage) -> Result<Self> {
        let founder = stage.people.founder();
        let mut fixed = |name: &str, symbol: &str| {
            let arguments = [
                Value::string(name),
                Value::string(symbol),
                SUPPLY.into(),
                founder.into(),
            ];
            stage.deploy(ERC20_FIXED_SUPPLY, &arguments)
        };
        Ok(Self {
            dollar: fixed("Demo Dollar", "DUSD")?,
            euro: fixed("Demo Euro", "DEUR")?,
            harbour: fixed("Harbour", "HARB")?,
            kelp: fixed("Kelp", "KELP")?,
            reef: fixed("Reef", "REEF")?,
            weth: stage.deploy(WETH9, &[])?,
            tide: stage.deploy(
                ERC20_MINTER_PAUSER,
                &[Value::string("Tide"), Value::string("TIDE")],
            )?,
        })
    }

    fn fixed(&self) -> [Address; 5] {
        [self.dollar, self.euro, self.harbour, self.kelp, self.reef]
    }

    /// Gives every account its purse.
    pub(crate) fn distribute(&self, stage: &mut Stage) -> Result<()> {
        let founder = stage.people.founder();
        for account in stage.people.accounts().to_vec() {
            if account != founder {
                for token in self.fixed() {
                    stage.send(Call::new(
                        founder,
                        token,
                        "transfer(address,uint256)",
                        &values![account, PURSE],
                    ))?;
                }
            }
            stage.send(Call::new(
                founder,
                self.tide,
                "mint(address,uint256)",
                &values![account, PURSE],
            ))?;
        }
        Ok(())
    }

    pub(crate) fn wrap_purses(&self, stage: &mut Stage) -> Result<()> {
        for account in stage.people.accounts().to_vec() {
            stage.send(Call::new(account, self.weth, "deposit()", &[]).paying(WRAPPED_PURSE))?;
        }
        Ok(())
    }

    /// Lets `spender` take all it wants of the tokens that have a market.
    pub(crate) fn approve_all(
        &self,
        stage: &mut Stage,
        owners: &[Address],
        spender: Address,
    ) -> Result<()> {
        for owner in owners {
            for token in self.fixed().into_iter().chain([self.weth]) {
                stage.send(Call::new(
                    *owner,
                    token,
                    "approve(address,uint256)",
                    &[spender.into(), Value::MAX],
                ))?;
            }
        }
        Ok(())
    }

    pub(crate) fn transfer(&self, stage: &mut Stage) -> Result<()> {
        let random = &mut stage.random;
        // Real traffic is uneven: a few tokens are most of it.
        let token = match random.below(10) {
            0..=3 => self.dollar,
            4..=5 => self.weth,
            6 => self.tide,
            _ => random.pick(&self.fixed()),
        };
        let amount = random.amount(if token == self.weth { 1 } else { 3 });
        let (from, to) = (stage.people.account(random), stage.people.recipient(random));
        stage.send(Call::new(
            from,
            token,
            "transfer(address,uint256)",
            &values![to, amount],
        ))
    }

    pub(crate) fn approve(&self, stage: &mut Stage) -> Result<()> {
        let random = &mut stage.random;
        let (token, amount) = (self.tide, random.amount(3));
        let (owner, spender) = (stage.people.account(random), stage.people.recipient(random));
        stage.send(Call::new(
            owner,
            token,
            "approve(address,uint256)",
            &values![spender, amount],
        ))
    }

    /// A transfer from the zero address.
    pub(crate) fn mint(&self, stage: &mut Stage) -> Result<()> {
        let to = stage.people.recipient(&mut stage.random);
        let amount = stage.random.amount(3);
        stage.send(Call::new(
            stage.people.founder(),
            self.tide,
            "mint(address,uint256)",
            &values![to, amount],
        ))
    }

    /// A transfer to the zero address.
    pub(crate) fn burn(&self, stage: &mut Stage) -> Result<()> {
        let token = stage.random.pick(&[self.tide, self.reef, self.kelp]);
        let (owner, amount) = (
            stage.people.account(&mut stage.random),
            stage.random.amount(2),
        );
        stage.send(Call::new(owner, token, "burn(uint256)", &values![amount]))
    }

    pub(crate) fn wrap(&self, stage: &mut Stage) -> Result<()> {
        let (owner, amount) = (
            stage.people.account(&mut stage.random),
            stage.random.amount(1),
        );
        stage.send(Call::new(owner, self.weth, "deposit()", &[]).paying(amount))
    }

    pub(crate) fn unwrap(&self, stage: &mut Stage) -> Result<()> {
        let (owner, amount) = (
            stage.people.account(&mut stage.random),
            stage.random.amount(1),
        );
        stage.send(Call::new(
            owner,
            self.weth,
            "withdraw(uint256)",
            &values![amount],
        ))
    }
}
