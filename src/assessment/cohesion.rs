//! Cohesion conditions of every neighbourhood by the preset of five essentials.

use crate::model::{FeatureTable, Weight};
use crate::scores::cohesion::{Index, Uncertainty, preset};
use crate::scores::service_isolation::LACKING_AT_LEAST;
use crate::{Error, ErrorKind, Progress, Result};
use polars::prelude::{NamedFrom, Series};

/// The index and the ranges of its ranks.
#[derive(Debug, Clone)]
pub struct CohesionConditions {
    /// The index over the neighbourhoods.
    pub index: Index,
    /// How firm its ranks are.
    pub uncertainty: Uncertainty,
}

/// Adds to the table of neighbourhoods `cohesion_conditions` (0 to 100), the range of its rank `cohesion_rank_low` to
/// `cohesion_rank_high` and then its `cohesion_rank` (1 is best), `cohesion_weakest` and `cohesion_coverage`.
///
/// Where fewer than three of the essentials have values, the reason goes to `not_assessed`.
///
/// # Errors
/// [`ErrorKind::Cancelled`] if `progress` asks to stop; [`ErrorKind::Column`] if the study has such columns already.
pub(super) fn five_essentials(
    neighbourhoods: &mut FeatureTable,
    weight: Weight,
    not_assessed: &mut Vec<(String, String)>,
    progress: &dyn Progress,
) -> Result<Option<CohesionConditions>> {
    let table = &neighbourhoods.attributes;
    let has_values =
        |column: &str| table.column(column).is_ok_and(|column| column.null_count() < column.len());
    let index =
        preset("five_essentials", has_values, LACKING_AT_LEAST + 1).and_then(|(mut definition, _)| {
            if !weight.counts_people() {
                // A minimum of people says nothing about floor area or counts of homes.
                definition.population = None;
            }
            Index::new(&definition, table)
        });
    let index = match index {
        Ok(index) => index,
        Err(error) => {
            not_assessed.push(("cohesion conditions".into(), error.message().to_owned()));
            return Ok(None);
        }
    };
    let uncertainty = index.uncertainty(progress)?;
    let weakest = index.strongest_and_weakest().into_iter().map(|(_, weakest)| weakest.map(str::to_owned));
    let weakest: Vec<Option<String>> = weakest.collect();
    let columns = [
        Series::new("cohesion_conditions".into(), index.scores()),
        Series::new("cohesion_rank_low".into(), &uncertainty.rank_low),
        Series::new("cohesion_rank_high".into(), &uncertainty.rank_high),
        Series::new("cohesion_rank".into(), index.ranks()),
        Series::new("cohesion_weakest".into(), weakest),
        Series::new("cohesion_coverage".into(), index.coverage()),
    ];
    for column in columns {
        let name = column.name().to_string();
        neighbourhoods
            .attributes
            .with_column(column.into())
            .map_err(|error| Error::new(ErrorKind::Column, error.to_string()).in_column(name))?;
    }
    Ok(Some(CohesionConditions { index, uncertainty }))
}
