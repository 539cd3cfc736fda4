//! p-dispersion: sites as far from one another as can be, so that none crowds another or a neighbourhood.

use crate::network::TravelPairs;
use crate::units::MILLISECONDS_PER_MINUTE;
use crate::{Error, ErrorKind, Result};

/// Sites that are far apart.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Dispersed {
    /// Numbers of the sites, in order, the fixed ones among them.
    pub sites: Vec<u32>,
    /// Minutes between the two nearest of them; `None` if no way between any two was found within the search.
    pub nearest: Option<f64>,
    /// No set has its two nearest sites farther apart; `None` where it may be beyond the search.
    pub bound: Option<f64>,
}

/// Parts of a search for one distance.
const PARTS: usize = 3_000_000;

/// The sites whose two nearest are as far apart as can be.
///
/// - `between`: ways between the places, with the same places as origins and destinations; the shorter of the two
///   directions counts. A pair without a way is beyond the search: farther than any that has one.
/// - `choose`: number of sites, with those of `fixed`, which are in every set.
///
/// # Errors
/// [`ErrorKind::Parameter`] if places differ between the sides, fewer than two sites are to be chosen, or more than there are.
///
/// # Source
/// Kuby (1987), "Programming models for facility dispersion"; each distance is a search for a clique (Tomita & Seki 2003).
///
/// # Example
/// ```
/// use commonground::siting::disperse;
/// use commonground::TravelTimes;
/// let minutes = |a: f64, b: f64| Some((a - b).abs());
/// let at = [0.0, 1.0, 4.0, 9.0];
/// let rows: Vec<Vec<_>> = at.iter().map(|&a| at.iter().map(|&b| minutes(a, b)).collect()).collect();
/// let apart = disperse(&TravelTimes::from_minutes(&rows)?, 3, &[])?;
/// assert_eq!((apart.sites, apart.nearest, apart.bound), (vec![0, 2, 3], Some(4.0), Some(4.0)));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn disperse(between: &impl TravelPairs, choose: usize, fixed: &[u32]) -> Result<Dispersed> {
    let count = between.origin_count();
    let parameter = |message: String| Error::new(ErrorKind::Parameter, message);
    if count != between.destination_count() {
        let message = format!("ways from {count} places to {} places", between.destination_count());
        return Err(parameter(message).hint("dispersion needs the ways between the same places"));
    }
    if choose < 2
        || choose > count
        || fixed.len() > choose
        || fixed.iter().any(|&site| site as usize >= count)
    {
        return Err(parameter(format!("{choose} of {count} places, {} of them fixed", fixed.len())));
    }
    let mut distance = vec![u32::MAX; count * count];
    let rows = between.each_origin(|row| row.milliseconds().collect::<Vec<_>>())?;
    for (from, row) in rows.into_iter().enumerate() {
        for (to, cost) in row.into_iter().flatten() {
            for at in [from * count + to, to * count + from] {
                distance[at] = distance[at].min(cost);
            }
        }
    }
    let mut levels: Vec<u32> =
        (0..count).flat_map(|a| (0..a).map(move |b| (a, b))).map(|(a, b)| distance[a * count + b]).collect();
    levels.sort_unstable();
    levels.dedup();
    let nearest_of = |sites: &[u32]| {
        let pairs = sites.iter().enumerate().flat_map(|(at, &a)| sites[..at].iter().map(move |&b| (a, b)));
        pairs.map(|(a, b)| distance[a as usize * count + b as usize]).min().unwrap_or(u32::MAX)
    };
    // Some set has at least the least of all distances.
    let mut sites: Vec<u32> = fixed.to_vec();
    sites.extend((0..count as u32).filter(|site| !fixed.contains(site)).take(choose - fixed.len()));
    let (mut low, mut high, mut known) = (0, levels.len() - 1, usize::MAX);
    while low < high {
        let middle = (low + high).div_ceil(2);
        match apart(&distance, count, levels[middle], choose, fixed) {
            Search::Found(found) => {
                sites = found;
                low = levels.partition_point(|level| *level < nearest_of(&sites)).max(middle);
            }
            Search::None => (high, known) = (middle - 1, high.min(middle - 1)),
            Search::Unknown => high = middle - 1,
        }
    }
    let value = nearest_of(&sites);
    let proven = if known == usize::MAX { levels.len() - 1 } else { known };
    let minutes = |level: u32| (level < u32::MAX).then(|| f64::from(level) / MILLISECONDS_PER_MINUTE);
    sites.sort_unstable();
    Ok(Dispersed { sites, nearest: minutes(value), bound: minutes(levels[proven].max(value)) })
}

enum Search {
    Found(Vec<u32>),
    None,
    Unknown,
}

/// Sites of which no two are nearer than `least`.
fn apart(distance: &[u32], count: usize, least: u32, choose: usize, fixed: &[u32]) -> Search {
    let is_apart = |a: u32, b: u32| distance[a as usize * count + b as usize] >= least;
    if fixed.iter().enumerate().any(|(at, &a)| fixed[..at].iter().any(|&b| !is_apart(a, b))) {
        return Search::None;
    }
    let open: Vec<u32> = (0..count as u32)
        .filter(|&site| !fixed.contains(&site) && fixed.iter().all(|&other| is_apart(site, other)))
        .collect();
    let mut chosen = fixed.to_vec();
    let mut parts = PARTS;
    match deeper(&is_apart, open, choose, &mut chosen, &mut parts) {
        Some(true) => Search::Found(chosen),
        Some(false) => Search::None,
        None => Search::Unknown,
    }
}

fn deeper(
    is_apart: &dyn Fn(u32, u32) -> bool,
    mut open: Vec<u32>,
    choose: usize,
    chosen: &mut Vec<u32>,
    parts: &mut usize,
) -> Option<bool> {
    if chosen.len() == choose {
        return Some(true);
    }
    *parts = parts.checked_sub(1)?;
    // Sites that crowd one another make a class, of which one can be chosen at most.
    let mut classes: Vec<Vec<u32>> = Vec::new();
    for &site in &open {
        match classes.iter_mut().find(|class| class.iter().all(|&other| !is_apart(site, other))) {
            Some(class) => class.push(site),
            None => classes.push(vec![site]),
        }
    }
    if chosen.len() + classes.len() < choose {
        return Some(false);
    }
    // One of the sites beyond the first classes must be in the set.
    let enough = choose - chosen.len() - 1;
    for site in classes.into_iter().skip(enough).flatten() {
        let rest: Vec<u32> =
            open.iter().copied().filter(|&other| other != site && is_apart(site, other)).collect();
        chosen.push(site);
        if deeper(is_apart, rest, choose, chosen, parts)? {
            return Some(true);
        }
        chosen.pop();
        open.retain(|&other| other != site);
    }
    Some(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TravelTimes;
    use crate::stats::random::Random;

    #[test]
    fn the_farthest_apart_of_all_sets_are_found() {
        for seed in 0..30 {
            let mut random = Random::new(seed, 6);
            let at: Vec<(f64, f64)> = (0..11).map(|_| (random.unit() * 20.0, random.unit() * 20.0)).collect();
            let minutes = |a: usize, b: usize| {
                let minutes = (at[a].0 - at[b].0).hypot(at[a].1 - at[b].1).round();
                (seed % 3 > 0 || minutes < 14.0).then_some(minutes)
            };
            let rows: Vec<Vec<_>> = (0..11).map(|a| (0..11).map(|b| minutes(a, b)).collect()).collect();
            let times = TravelTimes::from_minutes(&rows).unwrap();
            for choose in 2..6 {
                for fixed in [vec![], vec![3]] {
                    let mut best = f64::NEG_INFINITY;
                    for set in (0_u32..1 << 11).filter(|set| set.count_ones() as usize == choose) {
                        let sites: Vec<usize> = (0..11).filter(|site| set & (1 << site) != 0).collect();
                        if fixed.iter().all(|site| sites.contains(&(*site as usize))) {
                            let pairs = sites.iter().flat_map(|&a| sites.iter().map(move |&b| (a, b)));
                            let nearest = pairs
                                .filter(|(a, b)| a < b)
                                .map(|(a, b)| minutes(a, b).unwrap_or(f64::INFINITY));
                            best = best.max(nearest.fold(f64::INFINITY, f64::min));
                        }
                    }
                    let found = disperse(&times, choose, &fixed).unwrap();
                    let best = best.is_finite().then_some(best);
                    assert_eq!(
                        (found.nearest, found.bound, found.sites.len()),
                        (best, best, choose),
                        "{seed} {choose}"
                    );
                }
            }
        }
    }

    #[test]
    fn places_must_be_the_same_on_both_sides() {
        let times = TravelTimes::from_minutes(&[[Some(1.0), Some(2.0)]]).unwrap();
        assert!(disperse(&times, 2, &[]).is_err());
        let times = TravelTimes::from_minutes(&[[Some(0.0), Some(2.0)], [Some(2.0), Some(0.0)]]).unwrap();
        assert!(disperse(&times, 1, &[]).is_err() && disperse(&times, 3, &[]).is_err());
        assert!(disperse(&times, 2, &[5]).is_err());
    }
}
