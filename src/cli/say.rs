//! What the program prints: no name in the data moves the cursor of a terminal, and nobody needs to read to the end.

use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether standard output could not take what was printed, as on a full disk.
static FAILED: AtomicBool = AtomicBool::new(false);

/// Prints a line on standard output, as `println!` does.
macro_rules! say {
    ($($words:tt)*) => { $crate::cli::say::print(&format!($($words)*), "\n") };
}

/// Prints a line on standard error, as `eprintln!` does.
macro_rules! note {
    ($($words:tt)*) => { $crate::cli::say::on_stderr(&format!($($words)*)) };
}

pub(crate) use {note, say};

/// Prints text and its end on standard output. A reader that has gone is no failure: `check STUDY | head` is meant so.
pub(crate) fn print(text: &str, end: &str) {
    let mut out = io::stdout().lock();
    let written = out.write_all(visible(text).as_bytes()).and_then(|()| out.write_all(end.as_bytes()));
    if let Err(error) = written.and_then(|()| out.flush())
        && error.kind() != ErrorKind::BrokenPipe
        && !FAILED.swap(true, Ordering::Relaxed)
    {
        on_stderr(&format!("error: standard output: {error}"));
    }
}

/// Prints a line on standard error; where that is closed, there is nobody to tell.
pub(crate) fn on_stderr(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", visible(text));
}

/// Whether all that was printed has arrived, or was not wanted.
pub(crate) fn has_arrived() -> bool {
    !FAILED.load(Ordering::Relaxed)
}

/// Text whose codes for terminals are written out.
fn visible(text: &str) -> String {
    let is_harmless = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\t');
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_harmless(letter) { shown.push(letter) } else { shown.extend(letter.escape_default()) }
    }
    shown
}

#[cfg(test)]
mod tests {
    #[test]
    fn codes_for_terminals_are_written_out() {
        assert_eq!(super::visible("a\u{1b}[2Jb\u{9b}\r\n\tc"), "a\\u{1b}[2Jb\\u{9b}\\r\n\tc");
    }
}
