//! What is looked at by chance, so that nobody can tell beforehand what that will be.

use super::backoff::random_seed;

/// A sequence of choices (xorshift64, Marsaglia 2003).
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    state: u64,
}

impl Sample {
    /// From a seed; from the operating system if there is none.
    pub(crate) fn new(seed: Option<u64>) -> Self {
        // Zero would stay zero for ever.
        Self {
            state: seed.unwrap_or_else(random_seed) | 1,
        }
    }

    /// True about once in so many times; never if that is zero.
    pub(crate) fn is_due(&mut self, one_in: u32) -> bool {
        one_in > 0 && self.below(one_in.into()) == 0
    }

    /// A number below a bound, 0 if that is zero.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 11).checked_rem(bound).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_one_in_a_hundred_is_due() {
        for seed in 0..20 {
            let mut sample = Sample::new(Some(seed));
            let due = (0..100_000).filter(|_| sample.is_due(100)).count();
            assert!((800..1_200).contains(&due), "{due}");
            assert!((0..1_000).all(|_| sample.is_due(1)));
            assert!((0..1_000).all(|_| !sample.is_due(0)));
            assert!((0..1_000).all(|_| sample.below(7) < 7));
            assert_eq!(sample.below(0), 0);
        }
    }
}
