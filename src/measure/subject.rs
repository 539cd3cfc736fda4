//! Of whom or what a value is: the part of a key that distinguishes the columns of a family.

use super::words::{many, some, spaced, time_of_day, words};
use crate::model::{Traveller, Weight};
use crate::network::TravelProfile;

/// Of whom or what a column is, where a family has several.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Of {
    /// A category of services.
    Category(String),
    /// What everybody should reach.
    Essential(&'static str),
    /// A group of residents.
    Group(String),
    /// Groups that are measured together: "all groups", or their names.
    Groups(String),
    /// A class of jobs.
    JobClass(String),
    /// A definition of gentrification, by its short name.
    Definition(String),
    /// Another column, by its name.
    Column(&'static str),
    /// What only the study knows.
    Indicator(String),
}

impl Of {
    /// As it stands in the name of a column.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Category(name)
            | Self::Group(name)
            | Self::Groups(name)
            | Self::JobClass(name)
            | Self::Definition(name)
            | Self::Indicator(name) => name,
            Self::Essential(name) | Self::Column(name) => name,
        }
    }

    /// As it stands in a sentence.
    fn text(&self) -> String {
        match self {
            Self::Definition(name) => match name.as_str() {
                "udp" => "Urban Displacement Project".to_owned(),
                "ncrc" => "NCRC".to_owned(),
                other => words(other),
            },
            _ => spaced(self.name()),
        }
    }
}

/// Of whom or what, by which travel mode, within how many minutes: what distinguishes the columns of a family.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Subject {
    /// Of whom or what.
    pub of: Option<Of>,
    /// Who travels, where it is not the study's own traveller.
    pub traveller: Option<Traveller>,
    /// Minutes of travel.
    pub minutes: Option<u32>,
    /// A year of the data.
    pub year: Option<i32>,
    /// A time of day, by its name in the study: `sunday_morning`.
    pub when: Option<String>,
}

impl Subject {
    /// Of nothing in particular.
    pub const NONE: Self = Self { of: None, traveller: None, minutes: None, year: None, when: None };

    /// Of one thing.
    #[must_use]
    pub const fn of(of: Of) -> Self {
        Self { of: Some(of), ..Self::NONE }
    }

    /// Of a category of services.
    #[must_use]
    pub fn category(name: &str) -> Self {
        Self::of(Of::Category(name.to_owned()))
    }

    /// Of an essential.
    #[must_use]
    pub const fn essential(name: &'static str) -> Self {
        Self::of(Of::Essential(name))
    }

    /// Of a group of residents.
    #[must_use]
    pub fn group(name: &str) -> Self {
        Self::of(Of::Group(name.to_owned()))
    }

    /// The same for somebody who travels another way.
    #[must_use]
    pub const fn by(mut self, traveller: Traveller) -> Self {
        self.traveller = Some(traveller);
        self
    }

    /// The same within so many minutes.
    #[must_use]
    pub const fn within(mut self, minutes: f64) -> Self {
        self.minutes = Some(minutes as u32);
        self
    }

    /// The same in a year.
    #[must_use]
    pub const fn in_year(mut self, year: i32) -> Self {
        self.year = Some(year);
        self
    }

    /// The same at a time of day.
    #[must_use]
    pub fn at(mut self, when: &str) -> Self {
        self.when = Some(when.to_owned());
        self
    }

    /// A slot of a name.
    pub(super) fn in_name(&self, slot: &str, weight: Weight) -> Option<String> {
        match slot {
            "of" => self.of.as_ref().map(|of| of.name().to_owned()),
            "traveller" => self.traveller.map(|one| one.name().to_owned()),
            "residents" => Some(weight.column().to_owned()),
            "when" => self.when.clone(),
            other => self.number(other),
        }
    }

    /// A slot of a text.
    fn in_text(&self, slot: &str, weight: Weight) -> Option<String> {
        match slot {
            "of" => self.of.as_ref().map(Of::text),
            "Of" => self.of.as_ref().map(|of| words(&of.text())),
            "many" => self.of.as_ref().map(|of| many(of.name())),
            "Many" => self.of.as_ref().map(|of| words(&many(of.name()))),
            "some" => self.of.as_ref().map(|of| some(of.name())),
            "traveller" => self.traveller.map(|one| spaced(one.name())),
            "Traveller" => self.traveller.map(|one| words(one.name())),
            "speed" => self.traveller.map(|one| TravelProfile::of(one).to_string()),
            "residents" => Some(weight.noun().to_owned()),
            "Residents" => Some(words(weight.noun())),
            "when" => self.when.as_deref().map(time_of_day),
            "units" => Some(weight.units().to_owned()),
            "Units" => Some(words(weight.units())),
            other => self.number(other),
        }
    }

    fn number(&self, slot: &str) -> Option<String> {
        match slot {
            "minutes" => self.minutes.map(|minutes| minutes.to_string()),
            "year" => self.year.map(|year| year.to_string()),
            _ => None,
        }
    }

    /// A text of a column, with all slots filled.
    pub(super) fn said(&self, text: &str, weight: Weight) -> String {
        super::words::fill(text, &|slot| self.in_text(slot, weight))
    }
}
