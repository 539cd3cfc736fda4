//! Markdown.

/// Names come from the user's data; a table cell must not end at a bar in one.
pub(super) fn escape(name: &str) -> String {
    name.replace('|', "\\|").replace('\n', " ")
}
