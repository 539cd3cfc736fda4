//! Rule tables: how a definition is written, and how it is computed.

mod compile;
mod definition;
mod draw;
mod evaluate;
mod expression;
mod program;
mod repair;

pub use compile::Reference;
#[cfg(feature = "study")]
pub(crate) use definition::DefinitionFile;
pub use definition::{Class, Definition, Missing};
pub(crate) use draw::Draw;
pub use draw::Thresholds;
pub(crate) use evaluate::Values;
pub(crate) use program::{Id, Program, Truth};
pub use repair::Repair;
