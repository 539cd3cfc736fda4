//! One table of a `study.toml` as it is written: its keys, and in comments why it is there.

use crate::io::study::layer::file_name;
use std::fmt::Write as _;

/// A table to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    /// `[homes]`, `[[services]]`.
    pub heading: &'static str,
    /// What findings call the layer: `homes`, `services schools.csv`.
    pub layer: String,
    pub file: String,
    /// Keys and their values, in TOML.
    pub keys: Vec<(String, String)>,
    /// Why the file is taken for this.
    pub why: String,
}

impl Table {
    /// A table of a file; `layer` is what findings call it.
    pub fn new(heading: &'static str, file: &str, why: impl Into<String>) -> Self {
        let plain = heading.trim_matches(['[', ']']);
        let is_listed = heading.starts_with("[[") && plain != "transit";
        let layer = if is_listed { format!("{plain} {}", file_name(file)) } else { plain.to_owned() };
        let keys = vec![("file".to_owned(), quoted(file))];
        Self { heading, layer, file: file.to_owned(), keys, why: why.into() }
    }

    /// Adds a key with a text.
    pub fn text(mut self, key: &str, value: &str) -> Self {
        self.keys.push((key.to_owned(), quoted(value)));
        self
    }

    /// Adds a key with a text, where there is one.
    pub fn maybe(self, key: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(key, value),
            None => self,
        }
    }

    /// Adds a key whose value is TOML already.
    pub fn value(mut self, key: &str, value: impl Into<String>) -> Self {
        self.keys.push((key.to_owned(), value.into()));
        self
    }

    /// Adds a table within, unless it is empty.
    pub fn pairs<A: AsRef<str>, B: AsRef<str>>(self, key: &str, pairs: &[(A, B)]) -> Self {
        if pairs.is_empty() {
            return self;
        }
        let pairs: Vec<String> = pairs
            .iter()
            .map(|(key, value)| format!("{} = {}", bare(key.as_ref()), quoted(value.as_ref())))
            .collect();
        self.value(key, format!("{{ {} }}", pairs.join(", ")))
    }

    pub fn to_toml(&self) -> String {
        let mut text = commented(&self.why);
        let _ = writeln!(text, "{}", self.heading);
        for (key, value) in &self.keys {
            let _ = writeln!(text, "{key} = {value}");
        }
        text
    }
}

/// A text in TOML.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A key in TOML.
pub(super) fn bare(key: &str) -> String {
    let is_bare = !key.is_empty()
        && key.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-'));
    if is_bare { key.to_owned() } else { quoted(key) }
}

/// Lines of comment, of at most a hundred letters or so.
pub(super) fn commented(words: &str) -> String {
    const LONGEST: usize = 100;
    let mut text = String::new();
    let mut line = String::from("#");
    for word in words.split_whitespace() {
        // What stands in a file's name must not end the comment.
        let word: String = word.chars().filter(|letter| !letter.is_control()).collect();
        if line.len() + word.len() > LONGEST && line.len() > 1 {
            text.push_str(&line);
            text.push('\n');
            line = String::from("#");
        }
        line.push(' ');
        line.push_str(&word);
    }
    text + &line + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_written_as_toml_reads_it() {
        let table = Table::new("[[services]]", "poi/a \"b\".csv", "a guess")
            .text("category", "school")
            .maybe("name", None)
            .pairs("categories", &[("Schule, neu", "school"), ("x", "clinic")]);
        assert_eq!(table.layer, "services a \"b\".csv");
        let read: toml::Table = toml::from_str(&table.to_toml()).unwrap();
        let service = &read["services"][0];
        assert_eq!(service["file"].as_str(), Some("poi/a \"b\".csv"));
        assert_eq!(service["categories"]["Schule, neu"].as_str(), Some("school"));
        assert_eq!(commented(&"word ".repeat(30)).lines().count(), 2);
    }
}
