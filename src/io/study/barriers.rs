//! Barriers: motorways, railways and water, from files of their own or from what the extract and the streets tell.

use super::config::BarrierTable;
use super::layer::{Layer, column_or_default, file_name};
use super::listing::few;
use super::place::Place;
use crate::error::nearest;
use crate::io::osm::OsmExtract;
use crate::model::{Barrier, BarrierKind, Findings, Street};
use crate::{Crs, Error, ErrorKind};
use geo::GeometryCollection;
use std::collections::BTreeMap;
use std::path::Path;

/// Barriers of the tables, or of the extract where there are none; motorways among the streets where no table has any.
pub(super) fn read(
    tables: &[BarrierTable],
    osm: Option<&OsmExtract>,
    streets: &[Street],
    root: &Path,
    place: &Place,
    findings: &mut Findings,
) -> Option<Vec<Barrier>> {
    let mut pieces = Vec::new();
    for table in tables {
        pieces.extend(read_table(table, root, place, findings)?);
    }
    if let (true, Some(osm)) = (tables.is_empty(), osm) {
        pieces.extend(of_osm(osm, place, findings)?);
    }
    if !pieces.iter().any(|piece: &Barrier| piece.kind == BarrierKind::Motorway) {
        pieces.extend(Barrier::among_streets(streets));
    }
    Some(Barrier::gathered(pieces))
}

fn read_table(
    table: &BarrierTable,
    root: &Path,
    place: &Place,
    findings: &mut Findings,
) -> Option<Vec<Barrier>> {
    let name = format!("barriers {}", file_name(&table.file));
    let mut layer = Layer::read(&name, &table.source(), root, findings)?;
    let kinds = read_kinds(table, &mut layer, findings)?;
    let names = match column_or_default(&layer, table.name.as_deref(), "name") {
        Some(column) => layer.optional_texts(column, findings)?,
        None => vec![None; layer.len()],
    };
    let shapes = place.geometries(&layer, findings)?;
    let rows = kinds.into_iter().zip(names).zip(shapes);
    let barrier =
        |((kind, name), shape)| Barrier { name, kind, shape: GeometryCollection::from(vec![shape]) };
    Some(rows.map(barrier).collect())
}

/// One kind a row; rows with a value outside the map are dropped and counted.
fn read_kinds(table: &BarrierTable, layer: &mut Layer, findings: &mut Findings) -> Option<Vec<BarrierKind>> {
    let known = BarrierKind::ALL.map(BarrierKind::name);
    let name = layer.name.clone();
    let about = |message: String| Error::new(ErrorKind::Study, message).in_layer(&name);
    let unknown = |kind: &str| {
        let hint = match nearest(kind, known.into_iter()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("a barrier is a {}", known.join(", a ")),
        };
        about(format!("`{kind}` is no kind of barrier")).hint(hint)
    };
    match (&table.kind, &table.kind_column) {
        (Some(kind), None) => match BarrierKind::named(kind) {
            Some(kind) => Some(vec![kind; layer.len()]),
            None => {
                findings.error(unknown(kind));
                None
            }
        },
        (None, Some(column)) => {
            let wrong = table.kinds.iter().flatten().find(|(_, kind)| BarrierKind::named(kind).is_none());
            if let Some((_, kind)) = wrong {
                findings.error(unknown(kind).in_column(column));
                return None;
            }
            let kind = |value: &Option<String>| {
                let value = value.as_ref()?;
                BarrierKind::named(table.kinds.as_ref().map_or(Some(value), |kinds| kinds.get(value))?)
            };
            let values = layer.optional_texts(column, findings)?;
            let kinds: Vec<Option<BarrierKind>> = values.iter().map(kind).collect();
            let mut dropped: BTreeMap<&str, usize> = BTreeMap::new();
            for (value, _) in values.iter().zip(&kinds).filter(|(_, kind)| kind.is_none()) {
                *dropped.entry(value.as_deref().unwrap_or_default()).or_default() += 1;
            }
            if !dropped.is_empty() {
                let count: usize = dropped.values().sum();
                let values: Vec<String> =
                    dropped.iter().map(|(value, count)| format!("{value} ({count})")).collect();
                let message = format!("{count} rows are no barriers and are left out: {}", few(&values));
                findings.note(about(message).in_column(column));
            }
            layer.retain(&kinds.iter().map(Option::is_some).collect::<Vec<_>>());
            Some(kinds.into_iter().flatten().collect())
        }
        _ => {
            let error = about("a table of barriers needs `kind` or `kind_column`".into());
            findings.error(error.hint("for example `kind = \"railway\"`"));
            None
        }
    }
}

fn of_osm(osm: &OsmExtract, place: &Place, findings: &mut Findings) -> Option<Vec<Barrier>> {
    let to_metres = place.reprojector(&Crs::wgs84()).map_err(|error| findings.error(error)).ok()??;
    let mut barriers = osm.barriers.clone();
    for piece in barriers.iter_mut().flat_map(|barrier| &mut barrier.shape.0) {
        match to_metres.geometry(piece) {
            Ok(carried) => *piece = carried,
            Err(error) => {
                findings.error(error.in_layer("barriers"));
                return None;
            }
        }
    }
    Some(barriers)
}
