//! Where neighbourhoods with much of a score, or with little, lie beside each other.

use super::{service_isolation, surroundings};
use crate::measure::prelude::*;
use crate::spatial::autocorrelation::{Permutations, benjamini_hochberg, local_moran};

/// Clusters of two scores.
pub(crate) static CLUSTERS: Measure = Measure {
    name: "clusters",
    title: "clusters",
    needs: &[Need::Measure("service_isolation"), Need::Measure("surroundings")],
    method: "Local Moran of service isolation and of residential isolation within a walk, with 9,999 conditional permutations and \
             false discoveries held at 5 %.",
    source: "Anselin (1995); Benjamini & Hochberg (1995)",
    columns: &[&CLUSTER],
    run,
};

static CLUSTER: ColumnSpec = ColumnSpec::words("{of}_cluster", Theme::Isolation)
    .label("Clusters: {of}")
    .means(
        "High among high: much of {of} here and in the neighbourhoods around, more than chance would put beside each other; low \
         among low likewise. One in twenty such classes may be chance.",
    )
    .does_not_mean("A cluster is neither a cause nor a judgement, and its border is that of the neighbourhoods.");

/// Enough for the share of false discoveries among a thousand neighbourhoods.
const PERMUTATIONS: usize = 9_999;
/// The same study gives the same clusters.
const SEED: u64 = 1;
/// Share of false discoveries among the clusters.
const FALSE_DISCOVERIES: f64 = 0.05;
/// Said where a neighbourhood is not unusually like or unlike those around it.
const NO_CLUSTER: &str = "no cluster";

/// No class where a neighbourhood has no value, no neighbour, or all have the same value.
fn run(context: &Context<'_>) -> Result<Outcome> {
    let mut found = Outcome::default();
    let scores = [
        (&service_isolation::ISOLATION, Subject::NONE, "service_isolation"),
        (&surroundings::ISOLATION, surroundings::near(), "residential_isolation_15_min"),
    ];
    for (column, subject, name) in scores {
        let Some(values) = context.earlier(column, &subject) else { continue };
        let neighbours = context.neighbours()?.clone().row_standardised();
        let permutations = Some(Permutations::new(PERMUTATIONS, SEED));
        let moran = local_moran(values, &neighbours, permutations, context.progress)?;
        let p: Vec<Option<f64>> = moran.iter().map(|place| Some((*place)?.tails?.p_two_sided())).collect();
        let class = moran.iter().zip(benjamini_hochberg(&p)).map(|(place, p)| {
            let is_cluster = p? <= FALSE_DISCOVERIES;
            Some(if is_cluster { (*place)?.quadrant.name() } else { NO_CLUSTER }.to_owned())
        });
        found.neighbourhood(&CLUSTER, Subject::of(Of::Column(name)), class.collect::<Vec<_>>());
    }
    Ok(found)
}
