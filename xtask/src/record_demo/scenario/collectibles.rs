//! ERC-721 and ERC-1155 tokens. The first share the topic of ERC-20's `Transfer` but index its
//! third parameter too, so that a log has four topics.

use super::Stage;
use crate::error::Result;
use crate::record_demo::abi::{Address, Value, values};
use crate::record_demo::artefacts::{ERC721_AUTO_ID, ERC1155_MINTER_PAUSER};
use crate::record_demo::chain::Call;

/// Kinds of ERC-1155 items.
const KINDS: u32 = 40;

pub(crate) struct Collectibles {
    tiles: Address,
    items: Address,
    /// Who has each tile, by its id.
    tile_owners: Vec<Address>,
    /// Owner, kind and number of items that are still in the hands of an account.
    holdings: Vec<(Address, u32, u32)>,
}

impl Collectibles {
    pub(crate) fn deploy(stage: &mut Stage) -> Result<Self> {
        let tiles = ["Shore Tiles", "TILE", "https://tiles.example/"].map(Value::string);
        Ok(Self {
            tiles: stage.deploy(ERC721_AUTO_ID, &tiles)?,
            items: stage.deploy(
                ERC1155_MINTER_PAUSER,
                &[Value::string("https://items.example/{id}")],
            )?,
            tile_owners: Vec::new(),
            holdings: Vec::new(),
        })
    }

    pub(crate) fn mint_tile(&mut self, stage: &mut Stage) -> Result<()> {
        let owner = stage.people.account(&mut stage.random);
        self.tile_owners.push(owner);
        stage.send(Call::new(
            stage.people.founder(),
            self.tiles,
            "mint(address)",
            &values![owner],
        ))
    }

    /// A tile may go to a cold address; then it stays there.
    pub(crate) fn transfer_tile(&mut self, stage: &mut Stage) -> Result<()> {
        let accounts = stage.people.accounts();
        let is_movable = |id: &usize| accounts.contains(&self.tile_owners[*id]);
        let movable: Vec<_> = (0..self.tile_owners.len()).filter(is_movable).collect();
        let Some(&id) = movable.get(stage.random.index(movable.len())) else {
            return self.mint_tile(stage);
        };
        let to = stage.people.recipient(&mut stage.random);
        let from = std::mem::replace(&mut self.tile_owners[id], to);
        let signature = "transferFrom(address,address,uint256)";
        stage.send(Call::new(
            from,
            self.tiles,
            signature,
            &values![from, to, id],
        ))
    }

    pub(crate) fn mint_items(&mut self, stage: &mut Stage) -> Result<()> {
        let owner = stage.people.account(&mut stage.random);
        let (kind, number) = (stage.random.below(KINDS), 10 + stage.random.below(1_000));
        self.holdings.push((owner, kind, number));
        let arguments = values![owner, kind, number, Vec::new()];
        stage.send(Call::new(
            stage.people.founder(),
            self.items,
            "mint(address,uint256,uint256,bytes)",
            &arguments,
        ))
    }

    /// Several kinds at once: one `TransferBatch` with two arrays.
    pub(crate) fn mint_item_batch(&mut self, stage: &mut Stage) -> Result<()> {
        let owner = stage.people.account(&mut stage.random);
        let first = stage.random.below(KINDS);
        let kinds = Vec::from_iter(first..=first + 1 + stage.random.below(4));
        let numbers = Vec::from_iter(kinds.iter().map(|_| 10 + stage.random.below(1_000)));
        self.holdings.extend(
            kinds
                .iter()
                .zip(&numbers)
                .map(|(kind, number)| (owner, *kind, *number)),
        );
        let arguments = [
            owner.into(),
            Value::array(kinds),
            Value::array(numbers),
            Vec::new().into(),
        ];
        let signature = "mintBatch(address,uint256[],uint256[],bytes)";
        stage.send(Call::new(
            stage.people.founder(),
            self.items,
            signature,
            &arguments,
        ))
    }

    pub(crate) fn transfer_items(&mut self, stage: &mut Stage) -> Result<()> {
        if self.holdings.is_empty() {
            return self.mint_items(stage);
        }
        let chosen = stage.random.index(self.holdings.len());
        let (from, kind, number) = self.holdings[chosen];
        let given = 1 + stage.random.below(number);
        if given == number {
            self.holdings.swap_remove(chosen);
        } else {
            self.holdings[chosen].2 -= given;
        }
        let to = stage.people.recipient(&mut stage.random);
        let arguments = values![from, to, kind, given, Vec::new()];
        let signature = "safeTransferFrom(address,address,uint256,uint256,bytes)";
        stage.send(Call::new(from, self.items, signature, &arguments))
    }
}
