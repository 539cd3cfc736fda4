//! Past one machine: a question about every home is cut into partitions that are answered anywhere, with the same bits.
//!
//! The whole study is prepared once: streets are built, homes and places join them, and all of it is written down in cells along a
//! curve. A partition is some homes side by side, and names the cells within the limit of its homes. It is answered by itself, by
//! this process or another one, and its file is named by what it is made from. What is collected does not depend on the cut.
//!
//! ```text
//!   study ── plan ──▶ cells, orders ── run 0, run 1, … ──▶ a file and a receipt each ── collect ──▶ one table
//! ```
//!
//! - Times are sums of whole milliseconds over streets that are the same in every cut; that a partition has all of them is
//!   checked before it is answered.
//! - Sums are exact: what places count for is rounded once to a multiple of a power of two, so fine that no order of adding up
//!   shows ([`Question::step`]).
//! - Many studies are a plan too: a partition each.

mod access_plan;
mod answer;
mod clock;
mod collect;
mod cut;
mod order;
mod places;
mod plan;
mod receipt;
mod run;
mod studies;

pub use access_plan::{AccessOptions, plan_access};
pub use collect::{Status, collect, status};
pub use cut::Cutting;
pub use order::{Order, Question};
pub use plan::{Kind, Partition, Plan};
pub use receipt::{Failure, Outcome, Receipt};
pub use run::run;
pub use studies::plan_studies;
