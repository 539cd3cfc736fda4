//! `study.toml`: which files a study is made of, and what their columns mean.

use super::streets::LineColumns;
use crate::model::{Ranges, Source as DataSource, TravelSettings};
use crate::toml_text::read_toml;
use crate::{Error, ErrorKind, Result};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// A whole `study.toml`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StudyFile {
    /// What the place is called, as the report says it.
    pub name: String,
    /// Whether the data is made and not measured, which every output then says. Default: false.
    #[serde(default)]
    pub made_data: bool,
    /// Metric coordinate reference system in which all is computed (`EPSG:25832`). Default: that of the neighbourhoods, or the UTM zone of their middle.
    pub crs: Option<String>,
    /// Speed of an adult on a good flat street, in km/h, above 0 and at most 15. Default: 4.8.
    pub walking_speed_kmh: Option<f64>,
    /// How far from the nearest street a place may lie, in metres. Default: 250.
    pub max_snap_distance_m: Option<f64>,
    /// How many jobs within 15 minutes are enough for work to count as reached.
    pub jobs_standard: Option<f64>,
    /// Low, expected and high of every share of access, over walking speeds, thresholds and ways to join the street.
    #[serde(default)]
    pub ranges: RangesTable,
    /// Who travels, and what differs from the tables of that profile.
    #[serde(default)]
    pub travel: TravelSettings,
    /// Other travel modes to jobs, to set beside the study's own: `[{ profile = "car" }]`.
    #[serde(default)]
    pub modes: Vec<ModeTable>,
    /// Timetables.
    #[serde(default)]
    pub transit: Vec<TransitTable>,
    /// When people travel by public transport.
    pub transit_times: Option<TransitTimes>,
    /// An OpenStreetMap extract, which gives every layer that has no table of its own.
    pub osm: Option<OsmTable>,
    /// The areas that are scored.
    pub neighbourhoods: Option<NeighbourhoodTable>,
    /// A second level of boundaries, for which scores are rolled up.
    pub districts: Option<DistrictTable>,
    /// Where people live.
    pub homes: Option<HomeTable>,
    /// Residents by census area, spread over the homes inside.
    pub census: Option<CensusTable>,
    /// Schools, clinics, places of worship and other places that people need.
    #[serde(default)]
    pub services: Vec<ServiceTable>,
    /// Places of work.
    pub jobs: Option<JobTable>,
    /// Parks, woods and other green space that is open to all.
    #[serde(default)]
    pub green_space: Vec<GreenSpaceTable>,
    /// Streets and paths.
    pub streets: Option<StreetTable>,
    /// Heights of the ground.
    pub elevation: Option<ElevationTable>,
    /// What may be built where.
    pub zoning: Option<ZoningTable>,
    /// Lots with what stands on them.
    pub parcels: Option<ParcelTable>,
    /// What cuts neighbours off from each other: motorways, railways, waters.
    #[serde(default)]
    pub barriers: Vec<BarrierTable>,
    /// Figures by neighbourhood and year: incomes, rents, tenure, survey answers.
    #[serde(default)]
    pub indicators: Vec<IndicatorTable>,
    /// Consumer price index by year, to compare money of different years.
    #[serde(default)]
    pub prices: BTreeMap<String, f64>,
    /// Where the data comes from: who must be named beside every map.
    #[serde(default)]
    pub sources: Vec<SourceTable>,
}

/// `[[sources]]`: where data comes from, for the credit line of maps and pages.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceTable {
    /// What it is and who made it.
    title: String,
    /// What of the study comes from it: `Streets`.
    layer: Option<String>,
    /// The year that it describes, or years in words.
    year: Option<YearText>,
    /// Under which licence it may be used.
    licence: Option<String>,
    /// The words that its licence asks for, in place of the title.
    credit: Option<String>,
    /// Where to read more, an address of the web.
    address: Option<String>,
}

/// A year, or years in words: `"2010 and 2020"`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
enum YearText {
    Year(i32),
    Text(String),
}

impl SourceTable {
    pub fn to_source(&self) -> DataSource {
        let year = self.year.as_ref().map(|year| match year {
            YearText::Year(year) => year.to_string(),
            YearText::Text(text) => text.clone(),
        });
        DataSource {
            title: self.title.clone(),
            layer: self.layer.clone(),
            year,
            licence: self.licence.clone(),
            credit: self.credit.clone(),
            address: self.address.clone(),
        }
    }
}

/// `modes`: another travel mode, or public transport.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(untagged)]
pub(super) enum ModeTable {
    Transit(TransitMode),
    Streets(TravelSettings),
}

/// `ranges = true`, or the table `[ranges]`.
#[derive(Debug, Clone, Default, JsonSchema)]
pub(super) struct RangesTable(#[schemars(with = "TruthOr<Ranges>")] pub Option<Ranges>);

/// True or false, or a table that says more.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "the shape of what is read by hand")]
enum TruthOr<T> {
    Truth(bool),
    Table(T),
}

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
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TransitMode {
    /// `transit`.
    #[serde(rename = "profile")]
    _profile: OnlyTransit,
    /// A day with service, `2024-06-03`. Default: that of `[transit_times]`.
    date: Option<DateText>,
    /// Window of departures, `7:00-9:00`.
    depart: Option<String>,
    /// Percentile of the times over the window, 0 to 100. Default: 50, the median.
    percentile: Option<f64>,
    /// Journeys are searched up to so many minutes.
    longest_minutes: Option<f64>,
    /// What counts as near, in minutes.
    standard_minutes: Option<f64>,
    /// Other times of day to set beside it.
    #[serde(default)]
    compare: Vec<SliceTable>,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TransitTable {
    /// A GTFS feed: a zip file or a folder.
    pub file: String,
    /// How calls without a time get one. Default: by distance along the shape.
    #[serde(default)]
    pub blank_times: BlankTimes,
}

/// How calls without a time get one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TransitTimes {
    /// What this time of day is called in the results.
    pub name: Option<String>,
    /// A day with service, `2024-06-03`.
    pub date: DateText,
    /// Window of departures, `7:00-9:00`.
    pub depart: String,
    /// Percentile of the times over the window, 0 to 100. Default: 50, the median.
    pub percentile: Option<f64>,
    /// Journeys are searched up to so many minutes.
    pub longest_minutes: Option<f64>,
    /// What counts as near, in minutes.
    pub standard_minutes: Option<f64>,
    /// Other times of day to set beside it: the night, a Sunday.
    #[serde(default)]
    pub compare: Vec<SliceTable>,
}

/// Another time of day to set beside the first.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SliceTable {
    /// What it is called in the results.
    pub name: String,
    /// The day; default: that of the first.
    pub date: Option<DateText>,
    /// Window of departures, `22:00-23:00`.
    pub depart: String,
}

/// A date as TOML or as text.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum DateText {
    Date(#[schemars(with = "String")] toml::value::Datetime),
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
            .chain(self.districts.iter().map(DistrictTable::source))
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
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OsmTable {
    /// The extract, `.osm.pbf`.
    pub file: String,
    /// `admin_level` of the boundaries that are the neighbourhoods.
    pub neighbourhoods_admin_level: Option<u8>,
    /// Which buildings are homes. Default: those that are likely, as long as they are enough.
    pub homes: Option<OsmHomes>,
    /// Which kinds of places are taken from it. Default: those that it knows enough of.
    #[serde(default)]
    pub services: OsmServices,
}

/// `[osm] services`: which kinds of places are taken from the extract.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum OsmServices {
    /// Those that it knows enough of.
    #[default]
    Enough,
    /// All of them.
    All,
}

/// `[osm] homes`: which buildings are homes; without it those that are likely, as long as they are enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ElevationTable {
    /// A GeoTIFF of heights in metres.
    pub file: String,
    /// Its coordinate reference system, where the file does not say.
    pub crs: Option<String>,
}

/// `join`: a table that is joined by the layer's id.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Join {
    /// The table: CSV or Parquet.
    pub file: String,
    /// Its column with the ids. Default: `id`.
    #[serde(default = "default_id")]
    pub id: String,
}

fn default_id() -> String {
    "id".into()
}

/// A value of `where`, written as text, number or truth value.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
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
        #[derive(Debug, Clone, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name {
            /// The file, from the folder of `study.toml` or `--data`: GeoJSON, GeoPackage, Shapefile, GeoParquet, or CSV with coordinates.
            $(#[$file])?
            pub file: String,
            /// Column with an id, unique by row. Default: row numbers.
            pub id: Option<String>,
            /// Coordinate reference system, where the file does not say or is wrong.
            pub crs: Option<String>,
            /// Which layer of a GeoPackage.
            pub layer: Option<String>,
            /// Column of a CSV with x or the longitude.
            pub x: Option<String>,
            /// Column of a CSV with y or the latitude.
            pub y: Option<String>,
            /// Column of a CSV with H3 cells.
            pub h3: Option<String>,
            /// Rows to keep: column and values, `{ kind = ["school", "college"] }`.
            #[serde(default, rename = "where")]
            pub filter: BTreeMap<String, Vec<Scalar>>,
            /// A table that is joined by the id.
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
    NeighbourhoodTable {
        /// Column with the name. Default: the id.
        name: Option<String>,
    }
}

layer_table! {
    /// `[districts]`: polygons that hold the neighbourhoods; each of these belongs to the one with the largest part of its area.
    DistrictTable {
        /// Column with the name, unique by row. Default: `name`.
        name: Option<String>,
    }
}

layer_table! {
    /// `[homes]`: points or polygons, or the cells of a raster.
    HomeTable [serde(default)] {
        /// A GeoTIFF of people by cell (GHS-POP, WorldPop) instead of `file`.
        raster: Option<String>,
        /// Where in a cell its people live. Default: at its middle.
        spread: Option<Spread>,
        /// Column with the number of residents.
        residents: Option<String>,
        /// Column with the number of dwellings, which homes count by where residents are unknown.
        dwellings: Option<String>,
        /// Column with the number of residents who work.
        workers: Option<String>,
        /// Groups of residents: name and the column with their number, `{ older = "age_65_up" }`.
        #[serde(default)]
        groups: BTreeMap<String, String>,
    }
}

layer_table! {
    /// `[census]`: polygons whose residents are spread over the homes inside.
    CensusTable {
        /// Column with the number of residents.
        residents: Option<String>,
        /// Groups of residents: name and the column with their number.
        #[serde(default)]
        groups: BTreeMap<String, String>,
    }
}

layer_table! {
    /// `[[services]]`: points or polygons with a category.
    ServiceTable {
        /// What all rows are: `school`, `clinic`, `place_of_worship`, `grocery`, ...
        category: Option<String>,
        /// Column that says what each row is, instead of `category`.
        category_column: Option<String>,
        /// What values of `category_column` are called here; rows with other values are left out.
        categories: Option<BTreeMap<String, String>>,
        /// Column with the name.
        name: Option<String>,
        /// Column with the number of places, beds or seats.
        capacity: Option<String>,
        /// Column with how many there are; rows of 0 are left out.
        count: Option<String>,
        /// Column with opening hours, as OpenStreetMap writes them: `Mo-Fr 08:00-18:00; Sa 09:00-12:00`.
        opening_hours: Option<String>,
    }
}

layer_table! {
    /// `[jobs]`: points or polygons with a count.
    JobTable {
        /// Column with the number of jobs. Default: `jobs`.
        jobs: Option<String>,
        /// Classes of jobs (by pay, sector): name and the column with their number.
        #[serde(default)]
        classes: BTreeMap<String, String>,
    }
}

layer_table! {
    /// `[[green_space]]`: polygons.
    GreenSpaceTable {
        /// Column with the name.
        name: Option<String>,
        /// A file of points where it is entered.
        entrances: Option<String>,
        /// Column of that file with the id of the green space.
        entrances_park: Option<String>,
    }
}

layer_table! {
    /// `[streets]`: lines, or an OpenStreetMap extract.
    StreetTable {
        /// Column with the class of street.
        class: Option<String>,
        /// What its values are called in OpenStreetMap: `{ "1" = "motorway" }`.
        #[serde(default)]
        classes: BTreeMap<String, String>,
        /// Column with the name.
        name: Option<String>,
        /// Column that says in which direction vehicles may go: `yes`, `F` or `FT` along the line, `-1`, `T` or `TF` against it, `no` or `B` both ways.
        oneway: Option<String>,
        /// Column with the speed limit in km/h.
        speed_limit_kmh: Option<String>,
        /// Column with the speed limit in miles an hour.
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
        /// Column with the code.
        code: Option<String>,
        /// Codes that allow homes.
        homes: Option<Vec<String>>,
        /// Codes that allow apartment buildings.
        apartments: Option<Vec<String>>,
        /// Rules by code: `[zoning.rules.R1]` with `density = { per_acre = 40 }`, `far`, `height`, ...
        #[serde(default)]
        #[schemars(with = "BTreeMap<String, BTreeMap<String, serde_json::Value>>")]
        rules: toml::Table,
        /// Rules that stand in columns: the rule and its column, `{ density = { per_acre = "MAX_DU" } }`.
        #[serde(default)]
        columns: BTreeMap<String, RuleColumn>,
        /// What rules leave open.
        #[serde(default)]
        assumptions: ZoningAssumptions,
        /// Shares of the room for homes that are likely to be built; best from what recent permits were to what was allowed.
        likely: Option<LikelyShares>,
    }
}

layer_table! {
    /// `[parcels]`: lots with what stands on them.
    ParcelTable {
        /// Column with the zoning code. Default: that of the district around the lot.
        code: Option<String>,
        /// Column with the number of dwellings that stand on the lot.
        dwellings: Option<String>,
        /// Column with the floor area that is no dwelling, in square metres.
        other_floor_m2: Option<String>,
        /// Column with the year in which the building was built.
        year_built: Option<String>,
        /// Column that is above 0 where a one-family house stands.
        one_family: Option<String>,
        /// Rules that stand in columns of the lots.
        #[serde(default)]
        columns: BTreeMap<String, RuleColumn>,
    }
}

/// A column of rules: of shares and numbers its name, of quantities `{ per_acre = "COLUMN" }`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum RuleColumn {
    Plain(String),
    WithUnit(BTreeMap<String, String>),
}

/// `[zoning.assumptions]`: what rules leave open.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ZoningAssumptions {
    /// Gross floor area of a dwelling, in square metres.
    pub dwelling_m2: Option<f64>,
    /// Net over gross floor area, above 0, at most 1.
    pub efficiency: Option<f64>,
    /// Height of a storey, in metres.
    pub storey_m: Option<f64>,
    /// Area of a parking stall with its share of the aisle, in square metres.
    pub stall_m2: Option<f64>,
    /// Whether half a lot is no lot.
    pub whole_lots: Option<bool>,
    /// Share of a district that is left for lots, after streets and public land.
    pub net_share: Option<f64>,
    /// People in a dwelling, above 0: what stands on land of which no column counts the dwellings is then known from its residents.
    pub household_size: Option<f64>,
}

/// `[zoning.likely]`: shares of the room for homes that are built within the horizon of a plan, 0 to 1, rising.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LikelyShares {
    /// If little is built.
    pub low: f64,
    /// What is expected.
    pub expected: f64,
    /// If much is built.
    pub high: f64,
}

layer_table! {
    /// `[[barriers]]`: lines or areas that people cross only at bridges and crossings.
    BarrierTable {
        /// What all rows are: `motorway`, `railway` or `water`.
        kind: Option<String>,
        /// Column that says what each row is, instead of `kind`.
        kind_column: Option<String>,
        /// What values of `kind_column` are called here.
        kinds: Option<BTreeMap<String, String>>,
        /// Column with the name.
        name: Option<String>,
    }
}

layer_table! {
    /// `[[indicators]]`: a table by neighbourhood, or polygons with boundaries of their own.
    IndicatorTable {
        /// The year that the figures are of.
        year: i32,
        /// What columns are called here, where the file calls them otherwise: `{ median_income = "B19013_001" }`.
        #[serde(default)]
        columns: BTreeMap<String, String>,
        /// Numbers that stand for missing values: `[-666666666]`.
        #[serde(default)]
        missing: Vec<f64>,
        /// Whether the rows are polygons of their own, whose figures are carried over to the neighbourhoods. Default: false.
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
    fn all_unknown_keys_are_listed_at_once() {
        let text = "nam = \"B\"\nname = \"A\"\n[job]\nfile = \"j.csv\"\njobs = \"n\"\n[homes]\nfile = \"a.csv\"\nresidnts = \"n\"\nqzx = 1\n";
        let error = parse(text, "study.toml").unwrap_err();
        assert_eq!(
            error.to_string(),
            "4 keys are not known to study.toml: `nam` in line 1 (did you mean `name`?); `job` in line 3 (did you mean `jobs`?); \
             `residnts` in line 8 (did you mean `residents`?); `qzx` in line 9\n  in layer `study.toml`"
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
