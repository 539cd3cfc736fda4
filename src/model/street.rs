//! Streets as the data gives them, before they become a network.

use super::Relief;
use geo::LineString;

/// A street line with the tags of OpenStreetMap (other sources are mapped to them).
#[derive(Debug, Clone, PartialEq)]
pub struct Street {
    /// The OpenStreetMap way id, or the row number of a line file.
    pub id: i64,
    /// In the study's metric system.
    pub line: LineString<f64>,
    /// One id per vertex of `line`: streets join where they share one, and only there.
    pub vertices: Vec<i64>,
    /// What the street is and who may use it.
    pub tags: Tags,
    /// Gates, bollards and kerbs on it: the position of the vertex on `line`, and the tags of what stands there.
    pub barriers: Vec<(usize, Tags)>,
    /// How it rises and falls; `None` where no elevation was given.
    pub relief: Option<Relief>,
}

impl Street {
    /// Whether it is a bridge or a tunnel, and does not follow the ground.
    #[must_use]
    pub fn is_off_ground(&self) -> bool {
        ["bridge", "tunnel"].iter().any(|key| self.tags.get(key).is_some_and(|value| value != "no"))
    }
}

impl Default for Street {
    /// A street without a line: the rest of one that is written out.
    fn default() -> Self {
        let line = LineString::new(Vec::new());
        Self { id: 0, line, vertices: Vec::new(), tags: Tags::default(), barriers: Vec::new(), relief: None }
    }
}

/// Keys and values as OpenStreetMap writes them; the few that a street has are searched one by one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags(Vec<(String, String)>);

impl Tags {
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// Whether a key has this value.
    #[must_use]
    pub fn is(&self, key: &str, value: &str) -> bool {
        self.get(key) == Some(value)
    }

    /// All keys with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Tags {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(tags: I) -> Self {
        Self(tags.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}
