//! Streets from a line file, joined where they share a vertex, or from an extract.

use super::config::{ElevationTable, StreetTable};
use super::layer::{Layer, must_exist};
use super::listing::{Listing, few};
use super::place::Place;
use crate::error::{nearest, quoted};
use crate::io::osm::OsmExtract;
use crate::io::read_relief;
use crate::model::{FeatureTable, Findings, STREET_CLASSES, Severity, Street, Tags};
use crate::progress::go_on;
use crate::{Crs, Error, ErrorKind, Progress, Result};
use geo::{Coord, Geometry, LineString, MultiLineString, Polygon};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// Streets of a line file.
pub(super) fn read(
    table: &StreetTable,
    root: &Path,
    place: &Place,
    findings: &mut Findings,
    progress: &dyn Progress,
) -> Option<Vec<Street>> {
    let layer = Layer::read("streets", &table.source(), root, findings)?;
    of_layer(&table.columns(), &layer, place, findings, progress)
}

/// What the columns of a table of lines mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineColumns {
    /// Column with the class of street.
    pub class: Option<String>,
    /// Value of `highway` for each class of the data; values that OpenStreetMap knows need none.
    pub classes: BTreeMap<String, String>,
    /// Column with the name of the street.
    pub name: Option<String>,
    /// Column that says in which direction vehicles may go: `yes`, `F` or `FT` along the line, `-1`, `T` or `TF` against
    /// it, `no` or `B` both ways.
    pub oneway: Option<String>,
    /// Column with the speed limit in km/h.
    pub speed_limit_kmh: Option<String>,
    /// Column with the speed limit in miles an hour.
    pub speed_limit_mph: Option<String>,
}

/// Streets of a table that is in memory, carried into a metric system.
pub(in crate::io) fn streets_of_table(
    table: FeatureTable,
    columns: &LineColumns,
    crs: &Crs,
    progress: &dyn Progress,
) -> Result<(Vec<Street>, Findings)> {
    let mut findings = Findings::default();
    let place = Place::new(Some(crs.clone()), &[]);
    let streets = Layer::of_table("streets", table, &mut findings)
        .and_then(|layer| of_layer(columns, &layer, &place, &mut findings, progress));
    go_on(progress)?;
    match streets {
        Some(streets) if !findings.has_errors() => Ok((streets, findings)),
        _ => {
            let errors: Vec<String> = findings.of(Severity::Error).map(ToString::to_string).collect();
            Err(Error::new(ErrorKind::Study, format!("the lines cannot be used:\n{}", errors.join("\n"))))
        }
    }
}

/// `None` if something is wrong, or `progress` asks to stop.
fn of_layer(
    table: &LineColumns,
    layer: &Layer,
    place: &Place,
    findings: &mut Findings,
    progress: &dyn Progress,
) -> Option<Vec<Street>> {
    let classes = read_classes(table, layer, findings);
    let names = match &table.name {
        Some(column) => layer.optional_texts(column, findings),
        None => Some(vec![None; layer.len()]),
    };
    let directions = read_directions(table, layer, findings);
    let limits = read_limits(table, layer, findings);
    let lines = place.geometries(layer, findings);
    let (classes, names, directions, limits, lines) = (classes?, names?, directions?, limits?, lines?);
    let mut known = Vertices::default();
    let mut streets = Vec::with_capacity(layer.len());
    let (mut others, mut points, mut long) = (0, Listing::default(), Listing::default());
    let has_lines = lines.iter().any(|line| parts(line).is_some());
    let mut squares = 0;
    for (index, line) in lines.iter().enumerate() {
        go_on(progress).ok()?;
        // A square among the streets is walked along its edge, as one of an extract is.
        let outline = if has_lines { outline(line) } else { None };
        squares += usize::from(outline.is_some());
        let is_area = outline.is_some().then_some(("area", "yes"));
        let line = outline.as_ref().unwrap_or(line);
        let tags: Tags = [("highway", classes[index].as_str())]
            .into_iter()
            .chain(names[index].as_deref().map(|name| ("name", name)))
            .chain(directions[index].map(|direction| ("oneway", direction)))
            .chain(limits[index].as_deref().map(|limit| ("maxspeed", limit)))
            .chain(is_area)
            .collect();
        let id = i64::try_from(layer.row_number(index)).unwrap_or(i64::MAX);
        match parts(line) {
            Some(lines) => {
                for line in lines {
                    let farthest = line.lines().map(|line| line.dx().hypot(line.dy())).fold(0.0, f64::max);
                    if farthest > LONGEST_SEGMENT_M {
                        let kilometres = format!("{:.0} km without a vertex", farthest / 1_000.0);
                        layer.list(&mut long, index, Some(&kilometres));
                    }
                    let vertices = line.0.iter().map(|place| known.id(*place)).collect();
                    match street(id, line.clone(), vertices, tags.clone()) {
                        Some(street) => streets.push(street),
                        None => layer.list(&mut points, index, None),
                    }
                }
            }
            None => others += 1,
        }
    }
    if !points.is_empty() {
        let error = points.error(ErrorKind::Geometry, "a street of a single point is left out");
        findings.warning(error.in_layer("streets"));
    }
    if !long.is_empty() {
        let error = long.error(ErrorKind::Geometry, "a street runs farther than any street does");
        findings.error(error.in_layer("streets").hint("is a coordinate of it wrong?"));
        return None;
    }
    if squares > 0 {
        let message = format!("{squares} rows are areas among the lines, and are walked along their edge");
        findings.note(Error::new(ErrorKind::Geometry, message).in_layer("streets"));
    }
    if others > 0 {
        let error =
            Error::new(ErrorKind::Geometry, format!("{others} rows are no lines")).in_layer("streets");
        findings.error(error.hint("the layer of streets must hold lines"));
        return None;
    }
    Some(streets)
}

/// The edge of an area as lines.
fn outline(geometry: &Geometry<f64>) -> Option<Geometry<f64>> {
    let edge = |area: &Polygon<f64>| area.exterior().clone();
    match geometry {
        Geometry::Polygon(area) => Some(edge(area).into()),
        Geometry::MultiPolygon(areas) => Some(MultiLineString::new(areas.iter().map(edge).collect()).into()),
        _ => None,
    }
}

fn parts(geometry: &Geometry<f64>) -> Option<Vec<&LineString<f64>>> {
    match geometry {
        Geometry::LineString(line) => Some(vec![line]),
        Geometry::MultiLineString(lines) => Some(lines.0.iter().collect()),
        _ => None,
    }
}

/// Vertices this near to each other are one, in metres. Files write one corner in several ways that differ in the last bits
/// (TIGER's for Washington 1,282 times); no survey is as exact as this.
const ONE_VERTEX_M: f64 = 1e-3;
/// Longest piece of a street between two vertices, in metres: longer than any bridge, and than the ferries of a city.
const LONGEST_SEGMENT_M: f64 = 300_000.0;
/// Side of the squares that vertices are looked up in, in metres.
const SQUARE_M: f64 = 1e-2;

/// The vertices so far, by the square that they lie in.
#[derive(Default)]
struct Vertices {
    in_square: HashMap<Square, Vec<(Coord<f64>, i64)>>,
    count: i64,
}

/// Column and row of a square.
type Square = (i64, i64);

impl Vertices {
    /// The id of a vertex: that of the first one as near as [`ONE_VERTEX_M`].
    fn id(&mut self, place: Coord<f64>) -> i64 {
        let square = |x: f64, y: f64| ((x / SQUARE_M).floor() as i64, (y / SQUARE_M).floor() as i64);
        let (low, high) = (
            square(place.x - ONE_VERTEX_M, place.y - ONE_VERTEX_M),
            square(place.x + ONE_VERTEX_M, place.y + ONE_VERTEX_M),
        );
        let around = (low.0..=high.0).flat_map(|x| (low.1..=high.1).map(move |y| (x, y)));
        let known = around.filter_map(|square| self.in_square.get(&square)).flatten();
        let near = known.filter(|(other, _)| (place.x - other.x).hypot(place.y - other.y) <= ONE_VERTEX_M);
        if let Some(id) = near.map(|(_, id)| *id).min() {
            return id;
        }
        let id = self.count;
        self.count += 1;
        self.in_square.entry(square(place.x, place.y)).or_default().push((place, id));
        id
    }
}

/// A street without repeated vertices; `None` if a single point is left.
fn street(id: i64, line: LineString<f64>, vertices: Vec<i64>, tags: Tags) -> Option<Street> {
    let mut coords = line.0;
    let mut kept = vertices.clone();
    let mut is_kept = (0..vertices.len()).map(|at| at == 0 || vertices[at] != vertices[at - 1]);
    coords.retain(|_| is_kept.next().unwrap_or_default());
    kept.dedup();
    (kept.len() >= 2).then(|| Street {
        id,
        line: LineString::new(coords),
        vertices: kept,
        tags,
        ..Street::default()
    })
}

/// The `highway` value of each row.
fn read_classes(table: &LineColumns, layer: &Layer, findings: &mut Findings) -> Option<Vec<String>> {
    const UNKNOWN: &str = "unclassified";
    let about = |message: String| Error::new(ErrorKind::Value, message).in_layer("streets");
    let Some(column) = &table.class else {
        findings.note(about(format!("the study names no `class`; every street is `highway={UNKNOWN}`")));
        return Some(vec![UNKNOWN.into(); layer.len()]);
    };
    let mut is_known = true;
    for (theirs, ours) in table.classes.iter().filter(|(_, ours)| !STREET_CLASSES.contains(&ours.as_str())) {
        is_known = false;
        let error = about(format!(
            "`classes` makes {} a {}, which is no class of street",
            quoted(theirs),
            quoted(ours)
        ));
        findings.error(error.in_column(column).hint(match nearest(ours, STREET_CLASSES.into_iter()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the classes are {}", STREET_CLASSES.join(", ")),
        }));
    }
    if !is_known {
        return None;
    }
    let mut unknown: BTreeMap<String, usize> = BTreeMap::new();
    let values = layer.optional_texts(column, findings)?;
    let class = |value: Option<String>| {
        let value = value.unwrap_or_default();
        match table.classes.get(&value) {
            Some(class) => class.clone(),
            None if STREET_CLASSES.contains(&value.as_str()) => value,
            None => {
                *unknown.entry(value).or_default() += 1;
                UNKNOWN.into()
            }
        }
    };
    let classes = values.into_iter().map(class).collect();
    if !unknown.is_empty() {
        let count: usize = unknown.values().sum();
        let values: Vec<String> = unknown.iter().map(|(value, count)| format!("{value} ({count})")).collect();
        let message =
            format!("{count} streets have a class without meaning and are `{UNKNOWN}`: {}", few(&values));
        findings.note(about(message).in_column(column).hint("say what they are with `classes = { ... }`"));
    }
    Some(classes)
}

/// The `oneway` value of each row; `None` where both ways are open or the file does not say.
fn read_directions(
    table: &LineColumns,
    layer: &Layer,
    findings: &mut Findings,
) -> Option<Vec<Option<&'static str>>> {
    let Some(column) = &table.oneway else { return Some(vec![None; layer.len()]) };
    let mut unknown: BTreeMap<String, usize> = BTreeMap::new();
    let directions = layer.optional_texts(column, findings)?.into_iter().map(|value| {
        let value = value.unwrap_or_default();
        match value.to_lowercase().as_str() {
            "yes" | "y" | "true" | "1" | "f" | "ft" => Some("yes"),
            "-1" | "reverse" | "t" | "tf" => Some("-1"),
            "" | "no" | "n" | "false" | "0" | "b" => None,
            _ => {
                *unknown.entry(value).or_default() += 1;
                None
            }
        }
    });
    let directions = directions.collect();
    if !unknown.is_empty() {
        let count: usize = unknown.values().sum();
        let values: Vec<String> = unknown.iter().map(|(value, count)| format!("{value} ({count})")).collect();
        let message = format!(
            "{count} streets are taken as open both ways, since their direction is unclear: {}",
            few(&values)
        );
        findings.warning(Error::new(ErrorKind::Value, message).in_layer("streets").in_column(column).hint(
            "along the line is `yes`, `F` or `FT`, against it `-1`, `T` or `TF`, both ways `no` or `B`",
        ));
    }
    Some(directions)
}

/// No street allows more, in km/h or miles an hour.
const HIGHEST_LIMIT: f64 = 200.0;

/// The `maxspeed` value of each row; 0 and empty cells say nothing.
fn read_limits(table: &LineColumns, layer: &Layer, findings: &mut Findings) -> Option<Vec<Option<String>>> {
    let (column, unit) = match (&table.speed_limit_kmh, &table.speed_limit_mph) {
        (Some(column), None) => (column, ""),
        (None, Some(column)) => (column, " mph"),
        (None, None) => return Some(vec![None; layer.len()]),
        (Some(_), Some(_)) => {
            let error =
                Error::new(ErrorKind::Study, "speed limits are given both in km/h and in miles an hour");
            findings
                .error(error.in_layer("streets").hint("keep one of `speed_limit_kmh` and `speed_limit_mph`"));
            return None;
        }
    };
    let (mut negative, mut fast) = (Listing::default(), Listing::default());
    let limits = layer.optional_numbers(column, findings)?;
    let texts = limits.iter().enumerate().map(|(index, limit)| {
        if limit.is_some_and(|limit| limit < 0.0) {
            layer.list(&mut negative, index, limit.map(|limit| limit.to_string()).as_deref());
        }
        if limit.is_some_and(|limit| limit > HIGHEST_LIMIT) {
            layer.list(&mut fast, index, limit.map(|limit| limit.to_string()).as_deref());
        }
        limit.filter(|limit| *limit > 0.0).map(|limit| format!("{limit}{unit}"))
    });
    let texts = texts.collect();
    if !fast.is_empty() {
        let error = fast.error(ErrorKind::Value, &format!("`{column}` is no speed limit of a street"));
        let hint = format!("limits go up to {HIGHEST_LIMIT}; what is missing must be an empty cell");
        findings.error(error.in_layer("streets").in_column(column).hint(hint));
        return None;
    }
    if !negative.is_empty() {
        let error = negative.error(ErrorKind::Value, &format!("`{column}` is negative"));
        findings.error(error.in_layer("streets").in_column(column));
        return None;
    }
    Some(texts)
}

/// Gives streets the heights of `[elevation]`.
pub(super) fn lay_on_ground(
    streets: &mut [Street],
    table: &ElevationTable,
    root: &Path,
    crs: &Crs,
    findings: &mut Findings,
) {
    let path = root.join(&table.file);
    let laid = must_exist(&path).and_then(|()| {
        let system = table.crs.as_deref().map(Crs::new).transpose()?;
        read_relief(streets, crs, &path, system)
    });
    match laid {
        Ok(found) => findings.append(found),
        Err(error) => findings.error(error.in_layer_of_file("elevation")),
    }
}

/// Streets of an extract.
pub(super) fn from_osm(osm: &OsmExtract, place: &Place, findings: &mut Findings) -> Option<Vec<Street>> {
    let to_metres = place.reprojector(&Crs::wgs84()).map_err(|error| findings.error(error)).ok()??;
    let mut streets = osm.streets.clone();
    for street in &mut streets {
        if let Err(error) = to_metres.in_place(&mut street.line) {
            findings.error(error.in_layer("streets").with_id(format!("way/{}", street.id)));
            return None;
        }
    }
    Some(streets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::line_string;

    #[test]
    fn a_corner_that_is_written_in_two_ways_is_one_vertex() {
        let mut known = Vertices::default();
        // Noise across the edge of a square, zero of either sign, and another corner a centimetre away.
        let places = [(0.01 + 1e-9, 1.0), (0.01 - 1e-9, 1.0), (0.0, 5.0), (-0.0, 5.0), (0.02, 1.0)];
        assert_eq!(places.map(|(x, y)| known.id(Coord { x, y })), [0, 0, 1, 1, 2]);
    }

    #[test]
    fn repeated_vertices_are_dropped() {
        let line = line_string![(x: 0., y: 0.), (x: 0., y: 0.), (x: 1., y: 0.)];
        let street = street(1, line.clone(), vec![7, 7, 8], Tags::default()).unwrap();
        assert_eq!((street.line.0.len(), street.vertices), (2, vec![7, 8]));
        assert!(super::street(1, line, vec![7, 7, 7], Tags::default()).is_none());
    }
}
