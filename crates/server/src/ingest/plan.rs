//! How many blocks to ask for at once: a state machine without IO or time.
//!
//! Any failure halves the range, down to single blocks, because providers announce their limits in
//! as many ways as there are providers. Successes widen it again, step by step. The narrowest range
//! that failed is remembered as a wall: it is tried again, as the trouble may have been the node's
//! or a dense stretch of the chain, but each time it fails after twice as many successes as before.
//! So a node that takes only five blocks is not asked for six every other time.

/// The longest run of successes between two attempts at the wall.
const MAX_PATIENCE: u32 = 64;

/// Plans the ranges of one follower's history.
#[derive(Clone, Debug)]
pub(crate) struct RangePlanner {
    /// Blocks in the next range.
    span: u64,
    /// Never exceeded, whatever a node suggests.
    max_span: u64,
    /// By how much the range is widened.
    step: u64,
    /// The narrowest range that failed since it was last passed.
    wall: Option<u64>,
    /// How many successes it takes to try the wall.
    patience: u32,
    /// Full ranges answered since the span last changed.
    successes: u32,
    /// Some range was answered since the last failure.
    answered: bool,
    /// The span was a node's suggestion, and has not proven itself.
    suggested: bool,
}

impl RangePlanner {
    pub(crate) fn new(max_span: u64) -> Self {
        let max_span = max_span.max(1);
        Self {
            span: max_span,
            max_span,
            step: step_of(max_span),
            wall: None,
            patience: 1,
            successes: 0,
            answered: false,
            suggested: false,
        }
    }

    /// The last block of the next range, which begins with `from` and ends at `last` at most.
    pub(crate) fn range_end(&self, from: u64, last: u64) -> u64 {
        from.saturating_add(self.span - 1).min(last)
    }

    /// A range of `blocks` was answered. `roomy` says that the answer was small enough for a wider
    /// range to be worth trying.
    pub(crate) fn succeeded(&mut self, blocks: u64, roomy: bool) {
        self.answered = true;
        // A range cut short by its end says nothing about longer ones.
        if blocks < self.span || !roomy {
            return;
        }
        self.suggested = false;
        if self.wall.is_some_and(|wall| self.span >= wall) {
            self.wall = None;
            self.patience = 1;
        }
        self.successes += 1;
        let mut wider = self.span.saturating_add(self.step).min(self.max_span);
        if let Some(wall) = self.wall {
            let gap = wall - self.span;
            if gap == 1 && self.successes < self.patience {
                return;
            }
            // Halving the gap finds a hard limit in few failures.
            wider = wider.min(self.span + (gap / 2).max(1));
        }
        if wider > self.span {
            self.span = wider;
            self.successes = 0;
        }
    }

    /// A range of `blocks` failed. `suggestion` is what the node said it would take.
    ///
    /// A suggestion counts only if it is less than what was asked, and not twice in a row: there
    /// are nodes that suggest what they just refused, or a block less every time.
    pub(crate) fn failed(&mut self, blocks: u64, suggestion: Option<u64>) {
        self.successes = 0;
        if blocks > 1 {
            self.wall = Some(self.wall.map_or(blocks, |wall| wall.min(blocks)));
        }
        // A run of failures is one trouble; one after a success is one more of its kind.
        if std::mem::take(&mut self.answered) {
            self.patience = (self.patience * 2).min(MAX_PATIENCE);
        }
        let suggestion = suggestion.filter(|it| !self.suggested && (1..blocks).contains(it));
        self.suggested = suggestion.is_some();
        let narrower = suggestion.unwrap_or(blocks / 2).max(1);
        self.span = narrower.min(self.span);
        self.step = step_of(self.span);
    }
}

fn step_of(span: u64) -> u64 {
    (span / 8).max(1)
}

#[cfg(test)]
mod tests;
