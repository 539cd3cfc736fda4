//! Travel modes that are not the streets alone.

pub mod transit;
