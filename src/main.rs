//! The `commonground` program.

fn main() -> std::process::ExitCode {
    commonground::cli::run(std::env::args_os()).into()
}
