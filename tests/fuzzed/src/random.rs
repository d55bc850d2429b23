//! Reproducible choices.

/// A sequence of numbers that a seed determines (`SplitMix64`).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The sequence of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which must not be 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.number() % end as u64) as usize
    }

    /// Returns true once in `times`, on average.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// Chooses one of these.
    pub fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }

    /// Joins at least `least` pieces, but fewer than `end`.
    pub fn pieces(&mut self, least: usize, end: usize, separator: &str, piece: impl Fn(&mut Self) -> String) -> String {
        let count = least + self.below(end - least);
        (0..count).map(|_| piece(self)).collect::<Vec<_>>().join(separator)
    }

    /// Makes a changed copy: flips, removes, repeats or moves bytes, or inserts a piece of a
    /// dictionary.
    pub fn mutated(&mut self, data: &[u8], dictionary: &[&str]) -> Vec<u8> {
        let mut data = data.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(data.len() + 1);
            let end = (at + self.below(8)).min(data.len());
            match self.below(6) {
                0 if at < data.len() => data[at] ^= 1 << self.below(8),
                1 => drop(data.drain(at..end)),
                2 => {
                    let copy = data[at..end].to_vec();
                    let to = self.below(data.len() + 1);
                    drop(data.splice(to..to, copy));
                }
                3 => data.truncate(at),
                4 => data.insert(at, self.number() as u8),
                _ => {
                    let piece = self.pick(dictionary);
                    drop(data.splice(at..end, piece.bytes()));
                }
            }
        }
        data
    }
}
