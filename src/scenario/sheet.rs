//! Sentences as one page without network: the few marks that they use become elements.

use std::fmt::Write;

/// The page in HTML; `parts` is its body.
pub(crate) fn sheet(title: &str, parts: &str, own_style: &str) -> String {
    let title = escaped(title);
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>{title}</title>\n<style>\n{STYLE}{own_style}</style></head>\n<body><main>\n{parts}</main></body></html>\n"
    )
}

const STYLE: &str = "body{font:1.05rem/1.5 Georgia,serif;margin:0;color:#222;background:#fff}\
main{max-width:46rem;margin:2rem auto;padding:0 1rem}h1,h2{font-family:system-ui,sans-serif;line-height:1.2}\
table{border-collapse:collapse;font:.85rem system-ui,sans-serif}td,th{padding:.2rem .5rem;border-bottom:1px solid #bbb;text-align:right}\
td:first-child,th:first-child{text-align:left}svg{max-width:100%;height:auto;font:12px system-ui,sans-serif}svg text{fill:currentColor}\
@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#181818}}";

/// The few marks that the sentences use: headings, lists, tables and bold words.
pub(crate) fn body(markdown: &str) -> String {
    let mut html = String::new();
    let mut open = "";
    let mut is_heading = true;
    for line in markdown.lines() {
        let kind = match line {
            _ if line.starts_with("- ") => "ul",
            _ if line.starts_with('|') => "table",
            _ if line.split_once(". ").is_some_and(|(number, _)| number.parse::<usize>().is_ok()) => "ol",
            _ => "",
        };
        if kind != open {
            if !open.is_empty() {
                let _ = writeln!(html, "</{open}>");
            }
            if !kind.is_empty() {
                let _ = writeln!(html, "<{kind}>");
            }
            (open, is_heading) = (kind, true);
        }
        match kind {
            "ul" => drop(writeln!(html, "<li>{}</li>", inline(&line[2..]))),
            "ol" => drop(writeln!(
                html,
                "<li>{}</li>",
                inline(line.split_once(". ").map_or("", |(_, rest)| rest))
            )),
            "table" if line.starts_with("|---") => {}
            "table" => {
                let cell = if is_heading { "th" } else { "td" };
                is_heading = false;
                let cells = line
                    .trim_matches('|')
                    .split('|')
                    .map(|one| format!("<{cell}>{}</{cell}>", inline(one.trim())));
                let _ = writeln!(html, "<tr>{}</tr>", cells.collect::<String>());
            }
            _ => match (line.strip_prefix("# "), line.strip_prefix("## ")) {
                (Some(words), _) => drop(writeln!(html, "<h1>{}</h1>", inline(words))),
                (_, Some(words)) => drop(writeln!(html, "<h2>{}</h2>", inline(words))),
                _ if line.starts_with("### ") => drop(writeln!(html, "<h3>{}</h3>", inline(&line[4..]))),
                _ if line.is_empty() => {}
                _ => drop(writeln!(html, "<p>{}</p>", inline(line))),
            },
        }
    }
    if !open.is_empty() {
        let _ = writeln!(html, "</{open}>");
    }
    html
}

fn inline(words: &str) -> String {
    marked(&marked(&escaped(words), "**", "strong"), "`", "code")
}

/// What stands between two marks, as an element; a mark that is not closed stays a word.
fn marked(words: &str, mark: &str, element: &str) -> String {
    let parts: Vec<&str> = words.split(mark).collect();
    if parts.len().is_multiple_of(2) {
        return words.to_owned();
    }
    let parts = parts.into_iter().enumerate();
    parts
        .map(
            |(at, part)| if at % 2 == 1 { format!("<{element}>{part}</{element}>") } else { part.to_owned() },
        )
        .collect()
}

pub(crate) fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_elements_and_names_stay_words() {
        let html =
            body("# A <b>\n\n### C\n\n1. One.\n\n- **x**: 3\n\n| a | b |\n|---|---:|\n| 1 | 2 |\n\nEnd.");
        assert_eq!(
            html.replace('\n', ""),
            "<h1>A &lt;b&gt;</h1><h3>C</h3><ol><li>One.</li></ol><ul><li><strong>x</strong>: 3</li></ul><table><tr><th>a</th><th>b</th>\
             </tr><tr><td>1</td><td>2</td></tr></table><p>End.</p>"
        );
    }
}
