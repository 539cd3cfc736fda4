//! A panic in a library that reads damaged bytes becomes an error.

use super::file::format_error;
use crate::{Error, Result};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::path::Path;
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Readers at work: while there are any, what other crates write about their panics is kept from the terminal.
static READERS: AtomicUsize = AtomicUsize::new(0);
static HOOK: Once = Once::new();

/// Runs a reader of `path`; a panic becomes an error that names the file.
pub(super) fn guarded<T>(path: &Path, read: impl FnOnce() -> Result<T>) -> Result<T> {
    guarded_or(|| damaged(path), read)
}

/// Runs a reader; a panic becomes the error `failed`.
pub(super) fn guarded_or<T>(failed: impl FnOnce() -> Error, read: impl FnOnce() -> Result<T>) -> Result<T> {
    HOOK.call_once(|| {
        let former = take_hook();
        set_hook(Box::new(move |panic| {
            if READERS.load(Ordering::Relaxed) == 0 || is_ours(panic) {
                former(panic);
            }
        }));
    });
    READERS.fetch_add(1, Ordering::Relaxed);
    let result = catch_unwind(AssertUnwindSafe(read));
    READERS.fetch_sub(1, Ordering::Relaxed);
    result.unwrap_or_else(|_| Err(failed()))
}

fn damaged(path: &Path) -> Error {
    format_error(path, &"the file is damaged: its bytes contradict each other")
        .hint("fetch it again, or open it in a GIS and save it anew")
}

/// Our own panics are bugs, and always shown.
fn is_ours(panic: &PanicHookInfo<'_>) -> bool {
    let root = file!().trim_end_matches("io/guard.rs");
    panic.location().is_none_or(|place| place.file().starts_with(root))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_that_names_the_file() {
        let error =
            guarded(Path::new("a.parquet"), || -> Result<()> { panic!("out of bounds") }).unwrap_err();
        assert_eq!(error.position().layer.as_deref(), Some("a.parquet"));
        assert_eq!(guarded(Path::new("a"), || Ok(7)).unwrap(), 7);
    }
}
