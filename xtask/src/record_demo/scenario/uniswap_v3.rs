//! Uniswap V3: pools, swaps, and positions as the ERC-721 tokens of the position manager.

use super::fungible::{Fungible, UNIT};
use super::uniswap_v2::ETHER_PRICE;
use super::{DEADLINE, Stage};
use crate::error::{Context as _, Result};
use crate::record_demo::abi::{Address, Value, values};
use crate::record_demo::artefacts::{V3_FACTORY, V3_POSITIONS, V3_ROUTER};
use crate::record_demo::chain::Call;

/// 2⁹⁶, the one of a square root of a price.
const ONE: u128 = 1 << 96;
/// √2025: the starting price of ether is a square so that its root is exact.
const ETHER_PRICE_ROOT: u128 = 45;
/// log₁.₀₀₀₁ 2025, rounded to a multiple of 60.
const ETHER_PRICE_TICK: i32 = 76_140;
/// Tokens of a maker's wide position in a pool.
const DEPTH: u128 = 100_000 * UNIT;
/// The widest ticks there are.
const MAX_TICK: i32 = 887_272;

#[derive(Clone, Copy)]
struct Pool {
    /// In the order of their addresses, as the contracts want them.
    tokens: [Address; 2],
    /// In hundredths of a basis point.
    fee: u32,
    /// Ends of positions are multiples of it.
    spacing: i32,
    root_price: u128,
    /// The tick of that price.
    tick: i32,
    /// How many of the first and second token are worth one of the dearer.
    worth: [u128; 2],
}

struct Position {
    id: u32,
    owner: Address,
    pool: Pool,
    /// A part of the liquidity so small that many of it can be taken out.
    crumb: u128,
}

pub(crate) struct UniswapV3 {
    pub(crate) router: Address,
    pub(crate) positions: Address,
    pools: [Pool; 3],
    minted: Vec<Position>,
}

impl UniswapV3 {
    pub(crate) fn deploy(stage: &mut Stage, tokens: &Fungible) -> Result<Self> {
        let factory = stage.deploy(V3_FACTORY, &[])?;
        let router = stage.deploy(V3_ROUTER, &values![factory, tokens.weth])?;
        // The third argument describes a position to humans (tokenURI); nobody asks for that here.
        let positions =
            stage.deploy(V3_POSITIONS, &values![factory, tokens.weth, Address::ZERO])?;
        let pools = [
            Pool::at_par(tokens.dollar, tokens.euro, 500, 10),
            Pool::at_par(tokens.harbour, tokens.kelp, 3_000, 60),
            Pool::with_ether(tokens.weth, tokens.dollar, 3_000, 60),
        ];
        Ok(Self {
            router,
            positions,
            pools,
            minted: Vec::new(),
        })
    }

    /// Makes the pools.
    pub(crate) fn open(&self, stage: &mut Stage) -> Result<()> {
        let founder = stage.people.founder();
        for pool in self.pools {
            let [a, b] = pool.tokens;
            let signature = "createAndInitializePoolIfNecessary(address,address,uint24,uint160)";
            let arguments = values![a, b, pool.fee, pool.root_price];
            stage.send(Call::new(founder, self.positions, signature, &arguments).deploying())?;
        }
        Ok(())
    }

    /// The makers' wide positions, which the swaps live on.
    pub(crate) fn join(&mut self, stage: &mut Stage) -> Result<()> {
        for maker in stage.people.makers().to_vec() {
            for pool in self.pools {
                self.mint_position(
                    stage,
                    maker,
                    pool,
                    DEPTH / pool.worth[0].max(pool.worth[1]),
                    pool.whole_range(),
                )?;
            }
        }
        Ok(())
    }

    /// A position of its own width around the starting price.
    pub(crate) fn mint(&mut self, stage: &mut Stage) -> Result<()> {
        let random = &mut stage.random;
        let (maker, pool) = (stage.people.maker(random), random.pick(&self.pools));
        let size = random.amount(if pool.worth == [1, 1] { 2 } else { 0 });
        let steps = 10 + i32::try_from(random.below(200)).unwrap_or_default();
        let range = if random.chance(30) {
            pool.whole_range()
        } else {
            [
                pool.tick - steps * pool.spacing,
                pool.tick + steps * pool.spacing,
            ]
        };
        self.mint_position(stage, maker, pool, size, range)
    }

    /// `size` is in units of the dearer of the pool's tokens.
    fn mint_position(
        &mut self,
        stage: &mut Stage,
        owner: Address,
        pool: Pool,
        size: u128,
        range: [i32; 2],
    ) -> Result<()> {
        let [a, b] = pool.tokens;
        let [worth_a, worth_b] = pool.worth;
        let [low, high] = range;
        let position = values![
            a,
            b,
            pool.fee,
            low,
            high,
            size * worth_a,
            size * worth_b,
            0_u32,
            0_u32,
            owner,
            DEADLINE
        ];
        let signature = "mint((address,address,uint24,int24,int24,uint256,uint256,uint256,uint256,address,uint256))";
        let id =
            u32::try_from(self.minted.len() + 1).context(|| "too many positions".to_owned())?;
        self.minted.push(Position {
            id,
            owner,
            pool,
            crumb: size / 1_000,
        });
        stage.send(Call::new(
            owner,
            self.positions,
            signature,
            &[Value::Tuple(position.to_vec())],
        ))
    }

    pub(crate) fn increase(&self, stage: &mut Stage) -> Result<()> {
        let Position {
            id,
            owner,
            pool,
            crumb,
        } = self.any_position(stage);
        let [worth_a, worth_b] = pool.worth;
        let change = values![
            *id,
            crumb * worth_a,
            crumb * worth_b,
            0_u32,
            0_u32,
            DEADLINE
        ];
        let signature = "increaseLiquidity((uint256,uint256,uint256,uint256,uint256,uint256))";
        stage.send(Call::new(
            *owner,
            self.positions,
            signature,
            &[Value::Tuple(change.to_vec())],
        ))
    }

    /// Takes a crumb of a position out, and what it earned.
    pub(crate) fn decrease(&self, stage: &mut Stage) -> Result<()> {
        let Position {
            id, owner, crumb, ..
        } = self.any_position(stage);
        let change = values![*id, *crumb, 0_u32, 0_u32, DEADLINE];
        let signature = "decreaseLiquidity((uint256,uint128,uint256,uint256,uint256))";
        stage.send(Call::new(
            *owner,
            self.positions,
            signature,
            &[Value::Tuple(change.to_vec())],
        ))?;
        let all = values![*id, *owner, u128::MAX, u128::MAX];
        let signature = "collect((uint256,address,uint128,uint128))";
        stage.send(Call::new(
            *owner,
            self.positions,
            signature,
            &[Value::Tuple(all.to_vec())],
        ))
    }

    /// A position changes hands: an ERC-721 transfer.
    pub(crate) fn transfer(&mut self, stage: &mut Stage) -> Result<()> {
        let to = stage.people.maker(&mut stage.random);
        let chosen = stage.random.index(self.minted.len());
        let position = &mut self.minted[chosen];
        let arguments = values![position.owner, to, position.id];
        let from = std::mem::replace(&mut position.owner, to);
        stage.send(Call::new(
            from,
            self.positions,
            "transferFrom(address,address,uint256)",
            &arguments,
        ))
    }

    fn any_position(&self, stage: &mut Stage) -> &Position {
        &self.minted[stage.random.index(self.minted.len())]
    }

    pub(crate) fn swap(&self, stage: &mut Stage) -> Result<()> {
        if stage.random.chance(20) {
            return self.swap_through_two(stage);
        }
        let random = &mut stage.random;
        let (trader, pool) = (stage.people.trader(random), random.pick(&self.pools));
        let sold = random.index(2);
        let amount = random.amount(pool.swap_digits(sold));
        let [sells, buys] = [pool.tokens[sold], pool.tokens[1 - sold]];
        let order = values![
            sells, buys, pool.fee, trader, DEADLINE, amount, 0_u32, 0_u32
        ];
        let signature =
            "exactInputSingle((address,address,uint24,address,uint256,uint256,uint256,uint160))";
        stage.send(Call::new(
            trader,
            self.router,
            signature,
            &[Value::Tuple(order.to_vec())],
        ))
    }

    /// From euros through dollars to ether.
    fn swap_through_two(&self, stage: &mut Stage) -> Result<()> {
        let [euro_pool, _, ether_pool] = self.pools;
        let dollar = if ether_pool.worth[0] == 1 {
            ether_pool.tokens[1]
        } else {
            ether_pool.tokens[0]
        };
        let other = |pool: Pool| {
            if pool.tokens[0] == dollar {
                pool.tokens[1]
            } else {
                pool.tokens[0]
            }
        };
        let mut path = other(euro_pool).as_bytes().to_vec();
        for (fee, token) in [(euro_pool.fee, dollar), (ether_pool.fee, other(ether_pool))] {
            path.extend_from_slice(&fee.to_be_bytes()[1..]);
            path.extend_from_slice(token.as_bytes());
        }
        let (trader, amount) = (
            stage.people.trader(&mut stage.random),
            stage.random.amount(2),
        );
        let order = values![path, trader, DEADLINE, amount, 0_u32];
        let signature = "exactInput((bytes,address,uint256,uint256,uint256))";
        stage.send(Call::new(
            trader,
            self.router,
            signature,
            &[Value::Tuple(order.to_vec())],
        ))
    }
}

impl Pool {
    /// Two tokens of the same worth.
    fn at_par(a: Address, b: Address, fee: u32, spacing: i32) -> Self {
        Self {
            tokens: [a.min(b), a.max(b)],
            fee,
            spacing,
            root_price: ONE,
            tick: 0,
            worth: [1, 1],
        }
    }

    /// A price is what one of the first token costs in the second, so the order decides it.
    fn with_ether(weth: Address, token: Address, fee: u32, spacing: i32) -> Self {
        let (root_price, tick, worth) = if weth < token {
            (ONE * ETHER_PRICE_ROOT, ETHER_PRICE_TICK, [1, ETHER_PRICE])
        } else {
            (ONE / ETHER_PRICE_ROOT, -ETHER_PRICE_TICK, [ETHER_PRICE, 1])
        };
        Self {
            tokens: [weth.min(token), weth.max(token)],
            fee,
            spacing,
            root_price,
            tick,
            worth,
        }
    }

    fn whole_range(&self) -> [i32; 2] {
        let end = MAX_TICK / self.spacing * self.spacing;
        [-end, end]
    }

    /// The size of a swap that sells the token at `index`: ether is sold in smaller numbers.
    fn swap_digits(&self, index: usize) -> u32 {
        if self.worth[index] < self.worth[1 - index] {
            0
        } else {
            2
        }
    }
}
