//! The `commonground` program.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod cli;
#[cfg(feature = "fetch")]
mod fetch;

fn main() -> std::process::ExitCode {
    cli::run()
}
