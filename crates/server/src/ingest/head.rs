//! Which branch is the chain: a state machine over observed heads, without IO or time.
//!
//! Rules:
//! - A head that is at least as high as ours, and linked to our branch by parent hashes, is
//!   followed: as an extension, or as a reorg from the common ancestor.
//! - A head that is so far above ours that the way between is not walked has to prove itself: by
//!   [`LEAP_LINKS`] generations of parents, or, where those cannot be had, by being seen [`PROOF`]
//!   times in a row, without one of our branch between them.
//! - A lower head that is on our branch is an endpoint that lags. Nothing happens.
//! - Any other lower head is an endpoint that lags (on a dead branch, or below what is kept), or a
//!   chain that got shorter or began anew. [`PROOF`] such observations in a row, without one of our
//!   branch between them, make it the chain, if they came from a majority of the endpoints. Where
//!   our head was never linked to any other block there is nothing that speaks for it, and no
//!   majority is needed.
//!
//! So whatever was believed wrongly is left again, and nobody who lags or lies alone is followed as
//! long as others answer.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use event_streamer_models::BlockRef;

use super::ring::{Header, HeaderRing};

/// How many observations in a row it takes to believe in a leap, or that the chain got shorter.
pub(crate) const PROOF: u32 = 3;

/// How many generations of its parents prove a head that is far above ours.
pub(crate) const LEAP_LINKS: usize = 3;

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
    /// Nothing new: known, or lagging.
    Stale,
    /// It is not our branch, and has not proven itself yet: another endpoint should be asked.
    Unproven,
}

/// Who observed a head, of how many that have a say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Observer {
    pub(crate) index: usize,
    pub(crate) voters: usize,
}

/// Observations of one kind, in a row, that speak against our head.
#[derive(Clone, Debug, Default)]
struct Challenge {
    kind: Doubt,
    seen: u32,
    by: BTreeSet<usize>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Doubt {
    /// Far above our head.
    Leap,
    /// Below our head, on another branch.
    #[default]
    Lower,
    /// Below everything that is kept.
    Below,
}

/// The canonical branch as far as it was observed.
#[derive(Clone, Debug)]
pub(crate) struct HeadMachine {
    ring: HeaderRing,
    /// A branch that does not link yet, its tip first.
    branch: Vec<Arc<Header>>,
    window: u64,
    challenge: Challenge,
}

impl HeadMachine {
    /// Keeps at least `window` headers.
    pub(crate) fn new(window: u64) -> Self {
        let window = window.max(1);
        Self {
            ring: HeaderRing::default(),
            branch: Vec::new(),
            window,
            challenge: Challenge::default(),
        }
    }

    pub(crate) fn ring(&self) -> &HeaderRing {
        &self.ring
    }

    /// Takes the header of an observed head, or the one that [`Applied::NeedParent`] asked for.
    pub(crate) fn apply(&mut self, header: Arc<Header>, observer: Observer) -> Applied {
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
            self.challenge = Challenge::default();
            return Applied::Stale;
        }
        let (head, bottom) = (head.number, bottom.number);
        if self.is_leap(header.number) {
            if !self.is_proven(Doubt::Leap, observer) {
                return Applied::Unproven;
            }
            self.begin_anew(header);
            return Applied::Jumped;
        }
        if header.number < bottom {
            if !self.is_proven(Doubt::Below, observer) {
                return Applied::Unproven;
            }
            self.begin_anew(header);
            return Applied::Reorg {
                ancestor: None,
                depth: head - bottom + 1,
            };
        }
        if header.number < head && !self.is_proven(Doubt::Lower, observer) {
            return Applied::Unproven;
        }
        self.branch.push(header);
        self.link()
    }

    /// Whether a head of this number is too far above ours to be walked to.
    pub(crate) fn is_leap(&self, number: u64) -> bool {
        let reach = self.max_len();
        let head = self.ring.head();
        head.is_some_and(|head| number > head.number.saturating_add(reach))
    }

    /// Takes a head far above ours with its parents below it; false if they do not prove it.
    #[must_use]
    pub(crate) fn leap(&mut self, head: Arc<Header>, parents: Vec<Arc<Header>>) -> bool {
        if !self.is_leap(head.number) || parents.len() < LEAP_LINKS {
            return false;
        }
        let mut ring = HeaderRing::default();
        ring.reset(head);
        if !parents.into_iter().all(|parent| ring.prepend(parent)) {
            return false;
        }
        self.branch.clear();
        self.challenge = Challenge::default();
        self.ring = ring;
        true
    }

    /// Counts one more observation against our head, and says whether they suffice.
    fn is_proven(&mut self, kind: Doubt, observer: Observer) -> bool {
        if self.challenge.kind != kind {
            self.challenge = Challenge {
                kind,
                ..Challenge::default()
            };
        }
        self.challenge.seen = self.challenge.seen.saturating_add(1);
        self.challenge.by.insert(observer.index);
        let is_majority = self.challenge.by.len() * 2 > observer.voters;
        let needs_majority = kind != Doubt::Leap && self.ring.len() > 1;
        self.challenge.seen >= PROOF && (is_majority || !needs_majority)
    }

    fn begin_anew(&mut self, header: Arc<Header>) {
        self.challenge = Challenge::default();
        self.ring.reset(header);
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
        self.challenge = Challenge::default();
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
