//! Another crate that links the library alone, as a user would.

use commonground::model::{Street, Tags};
use commonground::network::{BuildOptions, StreetNetwork, TravelProfile};
use commonground::{KmPerHour, Quiet, Result};

fn main() -> Result<()> {
    let street = Street {
        id: 1,
        line: vec![(0.0, 0.0), (100.0, 0.0)].into(),
        vertices: vec![1, 2],
        tags: Tags::from_iter([("highway", "residential")]),
        ..Street::default()
    };
    let profile = TravelProfile::walking(KmPerHour::new(4.8)?)?;
    let (network, _) = StreetNetwork::build(&[street], profile, BuildOptions::default(), &Quiet)?;
    println!("a street of {} m", network.total_length_m());
    Ok(())
}
