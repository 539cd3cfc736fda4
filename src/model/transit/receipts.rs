//! What happened to the rows of a feed: by file and line.

use std::fmt;

/// So many lines are kept of each quirk; all are counted.
const KEPT_LINES: usize = 1_000;

/// One kind of thing that was dropped, repaired or filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Quirk {
    /// The file in the feed.
    pub file: &'static str,
    /// What was found and what was done.
    pub what: &'static str,
    /// How often.
    pub count: usize,
    /// The first lines of the file where it was found, counted from 1 with the heading; empty for what has no line.
    pub lines: Vec<u32>,
    /// The first id or value concerned.
    pub example: String,
}

impl fmt::Display for Quirk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({}", self.file, self.what, self.count)?;
        if let Some(line) = self.lines.first() {
            write!(f, ", first in line {line}")?;
        }
        if !self.example.is_empty() {
            write!(f, ": `{}`", self.example)?;
        }
        f.write_str(")")
    }
}

/// All that was dropped, repaired or filled in, in the order it was first met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipts(Vec<Quirk>);

impl Receipts {
    /// Counts one more row; `line` 0 means none.
    pub fn add(&mut self, file: &'static str, line: u32, what: &'static str, example: &str) {
        self.add_many(file, line, what, example, 1);
    }

    /// Counts so many more at one line.
    pub fn add_many(
        &mut self,
        file: &'static str,
        line: u32,
        what: &'static str,
        example: &str,
        count: usize,
    ) {
        let at = self.0.iter().position(|quirk| quirk.file == file && quirk.what == what);
        let at = at.unwrap_or_else(|| {
            let example = example.chars().take(80).collect();
            self.0.push(Quirk { file, what, count: 0, lines: Vec::new(), example });
            self.0.len() - 1
        });
        let quirk = &mut self.0[at];
        quirk.count += count;
        if line > 0 && quirk.lines.len() < KEPT_LINES {
            quirk.lines.push(line);
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Quirk> {
        self.0.iter()
    }

    /// How often something was found, in any file.
    #[must_use]
    pub fn count(&self, what: &str) -> usize {
        self.0.iter().filter(|quirk| quirk.what == what).map(|quirk| quirk.count).sum()
    }

    /// Whether every row was taken as it stands.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_and_example_are_shown_and_all_are_counted() {
        let mut receipts = Receipts::default();
        for line in 5..2_000 {
            receipts.add("stops.txt", line, "no coordinates: dropped", &format!("stop {line}"));
        }
        let quirk = receipts.iter().next().unwrap();
        assert_eq!(quirk.to_string(), "stops.txt: no coordinates: dropped (1995, first in line 5: `stop 5`)");
        assert_eq!((quirk.lines.len(), receipts.count("no coordinates: dropped")), (1_000, 1_995));
    }
}
