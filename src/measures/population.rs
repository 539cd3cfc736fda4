//! Who is counted: homes, what they count for, and how many of them stand on a street.

use crate::measure::groups::{apart, hidden_counts};
use crate::measure::prelude::*;
use crate::model::Weight;
use crate::network::Attachment;
use geo::Area;

/// The homes of the study, and who is counted in what.
pub(crate) static POPULATION: Measure = Measure {
    name: "population",
    title: "who is counted",
    needs: &[],
    method: "What homes count for, by neighbourhood, and how much of it stands on a street.",
    source: "the study",
    columns: &[
        &ID,
        &NAME,
        &AREA,
        &HOMES,
        &COUNTED,
        &ON_STREETS,
        &WORKERS,
        &NEIGHBOURHOOD,
        &GROUP_COUNT,
        &STREET_DISTANCE,
    ],
    run,
};

pub(crate) static ID: ColumnSpec =
    ColumnSpec::words("id", Theme::People).label("Id").means("As the study names it; unique.");
pub(crate) static NAME: ColumnSpec =
    ColumnSpec::words("name", Theme::People).label("Name").means("As people call it.");
static AREA: ColumnSpec =
    people("area_km2", Unit::SquareKilometres).label("Area").means("Land and water inside the boundary.");
static HOMES: ColumnSpec = people("homes", Unit::Count)
    .label("Homes")
    .means("Addresses, buildings, blocks or positions along streets in the data.");
/// What homes count for; the column is named by it.
pub(crate) static COUNTED: ColumnSpec =
    people("{residents}", Unit::Count).label("{Residents}").means("All {units} in the data.");
static ON_STREETS: ColumnSpec = people("{residents}_on_streets", Unit::Count)
    .label("{Residents} near a street")
    .means("{Units} of homes that could be matched to a street; only these count in what is reached.");
static WORKERS: ColumnSpec = people("workers", Unit::Count)
    .label("Residents with a job")
    .means("Those who compete for the jobs in the data.");
static NEIGHBOURHOOD: ColumnSpec = ColumnSpec::words("neighbourhood", Theme::People)
    .label("Neighbourhood")
    .means("Id of the neighbourhood that holds the home; empty outside all of them.");
static GROUP_COUNT: ColumnSpec = people("{residents}_{of}", Unit::Count)
    .label("{Residents}: {of}")
    .means("{Residents} of the home who are counted as {of}; empty where it is a small count.");
/// How far each home is from the street that it joins; `None` on no street.
pub(crate) static STREET_DISTANCE: ColumnSpec = people("street_distance_m", Unit::Plain)
    .label("Distance to the street, m")
    .means("Metres in a straight line from the home to the street that it joins; empty on no street.");

const fn people(name: &'static str, unit: Unit) -> ColumnSpec {
    ColumnSpec::new(name, Theme::People, unit, Scale::Neutral)
}

/// Square metres in a square kilometre.
const M2_PER_KM2: f64 = 1e6;

fn run(context: &Context<'_>) -> Result<Outcome> {
    let mut found = Outcome::default();
    of_neighbourhoods(context, &mut found.neighbourhoods);
    of_homes(context, &mut found.homes)?;
    if let Some(far) = context.walk().said_of_far() {
        found.notes.warning(far.clone());
    }
    if let Some(finding) = context.groups.finding() {
        found.notes.note(finding);
    }
    Ok(found)
}

fn of_neighbourhoods(context: &Context<'_>, columns: &mut Columns) {
    let Context { study, .. } = context;
    let (homes, places) = (&study.homes, &study.neighbourhoods);
    columns.add(&ID, places.iter().map(|place| Some(place.id.clone())).collect::<Vec<_>>());
    columns.add(&NAME, places.iter().map(|place| Some(place.name.clone())).collect::<Vec<_>>());
    let area = places.iter().map(|place| Some(place.shape.unsigned_area() / M2_PER_KM2));
    columns.add(&AREA, area.collect::<Vec<_>>());
    let everywhere = ByArea::new(&homes.neighbourhoods, places.len(), &homes.weights[..], |_| true);
    columns.add(&HOMES, everywhere.each(|members| Some(members.len() as u32)));
    // Homes that count as 1 each are counted already.
    if homes.weight != Weight::Homes {
        columns.add(&COUNTED, known(everywhere.totals()));
    }
    columns.add(&ON_STREETS, known(context.homes.totals()));
    if let Some(workers) = &homes.workers {
        columns.add(&WORKERS, known(everywhere.sums(workers)));
    }
}

fn of_homes(context: &Context<'_>, columns: &mut Columns) -> Result<()> {
    let Context { study, .. } = context;
    let homes = &study.homes;
    columns.add(&ID, homes.ids.iter().cloned().map(Some).collect::<Vec<_>>());
    let neighbourhood =
        |index: &Option<u32>| index.map(|index| study.neighbourhoods[index as usize].id.clone());
    columns.add(&NEIGHBOURHOOD, homes.neighbourhoods.iter().map(neighbourhood).collect::<Vec<_>>());
    columns.add(&COUNTED, known(homes.weights.clone()));
    // Of a home above all: what is small is withheld, with whatever it could be derived from.
    let members: Vec<Vec<f64>> = homes.groups.iter().map(|group| group.counts.clone()).collect();
    let hidden = hidden_counts(&members, &homes.weights, &apart(homes))?.of_group;
    for (group, hidden) in homes.groups.iter().zip(hidden) {
        let shown = group.counts.iter().zip(hidden).map(|(count, hidden)| (!hidden).then_some(*count));
        columns.add_of(&GROUP_COUNT, Subject::group(&group.name), shown.collect::<Vec<_>>());
    }
    let gap = |attached: &Option<Attachment>| attached.map(|attached| attached.gap.get());
    columns.add(&STREET_DISTANCE, context.walk().homes().iter().map(gap).collect::<Vec<_>>());
    Ok(())
}

fn known(values: Vec<f64>) -> Vec<Option<f64>> {
    values.into_iter().map(Some).collect()
}
