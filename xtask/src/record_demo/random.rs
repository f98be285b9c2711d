//! A seeded source of choices: the same seed, the same recording, on every machine and for ever.
//!
//! The generator is SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): its few lines stand here
//! so that no dependency's update can change what is recorded.

pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; 0 when the bound is 0. The bias of the remainder is below 2⁻³².
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        let remainder = self.next() % u64::from(bound.max(1));
        u32::try_from(remainder).unwrap_or_default()
    }

    /// An index of a slice of `length`.
    pub(crate) fn index(&mut self, length: usize) -> usize {
        self.below(u32::try_from(length).unwrap_or(u32::MAX)) as usize
    }

    /// True `percent` times in a hundred.
    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of `items`, which is not empty.
    pub(crate) fn pick<T: Copy, const N: usize>(&mut self, items: &[T; N]) -> T {
        const { assert!(N > 0, "nothing to pick from") };
        items[self.index(N)]
    }

    /// An amount between 0.001 and 10^`digits` units of 18 decimals, all sizes as likely: three
    /// figures of its own and then zeros, as people choose amounts.
    pub(crate) fn amount(&mut self, digits: u32) -> u128 {
        let figures = u128::from(1 + self.below(999));
        figures * 10_u128.pow(15 + self.below(digits + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_splitmix64() {
        // The first outputs for seed 1234567, as published with the generator's C source.
        let mut random = Random::seeded(1_234_567);
        assert_eq!(random.next(), 6_457_827_717_110_365_317);
        assert_eq!(random.next(), 3_203_168_211_198_807_973);
        assert_eq!(random.next(), 9_817_491_932_198_370_423);
    }

    #[test]
    fn choices_stay_in_their_bounds() {
        let mut random = Random::seeded(7);
        for _ in 0..1_000 {
            assert!(random.below(3) < 3);
            assert!([4, 5].contains(&random.pick(&[4, 5])));
            let amount = random.amount(3);
            assert!(
                (10_u128.pow(15)..10_u128.pow(21)).contains(&amount),
                "{amount}"
            );
        }
        assert_eq!(random.below(0), 0);
        assert!(random.chance(100) && !random.chance(0));
    }
}
