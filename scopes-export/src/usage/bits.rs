//! A set of small numbers: positions of scopes or of routes.

/// A set of numbers below a bound that is chosen when the set is made. Larger numbers are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Bits(Box<[u64]>);

impl Bits {
    pub(super) fn new(bound: usize) -> Self {
        Self(vec![0; bound.div_ceil(64)].into_boxed_slice())
    }

    pub(super) fn of(bound: usize, numbers: impl IntoIterator<Item = usize>) -> Self {
        let mut bits = Self::new(bound);
        for number in numbers {
            bits.insert(number);
        }
        bits
    }

    pub(super) fn words(&self) -> &[u64] {
        &self.0
    }

    pub(super) fn words_mut(&mut self) -> &mut [u64] {
        &mut self.0
    }

    pub(super) fn contains(&self, number: usize) -> bool {
        self.0.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    pub(super) fn insert(&mut self, number: usize) {
        if let Some(word) = self.0.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    pub(super) fn without(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(word, less)| word & !less).collect())
    }

    pub(super) fn is_subset(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(word, of)| word & !of == 0)
    }

    pub(super) fn intersects(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(word, of)| word & of != 0)
    }

    /// Whether all are in one of the two sets.
    pub(super) fn is_within(&self, one: &Self, two: &Self) -> bool {
        self.0.iter().zip(one.0.iter().zip(&two.0)).all(|(word, (one, two))| word & !(one | two) == 0)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(index, &word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros() as usize;
                left &= left.wrapping_sub(1);
                (bit < 64).then_some(index * 64 + bit)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets() {
        let set = Bits::of(130, [0, 63, 64, 129, 500]);
        assert!(set.iter().eq([0, 63, 64, 129]));
        assert_eq!(set.len(), 4);
        assert!(set.contains(129) && !set.contains(1) && !set.contains(500));
        let less = set.without(&Bits::of(130, [63, 129]));
        assert!(less.iter().eq([0, 64]));
        assert!(less.is_subset(&set) && !set.is_subset(&less));
        assert!(set.is_within(&less, &Bits::of(130, [63, 129])) && !set.is_within(&less, &less));
        assert!(less.intersects(&set) && !less.intersects(&Bits::of(130, [63])));
        assert!(Bits::new(0).is_empty());
    }
}
