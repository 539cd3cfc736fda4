//! Questions about a budget on Millbrook: what is owed, which projects are chosen, and names that nothing has.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use commonground::scenario::{Base, EVERYBODY, Scenario, scenario_of};
use commonground::siting::{
    Amounts, BudgetAnswer, BudgetFiles, BudgetQuestion, ProjectGain, budget_sentences, spend,
};
use commonground::{Error, Quiet, StudyArea, io};
use std::path::Path;

/// Millbrook with every fifth home, without what has no part in a budget.
fn millbrook() -> StudyArea {
    let mut study = io::study::read_study(Path::new("data/millbrook"), None, &Quiet).unwrap();
    common::make_small(&mut study);
    study
}

fn scenarios(study: &StudyArea, asked: &BudgetQuestion) -> Vec<Scenario> {
    let folder = Path::new("examples/budget");
    let load = |name: &str| io::read_text(&folder.join(name));
    asked.projects.iter().map(|one| scenario_of(&one.scenario, None, &study.crs, &load).unwrap()).collect()
}

fn example() -> String {
    io::read_text(Path::new("examples/budget/budget.toml")).unwrap()
}

/// With the claims of the example, if there are no other tables.
fn answer(study: &StudyArea, text: &str, files: &BudgetFiles) -> Result<BudgetAnswer, Error> {
    let asked = BudgetQuestion::from_toml(text, "budget.toml")?;
    let scenarios = scenarios(study, &asked);
    let mut files = files.clone();
    for table in asked.tables().filter(|table| table.file == "claims.csv") {
        let path = Path::new("examples/budget/claims.csv");
        files.tables.insert(table.clone(), io::read_amounts(path, &table.name, &table.amount)?);
    }
    spend(study, &asked, &files, &scenarios, &Quiet)
}

#[test]
fn the_best_projects_by_two_aims_are_those_of_every_set() {
    let study = millbrook();
    let found = answer(&study, &example(), &BudgetFiles::default()).unwrap();
    let (budget, floor) = (1_600_000.0, 500_000.0);
    // What each project is worth is what a comparison says of everybody.
    let asked = BudgetQuestion::from_toml(&example(), "budget.toml").unwrap();
    let base = Base::new(&study, &Quiet).unwrap();
    for (scenario, project) in scenarios(&study, &asked).iter().zip(&found.projects) {
        let compared = base.compare(scenario, &Quiet).unwrap();
        let mut minutes = 0.0;
        for column in compared.columns.iter() {
            let is_counted =
                column.category().is_some_and(|name| found.categories.iter().any(|one| one == name));
            for (home, people) in study.homes.weights.iter().enumerate() {
                let counts =
                    is_counted && column.on_street[home] && study.homes.neighbourhoods[home].is_some();
                if counts {
                    let walk = |minutes: Option<f64>| minutes.unwrap_or(60.0);
                    minutes += people * (walk(column.before[home]) - walk(column.after[home]));
                }
            }
        }
        assert!((minutes - project.benefit).abs() < 1e-6 * minutes.abs().max(1.0), "{}", project.name);
        assert!((project.spent.iter().sum::<f64>() - project.cost).abs() < 1e-6);
        let who = compared.people.iter().filter(|one| one.group == EVERYBODY && one.who.gained > 0.0).count();
        assert_eq!(who > 0, project.benefit > 0.0, "{}", project.name);
    }
    let farfield = found.projects.iter().position(|one| one.name.contains("Farfield")).unwrap();
    let mut best = [f64::NEG_INFINITY; 2];
    for set in 0_u32..1 << found.projects.len() {
        let chosen = || (0..found.projects.len()).filter(move |at| set & (1 << at) != 0);
        let cost: f64 = chosen().map(|at| found.projects[at].cost).sum();
        if cost > budget {
            continue;
        }
        best[0] = best[0].max(chosen().map(|at| found.projects[at].benefit).sum());
        if chosen().any(|at| at == farfield) && found.projects[farfield].cost >= floor {
            best[1] = best[1].max(chosen().map(|at| found.projects[at].by_need).sum());
        }
    }
    let (efficient, fair) = (found.efficient.as_ref().unwrap(), found.fair.as_ref().unwrap());
    assert!((efficient.benefit - best[0]).abs() < 1e-6 && efficient.programme.gap() == 0.0);
    assert!((fair.by_need - best[1]).abs() < 1e-6 && fair.programme.gap() == 0.0);
    assert!(found.price_of_floors.is_some_and(|price| price >= 0.0));
    assert!(fair.programme.projects.contains(&farfield) && fair.benefit <= efficient.benefit);
    for choice in [efficient, fair] {
        assert!(choice.together.as_ref().is_ok_and(|together| *together > 0.0));
        let spread = choice.concentration;
        assert!((spread.spent - choice.programme.cost).abs() < 1e-6);
        assert!(spread.gini.is_some_and(|gini| (0.0..=1.0).contains(&gini)));
        assert!(spread.herfindahl.is_some_and(|index| index > 0.0 && index <= 1.0));
    }
    // Made together, no set of the other choices that keeps the floor is worth more.
    let plan = found.together.as_ref().unwrap();
    assert!(
        plan.programme.projects.contains(&farfield) && plan.programme.cost <= budget && found.assessed > 5
    );
    assert_eq!((plan.programme.gap(), plan.together.as_ref()), (0.0, Ok(&plan.programme.benefit)));
    assert!(fair.together.as_ref().is_ok_and(|together| *together <= plan.programme.benefit + 1e-6));
    // What is owed adds up, and nobody lives in the docks.
    let docks = study.neighbourhoods.iter().position(|place| place.name == "Docks").unwrap();
    for owed in &found.owed {
        assert!((owed.money.iter().sum::<f64>() - budget).abs() < 1e-3, "{:?}", owed.rule);
        assert_eq!((owed.money[docks], owed.per_head[docks]), (0.0, None));
    }
    // Of the published rules, the one that asks for places nearby has its numbers; what the others want is said.
    assert_eq!(found.owed.len(), 7);
    let amenities = found.owed.last().unwrap();
    assert_eq!((amenities.rule.as_str(), found.published.len()), ("tax_credit_amenities", 1));
    let cdbg = found.not_assessed.iter().find(|one| one.rule == "cdbg").unwrap();
    assert_eq!(cdbg.reason, "it needs `poor`, `overcrowded_homes`, `people_then`, `homes_before_1940`");
    assert_eq!(found.not_assessed.len(), 6);
    assert!(found.ranks[docks].is_none() && found.agreement.is_some_and(|one| (0.0..=1.0).contains(&one)));
}

#[test]
fn a_district_is_owed_the_sum_of_its_neighbourhoods_and_knows_what_lifts_it_most() {
    let study = millbrook();
    let text = example().replace("together = true", "together = false");
    let found = answer(&study, &text, &BudgetFiles::default()).unwrap();
    let planted: toml::Table =
        std::fs::read_to_string("data/millbrook/PLANTED.toml").unwrap().parse().unwrap();
    let planted = |key: &str| -> Vec<String> {
        match &planted["districts"][key] {
            toml::Value::Array(all) => all.iter().map(|one| one.as_str().unwrap().to_owned()).collect(),
            one => vec![one.as_str().unwrap().to_owned()],
        }
    };
    let plans = &found.districts.plans;
    assert_eq!(plans.len(), study.districts.len());
    for (number, (plan, district)) in plans.iter().zip(&study.districts).enumerate() {
        let sum = |values: &[f64]| -> f64 {
            district.neighbourhoods.iter().map(|&place| values[place as usize]).sum()
        };
        assert_eq!((&plan.name, plan.people), (&district.name, sum(&found.people)));
        for (own, owed) in found.districts.owed.iter().zip(&found.owed) {
            assert!((own.money[number] - sum(&owed.money)).abs() < 1e-6);
            assert_eq!(own.per_head[number], Some(own.money[number] / plan.people));
        }
        // No other project lifts it more than the two that are named.
        let mut gains: Vec<f64> =
            found.projects.iter().map(|one| sum(&one.neighbourhoods)).filter(|gain| *gain >= 0.5).collect();
        gains.sort_by(|a, b| b.total_cmp(a));
        gains.truncate(2);
        assert_eq!(plan.lifted_by.iter().map(|(_, gain)| *gain).collect::<Vec<_>>(), gains);
    }
    for owed in &found.districts.owed {
        assert!((owed.money.iter().sum::<f64>() - 1_600_000.0).abs() < 1e-3, "{}", owed.rule);
    }
    let name = &planted("worst_off")[0];
    let at = plans.iter().position(|plan| plan.name == *name).unwrap();
    let quarters = study.districts[at].neighbourhoods.iter();
    let mut quarters: Vec<String> =
        quarters.map(|&one| study.neighbourhoods[one as usize].name.clone()).collect();
    let mut expected = planted("neighbourhoods");
    quarters.sort();
    expected.sort();
    assert_eq!(quarters, expected);
    let named: Vec<&str> =
        plans[at].lifted_by.iter().map(|(project, _)| found.projects[*project].name.as_str()).collect();
    assert_eq!(named, planted("lifted_most_by"));
    // In a town without its island, nobody is worse off.
    let others = plans.iter().filter(|plan| plan.name != *name && plan.name != "The Sound");
    assert!(others.clone().count() == 3 && others.clone().all(|plan| plan.isolated < plans[at].isolated));
    assert_eq!(plans[at].ranks.map(|(best, _)| best), Some(1));
}

#[test]
fn a_rule_from_a_file_and_columns_from_tables_are_used() {
    let study = millbrook();
    let mut asked = "budget = 1000\nrules = ['equal_per_head', 'cdbg_a', 'own/poor.toml']\n[need]\ncolumn = \
                     'service_isolation'\n[columns]\npoor = { table = { file = 'poor.csv' } }\novercrowded_homes = { \
                     column = 'residents' }\n"
        .to_owned();
    let table = Amounts { file: "poor.csv".into(), name: "name".into(), amount: "amount".into() };
    let poor = |place: usize| (place % 7) as f64;
    let rows = study.neighbourhoods.iter().enumerate().map(|(at, place)| (place.name.clone(), poor(at)));
    let rule = "title = 'By the poor'\nsource = 'the council'\nyear = 2026\n[[formulas]]\nterms = [{ share_of_total = 'poor' }]";
    let question = BudgetQuestion::from_toml(&asked, "budget.toml").unwrap();
    assert_eq!(question.files().collect::<Vec<_>>(), ["poor.csv", "own/poor.toml"]);
    let files =
        BudgetFiles::read(&question, |_| Ok(rows.clone().collect()), |_| Ok(rule.to_owned())).unwrap();
    assert!(files.tables.contains_key(&table));
    let found = answer(&study, &asked, &files).unwrap();
    let all: f64 = found.people.iter().sum();
    let lived = |place: usize| if found.people[place] > 0.0 { poor(place) } else { 0.0 };
    let all_poor: f64 = (0..found.people.len()).map(lived).sum();
    for place in 0..found.people.len() {
        let (people, poor) = (found.people[place] / all, lived(place) / all_poor);
        assert!((found.owed[1].money[place] - 1000.0 * (0.5 * people + 0.5 * poor)).abs() < 1e-9);
        assert!((found.owed[2].money[place] - 1000.0 * poor).abs() < 1e-9);
    }
    assert_eq!((found.owed[2].rule.as_str(), found.not_assessed.len()), ("poor", 0));
    asked = asked.replace("column = 'residents'", "column = 'residence'");
    let wrong = answer(&study, &asked, &files).unwrap_err().to_string();
    assert!(wrong.contains("reads `overcrowded_homes` from `residence`"), "{wrong}");
}

#[test]
fn names_that_nothing_has_are_errors_with_what_would_be_lost() {
    let study = millbrook();
    let none = BudgetFiles::default();
    let error =
        |text: &str, files: &BudgetFiles| answer(&study, text, files).map(|_| ()).unwrap_err().to_string();
    let lost = error(&example().replace("place = \"Weir\"", "place = \"Wier\""), &none);
    assert!(lost.contains("450000 would be lost") && lost.contains("did you mean `Weir`"), "{lost}");
    let floor = error(&example().replace("Farfield = 500_000", "Forfield = 500_000"), &none);
    assert!(floor.contains("500000 would be lost") && floor.contains("`Farfield`"), "{floor}");
    let much = error(&example().replace("Farfield = 500_000", "Farfield = 700_000"), &none);
    assert!(much.contains("the floor of `Farfield` is 700000"), "{much}");
    let all = error(&example().replace("Farfield = 500_000", "Farfield = 1_700_000"), &none);
    assert!(all.contains("more than the budget"), "{all}");
    let column =
        error(&example().replace("column = \"service_isolation\"", "column = \"service_isolatoin\""), &none);
    assert!(column.contains("did you mean `service_isolation`"), "{column}");

    let table = |rows: &[(&str, f64)]| {
        let table = Amounts { file: "need.csv".into(), name: "name".into(), amount: "amount".into() };
        let rows = rows.iter().map(|(name, need)| ((*name).to_owned(), *need)).collect();
        BudgetFiles { tables: [(table, rows)].into(), ..BudgetFiles::default() }
    };
    let text = "budget = 1000\n[need]\ntable = { file = 'need.csv' }";
    let airport = error(text, &table(&[("Airport", 418_112.0)]));
    assert!(airport.contains("418112 would be lost"), "{airport}");
    let missing = error(text, &table(&[("Weir", 5.0)]));
    assert!(missing.contains("has residents, but no need"), "{missing}");
    let every: Vec<(&str, f64)> = study.neighbourhoods.iter().map(|place| (place.id.as_str(), 2.0)).collect();
    let found = answer(&study, text, &table(&every)).unwrap();
    assert!(found.projects.is_empty() && found.fair.is_none() && found.owed.len() == 3);
    assert_eq!(found.owed[0].money, found.owed[1].money, "the same need everywhere is a share per person");
    let mut negative = every.clone();
    negative[3].1 = -1.0;
    assert!(error(text, &table(&negative)).contains("a need of `-1`"));
}

/// Of two projects whose scenarios exclude each other one at most is bought, and what is bought is the best of all such sets.
#[test]
fn projects_that_conflict_are_not_bought_together() {
    let study = millbrook();
    let asked = BudgetQuestion::from_toml(&example(), "budget.toml").unwrap();
    let mut files = BudgetFiles::default();
    for table in asked.tables() {
        let path = Path::new("examples/budget/claims.csv");
        files.tables.insert(table.clone(), io::read_amounts(path, &table.name, &table.amount).unwrap());
    }
    let mut scenarios = scenarios(&study, &asked);
    let free = spend(&study, &asked, &files, &scenarios, &Quiet).unwrap();
    let chosen = free.efficient.unwrap().programme.projects;
    let (one, other) = (chosen[0], chosen[1]);
    let name = scenarios[other].name.clone();
    scenarios[one].conflicts.push(name);
    let found = spend(&study, &asked, &files, &scenarios, &Quiet).unwrap();
    assert_eq!(found.conflicts, [(one, other)]);
    let efficient = found.efficient.as_ref().unwrap();
    let bought = &efficient.programme.projects;
    assert!(!(bought.contains(&one) && bought.contains(&other)));
    let sum = |set: &[usize], of: fn(&ProjectGain) -> f64| {
        set.iter().map(|&at| of(&found.projects[at])).sum::<f64>()
    };
    let sets = (0_u32..1 << found.projects.len())
        .map(|set| (0..found.projects.len()).filter(|at| set >> at & 1 == 1).collect::<Vec<usize>>());
    let allowed = sets.filter(|set| {
        sum(set, |project| project.cost) <= asked.budget && !(set.contains(&one) && set.contains(&other))
    });
    let best = allowed.map(|set| sum(&set, |project| project.benefit)).fold(0.0, f64::max);
    assert!((efficient.benefit - best).abs() < 1e-6 * best, "{} {best}", efficient.benefit);
    let said = budget_sentences(&study, &asked, &found);
    assert!(said.contains("cannot stand beside one another"), "{said}");
}
