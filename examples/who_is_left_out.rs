//! Who is left out? Access to a clinic and to jobs, by group and by neighbourhood: a page to be read aloud.
//!
//! `cargo run --release --example who_is_left_out -- [STUDY] [DATA ROOT]`

use commonground::access::equity::{GroupAccess, Standard, gini, group_access};
use commonground::access::{Decay, completeness, two_step_fca, weighted_mean};
use commonground::model::{Homes, category};
use commonground::network::{
    Attachment, BuildOptions, Destinations, Searches, StreetNetwork, TravelProfile, closest,
};
use commonground::{Minutes, Quiet, Result, StudyArea, io};
use std::path::PathBuf;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let study = arguments.next().unwrap_or_else(|| "data/millbrook".into());
    let data = arguments.next().map(PathBuf::from);
    let study = io::study::read_study(study.as_ref(), data.as_deref(), &Quiet)?;
    let profile = TravelProfile::new(study.settings.travel.clone())?;
    let (network, _) = StreetNetwork::build(&study.streets, profile, BuildOptions::default(), &Quiet)?;
    let far = study.settings.max_snap_distance;
    let attach = |place| network.attach(place, far, &[]).ok();

    // Homes on a street, with their people.
    let on_street: Vec<Option<Attachment>> =
        study.homes.locations.iter().map(|&place| attach(place)).collect();
    let homes = keep(&study.homes, &on_street);
    let origins: Vec<_> = on_street.into_iter().filter(Option::is_some).collect();
    println!("# Who is left out in {}\n", study.name);
    println!(
        "{:.0} residents in {} homes along streets, on foot.\n",
        homes.weights.iter().sum::<f64>(),
        homes.len()
    );

    // Minutes to the closest of each category.
    let near = Minutes::new(15.0)?;
    let mut categories: Vec<&str> = study.services.iter().map(|service| service.category.as_str()).collect();
    categories.sort_unstable();
    categories.dedup();
    let mut minutes: Vec<Vec<Option<Minutes>>> = Vec::new();
    for wanted in &categories {
        let places = study.services.iter().filter(|service| service.category == *wanted);
        let places: Vec<_> = places.map(|service| attach(service.location)).collect();
        let limit = Minutes::new(120.0)?;
        let places = Destinations::at(&network, &places);
        minutes.push(closest(&network, &origins, &places, 1, limit, &Quiet)?.minutes());
    }
    let found = completeness(&minutes, &homes.weights, near)?;
    println!(
        "{} of residents reach all of {} within 15 minutes.",
        percent(found.share),
        categories.join(", ").replace('_', " ")
    );
    if let Some((missing, lifted)) = found.missing {
        println!(
            "A {} for everybody would lift that to {}.",
            categories[missing].replace('_', " "),
            percent(Some(lifted))
        );
    }
    if let Some(clinic) = categories.iter().position(|name| *name == category::CLINIC) {
        let times: Vec<_> = minutes[clinic].iter().map(|time| time.map(Minutes::get)).collect();
        let groups = group_access(&times, &homes.weights, &homes.groups, Standard::AtMost(near.get()))?;
        tell("Minutes to a clinic", "farther than 15", &groups);
    }

    // Jobs within half an hour, shared with all residents who reach them, straight on the network.
    if let Some(workplaces) = &study.workplaces {
        let places: Vec<_> = workplaces.locations.iter().map(|&place| attach(place)).collect();
        let places = Destinations::at(&network, &places);
        let half_hour = Minutes::new(30.0)?;
        let pairs = Searches::new(&network, &origins, &places, half_hour, &Quiet);
        let jobs = two_step_fca(&pairs, &homes.weights, &workplaces.jobs, &Decay::binary(half_hour))?;
        let groups = group_access(&jobs.access, &homes.weights, &homes.groups, Standard::AtLeast(0.5))?;
        tell("Jobs per resident within half an hour", "below one for two", &groups);
        let index = gini(&jobs.access, &homes.weights)?;
        println!("\nGini index of jobs per resident: {:.2}.", index.unwrap_or(f64::NAN));
        println!("{:.0} jobs are reached by nobody.", jobs.unreached_supply);
        by_neighbourhood(&study, &homes, &jobs.access);
    }
    Ok(())
}

/// The homes that are on a street.
fn keep(homes: &Homes, on_street: &[Option<Attachment>]) -> Homes {
    fn chosen<T: Clone>(values: &[T], on_street: &[Option<Attachment>]) -> Vec<T> {
        values.iter().zip(on_street).filter(|(_, at)| at.is_some()).map(|(value, _)| value.clone()).collect()
    }
    let mut kept = homes.clone();
    kept.ids = chosen(&homes.ids, on_street);
    kept.locations = chosen(&homes.locations, on_street);
    kept.weights = chosen(&homes.weights, on_street);
    kept.neighbourhoods = chosen(&homes.neighbourhoods, on_street);
    kept.workers = homes.workers.as_ref().map(|workers| chosen(workers, on_street));
    for group in &mut kept.groups {
        group.counts = chosen(&group.counts, on_street);
    }
    kept
}

fn tell(title: &str, failing: &str, groups: &[GroupAccess]) {
    println!("\n## {title}\n\n{:12}{:>10}{:>8}{:>8}   {failing}", "", "people", "mean", "median");
    for group in groups {
        let number = |value: Option<f64>| value.map_or("far".into(), |value| format!("{value:.1}"));
        println!(
            "{:12}{:>10.0}{:>8}{:>8}   {} ({:.0} people)",
            group.name,
            group.people,
            number(group.mean),
            number(group.median),
            percent(group.share_below),
            group.people_below
        );
    }
}

fn by_neighbourhood(study: &StudyArea, homes: &Homes, jobs: &[Option<f64>]) {
    let mean = |place: usize| {
        let here = (0..homes.len()).filter(|&home| homes.neighbourhoods[home] == Some(place as u32));
        weighted_mean(here.filter_map(|home| Some((jobs[home]?, homes.weights[home]))))
    };
    let places = study.neighbourhoods.iter().enumerate();
    let mut means: Vec<(f64, &str)> =
        places.filter_map(|(place, it)| Some((mean(place)?, &*it.name))).collect();
    means.sort_by(|a, b| a.0.total_cmp(&b.0));
    println!("\n## Fewest jobs per resident within half an hour\n");
    for (mean, name) in means.iter().take(5) {
        println!("{mean:>6.2}  {name}");
    }
    println!("\n## Most\n");
    for (mean, name) in means.iter().rev().take(5) {
        println!("{mean:>6.2}  {name}");
    }
}

fn percent(share: Option<f64>) -> String {
    share.map_or("nobody".into(), |share| format!("{:.0} %", 100.0 * share))
}
