//! Whether a position is still on the chain, and if not, how far back its branch left it.

use event_streamer_models::{BlockRef, Finality};

use crate::rpc::{BlockTag, RpcClient};

use super::super::cursor::Cursor;
use super::super::endpoints::Asked;
use super::super::error::{IngestError, IngestErrorKind};
use super::super::fault::{Defect, Failure};
use super::super::ring::Header;
use super::super::roster::{Need, Work};
use super::super::step::Rollback;
use super::super::view::View;
use super::Engine;

/// How many windows of parents are walked down before caution decides.
const PARENT_WINDOWS: u64 = 4;

/// What became of a position.
pub(super) enum Verdict {
    /// It is on the chain.
    Good,
    /// The chain is not that high yet.
    Ahead,
    /// Its branch died.
    Dead(Rollback),
}

/// The same, as far as it can be told without asking a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Good,
    Ahead,
    /// It lies below everything that is kept.
    Unknown,
    /// Its branch died; the last common block, if that is known.
    Dead(Option<BlockRef>),
}

/// `base` is the chain when the position was last on it, if that is known.
fn standing(cursor: &Cursor, base: Option<&View>, view: &View) -> Standing {
    let block = &cursor.block;
    let fork = || {
        let below = block.number.checked_sub(1)?;
        base?.ring.common_ancestor(&view.ring, below)
    };
    if !cursor.has_hash() {
        return if block.number > view.head.number {
            Standing::Ahead
        } else {
            Standing::Good
        };
    }
    match view.ring.get(block.number) {
        Some(header) if header.hash == block.hash => Standing::Good,
        Some(_) => Standing::Dead(fork()),
        // Where the position was on the chain before, and that left its branch, the chain got
        // shorter. A chain that merely ends earlier is told by an endpoint that lags.
        None if block.number > view.head.number => match fork() {
            Some(fork) if fork != view.head => Standing::Dead(Some(fork)),
            _ => Standing::Ahead,
        },
        None => Standing::Unknown,
    }
}

impl Engine {
    /// Finds out what became of the position.
    pub(super) async fn verify(&self, cursor: &Cursor, view: &View) -> Result<Verdict, Failure> {
        let base = self.base.as_deref();
        let found = match standing(cursor, base, view) {
            Standing::Good => return Ok(Verdict::Good),
            Standing::Dead(Some(fork)) => Found::Fork(fork),
            unclear => {
                let need = Need::new(Work::Block).of_block(view.head.number);
                let lease = self.shared.endpoints.lease(need).await?;
                let search = |asked: Asked| async move {
                    let search = Search {
                        node: asked.node(),
                        view,
                        base,
                        position: cursor.block,
                        trail: self.trail.blocks(),
                        first_block: self.request.first_block,
                        window: self.shared.config.reorg_window,
                    };
                    if unclear == Standing::Ahead && !search.has_left_the_trail().await? {
                        return Ok(None);
                    }
                    search.run(unclear == Standing::Unknown).await.map(Some)
                };
                match lease.run(search).await? {
                    Some(found) => found,
                    None => return Ok(Verdict::Ahead),
                }
            }
        };
        let was_final = base.and_then(|it| it.finalized).map(|it| it.number);
        let (rollback_to, broken) = match found {
            Found::OnChain => return Ok(Verdict::Good),
            // Only where the fork is known does it prove that final blocks were replaced.
            Found::Fork(block) => (block, was_final.filter(|it| block.number < *it)),
            Found::ForkAbove(block) => (block, None),
            Found::BelowFinal(block) => (block, Some(block.number)),
        };
        // A follower of final blocks has seen nothing that was not final.
        let only_final = self.request.finality == Finality::Finalized;
        let position = cursor.block.number;
        if let Some(finalized) = broken.or(only_final.then_some(position)) {
            let rollback_to = rollback_to.number;
            let kind = IngestErrorKind::ReorgTooDeep {
                position,
                rollback_to,
                finalized,
            };
            return Err(IngestError::new(kind).into());
        }
        let depth = position.saturating_sub(rollback_to.number);
        Ok(Verdict::Dead(Rollback { rollback_to, depth }))
    }
}

/// Where the branch of a position left the chain.
#[derive(Debug)]
enum Found {
    /// It did not.
    OnChain,
    /// Right after this block.
    Fork(BlockRef),
    /// After this block or one above: more is not known of the dead branch.
    ForkAbove(BlockRef),
    /// Before this block, which had been final.
    BelowFinal(BlockRef),
}

/// Looks for the fork by asking a node.
struct Search<'a> {
    node: &'a RpcClient,
    view: &'a View,
    /// The chain when the position was last on it.
    base: Option<&'a View>,
    position: BlockRef,
    /// Blocks that the position came by.
    trail: &'a [BlockRef],
    /// Nothing was handed out below.
    first_block: u64,
    window: u64,
}

impl Search<'_> {
    /// Whether the chain, which is not as high as the position, contradicts what the position came
    /// by: then it is another one, that began anew. Else it is an endpoint that lags.
    async fn has_left_the_trail(&self) -> Result<bool, Failure> {
        let below = |it: &&BlockRef| it.number <= self.view.head.number;
        match self.trail.iter().rev().find(below) {
            Some(block) => Ok(!self.is_canonical(block).await?),
            None => Ok(false),
        }
    }

    /// `may_be_good` says that the position itself was not found to be dead yet.
    async fn run(&self, may_be_good: bool) -> Result<Found, Failure> {
        if may_be_good && self.is_canonical(&self.position).await? {
            return Ok(Found::OnChain);
        }
        if let Some(fork) = self.highest_canonical(&self.kept()).await? {
            return Ok(Found::Fork(fork));
        }
        if let Some(fork) = self.by_parents().await? {
            return Ok(Found::Fork(fork));
        }
        if let Some(block) = self.highest_canonical(self.trail).await? {
            return Ok(Found::ForkAbove(block));
        }
        self.by_caution().await
    }

    /// What was kept of the old branch: without a gap, so the highest canonical one is the fork.
    fn kept(&self) -> Vec<BlockRef> {
        let (Some(base), Some(below)) = (self.base, self.position.number.checked_sub(1)) else {
            return Vec::new();
        };
        base.ring.range(0, below).map(|it| it.block()).collect()
    }

    async fn highest_canonical(&self, branch: &[BlockRef]) -> Result<Option<BlockRef>, Failure> {
        // Every block below a canonical one is canonical, so halving finds the highest.
        let (mut good, mut bad) = (0, branch.len());
        while good < bad {
            let middle = good.midpoint(bad);
            if self.is_canonical(&branch[middle]).await? {
                good = middle + 1;
            } else {
                bad = middle;
            }
        }
        Ok(good.checked_sub(1).map(|highest| branch[highest]))
    }

    /// Walks down the dead branch, as long as the node still knows its blocks.
    async fn by_parents(&self) -> Result<Option<BlockRef>, Failure> {
        let mut block = self.position;
        for _ in 0..self.window.saturating_mul(PARENT_WINDOWS) {
            let Some(header) = self.node.header_by_hash(&block.hash).await? else {
                return Ok(None);
            };
            let Some(parent) = Header::from(header).parent() else {
                return Ok(None);
            };
            if self.is_canonical(&parent).await? {
                return Ok(Some(parent));
            }
            block = parent;
        }
        Ok(None)
    }

    /// A block that is low enough to be below the fork wherever that was.
    async fn by_caution(&self) -> Result<Found, Failure> {
        // What was final when the position was good is a proof, one way or the other.
        let was_final = self.base.and_then(|it| it.finalized);
        if let Some(block) = was_final.filter(|it| it.number < self.position.number) {
            let stands = self.is_canonical(&block).await?;
            return Ok(if stands {
                Found::ForkAbove(block)
            } else {
                Found::BelowFinal(block)
            });
        }
        // So is the first block of the chain.
        let lowest = self.trail.first().copied().unwrap_or(self.position);
        if lowest.number == 0 {
            return Ok(Found::BelowFinal(lowest));
        }
        let dead = self
            .trail
            .first()
            .map_or(self.position.number, |it| it.number);
        let deep = dead.min(self.position.number).saturating_sub(self.window);
        let deep = self.view.finalized.map_or(deep, |it| it.number.min(deep));
        // Where nothing was handed out there is nothing to undo.
        let number = deep.max(self.first_block.saturating_sub(1));
        let number = number.min(self.position.number - 1);
        self.canonical(number.min(self.view.head.number))
            .await
            .map(Found::ForkAbove)
    }

    async fn is_canonical(&self, block: &BlockRef) -> Result<bool, Failure> {
        Ok(block.number <= self.view.head.number && self.canonical(block.number).await? == *block)
    }

    async fn canonical(&self, number: u64) -> Result<BlockRef, Failure> {
        if let Some(header) = self.view.ring.get(number) {
            return Ok(header.block());
        }
        let header = self.node.header_by_number(BlockTag::Number(number)).await?;
        Ok(header.ok_or(Defect::NoBlock { number })?.block_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::ring::HeaderRing;
    use crate::ingest::test_chain::header;

    /// Blocks 5.. with these hashes.
    fn view(hashes: &[u8]) -> View {
        let mut ring = HeaderRing::default();
        let mut parent = 4;
        for (hash, number) in hashes.iter().zip(5..) {
            assert!(ring.push(header(number, *hash, parent)));
            parent = *hash;
        }
        let head = ring.head().unwrap().block();
        View {
            ring,
            head,
            safe: None,
            finalized: None,
            epoch: 0,
        }
    }

    fn at(number: u64, hash: u8) -> Cursor {
        Cursor::after_block(header(number, hash, 0).block())
    }

    #[test]
    fn a_position_is_compared_by_hash() {
        let chain = view(&[5, 6, 7]);
        assert_eq!(standing(&at(7, 7), None, &chain), Standing::Good);
        assert_eq!(standing(&at(6, 6), None, &chain), Standing::Good);
        assert_eq!(standing(&at(6, 66), None, &chain), Standing::Dead(None));
        assert_eq!(standing(&at(4, 4), None, &chain), Standing::Unknown);
        assert_eq!(standing(&at(8, 8), None, &chain), Standing::Ahead);
        // Without a hash there is only the number.
        assert_eq!(standing(&at(6, 0), None, &chain), Standing::Good);
        assert_eq!(standing(&at(8, 0), None, &chain), Standing::Ahead);
    }

    #[test]
    fn a_reorg_goes_back_to_the_common_ancestor() {
        let (old, new) = (view(&[5, 6, 7, 8]), view(&[5, 6, 77, 88, 99]));
        let six = Standing::Dead(Some(header(6, 6, 0).block()));
        assert_eq!(standing(&at(8, 8), Some(&old), &new), six);
        assert_eq!(standing(&at(7, 7), Some(&old), &new), six);
        assert_eq!(standing(&at(6, 6), Some(&old), &new), Standing::Good);
        // A chain that only ends earlier is an endpoint that lags.
        assert_eq!(
            standing(&at(8, 8), Some(&old), &view(&[5, 6])),
            Standing::Ahead
        );
        // Also if the chain got shorter than the position.
        let short = view(&[5, 6, 77]);
        assert_eq!(standing(&at(8, 8), Some(&old), &short), six);
        assert_eq!(
            standing(&at(8, 8), Some(&view(&[9, 9, 9, 9])), &short),
            Standing::Ahead
        );
        // Without anything in common there is nothing to tell from here.
        let other = view(&[55, 66, 77, 88]);
        assert_eq!(
            standing(&at(8, 8), Some(&old), &other),
            Standing::Dead(None)
        );
    }
}
