//! What was found about places to meet, in sentences that can be read aloud.

use super::aim::MeetingAim;
use super::study::{Met, value_of};
use crate::StudyArea;
use crate::siting::hub::Hub;
use std::fmt::Write;

/// Candidates and pairs that are listed.
const LISTED: usize = 8;

/// The answer as a text in Markdown.
#[must_use]
pub fn meeting_sentences(study: &StudyArea, hub: &Hub, met: &Met) -> String {
    let mut text = String::new();
    let mut line = |words: String| {
        let _ = writeln!(text, "{words}");
    };
    let kind = hub.category.replace('_', " ");
    let what = hub.name.clone().unwrap_or_else(|| format!("Where a {kind} would bring people together"));
    let name = |site: u32| met.candidates[site as usize].name.as_str();
    let list = |sites: &[u32]| sites.iter().map(|&site| name(site)).collect::<Vec<_>>().join("; ");
    let (found, best) = (&met.found, &met.best);
    line(format!("# {what}: {}\n", study.name));
    line("Opportunity, not contact: who could walk to the same place within 15 minutes, not who goes there or speaks.\n".into());
    line(format!("Chosen: {}.\n", list(&found.best.sites)));
    line(format!(
        "{} candidates, of which {} are left by the rules; {} places to meet stand today, {} of them of the kind {kind}.",
        met.candidates.len(),
        met.ranking.len(),
        met.places.0,
        met.places.1
    ));
    line(format!("Objective `{}`: {}. {}", hub.objective, amount(found.best.value, met.aim), proof(met)));
    if found.best.value <= 0.0 {
        line("No set of the candidates brings more people together than meet today: the least harmful set is named.".into());
    }
    let more = if found.all_listed { "" } else { " or more" };
    line(format!("{}{more} sets are within {} % of it.\n", found.alternatives.len(), hub.within));
    for (site, share) in found.frequency.iter().take(LISTED) {
        line(format!("- {} is in {:.0} of 100 near-best sets", name(*site), 100.0 * share));
    }

    line("\n## Who could meet whom\n".into());
    if let Some((before, after)) = best.in_reach {
        line(format!(
            "{:.0} people could walk to it. Of the people whom they could meet, others are {} today and {} then.",
            best.residents,
            percent(before),
            percent(after)
        ));
    }
    line("In the whole study, of the people whom each group could meet, others are:\n".into());
    for (group, (before, after)) in met.groups.iter().zip(&best.groups) {
        line(match (before, after) {
            (Some(before), Some(after)) => {
                format!("- {group}: {} today, {:+.3} points", percent(*before), 100.0 * (after - before))
            }
            _ => format!("- {group}: not known"),
        });
    }
    if let Some((group, before, after)) = best.worst_group() {
        let from = before.map_or("not known".to_owned(), percent);
        line(format!(
            "\nThe group that could meet the fewest others is {}: {from} today, {} then.",
            met.groups[group],
            percent(after)
        ));
    }
    line(format!(
        "{:.0} people would have a {kind} within 15 minutes for the first time, {:.0} of them any place to meet.",
        best.newly_of_kind, best.newly_of_any
    ));

    let apart = met.pairs.iter().filter(|(_, shared)| *shared == 0).count();
    line(format!(
        "\n## Neighbours who share no place\n\n{apart} of {} pairs of neighbours share no place that a tenth of the residents of \
         both can walk to. The chosen sites bring {} of them together.",
        met.pairs.len(),
        best.joins.len()
    ));
    let place = |number: usize| study.neighbourhoods[number].name.as_str();
    for &pair in best.joins.iter().take(LISTED) {
        let ((a, b), _) = met.pairs[pair];
        line(format!("- {} and {}", place(a), place(b)));
    }
    let reached = |pair: &usize| {
        met.ranking
            .iter()
            .any(|&site| met.gains[site as usize].as_ref().is_some_and(|gain| gain.joins.contains(pair)))
    };
    let beyond = (0..met.pairs.len()).filter(|&pair| met.pairs[pair].1 == 0 && !reached(&pair)).count();
    if beyond > 0 {
        line(format!("No candidate by itself brings together {beyond} of them."));
    }

    line("\n## The best by themselves\n".into());
    for &site in met.ranking.iter().take(LISTED) {
        if let Some(gain) = &met.gains[site as usize] {
            line(format!(
                "- {}: {}; {:.0} people in reach, {} pairs of neighbours brought together",
                name(site),
                amount(value_of(gain, met.aim), met.aim),
                gain.residents,
                gain.joins.len()
            ));
        }
    }
    if let (Some(second), Some(plan)) = (&met.second, found.alternatives.get(1)) {
        line(format!("\n## If it were the second-best set\n\n{}.\n", list(&plan.sites)));
        let groups = met.groups.iter().zip(best.groups.iter().zip(&second.groups));
        for (group, ((_, first), (_, other))) in groups {
            if let (Some(first), Some(other)) = (first, other) {
                line(format!(
                    "- {group}: {:+.3} points of others against the best set",
                    100.0 * (other - first)
                ));
            }
        }
        line(format!(
            "- {} pairs of neighbours brought together instead of {}",
            second.joins.len(),
            best.joins.len()
        ));
    }
    if !met.prices.is_empty() {
        line("\n## What people asked for, and its price\n".into());
        for price in &met.prices {
            let lost = price.without - found.best.value;
            line(format!(
                "- {}: rules out {} candidates; costs {}",
                price.name,
                price.rules_out,
                amount(lost, met.aim)
            ));
        }
    }
    text
}

fn proof(met: &Met) -> String {
    if met.found.is_proven() {
        return "No other set is better: this is proven.".into();
    }
    let bound = amount(met.found.bound, met.aim);
    if met.found.gap.is_finite() {
        format!("No set can reach more than {bound}; the gap is {:.2} %.", 100.0 * met.found.gap)
    } else {
        format!("No set can reach more than {bound}.")
    }
}

fn amount(value: f64, aim: MeetingAim) -> String {
    match aim {
        MeetingAim::Neighbours => format!("{value:.0} pairs of neighbours brought together"),
        _ => format!("{:+.3} points of others met", 100.0 * value),
    }
}

fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}
