//! What is fetched from whom: one TOML for each source, shipped or a planner's own.

use super::states::State;
use commonground::{Error, ErrorKind, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// What a source becomes in the study.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    Place,
    County,
    Neighbourhoods,
    Streets,
    Homes,
    Indicators,
    Jobs,
    JobPlaces,
    Services,
    Extract,
}

/// How often a source is asked: once, for the state of the place, for every state or county within reach.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Per {
    #[default]
    Nation,
    State,
    Reach,
    County,
}

/// What the bytes of a file must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Zip,
    Gz,
    Csv,
    Text,
    Pbf,
    Geojson,
    /// A layer of an ArcGIS server, asked page by page for the box around the place.
    Arcgis,
}

/// A figure of a survey: the sum of columns, or their share of another.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Figure {
    pub of: Vec<String>,
    pub over: Option<String>,
}

/// A source.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recipe {
    pub name: String,
    pub title: String,
    pub becomes: Role,
    pub url: String,
    #[serde(default)]
    pub per: Per,
    /// Vintages, the newest first: the next is asked where one is not there.
    #[serde(default)]
    pub years: Vec<i32>,
    pub kind: Kind,
    /// Columns that the first line must have.
    #[serde(default)]
    pub header: Vec<String>,
    pub about_mb: f64,
    pub max_mb: u64,
    pub licence: String,
    pub credit: Option<String>,
    pub address: Option<String>,
    /// What falls away without it.
    pub without: String,
    /// What a reader of the results should know.
    pub caution: Option<String>,
    pub category: Option<String>,
    pub id: Option<String>,
    pub names: Option<String>,
    pub x: Option<String>,
    pub y: Option<String>,
    #[serde(default, rename = "where")]
    pub filter: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub columns: BTreeMap<String, Figure>,
}

const SHIPPED: [&str; 17] = [
    include_str!("recipes/tiger_place.toml"),
    include_str!("recipes/tiger_county.toml"),
    include_str!("recipes/tiger_tract.toml"),
    include_str!("recipes/tiger_roads.toml"),
    include_str!("recipes/pl94.toml"),
    include_str!("recipes/lodes_wac.toml"),
    include_str!("recipes/lodes_xwalk.toml"),
    include_str!("recipes/acs_b01003.toml"),
    include_str!("recipes/acs_b15003.toml"),
    include_str!("recipes/acs_b19013.toml"),
    include_str!("recipes/acs_b25003.toml"),
    include_str!("recipes/acs_b25064.toml"),
    include_str!("recipes/acs_b25077.toml"),
    include_str!("recipes/nces_schools.toml"),
    include_str!("recipes/hrsa_health_centres.toml"),
    include_str!("recipes/snap_groceries.toml"),
    include_str!("recipes/osm_extract.toml"),
];

/// The shipped recipes; a planner's own takes the place of one of its name, or comes after them.
pub(crate) fn all(own: &[impl AsRef<Path>]) -> Result<Vec<Recipe>> {
    let shipped = SHIPPED.iter();
    let mut recipes = shipped.map(|text| parse(text, "a shipped recipe")).collect::<Result<Vec<_>>>()?;
    for path in own {
        let path = path.as_ref();
        let recipe = parse(&commonground::io::read_text(path)?, &path.display().to_string())?;
        match recipes.iter_mut().find(|known| known.name == recipe.name) {
            Some(known) => *known = recipe,
            None => recipes.push(recipe),
        }
    }
    Ok(recipes)
}

fn parse(text: &str, file: &str) -> Result<Recipe> {
    let refuse = |message: String, hint: &str| {
        Err(Error::new(ErrorKind::Format, message).in_layer(file).hint(hint.to_owned()))
    };
    let recipe: Recipe = toml::from_str(text).map_err(|error| {
        Error::new(ErrorKind::Format, error.message().to_owned())
            .in_layer(file)
            .hint("the shipped recipes, in src/fetch/recipes, show what stands in one")
    })?;
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    if recipe.name.is_empty() || !recipe.name.chars().all(is_word) {
        return refuse(format!("`{}` cannot name a recipe", recipe.name), "letters, digits, `_` and `-`");
    }
    if !recipe.url.starts_with("https://") || recipe.url.contains("..") || recipe.url.contains('@') {
        return refuse(
            format!("`{}` is no address that is fetched", recipe.url),
            "it must begin with https://, without `..`, a name or a password",
        );
    }
    if recipe.becomes == Role::Services && recipe.category.is_none() {
        return refuse(
            "a recipe of services names no `category`".into(),
            "for example `category = \"clinic\"`",
        );
    }
    if recipe.url.to_lowercase().contains("key=") {
        return refuse(
            "the address holds a key".into(),
            "keys are never written down: ask for a source without one",
        );
    }
    Ok(recipe)
}

/// For which state, county and year an address is filled in.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Fields<'a> {
    pub state: Option<State>,
    pub county: Option<&'a str>,
    pub year: Option<i32>,
}

impl Recipe {
    /// The address, as far as the fields are known.
    pub fn address_for(&self, fields: Fields<'_>) -> String {
        let mut url = self.url.clone();
        if let Some(state) = fields.state {
            url = url
                .replace("{ss}", state.fips)
                .replace("{st}", &state.letters.to_lowercase())
                .replace("{State}", &state.name.replace(' ', "_"))
                .replace("{region}", &state.name.to_lowercase().replace(' ', "-"));
        }
        if let Some(county) = fields.county {
            url = url.replace("{county}", county);
        }
        if let Some(year) = fields.year {
            // A school year is named by both of its years: 2425.
            let school_year = format!("{:02}{:02}", year % 100, (year + 1) % 100);
            url = url.replace("{year}", &year.to_string()).replace("{school_year}", &school_year);
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use super::super::states::by_letters;
    use super::*;

    #[test]
    fn every_shipped_recipe_is_read_and_its_address_filled_in() {
        let recipes = all(&[] as &[&Path]).unwrap();
        assert_eq!(recipes.len(), 17);
        let state = by_letters("al");
        for recipe in &recipes {
            let year = recipe.years.first().copied();
            let url = recipe.address_for(Fields { state, county: Some("01073"), year });
            assert!(!url.contains(['{', '}']), "{url}");
            assert!(
                recipe.kind != Kind::Csv && recipe.kind != Kind::Text || !recipe.header.is_empty(),
                "{}",
                recipe.name
            );
        }
        let roads = recipes.iter().find(|one| one.name == "tiger_roads").unwrap();
        assert_eq!(
            roads.address_for(Fields { state, county: Some("01073"), year: Some(2024) }),
            "https://www2.census.gov/geo/tiger/TIGER2024/ROADS/tl_2024_01073_roads.zip"
        );
        let people = recipes.iter().find(|one| one.name == "pl94").unwrap();
        let dc = people.address_for(Fields { state: by_letters("DC"), ..Fields::default() });
        assert!(dc.ends_with("/District_of_Columbia/dc2020.pl.zip"), "{dc}");
    }

    #[test]
    fn an_unsafe_recipe_is_refused() {
        let good = include_str!("recipes/hrsa_health_centres.toml");
        for (from, to) in [
            ("https://", "http://"),
            ("https://data", "https://me:secret@data"),
            ("DD_Files/", "../"),
            ("Sites.csv", "Sites.csv?key=1"),
            ("hrsa_health", "../hrsa"),
            ("category =", "kategory ="),
        ] {
            assert!(good.contains(from) && parse(&good.replacen(from, to, 1), "mine.toml").is_err(), "{to}");
        }
    }
}
