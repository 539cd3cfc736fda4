//! Who is being priced out: published definitions, each with its conditions in the open.

mod freeman;

pub use freeman::{Freeman, freeman};
