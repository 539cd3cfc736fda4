//! A plan of action for each district: who is worst off, what would lift it most, and what it is owed.

use super::answer::{BudgetAnswer, BudgetChoice, DistrictPlan, Districts};
use crate::assessment::Assessment;
use crate::measure::{Subject, Table};
use crate::measures::districts::{LAYER, WORST_GROUP, WORST_GROUP_SHARE, WORST_PLACES};
use crate::measures::service_isolation::ISOLATION;
use crate::scores::claims::{Owed, agreement, rank_range};
use crate::{Result, StudyArea};

/// Changes that are named for each district.
const NAMED: usize = 2;
/// A gain of less than half a person-minute, or half a person, is none.
const FELT: f64 = 0.5;

/// Plans for the districts of a study from an answer about its neighbourhoods.
pub(super) fn districts(study: &StudyArea, found: &Assessment, answer: &BudgetAnswer) -> Result<Districts> {
    let Some(table) = found.layer(LAYER) else { return Ok(Districts::default()) };
    let sums = |values: &[f64]| -> Vec<f64> {
        let of = |places: &[u32]| places.iter().map(|&place| values[place as usize]).sum();
        study.districts.iter().map(|district| of(&district.neighbourhoods)).collect()
    };
    let people = sums(&answer.people);
    let owed: Vec<Owed> =
        answer.owed.iter().map(|one| Owed::new(&one.rule, sums(&one.money), &people)).collect();
    let (ranks, agreement) = (rank_range(&owed), agreement(&owed));
    let gains: Vec<Vec<f64>> = answer.projects.iter().map(|project| sums(&project.neighbourhoods)).collect();
    let spent = |choice: &BudgetChoice| {
        let mut all = vec![0.0; people.len()];
        for &project in &choice.programme.projects {
            let own = sums(&answer.projects[project].spent);
            all.iter_mut().zip(own).for_each(|(sum, own)| *sum += own);
        }
        all
    };
    let gets = answer.efficient.as_ref().zip(answer.fair.as_ref());
    let gets = gets.map(|(efficient, fair)| (spent(efficient), spent(fair)));
    let none = || vec![None; people.len()];
    let isolated = table.numbers_of(&ISOLATION, &Subject::NONE).unwrap_or_else(none);
    let texts =
        |column| Table::texts_of(table, column, &Subject::NONE).unwrap_or_else(|| vec![None; people.len()]);
    let (places, groups) = (texts(&WORST_PLACES), texts(&WORST_GROUP));
    let group_shares = table.numbers_of(&WORST_GROUP_SHARE, &Subject::NONE).unwrap_or_else(none);
    let plan = |at: usize| {
        let mut lifted: Vec<(usize, f64)> =
            gains.iter().map(|gain| gain[at]).enumerate().filter(|(_, gain)| *gain >= FELT).collect();
        lifted.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        lifted.truncate(NAMED);
        let per_person = || owed.iter().filter_map(|one| one.per_head[at]);
        DistrictPlan {
            name: study.districts[at].name.clone(),
            people: people[at],
            isolated: isolated[at],
            worst_neighbourhoods: places[at].clone(),
            worst_group: groups[at].clone().zip(group_shares[at]),
            lifted_by: lifted,
            owed_per_person: per_person().reduce(f64::min).zip(per_person().reduce(f64::max)),
            ranks: ranks[at],
            gets: gets.as_ref().map(|(efficient, fair)| (efficient[at], fair[at])),
        }
    };
    Ok(Districts { plans: (0..people.len()).map(plan).collect(), agreement, owed })
}
