//! The whole way, on tables small enough for a pencil, and properties of any table.

use super::*;
use crate::{ErrorKind, Quiet, Result};
use polars::df;
use polars::prelude::{Column, DataFrame, NamedFrom, Series};
use proptest::prelude::*;

fn index(text: &str, table: &DataFrame) -> Result<Index> {
    Index::new(&Definition::from_toml(text)?, table)
}

/// Two pillars of two indicators; geometric across them.
const NESTED: &str = "
    name = 'nested'
    aggregate.pillars = 'geometric'
    pillars = [{ name = 'access', weight = 2 }, { name = 'safety' }]
    [[indicators]]
    column = 'clinic'
    direction = 'down'
    pillar = 'access'
    [[indicators]]
    column = 'shops'
    direction = 'up'
    pillar = 'access'
    weight = 3
    [[indicators]]
    column = 'crime'
    direction = 'down'
    pillar = 'safety'
    [[indicators]]
    column = 'light'
    direction = 'up'
    pillar = 'safety'
";

fn four_places() -> DataFrame {
    df!("id" => ["a", "b", "c", "d"],
        "clinic" => [0.0, 10.0, 20.0, 40.0],
        "shops" => [10.0, 0.0, 5.0, 10.0],
        "crime" => [1.0, 3.0, 5.0, 1.0],
        "light" => [Some(1.0), None, Some(0.0), Some(0.5)])
    .unwrap()
}

fn close(found: Option<f64>, expected: f64) {
    let found = found.unwrap();
    assert!((found - expected).abs() < 1e-10, "{found}, not {expected}");
}

#[test]
fn a_nested_index_is_that_of_the_pencil() {
    let index = index(&format!("{NESTED}\n"), &four_places()).unwrap();
    let parts = index.parts();
    assert_eq!(
        parts.iter().map(|part| part.name.as_str()).collect::<Vec<_>>(),
        ["access", "safety", "index"]
    );
    // Access of b: clinic 75, shops 0 with weight 3. Safety of b: half the weight is missing, less than 0.67.
    close(parts[0].scores[1], 75.0 / 4.0);
    assert_eq!((parts[1].scores[1], index.scores()[1]), (None, None));
    // d: access (0 + 3·100)/4 = 75, safety (100 + 50)/2 = 75. c: access (50 + 3·50)/4, safety 0, floored at 1.
    close(index.scores()[3], 75.0);
    close(index.scores()[2], (2500.0_f64 * 1.0).cbrt());
    assert_eq!(index.ranks(), [Some(1), None, Some(3), Some(2)]);
    // Of b all but light is known: 2/3 and half of 1/3.
    close(index.coverage()[1], 2.0 / 3.0 + 1.0 / 6.0);
    let expected = [2.0 / 3.0 / 4.0, 2.0 / 4.0, 1.0 / 6.0, 1.0 / 6.0];
    index.weights().into_iter().zip(expected).for_each(|(weight, expected)| close(Some(weight), expected));
}

#[test]
fn missing_weight_goes_to_the_others_or_the_gap_is_filled() {
    let lenient = index(&format!("missing.threshold = 0.5\n{NESTED}"), &four_places()).unwrap();
    close(lenient.parts()[1].scores[1], 50.0);
    let filled = index(&format!("impute.method = 'mean'\n{NESTED}"), &four_places()).unwrap();
    close(filled.parts()[1].scores[1], 50.0);
    assert_eq!(filled.coverage(), [Some(1.0); 4]);
}

/// The pipeline of the CDC's social vulnerability index: percentile ranks, sums, the rank of the sums.
#[test]
fn percentile_ranks_summed_by_theme_follow_the_pencil() {
    let table = df!("id" => ["a", "b", "c", "d", "e"], "people" => [10, 10, 10, 10, 0],
        "poor" => [10.0, 20.0, 20.0, 40.0, -999.0], "income" => [9.0, 5.0, 7.0, -999.0, 1.0],
        "crowded" => [1.0, 1.0, 2.0, 3.0, 9.0])
    .unwrap();
    let text = "
        name = 'vulnerability'
        better = 'low'
        population = { column = 'people', minimum = 1 }
        missing = { codes = [-999], threshold = 1 }
        normalise = { method = 'percentile', round = 4 }
        aggregate = { indicators = 'sum', pillars = 'sum' }
        pillars = [{ name = 'status' }, { name = 'housing' }]
        [[indicators]]
        column = 'poor'
        direction = 'up'
        pillar = 'status'
        [[indicators]]
        column = 'income'
        direction = 'down'
        pillar = 'status'
        [[indicators]]
        column = 'crowded'
        direction = 'up'
        pillar = 'housing'";
    let index = index(text, &table).unwrap();
    // Place e has no people and does not count in any rank. Income of d is missing: one of three is lower for c.
    let [poor, income, crowded] = index.normalised().try_into().unwrap();
    assert_eq!(poor, [Some(0.0), Some(0.3333), Some(0.3333), Some(1.0), None]);
    assert_eq!(income, [Some(0.0), Some(1.0), Some(0.5), None, None]);
    assert_eq!(crowded, [Some(0.0), Some(0.0), Some(0.6667), Some(1.0), None]);
    assert_eq!(index.scores(), [Some(0.0), Some(0.3333 + 1.0), Some(0.3333 + 0.5 + 0.6667), None, None]);
    assert_eq!(index.percentiles(), [Some(0.0), Some(0.5), Some(1.0), None, None]);
    assert_eq!(index.ranks(), [Some(1), Some(2), Some(3), None, None]);
    assert_eq!(index.status()[4], Status::TooFewPeople);
}

#[test]
fn years_are_comparable_on_the_scale_of_the_first() {
    let text = "name = 'x'\n[[indicators]]\ncolumn = 'a'\ndirection = 'up'";
    let before = df!("id" => ["x", "y"], "a" => [0.0, 10.0]).unwrap();
    let after = df!("id" => ["x", "y"], "a" => [5.0, 12.0]).unwrap();
    let definition = Definition::from_toml(text).unwrap();
    let index = Index::against(&definition, &after, &before).unwrap();
    assert!(index.has_fixed_reference());
    assert_eq!(index.scores(), [Some(50.0), Some(120.0)]);
}

#[test]
fn contributions_sum_to_the_distance_from_the_reference() {
    for change in ["", "missing.threshold = 0.4\n", "impute.method = 'median'\n"] {
        let index = index(&format!("{change}{NESTED}"), &four_places()).unwrap();
        let reference = index.reference_score().unwrap();
        let contributions = index.contributions().unwrap();
        for (place, score) in index.scores().into_iter().enumerate() {
            let Some(score) = score else { continue };
            let sum: f64 = contributions.iter().map(|column| column[place].unwrap()).sum();
            assert!(
                (sum - (score - reference)).abs() < 1e-9,
                "{change}{place}: {sum}, not {}",
                score - reference
            );
        }
    }
}

#[test]
fn the_strongest_the_weakest_and_the_lever_are_named() {
    let index = index(NESTED, &four_places()).unwrap();
    // c is at the bottom of safety: both of its parts are the worst there are.
    let (strongest, weakest) = index.strongest_and_weakest()[2];
    assert!(strongest.is_none_or(|name| name == "clinic"));
    assert!(["crime", "light"].contains(&weakest.unwrap()));
    let (lever, gain) = index.would_lift_most()[2].unwrap();
    assert!(["crime", "light"].contains(&lever) && gain > 0.0);
    assert_eq!(index.would_lift_most()[1], None);
}

#[test]
fn race_counts_only_if_asked_for_and_the_difference_is_shown() {
    let text = "name = 'x'\n[[indicators]]\ncolumn = 'clinic'\ndirection = 'down'\n\
                [[indicators]]\ncolumn = 'shops'\ndirection = 'up'\nrace = true";
    let index = index(text, &four_places()).unwrap();
    assert_eq!(index.indicators(), ["clinic"]);
    let [with, without] = index.with_and_without_race().unwrap().unwrap();
    assert_eq!(without, index.scores());
    assert_eq!(with, [Some(100.0), Some(37.5), Some(50.0), Some(50.0)]);
}

#[test]
fn an_audit_finds_what_counts_twice() {
    let places: Vec<f64> = (0..40).map(f64::from).collect();
    let other: Vec<f64> = (0..40).map(|i| f64::from((i * 17) % 40)).collect();
    let table = df!("id" => (0..40).collect::<Vec<i32>>(), "rent" => places.clone(),
        "value" => places.iter().map(|x| x.powi(3)).collect::<Vec<_>>(), "trees" => other)
    .unwrap();
    let of = |column: &str| format!("[[indicators]]\ncolumn = '{column}'\ndirection = 'up'\n");
    let index = index(&format!("name = 'x'\n{}{}{}", of("rent"), of("value"), of("trees")), &table).unwrap();
    let audit = index.audit();
    assert_eq!(audit.double_counted, [("rent".to_owned(), "value".to_owned(), 1.0)]);
    assert!(audit.first_component.unwrap() > 0.6);
    let effective: Vec<f64> = audit.importance.iter().map(|part| part.effective_weight.unwrap()).collect();
    assert!((effective.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    // Rent and value carry each other; trees weigh less than their third.
    assert!(effective[2] < 0.3, "{effective:?}");
    let left_out: Vec<_> = index.choices().into_iter().flatten().filter(|c| c.choice == "without").collect();
    assert_eq!(left_out.len(), 3);
    let shift = |name: &str| left_out.iter().find(|c| c.alternative == name).unwrap().mean_shift;
    assert!(shift("trees") > shift("value"));
}

/// A table of so many places and indicators with a spread of values.
fn table(places: usize, indicators: usize, seed: u64) -> DataFrame {
    let mut columns: Vec<Column> =
        vec![Series::new("id".into(), (0..places).map(|i| format!("p{i}")).collect::<Vec<_>>()).into()];
    for indicator in 0..indicators {
        let mut random = crate::stats::random::Random::new(seed, indicator as u64);
        let values: Vec<f64> = (0..places).map(|_| random.unit() * 50.0 + random.normal() * 5.0).collect();
        columns.push(Series::new(format!("i{indicator}").as_str().into(), values).into());
        columns.push(Series::new(format!("moe{indicator}").as_str().into(), vec![4.0; places]).into());
    }
    DataFrame::new(places, columns).unwrap()
}

fn many(indicators: usize, head: &str) -> String {
    let pillars = "pillars = [{ name = 'p0' }, { name = 'p1' }]\n";
    let indicator = |i: usize| {
        let direction = if i.is_multiple_of(3) { "down" } else { "up" };
        format!(
            "[[indicators]]\ncolumn = 'i{i}'\ndirection = '{direction}'\npillar = 'p{}'\nmoe = 'moe{i}'\n",
            i % 2
        )
    };
    format!("name = 'many'\n{head}\n{pillars}{}", (0..indicators).map(indicator).collect::<String>())
}

#[test]
fn rank_intervals_are_the_same_on_any_number_of_threads_and_hold_the_rank() {
    let text = many(5, "uncertainty.draws = 200");
    let index = index(&text, &table(60, 5, 3)).unwrap();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| (index.uncertainty(&Quiet).unwrap(), index.sensitivity(&Quiet).unwrap()))
    };
    let (one, three) = (on(1), on(3));
    assert_eq!(one, three);
    let (found, sensitivity) = one;
    let factors = [
        Factor::Measurement,
        Factor::Weights,
        Factor::Normalisation,
        Factor::Aggregation,
        Factor::ReferenceSet,
    ];
    assert_eq!(found.factors, factors);
    let inside = index
        .ranks()
        .into_iter()
        .zip(found.rank_low.iter().zip(&found.rank_high))
        .filter(|(rank, (low, high))| (low.unwrap()..=high.unwrap()).contains(&rank.unwrap()));
    assert!(inside.count() >= 54);
    let bottom: f64 = found.probability_bottom_fifth.iter().flatten().sum();
    assert!((bottom - 12.0).abs() < 1.0, "{bottom}");
    assert!((0.0..1.0).contains(&found.pairs_ordered));
    assert!(sensitivity.iter().all(|(_, s)| s.total > -0.05 && s.total < 1.5));
}

#[test]
fn without_variation_every_rank_is_certain() {
    let text = many(
        3,
        "uncertainty = { draws = 20, measurement = false, weights = 'none', normalisations = [],\
                        powers = [], imputations = [], reference = false }",
    );
    let index = index(&text, &table(20, 3, 1)).unwrap();
    let found = index.uncertainty(&Quiet).unwrap();
    assert!(found.factors.is_empty() && found.pairs_ordered == 1.0);
    assert_eq!((&found.rank_low, &found.rank_high), (&index.ranks(), &index.ranks()));
    assert!(index.sensitivity(&Quiet).unwrap().is_empty());
}

#[test]
fn wrong_definitions_are_explained() {
    let table = four_places();
    let error = |text: &str| index(text, &table).unwrap_err();
    let one = "[[indicators]]\ncolumn = 'clinic'\n";
    for (text, kind, words) in [
        (format!("name = 'x'\n{one}"), ErrorKind::Parameter, "has no direction"),
        (format!("name = 'x'\n{one}direction = 'sideways'"), ErrorKind::Format, "`sideways` is not a choice"),
        (format!("name = 'x'\n{one}dirction = 'up'"), ErrorKind::Format, "did you mean `direction`?"),
        ("name = 'x'".into(), ErrorKind::Parameter, "no indicators"),
        (
            format!("name = 'x'\n{one}direction = 'up'\nweight = -1"),
            ErrorKind::Parameter,
            "weight of `clinic` is -1",
        ),
        (format!("name = 'x'\n{one}direction = 'up'\nweight = 0"), ErrorKind::Parameter, "all weights are 0"),
        (
            format!("name = 'x'\n{one}direction = 'up'\n{one}direction = 'up'"),
            ErrorKind::Parameter,
            "used twice",
        ),
        (
            format!("name = 'x'\npillars = [{{ name = 'acces' }}]\n{one}direction = 'up'\npillar = 'access'"),
            ErrorKind::Parameter,
            "did you mean `acces`?",
        ),
        (
            format!("name = 'x'\npillars = [{{ name = 'p' }}]\n{one}direction = 'up'"),
            ErrorKind::Parameter,
            "`p` has no indicators",
        ),
        (
            format!("name = 'x'\npillars = [{{ name = 'p', parent = 'p' }}]\n{one}direction = 'up'"),
            ErrorKind::Parameter,
            "part of itself",
        ),
        (
            format!("name = 'x'\nnormalise.method = 'goalposts'\n{one}direction = 'up'"),
            ErrorKind::Parameter,
            "has no goalposts",
        ),
        (
            format!("name = 'x'\nnormalise.method = 'distance_to_target'\n{one}direction = 'up'"),
            ErrorKind::Parameter,
            "has no target",
        ),
        (
            format!("name = 'x'\nimpute.method = 'group_mean'\n{one}direction = 'up'"),
            ErrorKind::Parameter,
            "no group is named",
        ),
        (
            format!("name = 'x'\nweights.indicators = 'budget'\n{one}direction = 'up'"),
            ErrorKind::Parameter,
            "nobody gave points",
        ),
        (
            format!("name = 'x'\nweights.budget = [{{ clinics = 1 }}]\n{one}direction = 'up'"),
            ErrorKind::Parameter,
            "did you mean `clinic`?",
        ),
        (
            format!("name = 'x'\nmissing.threshold = 2\n{one}direction = 'up'"),
            ErrorKind::Parameter,
            "share between",
        ),
        (
            format!(
                "name = 'x'\nnormalise.method = 'z'\naggregate = {{ indicators = 'geometric', floor = 0 }}\n\
            {one}direction = 'up'"
            ),
            ErrorKind::Value,
            "geometric",
        ),
        (
            "name = 'x'\n[[indicators]]\ncolumn = 'clinics'\ndirection = 'up'".into(),
            ErrorKind::Column,
            "did you mean `clinic`?",
        ),
    ] {
        let error = error(&text);
        assert_eq!(error.kind(), kind, "{text}\n{error}");
        assert!(error.to_string().contains(words), "{text}\n{error}");
    }
    let flat = df!("id" => ["a", "b"], "x" => [5.0, 5.0]).unwrap();
    let constant = index("name = 'x'\n[[indicators]]\ncolumn = 'x'\ndirection = 'up'", &flat).unwrap_err();
    assert!(
        constant.message().contains("same value, 5") && constant.position().column.as_deref() == Some("x")
    );
    let alone = df!("id" => ["a"], "x" => [5.0]).unwrap();
    let percentile =
        "name = 'x'\nnormalise.method = 'percentile'\n[[indicators]]\ncolumn = 'x'\ndirection = 'up'";
    let one_place = index(percentile, &alone).unwrap();
    assert_eq!((one_place.ranks(), one_place.scores()), (vec![Some(1)], vec![Some(0.0)]));
    assert!(one_place.uncertainty(&Quiet).is_ok());
}

#[test]
fn table_and_json_carry_ranges_and_objections() {
    let index = index(&format!("uncertainty.draws = 20\n{NESTED}"), &four_places()).unwrap();
    let objection = Objection {
        place: "c".into(),
        statement: "the lamps were mended".into(),
        decided_by: "the council".into(),
        status: ObjectionStatus::Upheld,
        date: String::new(),
    };
    let index = index.with_objections(vec![objection]).unwrap();
    let uncertainty = index.uncertainty(&Quiet).unwrap();
    let table = index.to_table(Some(&uncertainty)).unwrap();
    let names: Vec<&str> = table.get_column_names().into_iter().map(|name| name.as_str()).collect();
    let position = |name: &str| names.iter().position(|known| *known == name).unwrap();
    assert!(position("rank_low") < position("rank") && position("scaled_clinic") < position("objections"));
    assert!(
        names.contains(&"part_access") && names.contains(&"adds_light") && !names.contains(&"part_index")
    );
    let said = table.column("objections").unwrap().str().unwrap().get(2).unwrap().to_owned();
    assert_eq!(said, "the lamps were mended (upheld by the council)");
    // What the page computes from the JSON by the documented rule is what the library computed.
    let page = index.to_json(Some(&uncertainty));
    let root = page["parts"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (root["aggregate"].as_str(), root["made_of"][0]["weight"].as_f64()),
        (Some("geometric"), Some(2.0))
    );
    let of_part = |position: &serde_json::Value, place: usize| {
        page["parts"][position.as_u64().unwrap() as usize]["scores"][place].as_f64()
    };
    let floor = page["floor"].as_f64().unwrap();
    for place in [0, 2, 3] {
        let parts = root["made_of"].as_array().unwrap();
        let (sum, all) = parts.iter().fold((0.0, 0.0), |(sum, all), part| {
            let weight = part["weight"].as_f64().unwrap();
            (sum + weight * of_part(&part["position"], place).unwrap().max(floor).ln(), all + weight)
        });
        close(page["scores"][place].as_f64(), (sum / all).exp());
    }
    let read: Definition = Definition::from_toml(page["definition"].as_str().unwrap()).unwrap();
    assert_eq!(&read, index.definition());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Contributions sum to the distance, and the order of places changes nothing, for every mean and normalisation.
    #[test]
    fn identities_hold_for_any_table(
        seed in 0_u64..1_000_000,
        places in 5_usize..30,
        mean in prop::sample::select(vec!["arithmetic", "geometric", "harmonic", "generalised", "sum"]),
        scale in prop::sample::select(vec!["min_max", "percentile", "z"]),
        missing in prop::collection::vec((0_usize..30, 0_usize..4), 0..6),
    ) {
        let range = if scale == "z" { "[50, 10]" } else { "[0, 100]" };
        let head = format!(
            "missing.threshold = 0.3\nnormalise = {{ method = '{scale}', range = {range} }}\n\
             aggregate = {{ indicators = 'arithmetic', pillars = '{mean}', floor = 1 }}"
        );
        let mut table = table(places, 4, seed);
        for (place, indicator) in missing {
            let name = format!("i{indicator}");
            let values = table.column(&name).unwrap().f64().unwrap().iter().enumerate();
            let values: Vec<Option<f64>> = values.map(|(row, v)| v.filter(|_| row != place)).collect();
            table.with_column(Series::new(name.as_str().into(), values).into()).unwrap();
        }
        let definition = Definition::from_toml(&many(4, &head)).unwrap();
        let index = Index::new(&definition, &table).unwrap();
        let (reference, contributions) = (index.reference_score().unwrap(), index.contributions().unwrap());
        for (place, score) in index.scores().into_iter().enumerate() {
            let sum: f64 = contributions.iter().filter_map(|column| column[place]).sum();
            if let Some(score) = score {
                prop_assert!((sum - (score - reference)).abs() < 1e-7 * score.abs().max(1.0));
            }
        }
        let turned = table.reverse();
        let other = Index::new(&definition, &turned).unwrap();
        let mut ranks = other.ranks();
        ranks.reverse();
        prop_assert_eq!(index.ranks(), ranks);
    }
}
