//! What the file of a measure needs.

pub(crate) use super::{
    ByArea, ColumnSpec, Columns, Context, Detail, Enough, Measure, Need, Of, Outcome, Rule, Scale, Subject,
    Theme, Trips, Unit, Values, spaced,
};
pub(crate) use crate::access::equity::Standard;
pub(crate) use crate::model::standard::{ESSENTIALS, EVERYBODY, STANDARD_MINUTES, WORK};
pub(crate) use crate::{Error, ErrorKind, Metres, Minutes, Progress, Result, StudyArea};
