//! One page that a council can read aloud: who gains and who loses, in whole sentences, a mean never without its parts.

use super::affordability::AffordabilityChange;
use super::compare::{Comparison, EVERYBODY, PeopleChange, Way};
use super::crowding::Crowding;
use super::scores::{Scores, State};
use super::tables::Sides;
use crate::StudyArea;
use crate::measure::{Unit, capital, whole};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Fewer members of a group than this are not counted out: they could be recognised.
const FEWEST: f64 = 10.0;
/// Losers that are named.
const NAMED: usize = 10;

/// The page in Markdown.
///
/// - `study`: the study before.
#[must_use]
pub fn sentences(study: &StudyArea, compared: &Comparison, sides: &Sides<'_>) -> String {
    let mut text = String::new();
    let mut line = |words: &str| {
        let _ = writeln!(text, "{words}");
    };
    line(&format!("# {} in {}\n", compared.name, study.name));
    if study.settings.made_data {
        line("**The data is made up.** Nothing here is about a real place.\n");
    }
    line(&format!("Scenario {}, beside the study as it is.\n", compared.id));
    line("## What changes\n");
    if compared.receipts.is_empty() {
        line("Nothing: the scenario is empty.");
    }
    for (number, receipt) in compared.receipts.iter().enumerate() {
        let metres = receipt.metres_to_network.map_or(String::new(), |metres| {
            format!(", {metres:.1} m at most from the streets that it joins")
        });
        line(&format!("{}. {}{metres}.", number + 1, capital(&receipt.what)));
    }
    line("\n## Who gains and who loses\n");
    let told = told(study, compared);
    told.iter().for_each(|words| line(&format!("- {words}")));
    let measures: BTreeSet<_> = compared.people.iter().map(|one| (&one.measure, one.traveller)).collect();
    let quiet: BTreeSet<_> =
        compared.people.iter().filter(|one| moves(one)).map(|one| (&one.measure, one.traveller)).collect();
    line(&format!(
        "- {} of {} measures of access change for nobody who stays.",
        measures.len() - quiet.len(),
        measures.len()
    ));
    line("\n## What the means are made of\n");
    means(study, compared).iter().for_each(|words| line(words));
    line("\n## Who loses most\n");
    if compared.losers.is_empty() {
        line("Nobody who stays is more than a minute farther from anything.");
    }
    for (number, loser) in compared.losers.iter().take(NAMED).enumerate() {
        let (before, after) = sides.ways.get(number).map_or((None, None), |(a, b)| (a.as_ref(), b.as_ref()));
        let to = |way: Option<&Way>| {
            way.map_or(String::new(), |way| format!(" to {} ({:.0} m)", way.name, way.itinerary.length.get()))
        };
        let minutes = match loser.after {
            Some(minutes) => format!("{minutes:.1} min{} after", to(after)),
            None => "none within an hour after".to_owned(),
        };
        line(&format!(
            "- Home {}, {} people{}: {} {:.1} min{} before, {minutes}.",
            loser.home,
            whole(loser.people),
            travelling(loser.traveller, study),
            loser.category.replace('_', " "),
            loser.before,
            to(before)
        ));
    }
    crowded(sides.crowding, &mut line);
    displacement(study, compared, &mut line);
    costs(study, sides.affordability, &mut line);
    if let Some(scores) = sides.scores {
        of_neighbourhoods(study, scores, &mut line);
    }
    if !compared.assumptions.is_empty() {
        line("\n## What is assumed\n");
        compared.assumptions.iter().for_each(|words| line(&format!("- {}.", capital(words))));
    }
    line("\n## What is not modelled\n");
    line(
        "Rents, prices and everything that comes from a census or a survey: the scenario neither changes nor confirms it. Who moves \
         in answer to the change is not forecast. A walk is counted as the same within 1 minute; jobs, places and green space \
         within 5 per cent.",
    );
    text
}

/// What housing and travel cost those who stay.
fn costs(study: &StudyArea, found: &[AffordabilityChange], line: &mut impl FnMut(&str)) {
    if found.is_empty() {
        return;
    }
    line("\n## What living here costs\n");
    line(
        "Rent as stated, and travel with the cars that each household needs where it lives: one for the share of a driver's jobs that \
         cannot be reached without one, per worker, and at least one where an essential is out of reach on foot.\n",
    );
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);
    for one in found {
        let Some(((cars, share), left)) = one.cars.zip(one.share).zip(one.residual) else {
            line(&format!("- {}: not known for anybody.", capital(&one.household)));
            continue;
        };
        let residents = study.homes.weight.noun();
        line(&format!(
            "- {}: housing and travel take {} of the income before and {} after, and leave {} and {} a year; {:.2} cars are needed \
             before and {:.2} after. Both take at most 45 % for {} {residents} before and {} after; travel becomes cheaper for {} \
             and dearer for {}.",
            capital(&one.household),
            percent(share.0),
            percent(share.1),
            whole(left.0),
            whole(left.1),
            cars.0,
            cars.1,
            whole(one.affordable.0),
            whole(one.affordable.1),
            whole(one.moved.0),
            whole(one.moved.1),
        ));
    }
}

fn moves(one: &PeopleChange) -> bool {
    one.who.gained + one.who.lost > 0.0
}

/// Sentences about those who stay and those who come, the measures that move most people first.
fn told(study: &StudyArea, compared: &Comparison) -> Vec<String> {
    let mut all: Vec<(f64, String)> = Vec::new();
    for everybody in compared.people.iter().filter(|one| one.group == EVERYBODY && is_headline(one)) {
        let groups: Vec<&PeopleChange> = compared
            .people
            .iter()
            .filter(|one| {
                one.measure == everybody.measure
                    && one.traveller == everybody.traveller
                    && one.group != EVERYBODY
            })
            .collect();
        // What newcomers find is said of the study's own traveller; the table of people has it for all.
        if everybody.traveller != study.settings.travel.profile && !moves(everybody) {
            continue;
        }
        if let Some(words) = sentence(everybody, &groups) {
            all.push((everybody.who.gained + everybody.who.lost, words));
        }
    }
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    all.into_iter().map(|(_, words)| words).collect()
}

/// Walks, jobs within half an hour, and green space for each: what a council asks about.
fn is_headline(one: &PeopleChange) -> bool {
    one.unit == Unit::Minutes
        || ["jobs_within_30_min", "green_m2_per_resident_within_15_min"].contains(&one.measure.as_str())
}

fn sentence(everybody: &PeopleChange, groups: &[&PeopleChange]) -> Option<String> {
    let PeopleChange { who, parts, reach, unit, .. } = everybody;
    if who.gained + who.lost + parts.newcomers + parts.leavers <= 0.0 {
        return None;
    }
    let (nearer, farther) =
        if *unit == Unit::Minutes { ("are nearer", "are farther away") } else { ("have more", "have less") };
    let mean = |sum: f64, people: f64| {
        (people > 0.0).then(|| format!(" ({} on average)", amount(sum / people, *unit)))
    };
    let mut words = format!("**{}**{}:", everybody.label, as_traveller(everybody));
    let (known_gain, known_loss) = (who.gained - reach.0, who.lost - reach.1);
    let mut said = Vec::new();
    if known_gain > 0.0 {
        let by = mean(who.won, known_gain).unwrap_or_default();
        said.push(format!(
            "{} who stay {nearer}{by}{}",
            people(known_gain),
            groups_of(groups, |one| one.who.gained - one.reach.0)
        ));
    }
    if reach.0 > 0.0 {
        said.push(format!("{} reach one within an hour for the first time", people(reach.0)));
    }
    if known_loss > 0.0 {
        let by = mean(who.forgone, known_loss).unwrap_or_default();
        said.push(format!(
            "{} who stay {farther}{by}{}",
            people(known_loss),
            groups_of(groups, |one| one.who.lost - one.reach.1)
        ));
    }
    if reach.1 > 0.0 {
        said.push(format!("{} reach none within an hour any more", people(reach.1)));
    }
    if who.lost <= 0.0 && who.gained > 0.0 {
        said.push("nobody who stays loses".to_owned());
    }
    if let (true, Some(found)) = (parts.newcomers > 0.0, parts.newcomers_after) {
        let beside = parts
            .stayers_before
            .map_or(String::new(), |base| format!(", where those who stay had {}", amount(base, *unit)));
        said.push(format!("{} who come find {}{beside}", people(parts.newcomers), amount(found, *unit)));
    }
    if let (true, Some(had)) = (parts.leavers > 0.0, parts.leavers_before) {
        said.push(format!("{} who leave had {}", people(parts.leavers), amount(had, *unit)));
    }
    let _ = write!(words, " {}.", said.join("; "));
    Some(words)
}

/// ", among them 120 over 65 and 40 without car".
fn groups_of(groups: &[&PeopleChange], of: impl Fn(&PeopleChange) -> f64) -> String {
    let named: Vec<String> = groups
        .iter()
        .filter(|one| of(one) > 0.0)
        .map(|one| {
            let members = of(one);
            let members = if members < FEWEST { "fewer than 10".to_owned() } else { whole(members) };
            format!("{members} {}", one.group.replace('_', " "))
        })
        .collect();
    if named.is_empty() { String::new() } else { format!(", among them {}", named.join(", ")) }
}

/// Means with their parts as the study travels, of everybody and of every group whose stayers see a change.
fn means(study: &StudyArea, compared: &Comparison) -> Vec<String> {
    let mut lines = vec![
        "| measure | who | before | after | those who stay | newcomers | leavers |".to_owned(),
        "|---|---|---:|---:|---:|---:|---:|".to_owned(),
    ];
    let heading = lines.len();
    let own = study.settings.travel.profile;
    for one in compared.people.iter().filter(|one| one.traveller == own && is_headline(one)) {
        let parts = &one.parts;
        let (Some(before), Some(after), Some(found)) = (parts.mean_before, parts.mean_after, parts.parts)
        else {
            continue;
        };
        let shows = |number: f64| number.abs() >= 0.005;
        let is_shown = if one.group == EVERYBODY {
            shows(found.change_for_stayers) || shows(found.newcomers) || shows(found.leavers)
        } else {
            shows(found.change_for_stayers)
        };
        if !is_shown {
            continue;
        }
        lines.push(format!(
            "| {}{} | {} | {before:.2} | {after:.2} | {:+.2} | {:+.2} | {:+.2} |",
            one.label,
            as_traveller(one),
            one.group.replace('_', " "),
            found.change_for_stayers,
            found.newcomers,
            found.leavers
        ));
    }
    if lines.len() == heading {
        return vec!["No mean changes.".to_owned()];
    }
    lines.push(String::new());
    lines.push(
        "The last three columns add up to the change: what changes for those who stay, what newcomers add by finding more or less \
         than those who stay had, and what leavers take away. `people.csv` has every measure, group and traveller."
            .to_owned(),
    );
    lines
}

/// The places that more people share, the most crowded first.
fn crowded(crowding: &[Crowding], line: &mut impl FnMut(&str)) {
    const SHOWN: usize = 8;
    let mut more: Vec<(f64, &Crowding, f64, f64)> = crowding
        .iter()
        .filter_map(|one| {
            let (before, after) = one.share();
            let (before, after) = (before?, after?);
            let change = (after - before) / before;
            (change.abs() >= super::compare::TOLERANCE_SHARE).then_some((change, one, before, after))
        })
        .collect();
    if more.is_empty() {
        return;
    }
    more.sort_by(|a, b| a.0.total_cmp(&b.0));
    line("\n## What more or fewer people share\n");
    for (change, one, before, after) in more.iter().take(SHOWN) {
        let what = if one.category == crate::model::category::GREEN_SPACE {
            format!(
                "{} m² a person before, {} after",
                amount(*before, Unit::Plain),
                amount(*after, Unit::Plain)
            )
        } else {
            format!("{before:.1} places per 1,000 people before, {after:.1} after")
        };
        line(&format!(
            "- {} ({}): {} people within 15 minutes before, {} after; {what} ({:+.0} %).",
            one.name,
            one.category.replace('_', " "),
            whole(one.people.0),
            whole(one.people.1),
            100.0 * change
        ));
    }
    if more.len() > SHOWN {
        line(&format!("- {} more; `crowding.csv` has them all.", more.len() - SHOWN));
    }
}

fn displacement(study: &StudyArea, compared: &Comparison, line: &mut impl FnMut(&str)) {
    let places = &compared.displacement.neighbourhoods;
    if places.is_empty() {
        return;
    }
    line("\n## Who would have to move, and what is built\n");
    for one in places {
        let name = study
            .neighbourhoods
            .iter()
            .find(|place| place.id == one.id)
            .map_or(one.id.as_str(), |place| &place.name);
        line(&format!(
            "- {name}: {} live in homes that make way (direct); {} new dwellings (pressure), of which {} affordable (room to stay).",
            people(one.direct),
            whole(one.new_dwellings),
            whole(one.affordable)
        ));
    }
    line(
        "\nThese are counts and no forecast of rents. New homes lowered rents nearby by about 6 per cent in one study of large buildings \
         in low-income areas (Asquith, Mast & Reed 2023); others find that cheap homes beside them get dearer (Damiano & Frenier).",
    );
}

fn of_neighbourhoods(study: &StudyArea, scores: &Scores, line: &mut impl FnMut(&str)) {
    line("\n## Scores of neighbourhoods\n");
    let changed: Vec<_> = scores.iter().filter(|one| one.state == State::Changed).collect();
    let places: BTreeSet<_> = changed.iter().filter_map(|one| one.neighbourhood).collect();
    let not_modelled: BTreeSet<String> = scores
        .iter()
        .filter(|one| one.state == State::NotModelled)
        .map(|one| one.key.name(study.homes.weight))
        .collect();
    let kinds: BTreeSet<String> = changed.iter().map(|one| one.key.name(study.homes.weight)).collect();
    line(&format!(
        "{} scores change in {} of {} neighbourhoods; {} are not modelled.",
        kinds.len(),
        places.len(),
        study.neighbourhoods.len(),
        not_modelled.len()
    ));
    if !places.is_empty() {
        let names: Vec<&str> =
            places.iter().take(12).map(|&place| study.neighbourhoods[place].name.as_str()).collect();
        let more = places.len().saturating_sub(names.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        line(&format!("\nChanged: {}{more}. `scores.csv` has them all.", names.join(", ")));
    }
}

fn as_traveller(one: &PeopleChange) -> String {
    match one.traveller {
        crate::model::Traveller::Adult => String::new(),
        other => format!(" (as {})", other.name().replace('_', " ")),
    }
}

fn travelling(traveller: crate::model::Traveller, study: &StudyArea) -> String {
    if traveller == study.settings.travel.profile {
        return String::new();
    }
    format!(", as {}", traveller.name().replace('_', " "))
}

fn amount(number: f64, unit: Unit) -> String {
    match unit {
        Unit::Minutes => format!("{number:.1} min"),
        Unit::Share => format!("{:.0} %", 100.0 * number),
        _ if number.abs() >= 10.0 => whole(number),
        _ => format!("{number:.1}"),
    }
}

fn people(number: f64) -> String {
    let count = whole(number);
    if count == "1" { "1 person".to_owned() } else { format!("{count} people") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        assert_eq!((people(1.0), people(0.0)), ("1 person".into(), "0 people".into()));
    }
}
