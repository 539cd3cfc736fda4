//! Where the data of a study comes from, so that every sheet drawn from it can say so.

use serde::Serialize;

/// One source: who made what, when, and under which licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Source {
    /// What it is: "2020 census blocks, US Census Bureau".
    pub title: String,
    /// What of the study comes from it: "streets"; `None` for much of it.
    pub layer: Option<String>,
    /// The year or years that it describes.
    pub year: Option<String>,
    /// Under which licence it may be used.
    pub licence: Option<String>,
    /// The words that its licence asks for, where it asks for some.
    pub credit: Option<String>,
    /// Where to read more.
    pub address: Option<String>,
}

impl Source {
    /// The source of everything that was read from an extract of OpenStreetMap. Its licence asks for this credit
    /// wherever the data is shown.
    #[must_use]
    pub fn open_street_map() -> Self {
        Self {
            title: "OpenStreetMap".into(),
            layer: None,
            year: None,
            licence: Some("ODbL 1.0".into()),
            credit: Some("© OpenStreetMap contributors".into()),
            address: Some("https://www.openstreetmap.org/copyright".into()),
        }
    }

    /// The source in a line, as it stands beside a map: "Streets: TIGER/Line, 2018, public domain".
    #[must_use]
    pub fn line(&self) -> String {
        let named = self.credit.as_ref().unwrap_or(&self.title);
        let mut line = self.layer.as_ref().map_or_else(String::new, |layer| format!("{layer}: "));
        line.push_str(named);
        for part in [&self.year, &self.licence].into_iter().flatten() {
            line.push_str(", ");
            line.push_str(part);
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_credit_that_a_licence_asks_for_stands_in_the_line() {
        assert_eq!(Source::open_street_map().line(), "© OpenStreetMap contributors, ODbL 1.0");
        let streets = Source {
            title: "TIGER/Line".into(),
            layer: Some("Streets".into()),
            year: Some("2018".into()),
            licence: Some("public domain".into()),
            credit: None,
            address: None,
        };
        assert_eq!(streets.line(), "Streets: TIGER/Line, 2018, public domain");
    }
}
