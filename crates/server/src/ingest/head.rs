//! Which branch is the chain: a state machine over observed heads, without IO or time.
//!
//! Rules:
//! - A head that is at least as high as ours, and linked to our branch by parent hashes, is
//!   followed: as an extension, or as a reorg from the common ancestor.
//! - A lower head that is on our branch is an endpoint that lags. Nothing happens.
//! - A lower head on another branch is an endpoint that lags on a dead branch, or a chain that got
//!   shorter. Only [`LOWER_PROOF`] such observations in a row, without one of our branch between
//!   them, make it the chain.
//! - A head below everything that is kept proves nothing, however often it is seen.

use std::ops::Range;
use std::sync::Arc;

use event_streamer_models::BlockRef;

use super::ring::{Header, HeaderRing};

/// How many observations in a row it takes to believe that the chain got shorter.
pub(crate) const LOWER_PROOF: u32 = 3;

/// How many times the window of headers is kept where finality lags far behind the head.
const MAX_WINDOWS: u64 = 4;

/// What an observed header meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Applied {
    /// The chain has grown, or has just become known.
    Extended,
    /// The header does not link yet: apply this block's header next.
    NeedParent(BlockRef),
    /// The chain is another branch now.
    Reorg {
        /// The last common block; `None` if it lies below everything that was kept.
        ancestor: Option<BlockRef>,
        /// How many blocks of the old branch are gone; at least this many if `ancestor` is `None`.
        depth: u64,
    },
    /// The head is so far above ours that the way between was not walked. Whether ours is below it
    /// is not known.
    Jumped,
    /// Nothing new: known, lagging, or not proven yet.
    Stale,
}

/// The canonical branch as far as it was observed.
#[derive(Clone, Debug)]
pub(crate) struct HeadMachine {
    ring: HeaderRing,
    /// A branch that does not link yet, its tip first.
    branch: Vec<Arc<Header>>,
    window: u64,
    /// Lower heads on another branch, seen in a row.
    lower_seen: u32,
}

impl HeadMachine {
    /// Keeps at least `window` headers.
    pub(crate) fn new(window: u64) -> Self {
        let window = window.max(1);
        Self {
            ring: HeaderRing::default(),
            branch: Vec::new(),
            window,
            lower_seen: 0,
        }
    }

    pub(crate) fn ring(&self) -> &HeaderRing {
        &self.ring
    }

    /// Takes the header of an observed head, or the one that [`Applied::NeedParent`] asked for.
    pub(crate) fn apply(&mut self, header: Arc<Header>) -> Applied {
        let wanted = self.branch.last().and_then(|lowest| lowest.parent());
        if wanted == Some(header.block()) {
            self.branch.push(header);
            return self.link();
        }
        self.branch.clear();
        let (Some(head), Some(bottom)) = (self.ring.head(), self.ring.bottom()) else {
            self.ring.reset(header);
            return Applied::Extended;
        };
        if self.ring.contains(&header.block()) {
            self.lower_seen = 0;
            return Applied::Stale;
        }
        if header.number < bottom.number {
            return Applied::Stale;
        }
        if header.number > head.number.saturating_add(self.max_len()) {
            self.lower_seen = 0;
            self.ring.reset(header);
            return Applied::Jumped;
        }
        if header.number < head.number {
            self.lower_seen += 1;
            if self.lower_seen < LOWER_PROOF {
                return Applied::Stale;
            }
        }
        self.branch.push(header);
        self.link()
    }

    /// Adopts the branch if it reaches the ring, or can no longer reach it.
    fn link(&mut self) -> Applied {
        let (Some(lowest), Some(head), Some(bottom)) =
            (self.branch.last(), self.ring.head(), self.ring.bottom())
        else {
            return Applied::Stale;
        };
        let parent = lowest.parent();
        match parent {
            Some(parent) if self.ring.contains(&parent) => {
                let depth = head.number - parent.number;
                self.ring.truncate_above(parent.number);
                self.adopt();
                if depth == 0 {
                    Applied::Extended
                } else {
                    Applied::Reorg {
                        ancestor: Some(parent),
                        depth,
                    }
                }
            }
            Some(parent) if lowest.number > bottom.number => Applied::NeedParent(parent),
            _ => {
                let depth = head.number - bottom.number + 1;
                self.ring = HeaderRing::default();
                self.adopt();
                Applied::Reorg {
                    ancestor: None,
                    depth,
                }
            }
        }
    }

    fn adopt(&mut self) {
        self.lower_seen = 0;
        for header in self.branch.drain(..).rev() {
            let linked = self.ring.push(header);
            debug_assert!(linked, "a branch is linked when it is collected");
        }
    }

    /// Gives up on a branch whose parents cannot be had.
    pub(crate) fn abandon(&mut self) {
        self.branch.clear();
    }

    /// Drops what lies further below the head than needed: headers are kept down to the finalized
    /// block, at least `window` and at most four times as many.
    pub(crate) fn trim(&mut self, finalized: Option<u64>) {
        let len = self.wanted_len(finalized);
        self.ring.keep(usize::try_from(len).unwrap_or(usize::MAX));
    }

    /// The numbers of the headers below the ring that [`fill`](Self::fill) would take.
    pub(crate) fn missing(&self, finalized: Option<u64>) -> Range<u64> {
        let Some(bottom) = self.ring.bottom() else {
            return 0..0;
        };
        let missing = self
            .wanted_len(finalized)
            .saturating_sub(self.ring.len() as u64);
        bottom.number.saturating_sub(missing)..bottom.number
    }

    /// Extends the ring downwards; false if the header is not the next one.
    #[must_use]
    pub(crate) fn fill(&mut self, header: Arc<Header>) -> bool {
        self.ring.prepend(header)
    }

    fn wanted_len(&self, finalized: Option<u64>) -> u64 {
        let head = self.ring.head().map_or(0, |it| it.number);
        let unfinal = finalized.map_or(0, |it| head.saturating_sub(it).saturating_add(1));
        unfinal.clamp(self.window, self.max_len())
    }

    /// The most headers that are kept.
    pub(crate) fn max_len(&self) -> u64 {
        self.window.saturating_mul(MAX_WINDOWS)
    }
}

#[cfg(test)]
mod tests;
