//! The band around streets: drawn in lots, on all cores, then put together.

use crate::progress::{Progress, go_on};
use crate::{Metres, Result};
use geo::algorithm::buffer::{BufferStyle, LineCap, LineJoin};
use geo::{Buffer, LineString, MultiLineString, MultiPolygon, unary_union};
use rayon::prelude::*;

/// Joins are cut to pieces of this many radians: sixteen make a circle.
const ARC: f64 = std::f64::consts::TAU / 16.0;
/// Lines that are drawn at once. A sweep over a whole city carries many streets along that never meet.
const LOT: usize = 64;
/// Bands that are put together at once.
const TOGETHER: usize = 4;

/// Everything within `width` of the lines, and `inner` with it.
///
/// Lines that follow each other should lie near each other. The result is the same on any number of threads.
///
/// # Errors
/// [`crate::ErrorKind::Cancelled`] if `progress` asks to stop.
pub(super) fn band(
    lines: &[LineString<f64>],
    inner: MultiPolygon<f64>,
    width: Metres,
    progress: &dyn Progress,
) -> Result<MultiPolygon<f64>> {
    let around = |lot: &[LineString<f64>]| {
        go_on(progress)?;
        let style = BufferStyle::new(width.get());
        let round = style.line_cap(LineCap::Round(ARC)).line_join(LineJoin::Round(ARC));
        Ok(MultiLineString(lot.to_vec()).buffer_with_style(round))
    };
    let mut parts = lines.par_chunks(LOT).map(around).collect::<Result<Vec<MultiPolygon<f64>>>>()?;
    parts.push(inner);
    while parts.len() > 1 {
        let together = parts.par_chunks(TOGETHER).map(|few| go_on(progress).map(|()| unary_union(few)));
        parts = together.collect::<Result<_>>()?;
    }
    Ok(parts.pop().unwrap_or_else(MultiPolygon::empty))
}
