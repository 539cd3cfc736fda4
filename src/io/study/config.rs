//! `study.toml`: which files a study is made of, and what their columns mean.

use super::streets::LineColumns;
use crate::model::{Ranges, TravelSettings};
use crate::toml_text::read_toml;
use crate::{Error, ErrorKind, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// A whole `study.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StudyFile {
    pub name: String,
    #[serde(default)]
    pub made_data: bool,
    pub crs: Option<String>,
    pub walking_speed_kmh: Option<f64>,
    pub max_snap_distance_m: Option<f64>,
    pub jobs_standard: Option<f64>,
    #[serde(default)]
    pub ranges: RangesTable,
    #[serde(default)]
    pub travel: TravelSettings,
    #[serde(default)]
    pub modes: Vec<ModeTable>,
    #[serde(default)]
    pub transit: Vec<TransitTable>,
    pub transit_times: Option<TransitTimes>,
    pub osm: Option<OsmTable>,
    pub neighbourhoods: Option<NeighbourhoodTable>,
    pub homes: Option<HomeTable>,
    pub census: Option<CensusTable>,
    #[serde(default)]
    pub services: Vec<ServiceTable>,
    pub jobs: Option<JobTable>,
    #[serde(default)]
    pub green_space: Vec<GreenSpaceTable>,
    pub streets: Option<StreetTable>,
    pub elevation: Option<ElevationTable>,
    pub zoning: Option<ZoningTable>,
    pub parcels: Option<ParcelTable>,
    #[serde(default)]
    pub barriers: Vec<BarrierTable>,
    #[serde(default)]
    pub indicators: Vec<IndicatorTable>,
    #[serde(default)]
    pub prices: BTreeMap<String, f64>,
}

/// `modes`: another travel mode, or public transport.
#[derive(Debug, Clone)]
pub(super) enum ModeTable {
    Transit(TransitMode),
    Streets(TravelSettings),
}

/// `ranges = true`, or the table `[ranges]`.
#[derive(Debug, Clone, Default)]
pub(super) struct RangesTable(pub Option<Ranges>);

/// By the type, so that a wrong key is named as in any other table.
impl<'de> Deserialize<'de> for RangesTable {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match toml::Value::deserialize(deserializer)? {
            toml::Value::Boolean(is_asked) => Ok(Self(is_asked.then(Ranges::default))),
            table @ toml::Value::Table(_) => match table.try_into() {
                Ok(ranges) => Ok(Self(Some(ranges))),
                Err(error) => Err(serde::de::Error::custom(error.message())),
            },
            _ => Err(serde::de::Error::custom("`ranges` is true, false or a table")),
        }
    }
}

/// By the profile, so that a wrong key is named as in any other table.
impl<'de> Deserialize<'de> for ModeTable {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let table = toml::Table::deserialize(deserializer)?;
        let is_transit = table.get("profile").and_then(toml::Value::as_str) == Some("transit");
        let table = toml::Value::Table(table);
        let mode = if is_transit {
            table.try_into().map(Self::Transit)
        } else {
            table.try_into().map(Self::Streets)
        };
        mode.map_err(|error| serde::de::Error::custom(error.message()))
    }
}

/// `{ profile = "transit" }`, with the keys of `[transit_times]` if one likes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TransitMode {
    #[serde(rename = "profile")]
    _profile: OnlyTransit,
    date: Option<DateText>,
    depart: Option<String>,
    percentile: Option<f64>,
    longest_minutes: Option<f64>,
    standard_minutes: Option<f64>,
    #[serde(default)]
    compare: Vec<SliceTable>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
enum OnlyTransit {
    #[serde(rename = "transit")]
    Transit,
}

impl TransitMode {
    /// The times of day that it asks for, if any.
    pub fn times(&self) -> Option<TransitTimes> {
        Some(TransitTimes {
            name: None,
            date: self.date.clone()?,
            depart: self.depart.clone()?,
            percentile: self.percentile,
            longest_minutes: self.longest_minutes,
            standard_minutes: self.standard_minutes,
            compare: self.compare.clone(),
        })
    }
}

/// `[[transit]]`: a timetable, a zip file or a folder.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TransitTable {
    pub file: String,
    #[serde(default)]
    pub blank_times: BlankTimes,
}

/// How calls without a time get one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum BlankTimes {
    /// By distance along the shape of the trip.
    #[default]
    Shape,
    /// By straight lines from stop to stop.
    Line,
    /// Evenly.
    Even,
}

/// `[transit_times]`: when people travel by public transport.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TransitTimes {
    pub name: Option<String>,
    pub date: DateText,
    pub depart: String,
    pub percentile: Option<f64>,
    pub longest_minutes: Option<f64>,
    pub standard_minutes: Option<f64>,
    #[serde(default)]
    pub compare: Vec<SliceTable>,
}

/// Another time of day to set beside the first.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SliceTable {
    pub name: String,
    pub date: Option<DateText>,
    pub depart: String,
}

/// A date as TOML or as text.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum DateText {
    Date(toml::value::Datetime),
    Text(String),
}

impl DateText {
    pub fn to_text(&self) -> String {
        match self {
            Self::Date(date) => date.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

impl StudyFile {
    /// Every file that the study names.
    pub fn files(&self) -> Vec<String> {
        let sources = self
            .neighbourhoods
            .iter()
            .map(NeighbourhoodTable::source)
            .chain(self.homes.iter().map(HomeTable::source))
            .chain(self.census.iter().map(CensusTable::source))
            .chain(self.services.iter().map(ServiceTable::source))
            .chain(self.jobs.iter().map(JobTable::source))
            .chain(self.green_space.iter().map(GreenSpaceTable::source))
            .chain(self.streets.iter().map(StreetTable::source))
            .chain(self.zoning.iter().map(ZoningTable::source))
            .chain(self.parcels.iter().map(ParcelTable::source))
            .chain(self.barriers.iter().map(BarrierTable::source))
            .chain(self.indicators.iter().map(IndicatorTable::source));
        let mut files: Vec<String> = sources
            .flat_map(|source| [Some(source.file), source.join.map(|join| join.file)])
            .flatten()
            .collect();
        files.extend(self.green_space.iter().filter_map(|table| table.entrances.clone()));
        files.extend(self.osm.iter().map(|table| table.file.clone()));
        files.extend(self.transit.iter().map(|table| table.file.clone()));
        files.extend(self.elevation.iter().map(|table| table.file.clone()));
        files
    }
}

/// `[osm]`: one extract for every layer without a table of its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OsmTable {
    pub file: String,
    pub neighbourhoods_admin_level: Option<u8>,
    pub homes: Option<OsmHomes>,
    #[serde(default)]
    pub services: OsmServices,
}

/// `[osm] services`: which kinds of places are taken from the extract.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum OsmServices {
    /// Those that it knows enough of.
    #[default]
    Enough,
    /// All of them.
    All,
}

/// `[osm] homes`: which buildings are homes; without it those that are likely, as long as they are enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum OsmHomes {
    /// Buildings that say so.
    Stated,
    /// Plain buildings too, where nothing speaks against homes.
    Likely,
    /// Every plain building without another use.
    Any,
    /// No building: positions along streets.
    Streets,
}

/// `[homes] spread`: where in a cell its people live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Spread {
    /// At its middle.
    Cells,
    /// On the buildings of the extract, by floor area.
    Buildings,
    /// At positions along streets.
    Streets,
}

/// `[elevation]`: heights of the ground in metres, a GeoTIFF.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ElevationTable {
    pub file: String,
    pub crs: Option<String>,
}

/// `join`: a table that is joined by the layer's id.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Join {
    pub file: String,
    #[serde(default = "default_id")]
    pub id: String,
}

fn default_id() -> String {
    "id".into()
}

/// A value of `where`, written as text, number or truth value.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Scalar {
    Truth(bool),
    Integer(i64),
    Number(f64),
    Text(String),
}

impl Scalar {
    pub fn to_text(&self) -> String {
        match self {
            Self::Truth(value) => value.to_string(),
            Self::Integer(value) => value.to_string(),
            Self::Number(value) => value.to_string(),
            Self::Text(value) => value.clone(),
        }
    }
}

/// What every layer table can say about its file.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub file: String,
    pub id: Option<String>,
    pub crs: Option<String>,
    pub layer: Option<String>,
    pub x: Option<String>,
    pub y: Option<String>,
    pub h3: Option<String>,
    pub filter: BTreeMap<String, Vec<Scalar>>,
    pub join: Option<Join>,
}

/// A layer table with the keys that all of them share. (`serde(flatten)` would let unknown keys pass.)
macro_rules! layer_table {
    ($(#[$doc:meta])* $name:ident $([$file:meta])? { $($(#[$attribute:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name {
            $(#[$file])?
            pub file: String,
            pub id: Option<String>,
            pub crs: Option<String>,
            pub layer: Option<String>,
            pub x: Option<String>,
            pub y: Option<String>,
            pub h3: Option<String>,
            #[serde(default, rename = "where")]
            pub filter: BTreeMap<String, Vec<Scalar>>,
            pub join: Option<Join>,
            $($(#[$attribute])* pub $field: $type,)*
        }

        impl $name {
            /// The keys that all layer tables share.
            pub fn source(&self) -> Source {
                Source {
                    file: self.file.clone(),
                    id: self.id.clone(),
                    crs: self.crs.clone(),
                    layer: self.layer.clone(),
                    x: self.x.clone(),
                    y: self.y.clone(),
                    h3: self.h3.clone(),
                    filter: self.filter.clone(),
                    join: self.join.clone(),
                }
            }
        }
    };
}

layer_table! {
    /// `[neighbourhoods]`: polygons.
    NeighbourhoodTable { name: Option<String>, }
}

layer_table! {
    /// `[homes]`: points or polygons, or the cells of a raster.
    HomeTable [serde(default)] {
        raster: Option<String>,
        spread: Option<Spread>,
        residents: Option<String>,
        dwellings: Option<String>,
        workers: Option<String>,
        #[serde(default)]
        groups: BTreeMap<String, String>,
    }
}

layer_table! {
    /// `[census]`: polygons whose residents are spread over the homes inside.
    CensusTable {
        residents: Option<String>,
        #[serde(default)]
        groups: BTreeMap<String, String>,
    }
}

layer_table! {
    /// `[[services]]`: points or polygons with a category.
    ServiceTable {
        category: Option<String>,
        category_column: Option<String>,
        categories: Option<BTreeMap<String, String>>,
        name: Option<String>,
        capacity: Option<String>,
        count: Option<String>,
        opening_hours: Option<String>,
    }
}

layer_table! {
    /// `[jobs]`: points or polygons with a count.
    JobTable {
        jobs: Option<String>,
        #[serde(default)]
        classes: BTreeMap<String, String>,
    }
}

layer_table! {
    /// `[[green_space]]`: polygons.
    GreenSpaceTable {
        name: Option<String>,
        entrances: Option<String>,
        entrances_park: Option<String>,
    }
}

layer_table! {
    /// `[streets]`: lines, or an OpenStreetMap extract.
    StreetTable {
        class: Option<String>,
        #[serde(default)]
        classes: BTreeMap<String, String>,
        name: Option<String>,
        oneway: Option<String>,
        speed_limit_kmh: Option<String>,
        speed_limit_mph: Option<String>,
    }
}

impl StreetTable {
    /// What the columns of a line file mean.
    pub fn columns(&self) -> LineColumns {
        LineColumns {
            class: self.class.clone(),
            classes: self.classes.clone(),
            name: self.name.clone(),
            oneway: self.oneway.clone(),
            speed_limit_kmh: self.speed_limit_kmh.clone(),
            speed_limit_mph: self.speed_limit_mph.clone(),
        }
    }
}

layer_table! {
    /// `[zoning]`: polygons with a code.
    ZoningTable {
        code: Option<String>,
        homes: Option<Vec<String>>,
        apartments: Option<Vec<String>>,
        #[serde(default)]
        rules: toml::Table,
        #[serde(default)]
        columns: BTreeMap<String, RuleColumn>,
        #[serde(default)]
        assumptions: ZoningAssumptions,
    }
}

layer_table! {
    /// `[parcels]`: lots with what stands on them.
    ParcelTable {
        code: Option<String>,
        dwellings: Option<String>,
        other_floor_m2: Option<String>,
        year_built: Option<String>,
        one_family: Option<String>,
        #[serde(default)]
        columns: BTreeMap<String, RuleColumn>,
    }
}

/// A column of rules: of shares and numbers its name, of quantities `{ per_acre = "COLUMN" }`.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum RuleColumn {
    Plain(String),
    WithUnit(BTreeMap<String, String>),
}

/// `[zoning.assumptions]`: what rules leave open.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ZoningAssumptions {
    pub dwelling_m2: Option<f64>,
    pub efficiency: Option<f64>,
    pub storey_m: Option<f64>,
    pub stall_m2: Option<f64>,
    pub whole_lots: Option<bool>,
    pub net_share: Option<f64>,
}

layer_table! {
    /// `[[barriers]]`: lines or areas that people cross only at bridges and crossings.
    BarrierTable {
        kind: Option<String>,
        kind_column: Option<String>,
        kinds: Option<BTreeMap<String, String>>,
        name: Option<String>,
    }
}

layer_table! {
    /// `[[indicators]]`: a table by neighbourhood, or polygons with boundaries of their own.
    IndicatorTable {
        year: i32,
        #[serde(default)]
        columns: BTreeMap<String, String>,
        #[serde(default)]
        missing: Vec<f64>,
        #[serde(default)]
        own_boundaries: bool,
    }
}

/// Reads a `study.toml`.
pub(super) fn read(path: &Path) -> Result<StudyFile> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Error::new(ErrorKind::Io, format!("cannot read `{}`: {error}", path.display()))
            .hint("a study is a folder with a `study.toml`, or the path of such a file")
    })?;
    parse(&text, &path.display().to_string())
}

fn parse(text: &str, file: &str) -> Result<StudyFile> {
    read_toml(text, "study.toml", file, ErrorKind::Study)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_names_its_line_and_the_nearest_key() {
        let error =
            parse("name = \"A\"\n[homes]\nfile = \"a.csv\"\nresidnts = \"n\"\n", "study.toml").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`residnts` is not a key of study.toml here\n  in layer `study.toml, line 4`\n\
             hint: did you mean `residents`?"
        );
    }

    #[test]
    fn modes_are_streets_or_transit_and_name_a_wrong_key() {
        let study = |modes: &str| parse(&format!("name = \"A\"\nmodes = [{modes}]\n"), "study.toml");
        let read = study(
            "{ profile = \"car\" }, { profile = \"transit\", date = 2024-06-03, depart = \"7:00-9:00\", \
             compare = [{ name = \"night\", depart = \"22:00-23:00\" }] }",
        )
        .unwrap();
        let [ModeTable::Streets(car), ModeTable::Transit(transit)] = &read.modes[..] else { panic!() };
        assert_eq!(car.profile, crate::model::Traveller::Car);
        let times = transit.times().unwrap();
        assert_eq!((times.date.to_text().as_str(), times.compare.len()), ("2024-06-03", 1));
        for (modes, near) in [
            ("{ profile = \"car\", sped_kmh = 3 }", "speed_kmh"),
            ("{ profile = \"transit\", departs = \"7:00\" }", "depart"),
        ] {
            let error = study(modes).unwrap_err();
            assert!(error.to_string().contains(&format!("did you mean `{near}`?")), "{error}");
        }
    }

    #[test]
    fn an_unknown_table_is_found_too() {
        let error = parse("name = \"A\"\n[neighborhoods]\nfile = \"a\"\n", "study.toml").unwrap_err();
        assert!(error.to_string().contains("did you mean `neighbourhoods`?"), "{error}");
    }

    #[test]
    fn a_wrong_type_names_its_line() {
        let error = parse("name = \"A\"\nwalking_speed_kmh = \"fast\"\n", "study.toml").unwrap_err();
        assert!(
            error.to_string().contains("line 2") && error.to_string().contains("cannot be understood"),
            "{error}"
        );
    }

    #[test]
    fn values_of_where_may_be_numbers() {
        let study =
            parse("name = \"A\"\n[jobs]\nfile = \"a\"\nwhere = { kind = [1, \"b\", true] }\n", "f").unwrap();
        let texts: Vec<String> = study.jobs.unwrap().filter["kind"].iter().map(Scalar::to_text).collect();
        assert_eq!(texts, ["1", "b", "true"]);
    }
}
