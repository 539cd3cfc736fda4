//! Where neighbourhoods with much of a score, or with little, lie beside each other.

use super::table::Columns;
use crate::scores::autocorrelation::{Permutations, benjamini_hochberg, local_moran};
use crate::scores::weights::{Contiguity, contiguity};
use crate::{Metres, Progress, Result, StudyArea};

/// Scores whose clusters are told.
const SCORES: [&str; 2] = ["service_isolation", "residential_isolation_15_min"];
/// Enough for the share of false discoveries among a thousand neighbourhoods.
const PERMUTATIONS: usize = 9_999;
/// The same study gives the same clusters.
const SEED: u64 = 1;
/// Share of false discoveries among the clusters.
const FALSE_DISCOVERIES: f64 = 0.05;
/// Borders this close are common: boundaries are drawn with slivers.
const SNAP_M: f64 = 1.0;
/// Said where a neighbourhood is not unusually like or unlike those around it.
const NO_CLUSTER: &str = "no cluster";

/// Columns: `<score>_cluster` by local Moran with false discoveries controlled. No class where a neighbourhood has no
/// value, no neighbour, or all have the same value.
pub(super) fn add_columns(study: &StudyArea, columns: &mut Columns, progress: &dyn Progress) -> Result<()> {
    let scores: Vec<(&str, Vec<Option<f64>>)> =
        SCORES.iter().filter_map(|score| Some((*score, columns.read(score)?))).collect();
    if scores.is_empty() {
        return Ok(());
    }
    let shapes: Vec<_> = study.neighbourhoods.iter().map(|place| place.shape.clone()).collect();
    let neighbours = contiguity(&shapes, Contiguity::Queen, Some(Metres::new(SNAP_M)?))?.row_standardised();
    for (score, values) in scores {
        let found = local_moran(&values, &neighbours, Some(Permutations::new(PERMUTATIONS, SEED)), progress)?;
        let p: Vec<Option<f64>> = found.iter().map(|place| Some((*place)?.tails?.p_two_sided())).collect();
        let class = found.iter().zip(benjamini_hochberg(&p)).map(|(place, p)| {
            let is_cluster = p? <= FALSE_DISCOVERIES;
            Some(if is_cluster { (*place)?.quadrant.name() } else { NO_CLUSTER }.to_owned())
        });
        columns.text(format!("{score}_cluster"), class.collect());
    }
    Ok(())
}
