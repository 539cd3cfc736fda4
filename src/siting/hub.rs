//! A question about sites, in TOML: who is to be served, where something could stand, what is good, and what people said.

use super::meeting::MeetingAim;
use super::objective::Objective;
use crate::toml_text::read_toml;
use crate::{Error, ErrorKind, Minutes, Result};
use serde::Deserialize;

/// A question about sites.
///
/// ```
/// use commonground::siting::Hub;
/// let hub = Hub::from_toml(
///     "category = 'clinic'\nchoose = 2\nobjective = 'median'\n[candidates]\ncategories = ['library']\n\
///      [[constraints]]\nname = 'not beside a school'\napart_from = { category = 'school', metres = 150 }",
///     "hub.toml",
/// )?;
/// assert_eq!((hub.choose, hub.constraints.len()), (2, 1));
/// assert!(Hub::from_toml("choose = 2\nobjectiv = 'median'", "hub.toml").is_err());
/// # Ok::<(), commonground::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Hub {
    /// What it is called.
    #[serde(default)]
    pub name: Option<String>,
    /// What is to be placed; services of this category exist already, unless `existing` says otherwise.
    pub category: String,
    /// How many new sites; with a budget at most so many.
    pub choose: usize,
    /// `median`, `center`, `cover`, `standard`, `kolm_pollak`, `worst_group` or `worst_tenth` for services that people walk to;
    /// `encounter` or `neighbours` for places to meet: groups who could meet there, or neighbouring communities that share no
    /// place today.
    #[serde(default = "median")]
    pub objective: String,
    /// Other objectives, for regret.
    #[serde(default)]
    pub also: Vec<String>,
    /// Minutes of `cover` and `standard`.
    #[serde(default = "fifteen")]
    pub minutes: f64,
    /// Aversion ε of `kolm_pollak`, below 0.
    #[serde(default = "averse")]
    pub aversion: f64,
    /// How near the best counts as near-optimal, in per cent.
    #[serde(default = "five")]
    pub within: f64,
    /// Up to which walk ways are searched; an unserved home counts as this far.
    #[serde(default = "sixty")]
    pub search_minutes: f64,
    /// Who is to be served.
    #[serde(default)]
    pub demand: DemandOf,
    /// What stands already.
    #[serde(default)]
    pub existing: Existing,
    /// Where something could stand.
    pub candidates: Candidates,
    /// What the chosen sites may cost together, with `cost` of the candidates.
    #[serde(default)]
    pub budget: Option<f64>,
    /// What people said.
    #[serde(default)]
    pub constraints: Vec<Constraint>,
}

/// Who is to be served.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DemandOf {
    /// A group of the study; all residents without it.
    #[serde(default)]
    pub group: Option<String>,
    /// Who travels; the study's own traveller without it.
    #[serde(default)]
    pub profile: Option<String>,
}

/// What stands already.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Existing {
    /// Its category; that of the hub without it.
    #[serde(default)]
    pub category: Option<String>,
    /// Whether it stays and serves.
    #[serde(default = "yes")]
    pub keep: bool,
}

impl Default for Existing {
    fn default() -> Self {
        Self { category: None, keep: true }
    }
}

/// Where something could stand: services of the study, files of points or areas, or anywhere on a street.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Candidates {
    /// Categories of services.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Files of points or areas; of an area its middle.
    #[serde(default)]
    pub files: Vec<String>,
    /// Anywhere on a street, so many metres apart at most, 10 or more; in the middle of a block too.
    #[serde(default)]
    pub streets_every_metres: Option<f64>,
    /// Column of the files with the name of a candidate.
    #[serde(default)]
    pub name: Option<String>,
    /// Column of the files with its cost.
    #[serde(default)]
    pub cost: Option<String>,
}

/// What people said, as a rule with their words as its name.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Constraint {
    /// Their words.
    pub name: String,
    /// A candidate is ruled out if such a place is near.
    #[serde(default)]
    pub apart_from: Option<Near>,
    /// A candidate is ruled out unless such a place is near.
    #[serde(default)]
    pub near: Option<Near>,
    /// At most so many sites in one neighbourhood.
    #[serde(default)]
    pub most_per_neighbourhood: Option<usize>,
    /// Chosen sites are at least so many metres apart, by ruler.
    #[serde(default)]
    pub spacing_metres: Option<f64>,
}

/// Places of a kind, and how near is near.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Near {
    /// Services of a category, or `green_space`.
    #[serde(default)]
    pub category: Option<String>,
    /// A file of points, lines or areas.
    #[serde(default)]
    pub file: Option<String>,
    /// By ruler.
    #[serde(default)]
    pub metres: Option<f64>,
    /// On foot along the streets; of areas to their middle.
    #[serde(default)]
    pub walk_minutes: Option<f64>,
    /// Of green spaces only those of at least so many hectares.
    #[serde(default)]
    pub hectares: Option<f64>,
}

fn median() -> String {
    "median".into()
}

fn fifteen() -> f64 {
    15.0
}

fn averse() -> f64 {
    -1.0
}

fn five() -> f64 {
    5.0
}

fn sixty() -> f64 {
    60.0
}

fn yes() -> bool {
    true
}

const OBJECTIVES: [&str; 9] = [
    "median",
    "center",
    "cover",
    "standard",
    "kolm_pollak",
    "worst_group",
    "worst_tenth",
    ENCOUNTER,
    NEIGHBOURS,
];
/// Groups who could meet at the place.
const ENCOUNTER: &str = "encounter";
/// Neighbours who would share it, and share no place today.
const NEIGHBOURS: &str = "neighbours";

impl Hub {
    /// Reads a question; `name` is the file's, for errors.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] with line and nearest key; [`ErrorKind::Value`] for an unknown objective or a constraint that
    /// asks nothing, or more than one thing, with its number.
    pub fn from_toml(text: &str, name: &str) -> Result<Self> {
        let hub: Self = read_toml(text, "a question about sites", name, ErrorKind::Format)?;
        hub.check().map_err(|error| error.in_layer(name))?;
        Ok(hub)
    }

    /// As [`Hub::from_toml`], from JSON of the same keys.
    ///
    /// # Errors
    /// As for [`Hub::from_toml`].
    pub fn from_json(text: &str, name: &str) -> Result<Self> {
        let hub: Self = serde_json::from_str(text).map_err(|error| {
            Error::new(ErrorKind::Format, format!("the question cannot be understood: {error}"))
                .in_layer(name)
        })?;
        hub.check().map_err(|error| error.in_layer(name))?;
        Ok(hub)
    }

    /// Whether the question is about places to meet, to be answered by [`meet`](super::meet).
    #[must_use]
    pub fn is_of_meeting(&self) -> bool {
        [ENCOUNTER, NEIGHBOURS].contains(&self.objective.as_str())
    }

    /// What places to meet are chosen for, with the groups of the study that do not overlap; `None` of other questions.
    pub(super) fn aim(&self, groups: &[String]) -> Result<Option<MeetingAim>> {
        Ok(match (self.objective.as_str(), &self.demand.group) {
            (NEIGHBOURS, _) => Some(MeetingAim::Neighbours),
            (ENCOUNTER, None) => Some(MeetingAim::Encounter),
            (ENCOUNTER, Some(name)) => match groups.iter().position(|known| known == name) {
                Some(group) => Some(MeetingAim::EncounterOf(group)),
                None => {
                    let message = format!("`{name}` is none of the groups that do not overlap");
                    return Err(
                        Error::new(ErrorKind::Value, message).hint(format!("they are {}", groups.join(", ")))
                    );
                }
            },
            _ => None,
        })
    }

    /// What a question about places to meet cannot ask.
    fn check_meeting(&self) -> Result<()> {
        let value = |message: &str, hint: &str| Err(Error::new(ErrorKind::Value, message).hint(hint));
        if !self.also.is_empty() {
            return value(
                "`also` beside a place to meet",
                "ask one question at a time, each in a file of its own",
            );
        }
        if self.existing != Existing::default() {
            return value(
                "`[existing]` beside a place to meet",
                "leave it out: every place to meet of the study counts",
            );
        }
        if self.minutes != fifteen() {
            return value(
                "`minutes` beside a place to meet",
                "leave it out: encounter is measured within 15 minutes",
            );
        }
        if self.objective == NEIGHBOURS && self.demand.group.is_some() {
            return value("`group` beside `neighbours`", "leave it out, or ask for `encounter` of the group");
        }
        Ok(())
    }

    fn check(&self) -> Result<()> {
        let value = |message: String| Error::new(ErrorKind::Value, message);
        for objective in self.also.iter().chain([&self.objective]) {
            if !OBJECTIVES.contains(&objective.as_str()) {
                let error = value(format!("`{objective}` is not an objective"));
                return Err(error.hint(match crate::error::nearest(objective, OBJECTIVES.into_iter()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the objectives are {}", OBJECTIVES.join(", ")),
                }));
            }
        }
        let of_streets = self.candidates.streets_every_metres;
        if self.candidates.categories.is_empty() && self.candidates.files.is_empty() && of_streets.is_none() {
            return Err(value("there are no candidates".into()).hint(
                "give `[candidates]` `categories = […]`, `files = […]` or `streets_every_metres = 200`",
            ));
        }
        if let Some(metres) = of_streets
            && !(metres.is_finite() && metres >= 10.0)
        {
            return Err(value(format!("`streets_every_metres` is `{metres}`"))
                .hint("it must be 10 or more; a block is about 100"));
        }
        if of_streets.is_some() && self.budget.is_some() {
            return Err(value("positions on streets have no cost, but there is a `budget`".into()));
        }
        if !(0.0..=100.0).contains(&self.within) {
            return Err(value(format!("`within` is `{}` per cent", self.within)));
        }
        if self.budget.is_some() != self.candidates.cost.is_some() {
            return Err(value("`budget` and the candidates' `cost` go together".into()));
        }
        if let Some(name) = self.also.iter().find(|name| [ENCOUNTER, NEIGHBOURS].contains(&name.as_str())) {
            return Err(value(format!("`{name}` in `also`")).hint("ask for it as `objective`"));
        }
        if self.is_of_meeting() {
            self.check_meeting()?;
        }
        for (number, constraint) in self.constraints.iter().enumerate() {
            constraint.check().map_err(|error| error.at_row(number + 1).with_id(constraint.name.as_str()))?;
        }
        Ok(())
    }

    /// Every file that the question names, besides itself.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        let near = self.constraints.iter().flat_map(|one| [&one.apart_from, &one.near]).flatten();
        self.candidates.files.iter().map(String::as_str).chain(near.filter_map(|near| near.file.as_deref()))
    }

    /// An objective by its name.
    pub(super) fn objective(&self, name: &str, groups: &[Vec<f64>], kappa: Option<f64>) -> Result<Objective> {
        Ok(match name {
            "median" => Objective::Median,
            "center" => Objective::Center,
            "cover" => Objective::Cover(Minutes::new(self.minutes)?),
            "standard" => Objective::Standard(Minutes::new(self.minutes)?),
            "worst_tenth" => Objective::WorstShare(0.1),
            "worst_group" if groups.is_empty() => {
                return Err(Error::new(
                    ErrorKind::Value,
                    "`worst_group`, but the study has no groups of residents",
                ));
            }
            "worst_group" => Objective::WorstGroup { groups: groups.to_vec() },
            _ => Objective::KolmPollak {
                kappa: kappa.ok_or_else(|| {
                    Error::new(
                        ErrorKind::Value,
                        "`kolm_pollak` needs an aversion below 0, and people who walk today",
                    )
                })?,
            },
        })
    }
}

impl Constraint {
    fn check(&self) -> Result<()> {
        let asked = [
            self.apart_from.is_some(),
            self.near.is_some(),
            self.most_per_neighbourhood.is_some(),
            self.spacing_metres.is_some(),
        ];
        if asked.into_iter().filter(|asked| *asked).count() != 1 {
            return Err(Error::new(ErrorKind::Value, "a constraint asks for exactly one thing").hint(
                "one of `apart_from`, `near`, `most_per_neighbourhood` and `spacing_metres`; write two constraints for two",
            ));
        }
        for near in [&self.apart_from, &self.near].into_iter().flatten() {
            if near.category.is_some() == near.file.is_some()
                || near.metres.is_some() == near.walk_minutes.is_some()
            {
                return Err(Error::new(ErrorKind::Value, "a place is not named, or not how near it is")
                    .hint("write `{ category = \"school\", metres = 150 }` or `{ file = \"stops.geojson\", walk_minutes = 5 }`"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_that_cannot_be_understood_names_its_entry() {
        let start = "category = 'clinic'\nchoose = 1\n";
        let end = "[candidates]\ncategories = ['library']\n";
        for (text, expected) in [
            (format!("{start}objective = 'medain'\n{end}"), "did you mean `median`"),
            (format!("{start}[candidates]\n"), "no candidates"),
            (format!("{start}budget = 5\n{end}"), "go together"),
            (format!("{start}within = 500\n{end}"), "per cent"),
            (format!("{start}objective = 'encounter'\nalso = ['median']\n{end}"), "`also`"),
            (format!("{start}also = ['neighbours']\n{end}"), "as `objective`"),
            (format!("{start}objective = 'encounter'\nminutes = 20\n{end}"), "15 minutes"),
            (format!("{start}objective = 'encounter'\n[existing]\nkeep = false\n{end}"), "every place"),
            (format!("{start}objective = 'neighbours'\n[demand]\ngroup = 'old'\n{end}"), "`encounter`"),
            (format!("{start}{end}[[constraints]]\nname = 'nothing'"), "exactly one thing"),
            (
                format!("{start}{end}[[constraints]]\nname = 'x'\nnear = {{ category = 'school' }}"),
                "how near",
            ),
        ] {
            let error = Hub::from_toml(&text, "hub.toml").unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
        }
        let hub = Hub::from_toml(&format!("{start}{end}"), "hub.toml").unwrap();
        assert!(hub.existing.keep && hub.objective == "median");
        assert!(hub.objective("worst_group", &[], None).is_err());
        assert!(hub.objective("kolm_pollak", &[], None).is_err());
    }
}
