//! The words of this library: none of the phrases over which an English planner would stumble.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

/// Phrases that are not used, each with what is said instead. Words match whole, whatever their case.
const BANNED: &[(&str, &str)] = &[
    ("told", "reported, distinguished"),
    ("tells", "says, shows"),
    ("may tell", "can split"),
    ("tell places apart", "distinguish places"),
    ("can tell which", "it is unclear which"),
    ("does not tell", "does not say"),
    ("data tell", "data says"),
    ("for want of", "for lack of; because … is missing"),
    ("for want", "for lack"),
    ("from which on", "minimum"),
    ("from so many", "from … upwards"),
    ("way of travelling", "travel mode"),
    ("ways of travelling", "travel modes"),
    ("no way at all", "no route at all"),
    ("a hair", "off by rounding"),
    ("count for nobody", "are left out"),
    ("counts for nobody", "is left out"),
    ("count nobody twice", "do not overlap"),
    ("counts nobody twice", "does not overlap"),
    ("count for no access", "are left out of access"),
    ("hang on", "depend on"),
    ("hangs on", "depends on"),
    ("how firm", "how robust"),
    ("makes up only in part", "partly offsets"),
    ("come along", "are included"),
    ("comes along", "is included"),
    ("middle resident", "median"),
    ("walk that leaves", "share of the walking area outside"),
    ("a detour away", "cut off by a detour"),
    ("depth of the lack", "how far short"),
    ("for each worker", "per worker"),
    ("for each resident", "per resident"),
    ("a head", "per person"),
    ("is no price level", "must be a positive number"),
    ("is no visit", "must be a number of visits"),
    ("for so many", "number of … for which"),
    ("at so many", "number of … at which"),
    ("what became of", "what happened to"),
    ("put together of", "made of"),
    ("be rid of", "avoid"),
    ("nor what would", "with any figure from which"),
    ("has no vote", "is left out of the count"),
    ("read as flat", "assumed flat"),
    ("taken as flat", "assumed flat"),
];

/// What has one value per thing, never "a" thing: "one value a home".
const PER_THING: &[&str] = &[
    "value", "values", "row", "list", "entry", "answer", "number", "sum", "column", "count", "cell", "line",
    "file", "point", "weight", "time", "receipt", "name", "score", "rank", "set", "table", "map", "curve",
    "share", "mark", "record", "id",
];

/// A text in lower case, its words apart by one space.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len() + 2);
    plain.push(' ');
    let mut inside_slot = 0_u32;
    for character in text.chars() {
        match character {
            '{' => inside_slot += 1,
            '}' => inside_slot = inside_slot.saturating_sub(1),
            _ if inside_slot > 0 => {}
            _ if character.is_alphanumeric() || matches!(character, '_' | '\'') => {
                plain.extend(character.to_lowercase());
            }
            // Where a clause ends, no phrase goes on.
            '.' | ',' | ';' | ':' | '(' | ')' | '|' | '`' | '"' | '?' | '!' => plain.push_str(" / "),
            _ => plain.push(' '),
        }
    }
    plain.push(' ');
    plain.split(' ').filter(|word| !word.is_empty()).fold(" ".to_owned(), |line, word| line + word + " ")
}

/// Every banned phrase of a text, with what is said instead.
fn banned(text: &str) -> Vec<String> {
    let text = plain(text);
    let phrases = BANNED.iter().filter(|(phrase, _)| text.contains(&format!(" {phrase} ")));
    let mut found: Vec<String> = phrases.map(|(phrase, instead)| format!("`{phrase}`: {instead}")).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    for four in words.windows(4) {
        if let ["one", thing, article @ ("a" | "an"), each] = four
            && PER_THING.contains(thing)
            && *each != "/"
        {
            found.push(format!("`one {thing} {article} {each}`: one {thing} per {each}"));
        }
    }
    found
}

/// The string literals of a Rust source with the number of the line that each begins on, tests left out; and, with
/// `documentation`, its doc comments.
fn texts(source: &str, documentation: bool) -> Vec<(usize, String)> {
    let source = source.split("#[cfg(test)]\nmod tests").next().unwrap();
    let mut found = Vec::new();
    let letters: Vec<char> = source.chars().collect();
    let (mut at, mut line) = (0, 1);
    let starts =
        |at: usize, what: &str| what.chars().enumerate().all(|(n, one)| letters.get(at + n) == Some(&one));
    while at < letters.len() {
        if letters[at] == '\n' {
            line += 1;
            at += 1;
        } else if starts(at, "//") {
            let end = (at..letters.len()).find(|&one| letters[one] == '\n').unwrap_or(letters.len());
            let text: String = letters[at..end].iter().collect();
            if documentation && (text.starts_with("///") || text.starts_with("//!")) {
                found.push((line, text.trim_start_matches(['/', '!']).to_owned()));
            }
            at = end;
        } else if starts(at, "'\"'") || starts(at, "'\\\"'") {
            at += if letters[at + 1] == '\\' { 4 } else { 3 };
        } else if starts(at, "r\"") || starts(at, "r#") {
            let hashes = letters[at + 1..].iter().take_while(|one| **one == '#').count();
            if letters.get(at + 1 + hashes) != Some(&'"') {
                at += 1;
                continue;
            }
            let close: String = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
            let begin = at + 2 + hashes;
            let end = (begin..letters.len()).find(|&one| starts(one, &close)).unwrap_or(letters.len());
            let text: String = letters[begin..end].iter().collect();
            found.push((line, text.clone()));
            line += text.matches('\n').count();
            at = end + close.len();
        } else if letters[at] == '"' {
            let (mut text, first) = (String::new(), line);
            at += 1;
            while at < letters.len() && letters[at] != '"' {
                if letters[at] == '\\' {
                    at += 1;
                    match letters.get(at) {
                        // A line that goes on: what the compiler leaves out is left out here.
                        Some('\n') => {
                            while letters.get(at).is_some_and(|one| one.is_whitespace()) {
                                line += usize::from(letters[at] == '\n');
                                at += 1;
                            }
                            continue;
                        }
                        Some('n' | 't') => text.push('.'),
                        Some(other) => text.push(*other),
                        None => {}
                    }
                } else {
                    line += usize::from(letters[at] == '\n');
                    text.push(letters[at]);
                }
                at += 1;
            }
            at += 1;
            found.push((first, text));
        } else {
            at += 1;
        }
    }
    found
}

fn files(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !matches!(name.as_str(), "vendor" | "node_modules" | "__pycache__") {
                files(&path, endings, found);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) && name != "tests.rs" {
            found.push(path);
        }
    }
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn labels_messages_and_documentation_are_in_plain_english() {
    let mut sources = Vec::new();
    for folder in ["src", "python/src"] {
        files(&here(folder), &[".rs"], &mut sources);
    }
    let mut found = Vec::new();
    for path in sources {
        let source = std::fs::read_to_string(&path).unwrap();
        for (line, text) in texts(&source, true) {
            let inside = path.strip_prefix(here("")).unwrap().display();
            found.extend(banned(&text).into_iter().map(|wrong| format!("{inside}:{line}: {wrong}")));
        }
    }
    assert!(found.is_empty(), "{} phrases:\n{}", found.len(), found.join("\n"));
}

#[test]
fn the_page_and_the_guides_are_in_plain_english() {
    let mut pages = vec![here("README.md"), here("ARCHITECTURE.md"), here("CONTRIBUTING.md")];
    for (folder, endings) in [
        ("docs", &[".md"][..]),
        ("src/report/html", &[".html", ".js"]),
        ("python/commonground", &[".py"]),
        ("qgis", &[".py"]),
    ] {
        files(&here(folder), endings, &mut pages);
    }
    let mut found = Vec::new();
    for path in pages {
        let text = std::fs::read_to_string(&path).unwrap();
        for (number, line) in text.lines().enumerate() {
            let inside = path.strip_prefix(here("")).unwrap().display();
            found.extend(banned(line).into_iter().map(|wrong| format!("{inside}:{}: {wrong}", number + 1)));
        }
    }
    assert!(found.is_empty(), "{} phrases:\n{}", found.len(), found.join("\n"));
}

#[test]
fn a_banned_phrase_is_found_where_people_read_it() {
    let source = "/// One value a home.\n// told\nlet a = format!(\"{told}: jobs are \\\n   told\"); let b = '\"'; let c = r#\"a \"hair\"\"#;\n\
                  #[cfg(test)]\nmod tests { \"told\" }";
    let found: Vec<(usize, String)> = texts(source, true)
        .into_iter()
        .flat_map(|(line, text)| banned(&text).into_iter().map(move |one| (line, one)))
        .collect();
    let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [1, 3], "{found:?}");
    assert!(banned("one row a place, or one list an origin").len() == 2);
    assert!(banned("one, a place; one row, a place").is_empty());
}
