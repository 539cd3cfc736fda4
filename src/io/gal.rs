//! Lists of neighbours by id (`.gal`), as GeoDa and PySAL write them.

use super::file::{format_error, read_bytes};
use crate::Result;
use std::path::Path;

/// The neighbours of places that other software found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct NamedLinks {
    /// Every place, with neighbours or without, in the order of the file.
    pub ids: Vec<String>,
    /// Place, neighbour, weight 1.
    pub links: Vec<(String, String, f64)>,
}

/// Reads a `.gal` file: a heading, then for every place its id and number of neighbours, and their ids.
///
/// ```text
/// 3            heading: number of places (second word if the first is 0)
/// a 1          place a has 1 neighbour:
/// b
/// ```
///
/// # Errors
/// [`crate::ErrorKind::Io`] if the file is missing, [`crate::ErrorKind::Format`] if it does not hold as many places and
/// neighbours as it says.
pub fn read_gal(path: &Path) -> Result<NamedLinks> {
    let text = String::from_utf8_lossy(&read_bytes(path)?).into_owned();
    let wrong = |message: String| format_error(path, &message);
    let (heading, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let words: Vec<&str> = heading.split_whitespace().collect();
    let count = match words.as_slice() {
        ["0", count, ..] | [count, ..] => count.parse::<usize>().ok(),
        [] => None,
    };
    let count = count.ok_or_else(|| wrong(format!("`{heading}` does not say how many places follow")))?;
    let mut words = rest.split_whitespace();
    let mut found = NamedLinks { ids: Vec::new(), links: Vec::new() };
    while let Some(id) = words.next() {
        let neighbours: usize = words
            .next()
            .and_then(|word| word.parse().ok())
            .ok_or_else(|| wrong(format!("place `{id}` has no number of neighbours")))?;
        for _ in 0..neighbours {
            let neighbour = words.next().ok_or_else(|| wrong(format!("place `{id}` misses neighbours")))?;
            found.links.push((id.to_owned(), neighbour.to_owned(), 1.0));
        }
        found.ids.push(id.to_owned());
    }
    if found.ids.len() != count {
        return Err(wrong(format!("{} places, but the heading says {count}", found.ids.len())));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<NamedLinks> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gal");
        std::fs::write(&path, text).unwrap();
        read_gal(&path)
    }

    #[test]
    fn headings_of_both_kinds_and_places_without_neighbours_are_read() {
        for heading in ["3", "0 3 shapes ID"] {
            let found = read(&format!("{heading}\na 1\nb\nb 1\na\nc 0\n\n")).unwrap();
            assert_eq!(found.ids, ["a", "b", "c"]);
            assert_eq!(found.links, [("a".into(), "b".into(), 1.0), ("b".into(), "a".into(), 1.0)]);
        }
    }

    #[test]
    fn files_that_break_their_word_are_refused() {
        for text in ["x\n", "2\na 0\n", "1\na 2\nb\n", "1\na b\n"] {
            assert_eq!(read(text).unwrap_err().kind(), crate::ErrorKind::Format, "{text}");
        }
    }
}
