//! What names of files and columns mean, as planners, census offices and mappers write them.

use crate::model::category;

/// The words of a name in lower case and in the singular: `Public_Schools` is `public school`.
pub(super) fn words_of(name: &str) -> String {
    let mut words = String::new();
    for word in name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        words.push(' ');
        words.push_str(&singular(&word.to_lowercase()));
    }
    words.push(' ');
    words
}

fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        return format!("{stem}y");
    }
    let stem = ["ches", "shes", "sses", "xes"]
        .iter()
        .find_map(|ending| word.ends_with(ending).then(|| word.trim_end_matches("es").to_owned()));
    let is_plural = word.len() > 3
        && word.ends_with('s')
        && !["ss", "us", "is"].iter().any(|ending| word.ends_with(ending));
    stem.unwrap_or_else(|| if is_plural { word[..word.len() - 1].to_owned() } else { word.to_owned() })
}

/// Whether the words of a name hold a phrase.
pub(super) fn says(words: &str, phrase: &str) -> bool {
    words.contains(&format!(" {phrase} "))
}

pub(super) fn says_any(words: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| says(words, phrase))
}

/// What a category of services is called in names of files and columns; the first that fits counts.
const SERVICES: &[(&str, &[&str])] = &[
    (category::GROCERY, &["grocery", "grocery store", "supermarket", "food store", "grocer"]),
    (
        category::CHILDCARE,
        &[
            "child development",
            "childcare",
            "child care",
            "daycare",
            "day care",
            "kindergarten",
            "nursery",
            "creche",
            "preschool",
        ],
    ),
    (category::SCHOOL, &["school"]),
    (
        category::CLINIC,
        &["clinic", "hospital", "health", "healthcare", "doctor", "physician", "primary care", "medical"],
    ),
    (category::PLACE_OF_WORSHIP, &["worship", "church", "mosque", "synagogue", "temple"]),
    (category::LIBRARY, &["library"]),
    (
        category::COMMUNITY_CENTRE,
        &["community centre", "community center", "youth centre", "youth center", "recreation center"],
    ),
    (category::PHARMACY, &["pharmacy", "drugstore", "chemist"]),
    (category::MARKET, &["market"]),
    (category::SPORT, &["sport", "pitch", "gym", "recreation facility"]),
    (category::CAFE, &["cafe"]),
];

/// Places that are for some people only, so that they stand for no doctor and no centre of everybody.
const FOR_SOME: &[&str] = &[
    "aid",
    "aids",
    "dental",
    "dentist",
    "dialysis",
    "hiv",
    "homeless",
    "mental",
    "psychiatric",
    "veterinary",
    "prison",
];

/// The category that the words of a name say; `Err` with the word where it is for some people only.
pub(super) fn category_of(words: &str) -> Result<Option<&'static str>, &'static str> {
    let named = SERVICES.iter().find(|(_, phrases)| says_any(words, phrases)).map(|(category, _)| *category);
    match (named, FOR_SOME.iter().find(|word| says(words, word))) {
        (Some(_), Some(word)) => Err(word),
        (named, _) => Ok(named),
    }
}

/// Parks and what is like them.
pub(super) const GREEN: &[&str] = &["park", "green", "green space", "garden", "playground", "wood", "forest"];

/// How likely the areas of a file are what people call a neighbourhood, by the words of its name: the highest first.
const AREAS: &[(&str, u32)] = &[
    ("neighbourhood", 100),
    ("neighborhood", 100),
    ("quarter", 95),
    ("barrio", 95),
    ("suburb", 95),
    ("ward", 85),
    ("district", 75),
    ("borough", 75),
    ("tract", 65),
    ("city", 60),
    ("municipality", 60),
    ("taz", 55),
    ("zone", 50),
    ("cell", 50),
    ("hexgrid", 50),
    ("block group", 40),
    ("zip code", 30),
    ("boundary", 20),
    ("block", 10),
];

/// How likely areas are neighbourhoods, and the word that says so.
pub(super) fn area_rank(words: &str) -> (u32, Option<&'static str>) {
    // A commission is elected, and seldom what people call where they live.
    let lowered = if says(words, "commission") { 20 } else { 0 };
    let found = AREAS.iter().find(|(word, _)| says(words, word));
    found.map_or((5, None), |(word, rank)| (rank - lowered, Some(*word)))
}

/// Words for a second level of boundaries.
pub(super) const DISTRICTS: &[&str] = &["ward", "district", "borough"];

/// Kinds of barriers by the words of a name.
pub(super) const BARRIERS: &[(&str, &[&str])] = &[
    ("railway", &["railway", "rail", "railroad"]),
    ("water", &["river", "water", "canal", "lake"]),
    ("motorway", &["motorway", "freeway"]),
];

/// Names of columns, in lower case, the most telling first; `#` is a year, of which the latest counts.
pub(super) const RESIDENTS: &[&str] = &[
    "residents",
    "population",
    "people",
    "inhabitants",
    "persons",
    "total_population",
    "totpop",
    "pop_total",
    "total_pop",
    "pop",
    "p1_001n",
    "p0010001",
    "pop20",
    "pop100",
    "pop10",
    "b01003_001e",
    "b01003_e001",
    "pop#",
    "population_#",
    "pop_#",
    "fulltotal",
];
pub(super) const DWELLINGS: &[&str] =
    &["dwellings", "housing_units", "housing20", "hse_units", "h1_001n", "h0010001", "tothouseun"];
pub(super) const JOBS: &[&str] =
    &["jobs", "employees", "employment", "totemp", "total_jobs", "jobs_total", "workplaces", "c000"];
pub(super) const NAMES: &[&str] =
    &["nbh_names", "name", "fullname", "label", "title", "storename", "name_en", "namelsad"];
pub(super) const CODES: &[&str] =
    &["code", "zone_code", "zoning_code", "zonecode", "zoning", "zone_class", "zoning_district"];
pub(super) const STREET_CLASS: &[&str] = &["highway", "fclass", "class", "road_class", "mtfcc", "type"];
/// What is an id by its name; a running number of the program that wrote the file comes last.
pub(super) const IDS: &[&str] = &[
    "id", "geoid20", "geoid10", "geoid", "gisjoin", "code", "gis_id", "stfid", "fips", "zone_id", "zone",
    "@id", "osm_id", "linearid", "objectid",
];

/// Groups of residents, by the names of their columns in lower case.
pub(super) const GROUPS: &[(&str, &[&str])] = &[
    ("asian", &["asian", "asians", "p0020008"]),
    ("black", &["black", "blacks", "p0020006"]),
    ("hispanic", &["hispanic", "hispanics", "p0020002"]),
    ("over_65", &["over_65", "age_65_up", "age65plus", "aged_65_plus"]),
    ("white", &["white", "whites", "p0020005"]),
    ("without_car", &["without_car"]),
];

/// Indicators that scores read, by the names that others give them, in lower case.
pub(super) const INDICATORS: &[(&str, &[&str])] = &[
    ("households", &["households", "tothh", "hh"]),
    ("median_home_value", &["median_home_value", "medianvalu", "b25077_001e", "b25077_e001"]),
    ("median_income", &["median_income", "medincome", "med_income", "b19013_001e", "b19013_e001"]),
    ("median_rent", &["median_rent", "b25064_001e", "b25064_e001"]),
];

/// Numbers that the American Community Survey writes where there is none.
pub(super) const SENTINELS: [f64; 6] =
    [-999_999_999.0, -888_888_888.0, -666_666_666.0, -333_333_333.0, -222_222_222.0, -555_555_555.0];

/// TIGER's classes of roads (MTFCC) as classes of OpenStreetMap.
pub(super) const MTFCC: [(&str, &str); 14] = [
    ("S1100", "motorway"),
    ("S1200", "secondary"),
    ("S1400", "residential"),
    ("S1500", "track"),
    ("S1630", "motorway_link"),
    ("S1640", "service"),
    ("S1710", "pedestrian"),
    ("S1720", "steps"),
    ("S1730", "service"),
    ("S1740", "service"),
    ("S1750", "service"),
    ("S1780", "service"),
    ("S1820", "cycleway"),
    ("S1830", "bridleway"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_a_file_holds() {
        let category = |name: &str| category_of(&words_of(name));
        assert_eq!(category("Public_Schools"), Ok(Some(category::SCHOOL)));
        assert_eq!(category("places-of-worship"), Ok(Some(category::PLACE_OF_WORSHIP)));
        assert_eq!(category("child-development-centers"), Ok(Some(category::CHILDCARE)));
        assert_eq!(category("libraries"), Ok(Some(category::LIBRARY)));
        assert_eq!(category("churches"), Ok(Some(category::PLACE_OF_WORSHIP)));
        assert_eq!(category("dialysis-clinics"), Err("dialysis"));
        assert_eq!(category("bus stops"), Ok(None));
        assert!(
            area_rank(&words_of("neighborhood-clusters"))
                > area_rank(&words_of("advisory-neighborhood-commission"))
        );
    }
}
