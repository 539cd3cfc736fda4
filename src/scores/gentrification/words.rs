//! Comparisons and classes in words that can be read aloud.

use super::classify::{Class, Classified};
use super::explain::Comparison;

/// Comparisons that a reason names at most; all of them stand in the explanation.
const NAMED: usize = 4;

impl Comparison {
    /// "median income in 2010 is 41,200, below 56,000, the median".
    #[must_use]
    pub fn in_words(&self) -> String {
        let left = said(&self.left);
        let (Some(value), Some(threshold), Some(holds)) = (self.value, self.threshold, self.holds) else {
            let missing = if self.value.is_none() { left } else { said(&self.right) };
            return format!("{missing} is not known");
        };
        let direction = match (self.sign, holds) {
            ("<", true) | (">=", false) => "below",
            ("<", false) | (">=", true) => "at or above",
            (">", true) | ("<=", false) => "above",
            (">", false) | ("<=", true) => "at or below",
            (_, true) => "equal to",
            (_, false) => "not",
        };
        let what = said(&self.right);
        let what = if self.right.parse::<f64>().is_ok() { String::new() } else { format!(", {what}") };
        format!("{left} is {}, {direction} {}{what}", number(value), number(threshold))
    }
}

impl Classified {
    /// Why a neighbourhood has its class by one definition, in a sentence: for a class that says it gentrifies, what
    /// makes it so; for another, the narrowest number that would make it something else.
    ///
    /// - `row`: position of the neighbourhood among [`Classified::ids`].
    ///
    /// # Panics
    /// If there is no such definition or row.
    #[must_use]
    pub fn reason(&self, definition: usize, row: usize) -> String {
        let found = self.explain_at(definition, row);
        let title = &self.definitions[definition].title;
        let Some(code) = self.code(definition, found.class) else {
            let mut unknown: Vec<String> = found
                .comparisons
                .iter()
                .filter(|one| one.holds.is_none())
                .map(Comparison::in_words)
                .collect();
            unknown.dedup();
            unknown.truncate(NAMED);
            return format!("{title}: unknown, as {}", unknown.join("; "));
        };
        let decisive: Vec<&Comparison> =
            found.comparisons.iter().filter(|one| one.would_become.is_some()).collect();
        if self.flags(definition, found.class) {
            let ends_it =
                |one: &&&Comparison| one.would_become.is_some_and(|class| !self.flags(definition, class));
            let named: Vec<String> =
                decisive.iter().filter(ends_it).take(NAMED).map(|one| one.in_words()).collect();
            let because = if named.is_empty() { String::new() } else { format!(", as {}", named.join("; ")) };
            return format!("{title}: {code}{because}");
        }
        let nearest = decisive.iter().find_map(|one| {
            let other = one.would_become.filter(|class| *class != Class::Unknown)?;
            Some(format!(", as {}; else {}", one.in_words(), self.code(definition, other)?))
        });
        format!("{title}: {code}{}", nearest.unwrap_or_else(|| ", by more than one number".into()))
    }
}

/// `median(rent_rise@2010:2020)` as it is said.
fn said(expression: &str) -> String {
    let inside = |function: &str| expression.strip_prefix(function)?.strip_prefix('(')?.strip_suffix(')');
    let is_whole = |inner: &str| !inner.contains('(') || inner.ends_with(')');
    if let Some(inner) = inside("median").filter(|inner| is_whole(inner)) {
        return match inner.split_once(", ") {
            Some((_, condition)) => format!("the median where {}", said(condition)),
            None => "the median".into(),
        };
    }
    if let Some((_, share)) = inside("quantile").and_then(|inner| inner.rsplit_once(", ")) {
        let percent = share.parse::<f64>().map_or_else(|_| share.to_owned(), |share| number(100.0 * share));
        return format!("the {percent} % mark");
    }
    if let Some(inner) = inside("real") {
        return format!("{} after inflation", said(inner));
    }
    let mut words = String::new();
    for part in expression.split(' ') {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(match part {
            "-" => "less",
            "+" => "plus",
            "*" => "times",
            "/" => "over",
            other => other,
        });
    }
    dates_in_words(&words).replace('_', " ")
}

/// `rent@2010` is "rent in 2010", `rise@2010:2020` is "rise from 2010 to 2020".
fn dates_in_words(text: &str) -> String {
    let mut words = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('@') {
        words.push_str(before);
        let end = after.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(after.len());
        match after[..end].split_once(':') {
            Some((from, to)) => words.push_str(&format!(" from {from} to {to}")),
            None => words.push_str(&format!(" in {}", &after[..end])),
        }
        rest = &after[end..];
    }
    words + rest
}

/// A number as people write it: 41,200 or 12.5 or 0.413.
fn number(value: f64) -> String {
    if value.abs() >= 1000.0 {
        let digits = format!("{:.0}", value.abs());
        let grouped: Vec<&str> =
            digits.as_bytes().rchunks(3).rev().filter_map(|three| std::str::from_utf8(three).ok()).collect();
        return format!("{}{}", if value < 0.0 { "-" } else { "" }, grouped.join(","));
    }
    let text = if value.abs() >= 10.0 { format!("{value:.1}") } else { format!("{value:.3}") };
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comparison(left: &str, sign: &'static str, right: &str, numbers: (f64, f64), holds: bool) -> String {
        let known = |value: f64| (!value.is_nan()).then_some(value);
        let (value, threshold) = (known(numbers.0), known(numbers.1));
        let holds = value.zip(threshold).map(|_| holds);
        Comparison {
            left: left.into(),
            sign,
            right: right.into(),
            value,
            threshold,
            holds,
            would_become: None,
        }
        .in_words()
    }

    #[test]
    fn comparisons_can_be_read_aloud() {
        assert_eq!(
            comparison(
                "median_income@2010",
                "<",
                "median(median_income@2010)",
                (41_200.0, 1_056_000.0),
                true
            ),
            "median income in 2010 is 41,200, below 1,056,000, the median"
        );
        assert_eq!(
            comparison("rise@2000:2018", ">=", "quantile(rise@2000:2018, 0.6)", (0.25, 0.5), false),
            "rise from 2000 to 2018 is 0.25, below 0.5, the 60 % mark"
        );
        assert_eq!(
            comparison("share@2020 - share@2010", ">", "0.2", (-0.05, 0.2), false),
            "share in 2020 less share in 2010 is -0.05, at or below 0.2"
        );
        assert_eq!(
            comparison("value@2020", ">", "real(value@2010)", (12.5, f64::NAN), true),
            "value in 2010 after inflation is not known"
        );
    }
}
