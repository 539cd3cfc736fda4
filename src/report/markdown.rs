//! Markdown.

/// A page in which no name from the user's data is markup of the web or moves a cursor. Our own words hold none.
pub(super) fn without_markup(page: &str) -> String {
    let shown = page.chars().filter(|letter| !letter.is_control() || *letter == '\n');
    shown.collect::<String>().replace('<', "&lt;")
}

/// Names come from the user's data; a table cell must not end at a bar in one.
pub(super) fn escape(name: &str) -> String {
    name.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_neither_markup_nor_a_command() {
        assert_eq!(escape("a|b"), "a\\|b");
        assert_eq!(without_markup("# <img src=x>\n\u{1b}[31mred"), "# &lt;img src=x>\n[31mred");
    }
}
