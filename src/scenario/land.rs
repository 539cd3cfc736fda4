//! Land that is rezoned and built out: capacity becomes dwellings, dwellings become residents.

use super::apply::{Receipt, Work, did, not_negative, place_number, unknown, value};
use super::change::{Amount, Change, LandSelection, Newcomers};
use super::cut::{cut_districts, parcels_inside};
use super::people::{Alike, empty, push};
use crate::error::nearest;
use crate::model::{StudyArea, Weight};
use crate::scores::homes_on_land::{HomesOnLand, homes_inside};
use crate::scores::zoned_land::{ZonedLand, allowed, zoned_land};
use crate::zoning::Capacity;
use crate::{Error, ErrorKind, Result};
use geo::{Area, Contains, InteriorPoint, MultiPolygon};
use std::collections::BTreeSet;

/// What was built on a piece of land.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Built {
    /// Id of the parcel or district.
    pub land: String,
    /// Id of the home that was added for it.
    pub home: String,
    /// Index of its neighbourhood.
    pub neighbourhood: Option<u32>,
    /// Dwellings that the rules allow.
    pub allowed: u64,
    /// The rule that binds, in words.
    pub binding: String,
    /// New dwellings, net of those that stay.
    pub dwellings: f64,
    /// Of them affordable.
    pub affordable: f64,
    /// People who move in.
    pub people: f64,
}

/// The wanted land, by number: of parcels, or of districts where the study has no parcels; those are cut where the change is about
/// a part of them.
fn chosen(
    study: &mut StudyArea,
    land: &LandSelection,
    of_parcels: bool,
    change: usize,
) -> Result<Vec<usize>> {
    let wanted = selected(study, land, of_parcels)?;
    match &land.inside {
        Some(inside) if of_parcels => parcels_inside(study, wanted, inside),
        Some(inside) => cut_districts(study, &wanted, (inside, change)),
        None => Ok(wanted),
    }
}

fn selected(study: &StudyArea, land: &LandSelection, of_parcels: bool) -> Result<Vec<usize>> {
    let all: Vec<(&str, Option<&str>, &MultiPolygon<f64>)> = if of_parcels {
        study.parcels.iter().map(|one| (one.id.as_str(), one.code.as_deref(), &one.shape)).collect()
    } else {
        study.zoning.iter().map(|one| (one.id.as_str(), Some(one.code.as_str()), &one.shape)).collect()
    };
    let codes: BTreeSet<&str> = all.iter().filter_map(|(_, code, _)| *code).collect();
    if let Some(code) = land.code.iter().find(|code| !codes.contains(code.as_str())) {
        return Err(no_code("no land has the code", code, codes.into_iter()));
    }
    if let Some(id) = land.ids.iter().find(|id| !all.iter().any(|(known, ..)| known == id)) {
        let what = if of_parcels { "parcel" } else { "zoning district" };
        return Err(unknown(what, id, all.iter().map(|(known, ..)| *known)));
    }
    let places =
        land.neighbourhoods.iter().map(|place| place_number(study, place)).collect::<Result<Vec<_>>>()?;
    let is_wanted = |(id, code, shape): &(&str, Option<&str>, &MultiPolygon<f64>)| {
        let at = || shape.interior_point();
        (land.code.is_empty() || code.is_some_and(|code| land.code.iter().any(|one| one == code)))
            && (land.ids.is_empty() || land.ids.iter().any(|one| one == id))
            && (places.is_empty()
                || at().is_some_and(|at| {
                    places.iter().any(|&place| study.neighbourhoods[place].shape.contains(&at))
                }))
    };
    Ok((0..all.len()).filter(|&number| is_wanted(&all[number])).collect())
}

fn no_code<'a>(what: &str, code: &str, known: impl Iterator<Item = &'a str>) -> Error {
    let error = value(format!("{what} `{code}`"));
    match nearest(code, known) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error,
    }
}

/// Gives land another code.
pub(super) fn rezone(work: &mut Work, change: &Change, number: usize) -> Result<Receipt> {
    let Change::Rezone { land, to, never_lower } = change else { return Ok(Receipt::default()) };
    let study = &mut work.study;
    let book = &study.zoning_code.book;
    if book.rules(to).is_none() {
        return Err(no_code("the study states no rules for the code", to, book.codes()));
    }
    if study.zoning.is_empty() && study.parcels.is_empty() {
        return Err(value("the study has neither zoning nor parcels".to_owned()));
    }
    // Land by districts is chosen by district; parcels in a district that is rezoned follow their own code.
    let of_parcels = !study.parcels.is_empty();
    let numbers = chosen(study, land, of_parcels, number)?;
    let (mut rezoned, mut kept, mut more) = (0, 0, 0.0);
    for number in numbers {
        let (code, own, shape) = if of_parcels {
            let one = &study.parcels[number];
            (one.code.clone(), one.own.clone(), &one.shape)
        } else {
            let one = &study.zoning[number];
            (Some(one.code.clone()), one.own.clone(), &one.shape)
        };
        let area = shape.unsigned_area();
        let dwellings = |code: Option<&str>| -> Result<Option<f64>> {
            let found = allowed(study, (code, &own), area, !of_parcels)?;
            Ok(found.as_ref().and_then(Capacity::dwellings).map(|count| count as f64))
        };
        let (before, after) = (dwellings(code.as_deref())?, dwellings(Some(to))?);
        if let (true, Some(before), Some(after)) = (*never_lower, before, after)
            && after < before
        {
            kept += 1;
            continue;
        }
        more += after.unwrap_or(0.0) - before.unwrap_or(0.0);
        rezoned += 1;
        if of_parcels {
            study.parcels[number].code = Some(to.clone());
        } else {
            study.zoning[number].code.clone_from(to);
        }
    }
    if rezoned + kept == 0 {
        return Err(value("no land is as the change says".to_owned()).hint(
            "`where` takes codes, neighbourhoods, ids and an area; what is left out leaves nothing out",
        ));
    }
    let keeps = if kept > 0 { format!("; {kept} keep a code that allows more") } else { String::new() };
    let what = format!("{rezoned} pieces of land become {to}: {more:+.0} dwellings allowed{keeps}");
    Ok(Receipt { land: rezoned, ..did(what) })
}

/// Builds homes where zoning leaves room.
pub(super) fn build_out(work: &mut Work, change: &Change, number: usize) -> Result<Receipt> {
    let Change::BuildOut { land, amount, household_size, residents, affordable, clears } = change else {
        return Ok(Receipt::default());
    };
    let of_parcels = !work.study.parcels.is_empty();
    let each = per_dwelling(&work.study, *household_size)?;
    check(&work.study, *household_size, *affordable, residents)?;
    let chosen = chosen(&mut work.study, land, of_parcels, number)?;
    let lots = room(&work.study, *household_size, *clears)?;
    let ids: BTreeSet<&str> = chosen
        .iter()
        .map(|&number| {
            if of_parcels {
                work.study.parcels[number].id.as_str()
            } else {
                work.study.zoning[number].id.as_str()
            }
        })
        .collect();
    let lots: Vec<ZonedLand> = lots
        .into_iter()
        .filter(|lot| ids.contains(lot.id.as_str()) && lot.net.is_some_and(|net| net > 0.0))
        .collect();
    let total: f64 = lots.iter().filter_map(|lot| lot.net).sum();
    if total <= 0.0 {
        return Err(value("zoning leaves no room for homes there".to_owned())
            .hint("state rules for the codes in `[zoning.rules.CODE]`, or rezone the land first"));
    }
    let share = match *amount {
        Amount::Share(share) if (0.0..=1.0).contains(&share) => share,
        Amount::Share(share) => {
            return Err(value(format!("a share of `{share}` of the capacity"))
                .hint(format!("from 0 to 1: was {} meant?", share / 100.0)));
        }
        Amount::Dwellings(count) => {
            not_negative("number of dwellings", count)?;
            if count > total {
                return Err(value(format!("{count} dwellings, but zoning leaves room for {total:.0}")));
            }
            count / total
        }
    };
    let before: f64 = work.study.homes.weights.iter().sum();
    let mut built = Vec::new();
    for lot in &lots {
        let dwellings = lot.net.unwrap_or(0.0) * share;
        if dwellings > 0.0 {
            built.extend(build(work, lot, (dwellings, each, *affordable), residents, (*clears, number))?);
        }
    }
    let dwellings: f64 = built.iter().map(|one| one.dwellings).sum();
    let after: f64 = work.study.homes.weights.iter().sum();
    work.assumptions.push(format!(
        "change {number}: {:.0} % of the room for {total:.0} dwellings is built, {each} {} in each, {}{}",
        100.0 * share,
        work.study.homes.weight.noun(),
        said(residents),
        if *clears { "; homes that stand there make way" } else { "; homes that stand there stay" }
    ));
    let land = built.len();
    work.built.extend(built);
    let what = format!("{dwellings:.0} dwellings are built on {land} pieces of land");
    Ok(Receipt { land, homes: land, people: after - before, ..did(what) })
}

/// What a new dwelling adds to the homes of a study: a household, or one dwelling.
fn per_dwelling(study: &StudyArea, household_size: f64) -> Result<f64> {
    match study.homes.weight {
        Weight::Residents => Ok(household_size),
        Weight::Dwellings => Ok(1.0),
        weight => Err(value(format!(
            "homes of this study count {}, and no dwelling can be added to them",
            weight.noun()
        ))
        .hint("give `[homes]` a column of `residents` or `dwellings`")),
    }
}

fn check(study: &StudyArea, household_size: f64, affordable: f64, residents: &Newcomers) -> Result<()> {
    if !(household_size.is_finite() && household_size > 0.0) {
        return Err(value(format!("a household of `{household_size}` people")));
    }
    if !(0.0..=1.0).contains(&affordable) {
        return Err(value(format!("an affordable share of `{affordable}`"))
            .hint(format!("from 0 to 1: was {} meant?", affordable / 100.0)));
    }
    if let Newcomers::Shares(shares) = residents {
        for (name, share) in shares {
            if !study.homes.groups.iter().any(|group| group.name == *name) {
                return Err(unknown(
                    "group",
                    name,
                    study.homes.groups.iter().map(|group| group.name.as_str()),
                ));
            }
            if !(0.0..=1.0).contains(share) {
                return Err(value(format!("the group `{name}` is `{share}` of the newcomers"))
                    .hint("a group cannot exceed the residents: a share from 0 to 1"));
            }
        }
    }
    Ok(())
}

fn said(residents: &Newcomers) -> String {
    match residents {
        Newcomers::LikeNeighbourhood => "groups as in the neighbourhood".to_owned(),
        Newcomers::LikeCity => "groups as in the city".to_owned(),
        Newcomers::Shares(shares) => {
            let one =
                |(name, share): (&String, &f64)| format!("{:.0} % {}", 100.0 * share, name.replace('_', " "));
            shares.iter().map(one).collect::<Vec<_>>().join(", ")
        }
    }
}

/// The land of a study with the room that is left. Where the data does not count dwellings, residents stand for them.
fn room(study: &StudyArea, household_size: f64, clears: bool) -> Result<Vec<ZonedLand>> {
    let homes = HomesOnLand::new(study);
    let existing = |shape: &MultiPolygon<f64>| {
        if clears { Some(0.0) } else { homes.dwellings(shape, Some(household_size)) }
    };
    let mut land = zoned_land(study, &existing)?;
    if clears {
        // What makes way is built again: everything allowed is new, on lots that gain by it.
        for lot in &mut land {
            let allowed = lot.capacity.as_ref().and_then(Capacity::dwellings).map(|count| count as f64);
            lot.net = lot.net.and(allowed).filter(|_| lot.not_counted.is_none());
        }
    }
    Ok(land)
}

/// Builds on one piece of land, as one home at a point inside it.
fn build(
    work: &mut Work,
    lot: &ZonedLand,
    (dwellings, each, affordable): (f64, f64, f64),
    residents: &Newcomers,
    (clears, number): (bool, usize),
) -> Result<Option<Built>> {
    let Some(area) = lot.neighbourhood else { return Ok(None) };
    let study = &mut work.study;
    let alike = match residents {
        Newcomers::LikeNeighbourhood => Alike::of_neighbourhood(study, area),
        Newcomers::LikeCity => Alike::of_city(study),
        Newcomers::Shares(shares) => {
            let share = |group: &crate::model::Group| shares.get(&group.name).copied().unwrap_or(0.0);
            Alike {
                groups: study.homes.groups.iter().map(share).collect(),
                ..Alike::of_neighbourhood(study, area)
            }
        }
    };
    if clears {
        let parcel = study.parcels.iter().find(|one| one.id == lot.id).map(|one| &one.shape);
        let shape = parcel.or_else(|| study.zoning.iter().find(|one| one.id == lot.id).map(|one| &one.shape));
        let gone = shape.map(|shape| homes_inside(study, shape)).unwrap_or_default();
        gone.into_iter().for_each(|home| empty(study, home));
    }
    let people = dwellings * each;
    let members: Vec<f64> = alike.groups.iter().map(|share| share * people).collect();
    let home = format!("change {number}, {}", lot.id);
    if study.homes.ids.contains(&home) {
        return Err(Error::new(ErrorKind::Value, format!("the id `{home}` is taken by another home")));
    }
    push(study, (&home, lot.at, Some(area)), people, (&members, alike.workers * people));
    work.added_homes.insert(home.clone());
    let standing = study.parcels.iter_mut().find(|one| one.id == lot.id).map(|one| &mut one.standing);
    if let Some(standing) = standing {
        let stays = if clears { 0.0 } else { standing.dwellings.unwrap_or(0.0) };
        standing.dwellings = Some(stays + dwellings);
    }
    let capacity = lot.capacity.as_ref();
    Ok(Some(Built {
        land: lot.id.clone(),
        home,
        neighbourhood: Some(area),
        allowed: capacity.and_then(Capacity::dwellings).unwrap_or(0),
        binding: capacity.and_then(Capacity::binding).map_or("", |bound| bound.kind.name()).to_owned(),
        dwellings,
        affordable: dwellings * affordable,
        people,
    }))
}
