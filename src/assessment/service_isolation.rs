//! Who lacks which essentials, and how much of them: by neighbourhood, and in the city by group.

use super::groups::Groups;
use super::table::Columns;
use super::{EVERYBODY, HomeAccess, STANDARD_MINUTES, WORK};
use crate::access::equity::fgt_poverty;
use crate::scores::service_isolation::{LACKING_AT_LEAST, Shortfall, service_isolation, shortfall};
use crate::scores::small_counts::is_small;
use crate::{FeatureTable, Result, StudyArea};

/// In the table by group: two or more of the essentials, whichever.
const TWO_OR_MORE: &str = "two or more";

/// Columns: `depth_lacking_` and each essential, `residents_isolated`, and `service_isolation_` and each group.
pub(super) fn add_columns(
    study: &StudyArea,
    found: &HomeAccess<'_>,
    groups: &Groups,
    columns: &mut Columns,
) -> Result<()> {
    let mut homes_of: Vec<Vec<usize>> = vec![Vec::new(); study.neighbourhoods.len()];
    for home in attached(found) {
        if let Some(neighbourhood) = found.homes.neighbourhoods[home] {
            homes_of[neighbourhood as usize].push(home);
        }
    }
    for essential in &found.essentials {
        let depth = |homes: &Vec<usize>| {
            let found = shortfall_of(study, found, essential, homes, &found.homes.weights)?;
            Ok(found.map(|shortfall| shortfall.depth))
        };
        let depths = homes_of.iter().map(depth).collect::<Result<_>>()?;
        columns.numbers(format!("depth_lacking_{essential}"), depths);
    }
    if found.essentials.len() <= LACKING_AT_LEAST {
        return Ok(());
    }
    let isolated = |counts: &[f64]| -> Vec<Option<f64>> {
        homes_of.iter().map(|homes| share_isolated(found, homes, counts)).collect()
    };
    let residents = &found.homes.weights;
    let people = isolated(residents).into_iter().zip(&homes_of).map(|(share, homes)| {
        let people = share? * homes.iter().map(|&home| residents[home]).sum::<f64>();
        (!is_small(people)).then_some(people)
    });
    columns.numbers(format!("{}_isolated", found.homes.weight.column()), people.collect());
    for (number, group) in found.homes.groups.iter().enumerate() {
        let shares = groups.shown(number, isolated(&group.counts));
        columns.numbers(format!("service_isolation_{}", group.name), shares);
    }
    Ok(())
}

/// One row a group and essential: `group`, `essential`, `residents` of the group, `share_lacking`, `residents_lacking`,
/// `depth` and `severity`. Small counts are absent, and what rests on them.
pub(super) fn by_group(study: &StudyArea, found: &HomeAccess<'_>) -> Result<FeatureTable> {
    let homes: Vec<usize> =
        attached(found).filter(|home| found.homes.neighbourhoods[*home].is_some()).collect();
    let groups = found.homes.groups.iter().map(|group| (group.name.as_str(), &group.counts));
    let groups = [(EVERYBODY, &found.homes.weights)].into_iter().chain(groups);
    let mut rows: Vec<(&str, &str, f64, Shortfall)> = Vec::new();
    for (name, counts) in groups {
        let all: f64 = homes.iter().map(|&home| counts[home]).sum();
        for essential in &found.essentials {
            let found = shortfall_of(study, found, essential, &homes, counts)?;
            rows.extend(found.map(|found| (name, *essential, all, found)));
        }
        if found.essentials.len() > LACKING_AT_LEAST {
            let share = share_isolated(found, &homes, counts);
            // How far short of several essentials together is not defined.
            let of = |share| Shortfall { share, residents: share * all, depth: f64::NAN, severity: f64::NAN };
            rows.extend(share.map(|share| (name, TWO_OR_MORE, all, of(share))));
        }
    }
    let number = |value: fn(&(&str, &str, f64, Shortfall)) -> f64| -> Vec<Option<f64>> {
        let shown = |row: &(&str, &str, f64, Shortfall)| {
            let safe = ![row.3.residents, row.2 - row.3.residents, row.2].into_iter().any(is_small);
            Some(value(row)).filter(|value| safe && value.is_finite())
        };
        rows.iter().map(shown).collect()
    };
    let mut columns = Columns::default();
    columns.text("group", rows.iter().map(|row| Some(row.0.to_owned())).collect());
    columns.text("essential", rows.iter().map(|row| Some(row.1.to_owned())).collect());
    let counted = found.homes.weight.column();
    columns.numbers(counted, rows.iter().map(|row| Some(row.2).filter(|all| !is_small(*all))).collect());
    columns.numbers("share_lacking", number(|row| row.3.share));
    columns.numbers(format!("{counted}_lacking"), number(|row| row.3.residents));
    columns.numbers("depth", number(|row| row.3.depth));
    columns.numbers("severity", number(|row| row.3.severity));
    columns.without_geometry(rows.len())
}

/// Homes on a street.
fn attached<'a>(found: &'a HomeAccess<'_>) -> impl Iterator<Item = usize> + 'a {
    (0..found.homes.len()).filter(|home| found.access[*home].is_some())
}

/// How far members of a group who live in some homes fall short of an essential.
fn shortfall_of(
    study: &StudyArea,
    found: &HomeAccess<'_>,
    essential: &str,
    homes: &[usize],
    counts: &[f64],
) -> Result<Option<Shortfall>> {
    let people: Vec<f64> = homes.iter().map(|&home| counts[home]).collect();
    let access = homes.iter().map(|&home| found.access[home].as_ref());
    if essential == WORK {
        let jobs: Vec<Option<f64>> = access.map(|access| access.map(|access| access.jobs[0])).collect();
        let measures = fgt_poverty(&jobs, &people, study.settings.jobs_standard)?;
        let all: f64 = people.iter().sum();
        return Ok(measures.map(|[share, depth, severity]| Shortfall {
            share,
            residents: share * all,
            depth,
            severity,
        }));
    }
    let index = found.opportunities.categories.iter().position(|category| category == essential);
    let minutes: Vec<Option<f64>> = access.map(|access| access?.closest[index?]).collect();
    shortfall(&minutes, &people, STANDARD_MINUTES)
}

/// Share of the members of a group who lack two or more.
fn share_isolated(found: &HomeAccess<'_>, homes: &[usize], counts: &[f64]) -> Option<f64> {
    let lacking = homes.iter().filter_map(|&home| {
        let lacks = found.lacks[home].as_ref()?;
        Some((lacks.iter().filter(|lacks| **lacks).count(), counts[home]))
    });
    service_isolation(lacking)
}
