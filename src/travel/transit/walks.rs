//! Walking times between stops, and between stops and other places, in whole seconds.

/// Lists of (number, seconds), one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Walks {
    first: Vec<u32>,
    ends: Vec<(u32, i32)>,
}

impl Walks {
    /// Lists from their entries.
    #[must_use]
    pub fn new(lists: impl IntoIterator<Item = impl IntoIterator<Item = (u32, i32)>>) -> Self {
        let mut walks = Self { first: vec![0], ends: Vec::new() };
        for list in lists {
            walks.ends.extend(list);
            walks.first.push(walks.ends.len() as u32);
        }
        walks
    }

    /// Number of lists.
    #[must_use]
    pub fn len(&self) -> usize {
        self.first.len() - 1
    }

    /// Whether there is no list.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One list: numbers and seconds.
    #[must_use]
    pub fn of(&self, number: usize) -> &[(u32, i32)] {
        &self.ends[self.first[number] as usize..self.first[number + 1] as usize]
    }

    /// Number of all entries.
    #[must_use]
    pub fn count(&self) -> usize {
        self.ends.len()
    }

    /// Lists by what they lead to: `count` of them.
    #[must_use]
    pub fn transposed(&self, count: usize) -> Self {
        let mut first = vec![0_u32; count + 1];
        for (to, _) in &self.ends {
            first[*to as usize + 1] += 1;
        }
        for number in 0..count {
            first[number + 1] += first[number];
        }
        let mut next = first.clone();
        let mut ends = vec![(0, 0); self.ends.len()];
        for from in 0..self.len() {
            for &(to, seconds) in self.of(from) {
                ends[next[to as usize] as usize] = (from as u32, seconds);
                next[to as usize] += 1;
            }
        }
        Self { first, ends }
    }
}

/// Whole seconds that a walk takes, rounded up: who needs 60.2 s does not catch what leaves in 60.
#[must_use]
pub(super) fn whole_seconds(milliseconds: u32) -> i32 {
    milliseconds.div_ceil(1_000).min(i32::MAX as u32) as i32
}
