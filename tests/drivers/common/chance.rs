//! Chance that can be repeated: the same seed makes the same source on every machine.

/// SplitMix64 (Steele, Lea, Flood 2014): small, and good enough to choose test data with.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A number from `least` to `most`, both included.
    pub fn between<N: TryFrom<u64> + TryInto<u64>>(&mut self, least: N, most: N) -> N {
        let [least, most] =
            [least, most].map(|end| end.try_into().ok().expect("no count is that large"));
        let number = least + self.below(most - least + 1);
        N::try_from(number).ok().expect("it lies between two numbers of its type")
    }

    /// True once in `of` times.
    pub fn once_in(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }

    /// True `percent` times of a hundred.
    pub fn happens(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    pub fn one_of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.between(0, items.len() - 1)]
    }

    /// `count` decimal digits, the first not zero.
    pub fn digits(&mut self, count: usize) -> String {
        let first = char::from(b'1' + self.below(9) as u8);
        let rest = (1..count).map(|_| char::from(b'0' + self.below(10) as u8));
        std::iter::once(first).chain(rest.collect::<Vec<_>>()).collect()
    }
}
