//! A whole index over a table of places.

use super::audit::{Audit, audit, weights_in_index};
use super::contributions::{Breakdown, breakdown};
use super::data::{Data, Status};
use super::definition::{Better, Definition};
use super::evaluate::{Evaluated, Fitted, Reference, aggregate, evaluate};
use super::objections::{Objection, check_places};
use super::plan::Plan;
use super::ranks::{Ranking, percentiles};
use super::sobol::Sensitivity;
use super::treatment::Treatment;
use super::uncertainty::{Factor, Uncertainty, Varied};
use crate::{Error, ErrorKind, Progress, Quiet, Result};
use polars::prelude::DataFrame;

/// An index over places: scores with what they are made of. All lists by place are in the order of the table, with
/// `None` where a place has no score; [`Index::status`] says why.
#[derive(Debug, Clone)]
pub struct Index {
    pub(super) definition: Definition,
    pub(super) plan: Plan,
    pub(super) data: Data,
    pub(super) found: Evaluated,
    pub(super) breakdown: Result<Breakdown, String>,
    pub(super) objections: Vec<Objection>,
    /// The table, to compute it again under other choices.
    pub(super) table: DataFrame,
    fixed: Option<Vec<Fitted>>,
}

/// A pillar, or the index itself (the last of [`Index::parts`]).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PartScores {
    /// Its name.
    pub name: String,
    /// What it is made of, by name.
    pub made_of: Vec<String>,
    /// Their weights, as they count (a mean divides by their sum).
    pub weights: Vec<f64>,
    /// Its score by place.
    pub scores: Vec<Option<f64>>,
    /// (rank − 1)/(n − 1) of its score from the lowest; ties get the lowest of their ranks.
    pub percentiles: Vec<Option<f64>>,
}

impl Index {
    /// Computes an index.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if the definition does not hold together, [`ErrorKind::Column`] or
    /// [`ErrorKind::Value`] if the table does not fit it, [`ErrorKind::Study`] if no place can be scored.
    ///
    /// # Example
    /// ```
    /// use commonground::scores::cohesion::{Definition, Index};
    /// use polars::df;
    /// let table = df!("id" => ["north", "south"], "minutes" => [5.0, 25.0], "shops" => [4.0, 4.0])?;
    /// let definition = Definition::from_toml(r#"
    ///     name = "Everyday life"
    ///     [normalise]
    ///     method = "goalposts"
    ///     [[indicators]]
    ///     column = "minutes"
    ///     direction = "down"
    ///     goalposts = [0, 50]
    ///     [[indicators]]
    ///     column = "shops"
    ///     direction = "up"
    ///     goalposts = [0, 5]
    /// "#)?;
    /// let index = Index::new(&definition, &table)?;
    /// // North: (0.9 + 0.8)/2, south: (0.5 + 0.8)/2.
    /// let scores: Vec<String> = index.scores().iter().map(|s| format!("{:.2}", s.unwrap())).collect();
    /// assert_eq!(scores, ["0.85", "0.65"]);
    /// assert_eq!(index.ranks(), [Some(1), Some(2)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(definition: &Definition, table: &DataFrame) -> Result<Self> {
        Self::watched(definition, table, None, &Quiet)
    }

    /// As [`Index::new`], with treatment and scales found on another table, such as a base year: scores of both are
    /// then comparable.
    ///
    /// # Errors
    /// As for [`Index::new`], of either table.
    pub fn against(definition: &Definition, table: &DataFrame, reference: &DataFrame) -> Result<Self> {
        Self::watched(definition, table, Some(reference), &Quiet)
    }

    /// As [`Index::new`], or [`Index::against`] a reference; a comparison of many places pair by pair can be stopped.
    ///
    /// # Errors
    /// As for [`Index::new`]; [`crate::ErrorKind::Cancelled`] if `progress` asks to stop.
    pub fn watched(
        definition: &Definition,
        table: &DataFrame,
        reference: Option<&DataFrame>,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let base = reference.map(|table| Self::build(definition, table, None, progress)).transpose()?;
        Self::build(definition, table, base.map(|base| base.found.fitted), progress)
    }

    fn build(
        definition: &Definition,
        table: &DataFrame,
        fixed: Option<Vec<Fitted>>,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let plan = Plan::new(definition)?;
        let data = Data::read(definition, table)?;
        let reference = fixed.as_deref().map_or(Reference::Here, Reference::Found);
        let found = evaluate(&plan, &data.values, data.groups.as_deref(), reference, None, progress)?;
        let breakdown = breakdown(&plan, &found);
        let definition = definition.clone();
        Ok(Self {
            definition,
            plan,
            data,
            found,
            breakdown,
            objections: Vec::new(),
            table: table.clone(),
            fixed,
        })
    }

    /// The same table under another definition.
    pub(super) fn with(&self, definition: &Definition) -> Result<Self> {
        Self::new(definition, &self.table)
    }

    /// Adds what residents say against scores.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] for an objection to a place that is not in the table.
    pub fn with_objections(mut self, objections: Vec<Objection>) -> Result<Self> {
        check_places(&objections, &self.data.ids)?;
        self.objections = objections;
        Ok(self)
    }

    /// The definition.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// What residents say against scores.
    #[must_use]
    pub fn objections(&self) -> &[Objection] {
        &self.objections
    }

    /// Ids of the places.
    #[must_use]
    pub fn ids(&self) -> &[String] {
        &self.data.ids
    }

    /// Names of the places.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.data.labels
    }

    /// Whether each place has a score, or why not.
    #[must_use]
    pub fn status(&self) -> Vec<Status> {
        let status = self.data.status.iter().zip(self.scores());
        status
            .map(|(status, score)| match status {
                Status::Scored if score.is_none() => Status::TooLittleData,
                other => *other,
            })
            .collect()
    }

    /// Names of the indicators that count.
    #[must_use]
    pub fn indicators(&self) -> Vec<&str> {
        self.plan.measures.iter().map(|measure| measure.name.as_str()).collect()
    }

    /// What was done to the outliers of each indicator.
    #[must_use]
    pub fn treatments(&self) -> Vec<Treatment> {
        self.found.fitted.iter().map(|fitted| fitted.treatment).collect()
    }

    /// Values on the common scale, high for better parts of the index, by indicator and then by place.
    #[must_use]
    pub fn normalised(&self) -> Vec<Vec<Option<f64>>> {
        self.found.normalised.iter().map(|column| self.spread(column)).collect()
    }

    /// Pillars, children before parents, and last the index itself.
    #[must_use]
    pub fn parts(&self) -> Vec<PartScores> {
        let parts = self.plan.parts.iter().zip(&self.found.weights).zip(&self.found.scores);
        parts
            .map(|((part, weights), scores)| PartScores {
                name: part.name.clone(),
                made_of: part.children.iter().map(|&child| self.plan.name_of(child).to_owned()).collect(),
                weights: weights.clone(),
                scores: self.spread(scores),
                percentiles: percentiles(&self.spread(scores)),
            })
            .collect()
    }

    /// The index by place.
    #[must_use]
    pub fn scores(&self) -> Vec<Option<f64>> {
        self.spread(self.found.index())
    }

    /// Ranks from 1 for the better end; equal places share the best of their ranks. A rank alone says too much: show
    /// [`Index::uncertainty`] with it.
    #[must_use]
    pub fn ranks(&self) -> Vec<Option<u32>> {
        Ranking(self.definition.better).ranks(&self.scores())
    }

    /// (rank − 1)/(n − 1) of the index from its lowest value; ties get the lowest of their ranks.
    #[must_use]
    pub fn percentiles(&self) -> Vec<Option<f64>> {
        percentiles(&self.scores())
    }

    /// Share of the weight of the index that is known, 0 to 1, filled values included; `None` for places set aside.
    #[must_use]
    pub fn coverage(&self) -> Vec<Option<f64>> {
        self.spread(&self.found.coverage.iter().copied().map(Some).collect::<Vec<_>>())
    }

    /// Each indicator's share of the weight of the index.
    #[must_use]
    pub fn weights(&self) -> Vec<f64> {
        weights_in_index(&self.plan, &self.found.weights)
    }

    /// The index of the place of reference, whose every indicator is the mean of all places on the common scale.
    ///
    /// # Errors
    /// [`ErrorKind::Study`] for an index by comparison of places, which has no shares.
    pub fn reference_score(&self) -> Result<f64> {
        Ok(self.known_breakdown()?.reference_score)
    }

    /// What each indicator adds to a place's distance from the place of reference, by indicator and then by place; the
    /// sum over indicators is the distance. A missing indicator counts as what the others say of its part.
    ///
    /// # Errors
    /// As for [`Index::reference_score`].
    pub fn contributions(&self) -> Result<Vec<Vec<Option<f64>>>> {
        Ok(self.known_breakdown()?.contributions.iter().map(|column| self.spread(column)).collect())
    }

    /// ∂I/∂x: by how much the index rises for one point of an indicator on the common scale, by indicator and then by
    /// place; `None` where the indicator is missing.
    ///
    /// # Errors
    /// As for [`Index::reference_score`].
    pub fn slopes(&self) -> Result<Vec<Vec<Option<f64>>>> {
        Ok(self.known_breakdown()?.slopes.iter().map(|column| self.spread(column)).collect())
    }

    fn known_breakdown(&self) -> Result<&Breakdown> {
        self.breakdown
            .as_ref()
            .map_err(|reason| Error::new(ErrorKind::Study, reason.clone()).in_layer("index"))
    }

    /// By place, the indicator that lifts it most above the place of reference, and the one that pulls it most below;
    /// `None` where nothing does.
    #[must_use]
    pub fn strongest_and_weakest(&self) -> Vec<(Option<&str>, Option<&str>)> {
        // Without shares, the distances on the common scale tell.
        let distances = match &self.breakdown {
            Ok(breakdown) => breakdown.contributions.clone(),
            Err(_) => self.distances(),
        };
        let of_place = |place: usize| {
            let known = || {
                let values = distances.iter().enumerate();
                values.filter_map(move |(index, column)| Some((column[place]?, index)))
            };
            let strongest =
                known().filter(|(value, _)| *value > 0.0).reduce(|a, b| if b.0 > a.0 { b } else { a });
            let weakest =
                known().filter(|(value, _)| *value < 0.0).reduce(|a, b| if b.0 < a.0 { b } else { a });
            let name =
                |found: Option<(f64, usize)>| found.map(|(_, index)| self.plan.measures[index].name.as_str());
            (name(strongest), name(weakest))
        };
        self.spread_with(|place| self.found.index()[place].is_some().then(|| of_place(place)))
            .into_iter()
            .map(Option::unwrap_or_default)
            .collect()
    }

    fn distances(&self) -> Vec<Vec<Option<f64>>> {
        let column = |column: &Vec<Option<f64>>| {
            let middle = super::statistics::mean(&super::statistics::known(column));
            column.iter().map(|value| value.map(|value| value - middle)).collect()
        };
        self.found.normalised.iter().map(column).collect()
    }

    /// By place, the indicator that would change the index most for the better if it came to the level of the best
    /// place, and by how much; `None` where everything is at its best, or for an index by comparison of places.
    #[must_use]
    pub fn would_lift_most(&self) -> Vec<Option<(&str, f64)>> {
        let gains: Vec<Vec<Option<f64>>> = match &self.breakdown {
            Ok(_) => (0..self.plan.measures.len()).map(|indicator| self.gains(indicator)).collect(),
            Err(_) => Vec::new(),
        };
        self.spread_with(|place| {
            let known = gains.iter().enumerate().filter_map(|(index, column)| Some((column[place]?, index)));
            let (gain, index) = known
                .filter(|(gain, _)| *gain != 0.0)
                .reduce(|a, b| if b.0.abs() > a.0.abs() { b } else { a })?;
            Some((self.plan.measures[index].name.as_str(), gain))
        })
    }

    /// What each place would gain if one of its known indicators came to the level of the best place.
    fn gains(&self, indicator: usize) -> Vec<Option<f64>> {
        let known = self.found.normalised[indicator].iter().flatten().copied();
        let best = match self.definition.better {
            Better::High => known.fold(f64::NEG_INFINITY, f64::max),
            Better::Low => known.fold(f64::INFINITY, f64::min),
        };
        let mut raised = self.found.normalised.clone();
        raised[indicator].iter_mut().flatten().for_each(|value| *value = best);
        let raised =
            aggregate(&self.plan, self.found.fitted.clone(), raised, Some(&self.found.weights), &Quiet);
        let before = self.found.index().iter();
        match raised {
            Ok(raised) => {
                before.zip(raised.index()).map(|(before, after)| Some((*after)? - (*before)?)).collect()
            }
            // What could be aggregated below the best can be at the best.
            Err(_) => vec![None; before.len()],
        }
    }

    /// Correlations, double counting, and what the weights really do.
    #[must_use]
    pub fn audit(&self) -> Audit {
        audit(&self.plan, &self.found)
    }

    /// Rank intervals, from as many draws as the definition says.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] for a variation that does not fit; [`ErrorKind::Cancelled`] if `progress` asks to stop.
    pub fn uncertainty(&self, progress: &dyn Progress) -> Result<Uncertainty> {
        let base = Ranking(self.definition.better).ranks(self.found.index());
        let mut found = self.varied(&base)?.uncertainty(progress)?;
        found.rank_low = self.spread(&found.rank_low);
        found.rank_high = self.spread(&found.rank_high);
        found.rank_median = self.spread(&found.rank_median);
        found.probability_bottom_fifth = self.spread(&found.probability_bottom_fifth);
        Ok(found)
    }

    /// Which choice the ranks depend on: first-order and total share of the variance of the mean absolute rank shift.
    ///
    /// # Errors
    /// As for [`Index::uncertainty`].
    pub fn sensitivity(&self, progress: &dyn Progress) -> Result<Vec<(Factor, Sensitivity)>> {
        let base = Ranking(self.definition.better).ranks(self.found.index());
        self.varied(&base)?.sensitivity(progress)
    }

    fn varied<'a>(&'a self, base: &'a [Option<u32>]) -> Result<Varied<'a>> {
        let ranking = Ranking(self.definition.better);
        let variation = &self.definition.uncertainty;
        Varied::new(&self.plan, &self.data, &self.found.weights, (ranking, base), variation)
    }

    /// With the indicators about race and without them, where there are any: the two scores by place, in this order.
    ///
    /// # Errors
    /// As for [`Index::new`].
    pub fn with_and_without_race(&self) -> Result<Option<[Vec<Option<f64>>; 2]>> {
        if !self.definition.indicators.iter().any(|indicator| indicator.race) {
            return Ok(None);
        }
        let scores = |include_race: bool| {
            let definition = Definition { include_race, ..self.definition.clone() };
            self.with(&definition).map(|index| index.scores())
        };
        Ok(Some([scores(true)?, scores(false)?]))
    }

    /// Whether scales were found on another table.
    #[must_use]
    pub fn has_fixed_reference(&self) -> bool {
        self.fixed.is_some()
    }

    /// Values of the scored places, at their rows in the table.
    pub(super) fn spread<T: Clone>(&self, scored: &[Option<T>]) -> Vec<Option<T>> {
        self.spread_with(|place| scored[place].clone())
    }

    fn spread_with<T: Clone>(&self, value: impl Fn(usize) -> Option<T>) -> Vec<Option<T>> {
        let mut spread = vec![None; self.data.ids.len()];
        for (place, &row) in self.data.rows.iter().enumerate() {
            spread[row] = value(place);
        }
        spread
    }
}
