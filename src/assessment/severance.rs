//! Severance of every neighbourhood, and the barriers that cause it.

use super::table::{Columns, means_of_sites};
use crate::access::{Neighbours, Sites, ways_to_neighbours, weighted_quantile};
use crate::model::{Barrier, Traveller};
use crate::network::StreetNetwork;
use crate::scores::severance::{Barriers, CUT_OFF_RATIO, Severance, barriers_between, severance};
use crate::scores::small_counts::is_small;
use crate::{FeatureTable, Progress, Result, StudyArea};
use geo::Geometry;
use std::collections::BTreeMap;

/// A barrier is named where it puts at least this share of the people near a detour away.
const NAMED_FROM: f64 = 0.05;
/// The name in [`crate::Assessment::not_assessed`].
const SCORE: &str = "severance";

/// What the streets make of the neighbours of every site.
pub(super) struct Severed {
    of_site: Vec<Option<Severance>>,
    barriers: Barriers,
}

impl Severed {
    /// `None` where the study travels on wheels: severance is measured on foot.
    pub(super) fn measure(
        study: &StudyArea,
        network: &StreetNetwork,
        sites: &Sites,
        not_assessed: &mut Vec<(String, String)>,
        progress: &dyn Progress,
    ) -> Result<Option<Self>> {
        if matches!(network.profile().traveller(), Traveller::Bicycle | Traveller::Car) {
            not_assessed.push((SCORE.into(), "the study does not travel on foot".into()));
            return Ok(None);
        }
        let residents = &sites.weights;
        let found = ways_to_neighbours(
            network,
            &sites.locations,
            &sites.attached,
            Neighbours::default(),
            progress,
            |ways| severance(residents, ways, CUT_OFF_RATIO),
        )?;
        let of_site: Vec<Option<Severance>> =
            found.into_iter().map(|one| one.transpose().map(Option::flatten)).collect::<Result<_>>()?;
        let shapes: Vec<_> = study.barriers.iter().map(|barrier| &barrier.shape).collect();
        let barriers = barriers_between(residents, &sites.locations, &of_site, &shapes)?;
        Ok(Some(Self { of_site, barriers }))
    }

    /// Share of those near a site who are a detour away; `None` where nobody is near.
    pub(super) fn share_cut_off(&self, site: usize) -> Option<f64> {
        self.of_site[site].as_ref().map(|severed| severed.share_cut_off)
    }

    /// Columns: `severance`, `detour_ratio`, `barrier` and `barrier_share`.
    pub(super) fn add_columns(&self, study: &StudyArea, sites: &Sites, columns: &mut Columns) {
        let count = study.neighbourhoods.len();
        columns.numbers("severance", means_of_sites(sites, count, |site| self.share_cut_off(site)));
        let mut ratios: Vec<Vec<(Option<f64>, f64)>> = vec![Vec::new(); count];
        let mut behind: Vec<BTreeMap<usize, f64>> = vec![BTreeMap::new(); count];
        let mut people: Vec<f64> = vec![0.0; count];
        for (site, severed) in self.of_site.iter().enumerate() {
            let (Some(neighbourhood), Some(severed)) = (sites.neighbourhoods[site], severed) else {
                continue;
            };
            let (neighbourhood, residents) = (neighbourhood as usize, sites.weights[site]);
            ratios[neighbourhood].push((severed.median_ratio, residents));
            people[neighbourhood] += residents;
            if let Some((barrier, share)) = self.barriers.of_place[site] {
                *behind[neighbourhood].entry(barrier).or_default() += share * residents;
            }
        }
        columns.numbers("detour_ratio", ratios.iter().map(|ratios| weighted_quantile(ratios, 0.5)).collect());
        // The first of equals, so that the answer hangs on the data alone.
        let most = |(behind, people): (&BTreeMap<usize, f64>, &f64)| {
            let shares = behind.iter().map(|(barrier, sum)| (*barrier, sum / people));
            let most = shares.reduce(|a, b| if b.1 > a.1 { b } else { a });
            most.filter(|(_, share)| *share >= NAMED_FROM)
        };
        let binding: Vec<Option<(usize, f64)>> = behind.iter().zip(&people).map(most).collect();
        let name = |barrier: usize| title(&study.barriers[barrier]);
        columns.text("barrier", binding.iter().map(|one| one.map(|(barrier, _)| name(barrier))).collect());
        columns.numbers("barrier_share", binding.iter().map(|one| one.map(|(_, share)| share)).collect());
    }

    /// Indices of the city.
    pub(super) fn city(&self, sites: &Sites) -> Vec<(String, f64)> {
        let with_residents = self.of_site.iter().zip(&sites.weights);
        let shares = with_residents.filter_map(|(one, people)| Some((one.as_ref()?.share_cut_off, *people)));
        let mean = crate::access::weighted_mean(shares);
        mean.map(|share| ("severance: share of near neighbours who are a detour away".into(), share))
            .into_iter()
            .collect()
    }

    /// One row a barrier that cuts somebody off, those with most residents affected first: `rank`, `name`, `kind`,
    /// `residents_affected` (absent where it is a small count) and `pairs_cut_off`.
    pub(super) fn barriers(&self, study: &StudyArea) -> Result<FeatureTable> {
        let ranked = &self.barriers.ranked;
        let weight = study.homes.weight;
        let of = |row: usize| &study.barriers[ranked[row].barrier];
        let rows = 0..ranked.len();
        let mut columns = Columns::default();
        columns.counts("rank", rows.clone().map(|row| Some(row as u32 + 1)).collect());
        columns.text("name", rows.clone().map(|row| of(row).name.clone()).collect());
        columns.text("kind", rows.clone().map(|row| Some(of(row).kind.name().to_owned())).collect());
        let affected =
            ranked.iter().map(|effect| Some(effect.residents_affected).filter(|people| !is_small(*people)));
        columns.numbers(format!("{}_affected", weight.column()), affected.collect());
        // Pairs of square metres are nothing.
        if weight.is_count() {
            let pairs = ranked.iter().map(|effect| Some(effect.pairs_cut_off));
            columns.numbers("pairs_cut_off", pairs.collect());
        }
        columns.into_features(study, rows.map(|row| shape(of(row))))
    }
}

/// `East Motorway (motorway)`.
fn title(barrier: &Barrier) -> String {
    match &barrier.name {
        Some(name) => format!("{name} ({})", barrier.kind.name()),
        None => format!("unnamed {}", barrier.kind.name()),
    }
}

/// Lines as lines and areas as areas, where all pieces are of one sort.
fn shape(barrier: &Barrier) -> Geometry<f64> {
    let pieces = &barrier.shape.0;
    let lines: Option<Vec<_>> = pieces.iter().map(lines_of).collect();
    let areas: Option<Vec<_>> = pieces.iter().map(areas_of).collect();
    match (lines, areas) {
        (Some(lines), _) => geo::MultiLineString(lines.concat()).into(),
        (None, Some(areas)) => geo::MultiPolygon(areas.concat()).into(),
        (None, None) => Geometry::GeometryCollection(barrier.shape.clone()),
    }
}

fn lines_of(piece: &Geometry<f64>) -> Option<Vec<geo::LineString<f64>>> {
    match piece {
        Geometry::LineString(line) => Some(vec![line.clone()]),
        Geometry::MultiLineString(lines) => Some(lines.0.clone()),
        _ => None,
    }
}

fn areas_of(piece: &Geometry<f64>) -> Option<Vec<geo::Polygon<f64>>> {
    match piece {
        Geometry::Polygon(area) => Some(vec![area.clone()]),
        Geometry::MultiPolygon(areas) => Some(areas.0.clone()),
        _ => None,
    }
}
