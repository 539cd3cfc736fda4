//! The first few rows that share a problem, "and N more".

use crate::error::{quoted, shortened};
use crate::{Error, ErrorKind};

/// Rows shown before "and N more".
const SHOWN: usize = 5;

/// Letters of a value that are shown.
const LONGEST_VALUE: usize = 120;

/// Rows of a layer that share a problem.
#[derive(Default)]
pub(super) struct Listing {
    shown: Vec<String>,
    count: usize,
    first: Option<(usize, Option<String>)>,
}

impl Listing {
    /// Adds a row (counted from 1) with its id and, where it helps, the value.
    pub fn add(&mut self, row: usize, id: Option<&str>, value: Option<&str>) {
        self.count += 1;
        self.first.get_or_insert_with(|| (row, id.map(str::to_owned)));
        if self.shown.len() < SHOWN {
            let id = id.map(|id| format!(" {}", quoted(id))).unwrap_or_default();
            let value =
                value.map(|value| format!(" ({})", shortened(value, LONGEST_VALUE))).unwrap_or_default();
            self.shown.push(format!("row {row}{id}{value}"));
        }
    }

    pub fn count(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// An error about `what` ("`residents` is negative"), which lists the rows.
    pub fn error(&self, kind: ErrorKind, what: &str) -> Error {
        if let (1, Some((row, id))) = (self.count, &self.first) {
            let value = self.shown[0].find(" (").map(|at| self.shown[0][at..].to_owned()).unwrap_or_default();
            let error = Error::new(kind, format!("{what}{value}")).at_row(*row);
            return match id {
                Some(id) => error.with_id(id.clone()),
                None => error,
            };
        }
        Error::new(kind, format!("{what} in {} rows: {self}", self.count))
    }
}

impl std::fmt::Display for Listing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown.join(", "))?;
        if self.count > self.shown.len() {
            write!(f, " and {} more", self.count - self.shown.len())?;
        }
        Ok(())
    }
}

/// The first few ids in backticks, "and N more".
pub(super) fn few<T: AsRef<str>>(ids: &[T]) -> String {
    let mut text = ids.iter().take(SHOWN).map(|id| quoted(id.as_ref())).collect::<Vec<_>>().join(", ");
    if ids.len() > SHOWN {
        text.push_str(&format!(" and {} more", ids.len() - SHOWN));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_is_a_position_and_many_are_a_list() {
        let mut listing = Listing::default();
        listing.add(4, Some("h4"), Some("-2"));
        let one = listing.error(ErrorKind::Value, "`residents` is negative").in_layer("homes");
        assert_eq!(one.to_string(), "`residents` is negative (-2)\n  in layer `homes`, row 4, id `h4`");
        for row in 5..12 {
            listing.add(row, None, None);
        }
        let many = listing.error(ErrorKind::Value, "`residents` is negative").to_string();
        assert!(many.starts_with("`residents` is negative in 8 rows: row 4 `h4` (-2), row 5"), "{many}");
        assert!(many.ends_with("and 3 more"), "{many}");
    }
}
