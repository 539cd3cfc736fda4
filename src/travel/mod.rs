//! Ways of travelling that are not the streets alone.

pub mod transit;
