//! Where one more place would bring together groups, and neighbours who share no place today.
//!
//! ```text
//!   today's visits ──► MeetingSites ──► gain(sites), solve(choice, aim) ──► Found { best, bound, gap, alternatives }
//!   candidates' visits ──┘               encounter before and after, by group; who newly reaches a place; pairs that share one
//! ```
//!
//! A place more changes what a home meets only where the home can walk to it, and leaves the mix of every other place as it
//! is. So a candidate is measured on its own catchment alone, with what a whole assessment with the place in the study would
//! find, but for the order of a sum (to 1e-12). That is opportunity, not contact.

mod aim;
mod search;
#[cfg(feature = "study")]
mod sentences;
mod sites;
#[cfg(feature = "study")]
mod study;
#[cfg(feature = "study")]
mod tables;
#[cfg(test)]
mod tests;

pub use aim::MeetingAim;
#[cfg(feature = "study")]
pub use sentences::meeting_sentences;
pub use sites::{MeetingGain, MeetingPlaces, MeetingSites};
#[cfg(feature = "study")]
pub use study::{MeetingPrice, Met, meet};
#[cfg(feature = "study")]
pub use tables::{MeetingTables, meeting_tables};
