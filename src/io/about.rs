//! What a file of results says of itself beside its rows, where its format has room for it.

use serde_json::{Value as Json, json};

/// What the results are made from, and what their columns mean: Parquet and GeoPackage carry it.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct About {
    /// [`super::Provenance`] as JSON.
    pub provenance: Option<String>,
    /// What is known of columns.
    pub columns: Vec<ColumnNote>,
}

/// What is known of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnNote {
    /// The table that it is of, as its file is named without the ending.
    pub table: String,
    /// Its name.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// What it is, in a sentence.
    pub meaning: String,
}

impl About {
    /// Of results that were made from `provenance`, with these columns.
    #[must_use]
    pub fn new(provenance: String, columns: Vec<ColumnNote>) -> Self {
        Self { provenance: Some(provenance), columns }
    }

    /// The columns of a table.
    pub(super) fn of_table<'a>(&'a self, table: &'a str) -> impl Iterator<Item = &'a ColumnNote> {
        self.columns.iter().filter(move |column| column.table == table)
    }

    /// Label and meaning of the columns of a table by their names; `None` where there are none.
    pub(super) fn columns_as_json(&self, table: &str) -> Option<Json> {
        let notes = self.of_table(table);
        let notes: serde_json::Map<String, Json> = notes
            .map(|note| (note.name.clone(), json!({ "label": note.label, "meaning": note.meaning })))
            .collect();
        (!notes.is_empty()).then_some(Json::Object(notes))
    }
}

/// The name of a table: that of its file without the ending.
pub(super) fn table_name(path: &std::path::Path) -> String {
    path.file_stem().map_or_else(|| "layer".into(), |stem| stem.to_string_lossy().into_owned())
}
