//! Quantities of a zoning code as people write them: a number with its unit, `{ per_acre = 40 }`.

use crate::{Error, ErrorKind, Result};
use toml::Value;

/// Square metres in an acre: 43,560 square feet of 0.3048 m.
pub const SQUARE_METRES_PER_ACRE: f64 = 43_560.0 * SQUARE_METRES_PER_SQUARE_FOOT;
/// Square metres in a square foot.
pub const SQUARE_METRES_PER_SQUARE_FOOT: f64 = METRES_PER_FOOT * METRES_PER_FOOT;
/// Metres in an international foot.
pub const METRES_PER_FOOT: f64 = 0.3048;
/// Square metres in a hectare.
pub const SQUARE_METRES_PER_HECTARE: f64 = 10_000.0;

/// What a rule is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Dwellings per square metre.
    Density,
    /// Square metres.
    Area,
    /// Metres.
    Length,
    /// A share from 0 to 1.
    Share,
    /// A ratio or count, 0 or more.
    Number,
}

impl Kind {
    /// Units by their key, and how many of ours one of them is.
    fn units(self) -> &'static [(&'static str, f64)] {
        match self {
            Self::Density => &[
                ("per_acre", 1.0 / SQUARE_METRES_PER_ACRE),
                ("per_hectare", 1.0 / SQUARE_METRES_PER_HECTARE),
            ],
            Self::Area => &[
                ("square_metres", 1.0),
                ("square_feet", SQUARE_METRES_PER_SQUARE_FOOT),
                ("acres", SQUARE_METRES_PER_ACRE),
                ("hectares", SQUARE_METRES_PER_HECTARE),
            ],
            Self::Length => &[("metres", 1.0), ("feet", METRES_PER_FOOT)],
            Self::Share => &[("percent", 0.01)],
            Self::Number => &[],
        }
    }

    fn example(self) -> &'static str {
        match self {
            Self::Density => "{ per_acre = 40 } or { per_hectare = 100 }",
            Self::Area => "{ square_feet = 5000 } or { square_metres = 465 }",
            Self::Length => "{ feet = 45 } or { metres = 14 }",
            Self::Share => "0.6 or { percent = 60 }",
            Self::Number => "a number such as 2.0",
        }
    }

    /// The number in our units.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] without a unit where one is needed, with an unknown unit, or out of range.
    pub(super) fn read(self, key: &str, value: &Value) -> Result<f64> {
        let wrong = |message: String| {
            Error::new(ErrorKind::Value, message).hint(format!("write `{key} = {}`", self.example()))
        };
        let number = match (value, self) {
            (Value::Table(table), _) => {
                let mut entries = table.iter();
                let (Some((unit, amount)), None) = (entries.next(), entries.next()) else {
                    return Err(wrong(format!("`{key}` needs exactly one unit")));
                };
                let known = self.units().iter().find(|(name, _)| name == unit);
                let Some((_, factor)) = known else {
                    return Err(wrong(format!("`{unit}` is not a unit of `{key}`")));
                };
                bare(amount).map(|amount| amount * factor)
            }
            (_, Self::Share | Self::Number) => bare(value),
            _ if bare(value).is_some() => return Err(wrong(format!("`{key}` has no unit"))),
            _ => None,
        };
        let number = number.ok_or_else(|| wrong(format!("`{key}` is not a number")))?;
        if !(number.is_finite() && number >= 0.0) {
            return Err(wrong(format!("`{key}` is `{number}`: it must be finite and not negative")));
        }
        if self == Self::Share && number > 1.0 + 1e-12 {
            return Err(wrong(format!("`{key}` is `{number}`, but it is a share from 0 to 1")));
        }
        Ok(number)
    }
}

/// Any quantity with any unit, for comparisons; a bare number stays as it is.
pub(super) fn any_quantity(key: &str, value: &Value) -> Result<f64> {
    let Value::Table(table) = value else { return Kind::Number.read(key, value) };
    let unit = table.keys().next().map_or("", String::as_str);
    let kinds = [Kind::Area, Kind::Length, Kind::Density, Kind::Share];
    let kind = kinds.into_iter().find(|kind| kind.units().iter().any(|(name, _)| *name == unit));
    kind.unwrap_or(Kind::Area).read(key, value)
}

fn bare(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: Kind, text: &str) -> Result<f64> {
        let table: toml::Table = toml::from_str(&format!("x = {text}")).unwrap();
        kind.read("x", &table["x"])
    }

    #[test]
    fn units_become_metric() {
        let near = |kind, text, expected: f64| {
            let found = read(kind, text).unwrap();
            assert!((found - expected).abs() <= 1e-12 * expected, "{text}: {found}");
        };
        near(Kind::Density, "{ per_acre = 40 }", 40.0 / 4_046.856_422_4);
        near(Kind::Density, "{ per_hectare = 100 }", 0.01);
        near(Kind::Area, "{ acres = 1 }", 4_046.856_422_4);
        near(Kind::Area, "{ square_feet = 10.0 }", 0.929_030_4);
        near(Kind::Length, "{ feet = 45 }", 13.716);
        near(Kind::Share, "{ percent = 60 }", 0.6);
        near(Kind::Share, "0.6", 0.6);
        near(Kind::Number, "2", 2.0);
    }

    #[test]
    fn what_has_no_unit_or_is_out_of_range_is_refused_with_a_way_to_write_it() {
        for (kind, text, hint) in [
            (Kind::Density, "40", "per_acre"),
            (Kind::Area, "5000", "square_feet"),
            (Kind::Length, "45", "feet"),
            (Kind::Length, "{ yards = 15 }", "feet"),
            (Kind::Length, "{ feet = 45, metres = 14 }", "feet"),
            (Kind::Share, "60", "percent"),
            (Kind::Share, "{ percent = 160 }", "percent"),
            (Kind::Number, "-1", "number"),
            (Kind::Number, "nan", "number"),
            (Kind::Number, "'two'", "number"),
        ] {
            let error = read(kind, text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Value);
            assert!(error.to_string().contains(hint), "{error}");
        }
    }
}
