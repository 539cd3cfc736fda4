//! A study of a place from official sources: recipes say from whom, a cache keeps the bytes, and a lock says which they were.

mod area;
mod cache;
mod census;
mod fetcher;
mod kinds;
mod lock;
mod making;
mod places;
mod recipe;
mod states;
mod write;

pub(crate) use area::parse as place_and_state;
pub(crate) use cache::Cache;
pub(crate) use fetcher::{Fetcher, Mirror};
pub(crate) use lock::Lock;
pub(crate) use making::Making;
pub(crate) use recipe::{Fields, Per, Recipe, all as all_recipes};
pub(crate) use states::State;
