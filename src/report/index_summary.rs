//! The summary of an index in Markdown: ranges before ranks, what it is made of, and what it does not mean.

use super::markdown::escape;
use crate::scores::cohesion::{
    Better, Direction, Factor, Index, Sensitivity, Status, Treatment, Uncertainty,
};
use std::fmt::{self, Write};

/// Places listed at each end.
const LISTED: usize = 5;

/// Writes the summary of an index as Markdown.
#[must_use]
pub fn index_summary(
    index: &Index,
    uncertainty: &Uncertainty,
    sensitivity: &[(Factor, Sensitivity)],
) -> String {
    let mut text = String::new();
    write(&mut text, index, uncertainty, sensitivity).expect("writing to a string does not fail");
    text
}

fn write(
    text: &mut String,
    index: &Index,
    uncertainty: &Uncertainty,
    sensitivity: &[(Factor, Sensitivity)],
) -> fmt::Result {
    writeln!(
        text,
        "# {}\n\nThe index describes conditions in places: not attitudes, and not the people who live there. A range of ranks \
         says where a place stands once everything that could have been measured or chosen otherwise is taken into account; \
         two places whose ranges overlap cannot be ranked against each other.\n",
        escape(&index.definition().name)
    )?;
    write_ends(text, index, uncertainty)?;
    write_firmness(text, index, uncertainty, sensitivity)?;
    write_parts(text, index)?;
    write_choices(text, index)?;
    write_race(text, index)?;
    write_not_scored(text, index)?;
    write_objections(text, index)?;
    writeln!(
        text,
        "## What it does not mean\n\n- A score is no judgement of residents, and no forecast.\n- Weights say what may make up \
         for what, not what matters: see the weights in effect.\n- An average says nothing about one household.\n- Residents \
         who say that a score is wrong for their place belong in the objections file."
    )
}

fn write_ends(text: &mut String, index: &Index, uncertainty: &Uncertainty) -> fmt::Result {
    let (ranks, scores, labels) = (index.ranks(), index.scores(), index.labels());
    let mut order: Vec<(u32, usize)> =
        ranks.iter().enumerate().filter_map(|(row, rank)| Some(((*rank)?, row))).collect();
    order.sort_unstable();
    let (ends, lifts) = (index.strongest_and_weakest(), index.would_lift_most());
    // Of an index in which low is better, the high end is the one to look at, and what raises it.
    let watched = index.definition().better == Better::Low;
    let (chance, part) = if watched {
        ("chance of the highest fifth", "raised by")
    } else {
        ("chance of the bottom fifth", "weakest")
    };
    let best = order.first().and_then(|(_, row)| scores[*row]);
    let joint = scores.iter().filter(|score| score.is_some() && **score == best).count();
    if joint > 1 {
        writeln!(
            text,
            "{joint} of {} places share the best score of {:.1}: the index cannot rank them against each other. Equal scores \
             share the best of their ranks.\n",
            order.len(),
            best.unwrap_or(f64::NAN)
        )?;
    }
    if let Some(floor) = index.definition().aggregate.floor {
        writeln!(
            text,
            "Parts below {floor} count as {floor} (the floor), so that a part of 0 lowers a score without making it 0.\n"
        )?;
    }
    let heading = format!(
        "| place | ranks | score | {chance} | {part} | would change most |\n|---|---|---:|---:|---|---|"
    );
    let line = |text: &mut String, row: usize| {
        let range = match (uncertainty.rank_low[row], uncertainty.rank_high[row]) {
            (Some(low), Some(high)) => format!("{low} to {high} of {}", order.len()),
            _ => "-".into(),
        };
        let chance = uncertainty.probability_bottom_fifth[row].map_or("-".into(), percent);
        let lift = lifts[row].map_or("-".into(), |(name, gain)| format!("{} ({gain:+.1})", escape(name)));
        writeln!(
            text,
            "| {} | {range} | {:.1} | {chance} | {} | {lift} |",
            escape(&labels[row]),
            scores[row].unwrap_or(f64::NAN),
            if watched { ends[row].0 } else { ends[row].1 }.map_or("-".into(), escape),
        )
    };
    let listed = LISTED.min(order.len().div_ceil(2));
    let [first, last] = if watched {
        ["Highest", "Lowest"]
    } else {
        ["Where conditions are weakest", "Where conditions are strongest"]
    };
    writeln!(text, "## {first}\n\n{heading}")?;
    for (_, row) in order.iter().rev().take(listed) {
        line(text, *row)?;
    }
    writeln!(text, "\n## {last}\n\n{heading}")?;
    for (_, row) in order.iter().take(listed.min(order.len() - listed)) {
        line(text, *row)?;
    }
    writeln!(text)
}

fn write_firmness(
    text: &mut String,
    index: &Index,
    uncertainty: &Uncertainty,
    sensitivity: &[(Factor, Sensitivity)],
) -> fmt::Result {
    let varied: Vec<&str> = uncertainty.factors.iter().map(|factor| factor.words()).collect();
    let varied = if varied.is_empty() { "nothing".into() } else { varied.join(", ") };
    writeln!(
        text,
        "## How robust are the ranks?\n\n{} of the pairs of places can be ranked against each other. Varied in {} draws (seed {}): {varied}.\n",
        percent(uncertainty.pairs_ordered),
        uncertainty.draws,
        index.definition().uncertainty.seed,
    )?;
    if sensitivity.is_empty() {
        return Ok(());
    }
    writeln!(text, "| ranks depend on | alone | with others |\n|---|---:|---:|")?;
    for (factor, found) in sensitivity {
        writeln!(
            text,
            "| {} | {:.2} ± {:.2} | {:.2} ± {:.2} |",
            factor.words(),
            found.first,
            found.first_error,
            found.total,
            found.total_error
        )?;
    }
    writeln!(text)
}

fn write_parts(text: &mut String, index: &Index) -> fmt::Result {
    let audit = index.audit();
    writeln!(
        text,
        "## What it is made of\n\n| indicator | rises with it | weight | weight in effect | outliers |\n|---|---|---:|---:|---|"
    )?;
    let treatments = index.treatments();
    for ((indicator, importance), treatment) in
        index.definition().counted().zip(&audit.importance).zip(&treatments)
    {
        let direction = if indicator.direction == Some(Direction::Up) { "yes" } else { "no, falls" };
        let effect = importance.effective_weight.map_or("-".into(), percent);
        let treatment = match treatment {
            Treatment::Untreated => "as they are".into(),
            Treatment::Winsorised { low_points, high_points, .. } => {
                format!("{} drawn in", low_points + high_points)
            }
            Treatment::Log { .. } => "logarithm".into(),
        };
        let name = escape(indicator.name());
        writeln!(text, "| {name} | {direction} | {} | {effect} | {treatment} |", percent(importance.weight))?;
    }
    writeln!(text)?;
    for (first, second, correlation) in &audit.double_counted {
        writeln!(
            text,
            "- **Counted twice:** {} and {} rank places nearly alike (Spearman {correlation:.2}); drop one, or halve both.",
            escape(first),
            escape(second)
        )?;
    }
    if let Some(share) = audit.first_component {
        writeln!(text, "- One direction explains {} of what all indicators say.\n", percent(share))?;
    }
    Ok(())
}

fn write_choices(text: &mut String, index: &Index) -> fmt::Result {
    writeln!(
        text,
        "## Had it been chosen otherwise\n\n| choice | instead | mean shift of ranks | largest | at |\n|---|---|---:|---:|---|"
    )?;
    for choice in index.choices() {
        match choice {
            Ok(effect) => {
                let place = effect.shifts_most.map_or("-".into(), |(place, before, after)| {
                    format!("{} ({before} to {after})", escape(&place))
                });
                writeln!(
                    text,
                    "| {} | {} | {:.1} | {} | {place} |",
                    effect.choice,
                    escape(&effect.alternative),
                    effect.mean_shift,
                    effect.largest_shift
                )?;
            }
            Err(reason) => writeln!(text, "| not possible | {} | - | - | - |", escape(&reason))?,
        }
    }
    writeln!(text)
}

fn write_race(text: &mut String, index: &Index) -> fmt::Result {
    let Ok(Some([with, without])) = index.with_and_without_race() else { return Ok(()) };
    let differences: Vec<f64> = with
        .iter()
        .zip(&without)
        .filter_map(|(with, without)| Some(((*with)? - (*without)?).abs()))
        .collect();
    let largest = differences.iter().copied().fold(0.0, f64::max);
    let mean = differences.iter().sum::<f64>() / differences.len().max(1) as f64;
    let counts = if index.definition().include_race { "count" } else { "do not count" };
    writeln!(
        text,
        "## Race\n\nIndicators about race {counts} here. With and without them the score differs by {mean:.1} on average, by \
         {largest:.1} at most.\n"
    )
}

fn write_not_scored(text: &mut String, index: &Index) -> fmt::Result {
    let reasons = [Status::TooFewPeople, Status::PopulationUnknown, Status::TooLittleData];
    let status = index.status();
    let counts = reasons.map(|reason| status.iter().filter(|status| **status == reason).count());
    if counts.iter().all(|count| *count == 0) {
        return Ok(());
    }
    writeln!(text, "## Not scored\n")?;
    for (reason, count) in reasons.iter().zip(counts).filter(|(_, count)| *count > 0) {
        writeln!(text, "- {count} places: {}", reason.words())?;
    }
    writeln!(text)
}

fn write_objections(text: &mut String, index: &Index) -> fmt::Result {
    if index.objections().is_empty() {
        return Ok(());
    }
    writeln!(text, "## What residents say\n")?;
    for (id, label) in index.ids().iter().zip(index.labels()) {
        if let Some(said) = index.objections_to(id) {
            writeln!(text, "- {}: {}", escape(label), escape(&said))?;
        }
    }
    writeln!(text)
}

fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}
