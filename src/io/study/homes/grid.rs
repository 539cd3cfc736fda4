//! Homes from a population grid: cells with people, or the buildings or street positions inside them.

use super::super::config::{HomeTable, Spread};
use super::super::layer::must_exist;
use super::about;
use super::derived::{Candidate, Ground};
use crate::Crs;
use crate::crs::Reprojector;
use crate::io::read_population;
use crate::model::{Findings, Homes, PopulationGrid, Weight};
use geo::{Coord, Distance, Euclidean, Point};
use std::collections::BTreeMap;
use std::path::Path;

/// Width of cells up to which their middle stands for the homes in them, in metres: two to three blocks.
const WIDEST_CELL_M: f64 = 250.0;

/// Share of the residents from which it matters that cells reach over the edge.
const MOST_OVER_EDGE: f64 = 0.02;

/// Homes of `[homes] raster`.
pub(super) fn from_raster(
    table: &HomeTable,
    file: &str,
    root: &Path,
    ground: &Ground<'_>,
    findings: &mut Findings,
) -> Option<Homes> {
    let columns = [
        ("file", !table.file.is_empty()),
        ("id", table.id.is_some()),
        ("layer", table.layer.is_some()),
        ("x", table.x.is_some()),
        ("y", table.y.is_some()),
        ("h3", table.h3.is_some()),
        ("where", !table.filter.is_empty()),
        ("join", table.join.is_some()),
        ("residents", table.residents.is_some()),
        ("dwellings", table.dwellings.is_some()),
        ("workers", table.workers.is_some()),
        ("groups", !table.groups.is_empty()),
    ];
    let unfit: Vec<String> =
        columns.iter().filter(|(_, is_given)| *is_given).map(|(key, _)| format!("`{key}`")).collect();
    if !unfit.is_empty() {
        let message = format!("`raster` and {} cannot stand together in `[homes]`", unfit.join(", "));
        findings.error(
            about(message).hint("a raster counts residents and nothing else; groups come from `[census]`"),
        );
        return None;
    }
    if table.spread == Some(Spread::Buildings) && ground.osm.is_none() {
        let error = about("`spread = \"buildings\"` needs the buildings of `[osm]`".into());
        findings.error(error.hint("`spread = \"streets\"` takes positions along streets"));
        return None;
    }
    // Without neighbourhoods, which were reported already, nobody knows which cells are meant.
    let (crs, extent) = (ground.place.crs.as_ref()?, ground.place.extent()?);
    let path = root.join(file);
    let read = must_exist(&path).and_then(|()| {
        let system = table.crs.as_deref().map(Crs::new).transpose()?;
        let (grid, found) = read_population(&path, system, extent, crs)?;
        let spreading = Spreading { grid: &grid, to_metres: Reprojector::new(grid.crs(), crs)?, ground };
        Ok((
            spreading.homes(
                table.spread.unwrap_or(Spread::Cells),
                file,
                Reprojector::new(crs, grid.crs())?,
                findings,
            )?,
            found,
        ))
    });
    match read {
        Ok((homes, found)) => {
            findings.append(found);
            homes
        }
        Err(error) => {
            findings.error(error.in_layer_of_file("homes"));
            None
        }
    }
}

struct Spreading<'a> {
    grid: &'a PopulationGrid,
    to_metres: Reprojector,
    ground: &'a Ground<'a>,
}

impl Spreading<'_> {
    /// `Ok(None)` where nobody lives in the neighbourhoods.
    fn homes(
        &self,
        spread: Spread,
        file: &str,
        to_grid: Reprojector,
        findings: &mut Findings,
    ) -> crate::Result<Option<Homes>> {
        let candidates = match spread {
            Spread::Cells => Vec::new(),
            Spread::Buildings => self.ground.building_candidates(findings).unwrap_or_default(),
            Spread::Streets => self.ground.street_candidates(findings).unwrap_or_default(),
        };
        let mut inside: BTreeMap<usize, Vec<&Candidate>> = BTreeMap::new();
        for candidate in &candidates {
            if let Some(cell) = self.grid.cell_at(to_grid.coord(candidate.location.into())?) {
                inside.entry(cell).or_default().push(candidate);
            }
        }
        let mut homes = Homes { weight: Weight::Residents, ..Homes::default() };
        let mut add = |id: String, location: Point<f64>, residents: f64| {
            // Cells reach over the edge of the study; people beyond it are not its own.
            if residents > 0.0 && self.ground.index.find(location).is_some() {
                homes.ids.push(id);
                homes.locations.push(location);
                homes.weights.push(residents);
            }
        };
        let (mut cells, mut alone, mut people_alone, mut people_over_edge) = (0, 0, 0.0, 0.0);
        for cell in (0..self.grid.len()).filter(|cell| self.grid.people(*cell) > 0.0) {
            let people = self.grid.people(cell);
            let centre: Point<f64> = self.to_metres.coord(self.grid.centre(cell))?.into();
            match inside.get(&cell) {
                Some(candidates) => {
                    if self.reaches_over_the_edge(cell, candidates)? {
                        people_over_edge += people;
                    }
                    let total: f64 = candidates.iter().map(|one| one.weight).sum();
                    for one in candidates {
                        add(one.id.clone(), one.location, people * one.weight / total);
                    }
                }
                None => {
                    let (column, row) = self.grid.position(cell);
                    add(format!("cell/{column}/{row}"), centre, people);
                    if spread != Spread::Cells && self.ground.index.find(centre).is_some() {
                        alone += 1;
                        people_alone += people;
                    }
                }
            }
            cells += usize::from(self.ground.index.find(centre).is_some());
        }
        if homes.is_empty() {
            let error = about(format!("nobody lives in the neighbourhoods by `{file}`"));
            findings.error(error.hint("does the file count people in each cell, and cover the place?"));
            return Ok(None);
        }
        let people: f64 = homes.weights.iter().sum();
        let how = match spread {
            Spread::Cells => "at the middle of their cell".to_owned(),
            Spread::Buildings => format!("on {} buildings in their cell, by floor area", homes.len() - alone),
            Spread::Streets => {
                format!("on {} positions along the streets in their cell", homes.len() - alone)
            }
        };
        let told =
            format!("{people:.0} residents of {cells} cells of the population grid `{file}` live {how}");
        let mut finding = about(if alone > 0 {
            format!(
                "{told}; {people_alone:.0} of them, in {alone} cells without any, at the middle of the cell"
            )
        } else {
            told.clone()
        });
        finding = finding.hint("a grid is a model: compare its total with a census");
        findings.note(finding);
        if people_over_edge > MOST_OVER_EDGE * people {
            let message = format!(
                "{people_over_edge:.0} of {people:.0} residents are of cells that reach over the edge of the neighbourhoods, where no \
                 building or street is known beyond it; all of them are placed inside"
            );
            findings.warning(
                about(message).hint(
                    "are there people beyond the edge? then `[osm]` or `[streets]` should reach over it",
                ),
            );
        }
        self.warn_of_wide_cells(spread, findings)?;
        homes.stand_in = Some(told);
        Ok(Some(homes))
    }

    /// Whether a corner of a cell lies outside the neighbourhoods, and no candidate does.
    fn reaches_over_the_edge(&self, cell: usize, candidates: &[&Candidate]) -> crate::Result<bool> {
        let is_inside = |place: Point<f64>| self.ground.index.find(place).is_some();
        let (centre, step) = (self.grid.centre(cell), self.grid.step());
        for (across, up) in [(-0.5, -0.5), (-0.5, 0.5), (0.5, -0.5), (0.5, 0.5)] {
            let corner = Coord { x: centre.x + across * step.x, y: centre.y + up * step.y };
            if !is_inside(self.to_metres.coord(corner)?.into()) {
                return Ok(candidates.iter().all(|one| is_inside(one.location)));
            }
        }
        Ok(false)
    }

    fn warn_of_wide_cells(&self, spread: Spread, findings: &mut Findings) -> crate::Result<()> {
        let (centre, step) = (self.grid.centre(0), self.grid.step());
        let beside = Coord { x: centre.x, y: centre.y + step.y };
        let (from, to) = (self.to_metres.coord(centre)?, self.to_metres.coord(beside)?);
        let width_m = Euclidean.distance(Point::from(from), Point::from(to));
        if spread == Spread::Cells && width_m > WIDEST_CELL_M {
            let message = format!(
                "the cells of the population grid are {width_m:.0} m wide, and nobody lives in the middle"
            );
            findings.warning(
                about(message).hint(
                    "`spread = \"buildings\"` or `spread = \"streets\"` places people inside their cell",
                ),
            );
        }
        Ok(())
    }
}
