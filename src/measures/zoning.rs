//! What the zoning of a study allows: homes on each piece of land, the rule that binds, and how many more there is room for.

use crate::measure::prelude::*;
use crate::scores::homes_on_land::HomesOnLand;
use crate::scores::zoned_land::{ZonedLand, zoned_land};
use crate::zoning::{Bound, Capacity, NotCounted, RealisticShares};
use geo::{Geometry, MultiPolygon};
use std::collections::HashMap;

/// Homes that zoning allows.
pub(crate) static ZONING: Measure = Measure {
    name: "zoning",
    title: "homes that zoning allows",
    needs: &[],
    method: "Dwellings that the rules of `[zoning.rules]` allow on each parcel, or district where there are no parcels: the smallest \
             of their bounds. Without a rule nothing is assessed. Room is what is allowed less what stands, on parcels that are \
             likely to be built on: of 2,000 square feet, not built before 1940, and gaining half as many dwellings again.",
    source: "Metropolitan Area Planning Council, Zoning Atlas; Metropolitan Transportation Commission, Bay Area UrbanSim",
    columns: &[
        &ALLOWED,
        &ROOM,
        &BINDING,
        &LIKELY[0],
        &LIKELY[1],
        &LIKELY[2],
        &CITY_ALLOWED,
        &CITY_ROOM,
        &CITY_LIKELY[0],
        &CITY_LIKELY[1],
        &CITY_LIKELY[2],
        &LAND,
        &CODE,
        &AREA,
        &LAND_ALLOWED,
        &RULE,
        &NEXT_RULE,
        &WITHOUT_IT,
        &STANDING,
        &LAND_ROOM,
        &NO_ROOM,
    ],
    run,
};

const NOT_BUILT: &str = "Not what will be built: that depends on owners, costs and rents.";

static ALLOWED: ColumnSpec = homes("dwellings_allowed", Scale::Neutral)
    .label("Homes that zoning allows")
    .means("Dwellings that zoning allows in the neighbourhood, those that stand included.");
static ROOM: ColumnSpec =
    homes("room_for_dwellings", Scale::MoreIsBetter).label("Room for more homes").means(
        "Dwellings that zoning allows beyond those that stand, on parcels that are likely to be built on.",
    );
/// If little is built, as is expected, if much is built.
static LIKELY: [ColumnSpec; 3] = [
    likely("likely_dwellings_low", "Homes likely to be built, at least"),
    likely("likely_dwellings", "Homes likely to be built"),
    likely("likely_dwellings_high", "Homes likely to be built, at most"),
];
static CITY_LIKELY: [ColumnSpec; 3] = [
    likely("city_likely_dwellings_low", "Homes likely to be built, at least"),
    likely("city_likely_dwellings", "Homes likely to be built"),
    likely("city_likely_dwellings_high", "Homes likely to be built, at most"),
];
static BINDING: ColumnSpec = words("zoning_rule_that_binds")
    .label("Rule that limits homes")
    .means("The kind of rule that limits the most of the dwellings allowed in the neighbourhood.");
static CITY_ALLOWED: ColumnSpec = homes("city_dwellings_allowed", Scale::Neutral)
    .label("Homes that zoning allows")
    .means("Dwellings that zoning allows on all land with a rule, those that stand included.");
static CITY_ROOM: ColumnSpec = homes("city_room_for_dwellings", Scale::MoreIsBetter)
    .label("Room for more homes")
    .means("Dwellings that zoning allows beyond those that stand, on all parcels that are likely to be built on.");
static LAND: ColumnSpec = words("land").label("Land").means("Id of the parcel, or of the district.");
static CODE: ColumnSpec = words("code").label("Zoning code").means("The code that applies.");
static AREA: ColumnSpec = ColumnSpec::new("area_ha", Theme::People, Unit::Plain, Scale::Neutral)
    .label("Area, hectares")
    .means("Area of the land in hectares.");
static LAND_ALLOWED: ColumnSpec = homes("dwellings_allowed", Scale::Neutral)
    .label("Homes that zoning allows")
    .means("Dwellings that the rules allow here; empty where no rule is stated.");
static RULE: ColumnSpec =
    words("binding_rule").label("Rule that limits homes").means("The rule with the smallest bound.");
static NEXT_RULE: ColumnSpec = words("next_rule")
    .label("Rule that would limit next")
    .means("The rule that would limit homes if the first did not.");
static WITHOUT_IT: ColumnSpec = homes("dwellings_without_it", Scale::Neutral)
    .label("Homes without the first rule")
    .means("Dwellings that the next rule would allow.");
static STANDING: ColumnSpec = homes("dwellings_standing", Scale::Neutral)
    .label("Homes that stand")
    .means("Dwellings that stand here; empty where the data does not count them.");
static LAND_ROOM: ColumnSpec = homes("room_for_dwellings", Scale::MoreIsBetter)
    .label("Room for more homes")
    .means("Dwellings beyond those that stand; 0 where the parcel is not likely to be built on.");
static NO_ROOM: ColumnSpec = words("why_no_room")
    .label("Why there is no room")
    .means("Why nothing more is counted although zoning allows homes.");

const fn homes(name: &'static str, scale: Scale) -> ColumnSpec {
    ColumnSpec::new(name, Theme::People, Unit::Count, scale).does_not_mean(NOT_BUILT)
}

const fn likely(name: &'static str, label: &'static str) -> ColumnSpec {
    homes(name, Scale::MoreIsBetter)
        .label(label)
        .means("The room for more homes times the share of it that the study states in `[zoning.likely]`.")
}

const fn words(name: &'static str) -> ColumnSpec {
    ColumnSpec::words(name, Theme::People).does_not_mean(NOT_BUILT)
}

fn run(context: &Context<'_>) -> Result<Outcome> {
    let study = context.study;
    if study.zoning_code.book.codes().next().is_none() {
        return Ok(Outcome::default());
    }
    // Districts do not say how many dwellings stand in them; their residents may.
    let (homes, household_size) = (HomesOnLand::new(study), study.zoning_code.household_size);
    let land = match zoned_land(study, &|shape| homes.dwellings(shape, household_size)) {
        Ok(land) => land,
        Err(error) => return Ok(Outcome::not_assessed(ZONING.title, error.to_string())),
    };
    let mut found = Outcome::default();
    by_neighbourhood(context, &land, &mut found);
    found.record(&CITY_ALLOWED, Subject::NONE, sum(land.iter().filter_map(allowed)));
    let room = sum(land.iter().filter_map(|lot| lot.net));
    found.record(&CITY_ROOM, Subject::NONE, room);
    for (spec, share) in CITY_LIKELY.iter().zip(shares(context)) {
        found.record(spec, Subject::NONE, room.map(|room| room * share));
    }
    let unruled = land.iter().filter(|lot| lot.capacity.is_none()).count();
    if unruled > 0 {
        let message = format!(
            "{unruled} of {} pieces of land have a code without rules: what may be built there is not assessed",
            land.len()
        );
        found.notes.note(Error::new(ErrorKind::Study, message).in_layer("zoning"));
    }
    of_land(context, &land, &mut found);
    Ok(found)
}

/// The stated shares of the room that are likely to be built; nothing where none are stated.
fn shares(context: &Context<'_>) -> Vec<f64> {
    let stated = context.study.zoning_code.likely;
    stated.map_or(Vec::new(), |RealisticShares { low, expected, high }| vec![low, expected, high])
}

fn by_neighbourhood(context: &Context<'_>, land: &[ZonedLand], found: &mut Outcome) {
    let mut inside = vec![Vec::new(); context.count()];
    for lot in land {
        if let Some(place) = lot.neighbourhood {
            inside[place as usize].push(lot);
        }
    }
    let of = |value: fn(&ZonedLand) -> Option<f64>| -> Vec<Option<f64>> {
        inside.iter().map(|lots| sum(lots.iter().filter_map(|lot| value(lot)))).collect()
    };
    found.neighbourhood(&ALLOWED, Subject::NONE, of(allowed));
    let room = of(|lot| lot.net);
    for (spec, share) in LIKELY.iter().zip(shares(context)) {
        let likely = room.iter().map(|room| room.map(|room| room * share)).collect::<Vec<_>>();
        found.neighbourhood(spec, Subject::NONE, likely);
    }
    found.neighbourhood(&ROOM, Subject::NONE, room);
    let binding = |lots: &Vec<&ZonedLand>| {
        let mut by_rule: Vec<(&'static str, u64)> = Vec::new();
        for bound in lots.iter().filter_map(|lot| lot.capacity.as_ref()?.binding()) {
            let name = bound.kind.name();
            match by_rule.iter_mut().find(|(known, _)| *known == name) {
                Some((_, dwellings)) => *dwellings += bound.whole(),
                None => by_rule.push((name, bound.whole())),
            }
        }
        let most = by_rule.into_iter().rev().max_by_key(|(_, dwellings)| *dwellings)?;
        Some(most.0.to_owned())
    };
    found.neighbourhood(&BINDING, Subject::NONE, inside.iter().map(binding).collect::<Vec<_>>());
}

/// One row per piece of land.
fn of_land(context: &Context<'_>, land: &[ZonedLand], found: &mut Outcome) {
    let study = context.study;
    let texts = |of: &dyn Fn(&ZonedLand) -> Option<String>| land.iter().map(of).collect::<Vec<_>>();
    let numbers = |of: &dyn Fn(&ZonedLand) -> Option<f64>| land.iter().map(of).collect::<Vec<_>>();
    let binding = |lot: &ZonedLand| lot.capacity.as_ref().and_then(Capacity::binding).copied();
    let next = |lot: &ZonedLand| lot.capacity.as_ref().and_then(Capacity::next).copied();
    let rule = |bound: Option<Bound>| bound.map(|bound| bound.kind.name().to_owned());
    let mut columns = Columns::default();
    columns.add(&LAND, texts(&|lot| Some(lot.id.clone())));
    columns.add(&CODE, texts(&|lot| lot.code.clone()));
    columns.add(&AREA, numbers(&|lot| Some(lot.area / 10_000.0)));
    columns.add(&LAND_ALLOWED, numbers(&allowed));
    columns.add(&RULE, texts(&|lot| rule(binding(lot))));
    columns.add(&NEXT_RULE, texts(&|lot| rule(next(lot))));
    columns.add(&WITHOUT_IT, numbers(&|lot| next(lot).map(|bound| bound.whole() as f64)));
    columns.add(&STANDING, numbers(&|lot| lot.standing.dwellings));
    columns.add(&LAND_ROOM, numbers(&|lot| lot.net));
    columns.add(&NO_ROOM, texts(&|lot| lot.not_counted.map(NotCounted::reason).map(str::to_owned)));
    let shapes: HashMap<&str, &MultiPolygon<f64>> = if study.parcels.is_empty() {
        study.zoning.iter().map(|one| (one.id.as_str(), &one.shape)).collect()
    } else {
        study.parcels.iter().map(|one| (one.id.as_str(), &one.shape)).collect()
    };
    let shapes = land.iter().map(|lot| Geometry::MultiPolygon(shapes[lot.id.as_str()].clone()));
    found.layer("zoned_land", columns, Some(shapes.collect()));
}

fn allowed(lot: &ZonedLand) -> Option<f64> {
    lot.capacity.as_ref().and_then(Capacity::dwellings).map(|count| count as f64)
}

/// `None` of nothing known: no land is not the same as no homes.
fn sum(values: impl Iterator<Item = f64>) -> Option<f64> {
    values.fold(None, |sum, value| Some(sum.unwrap_or(0.0) + value))
}
