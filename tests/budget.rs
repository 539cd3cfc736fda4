//! Questions about a budget on Millbrook: what is owed, which projects are chosen, and names that nothing has.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use commonground::scenario::{Base, EVERYBODY, Scenario, scenario_of};
use commonground::siting::{Amounts, BudgetAnswer, BudgetFiles, BudgetQuestion, spend};
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
        files.insert(table.clone(), io::read_amounts(path, &table.name, &table.amount)?);
    }
    spend(study, &asked, &files, &scenarios, &Quiet)
}

#[test]
fn the_best_projects_by_two_aims_are_those_of_every_set() {
    let study = millbrook();
    let found = answer(&study, &example(), &BudgetFiles::new()).unwrap();
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
    assert_eq!(found.owed.len(), 6);
    assert!(found.ranks[docks].is_none() && found.agreement.is_some_and(|one| (0.0..=1.0).contains(&one)));
}

#[test]
fn names_that_nothing_has_are_errors_with_what_would_be_lost() {
    let study = millbrook();
    let none = BudgetFiles::new();
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
        BudgetFiles::from([(table, rows.iter().map(|(name, need)| ((*name).to_owned(), *need)).collect())])
    };
    let text = "budget = 1000\n[need]\ntable = { file = 'need.csv' }";
    let airport = error(text, &table(&[("Airport", 418_112.0)]));
    assert!(airport.contains("418112 would be lost"), "{airport}");
    let missing = error(text, &table(&[("Weir", 5.0)]));
    assert!(missing.contains("has residents, but no need"), "{missing}");
    let every: Vec<(&str, f64)> = study.neighbourhoods.iter().map(|place| (place.id.as_str(), 2.0)).collect();
    let found = answer(&study, text, &table(&every)).unwrap();
    assert!(found.projects.is_empty() && found.fair.is_none() && found.owed.len() == 2);
    assert_eq!(found.owed[0].money, found.owed[1].money, "the same need everywhere is a share per person");
    let mut negative = every.clone();
    negative[3].1 = -1.0;
    assert!(error(text, &table(&negative)).contains("a need of `-1`"));
}
