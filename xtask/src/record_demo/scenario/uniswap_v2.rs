//! Uniswap V2: pairs, swaps along routes, liquidity in and out.

use super::fungible::{Fungible, UNIT};
use super::{DEADLINE, Stage};
use crate::error::Result;
use crate::record_demo::abi::{Address, Value, values};
use crate::record_demo::artefacts::{V2_FACTORY, V2_ROUTER};
use crate::record_demo::chain::Call;

/// Tokens on each side of a pair from the founder; each maker adds a tenth.
const POOL: u128 = 1_000_000 * UNIT;
/// Tokens that buy one ether, at the start.
pub(crate) const ETHER_PRICE: u128 = 2_025;

pub(crate) struct UniswapV2 {
    factory: Address,
    pub(crate) router: Address,
    weth: Address,
    /// Pairs of two tokens.
    pairs: [(Address, Address); 3],
    /// Tokens with a pair with ether.
    ether_pairs: [Address; 2],
    /// What swaps go along, in either direction.
    routes: [Vec<Address>; 7],
}

impl UniswapV2 {
    pub(crate) fn deploy(stage: &mut Stage, tokens: &Fungible) -> Result<Self> {
        let factory = stage.deploy(V2_FACTORY, &values![stage.people.founder()])?;
        let router = stage.deploy(V2_ROUTER, &values![factory, tokens.weth])?;
        let Fungible {
            dollar,
            euro,
            harbour,
            kelp,
            reef,
            weth,
            ..
        } = *tokens;
        Ok(Self {
            factory,
            router,
            weth,
            pairs: [(dollar, euro), (dollar, harbour), (harbour, kelp)],
            ether_pairs: [dollar, reef],
            routes: [
                vec![dollar, euro],
                vec![dollar, harbour],
                vec![harbour, kelp],
                vec![weth, dollar],
                vec![weth, reef],
                vec![euro, dollar, harbour],
                vec![weth, dollar, harbour, kelp],
            ],
        })
    }

    /// Makes the pairs with the founder's tokens.
    pub(crate) fn open(&self, stage: &mut Stage, tokens: &Fungible) -> Result<()> {
        let founder = stage.people.founder();
        tokens.approve_all(stage, &[founder], self.router)?;
        for (a, b) in self.pairs {
            stage.send(self.add_tokens(founder, a, b, POOL).deploying())?;
        }
        for token in self.ether_pairs {
            stage.send(self.add_ether(founder, token, POOL).deploying())?;
        }
        Ok(())
    }

    /// The makers' liquidity, and their leave for the router to take it back.
    pub(crate) fn join(&self, stage: &mut Stage) -> Result<()> {
        for maker in stage.people.makers().to_vec() {
            for (a, b) in self.pairs {
                stage.send(self.add_tokens(maker, a, b, POOL / 10))?;
            }
            for (a, b) in self.pairs {
                let pair =
                    stage
                        .chain
                        .ask(self.factory, "getPair(address,address)", &values![a, b])?;
                let pair = Address::from_word(&pair);
                let arguments = [self.router.into(), Value::MAX];
                stage.send(Call::new(
                    maker,
                    pair,
                    "approve(address,uint256)",
                    &arguments,
                ))?;
            }
        }
        Ok(())
    }

    fn add_tokens(&self, from: Address, a: Address, b: Address, amount: u128) -> Call {
        let signature =
            "addLiquidity(address,address,uint256,uint256,uint256,uint256,address,uint256)";
        let arguments = values![a, b, amount, amount, 0_u32, 0_u32, from, DEADLINE];
        Call::new(from, self.router, signature, &arguments)
    }

    fn add_ether(&self, from: Address, token: Address, amount: u128) -> Call {
        let signature = "addLiquidityETH(address,uint256,uint256,uint256,address,uint256)";
        let arguments = values![token, amount, 0_u32, 0_u32, from, DEADLINE];
        Call::new(from, self.router, signature, &arguments).paying(amount / ETHER_PRICE)
    }

    pub(crate) fn swap(&self, stage: &mut Stage) -> Result<()> {
        let random = &mut stage.random;
        let trader = stage.people.trader(random);
        let mut route = self.routes[random.index(self.routes.len())].clone();
        if random.chance(50) {
            route.reverse();
        }
        let (pays_ether, takes_ether) = (
            route.first() == Some(&self.weth),
            route.last() == Some(&self.weth),
        );
        let amount = random.amount(if pays_ether { 0 } else { 3 });
        let rest = [
            Value::from(1_u32),
            Value::array(route),
            trader.into(),
            DEADLINE.into(),
        ];
        let paid_in_tokens = [&[Value::from(amount)], &rest[..]].concat();
        let call =
            |signature, arguments: &[Value]| Call::new(trader, self.router, signature, arguments);
        stage.send(if pays_ether {
            call(
                "swapExactETHForTokens(uint256,address[],address,uint256)",
                &rest,
            )
            .paying(amount)
        } else if takes_ether {
            call(
                "swapExactTokensForETH(uint256,uint256,address[],address,uint256)",
                &paid_in_tokens,
            )
        } else {
            call(
                "swapExactTokensForTokens(uint256,uint256,address[],address,uint256)",
                &paid_in_tokens,
            )
        })
    }

    pub(crate) fn add_liquidity(&self, stage: &mut Stage) -> Result<()> {
        let (maker, amount) = (
            stage.people.maker(&mut stage.random),
            stage.random.amount(2),
        );
        if stage.random.chance(30) {
            let token = stage.random.pick(&self.ether_pairs);
            return stage.send(self.add_ether(maker, token, amount));
        }
        let (a, b) = stage.random.pick(&self.pairs);
        stage.send(self.add_tokens(maker, a, b, amount))
    }

    /// Never more than a maker put in at the start, all removals together.
    pub(crate) fn remove_liquidity(&self, stage: &mut Stage) -> Result<()> {
        let (maker, amount) = (
            stage.people.maker(&mut stage.random),
            stage.random.amount(2),
        );
        let (a, b) = stage.random.pick(&self.pairs);
        let signature = "removeLiquidity(address,address,uint256,uint256,uint256,address,uint256)";
        let arguments = values![a, b, amount, 0_u32, 0_u32, maker, DEADLINE];
        stage.send(Call::new(maker, self.router, signature, &arguments))
    }
}
