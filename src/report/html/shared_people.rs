//! People of small homes, shared with those nearby, so that no number in a page shows a household.

use crate::scores::small_counts::is_small;

/// What each home counts for, where homes of fewer than ten people share evenly with the next ones of their neighbourhood until
/// they are ten; the last ones share with those before. Fewer than ten in all small homes of a neighbourhood are counted in one that
/// is not small, where there is one.
///
/// - `areas`: the neighbourhood of each home. - `edges`: the street edge that it is on; `None` on no street: it is left as it is.
/// - `is_people`: whether homes count by people; else nothing is shared.
///
/// Returns the weights, and how many homes share theirs.
pub(super) fn shared_people(
    weights: &[f64],
    areas: &[Option<u32>],
    edges: &[Option<u32>],
    is_people: bool,
) -> (Vec<f64>, usize) {
    let mut found = weights.to_vec();
    let is_shared = |&home: &usize| is_people && edges[home].is_some() && is_small(weights[home]);
    let mut small: Vec<usize> = (0..weights.len()).filter(is_shared).collect();
    // Along a street, then along the next one.
    small.sort_by_key(|&home| (areas[home], edges[home]));
    let people = |lot: &[usize]| lot.iter().map(|&home| weights[home]).sum::<f64>();
    for members in small.chunk_by(|&a, &b| areas[a] == areas[b]) {
        let mut lots: Vec<Vec<usize>> = Vec::new();
        for &home in members {
            match lots.last_mut().filter(|lot| is_small(people(lot))) {
                Some(lot) => lot.push(home),
                None => lots.push(vec![home]),
            }
        }
        if lots.len() > 1 && lots.last().is_some_and(|lot| is_small(people(lot))) {
            let rest = lots.pop().unwrap_or_default();
            lots.last_mut().expect("there are two").extend(rest);
        }
        // Fewer than ten in all small homes of a neighbourhood are counted in a large one.
        let large = |home: &usize| {
            areas[*home] == areas[members[0]] && edges[*home].is_some() && weights[*home] > 0.0
        };
        let large = (0..weights.len()).find(|home| large(home) && !is_small(weights[*home]));
        if let (Some(large), true) = (large, is_small(people(members))) {
            found[large] += people(members);
            members.iter().for_each(|&home| found[home] = 0.0);
            continue;
        }
        for lot in lots {
            let each = people(&lot) / lot.len() as f64;
            lot.into_iter().for_each(|home| found[home] = each);
        }
    }
    (found, small.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_homes_share_until_they_are_ten_and_nobody_is_lost() {
        // One neighbourhood: 4 and 6 on a street, 30 alone, then 9 and 2 on the next one, with 1 left over; another with 3 and 20.
        let weights = [4.0, 6.0, 30.0, 9.0, 2.0, 1.0, 3.0, 5.0, 20.0];
        let areas = [Some(0), Some(0), Some(0), Some(0), Some(0), Some(0), Some(1), Some(0), Some(1)];
        let edges = [Some(1), Some(1), Some(1), Some(2), Some(2), Some(3), Some(4), None, Some(4)];
        let (shared, count) = shared_people(&weights, &areas, &edges, true);
        assert_eq!(shared, [5.0, 5.0, 30.0, 4.0, 4.0, 4.0, 0.0, 5.0, 23.0]);
        assert_eq!((count, shared.iter().sum::<f64>()), (6, weights.iter().sum::<f64>()));
        assert_eq!(shared_people(&weights, &areas, &edges, false), (weights.to_vec(), 0));
    }
}
