//! Who would have to move, and what is built beside whom. No forecast of rents: research disagrees on their direction.

use super::land::Built;
use crate::StudyArea;

/// Three numbers of displacement by neighbourhood. They count; they forecast nothing.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Displacement {
    /// One a neighbourhood in which something is built or lost, in the order of the study.
    pub neighbourhoods: Vec<NeighbourhoodDisplacement>,
}

/// What a scenario builds in a neighbourhood and who lives on that land.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct NeighbourhoodDisplacement {
    /// Id of the neighbourhood.
    pub id: String,
    /// *Direct*: residents of homes that the scenario removes or builds over.
    pub direct: f64,
    /// The same by group.
    pub direct_groups: Vec<(String, f64)>,
    /// *Pressure*: net new homes; to be read beside the neighbourhood's class of gentrification.
    pub new_dwellings: f64,
    /// *Room to stay*: affordable homes among them.
    pub affordable: f64,
}

pub(super) fn displacement(before: &StudyArea, after: &StudyArea, built: &[Built]) -> Displacement {
    let homes = &before.homes;
    let in_area = |area: usize, people: &dyn Fn(usize) -> f64| -> f64 {
        let here = (0..homes.len()).filter(|&home| homes.neighbourhoods[home] == Some(area as u32));
        here.map(people).fold(0.0, |sum, people| sum + people)
    };
    let of_area = |(area, place): (usize, &crate::model::Neighbourhood)| {
        let gone = |home: usize| (homes.weights[home] - after.homes.weights[home]).max(0.0);
        let direct = in_area(area, &gone);
        let groups = homes.groups.iter().zip(&after.homes.groups).map(|(was, is)| {
            (was.name.clone(), in_area(area, &|home| (was.counts[home] - is.counts[home]).max(0.0)))
        });
        let here = || built.iter().filter(|one| one.neighbourhood == Some(area as u32));
        let new_dwellings: f64 = here().map(|one| one.dwellings).fold(0.0, |sum, one| sum + one);
        let affordable: f64 = here().map(|one| one.affordable).fold(0.0, |sum, one| sum + one);
        (direct > 0.0 || new_dwellings > 0.0).then(|| NeighbourhoodDisplacement {
            id: place.id.clone(),
            direct,
            direct_groups: groups.collect(),
            new_dwellings,
            affordable,
        })
    };
    Displacement { neighbourhoods: before.neighbourhoods.iter().enumerate().filter_map(of_area).collect() }
}
