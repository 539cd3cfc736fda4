//! What stands before the numbers, and the whole in its order.

use super::block::{Block, PER_DEGREE, PER_PERSON};
use super::corners::Paths;
use super::groups::PageGroup;
use crate::access::Opportunities;
use crate::report::html::street_class::class;
use crate::{Error, ErrorKind, Result};
use serde::Serialize;

/// What stands before the numbers.
#[derive(Serialize)]
struct Head<'a> {
    per_degree: f64,
    per_person: f64,
    /// Milliseconds beyond which nothing is searched.
    limit: u32,
    categories: &'a [String],
    /// Ids of the study's services, which a plan names, with the number of their category.
    services: Vec<(&'a str, usize)>,
    /// Id, name and class on the map of each street that has an edge.
    streets: Vec<(i64, Option<&'a str>, usize)>,
    /// How a new path is measured; `None` where none can be tried.
    paths: Option<Paths>,
    groups: Vec<PageGroup<'a>>,
    /// Homes whose people were shared with others.
    shared_homes: usize,
    nodes: usize,
    edges: usize,
    homes: usize,
    places: usize,
    /// Names and bytes of the columns of numbers, in their order.
    columns: Vec<(&'static str, usize)>,
    paces: [f64; 2],
}

impl Block<'_> {
    /// The block, and which streets of the study it draws.
    pub(super) fn packed(mut self) -> Result<(String, Vec<bool>)> {
        let junctions = self.junctions()?;
        let paces = self.paces(&junctions);
        self.edges(&junctions, paces);
        self.edge_streets();
        self.stations(&junctions)?;
        let (shared_homes, people) = self.homes();
        let places = self.places();
        let paths = self.corners()?;
        let groups = self.groups(&people);
        let streets = &self.study.streets;
        let named = |&number: &usize| {
            let tags = &streets[number].tags;
            (streets[number].id, tags.get("name"), class(tags.get("highway").unwrap_or_default()))
        };
        let is_drawn =
            |(street, segments): (&crate::model::Street, &usize)| street.line.0.len() == segments + 1;
        let drawn = streets.iter().zip(&self.segments).map(is_drawn).collect();
        let categories = &self.opportunities.categories;
        let category = |name: &str| categories.iter().position(|known| known == name).unwrap_or(0);
        let limit = Opportunities::SEARCH_LIMIT * 60_000.0;
        let head = Head {
            per_degree: PER_DEGREE,
            per_person: PER_PERSON,
            limit: limit as u32,
            categories,
            services: self
                .study
                .services
                .iter()
                .map(|one| (one.id.as_str(), category(&one.category)))
                .collect(),
            streets: self.streets.iter().map(named).collect(),
            paths,
            groups,
            shared_homes,
            nodes: self.network.node_count(),
            edges: self.network.edge_count(),
            homes: self.trips.homes().iter().flatten().count(),
            places,
            columns: self.columns.lengths(),
            paces,
        };
        let head = serde_json::to_string(&head).map_err(|error| {
            Error::new(ErrorKind::Column, format!("the streets cannot be written: {error}"))
        })?;
        Ok((self.columns.to_base64(&head)?, drawn))
    }
}
