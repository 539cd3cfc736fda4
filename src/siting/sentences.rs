//! What was found about sites, in sentences that can be read aloud.

use super::{Hub, Placed};
use crate::StudyArea;
use crate::measure::whole;
use std::fmt::Write;

/// Sites that are named with how often they are in a good set.
const FREQUENT: usize = 8;
/// Prices up to this many person-minutes, or minutes of the worst-off group, are none.
const NO_PRICE: (f64, f64) = (0.5, 0.005);

/// The answer to a question about sites, as Markdown: what is chosen and how well that is proven, who walks how far, what the
/// second-best set would change, and the price of what people asked for.
#[must_use]
pub fn siting_sentences(study: &StudyArea, hub: &Hub, placed: &Placed) -> String {
    let mut text = String::new();
    let found = &placed.found;
    let what = hub.name.clone().unwrap_or_else(|| format!("Sites for {}", hub.category.replace('_', " ")));
    let mut line = |words: String| {
        let _ = writeln!(text, "{words}");
    };
    let name = |site: u32| placed.candidates[site as usize].name.clone();
    let list = |sites: &[u32]| sites.iter().map(|&site| name(site)).collect::<Vec<_>>().join("; ");
    line(format!("# {what}: {}\n", study.name));
    line(format!("Chosen: {}.\n", list(&found.best.sites)));
    let left = placed.candidates.iter().filter(|one| one.ruled_out_by.is_empty()).count();
    line(format!(
        "{} candidates, of which the rules leave {left}; {} existing places serve already.",
        placed.candidates.len(),
        placed.existing
    ));
    let proof = if found.is_proven() {
        "No other set is better: this is proven.".to_owned()
    } else {
        format!(
            "No set can be better than {}; the gap is {:.2}%.",
            valued(&hub.objective, found.bound),
            100.0 * found.gap
        )
    };
    line(format!("By the aim `{}`: {}. {proof}", hub.objective, valued(&hub.objective, found.best.value)));
    let more = if found.all_listed { "" } else { " or more" };
    line(format!("{}{more} sets are within {}% of it.\n", found.alternatives.len(), hub.within));
    for (site, share) in found.frequency.iter().take(FREQUENT) {
        line(format!("- {} is in {:.0} of 100 near-best sets", name(*site), 100.0 * share));
    }
    line("\n## Who walks how far\n".to_owned());
    for (group, members, before, after) in &placed.groups {
        let minutes = |minutes: &Option<f64>| {
            minutes.map_or("nowhere to go".to_owned(), |minutes| format!("{minutes:.1} min"))
        };
        line(format!(
            "- {group} ({}): {} before, {} after, of those who are served",
            whole(*members),
            minutes(before),
            minutes(after)
        ));
    }
    line(format!(
        "\nWithin {} minutes: {} people before, {} after, of {}. {} people reach none of the sites within {} minutes and count \
         as that far; {} reach no candidate at all and are left out.",
        hub.minutes,
        whole(placed.covered_before),
        whole(placed.covered_after),
        whole(placed.people),
        whole(found.unserved),
        hub.search_minutes,
        whole(found.unreachable)
    ));
    if let Some(plan) = found.alternatives.get(1) {
        line(format!("\n## If it were the second-best set\n\n{}.\n", list(&plan.sites)));
        for (group, change) in &placed.second {
            line(format!(
                "- {group}: {} people nearer by {:.1} min, {} farther by {:.1} min",
                whole(change.nearer),
                change.won / change.nearer.max(1.0),
                whole(change.farther),
                change.lost / change.farther.max(1.0)
            ));
        }
    }
    if !placed.prices.is_empty() {
        line("\n## What people asked for, and its price\n".to_owned());
        for price in &placed.prices {
            line(format!(
                "- {}: rules out {} candidates; {}",
                price.name,
                price.rules_out,
                priced(price.person_minutes, price.worst_group)
            ));
        }
    }
    if !placed.others.is_empty() {
        line("\n## Judged by other aims\n".to_owned());
        for (aim, best, value) in &placed.others {
            let regret = if *best == 0.0 { 0.0 } else { 100.0 * (value - best).abs() / best.abs() };
            line(format!(
                "- {aim}: {}; at best {}, so {regret:.1}% is given up",
                valued(aim, *value),
                amount(aim, *best)
            ));
        }
    }
    for warning in &placed.warnings {
        line(format!("\nNote: {warning}"));
    }
    text
}

/// The value of a set by an aim, and what it is.
fn valued(aim: &str, value: f64) -> String {
    let what = match aim {
        "median" => " on the way to the nearest site",
        "standard" => " beyond the standard",
        "cover" => " within reach",
        "center" => " for whoever lives farthest",
        "kolm_pollak" => ", if all had the same and were no better or worse off",
        "worst_group" => " on average for the worst-off group",
        "worst_tenth" => " on average for the worst-off tenth",
        _ => "",
    };
    amount(aim, value) + what
}

/// The value of a set by an aim.
fn amount(aim: &str, value: f64) -> String {
    match aim {
        "median" | "standard" => format!("{} person-minutes", whole(value)),
        "cover" => format!("{} people", whole(value)),
        _ => format!("{value:.1} min"),
    }
}

/// What a rule costs everybody together, and the worst-off group.
fn priced(person_minutes: f64, worst_group: Option<f64>) -> String {
    let all = match person_minutes {
        minutes if minutes > NO_PRICE.0 => format!("costs {} person-minutes", whole(minutes)),
        minutes if minutes < -NO_PRICE.0 => format!("saves {} person-minutes", whole(-minutes)),
        _ => "costs nothing".to_owned(),
    };
    match worst_group {
        Some(minutes) if minutes > NO_PRICE.1 => {
            format!("{all}; the worst-off group walks {minutes:.2} min more")
        }
        Some(minutes) if minutes < -NO_PRICE.1 => {
            format!("{all}; the worst-off group walks {:.2} min less", -minutes)
        }
        _ => all,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_said_with_who_pays_it() {
        assert_eq!(
            priced(112_790.2, Some(-0.15)),
            "costs 112,790 person-minutes; the worst-off group walks 0.15 min less"
        );
        assert_eq!(priced(0.2, Some(-0.001)), "costs nothing");
        assert_eq!(priced(-3.0, None), "saves 3 person-minutes");
        assert_eq!(
            valued("median", 25_422_350.4),
            "25,422,350 person-minutes on the way to the nearest site"
        );
    }
}
