//! What does the next budget owe each neighbourhood, by several rules, and does today's spending follow any of them?
//!
//! `cargo run --release --example next_budget -- [STUDY] [SPENDING] [DATA ROOT] [BUDGET]`
//!
//! SPENDING is a table with the columns `id` and `spending` (money a neighbourhood); without it the same is spent on
//! everybody.

use commonground::scores::budget::concentration_index;
use commonground::scores::budget_rules::{BudgetRule, PUBLISHED};
use commonground::scores::claims::{Owed, Rule, agreement, by_name, owed_by_rules, rank_range};
use commonground::{Error, ErrorKind, Quiet, Result, assess, io};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What is divided where no budget is given.
const BUDGET: f64 = 1_000_000.0;
/// Neighbourhoods listed.
const LISTED: usize = 8;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let study = arguments.next().unwrap_or_else(|| "data/millbrook".into());
    let spending = arguments.next().filter(|path| !path.is_empty());
    let data = arguments.next().filter(|path| !path.is_empty()).map(PathBuf::from);
    let budget = arguments.next().map_or(Ok(BUDGET), |text| text.parse());
    let budget = budget.map_err(|error| Error::new(ErrorKind::Parameter, format!("the budget: {error}")))?;
    let study = io::study::read_study(study.as_ref(), data.as_deref(), &Quiet)?;
    let found = assess(&study, &Quiet)?;
    let places = found.neighbourhoods();
    let known = |name: &str| -> Result<Vec<f64>> {
        Ok(places.values(name)?.into_iter().map(|value| value.unwrap_or(0.0)).collect())
    };
    // Need is the share without two or more of the essentials.
    let (people, need) = (known("residents")?, known("service_isolation")?);
    let nothing = vec![0.0; people.len()];
    let mut owed = owed_by_rules(&[Rule::EqualPerHead, Rule::ByNeed], &people, &need, &nothing, budget)?;

    // Published rules take what they need from the columns of the assessment.
    let mut columns = BTreeMap::from([("people".to_owned(), people.iter().copied().map(Some).collect())]);
    for key in places.keys() {
        let name = key.name(places.weight());
        if let Ok(values) = places.values(&name) {
            columns.insert(name, values);
        }
    }
    for name in PUBLISHED {
        match BudgetRule::published(name)?.owed(&people, &columns, budget) {
            Ok(one) => owed.push(one),
            Err(error) if error.kind() == ErrorKind::Column => {
                println!("not assessed: {name}: {}", error.message());
            }
            Err(error) => return Err(error),
        }
    }
    let rules: Vec<&str> = owed.iter().map(|one| one.rule.as_str()).collect();
    println!("\n{budget:.0} by {} rules: {}", rules.len(), rules.join(", "));
    if let Some(agreement) = agreement(&owed) {
        println!("They agree on the order of neighbourhoods by {agreement:.2} (1 is the same order).");
    }
    list(&study.neighbourhoods.iter().map(|place| place.name.as_str()).collect::<Vec<_>>(), &owed);

    let ids: Vec<&str> = study.neighbourhoods.iter().map(|place| place.id.as_str()).collect();
    let spent = match spending {
        Some(path) => by_name(&ids, &io::read_amounts(Path::new(&path), "id", "spending")?)?,
        None => owed[0].money.clone(),
    };
    let lived: Vec<usize> = (0..people.len()).filter(|&place| people[place] > 0.0).collect();
    let of = |values: &dyn Fn(usize) -> f64| lived.iter().map(|&place| values(place)).collect::<Vec<f64>>();
    println!();
    for (what, money) in
        [("today", &spent)].into_iter().chain(owed.iter().map(|one| (one.rule.as_str(), &one.money)))
    {
        let per_head = of(&|place| money[place] / people[place]);
        let index = concentration_index(&per_head, &of(&|place| need[place]), &of(&|place| people[place]))?;
        println!("{what}: concentration by need {:+.3}", index.unwrap_or_default());
    }
    Ok(())
}

/// The neighbourhoods that are owed most by any of the rules.
fn list(names: &[&str], owed: &[Owed]) {
    let ranks = rank_range(owed);
    let mut order: Vec<usize> = (0..names.len()).filter(|&place| ranks[place].is_some()).collect();
    order.sort_by_key(|&place| (ranks[place], place));
    println!("\n{:28}{:>10}  owed per person by each rule", "neighbourhood", "ranks");
    for &place in order.iter().take(LISTED) {
        let (best, worst) = ranks[place].unwrap_or_default();
        let each: Vec<String> =
            owed.iter().map(|one| format!("{:.0}", one.per_head[place].unwrap_or_default())).collect();
        println!("{:28}{:>10}  {}", names[place], format!("{best}-{worst}"), each.join(", "));
    }
}
