//! A set of small whole numbers that is read out in their order, whatever the order they came in.

/// Numbers below a bound: one bit each, and one bit for every 64 of those.
pub(super) struct NumberSet {
    words: Vec<u64>,
    /// Which words are not empty.
    summary: Vec<u64>,
}

impl NumberSet {
    /// An empty set of numbers below `bound`.
    pub(super) fn below(bound: usize) -> Self {
        let words = bound.div_ceil(64);
        Self { words: vec![0; words], summary: vec![0; words.div_ceil(64)] }
    }

    #[inline]
    pub(super) fn insert(&mut self, number: u32) {
        let word = number / 64;
        self.words[word as usize] |= 1 << (number % 64);
        self.summary[(word / 64) as usize] |= 1 << (word % 64);
    }

    /// The numbers, ascending.
    #[inline]
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        ones(&self.summary).flat_map(|word| bits(self.words[word as usize]).map(move |bit| word * 64 + bit))
    }

    pub(super) fn clear(&mut self) {
        let Self { words, summary } = self;
        ones(summary).for_each(|word| words[word as usize] = 0);
        summary.fill(0);
    }
}

fn ones(words: &[u64]) -> impl Iterator<Item = u32> {
    (0_u32..).zip(words).flat_map(|(number, &word)| bits(word).map(move |bit| number * 64 + bit))
}

/// Positions of the ones in a word, ascending.
#[inline]
fn bits(mut word: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let bit = (word != 0).then(|| word.trailing_zeros())?;
        word &= word - 1;
        Some(bit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_out_once_in_ascending_order() {
        let mut set = NumberSet::below(100_001);
        for number in [64, 100_000, 0, 63, 4_096, 64, 4_095] {
            set.insert(number);
        }
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 63, 64, 4_095, 4_096, 100_000]);
        set.clear();
        assert_eq!(set.iter().count(), 0);
    }
}
