//! What changes between the dates of a study: every definition that its data supports, how far they agree, the risk that
//! looks forward, and how sure each class is.

mod columns;

pub(crate) use columns::{AGREEMENT, DEFINITIONS, DISPLACEMENT_RISK, known as known_column};

use self::columns as specs;
use super::population::{ID, NAME};
use crate::measure::prelude::*;
use crate::measure::{DefinitionFound, Table, neighbours};
use crate::model::{Findings, IndicatorYear, Panel, check_years, known_indicators as known};
use crate::scores::gentrification::{
    Agreement, Class, Classified, Definition, Draws, PUBLISHED, Probabilities, Reference, classify, published,
};

/// Published definitions over the dates of a study.
pub(crate) static GENTRIFICATION: Measure = Measure {
    name: "gentrification",
    title: "gentrification",
    needs: &[],
    method: "Published definitions as rule tables; medians over the neighbourhoods of the study; an unknown value makes the answer \
             unknown only where it would change the result, and a definition that does not apply is left out of the count. \
             Displacement risk: root of vulnerability times pressure of the market, each a mean of ranks within the study.",
    source: "named with each definition",
    columns: specs::ALL,
    run,
};

/// The published form counts missing values as numbers; of it, the repaired one speaks.
const REPEATED: &str = "udp_2018_compat";
/// The continuous score; it is left out of the count among the definitions.
const RISK: &str = "risk";
/// The definition whose conditions stand in columns of their own.
const FREEMAN: &str = "freeman";
/// Draws behind the probability of a class.
const DRAWS: usize = 1000;
/// The same study gives the same draws.
const SEED: u64 = 1;
/// Columns of the last date that stand beside the scores, where the study gives them and no score has them.
const LAST_DATE: [&str; 4] =
    [known::POPULATION, known::HOUSEHOLDS, known::MEDIAN_RENT, known::MEDIAN_HOME_VALUE];

/// Definitions over the dates of a study.
#[derive(Debug, Clone)]
pub struct Change {
    /// The definitions, computed together.
    pub classified: Classified,
    /// How sure each class is, a definition each; `None` where no number has a margin of error.
    pub probabilities: Option<Vec<Probabilities>>,
    /// What the last date says of the neighbourhoods.
    last: IndicatorYear,
    /// Whether any date says which neighbourhoods are in the central city.
    knows_central_city: bool,
}

/// Change as a table of its own.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ChangeTable {
    /// The definitions over the neighbourhoods, in the order of the study.
    pub change: Change,
    /// One row per neighbourhood; shapes in the study's metric system.
    pub table: Table,
    /// Definitions that the indicators cannot support, each with the reason.
    pub not_assessed: Vec<(String, String)>,
    /// What was read as missing, assumed, and computed from too little.
    pub findings: Findings,
}

/// What changes between the dates of a study.
///
/// - `definitions`: those that are named must be supported by the indicators; by default every published one that is.
/// - `years`: which to compare; by default all that have incomes.
/// - `draws`: for the probability of each class, where numbers have margins of error.
///
/// # Errors
/// [`ErrorKind::Study`] if the study has no two dates with what is asked for; [`ErrorKind::Parameter`] for a year that it does
/// not have; those of
/// [`classify`] for definitions that are named; [`ErrorKind::Cancelled`].
pub fn change(
    study: &StudyArea,
    definitions: Option<&[Definition]>,
    years: Option<&[i32]>,
    draws: Option<Draws>,
    progress: &dyn Progress,
) -> Result<ChangeTable> {
    let (mut not_assessed, mut findings) = (Vec::new(), Findings::default());
    if let (Some(years), false) = (years, study.indicators.is_empty()) {
        check_years(years, &study.indicators.iter().map(|one| one.year).collect::<Vec<_>>())
            .map_err(|error| error.in_layer("indicators"))?;
    }
    let indicators = match years {
        Some(years) => study.indicators.iter().filter(|one| years.contains(&one.year)).cloned().collect(),
        None => with_incomes(&study.indicators),
    };
    let (panel, last) = panel(study, &indicators, &mut findings)?;
    let years = years.map_or_else(|| panel.years(), <[i32]>::to_vec);
    let supported = match definitions {
        Some(named) => named
            .iter()
            .map(|definition| Ok((definition.clone(), supported_years(definition, &panel, &years)?)))
            .collect::<Result<_>>()?,
        None => supported(&panel, &years, &mut not_assessed)?,
    };
    if supported.is_empty() {
        let reasons: Vec<String> = not_assessed.iter().map(|(name, why)| format!("{name}: {why}")).collect();
        let error = Error::new(ErrorKind::Study, "the indicators support no definition of gentrification");
        return Err(error.hint(reasons.join("; ")));
    }
    let change = Change::of(&panel, &supported, draws, last, progress)?;
    findings.append(change.classified.findings.clone());
    let mut columns = Columns::default();
    columns.add(&ID, study.neighbourhoods.iter().map(|place| Some(place.id.clone())).collect::<Vec<_>>());
    columns.add(&NAME, study.neighbourhoods.iter().map(|place| Some(place.name.clone())).collect::<Vec<_>>());
    change.add_columns(&mut columns);
    let shapes = study.neighbourhoods.iter().map(|place| place.shape.clone().into()).collect();
    let cells = columns.of_measure(GENTRIFICATION.name);
    let table = cells.into_table(study.homes.weight, Some(shapes), &study.crs)?;
    Ok(ChangeTable { change, table, not_assessed, findings })
}

/// Change as part of an assessment: what the indicators cannot support is not assessed, with its reason.
fn run(context: &Context<'_>) -> Result<Outcome> {
    let study = context.study;
    let mut found = Outcome::default();
    let (panel, last) = match panel(study, &with_incomes(&study.indicators), &mut found.notes) {
        Ok(read) => read,
        Err(error) => {
            found.refuse(GENTRIFICATION.title, error.message());
            return Ok(found);
        }
    };
    let supported = supported(&panel, &panel.years(), &mut found.not_assessed)?;
    if supported.is_empty() {
        return Ok(found);
    }
    let draws = Draws { count: DRAWS, seed: SEED, ..Draws::default() };
    let change = Change::of(&panel, &supported, Some(draws), last, context.progress)?;
    found.notes.append(change.classified.findings.clone());
    change.add_columns(&mut found.neighbourhoods);
    found.details.push(Detail::Change(change.definitions()));
    Ok(found)
}

impl Change {
    fn of(
        panel: &Panel,
        supported: &[(Definition, Vec<i32>)],
        draws: Option<Draws>,
        last: IndicatorYear,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let asked: Vec<_> = supported.iter().map(|(one, years)| (one, years.clone())).collect();
        let classified = classify(panel, &asked, &Reference::default())?;
        let draws = draws.filter(|_| classified.has_margins());
        let probabilities = draws.map(|draws| classified.probabilities(draws, progress)).transpose()?;
        let knows_central_city = panel.columns().any(|(name, ..)| name == known::CENTRAL_CITY);
        Ok(Self { classified, probabilities, last, knows_central_city })
    }

    /// The definitions that say who gentrifies, by position.
    fn votes(&self) -> impl Iterator<Item = (usize, &Definition)> {
        self.classified.definitions().iter().enumerate().filter(|(_, definition)| definition.name != RISK)
    }

    /// What is said about each definition.
    #[must_use]
    pub fn definitions(&self) -> Vec<DefinitionFound> {
        let agreement = self.classified.agreement();
        let of = |(index, definition): (usize, &Definition)| DefinitionFound {
            name: definition.name.clone(),
            title: definition.title.clone(),
            source: definition.source.clone(),
            years: self.classified.years(index).to_vec(),
            applicable: agreement.iter().filter(|one| one.applicable.contains(&index)).count(),
            flagged: agreement.iter().filter(|one| one.flagged_by.contains(&index)).count(),
            not_robust: self.probabilities.as_ref().map(|sure| {
                (0..self.classified.ids().len()).filter(|row| !sure[index].is_robust(*row)).count()
            }),
            thresholds: self.classified.thresholds(index),
        };
        self.votes().map(of).collect()
    }

    /// Columns: the class by every definition with Freeman's conditions, agreement, reasons and how sure; then the risk
    /// with its parts, and what these are made of.
    fn add_columns(&self, columns: &mut Columns) {
        for (index, definition) in self.votes() {
            let subject = Subject::of(Of::Definition(definition.name.clone()));
            self.add_class(index, &specs::BY_DEFINITION, subject, columns);
            if definition.name == FREEMAN {
                let conditions = self.classified.conditions(index).into_iter();
                // Where the data does not say, the city is taken as central: an assumption, no finding about a place.
                for (condition, answers) in
                    conditions.filter(|(name, _)| *name != known::CENTRAL_CITY || self.knows_central_city)
                {
                    let subject = Subject::of(Of::Indicator(condition.to_owned()));
                    columns.add_of(&specs::CONDITION, subject, answers);
                }
            }
        }
        if self.votes().next().is_some() {
            self.add_agreement(columns);
        }
        for (index, definition) in self.votes() {
            for (name, values) in self.classified.scores(index) {
                let subject = Subject::of(Of::Indicator(format!("{}_{name}", definition.name)));
                columns.add_of(&specs::INDICATOR, subject, values);
            }
        }
        if let Some(risk) =
            self.classified.definitions().iter().position(|definition| definition.name == RISK)
        {
            // What the study gives no data for has no column.
            if self.classified.codes(risk).iter().any(Option::is_some) {
                self.add_class(risk, &specs::STAGE, Subject::NONE, columns);
            }
            let scores = self.classified.scores(risk).into_iter();
            for (name, values) in scores.filter(|(_, values)| values.iter().any(Option::is_some)) {
                let (column, subject) = specs::known(if name == RISK { "displacement_risk" } else { name });
                columns.add_of(column, subject, values);
            }
        }
        for name in LAST_DATE {
            if let Some(values) = self.last.column(name) {
                let (column, subject) = specs::known(name);
                columns.add_of(column, subject, values.to_vec());
            }
        }
    }

    /// The class by one definition and, where numbers have margins of error, how sure it is.
    fn add_class(&self, index: usize, family: &specs::Classes, subject: Subject, columns: &mut Columns) {
        let codes = self.classified.codes(index).into_iter();
        let codes = codes.map(|code| Some(code.unwrap_or("unknown").to_owned()));
        columns.add_of(family.class, subject.clone(), codes.collect::<Vec<_>>());
        let Some(sure) = self.probabilities.as_ref().map(|sure| &sure[index]) else { return };
        let rows = 0..self.classified.ids().len();
        if self.classified.definitions()[index].classes.iter().any(|class| class.flags) {
            let flagging: Vec<Class> =
                sure.classes.iter().copied().filter(|class| self.classified.flags(index, *class)).collect();
            let flagged = |row: usize| Some(flagging.iter().map(|class| sure.of(row, *class)).sum::<f64>());
            let flagged = rows.clone().map(flagged).collect::<Vec<_>>();
            columns.add_of(family.probability, subject.clone(), flagged);
        }
        let said = |row: usize| Some(self.probabilities_in_words(index, sure, row));
        columns.add_of(family.probabilities, subject.clone(), rows.clone().map(said).collect::<Vec<_>>());
        let robust = rows.map(|row| Some(sure.is_robust(row))).collect::<Vec<_>>();
        columns.add_of(family.robust, subject, robust);
    }

    fn add_agreement(&self, columns: &mut Columns) {
        let agreement = self.classified.agreement();
        columns.add(&specs::AGREEMENT, agreement.iter().map(Agreement::share).collect::<Vec<_>>());
        let applicable = agreement.iter().map(|one| Some(one.applicable.len() as u32));
        columns.add(&specs::DEFINITIONS, applicable.collect::<Vec<_>>());
        let flagged_by =
            agreement.iter().map(|one| (!one.flagged_by.is_empty()).then(|| self.titles(&one.flagged_by)));
        columns.add(&specs::FLAGGED_BY, flagged_by.collect::<Vec<_>>());
        let why = agreement.iter().enumerate().map(|(row, one)| Some(self.why(row, one)));
        columns.add(&specs::WHY, why.collect::<Vec<_>>());
    }

    fn titles(&self, definitions: &[usize]) -> String {
        let titles: Vec<&str> =
            definitions.iter().map(|index| &*self.classified.definitions()[*index].title).collect();
        titles.join("; ")
    }

    /// A sentence for each definition: those that say it gentrifies first, then the others that judge it, then those that
    /// cannot for lack of data; those that do not apply are named.
    fn why(&self, row: usize, agreement: &Agreement) -> String {
        let silent = agreement.applicable.iter().filter(|index| !agreement.flagged_by.contains(index));
        let others =
            self.votes().map(|(index, _)| index).filter(|index| !agreement.applicable.contains(index));
        let (unknown, passing): (Vec<usize>, Vec<usize>) =
            others.partition(|index| self.classified.classes(*index)[row] == Class::Unknown);
        let said = agreement.flagged_by.iter().chain(silent).chain(&unknown);
        let mut said: Vec<String> = said.map(|index| self.classified.reason(*index, row)).collect();
        if !passing.is_empty() {
            said.push(format!("Do not apply here: {}", self.titles(&passing)));
        }
        said.join(". ") + "."
    }

    /// "intense gentrification 62 %, moderate gentrification 38 %"; the likeliest first, what is rarer than 1 in 100 left
    /// out.
    #[must_use]
    pub fn probabilities_in_words(&self, definition: usize, sure: &Probabilities, row: usize) -> String {
        let code = |class: Class| self.classified.code(definition, class).unwrap_or("unknown");
        let shares = sure.classes.iter().map(|class| (sure.of(row, *class), code(*class)));
        let mut shares: Vec<(f64, &str)> = shares.filter(|(share, _)| *share >= 0.01).collect();
        shares.sort_by(|a, b| b.0.total_cmp(&a.0));
        let said: Vec<String> =
            shares.iter().map(|(share, code)| format!("{code} {:.0} %", 100.0 * share)).collect();
        said.join(", ")
    }
}

/// Safety or health may be counted in other years; change needs incomes.
fn with_incomes(indicators: &[IndicatorYear]) -> Vec<IndicatorYear> {
    let has_incomes = |year: &&IndicatorYear| year.column(known::MEDIAN_INCOME).is_some();
    let dated: Vec<IndicatorYear> = indicators.iter().filter(has_incomes).cloned().collect();
    if dated.is_empty() { indicators.to_vec() } else { dated }
}

/// The indicators of the dates as a panel that knows which neighbourhoods touch, and those of the last date.
fn panel(
    study: &StudyArea,
    indicators: &[IndicatorYear],
    findings: &mut Findings,
) -> Result<(Panel, IndicatorYear)> {
    let last = match indicators {
        [] => Err("the study has no indicators at two dates".to_owned()),
        [only] => Err(format!("there is one date only, {}", only.year)),
        [.., last] => Ok(last.clone()),
    };
    let last = last.map_err(|reason| Error::new(ErrorKind::Study, reason).in_layer("indicators"))?;
    let ids = study.neighbourhoods.iter().map(|place| place.id.clone()).collect();
    let mut panel = Panel::from_indicators(ids, indicators, &study.price_index)?;
    match neighbours(study) {
        Ok(weights) => {
            panel.set_neighbours(
                (0..study.neighbourhoods.len()).map(|row| weights.of(row).places.to_vec()).collect(),
            )?;
        }
        Err(error) => findings.note(error.in_layer("neighbourhoods")),
    }
    Ok((panel, last))
}

/// The published definitions that the panel supports, each with its years.
fn supported(
    panel: &Panel,
    years: &[i32],
    not_assessed: &mut Vec<(String, String)>,
) -> Result<Vec<(Definition, Vec<i32>)>> {
    let mut supported = Vec::new();
    for name in PUBLISHED.into_iter().filter(|name| *name != REPEATED) {
        let definition = published(name)?;
        match supported_years(&definition, panel, years) {
            Ok(years) => supported.push((definition, years)),
            Err(error) => not_assessed.push((definition.title, error.message().to_owned())),
        }
    }
    Ok(supported)
}

/// The years that a definition compares, if the panel has what it needs at them.
fn supported_years(definition: &Definition, panel: &Panel, years: &[i32]) -> Result<Vec<i32>> {
    let years = definition.assign_dates(years)?;
    let found = classify(panel, &[(definition, years.clone())], &Reference::default())?;
    let has_values = found.scores(0).iter().any(|(_, values)| values.iter().any(Option::is_some));
    if has_values || found.codes(0).iter().any(Option::is_some) {
        return Ok(years);
    }
    let reason = found.reason(0, 0);
    let reason = reason.split_once(": ").map_or(reason.as_str(), |(_, reason)| reason);
    Err(Error::new(ErrorKind::Study, format!("every class of `{}` is {reason}", definition.name)))
}
