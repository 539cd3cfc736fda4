//! A study as it is written: its tables, and in comments what is guessed, missing and left out.

use super::said::LeftOut;
use super::table::{Table, commented, quoted};

/// The whole file.
pub(super) fn text(
    name: &str,
    tables: &[Table],
    comments: &[String],
    left_out: &[LeftOut],
    missing: &[String],
) -> String {
    let mut text = commented(
        "Written by `commonground new` from the files of this folder. What stands here is guessed from their names, columns \
         and shapes: the comments say why. Change what is wrong, then run `commonground check`.",
    );
    for missing in missing {
        text.push_str(&commented(&format!("MISSING: {missing}")));
    }
    text.push_str(&format!("name = {}\n", quoted(name)));
    for comment in comments {
        text.push('\n');
        text.push_str(&commented(comment));
    }
    for table in tables {
        text.push('\n');
        text.push_str(&table.to_toml());
    }
    if !left_out.is_empty() {
        text.push_str("\n# Left out:\n");
        for one in left_out {
            text.push_str(&commented(&format!("- {}: {}", one.file, one.why)));
        }
    }
    text
}
