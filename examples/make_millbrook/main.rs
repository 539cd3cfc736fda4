//! Makes the town of Millbrook, a study of which everything is known because nothing of it is true.
//!
//! `cargo run --release --example make_millbrook -- FOLDER` writes every data file of `data/millbrook`, the same to
//! the last byte each time. What is planted in it is written down in `data/millbrook/PLANTED.toml`.

mod town;

fn main() -> commonground::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "data/millbrook".into());
    town::write(folder.as_ref())?;
    println!("Millbrook is in {folder}");
    Ok(())
}
