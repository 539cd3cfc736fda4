//! A budget's answer in sentences that can be read aloud.

use super::answer::{BudgetAnswer, BudgetChoice, Concentration};
use super::question::{Benefit, BudgetQuestion};
use crate::StudyArea;
use std::fmt::Write;

/// Neighbourhoods that are listed.
const LISTED: usize = 10;

/// The answer as a text in Markdown.
#[must_use]
pub fn budget_sentences(study: &StudyArea, asked: &BudgetQuestion, answer: &BudgetAnswer) -> String {
    let mut text = String::new();
    let mut line = |words: String| {
        let _ = writeln!(text, "{words}");
    };
    let what = asked.name.clone().unwrap_or_else(|| "What each neighbourhood is owed".to_owned());
    line(format!("# {what}: {}\n", study.name));
    if study.settings.made_data {
        line("**The data is made up.** Nothing here is about a real place.\n".into());
    }
    let empty = answer.people.iter().filter(|people| **people <= 0.0).count();
    line(format!(
        "A budget of {}, {} neighbourhoods where people live.",
        money(asked.budget),
        answer.people.len() - empty
    ));
    if empty > 0 {
        let places = if empty == 1 { "neighbourhood" } else { "neighbourhoods" };
        line(format!("Where nobody lives, nothing is owed: {empty} {places}."));
    }
    line("\n## What each neighbourhood is owed\n".into());
    let rules: Vec<&str> = answer.owed.iter().map(|owed| owed.rule.as_str()).collect();
    let agreement = match answer.agreement {
        Some(agreement) => {
            format!(" They agree on the order by {agreement:.2} (Kendall's W: 1 is the same order).")
        }
        None => String::new(),
    };
    line(format!("By {} rules: {}.{agreement}\n", rules.len(), rules.join(", ")));
    let mut order: Vec<usize> =
        (0..answer.people.len()).filter(|&place| answer.ranks[place].is_some()).collect();
    order.sort_by_key(|&place| (answer.ranks[place], place));
    for &place in order.iter().take(LISTED) {
        let per_person = answer.owed.iter().filter_map(|owed| owed.per_head[place]);
        let (least, most) =
            per_person.fold((f64::INFINITY, 0.0_f64), |(least, most), one| (least.min(one), most.max(one)));
        let (best, worst) = answer.ranks[place].unwrap_or_default();
        let ranks = if best == worst {
            format!("rank {best} by every rule")
        } else {
            format!("rank {best} to {worst}")
        };
        let people = answer.people[place];
        line(format!(
            "- {} ({people:.0} people): {ranks}; {least:.2} to {most:.2} per person",
            study.neighbourhoods[place].name
        ));
    }
    published(answer, &mut line);
    if let (Some(efficient), Some(fair)) = (&answer.efficient, &answer.fair) {
        projects(asked, answer, (efficient, fair), &mut line);
    }
    districts(study, asked, answer, &mut line);
    text
}

/// Where the published rules come from, and which are not assessed.
fn published(answer: &BudgetAnswer, line: &mut impl FnMut(String)) {
    if !answer.published.is_empty() {
        line("\nPublished rules:\n".into());
    }
    for rule in &answer.published {
        let reading = rule.reading.as_ref().map(|words| format!(" {words}.")).unwrap_or_default();
        line(format!("- {}: {} ({}). {}.{reading}", rule.name, rule.title, rule.year, rule.source));
    }
    if !answer.not_assessed.is_empty() {
        line("\nNot assessed, for lack of numbers that `[columns]` can give:\n".into());
    }
    for one in &answer.not_assessed {
        line(format!("- {}: {}.", one.rule, one.reason));
    }
}

fn projects(
    asked: &BudgetQuestion,
    answer: &BudgetAnswer,
    (efficient, fair): (&BudgetChoice, &BudgetChoice),
    line: &mut impl FnMut(String),
) {
    let unit = unit(asked.benefit);
    let walks = answer.categories.iter().map(|name| name.replace('_', " ")).collect::<Vec<_>>().join(", ");
    line("\n## What the projects are worth\n".into());
    line(match asked.benefit {
        Benefit::PersonMinutes => format!(
            "In person-minutes: how much less all who stay walk to the closest of each of {walks}, less what others walk more. \
             None within an hour counts as an hour.\n"
        ),
        Benefit::People => {
            format!(
                "In people: those with more of {walks} within 15 minutes than before, less those with fewer.\n"
            )
        }
    });
    for project in &answer.projects {
        let harm = if project.benefit < 0.0 {
            "; it does more harm than good, and is not chosen for its worth"
        } else {
            ""
        };
        line(format!(
            "- {}: {} for {:.0} {unit}, {:.0} by need{harm}",
            project.name,
            money(project.cost),
            project.benefit,
            project.by_need
        ));
    }
    line("\n## What the budget buys\n".into());
    for (what, choice) in [("Efficient", efficient), ("Fair", fair)] {
        let names: Vec<&str> =
            choice.programme.projects.iter().map(|&at| answer.projects[at].name.as_str()).collect();
        let names = if names.is_empty() { "nothing".to_owned() } else { names.join("; ") };
        let proof = if choice.programme.gap() == 0.0 {
            "no other choice is better by its aim: this is proven".to_owned()
        } else {
            format!("no choice can be worth more than {:.0} by its aim", choice.programme.bound)
        };
        let together = match &choice.together {
            Ok(benefit) => format!("made together they are worth {benefit:.0}"),
            Err(reason) => format!("they cannot be made together as they are written: {reason}"),
        };
        line(format!(
            "- {what}: {names}. {} of {}, {:.0} {unit} one by one; {together}; {proof}.",
            money(choice.programme.cost),
            money(asked.budget),
            choice.benefit
        ));
    }
    line(format!(
        "\nEfficient is the most {unit}. Fair counts every neighbourhood by its need{}: it gives up {:.0} {unit}; by need it is worth \
         {:.0}, the efficient choice {:.0}.",
        match asked.floors.len() {
            0 => String::new(),
            1 => " and keeps the floor".to_owned(),
            count => format!(" and keeps the {count} floors"),
        },
        efficient.benefit - fair.benefit,
        fair.by_need,
        efficient.by_need
    ));
    if let (Some(price), false) = (answer.price_of_floors, asked.floors.is_empty()) {
        line(format!(
            "Without floors the fair choice would be worth {price:.0} more by need: that is their price."
        ));
    }
    for &(one, other) in &answer.conflicts {
        let [one, other] = [one, other].map(|at| &answer.projects[at].name);
        line(format!("{one} and {other} cannot stand beside one another: one of them at most is bought."));
    }
    if efficient.together.as_ref().is_ok_and(|together| *together < efficient.benefit) {
        line("Projects that serve the same people are worth less together than one by one.".into());
    }
    if let Some(plan) = &answer.together {
        let names: Vec<&str> =
            plan.programme.projects.iter().map(|&at| answer.projects[at].name.as_str()).collect();
        let names = if names.is_empty() { "nothing".to_owned() } else { names.join("; ") };
        let proof = if plan.programme.bound.is_finite() {
            format!(
                "all {} sets that the budget and the floors allow were assessed as a whole, and none is better",
                answer.assessed
            )
        } else {
            format!(
                "{} sets were assessed as a whole, and no single step leads to a better one; a bound cannot be given, as projects \
                 may be worth more together than one by one",
                answer.assessed
            )
        };
        line(format!(
            "\nMade together, the best plan is: {names}. {} for {:.0} {unit}: {proof}.",
            money(plan.programme.cost),
            plan.programme.benefit
        ));
    }
    line("\n## Where the money goes\n".into());
    let spread = |what: &str, spread: &Concentration| {
        let number = |value: Option<f64>, sign: bool| match (value, sign) {
            (None, _) => "not known".to_owned(),
            (Some(value), true) => format!("{value:+.3}"),
            (Some(value), false) => format!("{value:.3}"),
        };
        format!(
            "- {what}: {} in all; concentration by need {}, Gini {}, Herfindahl {}",
            money(spread.spent),
            number(spread.by_need, true),
            number(spread.gini, false),
            number(spread.herfindahl, false)
        )
    };
    match &answer.today {
        Some(today) => line(spread("today", today)),
        None => line("- today: not given; the choices are shown by themselves".into()),
    }
    line(spread("with the efficient choice", &efficient.concentration));
    line(spread("with the fair choice", &fair.concentration));
    if let Some(plan) = &answer.together {
        line(spread("with the plan made together", &plan.concentration));
    }
    line("\nConcentration by need is above 0 where the neediest get more per person; Gini is 0 where all get the same; Herfindahl is 1 \
          where one neighbourhood gets all."
        .into());
}

/// A plan of action for each district.
fn districts(
    study: &StudyArea,
    asked: &BudgetQuestion,
    answer: &BudgetAnswer,
    line: &mut impl FnMut(String),
) {
    let found = &answer.districts;
    if found.plans.is_empty() {
        return;
    }
    line("\n## What each district could do\n".into());
    let agreement = found.agreement.map_or(String::new(), |agreement| {
        format!(" The rules agree on the order of districts by {agreement:.2} (Kendall's W).")
    });
    line(format!(
        "A neighbourhood counts whole for the district that holds the largest part of it. Owed is the sum over its \
         neighbourhoods.{agreement}"
    ));
    let weight = study.homes.weight;
    for plan in &found.plans {
        let people = plan.people;
        line(format!("\n### {} ({people:.0} {weight})\n", plan.name));
        let isolated = plan.isolated.map_or("not assessed".to_owned(), |share| {
            format!("{:.0} % are without two or more of the essentials nearby", 100.0 * share)
        });
        let most = plan.worst_neighbourhoods.as_ref().map(|places| format!("; most in {places}"));
        let group = plan.worst_group.as_ref().map(|(group, share)| {
            format!("; worst-off group: {} ({:.0} %)", group.replace('_', " "), 100.0 * share)
        });
        line(format!(
            "- Who is worst off: {isolated}{}{}.",
            most.unwrap_or_default(),
            group.unwrap_or_default()
        ));
        if let (Some((least, most)), Some((best, worst))) = (plan.owed_per_person, plan.ranks) {
            let ranks =
                if best == worst { format!("rank {best}") } else { format!("rank {best} to {worst}") };
            line(format!(
                "- Owed: {least:.2} to {most:.2} per person over the rules, {ranks} of {} districts.",
                found.plans.iter().filter(|one| one.people > 0.0).count()
            ));
        }
        if !answer.projects.is_empty() {
            let unit = unit(asked.benefit);
            let lifts = plan
                .lifted_by
                .iter()
                .map(|(project, gain)| format!("{} ({gain:.0} {unit})", answer.projects[*project].name));
            let lifts: Vec<String> = lifts.collect();
            line(match lifts.is_empty() {
                true => "- Lifted most by: none of the projects.".to_owned(),
                false => format!("- Lifted most by: {}.", lifts.join("; ")),
            });
        }
        if let Some((efficient, fair)) = plan.gets {
            line(format!(
                "- Spent there: {} by the efficient choice, {} by the fair one.",
                money(efficient),
                money(fair)
            ));
        }
    }
}

/// What benefits are counted in.
fn unit(benefit: Benefit) -> &'static str {
    match benefit {
        Benefit::PersonMinutes => "person-minutes",
        Benefit::People => "people",
    }
}

/// Money in whole units, thousands apart.
fn money(amount: f64) -> String {
    let digits = format!("{:.0}", amount.abs());
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if amount < 0.0 { format!("-{text}") } else { text }
}
