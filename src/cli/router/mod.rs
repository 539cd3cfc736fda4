//! The router from the shell: a network and tables of points in, a table out. The same answers as in Rust and Python.

mod network;
mod points;
mod questions;
mod transit;

pub(super) use network::NetworkArguments;
pub(super) use questions::{
    ClosestArguments, IsochroneArguments, MatrixArguments, ReachArguments, RouteArguments, closest,
    isochrones, matrix, reach, route,
};
pub(super) use questions::{numbers as numbers_of, texts as texts_of};
pub(super) use transit::{TransitCommand, run as transit};

use crate::cli::bars::Bars;
use commonground::{Result, io};
use serde_json::json;
use std::process::ExitCode;

/// `commonground network`: builds a network once, to open it at once afterwards.
pub(super) fn build(arguments: &NetworkArguments, progress: &Bars) -> Result<ExitCode> {
    let network = arguments.streets.open(progress)?;
    io::write_bytes(&arguments.out, &network.to_bytes())?;
    let (nodes, edges, profile) = (network.node_count(), network.edge_count(), network.profile());
    let text = format!("{nodes} junctions and {edges} street edges for {profile}");
    let facts = json!({ "nodes": nodes, "edges": edges, "profile": profile.to_string() });
    progress.done(&text, Some(&arguments.out), facts);
    Ok(ExitCode::SUCCESS)
}
