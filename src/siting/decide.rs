//! Whether so few sites can cover every row: yes with the sites, no with certainty, or not known.
//!
//! For few sites the relaxation is weak, but a search on bits is quick: whoever is hardest to cover comes first, and what
//! the widest sites that are left could cover at most ends a branch.

use super::set_cover::reduce;

/// Words of 64 bits that may be read.
const WORK: usize = 3_000_000_000;
/// Sites beyond which the search is not tried.
const MOST: usize = 12;
/// Words that are kept at most.
const KEPT: usize = 16 << 20;

/// Sites that cover all rows, at most `count` of them: `Some(Some(sites))`, `Some(None)` if there are none, `None` if not known.
pub(super) fn decide(rows: Vec<Vec<u32>>, count: usize) -> Option<Option<Vec<u32>>> {
    let most = rows.iter().flatten().max().map_or(0, |site| *site as usize + 1);
    let (mut chosen, mut spent) = (Vec::new(), 0.0);
    let Some(rows) = reduce(rows, &vec![1.0; most], &mut chosen, &mut spent) else { return Some(None) };
    if chosen.len() > count {
        return Some(None);
    }
    if rows.is_empty() {
        return Some(Some(chosen));
    }
    let mut sites: Vec<u32> = rows.iter().flatten().copied().collect();
    sites.sort_unstable();
    sites.dedup();
    let words = rows.len().div_ceil(64);
    if count - chosen.len() > MOST || words * sites.len() > KEPT {
        return None;
    }
    let place = |site: &u32| sites.binary_search(site).expect("every site is listed");
    let by_row: Vec<Vec<usize>> = rows.iter().map(|row| row.iter().map(place).collect()).collect();
    let mut covers = vec![0_u64; sites.len() * words];
    for (row, places) in by_row.iter().enumerate() {
        places.iter().for_each(|place| covers[place * words + row / 64] |= 1 << (row % 64));
    }
    let mut left = vec![u64::MAX; words];
    if rows.len() % 64 > 0 {
        left[words - 1] = (1 << (rows.len() % 64)) - 1;
    }
    let mut search = Search { covers, by_row, words, work: WORK };
    let mut taken = Vec::new();
    let open: Vec<usize> = (0..sites.len()).collect();
    let found = search.deeper(&left, &open, count - chosen.len(), &mut taken)?;
    Some(found.then(|| {
        chosen.extend(taken.iter().map(|&place| sites[place]));
        chosen.sort_unstable();
        chosen
    }))
}

struct Search {
    covers: Vec<u64>,
    by_row: Vec<Vec<usize>>,
    words: usize,
    work: usize,
}

impl Search {
    fn new_rows(&self, place: usize, left: &[u64]) -> u32 {
        let covered = &self.covers[place * self.words..(place + 1) * self.words];
        covered.iter().zip(left).map(|(covered, left)| (covered & left).count_ones()).sum()
    }

    /// Whether `count` of the open sites cover what is left; `None` if the work is used up.
    fn deeper(&mut self, left: &[u64], open: &[usize], count: usize, taken: &mut Vec<usize>) -> Option<bool> {
        let rows: u32 = left.iter().map(|word| word.count_ones()).sum();
        if rows == 0 {
            return Some(true);
        }
        if count == 0 {
            return Some(false);
        }
        self.work = self.work.checked_sub(open.len() * self.words)?;
        // Sites that are left, the widest first.
        let mut by_width: Vec<(u32, usize)> = open
            .iter()
            .map(|&place| (self.new_rows(place, left), place))
            .filter(|(width, _)| *width > 0)
            .collect();
        by_width.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        if by_width.iter().take(count).map(|(width, _)| width).sum::<u32>() < rows {
            return Some(false);
        }
        if count == 1 {
            taken.push(by_width[0].1);
            return Some(true);
        }
        let mut width = vec![0; self.covers.len() / self.words];
        by_width.iter().for_each(|&(rows, place)| width[place] = rows);
        let is_left = |row: &usize| left[row / 64] & (1 << (row % 64)) != 0;
        let choices = |row: usize| self.by_row[row].iter().filter(|place| width[**place] > 0).count();
        let hardest = (0..self.by_row.len()).filter(is_left).min_by_key(|row| (choices(*row), *row))?;
        let mut branches: Vec<usize> =
            self.by_row[hardest].iter().copied().filter(|place| width[*place] > 0).collect();
        branches.sort_by_key(|place| (std::cmp::Reverse(width[*place]), *place));
        // The other sites must cover the rest, so that a narrow one may not do.
        let others: u32 = by_width.iter().take(count - 1).map(|(width, _)| width).sum();
        for place in branches {
            if width[place] + others < rows {
                break;
            }
            let rest: Vec<u64> = left
                .iter()
                .zip(&self.covers[place * self.words..(place + 1) * self.words])
                .map(|(left, covered)| left & !covered)
                .collect();
            width[place] = 0;
            let still: Vec<usize> =
                by_width.iter().map(|(_, place)| *place).filter(|place| width[*place] > 0).collect();
            taken.push(place);
            if self.deeper(&rest, &still, count - 1, taken)? {
                return Some(true);
            }
            taken.pop();
        }
        Some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::random::Random;

    #[test]
    fn few_sites_cover_or_do_not_as_looking_at_all_sets_says() {
        for seed in 0..60 {
            let mut random = Random::new(seed, 9);
            let rows: Vec<Vec<u32>> =
                (0..20).map(|_| (0..12).filter(|_| random.below(3) == 0).collect()).collect();
            let covers = |set: u32| rows.iter().all(|row| row.iter().any(|site| set & (1 << site) != 0));
            let least = (0_u32..1 << 12).filter(|set| covers(*set)).map(u32::count_ones).min();
            for count in 1..8 {
                let found = decide(rows.clone(), count).unwrap();
                let is_possible = least.is_some_and(|least| least as usize <= count);
                assert_eq!(found.is_some(), is_possible, "{seed} {count}");
                if let Some(sites) = found {
                    assert!(sites.len() <= count && covers(sites.iter().map(|site| 1 << site).sum()));
                }
            }
        }
    }
}
