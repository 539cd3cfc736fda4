//! What the homes of a study are counted by.

use std::fmt;

/// What one home counts for: people where the data knows them, else what stands in for them.
///
/// Columns, labels and sentences of every output take their words from here, so that square metres are never called
/// residents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Weight {
    /// People who live there.
    #[default]
    Residents,
    /// Dwellings of an address or building.
    Dwellings,
    /// Square metres of residential floor.
    FloorArea,
    /// Every home counts as 1.
    Homes,
    /// Positions along streets that stand in for homes, each counting as 1.
    StreetPositions,
}

impl Weight {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Residents, Self::Dwellings, Self::FloorArea, Self::Homes, Self::StreetPositions];

    /// What is counted: `share of residents`, `share of floor area`.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Residents => "residents",
            Self::Dwellings => "dwellings",
            Self::FloorArea => "floor area",
            Self::Homes => "homes",
            Self::StreetPositions => "street positions",
        }
    }

    /// What stands after a number: `120 residents`, `120 m² of floor area`.
    #[must_use]
    pub const fn units(self) -> &'static str {
        match self {
            Self::FloorArea => "m² of floor area",
            _ => self.noun(),
        }
    }

    /// Name of the column that holds it, and first part of the columns that count some of it.
    #[must_use]
    pub const fn column(self) -> &'static str {
        match self {
            Self::FloorArea => "floor_area_m2",
            Self::StreetPositions => "street_positions",
            _ => self.noun(),
        }
    }

    /// Whether people are counted, so that numbers for each person mean something.
    #[must_use]
    pub const fn counts_people(self) -> bool {
        matches!(self, Self::Residents)
    }

    /// Whether things are counted one by one, rather than measured.
    #[must_use]
    pub const fn is_count(self) -> bool {
        !matches!(self, Self::FloorArea)
    }

    /// Puts the words for what is counted into a text: `{residents}` and, at the beginning of a sentence, `{Residents}`.
    #[must_use]
    pub fn named_in(self, text: &str) -> String {
        let noun = self.noun();
        let (first, rest) = noun.split_at(1);
        text.replace("{residents}", noun).replace("{Residents}", &(first.to_uppercase() + rest))
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.noun())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn square_metres_are_not_called_residents() {
        let text = "{Residents} near a street: share of {residents}";
        assert_eq!(Weight::FloorArea.named_in(text), "Floor area near a street: share of floor area");
        assert_eq!(Weight::Residents.named_in(text), "Residents near a street: share of residents");
        for weight in Weight::ALL {
            assert_eq!(weight.column() == "residents", weight.counts_people(), "{weight}");
        }
    }
}
