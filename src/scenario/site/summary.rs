//! Checked sites as a page in Markdown.

use super::tables::{is_headline, verdict};
use super::verdict::{RuleVerdict, Verdict};
use super::{SiteCheck, SiteStandard};
use crate::StudyArea;
use crate::measure::Unit;
use crate::model::Traveller;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The page of checked sites in Markdown.
#[must_use]
pub fn site_summary(study: &StudyArea, checks: &[SiteCheck], standards: &[SiteStandard]) -> String {
    let mut text = String::new();
    let mut line = |words: String| {
        let _ = writeln!(text, "{words}");
    };
    let own = study.settings.travel.profile;
    line(format!("# {} sites in {}\n", checks.len(), study.name));
    if study.settings.made_data {
        line("**The data is made up.** Nothing here is about a real place.\n".to_owned());
    }
    let off = checks.iter().filter(|one| !one.on_street).count();
    if off > 0 {
        line(format!("{off} sites are on no street within the study's limit: their walks are unknown.\n"));
    }
    let outside = checks.iter().filter(|one| one.neighbourhood.is_none()).count();
    if outside > 0 {
        line(format!("{outside} sites lie in none of the neighbourhoods.\n"));
    }
    let classes: BTreeSet<&str> = checks.iter().map(|one| one.site.class.as_str()).collect();
    if let (Some(standard), true) = (standards.first(), checks.len() > 1) {
        for class in &classes {
            let of: Vec<&SiteCheck> = checks.iter().filter(|one| one.site.class == **class).collect();
            line(in_short(&of, standard, own));
        }
        line(String::new());
    }
    line("## Standards\n".to_owned());
    line("| standard | class | sites | pass by ruler | pass on foot | on paper only | unknown |".to_owned());
    line("|---|---|---:|---:|---:|---:|---:|".to_owned());
    for standard in standards {
        for class in &classes {
            let of: Vec<&SiteCheck> = checks.iter().filter(|one| one.site.class == **class).collect();
            let count = |is: &dyn Fn(Verdict, Verdict) -> bool| {
                let both = |one: &&&SiteCheck| {
                    is(verdict(one, &standard.name, own, true), verdict(one, &standard.name, own, false))
                };
                of.iter().filter(both).count()
            };
            line(format!(
                "| {} | {class} | {} | {} | {} | {} | {} |",
                standard.title,
                of.len(),
                count(&|ruler, _| ruler == Verdict::Pass),
                count(&|_, foot| foot == Verdict::Pass),
                count(&|ruler, foot| ruler == Verdict::Pass && foot == Verdict::Fail),
                count(&|_, foot| foot == Verdict::Unknown)
            ));
        }
    }
    let mut paper: Vec<(&SiteCheck, &RuleVerdict)> = checks
        .iter()
        .flat_map(|check| check.verdicts.iter().map(move |one| (check, one)))
        .filter(|(_, one)| one.traveller == own && one.fails_on_foot_alone())
        .collect();
    // The longest walks first; those of more than an hour before all.
    let walk = |one: &RuleVerdict| one.minutes.unwrap_or(f64::INFINITY);
    paper.sort_by(|(_, a), (_, b)| walk(b).total_cmp(&walk(a)));
    line("\n## Passes on paper, fails on foot\n".to_owned());
    if paper.is_empty() {
        line("Nothing.".to_owned());
    }
    for (check, one) in paper.iter().take(20) {
        line(format!("- {}: {} ({}): {}.", check.site.name, one.rule, one.standard, one.reason));
    }
    if paper.len() > 20 {
        line(format!("- {} more; `standards.csv` has them all.", paper.len() - 20));
    }
    beside_city(study, checks, &classes, &mut line);
    line("\n## Sources\n".to_owned());
    standards.iter().for_each(|one| line(format!("- {}: {}.", one.title, one.source)));
    text
}

/// How many sites of a class meet a standard on foot, and what the others lack most.
fn in_short(of: &[&SiteCheck], standard: &SiteStandard, own: Traveller) -> String {
    let meet = |by_ruler: bool| {
        of.iter().filter(|one| verdict(one, &standard.name, own, by_ruler) == Verdict::Pass).count()
    };
    let mut failed: BTreeMap<&str, usize> = BTreeMap::new();
    let rules = of
        .iter()
        .flat_map(|one| &one.verdicts)
        .filter(|one| one.standard == standard.name && one.traveller == own && one.on_foot == Verdict::Fail);
    rules.for_each(|one| *failed.entry(one.rule.as_str()).or_default() += 1);
    let mut failed: Vec<(&str, usize)> = failed.into_iter().collect();
    failed.sort_by_key(|&(_, sites)| std::cmp::Reverse(sites));
    let lacking: Vec<String> =
        failed.iter().take(3).map(|(rule, sites)| format!("{rule} ({sites})")).collect();
    let class = of.first().map_or("", |one| one.site.class.as_str());
    let mut text = format!(
        "- **{} of {} sites{}** meet \"{}\" on foot; on paper {}.",
        meet(false),
        of.len(),
        if class.is_empty() { String::new() } else { format!(" ({class})") },
        standard.title,
        meet(true)
    );
    if !lacking.is_empty() {
        let _ = write!(text, " What is out of reach on foot: {}.", lacking.join(", "));
    }
    text
}

/// Medians of the sites of each class beside those of the residents; of one site what it reaches.
fn beside_city(
    study: &StudyArea,
    checks: &[SiteCheck],
    classes: &BTreeSet<&str>,
    line: &mut impl FnMut(String),
) {
    let weight = study.homes.weight;
    let Some(first) = checks.first() else { return };
    line("\n## Beside the city\n".to_owned());
    let heads: Vec<String> = classes
        .iter()
        .map(|class| if class.is_empty() { "sites".to_owned() } else { (*class).to_owned() })
        .collect();
    line(format!(
        "| measure | city's median | {} | sites better than the median resident |",
        heads.join(" | ")
    ));
    line(format!("|---|---:|{}---:|", "---:|".repeat(classes.len())));
    let number = |value: Option<f64>, unit: Unit| match (value, unit) {
        (None, Unit::Minutes) => "out of reach".to_owned(),
        (None, _) => "unknown".to_owned(),
        (Some(value), Unit::Share) => format!("{:.0} %", 100.0 * value),
        (Some(value), _) if value.abs() >= 100.0 => format!("{value:.0}"),
        (Some(value), _) => format!("{value:.1}"),
    };
    for (at, reach) in first.reach.iter().enumerate().filter(|(_, reach)| is_headline(reach)) {
        let unit = reach.key.column.unit;
        let less = reach.key.column.scale == crate::measure::Scale::MoreIsWorse;
        let of_class = classes.iter().map(|class| {
            let of = checks.iter().filter(|one| one.site.class == **class && one.on_street);
            let worst = if less { f64::INFINITY } else { f64::NEG_INFINITY };
            let known: Vec<(f64, f64)> = of.map(|one| (one.reach[at].here.unwrap_or(worst), 1.0)).collect();
            number(super::median_of(&known, less), unit)
        });
        let cells: Vec<String> = of_class.collect();
        let better =
            checks.iter().filter(|one| one.reach[at].better_than.is_some_and(|share| share > 0.5)).count();
        let by = if reach.traveller == study.settings.travel.profile {
            String::new()
        } else {
            format!(" (as {})", reach.traveller.name().replace('_', " "))
        };
        line(format!(
            "| {}{by} | {} | {} | {better} of {} |",
            reach.key.label(weight),
            number(reach.city_median, unit),
            cells.join(" | "),
            checks.len()
        ));
    }
    let place = |number: Option<f64>| number.map_or("unknown".to_owned(), |number| format!("{number:.2}"));
    if let (1, Some(area), false) = (checks.len(), first.neighbourhood, first.surroundings.is_empty()) {
        line(format!("\n## {}\n", study.neighbourhoods[area].name));
        line("What a census or survey says of the neighbourhood, beside the median of all:\n".to_owned());
        for (name, here, median) in &first.surroundings {
            line(format!("- {}: {}, median {}", name.replace('_', " "), place(*here), place(*median)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Site, SiteStandard};
    use geo::Point;

    #[test]
    fn a_class_is_told_by_what_its_sites_reach_on_foot() {
        let standard = SiteStandard::named("five_essentials").unwrap();
        let rule = |rule: &str, by_ruler, on_foot| RuleVerdict {
            standard: standard.name.clone(),
            rule: rule.to_owned(),
            traveller: Traveller::Adult,
            by_ruler,
            on_foot,
            metres: None,
            minutes: None,
            reason: String::new(),
        };
        let check = |verdicts| SiteCheck {
            site: Site {
                id: "1".into(),
                name: "Mill Yard".into(),
                class: "planned".into(),
                at: Point::new(0.0, 0.0),
            },
            neighbourhood: None,
            on_street: true,
            reach: Vec::new(),
            verdicts,
            surroundings: Vec::new(),
        };
        let (pass, fail) = (Verdict::Pass, Verdict::Fail);
        let sites = [
            check(vec![rule("school", pass, pass), rule("clinic", pass, fail)]),
            check(vec![rule("school", pass, fail), rule("clinic", fail, fail)]),
            check(vec![rule("school", pass, pass), rule("clinic", pass, pass)]),
        ];
        let of: Vec<&SiteCheck> = sites.iter().collect();
        assert_eq!(
            in_short(&of, &standard, Traveller::Adult),
            "- **1 of 3 sites (planned)** meet \"Five essentials within a quarter of an hour's walk\" on foot; on paper 2. \
             What is out of reach on foot: clinic (2), school (1)."
        );
    }
}
