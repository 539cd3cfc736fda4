//! Services, jobs and green space: where people need to go.

use super::config::{GreenSpaceTable, JobTable, ServiceTable, Source};
use super::layer::{Layer, column_or_default, file_name, group_counts};
use super::listing::few;
use super::place::Place;
use crate::error::nearest;
use crate::io::osm::OsmExtract;
use crate::model::{
    Findings, GreenSpace, JobClass, OpeningHours, Service, Workplaces, category, lodes_meaning,
};
use crate::{Crs, Error, ErrorKind};
use geo::Point;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// Services of one table.
pub(super) fn read_services(
    table: &ServiceTable,
    root: &Path,
    place: &Place,
    findings: &mut Findings,
) -> Option<Vec<Service>> {
    let name = format!("services {}", file_name(&table.file));
    let mut layer = Layer::read(&name, &table.source(), root, findings)?;
    if let Some(column) = &table.count {
        drop_empty(&mut layer, column, findings)?;
    }
    let categories = read_categories(table, &mut layer, findings);
    let counts = match &table.count {
        // What is missing was reported when empty rows were dropped.
        Some(column) => layer.counts(column, &mut Findings::default()),
        None => Some(vec![1.0; layer.len()]),
    };
    let capacities = match &table.capacity {
        Some(column) => layer.optional_numbers(column, findings).and_then(|numbers| {
            let is_fine = numbers.iter().flatten().all(|number| *number >= 0.0);
            // `counts` lists the rows.
            if is_fine { Some(numbers) } else { layer.counts(column, findings).map(|_| numbers) }
        }),
        None => Some(vec![None; layer.len()]),
    };
    let names = read_names(&layer, table.name.as_deref(), findings);
    let hours = read_hours(&layer, table.opening_hours.as_deref(), findings);
    let points = place.points(&layer, findings);
    let (categories, counts, capacities, names, mut hours, points) =
        (categories?, counts?, capacities?, names?, hours?, points?);
    let services = (0..layer.len()).map(|index| Service {
        id: layer.ids()[index].clone(),
        name: names[index].clone(),
        category: categories[index].clone(),
        location: points[index],
        count: counts[index],
        capacity: capacities[index],
        opening_hours: hours[index].take(),
    });
    Some(services.collect())
}

/// Opening hours of every row; what is not of their syntax is not known, and reported once with the first such row.
fn read_hours(
    layer: &Layer,
    column: Option<&str>,
    findings: &mut Findings,
) -> Option<Vec<Option<OpeningHours>>> {
    let Some(column) = column else { return Some(vec![None; layer.len()]) };
    let texts = layer.optional_texts(column, findings)?;
    let mut refused: Vec<(usize, Error)> = Vec::new();
    let mut read = |(row, text): (usize, &Option<String>)| match OpeningHours::parse(text.as_deref()?) {
        Ok(hours) => Some(hours),
        Err(error) => {
            refused.push((row, error));
            None
        }
    };
    let hours = texts.iter().enumerate().map(&mut read).collect();
    if let Some((row, error)) = refused.first() {
        let message =
            format!("{} rows have opening hours that are not understood: {}", refused.len(), error.message());
        let error = Error::new(ErrorKind::Value, message).in_layer(&layer.name).with_id(&layer.ids()[*row]);
        findings.warning(
            error
                .in_column(column)
                .hint("their hours count as unknown: `Mo-Fr 08:00-12:00; Sa off` is understood"),
        );
    }
    Some(hours)
}

/// Names that the results use for work.
const RESERVED: [&str; 2] = ["jobs", "work"];

/// What other words for a category are called here.
pub(in crate::io) const OTHER_WORDS: [(&str, &str); 12] = [
    ("hospital", category::CLINIC),
    ("doctor", category::CLINIC),
    ("doctors", category::CLINIC),
    ("health", category::CLINIC),
    ("supermarket", category::GROCERY),
    ("shop", category::GROCERY),
    ("church", category::PLACE_OF_WORSHIP),
    ("mosque", category::PLACE_OF_WORSHIP),
    ("kindergarten", category::CHILDCARE),
    ("nursery", category::CHILDCARE),
    ("park", category::GREEN_SPACE),
    ("playground", category::GREEN_SPACE),
];

/// One category a row; rows with a value outside the map are dropped and counted.
fn read_categories(table: &ServiceTable, layer: &mut Layer, findings: &mut Findings) -> Option<Vec<String>> {
    let categories = match (&table.category, &table.category_column) {
        (Some(category), None) => vec![category.clone(); layer.len()],
        (None, Some(column)) => {
            let values = layer.optional_texts(column, findings)?;
            let map = |value: &Option<String>| match (&table.categories, value) {
                (Some(map), Some(value)) => map.get(value).cloned(),
                (None, Some(value)) => Some(value.clone()),
                (_, None) => None,
            };
            let found: Vec<Option<String>> = values.iter().map(map).collect();
            let mut dropped: BTreeMap<&str, usize> = BTreeMap::new();
            for value in
                values.iter().zip(&found).filter(|(_, found)| found.is_none()).map(|(value, _)| value)
            {
                *dropped.entry(value.as_deref().unwrap_or("")).or_default() += 1;
            }
            if !dropped.is_empty() {
                let count: usize = dropped.values().sum();
                let values: Vec<String> =
                    dropped.iter().map(|(value, count)| format!("{value} ({count})")).collect();
                let message = format!("{count} rows have no category and are left out: {}", few(&values));
                findings.note(Error::new(ErrorKind::Value, message).in_layer(&layer.name).in_column(column));
            }
            let is_kept: Vec<bool> = found.iter().map(Option::is_some).collect();
            layer.retain(&is_kept);
            found.into_iter().flatten().collect()
        }
        _ => {
            let error =
                Error::new(ErrorKind::Study, "a table of services needs `category` or `category_column`");
            findings.error(error.in_layer(&layer.name).hint("for example `category = \"school\"`"));
            return None;
        }
    };
    let mut unknown: Vec<&String> =
        categories.iter().filter(|one| !category::ALL.contains(&one.as_str())).collect();
    unknown.sort();
    unknown.dedup();
    for unknown in unknown {
        if unknown == category::BENCH {
            continue;
        }
        if RESERVED.contains(&unknown.as_str()) {
            let error = Error::new(ErrorKind::Value, format!("`{unknown}` is no category of services"));
            let error = error.in_layer(&layer.name);
            findings
                .error(error.hint("places of work stand in a table `[jobs]`; call the category otherwise"));
            return None;
        }
        let message = format!("`{unknown}` is a category of the study's own");
        let note = Error::new(ErrorKind::Value, message).in_layer(&layer.name);
        let same = OTHER_WORDS.iter().find(|(word, _)| unknown.eq_ignore_ascii_case(word));
        let known = same.map(|(_, category)| *category);
        let known = known.or_else(|| nearest(unknown, category::ALL.into_iter()));
        findings.note(match known {
            Some(near) => {
                note.hint(format!("did you mean `{near}`? The scores look for the names they know"))
            }
            None => note,
        });
    }
    Some(categories)
}

/// Leaves out the rows that stand for nothing.
fn drop_empty(layer: &mut Layer, column: &str, findings: &mut Findings) -> Option<()> {
    let is_kept: Vec<bool> = layer.counts(column, findings)?.iter().map(|count| *count > 0.0).collect();
    let dropped = is_kept.iter().filter(|is_kept| !**is_kept).count();
    if dropped > 0 {
        let message = format!("{dropped} of {} rows count 0 and are left out", is_kept.len());
        findings.note(Error::new(ErrorKind::Value, message).in_layer(&layer.name).in_column(column));
    }
    layer.retain(&is_kept);
    Some(())
}

fn read_names(layer: &Layer, given: Option<&str>, findings: &mut Findings) -> Option<Vec<Option<String>>> {
    match column_or_default(layer, given, "name") {
        Some(column) => layer.optional_texts(column, findings),
        None => Some(vec![None; layer.len()]),
    }
}

/// Services of an extract.
pub(super) fn services_of_osm(
    osm: &OsmExtract,
    place: &Place,
    findings: &mut Findings,
) -> Option<Vec<Service>> {
    let to_metres = place.reprojector(&Crs::wgs84()).map_err(|error| findings.error(error)).ok()??;
    let to_service = |one: &crate::io::osm::OsmService| {
        Some(Service {
            id: one.id.clone(),
            name: one.name.clone(),
            category: one.category.clone(),
            location: to_metres.coord(one.location.into()).ok()?.into(),
            count: 1.0,
            capacity: None,
            opening_hours: None,
        })
    };
    Some(osm.services.iter().filter_map(to_service).collect())
}

/// Seats of an extract, and those that the study lists as services.
pub(super) fn seats(services: &mut Vec<Service>, osm: Option<&OsmExtract>, place: &Place) -> Vec<Point<f64>> {
    let listed = services.extract_if(.., |service| service.category == category::BENCH);
    let mut seats: Vec<Point<f64>> = listed.map(|service| service.location).collect();
    // Streets of the same extract have told if there is no way into the study's system.
    if let (Some(osm), Ok(Some(to_metres))) = (osm, place.reprojector(&Crs::wgs84())) {
        seats.extend(
            osm.seats.iter().filter_map(|seat| to_metres.coord((*seat).into()).ok().map(Point::from)),
        );
    }
    seats
}

/// Places of work.
pub(super) fn read_jobs(
    table: &JobTable,
    root: &Path,
    place: &Place,
    findings: &mut Findings,
) -> Option<Workplaces> {
    let mut layer = Layer::read("jobs", &table.source(), root, findings)?;
    let column = table.jobs.as_deref().unwrap_or("jobs");
    for column in std::iter::once(column).chain(table.classes.values().map(String::as_str)) {
        if let Some(meaning) = lodes_meaning(column) {
            let message = format!("`{column}` is taken for the LODES column of that name: {meaning}");
            findings.note(Error::new(ErrorKind::Study, message).in_layer("jobs").in_column(column));
        }
    }
    drop_empty(&mut layer, column, findings)?;
    let jobs = layer.counts(column, &mut Findings::default());
    let classes = group_counts(&layer, &table.classes, findings);
    let locations = place.points(&layer, findings);
    let (jobs, classes, locations) = (jobs?, classes?, locations?);
    for (name, counts) in &classes {
        let larger = counts.iter().zip(&jobs).filter(|(count, jobs)| count > jobs).count();
        if larger > 0 {
            let message = format!("class `{name}` has more jobs than there are at {larger} places");
            let warning =
                Error::new(ErrorKind::Value, message).in_layer("jobs").in_column(&table.classes[name]);
            findings.warning(warning.hint("do the class and all jobs come from the same table?"));
        }
    }
    let classes = classes.into_iter().map(|(name, jobs)| JobClass { name, jobs }).collect();
    Some(Workplaces { ids: layer.ids().to_vec(), locations, jobs, classes })
}

/// Green space of one table, with its entrances where they are known.
pub(super) fn read_green_spaces(
    table: &GreenSpaceTable,
    root: &Path,
    place: &Place,
    findings: &mut Findings,
) -> Option<Vec<GreenSpace>> {
    let name = format!("green_space {}", file_name(&table.file));
    let layer = Layer::read(&name, &table.source(), root, findings)?;
    let names = read_names(&layer, table.name.as_deref(), findings);
    let shapes = place.areas(&layer, findings);
    let (names, shapes) = (names?, shapes?);
    let mut spaces: Vec<GreenSpace> = layer
        .ids()
        .iter()
        .zip(names)
        .zip(shapes)
        .map(|((id, name), shape)| GreenSpace { id: id.clone(), name, shape, entrances: Vec::new() })
        .collect();
    if let Some(file) = &table.entrances {
        read_entrances(file, table, &mut spaces, root, place, findings)?;
    }
    Some(spaces)
}

fn read_entrances(
    file: &str,
    table: &GreenSpaceTable,
    spaces: &mut [GreenSpace],
    root: &Path,
    place: &Place,
    findings: &mut Findings,
) -> Option<()> {
    let name = format!("green_space {}", file_name(file));
    let source = Source {
        file: file.into(),
        id: None,
        crs: table.crs.clone(),
        layer: None,
        x: table.x.clone(),
        y: table.y.clone(),
        h3: None,
        filter: BTreeMap::new(),
        join: None,
    };
    let layer = Layer::read(&name, &source, root, findings)?;
    let column = table.entrances_park.as_deref().unwrap_or("park_id");
    let parks = layer.optional_texts(column, findings);
    let points = place.points(&layer, findings);
    let space_with: HashMap<String, usize> =
        spaces.iter().enumerate().map(|(index, space)| (space.id.clone(), index)).collect();
    let mut unknown = Vec::new();
    for (park, point) in parks?.into_iter().zip(points?) {
        match park.as_ref().and_then(|park| space_with.get(park)) {
            Some(&index) => spaces[index].entrances.push(point),
            None => unknown.push(park.unwrap_or_default()),
        }
    }
    if !unknown.is_empty() {
        let message = format!("{} entrances name an unknown green space: {}", unknown.len(), few(&unknown));
        findings.warning(Error::new(ErrorKind::Value, message).in_layer(&name).in_column(column));
    }
    Some(())
}

/// Green space of an extract.
pub(super) fn green_spaces_of_osm(
    osm: &OsmExtract,
    place: &Place,
    findings: &mut Findings,
) -> Option<Vec<GreenSpace>> {
    let to_metres = place.reprojector(&Crs::wgs84()).map_err(|error| findings.error(error)).ok()??;
    let to_space = |one: &crate::io::osm::OsmGreenSpace| {
        let mut shape = one.shape.clone();
        to_metres.in_place(&mut shape).ok()?;
        Some(GreenSpace { id: one.id.clone(), name: one.name.clone(), shape, entrances: Vec::new() })
    };
    Some(osm.green_spaces.iter().filter_map(to_space).collect())
}
