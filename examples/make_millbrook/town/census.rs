//! Two censuses by neighbourhood, and a survey of how safe people feel.

use super::files::write_csv;
use super::ground::{COLUMNS, ISLAND, id, neighbourhood};
use super::homes::Homes;
use super::random::Random;
use commonground::Result;
use std::path::Path;

/// What a neighbourhood does between the censuses.
#[derive(Clone, Copy, PartialEq)]
enum Story {
    Gentrifies,
    /// All conditions but one.
    OutsideTheCentre,
    HadHighIncome,
    WasNewlyBuilt,
    EducationStays,
    ValuesFallBehindPrices,
    /// All conditions, as far as is known: one value is missing.
    ValueMissing,
    StaysPoor,
    StaysRich,
}

fn story(column: usize, row: usize) -> Story {
    match (column, row) {
        (2, 1) | (4, 2) | (1, 1) | (4, 3) => Story::Gentrifies,
        (6, 3) => Story::OutsideTheCentre,
        (2, 3) => Story::HadHighIncome,
        (5, 2) => Story::WasNewlyBuilt,
        (1, 2) => Story::EducationStays,
        (3, 3) => Story::ValuesFallBehindPrices,
        (1, 3) => Story::ValueMissing,
        // The segregated quarter and the one beyond the motorway.
        (3 | 4, 0 | 1) | (5..=7, 0 | 1) => Story::StaysPoor,
        _ => Story::StaysRich,
    }
}

/// Prices rise by this factor from the first census to the second; `study.toml` says the same.
const INFLATION: f64 = 1.3;

/// The survey behind home values and degrees asks every second household.
const SURVEYED: f64 = 0.5;
/// Share of the residents who are 25 or older.
const ADULTS: f64 = 0.7;
/// Standard deviation of home values within a neighbourhood, as a share of their median.
const VALUES_DIFFER: f64 = 0.35;
/// Standard errors in a 90 % margin of error.
const MARGIN: f64 = 1.645;

/// 90 % margin of error of a share of so many people asked.
fn margin_of_share(share: f64, asked: f64) -> f64 {
    MARGIN * (share * (1.0 - share) / asked).sqrt()
}

/// The same of a median, as a share of it: the standard error of a median of normal values is √(π/2) that of their mean.
fn margin_of_median(asked: f64) -> f64 {
    MARGIN * (std::f64::consts::PI / 2.0).sqrt() * VALUES_DIFFER / asked.sqrt()
}

struct Figures {
    income: [f64; 2],
    rent: [f64; 2],
    value: [Option<f64>; 2],
    college: [f64; 2],
    renters: f64,
    recently_built: f64,
}

fn figures(story: Story, random: &mut Random) -> Figures {
    use Story::{
        EducationStays, HadHighIncome, StaysPoor, StaysRich, ValueMissing, ValuesFallBehindPrices,
        WasNewlyBuilt,
    };
    let is_rich = matches!(story, HadHighIncome | StaysRich);
    // Everything follows from wealth: rich places lie above all medians, poor ones below.
    let wealth = if is_rich { random.between(0.55, 0.95) } else { random.between(0.12, 0.42) };
    let rise = match story {
        StaysRich => random.between(0.03, 0.07),
        StaysPoor | EducationStays => random.between(0.0, 0.02),
        _ => random.between(0.12, 0.18),
    };
    let recently_built = match story {
        WasNewlyBuilt => 0.52,
        StaysPoor | StaysRich => random.between(0.12, 0.34),
        _ => random.between(0.02, 0.07),
    };
    let real_growth = match story {
        StaysPoor => random.between(0.93, 1.08),
        StaysRich => random.between(1.02, 1.15),
        ValuesFallBehindPrices => 0.9,
        _ => random.between(1.25, 1.5),
    };
    let (income, rent, value) =
        (24_000.0 + 52_000.0 * wealth, 420.0 + 620.0 * wealth, 90_000.0 + 210_000.0 * wealth);
    let college = 0.1 + 0.45 * wealth;
    let after = real_growth * INFLATION;
    Figures {
        income: [income, income * (1.0 + (after - 1.0) * 0.8)],
        rent: [rent, rent * after],
        value: [Some(value), (story != ValueMissing).then_some(value * after)],
        college: [college, college + rise],
        renters: 0.75 - 0.5 * wealth,
        recently_built,
    }
}

pub fn write(homes: &Homes, folder: &Path) -> Result<()> {
    let mut random = Random::stream(5);
    let mut tables = [Vec::new(), Vec::new()];
    for place in 0..=ISLAND {
        let (residents, dwellings) = homes.people(place);
        let (column, row) = (place % COLUMNS, place / COLUMNS);
        let story = if place == ISLAND { Story::StaysPoor } else { story(column, row) };
        let figures = figures(story, &mut random);
        let is_central = place != ISLAND && (1..=5).contains(&column) && row <= 3;
        for (date, table) in tables.iter_mut().enumerate() {
            let before = if date == 0 { random.between(0.88, 1.04) } else { 1.0 };
            let count = |number: u32| format!("{:.0}", f64::from(number) * before);
            let mut cells = vec![id(place), count(residents), count(dwellings)];
            let asked = f64::from(residents) * before * ADULTS * SURVEYED;
            let owners = f64::from(dwellings) * before * (1.0 - figures.renters) * SURVEYED;
            let spread = margin_of_median(owners);
            if residents == 0 {
                // Nobody lives there: nothing is known, rather than zero.
                cells.extend(vec![String::new(); 8]);
            } else {
                cells.extend([
                    format!("{:.0}", figures.income[date]),
                    format!("{:.0}", figures.rent[date]),
                    figures.value[date].map(|value| format!("{value:.0}")).unwrap_or_default(),
                    figures.value[date].map(|value| format!("{:.0}", value * spread)).unwrap_or_default(),
                    format!("{:.3}", figures.college[date]),
                    format!("{:.3}", margin_of_share(figures.college[date], asked)),
                    format!("{:.3}", figures.renters - 0.02 * date as f64),
                    format!("{:.3}", figures.recently_built),
                ]);
            }
            cells.push(u8::from(is_central).to_string());
            table.push(cells);
        }
    }
    let header = "id,population,households,median_income,median_rent,median_home_value,median_home_value_moe,\
                  college_share,college_share_moe,renter_share,recently_built_share,central_city";
    for (year, table) in [2010, 2020].into_iter().zip(tables) {
        write_csv(&folder.join(format!("census_{year}.csv")), header, table.into_iter())?;
    }
    write_survey(homes, folder, &mut random)
}

/// Fear follows the record, but for two places: one feared without cause, one not feared in spite of the record.
fn write_survey(homes: &Homes, folder: &Path, random: &mut Random) -> Result<()> {
    let (feared, trusted) = (neighbourhood(7, 1), neighbourhood(3, 2));
    let mut rows = Vec::new();
    for place in 0..=ISLAND {
        let (residents, _) = homes.people(place);
        if residents == 0 {
            continue;
        }
        let danger = match place {
            _ if place == feared => 0.05,
            _ if place == trusted => 0.95,
            _ => random.share(),
        };
        let fear = match place {
            _ if place == feared => 0.55,
            _ if place == trusted => 0.06,
            _ => 0.08 + 0.3 * danger + random.between(-0.04, 0.04),
        };
        let answers = 40.0 + random.between(0.0, 40.0);
        let incidents = f64::from(residents) * (0.01 + 0.05 * danger);
        rows.push(vec![id(place), format!("{answers:.0}"), format!("{fear:.3}"), format!("{incidents:.0}")]);
    }
    let header = "id,survey_answers,feel_unsafe_share,recorded_incidents";
    write_csv(&folder.join("safety_2020.csv"), header, rows.into_iter())
}
