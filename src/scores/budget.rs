//! Where money goes, and where it is owed: spending compared with need.

use crate::{Error, ErrorKind, Result};

/// Concentration index of spending per head, with places in order of need: 2 cov(spending, r)/mean, −1 to 1.
///
/// - `spending`: money per head; 0 or more.
/// - `need`: any number that is higher where more is needed. Places in equal need share the middle of their ranks.
/// - `people`: residents, who each count as one.
///
/// Above 0 the neediest get more per head than others, below 0 less; 0 where all get the same or nothing is spent.
/// r is the share of people in less need than the middle person of a place. `None` if nobody lives anywhere.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the lengths differ, a number is not finite, or spending or people are negative.
///
/// # Source
/// Kakwani, Wagstaff & van Doorslaer (1997), "Socioeconomic inequalities in health: measurement, computation, and
/// statistical inference".
///
/// # Example
/// ```
/// use commonground::scores::budget::concentration_index;
/// // Two places of equal size; the needier one gets three quarters of the money.
/// let index = concentration_index(&[1.0, 3.0], &[0.2, 0.8], &[50.0, 50.0])?;
/// assert_eq!(index, Some(0.25));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn concentration_index(spending: &[f64], need: &[f64], people: &[f64]) -> Result<Option<f64>> {
    check(spending, need, people)?;
    let all: f64 = people.iter().sum();
    if all <= 0.0 {
        return Ok(None);
    }
    let mut order: Vec<usize> = (0..need.len()).collect();
    order.sort_by(|&a, &b| need[a].total_cmp(&need[b]).then(a.cmp(&b)));
    let mut rank = vec![0.0; need.len()];
    let (mut first, mut below) = (0, 0.0);
    while first < order.len() {
        let alike = order[first..].iter().take_while(|&&place| need[place] == need[order[first]]).count();
        let here: f64 = order[first..first + alike].iter().map(|&place| people[place]).sum();
        for &place in &order[first..first + alike] {
            rank[place] = (below + here / 2.0) / all;
        }
        below += here;
        first += alike;
    }
    let mean = |value: &dyn Fn(usize) -> f64| -> f64 {
        (0..people.len()).map(|place| people[place] * value(place)).sum::<f64>() / all
    };
    let (mean_spending, mean_rank) = (mean(&|place| spending[place]), mean(&|place| rank[place]));
    let covariance = mean(&|place| (spending[place] - mean_spending) * (rank[place] - mean_rank));
    Ok(Some(if mean_spending > 0.0 { 2.0 * covariance / mean_spending } else { 0.0 }))
}

/// What each place would have got more than it did (less, where negative), if the same money had followed need: each
/// person's share in proportion to the need of the place. The sum over places is 0.
///
/// - `spending`: money per head; 0 or more.
/// - `need`: 0 where nothing is needed; twice the need earns twice the money.
/// - `people`: residents.
///
/// All `None` if there is no need anywhere.
///
/// # Errors
/// As for [`concentration_index`]; also if a need is negative.
///
/// # Example
/// ```
/// use commonground::scores::budget::owed;
/// // 400 were spent. Need is 1 to 3, people are 100 each: 100 and 300 would have followed need.
/// assert_eq!(owed(&[3.0, 1.0], &[0.2, 0.6], &[100.0, 100.0])?, [Some(-200.0), Some(200.0)]);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn owed(spending: &[f64], need: &[f64], people: &[f64]) -> Result<Vec<Option<f64>>> {
    check(spending, need, people)?;
    if let Some(row) = need.iter().position(|need| *need < 0.0) {
        return Err(Error::new(ErrorKind::Parameter, format!("a need is negative ({})", need[row]))
            .at_row(row + 1)
            .hint("give need from 0 up, such as 100 less the index"));
    }
    let spent: Vec<f64> = spending.iter().zip(people).map(|(spending, people)| spending * people).collect();
    let needs: Vec<f64> = need.iter().zip(people).map(|(need, people)| need * people).collect();
    let (all_spent, all_needs): (f64, f64) = (spent.iter().sum(), needs.iter().sum());
    let owed = |(spent, need): (&f64, &f64)| (all_needs > 0.0).then(|| all_spent * need / all_needs - spent);
    Ok(spent.iter().zip(&needs).map(owed).collect())
}

fn check(spending: &[f64], need: &[f64], people: &[f64]) -> Result<()> {
    if spending.len() != need.len() || spending.len() != people.len() {
        let message = format!(
            "spending for {} places, need for {}, people for {}",
            spending.len(),
            need.len(),
            people.len()
        );
        return Err(Error::new(ErrorKind::Parameter, message));
    }
    let wrong = |row: usize, what: &str, value: f64| {
        Error::new(ErrorKind::Parameter, format!("{what} is `{value}`"))
            .at_row(row + 1)
            .hint("leave out places where a number is not known")
    };
    for row in 0..spending.len() {
        for (what, value) in [("spending per head", spending[row]), ("the number of people", people[row])] {
            if !value.is_finite() || value < 0.0 {
                return Err(wrong(row, what, value));
            }
        }
        if !need[row].is_finite() {
            return Err(wrong(row, "a need", need[row]));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_even_budget_is_not_concentrated_whatever_the_need() {
        assert!(
            concentration_index(&[5.0; 3], &[1.0, 9.0, 4.0], &[10.0, 20.0, 30.0]).unwrap().unwrap().abs()
                < 1e-15
        );
        assert_eq!(concentration_index(&[0.0; 2], &[1.0, 2.0], &[1.0, 1.0]).unwrap(), Some(0.0));
        assert_eq!(concentration_index(&[1.0], &[1.0], &[0.0]).unwrap(), None);
        // In equal need nobody is needier, however the money goes.
        assert_eq!(concentration_index(&[1.0, 9.0], &[2.0, 2.0], &[1.0, 1.0]).unwrap(), Some(0.0));
    }

    #[test]
    fn all_for_the_neediest_of_many_comes_near_one_and_splitting_a_place_changes_nothing() {
        let need: Vec<f64> = (0..100).map(f64::from).collect();
        let spending: Vec<f64> = need.iter().map(|need| f64::from(u8::from(*need == 99.0))).collect();
        let index = concentration_index(&spending, &need, &[1.0; 100]).unwrap().unwrap();
        assert!((index - 0.99).abs() < 1e-12);
        let whole = concentration_index(&[1.0, 4.0], &[1.0, 2.0], &[10.0, 20.0]).unwrap().unwrap();
        let split =
            concentration_index(&[1.0, 4.0, 4.0], &[1.0, 2.0, 2.0], &[10.0, 5.0, 15.0]).unwrap().unwrap();
        assert!((whole - split).abs() < 1e-15);
    }

    #[test]
    fn what_is_owed_sums_to_nothing_and_wrong_numbers_are_refused() {
        let owed_to = owed(&[3.0, 0.0, 2.0], &[0.1, 0.5, 0.9], &[40.0, 10.0, 70.0]).unwrap();
        assert!(owed_to.iter().flatten().sum::<f64>().abs() < 1e-9);
        assert_eq!(owed(&[1.0], &[0.0], &[3.0]).unwrap(), [None]);
        for (spending, need, people) in
            [([-1.0], [0.0], [1.0]), ([1.0], [f64::NAN], [1.0]), ([1.0], [0.0], [f64::INFINITY])]
        {
            assert_eq!(
                concentration_index(&spending, &need, &people).unwrap_err().kind(),
                ErrorKind::Parameter
            );
        }
        assert_eq!(owed(&[1.0], &[-1.0], &[1.0]).unwrap_err().kind(), ErrorKind::Parameter);
        assert_eq!(owed(&[1.0], &[], &[1.0]).unwrap_err().kind(), ErrorKind::Parameter);
    }
}
