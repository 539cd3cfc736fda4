//! Published standards of sites as data, each with its source.

use crate::toml_text::read_toml;
use crate::{Error, ErrorKind, Result};
use schemars::JsonSchema;
use serde::Deserialize;

/// Those that come with the library: short name and text.
const SHIPPED: [(&str, &str); 5] = [
    ("five_essentials", include_str!("standards/five_essentials.toml")),
    ("lihtc_california_2017", include_str!("standards/lihtc_california_2017.toml")),
    ("lihtc_texas_2017", include_str!("standards/lihtc_texas_2017.toml")),
    ("leed_v2_connectivity", include_str!("standards/leed_v2_connectivity.toml")),
    ("leed_v4_diverse_uses", include_str!("standards/leed_v4_diverse_uses.toml")),
];
const METRES_PER_MILE: f64 = 1_609.344;

/// A standard of sites: every rule must hold.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SiteStandard {
    /// Its short name.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// Who published it, and what of it is left out.
    pub source: String,
    /// What it asks for.
    pub rules: Vec<SiteRule>,
}

/// One rule: so many places of some categories within a distance.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SiteRule {
    /// In words.
    pub name: String,
    /// Any of these count; of those that the study has.
    pub categories: Vec<String>,
    /// Whether enough jobs are asked for instead, by the standard of the study.
    pub jobs: bool,
    /// How near.
    pub within: Within,
    /// How many places.
    pub at_least: usize,
    /// So many places of one category count; `None` for all.
    pub most_of_a_kind: Option<usize>,
    /// Categories of which one more counts.
    pub twice: Vec<String>,
}

/// How near a place must be.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Within {
    /// Metres, by ruler or on foot.
    Metres(f64),
    /// Minutes on foot; by ruler at the speed of the study's traveller.
    Minutes(f64),
}

/// A standard of sites: every rule must hold.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StandardFile {
    /// What it is called.
    title: String,
    /// Who published it, and what of it is left out.
    source: String,
    /// What it asks for.
    rules: Vec<Written>,
}

/// One rule: so many places of some categories within a distance.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "Rule")]
#[serde(deny_unknown_fields)]
struct Written {
    /// In words.
    name: String,
    /// Any of these categories count, of those that the study has; either this or `jobs`.
    #[serde(default)]
    category: Vec<String>,
    /// Whether enough jobs are asked for instead, by the standard of the study.
    #[serde(default)]
    jobs: bool,
    /// How near, above 0: `{ metres = 400 }`, `{ miles = 0.5 }` or `{ minutes = 15 }`.
    within: WrittenWithin,
    /// How many places; by default 1.
    at_least: Option<usize>,
    /// So many places of one category count; by default all.
    most_of_a_kind: Option<usize>,
    /// Categories of which one more counts.
    #[serde(default)]
    twice: Vec<String>,
}

/// How near a place must be.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "Within")]
#[serde(rename_all = "snake_case")]
enum WrittenWithin {
    /// By ruler or on foot.
    Metres(f64),
    /// By ruler or on foot, of 1,609.344 m.
    Miles(f64),
    /// On foot; by ruler at the speed of the study's traveller.
    Minutes(f64),
}

impl SiteStandard {
    /// Names of those that come with the library.
    pub fn shipped() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(name, _)| *name)
    }

    /// One that comes with the library.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if there is none of this name, with those that there are.
    ///
    /// # Example
    /// ```
    /// use commonground::scenario::SiteStandard;
    /// let texas = SiteStandard::named("lihtc_texas_2017")?;
    /// assert_eq!(texas.rules.len(), 7);
    /// # Ok::<(), commonground::Error>(())
    /// ```
    pub fn named(name: &str) -> Result<Self> {
        let found = SHIPPED.iter().find(|(known, _)| *known == name);
        let (name, text) = found.ok_or_else(|| {
            let known: Vec<&str> = Self::shipped().collect();
            Error::new(ErrorKind::Parameter, format!("`{name}` is no standard of sites here"))
                .hint(format!("they are {}; or give a file in TOML", known.join(", ")))
        })?;
        Self::from_toml(text, name)
    }

    /// Reads a standard.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] with line and nearest key; [`ErrorKind::Value`] if a distance is not above 0.
    pub fn from_toml(text: &str, name: &str) -> Result<Self> {
        let StandardFile { title, source, rules } =
            read_toml(text, "a standard of sites", name, ErrorKind::Format)?;
        let rule = |written: Written| -> Result<SiteRule> {
            let within = match written.within {
                WrittenWithin::Metres(metres) => Within::Metres(metres),
                WrittenWithin::Miles(miles) => Within::Metres(miles * METRES_PER_MILE),
                WrittenWithin::Minutes(minutes) => Within::Minutes(minutes),
            };
            let (Within::Metres(number) | Within::Minutes(number)) = within;
            let is_wrong =
                !(number.is_finite() && number > 0.0) || written.jobs != written.category.is_empty();
            if is_wrong {
                let message = format!(
                    "the rule `{}` has no distance above 0, or neither `category` nor `jobs`",
                    written.name
                );
                return Err(Error::new(ErrorKind::Value, message).in_layer(name));
            }
            Ok(SiteRule {
                name: written.name,
                categories: written.category,
                jobs: written.jobs,
                within,
                at_least: written.at_least.unwrap_or(1),
                most_of_a_kind: written.most_of_a_kind,
                twice: written.twice,
            })
        };
        let rules = rules.into_iter().map(rule).collect::<Result<_>>()?;
        Ok(Self { name: name.to_owned(), title, source, rules })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_standard_can_be_read_and_a_wrong_name_lists_them() {
        for name in SiteStandard::shipped() {
            let standard = SiteStandard::named(name).unwrap();
            assert!(!standard.rules.is_empty() && !standard.source.is_empty(), "{name}");
        }
        assert!(SiteStandard::named("leed").unwrap_err().to_string().contains("lihtc_texas_2017"));
        let wrong =
            "title = 'a'\nsource = 'b'\n[[rules]]\nname = 'c'\nwithin = { miles = 0 }\ncategory = ['school']";
        assert!(SiteStandard::from_toml(wrong, "a").is_err());
    }
}
