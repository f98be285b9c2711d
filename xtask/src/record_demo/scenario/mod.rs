//! What happens on the recorded chain: people deploy published contracts and use them.

mod collectibles;
mod fungible;
mod people;
mod uniswap_v2;
mod uniswap_v3;

use std::path::{Path, PathBuf};

use self::collectibles::Collectibles;
use self::fungible::Fungible;
pub(crate) use self::people::ACCOUNTS;
use self::people::People;
use self::uniswap_v2::UniswapV2;
use self::uniswap_v3::UniswapV3;
use super::abi::{Address, Value};
use super::artefacts::Artefact;
use super::chain::{Block, Call, Chain};
use super::random::Random;
use crate::error::Result;

/// All blocks, those that set the scene among them.
const BLOCKS: usize = 60;
/// A block in which nothing happens, as real chains have.
const QUIET_BLOCK: usize = 24;
/// Change it and everybody does something else.
const SEED: u64 = 20_250_101;
/// Orders are good until 2100.
const DEADLINE: u32 = 4_102_444_800;

/// The chain, the people on it and the dice.
struct Stage {
    chain: Chain,
    people: People,
    random: Random,
    /// Where the contracts' packages are installed.
    packages: PathBuf,
}

impl Stage {
    fn send(&mut self, call: Call) -> Result<()> {
        self.chain.send(call)
    }

    /// Deploys as the founder, in the next block.
    fn deploy(&mut self, artefact: Artefact, arguments: &[Value]) -> Result<Address> {
        let code = artefact.creation_code(&self.packages)?;
        self.chain.deploy(self.people.founder(), &code, arguments)
    }
}

/// Plays the whole scenario on a new chain with [`ACCOUNTS`] accounts and gives its blocks.
pub(crate) fn play(chain: Chain, packages: &Path) -> Result<Vec<Block>> {
    let people = People::new(chain.accounts())?;
    let mut stage = Stage {
        chain,
        people,
        random: Random::seeded(SEED),
        packages: packages.to_path_buf(),
    };
    let mut market = Market::open(&mut stage)?;
    while stage.chain.height() < BLOCKS {
        let block = stage.chain.height() + 1;
        let acts = if block == QUIET_BLOCK {
            0
        } else {
            80 + stage.random.below(130)
        };
        for _ in 0..acts {
            market.act(&mut stage)?;
        }
        stage.chain.mine()?;
    }
    Ok(stage.chain.into_blocks())
}

/// Every contract there is.
struct Market {
    tokens: Fungible,
    collectibles: Collectibles,
    v2: UniswapV2,
    v3: UniswapV3,
}

impl Market {
    /// The first blocks: contracts, purses, allowances, liquidity.
    fn open(stage: &mut Stage) -> Result<Self> {
        let tokens = Fungible::deploy(stage)?;
        let collectibles = Collectibles::deploy(stage)?;
        stage.chain.mine()?;
        let v2 = UniswapV2::deploy(stage, &tokens)?;
        let mut v3 = UniswapV3::deploy(stage, &tokens)?;
        stage.chain.mine()?;
        tokens.distribute(stage)?;
        stage.chain.mine()?;
        tokens.wrap_purses(stage)?;
        v2.open(stage, &tokens)?;
        stage.chain.mine()?;
        v3.open(stage)?;
        stage.chain.mine()?;
        let (traders, makers) = (
            stage.people.traders().to_vec(),
            stage.people.makers().to_vec(),
        );
        tokens.approve_all(stage, &traders, v2.router)?;
        tokens.approve_all(stage, &traders, v3.router)?;
        tokens.approve_all(stage, &makers, v2.router)?;
        tokens.approve_all(stage, &makers, v3.positions)?;
        stage.chain.mine()?;
        v2.join(stage)?;
        v3.join(stage)?;
        stage.chain.mine()?;
        Ok(Self {
            tokens,
            collectibles,
            v2,
            v3,
        })
    }

    /// Somebody does something: mostly, sends a token.
    fn act(&mut self, stage: &mut Stage) -> Result<()> {
        match stage.random.below(100) {
            0..=58 => self.tokens.transfer(stage),
            59..=60 => self.tokens.approve(stage),
            61 => self.tokens.mint(stage),
            62 => self.tokens.burn(stage),
            63..=64 => self.tokens.wrap(stage),
            65..=66 => self.tokens.unwrap(stage),
            67..=69 => self.collectibles.mint_tile(stage),
            70..=71 => self.collectibles.transfer_tile(stage),
            72 => self.collectibles.mint_items(stage),
            73 => self.collectibles.mint_item_batch(stage),
            74..=75 => self.collectibles.transfer_items(stage),
            76..=85 => self.v2.swap(stage),
            86 => self.v2.add_liquidity(stage),
            87 => self.v2.remove_liquidity(stage),
            88..=95 => self.v3.swap(stage),
            96 => self.v3.mint(stage),
            97 => self.v3.increase(stage),
            98 => self.v3.decrease(stage),
            _ => self.v3.transfer(stage),
        }
    }
}
