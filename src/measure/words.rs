//! Names of the data as words, and texts with slots.

/// A name of the data as words that begin with a capital.
pub(crate) fn words(name: &str) -> String {
    capital(&spaced(name))
}

/// Words that begin with a capital.
pub(crate) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A whole number with a comma at each thousand: `12,345`.
pub(crate) fn whole(number: f64) -> String {
    let digits = format!("{:.0}", number.abs());
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if number < -0.5 { format!("-{grouped}") } else { grouped }
}

pub(crate) fn spaced(name: &str) -> String {
    name.replace('_', " ").trim().to_owned()
}

/// The name of a time of day as words: `sunday_morning` is Sunday morning.
pub(crate) fn time_of_day(name: &str) -> String {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let spaced = spaced(name);
    let word = |word: &str| if DAYS.contains(&word) { words(word) } else { word.to_owned() };
    spaced.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// A category as many of its places.
pub(super) fn many(category: &str) -> String {
    match category {
        "place_of_worship" => "places of worship".to_owned(),
        "grocery" => "groceries".to_owned(),
        "library" => "libraries".to_owned(),
        "pharmacy" => "pharmacies".to_owned(),
        "childcare" | "jobs" => category.to_owned(),
        other if other.ends_with('s') => spaced(other),
        other => format!("{}s", spaced(other)),
    }
}

/// A category as one of its places, or as enough of it.
pub(crate) fn some(category: &str) -> String {
    match category {
        "work" => "enough jobs".to_owned(),
        "grocery" => "a food shop".to_owned(),
        "sport" => "a sports ground".to_owned(),
        "green_space" | "childcare" => spaced(category),
        other if other.starts_with(['a', 'e', 'i', 'o']) => format!("an {}", spaced(other)),
        other => format!("a {}", spaced(other)),
    }
}

/// A text with its slots filled; what stands in brackets is left out where one of its slots is empty.
pub(super) fn fill(text: &str, slot: &dyn Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['[', '{']) {
        filled.push_str(&rest[..at]);
        let (open, close) = if rest[at..].starts_with('[') { ('[', ']') } else { ('{', '}') };
        let inside = &rest[at + open.len_utf8()..];
        let Some(end) = inside.find(close) else {
            filled.push_str(&rest[at..]);
            return filled;
        };
        let part = &inside[..end];
        if open == '{' {
            filled.push_str(&slot(part).unwrap_or_default());
        } else if slots(part).all(|name| slot(name).is_some()) {
            filled.push_str(&fill(part, slot));
        }
        rest = &inside[end + close.len_utf8()..];
    }
    filled.push_str(rest);
    filled
}

/// The slots that a text names.
fn slots(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_of_a_category_is_named_as_people_name_it() {
        let said = ["clinic", "green_space", "sport", "allotment", "work"].map(some);
        assert_eq!(said, ["a clinic", "green space", "a sports ground", "an allotment", "enough jobs"]);
    }

    #[test]
    fn numbers_are_whole_with_commas() {
        let said = [0.4, 999.6, 1_234_567.2, -1_000.0, -0.4].map(whole);
        assert_eq!(said, ["0", "1,000", "1,234,567", "-1,000", "0"]);
        assert_eq!(capital("a bridge"), "A bridge");
    }

    #[test]
    fn what_is_in_brackets_needs_its_slots() {
        let slot = |known: &'static [(&str, &str)]| {
            move |name: &str| known.iter().find(|(one, _)| *one == name).map(|(_, text)| (*text).to_owned())
        };
        let pattern = "jobs[_{of}][_by_{traveller}]_within_{minutes}_min";
        assert_eq!(fill(pattern, &slot(&[("minutes", "30")])), "jobs_within_30_min");
        let car = &[("traveller", "car"), ("minutes", "30"), ("of", "retail")];
        assert_eq!(fill(pattern, &slot(car)), "jobs_retail_by_car_within_30_min");
        assert_eq!(fill("an open { stays", &slot(&[])), "an open { stays");
    }

    #[test]
    fn categories_have_their_plurals() {
        let plurals = [("grocery", "groceries"), ("school", "schools"), ("green_space", "green spaces")];
        for (one, expected) in plurals {
            assert_eq!(many(one), expected);
        }
        assert_eq!(words("place_of_worship"), "Place of worship");
        assert_eq!(
            (time_of_day("sunday_morning"), time_of_day("night")),
            ("Sunday morning".into(), "night".into())
        );
    }
}
