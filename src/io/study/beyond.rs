//! Neighbourhoods that reach beyond the data of the streets.

use super::place::AreaIndex;
use crate::model::{Findings, Neighbourhood, Street};
use crate::{Error, ErrorKind};
use geo::{Area, BooleanOps, BoundingRect, Coord, MultiPolygon, Point, Rect};

/// Neighbourhoods that are named.
const NAMED: usize = 5;
/// Share of its area from which a neighbourhood is said to reach beyond the data.
const WORTH_SAYING: f64 = 0.2;
/// Share of its area from which a neighbourhood lies mostly beyond the data, if its streets are few, too.
const MOSTLY: f64 = 0.5;
/// Streets by area, beside those of all neighbourhoods, below which they are few.
const FEW_STREETS: f64 = 0.1;
/// Share of the streets on either side that does not count for the extent of the data: single roads leave an extract far behind
/// its edge.
const STRAYING: f64 = 0.005;
/// A street counts for the neighbourhood of each of its pieces, which are at most this long, in metres.
const PIECE_M: f64 = 100.0;
/// How far beyond those streets the data still reaches, in metres.
const MARGIN_M: f64 = 500.0;

/// How far a neighbourhood reaches beyond the data.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Beyond {
    /// Share of the area, 0 to 1.
    pub share: f64,
    /// Whether hardly anything is known of it.
    pub is_unknown: bool,
}

/// How far each neighbourhood reaches beyond the box around the streets of the data.
pub(super) fn measure(
    neighbourhoods: &[Neighbourhood],
    streets: &[Street],
    index: &AreaIndex<'_>,
) -> Vec<Beyond> {
    let Some(data) = extent(streets) else { return vec![Beyond::default(); neighbourhoods.len()] };
    let data_area = MultiPolygon::new(vec![data.to_polygon()]);
    let mut street_m = vec![0.0; neighbourhoods.len()];
    for line in streets.iter().flat_map(|street| street.line.lines()) {
        let length = line.dx().hypot(line.dy());
        let pieces = (length / PIECE_M).ceil();
        for piece in 0..pieces as u32 {
            let middle = Point::from(line.start + line.delta() * ((f64::from(piece) + 0.5) / pieces));
            if let Some(street_m) = index.find(middle).and_then(|found| street_m.get_mut(found as usize)) {
                *street_m += length / pieces;
            }
        }
    }
    let areas: Vec<f64> = neighbourhoods.iter().map(|one| one.shape.unsigned_area()).collect();
    let usual = street_m.iter().sum::<f64>() / areas.iter().sum::<f64>();
    let of = |((one, area), street_m): ((&Neighbourhood, &f64), &f64)| {
        let own = one.shape.bounding_rect()?;
        let is_within = own.min().x >= data.min().x
            && own.min().y >= data.min().y
            && own.max().x <= data.max().x
            && own.max().y <= data.max().y;
        if is_within || *area <= 0.0 {
            return None;
        }
        let share = (1.0 - one.shape.intersection(&data_area).unsigned_area() / area).clamp(0.0, 1.0);
        Some(Beyond { share, is_unknown: share > MOSTLY && street_m / area < FEW_STREETS * usual })
    };
    neighbourhoods.iter().zip(&areas).zip(&street_m).map(|one| of(one).unwrap_or_default()).collect()
}

/// The box around the streets, but for those that stray.
fn extent(streets: &[Street]) -> Option<Rect<f64>> {
    let places = || streets.iter().flat_map(|street| street.line.0.iter());
    let range = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        let straying = (values.len() as f64 * STRAYING) as usize;
        Some((values.get(straying)? - MARGIN_M, values.get(values.len() - 1 - straying)? + MARGIN_M))
    };
    places().next()?;
    let (x, y) =
        (range(places().map(|place| place.x).collect())?, range(places().map(|place| place.y).collect())?);
    Some(Rect::new(Coord { x: x.0, y: y.0 }, Coord { x: x.1, y: y.1 }))
}

/// Names the neighbourhoods that reach beyond the data; the sentence is for the top of the results.
pub(super) fn warn(
    neighbourhoods: &[Neighbourhood],
    beyond: &[Beyond],
    is_derived: bool,
    findings: &mut Findings,
) -> Option<String> {
    let named = |is_meant: &dyn Fn(&Beyond) -> bool| -> Vec<String> {
        let meant = neighbourhoods.iter().zip(beyond).filter(|(_, beyond)| is_meant(beyond));
        meant
            .map(|(one, beyond)| format!("{} ({:.0} % of the area)", one.name, 100.0 * beyond.share))
            .collect()
    };
    let list = |names: &[String]| {
        let shown = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        if names.len() > NAMED { format!("{shown} and {} more", names.len() - NAMED) } else { shown }
    };
    let mostly = if is_derived { named(&|one| one.is_unknown) } else { Vec::new() };
    let partly = named(&|one| one.share >= WORTH_SAYING && !(one.is_unknown && is_derived));
    let mut told = Vec::new();
    if !mostly.is_empty() {
        told.push(format!(
            "{} mostly beyond the streets of the data, and nothing is said of them: {}",
            counted(mostly.len(), "lie"),
            list(&mostly)
        ));
    }
    if !partly.is_empty() {
        told.push(format!(
            "{} beyond the streets of the data, judged by the part inside: {}",
            counted(partly.len(), "reach"),
            list(&partly)
        ));
    }
    if told.is_empty() {
        return None;
    }
    let told = told.join("; ");
    let warning = Error::new(ErrorKind::Study, told.clone()).in_layer("streets");
    findings.warning(warning.hint("a larger extract covers them, and what people at their edge reach"));
    Some(told)
}

/// So many neighbourhoods and what they do: "1 neighbourhood lies", "3 neighbourhoods lie".
fn counted(neighbourhoods: usize, does: &str) -> String {
    match neighbourhoods {
        1 if does.ends_with("ch") => format!("1 neighbourhood {does}es"),
        1 => format!("1 neighbourhood {does}s"),
        many => format!("{many} neighbourhoods {does}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{coord, line_string};

    #[test]
    fn what_lies_beyond_the_streets_is_measured_and_named() {
        let square = |name: &str, x: f64| Neighbourhood {
            id: name.into(),
            name: name.into(),
            shape: MultiPolygon::new(vec![
                Rect::new(coord! { x: x, y: 0.0 }, coord! { x: x + 10_000.0, y: 10_000.0 }).to_polygon(),
            ]),
        };
        let places = [square("in", 0.0), square("partly", 10_000.0), square("out", 20_000.0)];
        // A street every 100 m up to 16 km east, and one road that goes on for ever.
        let row = |y: f64, end: f64| Street {
            line: (0..=(end / 100.0) as i32).map(|step| (f64::from(step) * 100.0, y)).collect(),
            ..Street::default()
        };
        let mut streets: Vec<Street> = (0..=100).map(|at| row(f64::from(at) * 100.0, 16_000.0)).collect();
        streets.push(Street {
            line: line_string![(x: 0.0, y: 50.0), (x: 60_000.0, y: 50.0)],
            ..Street::default()
        });
        let index = AreaIndex::new(places.iter().map(|one| &one.shape));
        let beyond = measure(&places, &streets, &index);
        assert_eq!((beyond[0], beyond[2]), (Beyond::default(), Beyond { share: 1.0, is_unknown: true }));
        // Within half a kilometre of 16 km and less the straying half percent.
        assert!((0.34..0.37).contains(&beyond[1].share) && !beyond[1].is_unknown, "{beyond:?}");
        let mut findings = Findings::default();
        let told = warn(&places, &beyond, true, &mut findings).unwrap();
        assert!(told.contains("1 neighbourhood lies mostly beyond") && told.contains("out (100 %"), "{told}");
        assert!(told.contains("judged by the part inside: partly (3"), "{told}");
        assert_eq!(warn(&places[..1], &beyond[..1], true, &mut findings), None);
    }
}
