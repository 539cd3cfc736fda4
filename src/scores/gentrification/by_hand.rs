//! Every two- and three-date definition on twelve neighbourhoods that are worked out with a pencil.

use super::{Classified, Reference, classify, published};
use crate::model::{Panel, Period, PriceIndex};

const ROWS: usize = 12;

fn panel(columns: &[(&str, [f64; ROWS])]) -> Panel {
    let ids = (1..=ROWS).map(|number| format!("t{number}")).collect();
    Panel::from_wide(ids, columns.iter().map(|(name, values)| (*name, values.map(Some).to_vec()))).unwrap()
}

/// ```text
///        income  new    central  degrees  value 2010, in    2020  rise   rent 2010  2020  rise
///        2010    homes           rise     prices of 2020                 (real)
///  t1    10      few    yes      +10      125               150   +20 %  500        500    0
///  t2    20      few    yes      + 2      125               150   +20 %  500        600   +20 %
///  t3    30      many   yes      +10      137.5             165   +20 %  500        500    0      400 people in 2010
///  t4    40      few    no       +10      150               180   +20 %  1000       1000   0
///  t5    50      few    yes      +10      125               120   - 4 %  500        650   +30 %
///  t6    60      few    yes      + 6      250               275   +10 %  500        500    0      40 people in 2020
///  t7    70      few    yes      +10      250               300   +20 %  900        900    0
///  t8..  80..    many   yes      +1..+5   275..             same   0     1000       1000   0
/// ```
/// Medians: income 65, share of new homes 0.2, degrees +5.5, value +5 %, rent 0. Prices rise by a quarter.
fn two_dates() -> Panel {
    let mut panel = panel(&[
        ("median_income_2010", [10., 20., 30., 40., 50., 60., 70., 80., 90., 100., 110., 120.]),
        ("median_income_2020", [15., 26., 39., 45., 64., 76., 89., 101., 114., 126., 139., 151.]),
        ("recently_built_share_2010", [0.1, 0.1, 0.3, 0.1, 0.1, 0.1, 0.1, 0.3, 0.3, 0.3, 0.3, 0.3]),
        ("central_city_2010", [1., 1., 1., 0., 1., 1., 1., 1., 1., 1., 1., 1.]),
        ("college_share_2010", [0.2; ROWS]),
        ("college_share_2020", [0.3, 0.22, 0.3, 0.3, 0.3, 0.26, 0.3, 0.21, 0.22, 0.23, 0.24, 0.25]),
        ("median_home_value_2010", [100., 100., 110., 120., 100., 200., 200., 220., 240., 260., 280., 300.]),
        ("median_home_value_2020", [150., 150., 165., 180., 120., 275., 300., 275., 300., 325., 350., 375.]),
        ("median_rent_2010", [400., 400., 400., 800., 400., 400., 720., 800., 800., 800., 800., 800.]),
        ("median_rent_2020", [500., 600., 500., 1000., 650., 500., 900., 1000., 1000., 1000., 1000., 1000.]),
        ("population_2010", [1e3, 1e3, 400., 1e3, 1e3, 1e3, 1e3, 1e3, 1e3, 1e3, 1e3, 1e3]),
        ("population_2020", [1e3, 1e3, 1e3, 1e3, 1e3, 40., 1e3, 1e3, 1e3, 1e3, 1e3, 1e3]),
    ]);
    panel.prices = PriceIndex::from([(2010, 100.0), (2020, 125.0)]);
    panel
}

fn found(panel: &Panel, names: &[&str]) -> Classified {
    let definitions: Vec<_> = names.iter().map(|name| published(name).unwrap()).collect();
    let asked: Vec<_> =
        definitions.iter().map(|one| (one, one.assign_dates(&panel.years()).unwrap())).collect();
    classify(panel, &asked, &Reference::default()).unwrap()
}

/// The codes of the first neighbourhoods, and then of all others the same one.
fn assert_codes(found: &Classified, definition: usize, first: &[&str], others: &str) {
    let mut expected: Vec<Option<&str>> = first.iter().map(|code| Some(*code)).collect();
    expected.resize(ROWS, Some(others));
    assert_eq!(found.codes(definition), expected);
}

#[test]
fn freeman_by_hand() {
    // t2: no degrees. t3: many new homes. t4: not central. t5: values fell. t7 and on: not poor.
    let (yes, no, passed_over) = ("gentrifying", "not gentrifying", "not gentrifiable");
    let found = found(&two_dates(), &["freeman"]);
    assert_codes(&found, 0, &[yes, no, passed_over, passed_over, no, yes], passed_over);
    assert_eq!(found.thresholds(0)[0], ("median(median_income@2010)".to_owned(), Some(65.0)));
}

#[test]
fn ding_by_hand() {
    // Quarters of 2020: rents 575 and 1000, values 161.25 and 306.25. t2: no degrees. t6: 40 people.
    let found = found(&two_dates(), &["ding"]);
    let moderate = "moderate gentrification";
    let first = [
        "weak gentrification",
        "not gentrifying",
        moderate,
        "intense gentrification",
        moderate,
        "too few residents",
    ];
    assert_codes(&found, 0, &first, "not gentrifiable");
}

#[test]
fn governing_and_ncrc_by_hand() {
    // 40 % marks: income 54, value 190, so t1 to t5 but for t3, where too few lived. Two-thirds marks: value +20 %,
    // degrees +10. 60 % marks: value +16 %, degrees +8.4; real incomes fell in t4, from 50 to 45.
    let found = found(&two_dates(), &["governing", "ncrc"]);
    let (gentrified, eligible, not) = ("gentrified", "eligible", "not eligible");
    assert_codes(&found, 0, &[gentrified, eligible, not, gentrified, eligible], not);
    assert_codes(&found, 1, &[gentrified, eligible, not, eligible, eligible], not);
}

#[test]
fn agreement_counts_only_definitions_that_apply() {
    let found = found(&two_dates(), &["freeman", "ding", "governing", "ncrc", "risk"]);
    let shares: Vec<Option<f64>> = found.agreement().iter().map(|one| one.share()).collect();
    let mut expected = vec![
        Some(1.0),       // by all four
        Some(0.0),       // by none of four
        Some(1.0),       // by Ding; not neglected, and too few lived there for the others
        Some(2.0 / 3.0), // by Ding and Governing, not by NCRC; not in the central city
        Some(0.25),      // by Ding
        Some(1.0),       // by Freeman; too few live there for Ding, too rich for the others
    ];
    expected.resize(ROWS, None);
    assert_eq!(shares, expected);
    assert_eq!(
        (found.agreement()[2].flagged_by.as_slice(), found.agreement()[3].applicable.len()),
        (&[1][..], 3)
    );
}

#[test]
fn a_missing_value_takes_away_a_vote_only_where_it_decides() {
    let mut panel = two_dates();
    let mut degrees: Vec<Option<f64>> =
        panel.column("college_share", Period::year(2020)).unwrap().values.clone();
    // t1 and the rich t12; the median of the others is +6.
    (degrees[0], degrees[11]) = (None, None);
    panel.insert("college_share", Period::year(2020), degrees).unwrap();
    let found = found(&panel, &["freeman", "ding"]);
    assert_eq!((found.codes(0)[0], found.codes(0)[11]), (None, Some("not gentrifiable")));
    assert_eq!(found.applies(0)[0], Some(true));
    assert_eq!((found.agreement()[0].share(), found.agreement()[1].share()), (None, Some(0.0)));
    let said = found.reason(0, 0);
    assert!(
        said.contains("unknown, as college share in 2020 less college share in 2010 is not known"),
        "{said}"
    );
}

/// ```text
///      renters  white       degrees      income       value 2000, 2010, 2020    touches
///  t1   80 80    20 20       10 10        30  30      100   100   100           t2
///  t2   80 80    20 20       10 10        30  30       55    55   110           t1
///  t3   80 80    20 20       10 10        30  30       90    90    90           t10
///  t4   80 80    20 40       10 25        30  30      105   105   105           t8
///  t5   80 80    20 40       10 25        30  30       57.5  57.5 115           -
///  t6   80 80    20 40       10 25        30  30      100   150   300           -
///  t7   80 40    20 70       10 50        30 100      100   155   310           -
///  t8.. 20 20    80 80       60 60       100 100      320   320   320  and so on
/// ```
/// City: renters 55 and 51.7 %, white 45 and 54.2 %, degrees 30.8 and 37.9 %. Vulnerable: t1 to t7 in 2010, t1 to t6 in
/// 2020. Dear in 2020 are 216 and more: t6 to t9 and t12. Rising are t2, t5, t6, t7 and t9, each twofold since 2010.
#[test]
fn bates_by_hand() {
    let mut panel = panel(&[
        ("population_2010", [100.; ROWS]),
        ("population_2020", [100.; ROWS]),
        ("households_2010", [50.; ROWS]),
        ("households_2020", [50.; ROWS]),
        ("renter_share_2010", [0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.2, 0.2, 0.2, 0.2, 0.2]),
        ("renter_share_2020", [0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.4, 0.2, 0.2, 0.2, 0.2, 0.2]),
        ("white_share_2010", [0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.8, 0.8, 0.8, 0.8, 0.8]),
        ("white_share_2020", [0.2, 0.2, 0.2, 0.4, 0.4, 0.4, 0.7, 0.8, 0.8, 0.8, 0.8, 0.8]),
        ("college_share_2010", [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.6, 0.6, 0.6, 0.6, 0.6]),
        ("college_share_2020", [0.1, 0.1, 0.1, 0.25, 0.25, 0.25, 0.5, 0.6, 0.6, 0.6, 0.6, 0.6]),
        ("median_income_2010", [30., 30., 30., 30., 30., 30., 30., 100., 100., 100., 100., 100.]),
        ("median_income_2020", [30., 30., 30., 30., 30., 30., 100., 100., 100., 100., 100., 100.]),
        ("median_home_value_2000", [100., 55., 90., 105., 57.5, 100., 100., 320., 165., 200., 210., 220.]),
        ("median_home_value_2010", [100., 55., 90., 105., 57.5, 150., 155., 320., 165., 200., 210., 220.]),
        ("median_home_value_2020", [100., 110., 90., 105., 115., 300., 310., 320., 330., 200., 210., 220.]),
    ]);
    panel.prices = PriceIndex::from([(2000, 1.0), (2010, 1.0), (2020, 1.0)]);
    let pairs = [(0, 1), (2, 9), (3, 7)];
    let touching = |row: u32| {
        let others = pairs.iter().filter_map(|&(a, b)| (a == row).then_some(b).or((b == row).then_some(a)));
        others.collect()
    };
    panel.set_neighbours((0..ROWS as u32).map(touching).collect()).unwrap();
    let found = found(&panel, &["bates"]);
    let first =
        ["susceptible", "early: type 1", "none", "early: type 2", "dynamic", "late", "continued loss"];
    assert_codes(&found, 0, &first, "none");
    // Being next to the market is a warning, not gentrification; places that never were vulnerable are not judged.
    let shares: Vec<Option<f64>> = found.agreement().iter().map(|one| one.share()).collect();
    let flagged = [0.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0].map(Some);
    assert_eq!((&shares[..7], &shares[7..]), (&flagged[..], &[None; 5][..]));
}

#[test]
fn risk_by_hand() {
    // Vulnerability in 2020: ranks of low income (t1 is the poorest: 1 - 1/24) and of few degrees (t1 shares the top with
    // four others: 1 - 9.5/12). Pressure: ranks of the rises of rent (ten share 0: 5/12) and value (t1 shares +20 %: 9.5/12).
    let found = found(&two_dates(), &["risk"]);
    let scores = found.scores(0);
    let of = |name: &str| scores.iter().find(|(known, _)| *known == name).unwrap().1[0].unwrap();
    let vulnerability = ((1.0 - 0.5 / 12.0) + (1.0 - 9.5 / 12.0)) / 2.0;
    let pressure = (5.0 / 12.0 + 9.5 / 12.0) / 2.0;
    assert!((of("vulnerability") - vulnerability).abs() < 1e-12);
    assert!((of("market_pressure") - pressure).abs() < 1e-12);
    assert!((of("risk") - (vulnerability * pressure).sqrt()).abs() < 1e-12);
    assert_eq!((of("rent_change"), of("home_value_change")), (0.0, 0.2));
    let without = scores.iter().find(|(name, _)| *name == "displacement_pressure").unwrap();
    assert!(without.1.iter().all(Option::is_none), "nobody said who touches whom");
}
