//! An index as a table, and as JSON for a page that computes it again under other weights.

use super::definition::AggregateMethod;
use super::index::Index;
use super::plan::Child;
use super::uncertainty::Uncertainty;
use crate::{Error, ErrorKind, Result};
use polars::prelude::{Column, DataFrame, NamedFrom, Series};
use serde_json::{Value, json};

impl Index {
    /// One row per place, in the order of the table: `id`, `name`, `status`, `coverage`, `score`, with `uncertainty` the
    /// rank interval (`rank_low`, `rank_high`, `rank_median`, `probability_bottom_fifth`) before the `rank`, then
    /// `percentile`, `strongest`, `weakest`, `would_lift_most` and its `lift`, each pillar's score and its percentile (`part_…`,
    /// `percentile_…`), each
    /// indicator on the common scale (`scaled_…`) and its contribution (`adds_…`), and the `objections`.
    ///
    /// # Errors
    /// [`ErrorKind::Column`] if two columns would have one name.
    pub fn to_table(&self, uncertainty: Option<&Uncertainty>) -> Result<DataFrame> {
        let mut columns: Vec<Column> = Vec::new();
        let numbers = |name: &str, values: Vec<Option<f64>>| Series::new(name.into(), values).into();
        let texts =
            |name: &str, values: Vec<Option<String>>| -> Column { Series::new(name.into(), values).into() };
        let counts =
            |name: &str, values: Vec<Option<u32>>| -> Column { Series::new(name.into(), values).into() };
        columns.push(texts("id", self.data.ids.iter().cloned().map(Some).collect()));
        columns.push(texts("name", self.data.labels.iter().cloned().map(Some).collect()));
        columns.push(texts(
            "status",
            self.status().into_iter().map(|status| Some(status.words().to_owned())).collect(),
        ));
        columns.push(numbers("coverage", self.coverage()));
        columns.push(numbers("score", self.scores()));
        if let Some(uncertainty) = uncertainty {
            columns.push(counts("rank_low", uncertainty.rank_low.clone()));
            columns.push(counts("rank_high", uncertainty.rank_high.clone()));
            columns.push(numbers("rank_median", uncertainty.rank_median.clone()));
            columns.push(numbers("probability_bottom_fifth", uncertainty.probability_bottom_fifth.clone()));
        }
        columns.push(counts("rank", self.ranks()));
        columns.push(numbers("percentile", self.percentiles()));
        let (strongest, weakest): (Vec<_>, Vec<_>) = self.strongest_and_weakest().into_iter().unzip();
        let owned =
            |names: Vec<Option<&str>>| names.into_iter().map(|name| name.map(str::to_owned)).collect();
        columns.push(texts("strongest", owned(strongest)));
        columns.push(texts("weakest", owned(weakest)));
        let (lifts, gains): (Vec<_>, Vec<_>) =
            self.would_lift_most().into_iter().map(|lift| (lift.map(|l| l.0), lift.map(|l| l.1))).unzip();
        columns.push(texts("would_lift_most", owned(lifts)));
        columns.push(numbers("lift", gains));
        let parts = self.parts();
        for part in &parts[..parts.len() - 1] {
            columns.push(numbers(&format!("part_{}", part.name), part.scores.clone()));
            columns.push(numbers(&format!("percentile_{}", part.name), part.percentiles.clone()));
        }
        for (name, values) in self.indicators().iter().zip(self.normalised()) {
            columns.push(numbers(&format!("scaled_{name}"), values));
        }
        for (name, values) in self.indicators().iter().zip(self.contributions().unwrap_or_default()) {
            columns.push(numbers(&format!("adds_{name}"), values));
        }
        if !self.objections.is_empty() {
            columns
                .push(texts("objections", self.data.ids.iter().map(|id| self.objections_to(id)).collect()));
        }
        DataFrame::new(self.data.ids.len(), columns)
            .map_err(|error| Error::new(ErrorKind::Column, format!("columns of the index clash: {error}")))
    }

    /// Objections to a place in one line; `None` if there are none.
    #[must_use]
    pub fn objections_to(&self, id: &str) -> Option<String> {
        let own = self.objections.iter().filter(|objection| objection.place == id);
        let lines: Vec<String> = own
            .map(|objection| {
                let by = if objection.decided_by.is_empty() { "" } else { " by " };
                format!("{} ({}{by}{})", objection.statement, objection.status.words(), objection.decided_by)
            })
            .collect();
        (!lines.is_empty()).then(|| lines.join("; "))
    }

    /// Everything that a page needs to compute the index under other weights:
    ///
    /// - `name`, `better` (`high` or `low`), `threshold` (share of weight that must be known), `floor`, `round`
    ///   (decimals of a part's score, halves away from 0; null if it is not rounded);
    /// - `definition`: the definition as TOML;
    /// - `places`: `id`, `name`, `status` of each;
    /// - `indicators`: `name`, `column`, `direction`, `unit` and `normalised`, one number or null a place;
    /// - `parts`, children before parents, the last being the index: `name`, `aggregate`, `power`, and `made_of`, each with
    ///   `kind` (`indicator` or `part`), `position` in its list and `weight`; and `scores` as computed here;
    /// - `reference`: `normalised` by indicator and `score` of the mean place, and `contributions` by indicator and place,
    ///   which sum to the distance from it; both absent for an index by comparison of places;
    /// - `scores`, `ranks`, `coverage` of the index; with `uncertainty` also `rank_low`, `rank_high`, `rank_median` and
    ///   `probability_bottom_fifth`; `objections`.
    ///
    /// A part's score at a place: take its known parts with their weights; null if their weight is less than
    /// `threshold` of all. `arithmetic` Σwx/Σw; `geometric` exp(Σw ln max(x, floor)/Σw); `harmonic`
    /// Σw/Σ(w/max(x, floor)); `generalised` (Σw max(x, floor)^power/Σw)^(1/power), geometric at power 0; `sum` Σwx
    /// times all weight over the known; `copeland` and `copeland_majority` compare places pair by pair.
    #[must_use]
    pub fn to_json(&self, uncertainty: Option<&Uncertainty>) -> Value {
        let status = self.status();
        let places: Vec<Value> = (0..self.data.ids.len())
            .map(|row| {
                json!({ "id": self.data.ids[row], "name": self.data.labels[row], "status": status[row] })
            })
            .collect();
        let indicators: Vec<Value> = self
            .definition
            .counted()
            .zip(self.normalised())
            .map(|(indicator, normalised)| {
                json!({ "name": indicator.name(), "column": indicator.column, "direction": indicator.direction,
                    "unit": indicator.unit, "normalised": normalised })
            })
            .collect();
        let parts: Vec<Value> = self
            .plan
            .parts
            .iter()
            .zip(self.parts())
            .map(|(part, found)| {
                let made_of: Vec<Value> = part
                    .children
                    .iter()
                    .zip(&found.weights)
                    .map(|(child, weight)| {
                        let (kind, position) = match *child {
                            Child::Indicator(index) => ("indicator", index),
                            Child::Part(index) => ("part", index),
                        };
                        json!({ "kind": kind, "position": position, "weight": weight })
                    })
                    .collect();
                let aggregate: AggregateMethod = part.method;
                json!({ "name": part.name, "aggregate": aggregate, "power": part.power, "made_of": made_of, "scores": found.scores })
            })
            .collect();
        let mut page = json!({
            "name": self.definition.name,
            "better": self.definition.better,
            "threshold": self.plan.threshold,
            "floor": self.plan.floor,
            "round": self.plan.round,
            "definition": self.definition.to_toml().unwrap_or_default(),
            "places": places,
            "indicators": indicators,
            "parts": parts,
            "scores": self.scores(),
            "ranks": self.ranks(),
            "coverage": self.coverage(),
            "objections": self.objections,
        });
        if let Ok(breakdown) = &self.breakdown {
            page["reference"] =
                json!({ "normalised": breakdown.reference, "score": breakdown.reference_score });
            page["contributions"] = json!(self.contributions().unwrap_or_default());
        }
        if let Some(uncertainty) = uncertainty {
            page["rank_low"] = json!(uncertainty.rank_low);
            page["rank_high"] = json!(uncertainty.rank_high);
            page["rank_median"] = json!(uncertainty.rank_median);
            page["probability_bottom_fifth"] = json!(uncertainty.probability_bottom_fifth);
        }
        page
    }
}
