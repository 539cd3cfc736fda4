//! The summary of an assessment in Markdown: what was read, found, assumed, and what it does not mean.

use super::markdown::{escape, without_markup};
use crate::StudyArea;
use crate::assessment::{Assessment, ESSENTIALS, Population, STANDARD_MINUTES, WORK};
use crate::measure::{ColumnSpec, Subject, Table, capital};
use crate::measures::access::MINUTES;
use crate::measures::encounter::{BRIDGING, CATEGORY, IN_REACH};
use crate::measures::gentrification::{AGREEMENT, DEFINITIONS, DISPLACEMENT_RISK};
use crate::measures::population::{NAME, STREET_DISTANCE};
use crate::measures::ranges;
use crate::measures::service_isolation::{ISOLATION, MOST_LACKING};
use crate::measures::severance::{AFFECTED, BARRIER_NAME, KIND};
use crate::model::Severity;
use std::fmt::{self, Write};

/// Neighbourhoods listed at each end.
const LISTED: usize = 5;
/// Agreement from which a neighbourhood is named.
const HALF: f64 = 0.5;

/// Writes the summary as Markdown.
#[must_use]
pub fn summary(study: &StudyArea, assessment: &Assessment) -> String {
    let mut text = String::new();
    write(&mut text, study, assessment).expect("writing to a string does not fail");
    without_markup(&text)
}

fn write(text: &mut String, study: &StudyArea, assessment: &Assessment) -> fmt::Result {
    writeln!(text, "# {}\n", assessment.name)?;
    if assessment.made_data {
        writeln!(text, "**Made data: this is not a real place.**\n")?;
    }
    write_read(text, study, assessment)?;
    write_found(text, study, assessment)?;
    write_ends(text, study, assessment)?;
    super::districts::write(text, study, assessment)?;
    write_between(text, study, assessment)?;
    write_findings(text, assessment)?;
    write_methods(text, study, assessment)
}

fn write_read(text: &mut String, study: &StudyArea, assessment: &Assessment) -> fmt::Result {
    let network = &assessment.network;
    let (nodes, edges) = assessment.network_size;
    writeln!(text, "## What was read\n\n| layer | rows |\n|---|---:|")?;
    let rows = [
        ("neighbourhoods", study.neighbourhoods.len()),
        ("homes", study.homes.len()),
        ("services", study.services.len()),
        ("green spaces", study.green_spaces.len()),
        ("workplaces", study.workplaces.as_ref().map_or(0, |workplaces| workplaces.ids.len())),
        ("streets", study.streets.len()),
        ("zoning districts", study.zoning.len()),
        ("motorways, railways and waters", study.barriers.len()),
        ("dates with indicators", study.indicators.len()),
    ];
    for (layer, count) in rows {
        writeln!(text, "| {layer} | {count} |")?;
    }
    writeln!(
        text,
        "\nDistances are measured in {}; each home counts by its {}.",
        study.crs, study.homes.weight
    )?;
    write_population(text, assessment)?;
    if let Some(stand_in) = &study.homes.stand_in {
        writeln!(text, "\n**Homes:** {stand_in}.\n")?;
    }
    for caution in &study.cautions {
        writeln!(text, "**Caution:** {caution}.\n")?;
    }
    writeln!(
        text,
        "The network for {} has {nodes} junctions and {edges} street edges in {} separate pieces; the largest holds \
         {:.1} % of the junctions. {} of {} streets ({:.1} % of their length) are \
         closed to it, and barriers cut {} places.\n",
        study.settings.travel.profile,
        network.components,
        100.0 * network.largest_component_share,
        network.closed_streets,
        network.streets,
        100.0 * network.closed_length_share,
        network.barriers,
    )?;
    if network.sloped_edges + network.flat_for_want_of_elevation + network.too_steep_edges > 0 {
        writeln!(
            text,
            "Hills count: {} pieces of street have the slope of the ground, {} are assumed flat because their height is \
             not known, and {} were left out as too steep.\n",
            network.sloped_edges, network.flat_for_want_of_elevation, network.too_steep_edges
        )?;
    }
    Ok(())
}

/// Who is counted in the tables, and who is left out: each home once.
fn write_population(text: &mut String, assessment: &Assessment) -> fmt::Result {
    let Population { counted, on_no_street, outside } = assessment.population;
    let (weight, inside) = (assessment.weight.units(), assessment.population.in_neighbourhoods());
    writeln!(
        text,
        "\n**Who is counted:** {inside:.0} {weight} in the neighbourhoods, which tables of who lives where count. Of these, the {:.0} \
         whose home is on a street count in everything that is reached, by place, by group and for the city as a whole.",
        counted.1
    )?;
    if on_no_street.0 + outside.0 > 0 {
        writeln!(
            text,
            "**Left out:** {:.0} {weight} ({} homes) in the neighbourhoods whose home could not be matched to a street, and {:.0} ({} \
             homes) outside all neighbourhoods.",
            on_no_street.1, on_no_street.0, outside.1, outside.0
        )?;
    }
    writeln!(text)
}

fn write_found(text: &mut String, study: &StudyArea, assessment: &Assessment) -> fmt::Result {
    let homes = assessment.homes();
    writeln!(text, "## What people reach on foot\n")?;
    writeln!(
        text,
        "| | share of {} within {STANDARD_MINUTES:.0} min | median minutes |\n|---|---:|---:|",
        study.homes.weight
    )?;
    let residents = homes.counted();
    let distances = numbers_of(homes, &STREET_DISTANCE);
    let is_counted = |home: usize| distances[home].is_some() && study.homes.neighbourhoods[home].is_some();
    for category in &assessment.categories {
        let minutes = homes.numbers_of(&MINUTES, &Subject::category(category)).unwrap_or_default();
        let weighted: Vec<(Option<f64>, f64)> = minutes
            .iter()
            .zip(&residents)
            .enumerate()
            .filter(|(home, _)| is_counted(*home))
            .map(|(_, (minutes, residents))| (*minutes, residents.unwrap_or(0.0)))
            .collect();
        let share = crate::access::share_within(&weighted, STANDARD_MINUTES);
        let median = crate::access::weighted_quantile(&weighted, 0.5);
        let share = share.map_or("-".into(), |share| format!("{:.1} %", 100.0 * share));
        let median = median.map_or("beyond 60".into(), |median| format!("{median:.1}"));
        writeln!(text, "| {} | {share} | {median} |", category.replace('_', " "))?;
    }
    write_ranges(text, study, assessment)?;
    super::equity::write(text, assessment)?;
    if !assessment.city.is_empty() {
        writeln!(text, "\n## The city as a whole\n\n| index | value | by chance |\n|---|---:|---:|")?;
        // People and pairs are whole, and large; shares and indices are not.
        let number = |value: f64| {
            let digits = if value >= 100.0 || (value >= 1.0 && value.fract() == 0.0) { 0 } else { 3 };
            format!("{value:.digits$}")
        };
        for record in &assessment.city {
            let by_chance = record.by_chance.map_or(String::new(), number);
            let label = escape(&record.key.label(assessment.weight));
            writeln!(text, "| {label} | {} | {by_chance} |", number(record.value))?;
        }
    }
    if !assessment.not_assessed.is_empty() {
        writeln!(text, "\n## Not assessed\n")?;
        for (score, reason) in &assessment.not_assessed {
            writeln!(text, "- {score}: {reason}")?;
        }
    }
    writeln!(text)
}

/// Shares of access as ranges, where they were asked for.
fn write_ranges(text: &mut String, study: &StudyArea, assessment: &Assessment) -> fmt::Result {
    let (Some(table), Some(ranges)) = (assessment.layer(ranges::LAYER), &study.settings.ranges) else {
        return Ok(());
    };
    let list = |values: Vec<f64>| values.iter().map(f64::to_string).collect::<Vec<_>>().join(", ");
    let rules: Vec<String> = ranges.rules().iter().map(ToString::to_string).collect();
    let weight = study.homes.weight;
    writeln!(
        text,
        "\n### Ranges\n\nThe share of {weight} in the neighbourhoods who have it near, under every combination of walking \
         speeds ({} km/h), thresholds ({} minutes) and ways in which places join the street ({}). Expected is {:.1} km/h, \
         {STANDARD_MINUTES:.0} minutes and the first of these ways. The last three columns say how many percentage points \
         each setting moves the share by itself.\n\n| | low | expected | high | by speed | by threshold | by attachment |\n\
         |---|---:|---:|---:|---:|---:|---:|",
        list(ranges.speeds_with(assessment.profile.kmh_on_foot())),
        list(ranges.minutes_with_standard()),
        rules.join("; "),
        assessment.profile.kmh_on_foot(),
    )?;
    let columns = [
        &ranges::CITY_LOW,
        &ranges::CITY_EXPECTED,
        &ranges::CITY_HIGH,
        &ranges::BY_SPEED,
        &ranges::BY_MINUTES,
        &ranges::BY_ATTACHMENT,
    ]
    .map(|column| numbers_of(table, column));
    for (row, name) in texts_of(table, &ranges::SHARE).iter().enumerate() {
        let name = name.as_deref().map_or("-".into(), |name| name.replace('_', " "));
        let cell = |(at, column): (usize, &Vec<Option<f64>>)| match column[row] {
            Some(share) => format!("{:.1}{}", 100.0 * share, if at < 3 { " %" } else { "" }),
            None => "-".into(),
        };
        let cells: Vec<String> = columns.iter().enumerate().map(cell).collect();
        writeln!(text, "| {name} | {} |", cells.join(" | "))?;
    }
    Ok(())
}

/// The neighbourhoods at both ends of service isolation, then change.
fn write_ends(text: &mut String, study: &StudyArea, assessment: &Assessment) -> fmt::Result {
    let table = assessment.neighbourhoods();
    let (names, residents) = (texts_of(table, &NAME), table.counted());
    let mut ranked: Vec<(f64, usize)> = numbers_of(table, &ISOLATION)
        .into_iter()
        .enumerate()
        .filter_map(|(row, value)| Some((value?, row)))
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    if !ranked.is_empty() {
        let most_lacking = texts_of(table, &MOST_LACKING);
        let line = |text: &mut String, (isolated, row): (f64, usize)| {
            let lacking = most_lacking[row].as_deref().map_or("-".into(), |name| name.replace('_', " "));
            let (name, people) = (names[row].as_deref().unwrap_or("-"), residents[row].unwrap_or(0.0));
            writeln!(text, "| {} | {people:.0} | {:.0} % | {lacking} |", escape(name), 100.0 * isolated)
        };
        let weight = study.homes.weight;
        let heading = format!(
            "| neighbourhood | {} | lack two or more | most lacking |\n|---|---:|---:|---|",
            weight.units()
        );
        writeln!(
            text,
            "## Service isolation\n\nThe share of {weight} without two or more of the essentials ({}) within \
             {STANDARD_MINUTES:.0} minutes' walk.",
            essential_names(assessment)
        )?;
        let [most, least] = both_ends(&ranked);
        for (title, end) in [("Most isolated", most), ("Least isolated", least)] {
            if !end.is_empty() {
                writeln!(text, "\n{title}:\n\n{heading}")?;
            }
            for &place in end.iter() {
                line(text, place)?;
            }
        }
    }
    write_change(text, assessment, &names)
}

/// The places at both ends of a ranking of shares, none in both: a place where nobody is isolated is not among the most isolated,
/// nor one where everybody is among the least.
fn both_ends(ranked: &[(f64, usize)]) -> [Vec<(f64, usize)>; 2] {
    let listed = LISTED.min(ranked.len().div_ceil(2));
    let most = ranked.iter().take(listed).filter(|(share, _)| *share > 0.0).copied().collect();
    let least = ranked.iter().rev().take(listed.min(ranked.len() - listed));
    [most, least.filter(|(share, _)| *share < 1.0).copied().collect()]
}

/// Each definition of gentrification, then the neighbourhoods that most of them agree on and those most at risk.
fn write_change(text: &mut String, assessment: &Assessment, names: &[Option<String>]) -> fmt::Result {
    let table = assessment.neighbourhoods();
    if let Some(first) = assessment.change.first() {
        let (from, to) = (first.years.first().copied(), first.years.last().copied());
        let (from, to) = (from.unwrap_or_default(), to.unwrap_or_default());
        writeln!(
            text,
            "\n## Change, {from} to {to}\n\n| definition | years | applies to | gentrifying | not robust |\n\
             |---|---|---:|---:|---:|"
        )?;
        for found in &assessment.change {
            let years: Vec<String> = found.years.iter().map(i32::to_string).collect();
            let not_robust = found.not_robust.map_or("no margins".into(), |count| count.to_string());
            let (title, applicable, flagged) = (&found.title, found.applicable, found.flagged);
            writeln!(text, "| {title} | {} | {applicable} | {flagged} | {not_robust} |", years.join(", "))?;
        }
    }
    let named = |listed: Vec<(f64, usize)>| -> String {
        let one = |(value, row): &(f64, usize)| {
            format!("{} ({value:.2})", escape(names[*row].as_deref().unwrap_or("-")))
        };
        if listed.is_empty() { "none".into() } else { listed.iter().map(one).collect::<Vec<_>>().join(", ") }
    };
    let highest = |column: &ColumnSpec| -> Vec<(f64, usize)> {
        let values = numbers_of(table, column).into_iter().enumerate();
        let mut values: Vec<(f64, usize)> = values.filter_map(|(row, value)| Some((value?, row))).collect();
        values.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        values
    };
    if !assessment.change.is_empty() {
        let counts = numbers_of(table, &DEFINITIONS);
        let agreed =
            agreement(&numbers_of(table, &AGREEMENT), &counts).into_iter().map(|(row, agree, of)| {
                format!("{} ({agree} of {of})", escape(names[row].as_deref().unwrap_or("-")))
            });
        let agreed = agreed.collect::<Vec<_>>().join(", ");
        let agreed = if agreed.is_empty() { "none" } else { &agreed };
        writeln!(
            text,
            "\nGentrifying by half or more of the definitions that apply, most definitions first: {agreed}."
        )?;
    }
    let at_risk: Vec<_> = highest(&DISPLACEMENT_RISK).into_iter().take(LISTED).collect();
    if !at_risk.is_empty() {
        writeln!(text, "\nHighest displacement risk, looking forward (0 to 1): {}.", named(at_risk))?;
    }
    writeln!(text)
}

/// What cuts neighbours off, and which places bridge.
fn write_between(text: &mut String, study: &StudyArea, assessment: &Assessment) -> fmt::Result {
    let weight = study.homes.weight;
    let or_dash = |name: &Option<String>| name.as_deref().map_or("-".to_owned(), escape);
    if let Some(barriers) = assessment.layer("barriers").filter(|layer| !layer.is_empty()) {
        writeln!(
            text,
            "## Severance\n\nBarriers that put a tenth or more of the {weight} within 800 m more than twice as far away on \
             foot:\n\n| barrier | kind | {} affected |\n|---|---|---:|",
            weight.units()
        )?;
        let rows = texts_of(barriers, &BARRIER_NAME).into_iter().zip(texts_of(barriers, &KIND));
        for ((name, kind), affected) in rows.zip(numbers_of(barriers, &AFFECTED)).take(LISTED) {
            let affected = affected.map_or("few".into(), |people| format!("{people:.0}"));
            writeln!(text, "| {} | {} | {affected} |", or_dash(&name), or_dash(&kind))?;
        }
        writeln!(text)?;
    }
    if let Some(places) = assessment.layer("meeting_places").filter(|layer| !layer.is_empty()) {
        writeln!(
            text,
            "## Encounter\n\nPlaces whose people are more mixed than the neighbourhoods that they come from (bridging: 0 to \
             1):\n\n| place | kind | {} within {STANDARD_MINUTES:.0} min | bridging |\n|---|---|---:|---:|",
            weight.units()
        )?;
        let rows = texts_of(places, &NAME).into_iter().zip(texts_of(places, &CATEGORY));
        let values = numbers_of(places, &IN_REACH).into_iter().zip(numbers_of(places, &BRIDGING));
        for ((name, kind), (people, bridging)) in rows.zip(values).take(LISTED) {
            let bridging = bridging.map_or("-".into(), |bridging| format!("{bridging:.2}"));
            let (name, kind) = (or_dash(&name), or_dash(&kind).replace('_', " "));
            writeln!(text, "| {name} | {kind} | {:.0} | {bridging} |", people.unwrap_or(0.0))?;
        }
        writeln!(text)?;
    }
    Ok(())
}

fn write_findings(text: &mut String, assessment: &Assessment) -> fmt::Result {
    writeln!(text, "## Dropped, repaired, assumed\n")?;
    for (severity, label) in [(Severity::Warning, "warning"), (Severity::Note, "note")] {
        for finding in assessment.findings.of(severity) {
            writeln!(text, "- {label}: {}", finding.error.to_string().replace('\n', " "))?;
        }
    }
    writeln!(text)
}

fn write_methods(text: &mut String, study: &StudyArea, assessment: &Assessment) -> fmt::Result {
    let settings = &study.settings;
    writeln!(text, "## Methods\n")?;
    writeln!(
        text,
        "- Travel along streets: {} (published walking speeds span 2.7 to 5.1 km/h; twice the speed reaches four \
         times the area). Places join the street at the nearest point of it, at most {} m away, and walk there.",
        assessment.profile,
        settings.max_snap_distance.get(),
    )?;
    if assessment.network.sloped_edges > 0 {
        writeln!(
            text,
            "- Hills: heights every 10 m of street, bilinear; bridges and tunnels run evenly between their ends. On foot by \
             Tobler (1993), with that speed on the flat; wheelchairs as in GraphHopper's profile, and not up or down what is \
             steeper than a ramp may be over 50 m."
        )?;
    }
    if assessment.essentials.contains(&WORK) {
        writeln!(
            text,
            "- Work counts as reached where {} or more jobs lie within {STANDARD_MINUTES:.0} minutes' walk.",
            settings.jobs_standard
        )?;
    }
    for mode in &settings.modes {
        let profile = crate::network::TravelProfile::new(mode.clone());
        if let Ok(profile) = profile {
            writeln!(
                text,
                "- Jobs by {} are those of {profile}, without congestion or parking.",
                mode.profile.name()
            )?;
        }
    }
    let weight = study.homes.weight;
    writeln!(text, "- Means, quantiles and shares of a neighbourhood count each home by its {weight}.")?;
    for measure in &assessment.assessed {
        let (title, method) = (capital(measure.title), weight.named_in(measure.method));
        writeln!(text, "- {title}: {method} ({})", measure.source)?;
    }
    let sources: Vec<&str> = assessment.change.iter().map(|found| found.source.as_str()).collect();
    if !sources.is_empty() {
        writeln!(text, "- Definitions of gentrification: {}.", sources.join("; "))?;
    }
    writeln!(
        text,
        "\nScores describe places, not the people who live there; an average says nothing about one household. Access on \
         foot is not the whole of access, and a gentrification class is a description of change, not of its causes."
    )
}

/// Neighbourhoods that gentrify by [`HALF`] or more of the definitions that apply: row, how many agree, of how many. The more agree, the
/// earlier: three of four say more than one of one.
fn agreement(shares: &[Option<f64>], applying: &[Option<f64>]) -> Vec<(usize, u32, u32)> {
    let of = |(row, (share, applying)): (usize, (&Option<f64>, &Option<f64>))| {
        let (share, applying) = ((*share)?, (*applying)?);
        (share >= HALF).then(|| (row, (share * applying).round() as u32, applying as u32))
    };
    let mut agreed: Vec<(usize, u32, u32)> = shares.iter().zip(applying).enumerate().filter_map(of).collect();
    agreed.sort_by(|a, b| b.1.cmp(&a.1).then(a.2.cmp(&b.2)).then(a.0.cmp(&b.0)));
    agreed
}

fn essential_names(assessment: &Assessment) -> String {
    let named: Vec<_> = assessment.essentials.iter().map(|name| name.replace('_', " ")).collect();
    let list = named.join(", ");
    if named.len() == ESSENTIALS.len() {
        list
    } else {
        format!("{list}; of five, {} in the data", named.len())
    }
}

fn numbers_of(table: &Table, column: &ColumnSpec) -> Vec<Option<f64>> {
    table.numbers_of(column, &Subject::NONE).unwrap_or_default()
}

fn texts_of(table: &Table, column: &ColumnSpec) -> Vec<Option<String>> {
    table.texts_of(column, &Subject::NONE).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_of_four_definitions_come_before_one_of_one() {
        let found = agreement(&[Some(1.0), Some(0.75), Some(0.25), None], &[1.0, 4.0, 4.0, 0.0].map(Some));
        assert_eq!(found, [(1, 3, 4), (0, 1, 1)]);
    }

    #[test]
    fn nobody_isolated_is_not_the_most_isolated_nor_everybody_the_least() {
        assert_eq!(both_ends(&[(0.0, 0), (0.0, 1)]), [vec![], vec![(0.0, 1)]]);
        assert_eq!(both_ends(&[(1.0, 0), (1.0, 1), (0.5, 2)]), [vec![(1.0, 0), (1.0, 1)], vec![(0.5, 2)]]);
        assert_eq!(both_ends(&[(1.0, 0), (1.0, 1)]), [vec![(1.0, 0)], vec![]]);
    }
}
