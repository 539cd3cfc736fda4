//! Indices that are ready to use, as the TOML that a user would write.

use super::definition::Definition;
use crate::error::nearest;
use crate::{Error, ErrorKind, Result};

/// Name and TOML of each.
const PRESETS: [(&str, &str); 3] = [
    ("five_essentials", include_str!("presets/five_essentials.toml")),
    ("displacement_watch", include_str!("presets/displacement_watch.toml")),
    ("bridging", include_str!("presets/bridging.toml")),
];

/// Names of the presets.
#[must_use]
pub fn preset_names() -> Vec<&'static str> {
    PRESETS.iter().map(|(name, _)| *name).collect()
}

/// The TOML of a preset, to start an index of one's own from.
///
/// - `five_essentials`: daily needs within a 15-minute walk: who reaches work, school, clinic, place of worship and green
///   space on foot.
/// - `displacement_watch`: where people may be priced out; low is better.
/// - `bridging`: whether unlike people live and meet in one place.
///
/// # Errors
/// [`ErrorKind::Parameter`] for a name that is not there.
pub fn preset_toml(name: &str) -> Result<&'static str> {
    PRESETS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text).ok_or_else(|| {
        let error = Error::new(ErrorKind::Parameter, format!("there is no preset `{name}`"));
        match nearest(name, PRESETS.iter().map(|(known, _)| *known)) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint(format!("the presets are {}", preset_names().join(", "))),
        }
    })
}

/// A preset for a table: indicators whose column the table does not have, or has no values in, are left out and named;
/// so are, in silence, a column of labels and a minimum of people.
///
/// # Errors
/// As for [`preset_toml`]; [`ErrorKind::Study`] if fewer than `at_least` indicators that count are left, or none in one of
/// the pillars: vulnerability without pressure would call every poor place at risk.
pub fn preset(
    name: &str,
    has_values: impl Fn(&str) -> bool,
    at_least: usize,
) -> Result<(Definition, Vec<String>)> {
    let mut definition = Definition::from_toml(preset_toml(name)?)?;
    let needed = |indicator: &super::definition::Indicator| {
        has_values(&indicator.column) && indicator.denominator.as_deref().is_none_or(&has_values)
    };
    let all = definition.counted().count();
    let (kept, left_out): (Vec<_>, Vec<_>) = definition.indicators.into_iter().partition(needed);
    definition.indicators = kept;
    let left_out: Vec<String> = left_out.into_iter().map(|indicator| indicator.column).collect();
    let too_little = |message: String| {
        Err(Error::new(ErrorKind::Study, message).hint(format!("missing: {}", left_out.join(", "))))
    };
    let counted = definition.counted().count();
    if counted < at_least {
        return too_little(format!("{counted} of the {all} indicators have values"));
    }
    let is_known =
        |pillar: &str| definition.counted().any(|indicator| indicator.pillar.as_deref() == Some(pillar));
    if let Some(pillar) = definition.pillars.iter().find(|pillar| !is_known(&pillar.name)) {
        return too_little(format!(
            "`{name}` needs all of its pillars, and nothing is known of `{}`",
            pillar.name
        ));
    }
    definition.population = definition.population.filter(|population| has_values(&population.column));
    definition.label = definition.label.filter(|label| has_values(label));
    Ok((definition, left_out))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_holds_together_and_says_what_it_needs() {
        for name in preset_names() {
            let (definition, left_out) = preset(name, |_| true, 1).unwrap();
            assert!(definition.indicators.len() >= 4 && left_out.is_empty(), "{name}");
            assert_eq!(Definition::from_toml(&definition.to_toml().unwrap()).unwrap(), definition);
            let nameless = preset(name, |column| column != "name", 1).unwrap();
            assert_eq!((nameless.0.label, nameless.1), (None, Vec::new()));
            let few = preset(name, |column| column == "nothing", 3).unwrap_err();
            assert!(few.kind() == ErrorKind::Study && few.to_string().contains("missing: "));
        }
        let poor = preset(
            "displacement_watch",
            |column| !column.contains("change") && column != "neighbour_price_gap",
            2,
        );
        assert!(poor.unwrap_err().message().contains("nothing is known of `pressure`"));
        let one =
            preset("displacement_watch", |column| ["minority_share", "rent_change"].contains(&column), 2);
        assert!(
            one.unwrap_err().message().starts_with("1 of the 7 indicators"),
            "race does not count by itself"
        );
        assert!(
            preset_toml("five_esentials")
                .unwrap_err()
                .to_string()
                .contains("did you mean `five_essentials`?")
        );
    }
}
